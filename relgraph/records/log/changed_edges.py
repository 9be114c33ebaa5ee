"""The edges of a node that were written since some time, and those that were removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypedDict

from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.log.commit_order import Mark, end_of_log, place_notes, written_since
from relgraph.records.log.history import Subject, last_changes
from relgraph.records.reads.directory import edges_in
from relgraph.records.rows import Key
from relgraph.schema.kind import EdgeKind
from relgraph.schema.values import Values, timestamp


class RemovedEdge(TypedDict):
    """An edge that was removed, by the parts of its key."""

    key: dict[str, str | None]
    deleted_at: str


@dataclass(frozen=True, slots=True)
class ChangedEdges:
    """Edges that were written since some time, and those that were removed since then.

    `resume` is the mark to go on from; null if that was not asked for.
    """

    items: list[Values]
    deleted: list[RemovedEdge]
    resume: str | None = None


def changed_edges(
    access: Access,
    kind: EdgeKind,
    id: str,  # noqa: A002
    since: datetime | Mark,
) -> ChangedEdges:
    """What was written and removed in a node's list of edges since a time or a mark.

    What became of them stands in the change log: employments and lines to a manager change with
    the person and keep no time of their own. Raises NotFound for an unknown node, and
    ResumeRefused for a mark of another database.
    """
    subject = Subject(kind.owner, (id,))
    if isinstance(since, Mark):
        place_notes(access)

    def work(tx: Transaction) -> ChangedEdges:
        if not isinstance(since, Mark):
            return _changed(tx, kind, subject, timestamp(since))
        end = end_of_log(tx, since)
        return replace(_changed(tx, kind, subject, written_since(tx, since)), resume=str(end))

    return access.read(work)


def _changed(tx: Transaction, kind: EdgeKind, subject: Subject, since: str | None) -> ChangedEdges:
    id_ = subject.key[0]
    changes = {} if since is None else last_changes(tx, subject, kind, since)
    items = {_key(kind, id_, edge): edge for edge in edges_in(tx, kind, id_)}
    deleted: list[RemovedEdge] = [
        {"key": kind.named_key(key), "deleted_at": at}
        for key, (action, at) in changes.items()
        if action == "delete" and key not in items
    ]
    written = [edge for key, edge in items.items() if since == "" or key in changes]
    return ChangedEdges(written, deleted)


def _key(kind: EdgeKind, id_: str, edge: Mapping[str, Any]) -> Key:
    """The edge's key; the list of a node need not name the node itself."""
    owner = kind.end_columns[kind.owner_end]
    return tuple(edge.get(name) or (id_ if name == owner else "") for name in kind.row_key)
