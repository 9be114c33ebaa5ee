"""Compares checked records with what is stored: what has to be written, and what takes it back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from relgraph.database import Transaction
from relgraph.records.log.change_log import Entry
from relgraph.records.reads.stored import (
    EMPLOYMENT,
    former_versions,
    key_names,
    stored_edges,
    stored_nodes,
)
from relgraph.records.rows import NOTHING, Key, Records, Row, both_ways, defaults
from relgraph.records.writes.external_ids import COLUMN, ExternalIds
from relgraph.records.writes.links import Links
from relgraph.records.writes.steps import Item, Overtaken, Step, make_steps
from relgraph.schema.storage import SYSTEM_FIELDS
from relgraph.schema.tables import TABLES, Table


@dataclass(slots=True)
class Counts:
    """What an import does to one table."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Plan:
    """Steps in the order in which they must run."""

    steps: list[Step] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(len(step.rows) for step in self.steps)


def make_plan(records: Records, tx: Transaction, *, today: str) -> Plan:
    """Compare everything: nodes are written first, then links between them, then edges."""
    planner = _Planner(records, tx, today)
    for table in TABLES:
        rows = records.tables.get(table.name)
        if rows and table.is_node:
            planner.add_nodes(table, rows)
        elif rows:
            planner.add_edges(table, rows)
    planner.plan.steps += planner.later
    return planner.plan


class _Planner:
    """Fills a plan table by table. `later` are the steps that run when all nodes are there."""

    def __init__(self, records: Records, tx: Transaction, today: str) -> None:
        self.plan = Plan()
        self.later: list[Step] = []
        self._records = records
        self._tx = tx
        self._today = today
        self._born: set[tuple[str, str]] = set()
        self._employed: set[Key] = set()

    # nodes --------------------------------------------------------------------------------

    def add_nodes(self, table: Table, rows: dict[Key, Row]) -> None:
        counts = self.plan.counts[table.name] = Counts()
        stored = stored_nodes(table, (key[0] for key in rows), self._tx)
        links = Links(table, self._records, stored, self._tx, self._today)
        external = ExternalIds(table)
        former = former_versions(table, (key for key in rows if key[0] not in stored), self._tx)
        label = table.model.label  # type: ignore[union-attr]
        create: list[Item] = []
        update: list[Item] = []
        for (id_,), row in rows.items():
            before = stored.get(id_)
            _refuse_overtaken(row, None if before is None else before.version)
            props = _own_props(table, row)
            left, joined = links.note(id_, row, before)
            if before is None:
                new = {name: value for name, value in props.items() if value is not None}
                joined = {name: value for name, value in joined.items() if value is not None}
                version = max(row.version, former.get((id_,), 0) + 1)
                entry = Entry(table.name, (id_,), "create", None, new | joined, version)
                create.append(_creation({"id": id_}, new, version, entry))
                external.note(id_, None, new.get(COLUMN))
                counts.created += 1
                self._born.add((label, id_))
                continue
            changed = {n: value for n, value in props.items() if before.props.get(n) != value}
            if not changed and not joined:
                counts.unchanged += 1
                continue
            counts.changed += 1
            old = {name: before.props.get(name) for name in changed}
            version = before.version + 1
            entry = Entry(table.name, (id_,), "update", old | left, changed | joined, version)
            update.append(_change({"id": id_}, before.version, changed, old, entry))
            if COLUMN in changed:
                external.note(id_, old[COLUMN], changed[COLUMN])
        self.plan.steps += [*external.first_steps(), *_written(table, create, update)]
        self.later += [*links.steps(), *external.last_steps()]
        self._employed |= links.employed

    # edges --------------------------------------------------------------------------------

    def add_edges(self, table: Table, rows: dict[Key, Row]) -> None:
        counts = self.plan.counts[table.name] = Counts()
        names = key_names(table)
        stored = self._stored(table, rows)
        if table.name == "relations":
            rows = self._as_first_written(table, rows, stored)
        former = former_versions(table, (key for key in rows if key not in stored), self._tx)
        create: list[Item] = []
        update: list[Item] = []
        for key, row in rows.items():
            ends = dict(zip(names, key, strict=True))
            props = {n: v for n, v in row.values.items() if n not in names[:2]}
            before = stored.get(key)
            version = int(before.get("version") or 0) if before else 0
            _refuse_overtaken(row, None if before is None else version)
            if before is None:
                counts.created += 1
                if table.name == "employments" and key in self._employed:
                    continue  # written and noted with the person
                new = {name: value for name, value in props.items() if value is not None}
                new = defaults(table) | new
                version = max(row.version, former.get(key, 0) + 1)
                said = {name: value for name, value in new.items() if name not in SYSTEM_FIELDS}
                entry = Entry(table.name, key, "create", None, said, version)
                create.append(_creation(ends, new, version, entry))
                continue
            changed = {name: value for name, value in props.items() if before.get(name) != value}
            older = (props.get("assessed_at") or "") < (before.get("assessed_at") or "")
            if not changed or (self._records.newest_wins and "assessed_at" in props and older):
                counts.unchanged += 1
                continue
            counts.changed += 1
            old = {name: before.get(name) for name in changed}
            entry = Entry(table.name, key, "update", old, changed, version + 1)
            update.append(_change(ends, version, changed, old, entry))
        self.later += _written(table, create, update)

    def _stored(self, table: Table, keys: dict[Key, Row]) -> dict[Key, dict[str, Any]]:
        """Stored edges; nothing hangs on a node yet that this import makes."""
        first, second = (table.refs[name] for name in key_names(table)[:2])
        known = [
            key
            for key in keys
            if (first, key[0]) not in self._born and (second, key[1]) not in self._born
        ]
        return stored_edges(table, known, self._tx)

    def _as_first_written(
        self, table: Table, rows: dict[Key, Row], stored: dict[Key, dict[str, Any]]
    ) -> dict[Key, Row]:
        """The rows with ties that are stored from the other end turned round; adds to `stored`."""
        turned = {
            key: (key[1], key[0], *key[2:])
            for key, row in rows.items()
            if key not in stored and both_ways(row.values)
        }
        there = self._stored(table, {turned[key]: rows[key] for key in turned})
        found = {key: edge for key, edge in there.items() if both_ways(edge)}
        stored.update(found)
        return {turned[key] if turned.get(key) in found else key: row for key, row in rows.items()}


