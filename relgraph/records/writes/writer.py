"""Writes what a program asked for: one operation or many, all of them or none.

Everything runs in one write transaction: what is stored is read, compared, changed and noted in
the change log. Whoever named a version gets a conflict with the present state if it is another.
Where two writers meet on one node or edge, the version that is compared in the database decides,
and the later one starts again from what the earlier has written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, TypeVar

import orjson

from relgraph.database import Transaction
from relgraph.errors import (
    AlreadyThere,
    ConstraintViolated,
    DatabaseUnavailable,
    HasDependents,
    NotFound,
    SharedRecord,
    VersionConflict,
    WriteRefused,
)
from relgraph.records.access import Access
from relgraph.records.log.change_log import ChangeLog, ChangeSet, Entry, is_noted
from relgraph.records.problems import Problem, told
from relgraph.records.reads.stored import (
    StoredNode,
    as_stored,
    stored_edges,
    stored_nodes,
)
from relgraph.records.rows import NOTHING, Key, Records, Row
from relgraph.records.search.index import Node, index_written, touched_by
from relgraph.records.tables.cells import excerpt
from relgraph.records.visibility import visible_keys, visible_references
from relgraph.records.writes.managers import reconcile_managers
from relgraph.records.writes.merging import merge_operations, two_records
from relgraph.records.writes.operations import Expectation, Merge, Operation, Removal, Upsert
from relgraph.records.writes.plan import Plan, make_plan
from relgraph.records.writes.references import check_references
from relgraph.records.writes.removal import (
    RemovalPlan,
    carry_out,
    entries_of,
    plan_removal,
    refuse_shared,
)
from relgraph.records.writes.steps import Overtaken, Step, run_step
from relgraph.schema.kind import Kind, NodeKind
from relgraph.schema.kinds import CUSTOMER, STAKEHOLDER, node_kind
from relgraph.schema.storage import JSON_FIELDS

TRIES = 8
"""How often a write starts again after another one has changed what it had read."""

T = TypeVar("T")
Stored = dict[Key, StoredNode | dict[str, Any]]


@dataclass(slots=True)
class Written:
    """What a write did. `change_set` is None if it changed nothing."""

    change_set: str | None = None
    warnings: list[Problem] = field(default_factory=list)


class Writer:
    """Carries operations out in one transaction and notes them as one change.

    `first` and `queue` are those of the `ChangeLog`, for a change of several transactions.
    """

    def __init__(
        self, tx: Transaction, change: ChangeSet, *, first: int = 0, queue: bool = True
    ) -> None:
        self.tx = tx
        self._change = change
        self._log = ChangeLog(tx, change, first=first, queue=queue)
        self._first = first
        self._touched: set[Node] = set()
        self._held: set[tuple[str, Key]] = set()
        self.written = Written()

    def know_created(self, entries: Iterable[Entry]) -> None:
        """Learn from entries of an earlier write whose the nodes were to be that it made."""
        self._log.know_created(entries)

    def run(self, operations: Sequence[Operation]) -> None:
        """Carry out operations in their order.

        Raises NotFound, AlreadyThere, VersionConflict, HasDependents and WriteRefused (with the
        place of each problem: the number of its operation and the member); Overtaken if another
        writer was faster.
        """
        for phase in _phases([_as_stored(one, self.tx) for one in operations]):
            if removals := [one for one in phase if isinstance(one, Removal)]:
                self._remove(removals)
            elif upserts := [one for one in phase if isinstance(one, Upsert)]:
                self._upsert(upserts)
            for one in phase:
                if isinstance(one, Expectation):
                    self._expect(one)
                elif isinstance(one, Merge):
                    self._merge(one)

    def close(self) -> Written:
        """Note what was done, and enter it into the index of search."""
        self._log.close()
        index_written(self.tx, self._touched, change_set=self._change.id, at=self._change.at)
        if self._log.size > self._first:
            self.written.change_set = self._change.id
        return self.written

    def _note(self, entries: list[Entry]) -> None:
        self._log.add(entries)
        self._touched |= touched_by(entries)

    def _expect(self, one: Expectation) -> None:
        before = _stored(one.kind, [one.key], self.tx).get(one.key)
        if before is None:
            raise VersionConflict(_named(one), one.place)
        _match_version(one, before)

    def _merge(self, one: Merge) -> None:
        kept, other = two_records(self.tx, one)
        _match_version(one, kept)
        if one.duplicate_versions is not None and other.version not in one.duplicate_versions:
            raise VersionConflict(f"The {STAKEHOLDER.words} “{one.duplicate}”", one.place)
        # Nobody may add to the duplicate what would then go with it.
        self._hold(STAKEHOLDER, (one.duplicate,), other.version)
        self.run(merge_operations(self.tx, one, kept, other))

    # making and changing --------------------------------------------------------------------

    def _upsert(self, operations: list[Upsert]) -> None:
        records = Records(newest_wins=False)
        for kind, group in _by_table(operations):
            stored = _stored(kind, [one.key for one in group], self.tx)
            for one in group:
                _refuse_nonsense(one)
                before = stored.get(one.key)
                values = self._kept(one, before, _checked(one, before))
                rows = records.tables.setdefault(kind.plural, {})
                # It is read again when it is compared, and may be another by then.
                seen = NOTHING if before is None else _version(before)
                rows[one.key] = Row(
                    one.place,
                    values,
                    one.version,
                    seen=seen,
                    scope=one.scope,
                    is_touched=one.is_touched,
                )
                records.files[kind.plural] = kind.plural
        reconcile_managers(records)
        found = check_references(records, self.tx)
        self.written.warnings += records.warnings + found.warnings
        if found.problems:
            raise WriteRefused(sorted(found.problems))
        self.write_rows(records)

    def write_rows(self, records: Records) -> Plan:
        """Write and note checked rows as far as they differ from what is stored."""
        self._log.know(records)
        plan = make_plan(records, self.tx, today=self._change.at[:10])
        for step in plan.steps:
            run_step(self.tx, step, self._change.at)
            self._note(step.entries)
        return plan

    def _kept(
        self, one: Upsert, before: StoredNode | dict[str, Any] | None, values: dict[str, Any]
    ) -> dict[str, Any]:
        """The values without those that would cut a link which the viewer does not see.

        Raises NotFound for a customer that is not the viewer's to make, AlreadyThere for a new
        node whose id has one that is not seen, and SharedRecord for a person who would leave an
        employer that is not.
        """
        if self.tx.visible is None or not isinstance(one.kind, NodeKind):
            return values
        if one.kind is CUSTOMER and one.key[0] not in self.tx.visible:
            raise NotFound(one.kind.words, said(one.key), one.place)
        if before is None and stored_nodes(one.kind, [one.key[0]], self.tx):
            raise AlreadyThere(one.kind.words, said(one.key), one.place)
        if not isinstance(before, StoredNode):
            return values
        employer = before.employer
        if employer is not None and employer not in self.tx.visible:
            if "customer_id" in one.values:
                raise SharedRecord(one.kind.words, said(one.key), one.place)
            values.pop("customer_id", None)
        seen = visible_references(self.tx, one.kind, before.targets)
        return {
            name: value
            for name, value in values.items()
            if value is not None or before.targets.get(name, set()) <= seen.get(name, set())
        }

    # removing -------------------------------------------------------------------------------

    def _remove(self, operations: list[Removal]) -> None:
        plan = RemovalPlan()
        for kind, group in _by_table(operations):
            stored = _stored(kind, [one.key for one in group], self.tx)
            for one in group:
                before = stored.get(one.key)
                if before is None:
                    raise NotFound(kind.words, said(one.key), one.place)
                _match_version(one, before)
                if one.versions is not None:
                    self._hold(kind, one.key, _version(before))
                if one.merged_into is not None:
                    plan.merged[kind.plural, one.key[0]] = one.merged_into
            plan.edges |= {
                (kind.plural, key): edge for key, edge in stored.items() if isinstance(edge, dict)
            }
        self._plan_nodes([one for one in operations if one.kind.is_node], plan)
        first = operations[0]
        refuse_shared(self.tx, plan, first.kind.words, said(first.key), first.place)
        self._detach(plan)
        self._note([self._as_it_was(entry) for entry in entries_of(plan)])
        carry_out(self.tx, plan)

    def _hold(self, kind: Kind, key: Key, version: int) -> None:
        """Keep others from changing what is removed on condition that it is as it was read."""
        row = {**kind.stored_row(key), "version": version, "props": {}}
        run_step(self.tx, Step(f"update_{kind.plural}", [row]), self._change.at)
        if kind.is_node:  # it is read again
            self._held.add((kind.plural, key))

    def _as_it_was(self, entry: Entry) -> Entry:
        """A removal with the version that others have seen: to hold a node counts it on."""
        held = (entry.table, entry.key) in self._held
        return entry._replace(version=entry.version - 1) if held else entry

    def _plan_nodes(self, operations: list[Removal], plan: RemovalPlan) -> None:
        """Add nodes to the plan; those that are removed together do not hang on each other."""
        for cascade, group in groupby(sorted(operations, key=_cascades), key=_cascades):
            places = {(one.kind.plural, one.key[0]): one.place for one in group}
            requested = set(places)
            part = plan_removal(self.tx, requested)
            if not cascade and part.seen_in(self.tx).dependents(requested):
                for (name, id_), place in places.items():
                    alone = plan_removal(self.tx, {(name, id_)}).seen_in(self.tx)
                    if dependents := alone.dependents(requested):
                        raise HasDependents(node_kind(name).words, id_, place, dependents)
            plan.add(part)

    def _detach(self, plan: RemovalPlan) -> None:
        """What stays loses its references to what goes."""
        records = Records(newest_wins=False)
        for name, id_, column in sorted(plan.references):
            rows = records.tables.setdefault(name, {})
            rows.setdefault((id_,), Row(0, {"id": id_})).values[column] = None
        self.write_rows(records)


def write(
    access: Access,
    change: ChangeSet,
    work: Callable[[Writer], T],
    *,
    first: int = 0,
    bookmarks: Sequence[str] | None = None,
) -> tuple[T, Written]:
    """Run `work` in a write transaction: all that it does is written and noted, or nothing.

    It runs again after another writer was faster; and where the answer to the commit is lost,
    the change log says whether it was written. `first` is the number of its first entry, where
    the change has several transactions.
    """
    last: list[tuple[T, Written]] = []

    def unit(tx: Transaction) -> tuple[T, Written]:
        writer = Writer(tx, change, first=first)
        result = work(writer)
        last[:] = [(result, writer.close())]
        return last[0]

    for turn in range(TRIES):
        try:
            return access.write(unit, bookmarks=bookmarks)
        except (Overtaken, ConstraintViolated) as error:
            if turn == TRIES - 1 and isinstance(error, ConstraintViolated):
                raise
            if turn == TRIES - 1:
                raise DatabaseUnavailable(
                    "Others keep changing the same records.", remedy="Try again.", retry_after=1
                ) from None
        except DatabaseUnavailable as error:
            if not error.details.get("outcome_unknown") or not is_noted(
                access, change, first=first
            ):
                raise
            return last[0]
    raise AssertionError("unreachable")


def _phases(operations: Sequence[Operation]) -> Iterator[list[Operation]]:
    """Runs of operations of one kind in which nothing is named twice."""
    for _, run in groupby(operations, key=lambda one: type(one)):
        phase: list[Operation] = []
        seen: set[tuple[str, Key]] = set()
        for one in run:
            if (one.kind.plural, one.key) in seen:
                yield phase
                phase, seen = [], set()
            phase.append(one)
            seen.add((one.kind.plural, one.key))
        yield phase


def _as_stored(one: Operation, tx: Transaction) -> Operation:
    """The operation with its tie told from the end from which it is stored."""
    key = as_stored(one.kind, one.key, tx)
    if key == one.key:
        return one
    if not isinstance(one, Upsert) or isinstance(one.kind, NodeKind):
        return replace(one, key=key)
    ends = dict(zip(one.kind.end_columns, key, strict=False))
    return replace(one, key=key, values=one.values | ends)


Op = TypeVar("Op", Upsert, Removal)


def _by_table(operations: list[Op]) -> Iterator[tuple[Kind, list[Op]]]:
    ordered = sorted(operations, key=lambda one: one.kind.plural)
    for _, group in groupby(ordered, key=lambda one: one.kind.plural):
        found = list(group)
        yield found[0].kind, found


def _stored(kind: Kind, keys: list[Key], tx: Transaction) -> Stored:
    """What is stored of these keys; what the viewer may not see is not there."""
    stored: Stored
    if isinstance(kind, NodeKind):
        nodes = stored_nodes(kind, (key[0] for key in keys), tx)
        stored = {(id_,): node for id_, node in nodes.items()}
    else:
        stored = dict(stored_edges(kind, keys, tx))
    seen = visible_keys(tx, kind, stored)
    return {key: before for key, before in stored.items() if key in seen}


def _refuse_nonsense(one: Upsert) -> None:
    """What no row can say, whatever is stored: required members are kept, nobody is alone."""

    def refuse(column: str, code: str, **values: str) -> WriteRefused:
        value = excerpt(one.values.get(column) or "")
        return WriteRefused([told(one.kind.plural, one.place, column, value, code, **values)])

    kind = one.kind
    for column in kind.required:
        if column in one.values and one.values[column] is None:
            raise refuse(column, "required")
    if not isinstance(kind, NodeKind):
        if kind.between_alike and one.key[0] == one.key[1]:
            raise refuse(kind.end_columns[1], "same_person" if kind.between_people else "same_node")
        return
    if one.values.get("id", one.key[0]) != one.key[0]:
        raise refuse("id", "other_id", id=excerpt(one.key[0]))
    if one.values.get("manager_id") == one.key[0]:
        raise refuse("manager_id", "own_manager")


def _checked(one: Upsert, before: StoredNode | dict[str, Any] | None) -> dict[str, Any]:
    """The values to write, if the operation may be carried out on what is stored."""
    if before is None and (one.must == "change" or one.versions is not None):
        raise NotFound(one.kind.words, said(one.key), one.place)
    if before is not None and one.must == "create":
        raise AlreadyThere(one.kind.words, said(one.key), one.place)
    if before is None:
        values = one.values | _merged_maps(one.values, None)
        return {name: value for name, value in values.items() if value is not None}
    _match_version(one, before)
    values = dict(one.values)
    if isinstance(before, StoredNode):
        values |= _merged_maps(values, before)
    if isinstance(before, StoredNode) and isinstance(one.kind, NodeKind) and one.kind.customer:
        customer = before.row(one.kind).get("customer_id")
        if customer is not None:
            values.setdefault("customer_id", customer)
    return values


def _merged_maps(values: dict[str, Any], before: StoredNode | None) -> dict[str, Any]:
    """Maps as they are stored: a merge patch names the members that change, null takes one out."""
    found: dict[str, Any] = {}
    for name in JSON_FIELDS & values.keys():
        if not isinstance(values[name], dict):
            continue
        stored = before.props.get(name) if before else None
        merged = (orjson.loads(stored) if stored else {}) | values[name]
        merged = {key: value for key, value in merged.items() if value is not None}
        text = orjson.dumps(merged, option=orjson.OPT_SORT_KEYS).decode()
        found[name] = text if merged else None
    return found


def _version(before: StoredNode | dict[str, Any]) -> int:
    if isinstance(before, StoredNode):
        return before.version
    return int(before.get("version") or 0)


def _match_version(one: Operation, before: StoredNode | dict[str, Any]) -> None:
    """Raise VersionConflict if another version was meant than the stored one."""
    if one.versions is None:
        return
    if _version(before) not in one.versions:
        raise VersionConflict(_named(one), one.place)


def _cascades(one: Removal) -> bool:
    return one.cascade


def _named(one: Operation) -> str:
    return f"The {one.kind.words} “{said(one.key)}”"


def said(key: Key) -> str:
    """A key as a sentence names it."""
    return " → ".join(part for part in key if part)
