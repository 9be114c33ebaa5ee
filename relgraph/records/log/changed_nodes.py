"""The nodes of a kind that were written since a mark, however late their writes were committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.log.commit_order import Mark, end_of_log, place_notes, written_since
from relgraph.records.reads.lists import Order, Page, Selection, Theirs, page_in
from relgraph.schema.kind import NodeKind


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
