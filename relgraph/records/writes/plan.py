"""Compares checked records with what is stored: what has to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from relgraph.database import Transaction
from relgraph.records.log.change_log import Entry
from relgraph.records.long_tables import slices
from relgraph.records.reads.stored import former_versions, stored_edges, stored_nodes
from relgraph.records.rows import NOTHING, Key, Records, Row, Table, defaults
from relgraph.records.writes.creations import Creations
from relgraph.records.writes.external_ids import COLUMN, ExternalIds
from relgraph.records.writes.links import Links
from relgraph.records.writes.people import PeopleRows
from relgraph.records.writes.steps import ConcurrentChange, Item, Step, Steps, make_steps
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.kinds import KINDS, STAKEHOLDER
from relgraph.schema.storage import SYSTEM_FIELDS
from relgraph.schema.values import Values


@dataclass(slots=True)
class Counts:
    """What an import does to one table."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Plan:
    """Steps in the order in which they must run."""

    steps: Steps = field(default_factory=Steps)
    counts: dict[str, Counts] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.steps.rows


def make_plan(records: Records, tx: Transaction, *, today: str, at_once: bool = True) -> Plan:
    """Compare everything: nodes are written first, then links between them, then edges.

    Where it is not written `at_once`, in one transaction, others may join the new nodes before
    the edges are written.
    """
    planner = _Planner(records, tx, today, at_once=at_once)
    for kind in KINDS:
        if isinstance(kind, NodeKind):
            for rows in slices(records.tables.get(kind.plural, {})):
                planner.add_nodes(kind, rows)
        else:
            for rows in slices(planner.people.rows_of(kind)):
                planner.add_edges(kind, rows)
    planner.plan.steps.extend(planner.people.removals(tx))
    planner.plan.steps.extend(planner.later)
    return planner.plan


