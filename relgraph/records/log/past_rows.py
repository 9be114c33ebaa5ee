"""Rows as they stood at an instant: what is stored now, walked back through the change log.

An entry says what it changed, so the row before it is the row after it with `before` put back.
The log of a customer is read from the instant on; of what was elsewhere in the meantime (a person
who has left, a department that was handed over) those entries of the other customers' logs that
name it. The time of an entry is that at which its write began: of two writes that met on one row
the one with the later version counts as later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches, pages
from relgraph.records.log.change_log import Entry, departures_from, entries_of
from relgraph.records.log.history import as_part, notes_before, notes_of_scope
from relgraph.records.reads.stored import edge_row, edges_of_nodes, stored_nodes
from relgraph.records.rows import Key
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import CUSTOMER, STAKEHOLDER, is_scoped, kind_of
from relgraph.schema.values import Values, timestamp

LATE = timedelta(hours=1)
"""How long after it began a write may end; entries so much older are read, too."""
DELETIONS_A_PAGE = 1_000


class PastRow(NamedTuple):
    """A row of the import format as it stood; without what was blank."""

    values: Mapping[str, Any]
    version: int
    updated_at: str | None
    """When it was written so; null if the log does not reach back to it."""


Rows = dict[Key, PastRow]


class _Dated(NamedTuple):
    """An entry with its place in the order of what happened to its row."""

    at: str
    place: tuple[str, int]
    entry: Entry


class PastRows:
    """Rows of one customer, and of what they name, at an instant."""

    def __init__(self, tx: Transaction, customer_id: str, when: datetime) -> None:
        self._tx = tx
        self._customer_id = customer_id
        self._when = timestamp(when)
        self._start = timestamp(when - LATE)
        self._log = _Log(tx, self._start)
        self._log.read(customer_id, None)

    def nodes_of_customer(self, kind: NodeKind) -> Rows:
        """Nodes of a kind that may have belonged to the customer then, as they stood."""
        belongs = kind.customer.rows if kind.customer else ""
        ids = self._present.get(belongs or kind.plural, set())
        ids = ids | self._log.ids(kind.plural, self._customer_id)
        ids |= self._log.ids(belongs, self._customer_id)
        customers: dict[str, set[str]] = defaultdict(set)
        for id_, other in self._departures(kind):
            customers[id_].add(other)
        ids |= {id_ for id_, others in customers.items() if self._customer_id in others}
        self._read_elsewhere(kind, ids, customers)
        return self.nodes(kind, ids)

    def edges_of_people(self, ids: Iterable[str]) -> dict[str, Rows]:
        """All edges of people of the customer as they stood, by table."""
        present: dict[str, Rows] = defaultdict(dict)
        edges = edges_of_nodes(self._tx, STAKEHOLDER, sorted(set(ids)))
        for (table, key), edge in edges.items():
            present[table][key] = PastRow(
                edge_row(edge), int(edge.get("version") or 0), edge.get("updated_at")
            )
        tables = set(present) | {name for name in self._log.tables if not kind_of(name).is_node}
        return {name: self._walked_back(name, present.get(name, {})) for name in tables}

    def named(self, kind: NodeKind, ids: Iterable[str | None]) -> Rows:
        """Nodes that belong to no customer, or are one, as they stood; those of null are none."""
        wanted = {id_ for id_ in ids if id_ is not None}
        if is_scoped(kind):
            for id_ in wanted - {self._customer_id}:
                self._log.read(id_, {id_})
        elif wanted:
            self._log.read("", wanted)
        return self.nodes(kind, wanted)

    def nodes(self, kind: NodeKind, ids: Iterable[str]) -> Rows:
        """Nodes of which the log was read, as they stood."""
        wanted = set(ids)
        present: Rows = {
            (id_,): PastRow(node.row(kind), node.version, node.props.get("updated_at"))
            for id_, node in stored_nodes(kind, wanted, self._tx).items()
        }
        rows = self._walked_back(kind.plural, present)
        return {key: row for key, row in rows.items() if key[0] in wanted}

    def dated(self, rows: Rows, kind: NodeKind) -> Rows:
        """The rows, each with when it was written so; looks further back in the log for it."""
        undated = {key for key, row in rows.items() if row.updated_at is None}
        if not undated:
            return rows
        times = self._log.times_before(kind.plural, {k: rows[k].version for k in undated})
        return {
            key: row._replace(updated_at=row.updated_at or times.get(key))
            for key, row in rows.items()
        }

    # ----------------------------------------------------------------------------------------

    @cached_property
    def _present(self) -> Mapping[str, set[str]]:
        """First ends of the edges of the customer and ids of what names it now, by table."""
        customer_ids = [self._customer_id]
        present: dict[str, set[str]] = defaultdict(set)
        for table, key in edges_of_nodes(self._tx, CUSTOMER, customer_ids):
            present[table].add(key[0])
        for row in queries.rows(self._tx, f"references_to_{CUSTOMER.plural}", ids=customer_ids):
            present[row["table"]].add(row["id"])
        return present

    def _departures(self, kind: NodeKind) -> Iterator[tuple[str, str]]:
        """Nodes of a kind with the customers that they have left since, whoever they went to."""
        table = departures_from(kind)

        def read(after: str) -> list[Values]:
            return queries.rows(
                self._tx,
                "deletions_after",
                after=after,
                before=f"{table}\n",
                limit=DELETIONS_A_PAGE,
            )

        departures = pages(
            read,
            DELETIONS_A_PAGE,
            lambda row: f"{table}\t{row['deleted_at']}\t{row['id']}",
            after=f"{table}\t{self._start}",
        )
        for row in departures:
            id_, _, customer = row["id"].partition("\t")
            yield id_, customer

    def _read_elsewhere(
        self, kind: NodeKind, ids: set[str], customers: Mapping[str, set[str]]
    ) -> None:
        """Read the entries of these nodes in the logs of other customers."""
        elsewhere: dict[str, set[str]] = defaultdict(set)
        for id_ in ids:
            for other in customers.get(id_, ()):
                elsewhere[other].add(id_)
                elsewhere[""].add(id_)  # for a while it may have been at none
        there: set[str] = set()
        for batch in batches(sorted(ids)):
            for row in queries.rows(self._tx, f"customers_of_{kind.plural}", ids=batch):
                elsewhere[row["customer_id"]].add(row["id"])
                there.add(row["id"])
        gone = sorted(ids - there)
        for batch in batches([f"{kind.plural}/{id_}" for id_ in gone]):
            for row in queries.rows(self._tx, "deletions", ids=batch):
                elsewhere[row["scope"]].add(row["id"])
        elsewhere.pop(self._customer_id, None)
        for scope, names in elsewhere.items():
            self._log.read(scope, names)

    def _walked_back(self, table: str, present: Rows) -> Rows:
        """Rows of a table as they stood: those that are stored, and those that are gone."""
        rows: Rows = {}
        for key in present.keys() | self._log.keys(table):
            row = _before(present.get(key), self._log.since(table, key, self._when), table)
            if row is not None:
                if row.updated_at is None:
                    time = self._log.time_of(table, key, row.version)
                    row = row._replace(updated_at=time)
                rows[key] = row
        return rows


@dataclass(slots=True)
class _Log:
    """Entries since a time, by table and key, from the logs that were read."""

    tx: Transaction
    start: str
    tables: dict[str, dict[Key, list[_Dated]]] = field(default_factory=dict)
    _scopes: dict[str, set[str] | None] = field(default_factory=dict)
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def read(self, scope: str, names: set[str] | None) -> None:
        """Add the log of a customer; with `names` only notes that name one of them."""
        known = self._scopes.get(scope, set())
        if known is None:
            return
        parts = None if names is None else names - known
        if parts is not None and not parts:
            return
        self._scopes[scope] = None if parts is None else known | parts
        for note in notes_of_scope(self.tx, scope, after=self.start, parts=_texts(parts)):
            self._add(note)

    def _add(self, note: Mapping[str, Any]) -> None:
        for number, entry in entries_of(note):
            place = (note["id"], number)
            if place not in self._seen:
                self._seen.add(place)
                rows = self.tables.setdefault(entry.table, {})
                rows.setdefault(entry.key, []).append(_Dated(note["at"], place, entry))

    def keys(self, table: str) -> Iterable[Key]:
        """Keys of all rows of a table that are named."""
        return self.tables.get(table, {}).keys()

    def ids(self, table: str, customer_id: str) -> set[str]:
        """Ids that begin the keys of a table's rows in the log of a customer."""
        return {
            key[0]
            for key, dated in self.tables.get(table, {}).items()
            if any(change.entry.scope == customer_id for change in dated)
        }

    def since(self, table: str, key: Key, when: str) -> list[Entry]:
        """What happened to a row after an instant, the latest first."""
        later: list[Entry] = []
        last = ""
        for change in self._in_order(table, key):
            last = max(last, change.at)
            if last > when:
                later.append(change.entry)
        return later[::-1]

    def time_of(self, table: str, key: Key, version: int) -> str | None:
        """When a row was written that has this version, as far as the log was read."""
        times = (
            change.at
            for change in self._in_order(table, key)
            if change.entry.action != "delete" and change.entry.version == version
        )
        return next(times, None)

    def times_before(self, table: str, versions: Mapping[Key, int]) -> dict[Key, str]:
        """When rows of these versions were written, further back than the log was read."""
        times: dict[Key, str] = {}
        for scope, names in self._scopes.items():
            ids = {key[0] for key in versions.keys() - times.keys()}
            parts = sorted(ids) if names is None else sorted(ids & names)
            if not parts:
                continue
            texts = None if names is None else _texts(parts)
            for note in notes_before(self.tx, scope, before=self.start, parts=texts):
                for _, entry in entries_of(note):
                    written = entry.table == table and entry.action != "delete"
                    if written and versions.get(entry.key) == entry.version:
                        times.setdefault(entry.key, note["at"])
                if len(times) == len(versions):
                    return times
        return times

    def _in_order(self, table: str, key: Key) -> list[_Dated]:
        dated = self.tables.get(table, {}).get(key, [])
        if all(change.entry.version for change in dated):
            return sorted(dated, key=_by_version)
        return sorted(dated, key=lambda change: change.place)


def _by_version(change: _Dated) -> tuple[int, bool]:
    """A row is removed with the version that it had."""
    return change.entry.version, change.entry.action == "delete"


def _texts(names: Iterable[str] | None) -> list[str] | None:
    return None if names is None else sorted(as_part(name) for name in names)


def _before(present: PastRow | None, entries: list[Entry], table: str) -> PastRow | None:
    """A row before these entries, the latest of which comes first."""
    if not entries:
        return present
    kind = kind_of(table)
    # Older logs have in entries of a node what now stands in entries of its edges.
    elsewhere = kind.edge_columns if isinstance(kind, NodeKind) else frozenset()
    values = None if present is None else dict(present.values)
    version = 0
    for entry in entries:
        before = {n: v for n, v in (entry.before or {}).items() if n not in elsewhere}
        if entry.action == "create":
            values = None
        elif entry.action == "delete":
            values, version = before, entry.version
        else:
            values, version = (values or {}) | before, max(0, entry.version - 1)
    if values is None:
        return None
    filled = {name: value for name, value in values.items() if value is not None}
    return PastRow(filled, version, None)
