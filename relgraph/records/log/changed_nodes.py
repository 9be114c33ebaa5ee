"""The nodes of a kind that were written since a mark, however late their writes were committed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.log.commit_order import Mark, end_of_log, place_notes, written_since
from relgraph.records.reads.directory import Page, page_in
from relgraph.schema.kind import NodeKind


def changed_nodes(
    access: Access,
    kind: NodeKind,
    mark: Mark,
    /,
    *,
    cursor: str | None = None,
    **wanted: Any,
) -> Page:
    """A page of the kind's list (see `directory.list_nodes`) of what is new since the mark.

    The first page has the mark to go on from. Beside a slow write some nodes may come once more
    that were read before; none is missed. Raises ResumeRefused for a mark of another database.
    """
    if cursor is None:
        place_notes(access)

    def work(tx: Transaction) -> Page:
        end = end_of_log(tx, mark)
        since = written_since(tx, mark)
        page = (
            Page([], None, [])
            if since is None
            else page_in(tx, kind, cursor=cursor, since=since, **wanted)
        )
        return replace(page, resume=str(end) if cursor is None else None)

    return access.read(work)
