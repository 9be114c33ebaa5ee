"""Lists of nodes of one kind, narrowed, in an order, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypedDict

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.reads.directory import lower_text, plain_node
from relgraph.records.search.emails import ids_with_email
from relgraph.records.visibility import visible_nodes
from relgraph.records.writes.external_ids import find_many
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import STAKEHOLDER
from relgraph.schema.values import Values, timestamp

DELETIONS = 10_000
"""Removed nodes that one page lists at most."""

SortBy = Literal["id", "name", "created_at", "updated_at"]


class RemovedNode(TypedDict):
    """A node that was removed; `merged_into` is the person that a duplicate is now part of."""

    id: str
    deleted_at: str
    merged_into: str | None


class Place(NamedTuple):
    """Where a node stands in a list: by what the list is sorted by, then by its id."""

    value: str
    id: str


class Theirs(NamedTuple):
    """Ids that records have in another system."""

    system: str
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list is narrowed to; null narrows nothing.

    `q` is part of a name in any case, `since` an instant as it is stored, `filters` are those of
    the kind.
    """

    q: str | None = None
    since: str | None = None
    ids: Sequence[str] | None = None
    theirs: Theirs | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list, the greatest first if `down`, and after which place a page begins."""

    by: SortBy = "id"
    down: bool = False
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` is the place of the last node, null on the last page.

    `deleted` has id and `deleted_at` of nodes that were removed, `resume` the mark from which a
    reader goes on, `total` how many nodes the list has; null if nobody asked.
    """

    items: list[Values]
    next: Place | None
    deleted: list[RemovedNode] | None = None
    resume: str | None = None
    total: int | None = None


def list_nodes(
    access: Access,
    kind: NodeKind,
    /,
    *,
    limit: int = 50,
    order: Order | None = None,
    total: bool = False,
    q: str | None = None,
    updated_since: datetime | None = None,
    ids: Sequence[str] | None = None,
    theirs: Theirs | None = None,
    **filters: Any,
) -> Page:
    """A page of nodes of one kind, by id or as `order` says: right while nodes are added.

    `filters` are those of the kind; null filters nothing. With `updated_since` only nodes that
    were written since then, and on the first page those of the kind that were removed (the first
    DELETIONS, whatever the other filters).
    """
    since = None if updated_since is None else timestamp(updated_since)
    selection = Selection(q, since, ids, theirs, filters)
    order = order or Order()
    return access.read(lambda tx: page_in(tx, kind, selection, order, limit=limit, total=total))


def page_in(
    tx: Transaction,
    kind: NodeKind,
    selection: Selection,
    order: Order,
    *,
    limit: int,
    total: bool = False,
) -> Page:
    """The same as this transaction sees it."""
    source = _source(tx, kind, selection)
    gone = None
    if selection.since is not None and order.after is None:
        gone = _deleted(tx, kind, selection.since)
    items, following = _page(tx, kind, source, order, limit)
    number = None
    if total:
        number = queries.value(tx, f"count_{kind.plural}{source.name}", **source.parameters)
    return Page(items, following, gone, total=number)


class _Source(NamedTuple):
    """Where the nodes of a list come from: the end of the queries' names, and what they take."""

    name: str
    parameters: Values


def _source(tx: Transaction, kind: NodeKind, selection: Selection) -> _Source:
    """The smallest set that holds them: ids, else those of some customers, else all."""
    filters = {name: selection.filters.get(name) for name in kind.list_filters}
    customer = filters.pop("customer_id", None)
    customers = tx.visible if customer is None else frozenset({customer})
    parameters = {"updated_since": selection.since, "q": lower_text(selection.q), **filters}
    of = {"customers": None if customers is None else sorted(customers)} if kind.customer else {}
    ids = _ids(tx, kind, selection)
    if ids is not None:
        return _Source("_of_ids", parameters | of | {"ids": sorted(ids)})
    if of.get("customers") is not None:
        return _Source("_of_customers", parameters | of)
    return _Source("", parameters)


def _ids(tx: Transaction, kind: NodeKind, selection: Selection) -> set[str] | None:
    """Ids of which the list can only have some; None if it can have any."""
    narrowed: list[Iterable[str]] = []
    if selection.ids is not None:
        narrowed.append(selection.ids)
    if selection.theirs is not None:
        narrowed.append(find_many(tx, kind, *selection.theirs).values())
    email = selection.filters.get("email")
    if email is not None and (ids := ids_with_email(tx, kind, email)) is not None:
        narrowed.append(ids)
    for reference in kind.references:
        target = selection.filters.get(reference.column)
        if target is not None and reference is not kind.customer:
            rows = queries.rows(tx, f"{kind.plural}_by_{reference.column}", target=target)
            narrowed.append([row["id"] for row in rows])
    return set.intersection(*map(set, narrowed)) if narrowed else None


def _page(
    tx: Transaction, kind: NodeKind, source: _Source, order: Order, limit: int
) -> tuple[list[Values], Place | None]:
    """The nodes after a place in their order, and the place of the last if there are more."""
    if order.by == "id" and not order.down:
        after = order.after.id if order.after else ""
        nodes = _nodes(tx, kind, source, after=after, limit=limit + 1)
        places = [Place("", id_) for id_ in nodes]
    else:
        rows = queries.rows(
            tx,
            f"order_{kind.plural}{source.name}",
            by=order.by,
            down=order.down,
            after=order.after.id if order.after else "",
            after_place=order.after.value if order.after else None,
            limit=limit + 1,
            **source.parameters,
        )
        places = [Place(row["place"], row["id"]) for row in rows]
        listed = _source(tx, kind, Selection(ids=[place.id for place in places]))
        nodes = _nodes(tx, kind, listed, after="", limit=len(places))
    items = [nodes[place.id] for place in places[:limit]]
    return items, places[limit - 1] if len(places) > limit else None


def _nodes(
    tx: Transaction, kind: NodeKind, source: _Source, *, after: str, limit: int
) -> dict[str, Values]:
    """Nodes by id, in the order of their ids; of a person's employments the present one counts."""
    nodes: dict[str, Values] = {}
    rows = queries.rows(
        tx, f"list_{kind.plural}{source.name}", after=after, limit=limit, **source.parameters
    )
    for row in rows:
        nodes.setdefault(row["node"]["id"], plain_node(row, kind))
    return nodes


def _deleted(tx: Transaction, kind: NodeKind, since: str) -> list[RemovedNode]:
    """Nodes of a kind that were removed since then and are not there again."""
    rows = queries.rows(
        tx,
        "deletions_after",
        after=f"{kind.plural}\t{since}",
        before=f"{kind.plural}\t~",
        limit=DELETIONS,
    )
    there = {
        row["node"]["id"]
        for row in queries.rows(tx, f"stored_{kind.plural}", ids=[row["id"] for row in rows])
    }
    merged = visible_nodes(
        tx, STAKEHOLDER, {row["merged_into"] for row in rows if row["merged_into"]}
    )
    return [
        {
            "id": row["id"],
            "deleted_at": row["deleted_at"],
            "merged_into": row["merged_into"] if row["merged_into"] in merged else None,
        }
        for row in rows
        if row["id"] not in there
    ]
