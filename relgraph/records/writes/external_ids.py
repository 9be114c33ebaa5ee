"""Ids in other systems: each names one node of its kind, which can be looked up by it.

A node holds its `external_ids` as a map; beside it stands one `ExternalId` node for each of them,
whose unique id keeps two nodes from having the same one, whoever writes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches
from relgraph.records.long_tables import slices
from relgraph.records.problems import Problem, coded_problem
from relgraph.records.rows import Records, Table
from relgraph.records.tables.cells import excerpt
from relgraph.records.visibility import visible_nodes
from relgraph.records.writes.steps import Item, Step, make_steps
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import NODE_KINDS
from relgraph.schema.values import Values

COLUMN = "external_ids"


def external_id(kind: NodeKind, system: str, id_: str) -> str:
    """The id of the `ExternalId` node."""
    return f"{kind.plural}/{system}/{id_}"


def named_by(kind: NodeKind, stored: str | None) -> dict[str, tuple[str, str]]:
    """Ids of `ExternalId` nodes that a stored map stands for, with system and id of each."""
    ids: dict[str, str] = orjson.loads(stored) if stored else {}
    return {external_id(kind, system, id_): (system, id_) for system, id_ in ids.items()}


def owners(tx: Transaction, ids: Iterable[str]) -> dict[str, str]:
    """The nodes' ids by id of `ExternalId`."""
    node_ids: dict[str, str] = {}
    for batch in batches(sorted(ids)):
        node_ids |= {
            row["id"]: row["node_id"] for row in queries.rows(tx, "external_ids", ids=batch)
        }
    return node_ids


def find(tx: Transaction, kind: NodeKind, system: str, id_: str) -> str | None:
    """The id of the node that another system calls so; None if the viewer may see none."""
    return find_many(tx, kind, system, [id_]).get(id_)


def find_many(tx: Transaction, kind: NodeKind, system: str, ids: Iterable[str]) -> dict[str, str]:
    """Ids of the nodes by what another system calls them, those that the viewer may see."""
    wanted = {external_id(kind, system, id_): id_ for id_ in ids}
    known = owners(tx, wanted)
    seen = visible_nodes(tx, kind, known.values())
    return {wanted[name]: owner for name, owner in known.items() if owner in seen}


def forget(tx: Transaction, kind: NodeKind, rows: Iterable[Values]) -> None:
    """Nodes that are removed give their ids up."""
    given_up = [
        {"id": name, "node_id": row["id"]} for row in rows for name in named_by(kind, row[COLUMN])
    ]
    for batch in batches(given_up):
        queries.run(tx, "delete_external_ids", rows=batch)


def check_external_ids(records: Records, tx: Transaction) -> list[Problem]:
    """An id that two nodes would have, in what is written or with what is stored."""
    problems: list[Problem] = []
    for kind in NODE_KINDS:
        claims: dict[str, str] = {}
        for rows in slices(records.tables.get(kind.plural, {})):
            problems += _conflicts(kind, rows, claims, records, tx)
    return problems


def _conflicts(
    kind: NodeKind, rows: Table, claims: dict[str, str], records: Records, tx: Transaction
) -> Iterator[Problem]:
    """The conflicts of some rows; `claims` has the nodes that the rows before give each id."""
    named = {
        key[0]: named_by(kind, row.values[COLUMN])
        for key, row in rows.items()
        if COLUMN in row.values
    }
    stored = owners(tx, {name for names in named.values() for name in names})
    seen = visible_nodes(tx, kind, stored.values())
    for id_, names in named.items():
        for name, (system, theirs) in names.items():
            other = claims.setdefault(name, id_)
            holder = stored.get(name, id_)
            if holder != id_ and _gives_up(kind, holder, name, records):
                holder = id_
            if other == holder == id_:
                continue
            named_holder = other if other != id_ else holder
            is_visible = other != id_ or holder in seen
            yield coded_problem(
                records.file_of(kind.plural, rows[id_,]),
                rows[id_,].line,
                COLUMN,
                excerpt(f"{system}: {theirs}"),
                "taken" if is_visible else "taken_unseen",
                **({"other": excerpt(named_holder)} if is_visible else {}),
            )


def _gives_up(kind: NodeKind, holder: str, name: str, records: Records) -> bool:
    """Whether the node that has an id loses it in the same write."""
    row = records.tables.get(kind.plural, {}).get((holder,))
    return (
        row is not None and COLUMN in row.values and name not in named_by(kind, row.values[COLUMN])
    )


class ExternalIds:
    """Collects which external ids the nodes of one table lose and get."""

    def __init__(self, kind: NodeKind) -> None:
        self._kind = kind
        self._added: list[Item] = []
        self._removed: list[Item] = []

    def note(self, id_: str, before: str | None, after: str | None) -> None:
        """A node whose map changes."""
        if before == after:
            return
        was, becomes = named_by(self._kind, before), named_by(self._kind, after)
        self._removed += _items(id_, was.keys() - becomes.keys())
        self._added += _items(id_, becomes.keys() - was.keys())

    def first_steps(self) -> list[Step]:
        """What is removed, before another node gets it."""
        return make_steps("delete_external_ids", self._removed, counted=False)

    def last_steps(self) -> list[Step]:
        """What is added, when all nodes are there."""
        return make_steps("create_external_ids", self._added)


def _items(id_: str, names: Iterable[str]) -> Iterator[Item]:
    for name in sorted(names):
        yield Item({"id": name, "node_id": id_})
