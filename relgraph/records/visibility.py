"""What a viewer who is restricted to some customers may see of given nodes and edges.

Queries that show something restrict it themselves (see `relgraph.queries`). Writes are planned on
all that is stored, or a write of one viewer would break what another one sees; they ask here what
their viewer may know of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches
from relgraph.records.rows import Key
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.kinds import is_scoped, kind_with_label


def visible_nodes(tx: Transaction, kind: NodeKind, ids: Iterable[str]) -> set[str]:
    """Those of these nodes that may be seen: all of them, or those that are there and in scope."""
    wanted = set(ids)
    if tx.visible is None or not is_scoped(kind):
        return wanted
    return {
        row["id"]
        for batch in batches(sorted(wanted))
        for row in queries.rows(tx, f"visible_{kind.plural}", ids=batch)
    }


def visible_edges(tx: Transaction, kind: EdgeKind, keys: Iterable[Key]) -> set[Key]:
    """Those of these edges of which everything that they name may be seen."""
    wanted = set(keys)
    if tx.visible is None:
        return wanted
    named: dict[NodeKind, set[str]] = defaultdict(set)
    for key in wanted:
        for other, id_ in named_by(kind, key):
            named[other].add(id_)
    seen = {other: visible_nodes(tx, other, ids) for other, ids in named.items()}
    return {key for key in wanted if all(id_ in seen[other] for other, id_ in named_by(kind, key))}


def visible_keys(tx: Transaction, kind: Kind, keys: Iterable[Key]) -> set[Key]:
    """Those of these nodes or edges that may be seen."""
    if isinstance(kind, EdgeKind):
        return visible_edges(tx, kind, keys)
    return {(id_,) for id_ in visible_nodes(tx, kind, (key[0] for key in keys))}


def named_by(kind: Kind, key: Key) -> list[tuple[NodeKind, str]]:
    """The nodes that a key names: both ends of an edge, and what it holds for."""
    if isinstance(kind, NodeKind):
        return [(kind, key[0])]
    columns = zip(kind.row_key, key, strict=False)
    return [
        (kind_with_label(kind.refs[name]), id_)
        for name, id_ in columns
        if name in kind.refs and id_
    ]


def visible_references(
    tx: Transaction, kind: NodeKind, targets: Mapping[str, Iterable[str]]
) -> dict[str, set[str]]:
    """Those of the nodes that the reference columns of a node name that may be seen."""
    return {
        column: visible_nodes(tx, kind_with_label(kind.refs[column]), ids)
        for column, ids in targets.items()
    }
