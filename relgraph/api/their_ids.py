"""Ids of another system in a path or a query, where ours could stand: `system` names the system.

All ids that the request holds there are of that system then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import Query

from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.writes.external_ids import find
from relgraph.records.writes.names import TheirId
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.kinds import kind_with_label
from relgraph.schema.values import MAX_NAME, Values

SYSTEM = "system"
SystemQuery = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=MAX_NAME,
        description="the other system whose ids all of these are",
    ),
]


def kinds_in_key(kind: EdgeKind) -> dict[str, NodeKind]:
    """The kinds of nodes that the parts of an edge's key name."""
    return {name: kind_with_label(kind.refs[name]) for name in kind.row_key if name in kind.refs}


def kinds_in_path(kind: EdgeKind) -> dict[str, NodeKind]:
    """The same for the edge's own address, whose path begins with the ends."""
    owner, other = kind.ends[kind.owner_end], kind.ends[1 - kind.owner_end]
    further = {name: node for name, node in kinds_in_key(kind).items() if name in kind.key}
    return {"id": owner, "other": other, **further}


def their_ids(
    kinds: Mapping[str, NodeKind], system: str | None, values: Mapping[str, Any]
) -> Iterator[tuple[str, TheirId]]:
    """The ids of the other system among values, by name; none without a system."""
    for name, kind in kinds.items():
        if system is not None and values.get(name):
            yield name, (kind, system, values[name])


def not_called(their_id: TheirId, place: int | None = None) -> NotFound:
    """The error that nobody is called so."""
    kind, system, theirs = their_id
    return NotFound(kind.words, f"{system}: {theirs}", place)


def with_our_ids(
    tx: Transaction, kinds: Mapping[str, NodeKind], values: Mapping[str, Any]
) -> Values:
    """Values with our ids in place of those of the system that they name. Raises NotFound."""
    ours = dict(values)
    for name, their_id in their_ids(kinds, values.get(SYSTEM), values):
        id_ = find(tx, *their_id)
        if id_ is None:
            raise not_called(their_id)
        ours[name] = id_
    return ours