class _Planner:
    """Fills a plan table by table. `later` are the steps that run when all nodes are there."""

    def __init__(self, records: Records, tx: Transaction, today: str, *, at_once: bool) -> None:
        self.plan = Plan()
        self._at_once = at_once
        self.later = Steps()
        self._records = records
        self._tx = tx
        self.people = PeopleRows(records, today)
        self._there: dict[str, set[str]] = {}
        """The ids of nodes that are stored and have rows, by the label of their kind."""

    # nodes --------------------------------------------------------------------------------

    def add_nodes(self, kind: NodeKind, rows: Table) -> None:
        """Compare rows of a kind; there may be more of it."""
        counts = self.plan.counts.setdefault(kind.plural, Counts())
        stored = stored_nodes(kind, (key[0] for key in rows), self._tx)
        self._there.setdefault(kind.label, set()).update(stored)
        links = Links(kind)
        external = ExternalIds(kind)
        former = former_versions(kind, (key for key in rows if key[0] not in stored), self._tx)
        elsewhere = {"id", *kind.refs, *kind.carried}
        new_nodes = Creations(kind)
        update: list[Item] = []
        for (id_,), row in rows.items():
            before = stored.get(id_)
            _refuse_overtaken(row, None if before is None else before.version)
            touched = row.is_touched
            if kind is STAKEHOLDER:
                touched = self.people.add(id_, row, before) or touched
            props = {name: v for name, v in row.values.items() if name not in elsewhere}
            left, joined = links.note(id_, row, before)
            if before is None:
                new = _filled(props)
                version = max(row.version, former.get((id_,), 0) + 1)
                entry = Entry(kind.plural, (id_,), "create", None, new | _filled(joined), version)
                new_nodes.note((id_,), new, entry)
                external.note(id_, None, new.get(COLUMN))
                counts.created += 1
                continue
            changed = {n: value for n, value in props.items() if before.props.get(n) != value}
            if not changed and not joined and not touched:
                counts.unchanged += 1
                continue
            counts.changed += 1
            old = {name: before.props.get(name) for name in changed}
            version = before.version + 1
            entry = Entry(kind.plural, (id_,), "update", old | left, changed | joined, version)
            update.append(_change({"id": id_}, before.version, changed, entry))
            if COLUMN in changed:
                external.note(id_, old[COLUMN], changed[COLUMN])
        self.plan.steps.extend([*external.first_steps(), *_written(kind, new_nodes, update)])
        self.later.extend([*links.steps(), *external.last_steps()])

    # edges --------------------------------------------------------------------------------

    def add_edges(self, kind: EdgeKind, rows: Table) -> None:
        """Compare rows of a kind; there may be more of it."""
        counts = Counts()
        if kind.plural in self._records.tables:
            counts = self.plan.counts.setdefault(kind.plural, counts)
        names, end_columns, usual = kind.key_names, kind.end_columns, defaults(kind)
        stored = self._stored(kind, rows)
        if kind.may_be_symmetric:
            rows = self._as_first_written(kind, rows, stored)
        former = former_versions(kind, (key for key in rows if key not in stored), self._tx)
        new_edges = Creations(kind)
        update: list[Item] = []
        for key, row in rows.items():
            ends = dict(zip(names, key, strict=True))
            props = {n: v for n, v in row.values.items() if n not in end_columns}
            before = stored.get(key)
            version = int(before.get("version") or 0) if before else 0
            _refuse_overtaken(row, None if before is None else version)
            counted = 0 if row.is_derived else 1
            if before is None:
                counts.created += counted
                new = {**usual, **_filled(props)}
                version = max(row.version, former.get(key, 0) + 1)
                noted = new  # the same dict: there are as many as rows
                if not SYSTEM_FIELDS.isdisjoint(new):
                    noted = {name: v for name, v in new.items() if name not in SYSTEM_FIELDS}
                entry = Entry(kind.plural, key, "create", None, noted, version)
                is_alone = self._at_once and self._hangs_on_new(kind, key)
                new_edges.note(key, new, entry, is_alone=is_alone)
                continue
            changed = {name: value for name, value in props.items() if before.get(name) != value}
            older = (props.get("assessed_at") or "") < (before.get("assessed_at") or "")
            if not changed or (self._records.newest_wins and "assessed_at" in props and older):
                counts.unchanged += counted
                continue
            counts.changed += counted
            old = {name: before.get(name) for name in changed}
            entry = Entry(kind.plural, key, "update", old, changed, version + 1)
            update.append(_change(ends, version, changed, entry))
        self.later.extend(_written(kind, new_edges, update))

    def _stored(self, kind: EdgeKind, keys: Iterable[Key]) -> dict[Key, Values]:
        """Stored edges; nothing hangs on a node yet that this import makes."""
        return stored_edges(
            kind, (key for key in keys if not self._hangs_on_new(kind, key)), self._tx
        )

    def _hangs_on_new(self, kind: EdgeKind, key: Key) -> bool:
        """Whether an end of an edge is a node that the same write makes."""
        return any(self._is_new(end, id_) for end, id_ in zip(kind.ends, key, strict=False))

    def _is_new(self, kind: NodeKind, id_: str) -> bool:
        rows, there = self._records.tables.get(kind.plural, {}), self._there.get(kind.label, ())
        return (id_,) in rows and id_ not in there

    def _as_first_written(
        self, kind: EdgeKind, rows: Table, stored: dict[Key, Values]
    ) -> dict[Key, Row]:
        """The rows with ties that are stored from the other end turned round; adds to `stored`."""
        turned = {
            key: kind.turned(key)
            for key, row in rows.items()
            if key not in stored and kind.is_symmetric(row.values)
        }
        there = self._stored(kind, turned.values())
        symmetric = {key: edge for key, edge in there.items() if kind.is_symmetric(edge)}
        stored.update(symmetric)
        return {
            turned[key] if turned.get(key) in symmetric else key: row for key, row in rows.items()
        }


def _refuse_overtaken(row: Row, version: int | None) -> None:
    """Raise ConcurrentChange if what is stored is not what the row was made for."""
    if row.seen is not None and row.seen != (NOTHING if version is None else version):
        raise ConcurrentChange("It has been changed since it was read.")


def _filled(values: Values) -> Values:
    """The values without those that are null."""
    return {name: value for name, value in values.items() if value is not None}


def _change(key: Values, version: int, props: Values, entry: Entry) -> Item:
    return Item({**key, "version": version, "props": props}, entry)


def _written(kind: Kind, new: Creations, update: list[Item]) -> list[Step]:
    return [*new.steps(), *make_steps(f"update_{kind.plural}", update)]


def summary(counts: dict[str, Counts]) -> dict[str, int]:
    """Created, changed and unchanged rows over all tables."""
    total: Counter[str] = Counter()
    for count in counts.values():
        total.update(created=count.created, changed=count.changed, unchanged=count.unchanged)
    return dict(total)
