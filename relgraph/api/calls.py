"""What a write asks for: its operations, and the node or edge whose state is the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from relgraph.api.etags import Versions
from relgraph.records.rows import Key
from relgraph.records.writes import bodies
from relgraph.records.writes.bodies import Body
from relgraph.records.writes.operations import Expectation, Merge, Operation, Removal, Upsert
from relgraph.schema.tables import TABLE_BY_NAME, Table


@dataclass(frozen=True, slots=True)
class Call:
    """One write. `removed` says that nothing is left to answer with."""

    operations: tuple[Operation, ...]
    table: Table
    key: Key
    created: bool = False
    removed: bool = False

    def expecting(self, expectation: Expectation | None) -> Call:
        """The same on condition that something is still there as it was read."""
        if expectation is None:
            return self
        return replace(self, operations=(expectation, *self.operations))


def create_node(table: Table, body: Body, *, place: int = 0) -> Call:
    """A new node."""
    operation = bodies.creation(table, body, place=place)
    return Call((operation,), table, operation.key, created=True)


def change_node(table: Table, id_: str, body: Body, versions: Versions, *, place: int = 0) -> Call:
    """A merge patch of a node."""
    operation = bodies.patch(table, id_, body, versions=versions, place=place)
    return Call((operation,), table, (id_,))


def remove(
    table: Table, key: Key, versions: Versions, *, cascade: bool = False, place: int = 0
) -> Call:
    """A node or edge to remove."""
    operation = Removal(table, key, cascade, versions, place)
    return Call((operation,), table, key, removed=True)


def put_edge(
    table: Table,
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
        table, key, body, today=today, actor=actor, versions=versions, place=place
    )
    return Call((operation,), table, key)


def put_manager(person: str, manager: str, since: str | None, *, place: int = 0) -> Call:
    """The first solid line of a person."""
    people, lines = TABLE_BY_NAME["stakeholders"], TABLE_BY_NAME["reports_to"]
    values: dict[str, Any] = {"from_id": person, "to_id": manager, "line": "solid", "primary": True}
    if since is not None:
        values["since"] = since
    operations = (
        Upsert(people, (person,), {"id": person, "manager_id": manager}, "change", None, place),
        Upsert(lines, (person, manager), values, "either", None, place),
    )
    return Call(operations, lines, (person, manager))


def merge(
    person: str, duplicate: str, versions: Versions, duplicate_versions: Versions, *, place: int = 0
) -> Call:
    """One person out of two records."""
    people = TABLE_BY_NAME["stakeholders"]
    operation = Merge(people, (person,), duplicate, versions, duplicate_versions, place)
    return Call((operation,), people, (person,))
