"""The change log: who changed what, when, from what to what, and why.

The notes of a write stand in the same transaction as the write. A note is one `Change` node for
each customer that a write touches (and each `ENTRIES_A_NOTE` entries), so that an import of
50,000 rows makes a few thousand nodes and not as many again. Notes are ordered by their ids,
which begin with the time: no counter is shared that all writers would wait for (`commit_order`
numbers them afterwards). Two writes of
the same node or edge differ in its version.

An entry is one row of the import format before and after: `update` has the changed columns
alone, `create` no before, `delete` no after, except that a merged duplicate has `merged_into`.
So any state can be rebuilt by walking back from
the present one, and what was done can be undone by writing the rows that were there before.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

import orjson

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.rows import Key, NamingTable, Records
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.kinds import (
    CUSTOMER,
    NODE_KINDS,
    kind_of,
    kind_with_label,
    node_kind,
    scope_reference,
)
from relgraph.schema.values import Values, timestamp

NOTES_A_STATEMENT = 200
ENTRIES_A_NOTE = 400
"""Entries that one `Change` node holds at most; their text stays below some 200 kB."""

Action = Literal["create", "update", "delete"]
Source = Literal["api", "import", "undo"]


class Entry(NamedTuple):
    """One row that was made, changed or removed.

    `version` is what the node or edge has after it, or had before it was removed; 0 where edges
    are kept without one. `scope` is the customer in whose log it stands, once it does.
    """

    table: str
    key: Key
    action: Action
    before: Values | None
    after: Values | None
    version: int = 0
    scope: str = ""

    def noted(self) -> tuple[Any, ...]:
        """The entry as a note holds it; the scope stands in the note itself."""
        return self[:-1]


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What all entries of one write have in common. `at` is an instant with microseconds."""

    id: str
    at: str
    actor: str
    source: Source
    note: str | None = None
    undoes: str | None = None
    passing: bool = False
    """Whether its notes are forgotten when the work is done (see `forgetting`), so that its
    removals are not published to other systems either."""


def begin_change(
    access: Access,
    source: Source,
    *,
    note: str | None = None,
    undoes: str | None = None,
    passing: bool = False,
) -> ChangeSet:
    """A name, a time and an actor for a write that begins."""
    id_ = f"change-{uuid.uuid4().hex[:16]}"
    at = timestamp(access.now)
    return ChangeSet(id_, at, access.viewer.name, source, note, undoes, passing)


class Place(NamedTuple):
    """Which entries stand in one note: those of a customer, plain facts apart from the others.

    So whoever reads what became of a person need not go through thousands of activities.
    """

    scope: str
    facts: bool


