"""What a write asks for: its operations, and the node or edge whose state is the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from relgraph.api.etags import Versions
from relgraph.records.rows import Key
from relgraph.records.writes import bodies
from relgraph.records.writes.bodies import Body
from relgraph.records.writes.operations import Expectation, Merge, Operation, Removal, Upsert
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.kinds import REPORTING_LINE, STAKEHOLDER
from relgraph.schema.values import Values


@dataclass(frozen=True, slots=True)
class Call:
    """One write. `removed` says that nothing is left to answer with."""

    operations: tuple[Operation, ...]
    kind: Kind
    key: Key
    created: bool = False
    removed: bool = False

    @property
    def expected_key(self) -> Key:
        """The key of what an If-Match speaks of: what is expected, else what is written."""
        expected = (part.key for part in self.operations if isinstance(part, Expectation))
        return next(expected, self.key)

    def expecting(self, expectation: Expectation | None) -> Call:
        """The same on condition that something is still there as it was read."""
        if expectation is None:
            return self
        return replace(self, operations=(expectation, *self.operations))


def create_node(kind: NodeKind, body: Body, *, place: int = 0) -> Call:
    """A new node."""
    operation = bodies.creation(kind, body, place=place)
    return Call((operation,), kind, operation.key, created=True)


def change_node(
    kind: NodeKind, id_: str, body: Body, versions: Versions, *, place: int = 0
) -> Call:
    """A merge patch of a node."""
    operation = bodies.patch(kind, id_, body, versions=versions, place=place)
    return Call((operation,), kind, (id_,))


def remove(
    kind: Kind, key: Key, versions: Versions, *, cascade: bool = False, place: int = 0
) -> Call:
    """A node or edge to remove."""
    operation = Removal(kind, key, cascade, versions, place)
    return Call((operation,), kind, key, removed=True)


def put_edge(
    kind: EdgeKind,
    key: Key,
    body: Body,
    versions: Versions,
    *,
    today: str,
    actor: str,
    place: int = 0,
) -> Call:
    """An edge in place of what is there."""
    operation = bodies.edge(
        kind, key, body, today=today, actor=actor, versions=versions, place=place
    )
    return Call((operation,), kind, key)


def change_edge(
    kind: EdgeKind, key: Key, body: Body, versions: Versions, *, place: int = 0
) -> Call:
    """A merge patch of an edge."""
    operation = bodies.edge_patch(kind, key, body, versions=versions, place=place)
    return Call((operation,), kind, key)


def put_manager(person: str, manager: str, since: str | None, *, place: int = 0) -> Call:
    """The first solid line of a person."""
    values: Values = {"from_id": person, "to_id": manager, "line": "solid", "primary": True}
    if since is not None:
        values["since"] = since
    operations = (
        Upsert(
            STAKEHOLDER, (person,), {"id": person, "manager_id": manager}, "change", None, place
        ),
        Upsert(REPORTING_LINE, (person, manager), values, "either", None, place),
    )
    return Call(operations, REPORTING_LINE, (person, manager))


def merge(
    person: str, duplicate: str, versions: Versions, duplicate_versions: Versions, *, place: int = 0
) -> Call:
    """One person out of two records."""
    operation = Merge(STAKEHOLDER, (person,), duplicate, versions, duplicate_versions, place)
    return Call((operation,), STAKEHOLDER, (person,))
