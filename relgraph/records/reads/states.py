"""One node or edge as a program sees it: all its members, null where unknown, and its version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.reads.directory import plain_node
from relgraph.records.reads.stored import as_stored, stored_edges
from relgraph.records.rows import Key
from relgraph.records.visibility import visible_edges
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.values import Values

STAMPS = ("created_at", "updated_at", "version")


def state(tx: Transaction, kind: Kind, key: Key) -> Values | None:
    """The node or edge with this key, or None."""
    if isinstance(kind, NodeKind):
        return node_state(tx, kind, key[0])
    return edge_state(tx, kind, key)


def node_state(tx: Transaction, kind: NodeKind, id_: str) -> Values | None:
    """A node with its properties and the ids that it refers to."""
    row = queries.row(tx, f"get_{kind.name}", id=id_)
    return None if row is None else plain_node(row, kind)


def edge_state(tx: Transaction, kind: EdgeKind, key: Key) -> Values | None:
    """An edge with both ends and all members of its kind."""
    key = as_stored(kind, key, tx)
    edge = stored_edges(kind, [key], tx).get(key)
    if edge is None or key not in visible_edges(tx, kind, [key]):
        return None
    ends = dict(zip(kind.end_columns, key, strict=False))
    return edge_values(kind, edge, ends)


def edge_values(kind: EdgeKind, edge: Mapping[str, Any], ends: Mapping[str, str]) -> Values:
    """All members of a stored edge."""
    members = {name: edge.get(name) for name in kind.model.model_fields}
    stamps = {name: edge.get(name) for name in STAMPS}
    stamps["version"] = stamps["version"] or 0
    return {**members, **ends, **stamps}
