"""Nodes and edges as a program sees them: all members, null where unknown, and the version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from relgraph.database import Transaction
from relgraph.records.reads.directory import nodes_in
from relgraph.records.reads.stored import as_stored, stored_edges
from relgraph.records.rows import Key
from relgraph.records.visibility import visible_edges
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.values import Values

STAMPS = ("created_at", "updated_at", "version")


def states(tx: Transaction, wanted: Sequence[tuple[Kind, Key]]) -> list[Values | None]:
    """Nodes and edges with these keys in the same order; None for each that is not there."""
    keys: dict[Kind, list[Key]] = defaultdict(list)
    for kind, key in wanted:
        keys[kind].append(key)
    read: dict[tuple[Kind, Key], Values] = {}
    for kind, of_kind in keys.items():
        if isinstance(kind, NodeKind):
            nodes = nodes_in(tx, kind, dict.fromkeys(key[0] for key in of_kind))
            read |= {(kind, (id_,)): node for id_, node in nodes.items()}
        else:
            edges = edge_states(tx, kind, dict.fromkeys(of_kind))
            read |= {(kind, key): edge for key, edge in edges.items()}
    return [read.get(each) for each in wanted]


def edge_states(tx: Transaction, kind: EdgeKind, keys: Iterable[Key]) -> dict[Key, Values]:
    """Edges with both ends and all members of their kind, by the keys that were asked for."""
    stored_keys = as_stored(kind, keys, tx)
    edges = stored_edges(kind, dict.fromkeys(stored_keys.values()), tx)
    seen = visible_edges(tx, kind, edges)
    return {
        key: edge_values(kind, edges[stored], dict(zip(kind.end_columns, stored, strict=False)))
        for key, stored in stored_keys.items()
        if stored in seen
    }


def edge_state(tx: Transaction, kind: EdgeKind, key: Key) -> Values | None:
    """One edge, or None."""
    return edge_states(tx, kind, [key]).get(key)


def edge_values(kind: EdgeKind, edge: Mapping[str, Any], ends: Mapping[str, str]) -> Values:
    """All members of a stored edge."""
    members = {name: edge.get(name) for name in kind.model.model_fields}
    stamps = {name: edge.get(name) for name in STAMPS}
    stamps["version"] = stamps["version"] or 0
    return {**members, **ends, **stamps}