class ChangeLog:
    """Notes the entries of one transaction in it; `close` when all are added.

    `first` is the number of the first entry in its write. `scopes` are those of the records that
    are written, so that the database need not be asked. With `queue` webhooks are notified of it.
    """

    def __init__(
        self,
        tx: Transaction,
        change: ChangeSet,
        scopes: Scopes | None = None,
        *,
        first: int = 0,
        queue: bool = True,
    ) -> None:
        self._tx = tx
        self._change = change
        # What it looks up counts in this transaction only.
        self._scopes = Scopes() if scopes is None else scopes.copy()
        self._number = first
        self._queue = queue
        self._open: dict[Place, list[tuple[int, Entry]]] = defaultdict(list)
        self._notes: list[Values] = []

    def know(self, records: Records) -> None:
        """Learn from what is about to be written which customers its nodes belong to."""
        self._scopes.learn(records)

    def know_created(self, entries: Iterable[Entry]) -> None:
        """Learn from entries of an earlier write whose the nodes were to be that it made.

        An import that was interrupted may have noted a node and not joined it to its customer.
        """
        self._scopes.learn_created(entries)

    def add(self, entries: list[Entry]) -> None:
        """Add what is done; before nodes are removed, since their customers are looked up."""
        placed = list(zip(entries, self._scopes.of(self._tx, entries), strict=True))
        if not self._change.passing:
            gone = [
                self._deletion(entry, scope) for entry, scope in placed if entry.action == "delete"
            ]
            left = [self._departure(entry, scope) for entry, scope in placed if _has_left(entry)]
            for batch in batches(gone + left):
                queries.run(self._tx, "note_deletions", rows=batch)
        for entry, scope in placed:
            place = Place(scope, kind_of(entry.table).is_fact)
            part = self._open[place]
            part.append((self._number, entry))
            self._number += 1
            if len(part) == ENTRIES_A_NOTE:
                self._put(place)
        while len(self._notes) >= NOTES_A_STATEMENT:
            self._write()

    @property
    def size(self) -> int:
        """How many entries were added, from `first` on."""
        return self._number

    def close(self) -> None:
        """Write what is left."""
        for place in list(self._open):
            self._put(place)
        while self._notes:
            self._write()

    def _deletion(self, entry: Entry, scope: str) -> Values:
        """A record of the removal: other systems read it, and versions go on from it."""
        into = (entry.after or {}).get("merged_into")
        return self._gone(entry.table, entry.key, scope, entry.version, into)

    def _departure(self, entry: Entry, scope: str) -> Values:
        """A record that a node belonged to another customer, in whose log the change is not."""
        former = (entry.before or {})["customer_id"]
        table = departures_from(node_kind(entry.table))
        return self._gone(table, (entry.key[0], former), scope, entry.version)

    def _gone(
        self, table: str, key: Key, scope: str, version: int, merged_into: str | None = None
    ) -> Values:
        id_ = "\t".join(key)
        return {
            "id": f"{table}/{id_}",
            "place": f"{table}\t{self._change.at}\t{id_}",
            "node_id": id_,
            "at": self._change.at,
            "scope": scope,
            "merged_into": merged_into,
            "version": version,
            "restored_by": None,
        }

    def _put(self, place: Place) -> None:
        note = _note(self._change, place, self._open.pop(place))
        if self._queue:
            note["props"]["queue"] = "new"
        self._notes.append(note)

    def _write(self) -> None:
        queries.run(self._tx, "add_changes", rows=self._notes[:NOTES_A_STATEMENT])
        del self._notes[:NOTES_A_STATEMENT]


def departures_from(kind: NodeKind) -> str:
    """Under which name the log keeps which customers nodes of a kind belong to no more.

    Where to belong to one is an edge with rows of its own (employments), those that were removed.
    """
    rows = kind.customer.rows if kind.customer else ""
    return rows or f"{kind.plural}.customer_id"


def _has_left(entry: Entry) -> bool:
    """Whether a node goes from one customer to another."""
    kind = kind_of(entry.table)
    return (
        entry.action == "update"
        and isinstance(kind, NodeKind)
        and kind.customer is not None
        and not kind.customer.rows
        and bool((entry.before or {}).get("customer_id"))
    )


def note_id(change: ChangeSet, number: int) -> str:
    """The id of the note that begins with this entry of a write; ids are in the log's order."""
    return f"{change.at}/{change.id}/{number:010d}"


def _note(change: ChangeSet, place: Place, part: list[tuple[int, Entry]]) -> Values:
    id_ = note_id(change, part[0][0])
    props = {
        "set_id": change.id,
        "at": change.at,
        "actor": change.actor,
        "source": change.source,
        "unplaced": "new",
        "scope": place.scope,
        "scope_key": f"{place.scope}\t{id_}",
        "size": len(part),
        "entries": orjson.dumps(
            [[number, *entry.noted()] for number, entry in part], option=orjson.OPT_SORT_KEYS
        ).decode(),
    }
    if place.facts:
        props["facts"] = True
    if change.note:
        props["note"] = change.note
    if change.undoes:
        props["undoes"] = change.undoes
    return {"id": id_, "props": props}


NodeId = tuple[str, str]
"""Table and id of a node."""


