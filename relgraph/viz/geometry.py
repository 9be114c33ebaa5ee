"""Puts a customer's people, departments and lines in their places: layout, then routing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from relgraph.insight.basis import stances_in_scope
from relgraph.insight.hierarchy import Hierarchy
from relgraph.insight.scope import knows_of
from relgraph.schema.account import Account
from relgraph.schema.vocabulary import Lang
from relgraph.viz.document import Group
from relgraph.viz.groups import measured_groups, placed_groups
from relgraph.viz.layout.blocks import sort_into_blocks
from relgraph.viz.layout.grid import Grid, make_grid
from relgraph.viz.layout.routes import Connection, route
from relgraph.viz.lines import EdgeOfLine, connections_of

MEMBERS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where everything of a map is. `edges` says what each of the `connections` stands for."""

    grid: Grid
    groups: list[Group]
    connections: list[Connection]
    edges: list[EdgeOfLine]


def lay_out(
    account: Account,
    deal_id: str | None,
    hierarchy: Hierarchy,
    key_people: Collection[str],
    lang: Lang,
) -> Geometry:
    """Place and route everything. `key_people` have a role: they get full cards."""
    seats = {person.id for person in account.people if person.placeholder}
    head, blocks = sort_into_blocks(
        account, hierarchy, seats.union(key_people), _members_shown(account)
    )
    groups = measured_groups(account, blocks, stances_in_scope(account, deal_id), lang)
    grid = make_grid(head, blocks)
    connections, edges = connections_of(account, deal_id, hierarchy, set(key_people), grid.places)
    route(grid, connections)
    return Geometry(grid, placed_groups(grid, groups), connections, edges)


def _members_shown(account: Account) -> list[str]:
    """Those of us who know most people there; owners first."""
    owners = {account.customer.owner_id, *(deal.owner_id for deal in account.deals)}
    count = Counter(member for member, _ in knows_of(account))
    ours = sorted(
        (member.id for member in account.members),
        key=lambda id_: (id_ not in owners, -count[id_], id_),
    )
    return ours[:MEMBERS_SHOWN]
