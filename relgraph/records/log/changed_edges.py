"""The edges of a node that were written since some time, and those that were removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.log.history import Subject, last_changes
from relgraph.records.reads.directory import edges_of
from relgraph.records.rows import Key
from relgraph.schema.kind import EdgeKind
from relgraph.schema.values import Values


class RemovedEdge(TypedDict):
    """An edge that was removed, by the parts of its key."""

    key: dict[str, str | None]
    deleted_at: str


@dataclass(frozen=True, slots=True)
class ChangedEdges:
    """Edges that were written since some time, and those that were removed since then."""

    items: list[Values]
    deleted: list[RemovedEdge]


def changed_edges(
    access: Access,
    kind: EdgeKind,
    id: str,  # noqa: A002
    since: datetime,
) -> ChangedEdges:
    """What was written and removed in a node's list of edges.

    What became of them stands in the change log: employments and lines to a manager change with
    the person and keep no time of their own. Raises NotFound for an unknown node.
    """
    subject = Subject(kind.owner, (id,))

    def work(tx: Transaction) -> dict[Key, tuple[str, str]]:
        return dict(last_changes(tx, subject, kind, since))

    changes = access.read(work)
    items = {_key(kind, id, edge): edge for edge in edges_of(access, kind, id)}
    deleted: list[RemovedEdge] = [
        {"key": kind.named_key(key), "deleted_at": at}
        for key, (action, at) in changes.items()
        if action == "delete" and key not in items
    ]
    return ChangedEdges([edge for key, edge in items.items() if key in changes], deleted)


def _key(kind: EdgeKind, id_: str, edge: Mapping[str, Any]) -> Key:
    """The edge's key; the list of a node need not name the node itself."""
    owner = kind.end_columns[kind.owner_end]
    return tuple(edge.get(name) or (id_ if name == owner else "") for name in kind.row_key)