class Scopes:
    """The customer whose log each entry stands in; blank for our own teams and offerings."""

    def __init__(self) -> None:
        self._customers: dict[NodeId, str] = {}
        self._intended: dict[NodeId, str] = {}
        self._through: dict[NodeId, NodeId] = {}
        self._long: dict[str, NamingTable] = {}

    @classmethod
    def of_records(cls, records: Records) -> Scopes:
        """Those that rows name."""
        scopes = cls()
        scopes.learn(records)
        return scopes

    def copy(self) -> Scopes:
        """Another one that knows the same."""
        other = Scopes()
        other._customers = self._customers.copy()
        other._intended = self._intended.copy()
        other._through = self._through.copy()
        other._long = self._long.copy()
        return other

    def learn(self, records: Records) -> None:
        """The customers that rows name."""
        for kind in NODE_KINDS:
            if scope_reference(kind) is None:
                continue
            rows = records.tables.get(kind.plural, {})
            if not isinstance(rows, dict):  # it is asked when its rows are written
                self._long[kind.plural] = rows
                continue
            for (id_,), row in rows.items():
                if scope := row.values.get("customer_id") or row.scope:
                    self._customers[kind.plural, id_] = scope
                elif (other := _through(kind, row.values)) is not None:
                    self._through[kind.plural, id_] = other

    def learn_created(self, entries: Iterable[Entry]) -> None:
        """The customers that new nodes were to belong to, where nothing better is known."""
        for entry in entries:
            customer = (entry.after or {}).get("customer_id") or entry.scope
            if entry.action == "create" and customer and kind_of(entry.table).is_node:
                self._intended[entry.table, entry.key[0]] = customer

    def of(self, tx: Transaction, entries: Sequence[Entry]) -> list[str]:
        """The customer's id of each entry, asked for while what is removed still stands."""
        owners = [self._owner(entry) for entry in entries]
        unknown: dict[str, set[str]] = defaultdict(set)
        for owner in owners:
            if owner and owner[0] != CUSTOMER.plural and self._named(owner) is None:
                unknown[owner[0]].add(owner[1])
        for table, ids in unknown.items():
            for batch in batches(sorted(ids)):
                for row in queries.rows(tx, f"customers_of_{table}", ids=batch):
                    self._customers.setdefault((table, row["id"]), row["customer_id"])
        return [self._customer(owner) for owner in owners]

    def _customer(self, owner: NodeId | None) -> str:
        if owner is None:
            return ""
        if owner[0] == CUSTOMER.plural:
            return owner[1]
        return self._named(owner) or self._intended.get(owner, "")

    def _named(self, node: NodeId) -> str | None:
        """The customer that is known of a node; "" where the database knows of none."""
        if node in self._customers:
            return self._customers[node]
        table, key = self._long.get(node[0]), (node[1],)
        return None if table is None or key not in table else table.named(key, "customer_id")

    def _owner(self, entry: Entry) -> NodeId | None:
        """The customer that an entry belongs to, or the node whose customer it is; else None."""
        kind = kind_of(entry.table)
        if isinstance(kind, EdgeKind):
            end = _deciding_end(kind)
            return None if end is None else (kind.ends[end].plural, entry.key[end])
        if kind is not CUSTOMER and scope_reference(kind) is None:
            return None
        node = kind.plural, entry.key[0]
        named = _through(kind, entry.after or {}) or _through(kind, entry.before or {})
        return named or self._through.get(node) or self._through_long(kind, node) or node

    def _through_long(self, kind: NodeKind, node: NodeId) -> NodeId | None:
        """The node that a row of a long table names as what its customer is known by."""
        table, key = self._long.get(node[0]), (node[1],)
        if table is None or key not in table or (reference := scope_reference(kind)) is None:
            return None
        return _through(kind, {reference.column: table.named(key, reference.column)})


@cache
def _deciding_end(kind: EdgeKind) -> int | None:
    """Which end of an edge says in whose log it stands: a customer, else who belongs to one."""
    if CUSTOMER in kind.ends:
        return kind.ends.index(CUSTOMER)
    return next((number for number, end in enumerate(kind.ends) if end.customer), None)


def _through(kind: NodeKind, row: Mapping[str, Any]) -> NodeId | None:
    """The node whose customer a row belongs to, where that is another one and the row names it."""
    reference = None if kind.customer else scope_reference(kind)
    if reference is None or not row.get(reference.column):
        return None
    return kind_with_label(reference.label).plural, row[reference.column]


def is_noted(access: Access, change: ChangeSet, *, first: int = 0) -> bool:
    """Whether a write whose answer was lost was written, from its entry `first` on."""
    notes = access.read(lambda tx: queries.rows(tx, "note_ids_of_set", set_id=change.id))
    return any(row["id"] >= note_id(change, first) for row in notes)


def entries_of(note: Mapping[str, Any]) -> list[tuple[int, Entry]]:
    """The numbered entries of a stored note."""
    return [
        (number, Entry(table, tuple(key), action, before, after, version, note["scope"]))
        for number, table, key, action, before, after, version in orjson.loads(note["entries"])
    ]
