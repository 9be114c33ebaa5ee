"""Nodes by what other systems call them, while the writes of one request are made.

The writes are made one after the other before any of them is carried out. So what an earlier one
will change of the external ids counts for those after it, beside what is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from relgraph.database import Transaction
from relgraph.records.writes.external_ids import COLUMN, find_many
from relgraph.records.writes.operations import Merge, Operation, Removal, Upsert
from relgraph.schema.kind import NodeKind
from relgraph.schema.values import Values

TheirId = tuple[NodeKind, str, str]
"""A kind, a system, and what that calls a node."""
Node = tuple[str, str]
"""Table and id."""


class Names:
    """What external ids name, as far as the viewer may know, and which nodes are made."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.created: set[Node] = set()
        self._stored: dict[TheirId, str | None] = {}
        self._given: dict[TheirId, str] = {}
        self._changed: dict[Node, dict[str, str | None]] = {}
        self._cleared: set[Node] = set()
        self._merged: dict[Node, str] = {}

    def look_up(self, wanted: Iterable[TheirId]) -> None:
        """Read what is stored of many external ids at once."""
        by_system: dict[tuple[NodeKind, str], set[str]] = defaultdict(set)
        for kind, system, theirs in wanted:
            if (kind, system, theirs) not in self._stored:
                by_system[kind, system].add(theirs)
        for (kind, system), ids in by_system.items():
            found_ids = find_many(self.tx, kind, system, ids)
            self._stored |= {(kind, system, theirs): found_ids.get(theirs) for theirs in ids}

    def find(self, their_id: TheirId) -> str | None:
        """The id of the node, after the writes that were noted; None if there is none."""
        kind, system, theirs = their_id
        given = self._given.get(their_id)
        if given is not None and self._changed[kind.plural, given].get(system) == theirs:
            return self._kept(kind, given)
        self.look_up([their_id])
        stored = self._stored[their_id]
        if stored is None or (kind.plural, stored) in self._cleared:
            return None
        if system in self._changed.get((kind.plural, stored), {}):
            return None  # it has another one by then, or none
        return self._kept(kind, stored)

    def note(self, operations: Iterable[Operation]) -> None:
        """Learn what a write will change."""
        for operation in operations:
            if not isinstance(operation.kind, NodeKind):
                continue
            node = operation.kind.plural, operation.key[0]
            if isinstance(operation, Merge):
                self._merged[node[0], operation.duplicate] = node[1]
            elif isinstance(operation, Removal):
                self._clear(node)
            elif isinstance(operation, Upsert):
                if operation.must != "change":
                    self.created.add(node)
                if COLUMN in operation.values:
                    self._note_ids(operation.kind, node, operation.values[COLUMN])

    def _note_ids(self, kind: NodeKind, node: Node, ids: Values | None) -> None:
        if ids is None:
            self._clear(node)
            return
        self._changed.setdefault(node, {}).update(ids)
        for system, theirs in ids.items():
            if theirs is not None:
                self._given[kind, system, theirs] = node[1]

    def _clear(self, node: Node) -> None:
        self._cleared.add(node)
        self._changed[node] = {}

    def _kept(self, kind: NodeKind, id_: str) -> str:
        """The node that a merged one is part of."""
        while (kind.plural, id_) in self._merged:
            id_ = self._merged[kind.plural, id_]
        return id_