def _refuse_overtaken(row: Row, version: int | None) -> None:
    """Raise Overtaken if what is stored is not what the row was made for."""
    if row.seen is not None and row.seen != (NOTHING if version is None else version):
        raise Overtaken("It has been changed since it was read.")


def _own_props(table: Table, row: Row) -> dict[str, Any]:
    """What a row says of the node itself."""
    elsewhere = {"id", *table.refs, *(EMPLOYMENT if table.name == "stakeholders" else ())}
    return {name: value for name, value in row.values.items() if name not in elsewhere}


def _creation(key: dict[str, Any], props: dict[str, Any], version: int, entry: Entry) -> Item:
    made = {**key, "props": props}
    if version > 1:
        made["version"] = version
    return Item(made, key, entry)


def _change(
    key: dict[str, Any], version: int, new: dict[str, Any], old: dict[str, Any], entry: Entry
) -> Item:
    return Item(
        {**key, "version": version, "props": new},
        {**key, "version": version + 1, "props": old},
        entry,
    )


def _written(table: Table, create: list[Item], update: list[Item]) -> list[Step]:
    change = f"update_{table.name}"
    return [
        *make_steps(f"create_{table.name}", f"delete_{table.name}", create),
        *make_steps(change, change, update),
    ]


def summary(counts: dict[str, Counts]) -> dict[str, int]:
    """Created, changed and unchanged rows over all tables."""
    total: Counter[str] = Counter()
    for count in counts.values():
        total.update(created=count.created, changed=count.changed, unchanged=count.unchanged)
    return dict(total)
