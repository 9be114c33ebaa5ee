"""Puts a customer's people, departments and lines in their places: layout, then routing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from relgraph.insight.evaluation import Evaluation
from relgraph.schema.vocabulary import Lang
from relgraph.viz.document import Group
from relgraph.viz.groups import measured_groups, placed_groups
from relgraph.viz.layout.blocks import sort_into_blocks
from relgraph.viz.layout.grid import Grid, make_grid
from relgraph.viz.layout.routes import Connection, route
from relgraph.viz.left_out import TieChoice, choose_ties
from relgraph.viz.lines import EdgeOfLine, connections_of, ties_of

MEMBERS_ON_MAP = 8


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where everything of a map is. `edges` says what each of the `connections` stands for."""

    grid: Grid
    groups: list[Group]
    connections: list[Connection]
    edges: list[EdgeOfLine]
    ties: TieChoice


def lay_out(evaluation: Evaluation, lang: Lang) -> Geometry:
    """Place and route everything. Who has a role, and every empty seat, gets a full card."""
    account, hierarchy = evaluation.account, evaluation.hierarchy
    full_cards = evaluation.empty_seats.union(evaluation.roles)
    head, blocks = sort_into_blocks(account, hierarchy, full_cards, _members_on_map(evaluation))
    groups = measured_groups(account, blocks, evaluation.stances, lang)
    grid = make_grid(head, blocks)
    ties = choose_ties(evaluation, ties_of(evaluation, grid.places))
    connections, edges = connections_of(evaluation, grid.places, ties.kept)
    route(grid, connections)
    return Geometry(grid, placed_groups(grid, groups), connections, edges, ties)


def _members_on_map(evaluation: Evaluation) -> list[str]:
    """Those of us who know most people there; owners first."""
    account = evaluation.account
    owners = {account.customer.owner_id, *(deal.owner_id for deal in account.deals)}
    count = Counter(member for member, _ in evaluation.knows)
    ours = sorted(
        (member.id for member in account.members),
        key=lambda id_: (id_ not in owners, -count[id_], id_),
    )
    return ours[:MEMBERS_ON_MAP]
