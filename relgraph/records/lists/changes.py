"""Lists of what is new since a mark, however late its writes were committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.lists.edges import EdgePage, EdgePlace, EdgeSelection, edge_page_in
from relgraph.records.lists.nodes import Order, Page, Selection, Theirs, page_in
from relgraph.records.log.changed_edges import RemovedEdge
from relgraph.records.log.commit_order import Mark, end_of_log, place_notes, written_since
from relgraph.records.log.history import last_changes_of_kind
from relgraph.records.reads.stored import stored_edges
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.values import timestamp


def changed_nodes(
    access: Access,
    kind: NodeKind,
    mark: Mark,
    /,
    *,
    limit: int = 50,
    order: Order | None = None,
    total: bool = False,
    q: str | None = None,
    ids: Sequence[str] | None = None,
    theirs: Theirs | None = None,
    **filters: Any,
) -> Page:
    """A page of the kind's list (see `lists.list_nodes`) of what is new since the mark.

    The first page has the mark to go on from. Beside a slow write some nodes may come once more
    that were read before; none is missed. Raises ResumeRefused for a mark of another database.
    """
    order = order or Order()
    if order.after is None:
        place_notes(access)

    def work(tx: Transaction) -> Page:
        end = end_of_log(tx, mark)
        since = written_since(tx, mark)
        page = Page([], None, [], total=0 if total else None)
        if since is not None:
            selection = Selection(q, since, ids, theirs, filters)
            page = page_in(tx, kind, selection, order, limit=limit, total=total)
        return replace(page, resume=str(end) if order.after is None else None)

    return access.read(work)


def list_edges(
    access: Access,
    kind: EdgeKind,
    selection: EdgeSelection,
    since: datetime | Mark | None,
    after: EdgePlace | None,
    *,
    limit: int,
    total: bool = False,
) -> EdgePage:
    """A page of all edges of a kind, or of those that are new since a time or a mark.

    Beside a slow write some edges may come once more that were read before; none is missed.
    `deleted` has those of the kind that were removed, whatever else the list is narrowed to but
    for the customer. Raises ResumeRefused for a mark of another database.
    """
    if isinstance(since, Mark) and after is None:
        place_notes(access)

    def work(tx: Transaction) -> EdgePage:
        end, time = None, None
        if isinstance(since, Mark):
            end, time = str(end_of_log(tx, since)), written_since(tx, since)
        elif since is not None:
            time = timestamp(since)
        if since is not None and time is None:
            page = EdgePage([], None, 0 if total else None)
        else:
            narrowed = replace(selection, since=time)
            page = edge_page_in(tx, kind, narrowed, after or EdgePlace(), limit=limit, total=total)
        if since is None or after is not None:
            return page
        deleted = _removed(tx, kind, time, selection.customer_id) if time else []
        return replace(page, deleted=deleted, resume=end)

    return access.read(work)


def _removed(
    tx: Transaction, kind: EdgeKind, since: str, customer_id: str | None
) -> list[RemovedEdge]:
    """Edges of a kind that were removed since then and are not there again."""
    gone = {
        key: at
        for key, (action, at) in last_changes_of_kind(tx, kind, since, customer_id).items()
        if action == "delete"
    }
    there = stored_edges(kind, gone, tx)
    return [
        {"key": kind.named_key(key), "deleted_at": at}
        for key, at in gone.items()
        if key not in there
    ]
