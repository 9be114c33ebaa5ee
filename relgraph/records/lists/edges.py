"""Lists of all edges of one kind, of a customer, or of a deal, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.log.changed_edges import RemovedEdge
from relgraph.records.reads.states import edge_values
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import deal_column
from relgraph.schema.values import Values


class EdgePlace(NamedTuple):
    """Where an edge stands in a list: its first end, then the second with the rest of its key."""

    first: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class EdgeSelection:
    """What a list is narrowed to; null narrows nothing.

    Edges of a customer are those with an end that belongs to it: people who work there or have
    worked there, deals. `since` is an instant as it is stored.
    """

    customer_id: str | None = None
    deal_id: str | None = None
    since: str | None = None


@dataclass(frozen=True, slots=True)
class EdgePage:
    """One page of a list; `next` is the place of the last edge, null on the last page.

    `deleted` has the keys of edges that were removed, `resume` the mark from which a reader goes
    on, `total` how many edges the list has; null if nobody asked.
    """

    items: list[Values]
    next: EdgePlace | None
    total: int | None = None
    deleted: list[RemovedEdge] | None = None
    resume: str | None = None


def edge_page_in(
    tx: Transaction,
    kind: EdgeKind,
    selection: EdgeSelection,
    after: EdgePlace,
    *,
    limit: int,
    total: bool = False,
) -> EdgePage:
    """A page of edges as this transaction sees them, in the order of their keys."""
    source, parameters = _source(tx, kind, selection)
    rows = queries.rows(
        tx,
        f"list_{kind.plural}{source}",
        first=after.first,
        after=after.place,
        limit=limit + 1,
        **parameters,
    )
    first, second = kind.end_columns
    items = [
        edge_values(kind, row["edge"], {first: row[first], second: row[second]})
        for row in rows[:limit]
    ]
    following = None
    if len(rows) > limit:
        following = EdgePlace(rows[limit - 1][first], rows[limit - 1]["place"])
    number = queries.value(tx, f"count_{kind.plural}{source}", **parameters) if total else None
    return EdgePage(items, following, number)


def _source(tx: Transaction, kind: EdgeKind, selection: EdgeSelection) -> tuple[str, Values]:
    """The end of the queries' names, and what they take: some customers if that is enough."""
    parameters: Values = {"updated_since": selection.since or None}
    customers = tx.visible
    wanted = [] if selection.customer_id is None else [selection.customer_id]
    if deal_column(kind):
        parameters["deal_id"] = selection.deal_id
        if selection.deal_id is not None:
            own = queries.value(tx, "customer_of_deal", deal_id=selection.deal_id)
            wanted.append(own or "")
    if wanted:
        # A deal of another customer than the one that is asked for has no edges here.
        only = frozenset(wanted) if len(set(wanted)) == 1 else frozenset[str]()
        customers = only if customers is None else only & customers
    if customers is None:
        return "", parameters
    return "_of_customers", parameters | {"customers": sorted(customers)}
