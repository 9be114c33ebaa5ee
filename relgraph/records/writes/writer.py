"""Writes what a program asked for: one operation or many, all of them or none.

Everything runs in one write transaction: what is stored is read, compared, changed and noted in
the change log. Whoever named a version gets a conflict with the present state if it is another.
Where two writers meet on one node or edge, the version that is compared in the database decides,
and the later one starts again from what the earlier has written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TypeVar

import orjson

from relgraph.database import Transaction
from relgraph.errors import (
    AlreadyThere,
    ConstraintViolated,
    DatabaseBusy,
    DatabaseUnavailable,
    HasDependents,
    NotFound,
    SharedRecord,
    VersionConflict,
    WriteRefused,
    because,
)
from relgraph.records.access import Access
from relgraph.records.log.change_log import ChangeLog, ChangeSet, Entry, is_noted
from relgraph.records.problems import Problem, coded_problem
from relgraph.records.reads.stored import StoredNode, as_stored, stored_edges, stored_nodes
from relgraph.records.rows import NOTHING, Key, Records, Row
from relgraph.records.search.entering import Node
from relgraph.records.search.index import index_written, touched_by
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
from relgraph.records.writes.steps import ConcurrentChange, Step, run_step
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.kinds import CUSTOMER, STAKEHOLDER, node_kind
from relgraph.schema.storage import JSON_FIELDS
from relgraph.schema.values import Values
from relgraph.words import Sentence, named

TRIES = 8
"""How often a write starts again after another one has changed what it had read."""

T = TypeVar("T")
Stored = dict[Key, StoredNode | Values]


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
        place of each problem: the number of its operation and the member); ConcurrentChange if
        another writer was faster.
        """
        for phase in _phases(_as_stored(operations, self.tx)):
            if removals := [operation for operation in phase if isinstance(operation, Removal)]:
                self._remove(removals)
            elif upserts := [operation for operation in phase if isinstance(operation, Upsert)]:
                self._upsert(upserts)
            for operation in phase:
                if isinstance(operation, Expectation):
                    self._expect(operation)
                elif isinstance(operation, Merge):
                    self._merge(operation)

    def close(self) -> Written:
        """Note what was done, and index it for search."""
        self._log.close()
        index_written(self.tx, self._touched, change_set=self._change.id, at=self._change.at)
        if self._log.size > self._first:
            self.written.change_set = self._change.id
        return self.written

    def _note(self, entries: list[Entry]) -> None:
        self._log.add(entries)
        self._touched |= touched_by(entries)

    def _expect(self, expectation: Expectation) -> None:
        before = _stored(expectation.kind, [expectation.key], self.tx).get(expectation.key)
        if before is None:
            raise VersionConflict(_named(expectation.kind, expectation.key), expectation.place)
        _match_version(expectation, before)

    def _merge(self, merge: Merge) -> None:
        kept, other = two_records(self.tx, merge)
        _match_version(merge, kept)
        if merge.duplicate_versions is not None and other.version not in merge.duplicate_versions:
            raise VersionConflict(_named(STAKEHOLDER, (merge.duplicate,)), merge.place)
        # Nobody may add to the duplicate what would then go with it.
        self._hold(STAKEHOLDER, (merge.duplicate,), other.version)
        self.run(merge_operations(self.tx, merge, kept, other))

    # making and changing --------------------------------------------------------------------

    def _upsert(self, operations: list[Upsert]) -> None:
        records = Records(newest_wins=False)
        for kind, group in _by_table(operations):
            stored = _stored(kind, [upsert.key for upsert in group], self.tx)
            for upsert in group:
                _refuse_nonsense(upsert)
                before = stored.get(upsert.key)
                values = self._kept(upsert, before, _checked(upsert, before))
                rows = records.tables.setdefault(kind.plural, {})
                # It is read again when it is compared, and may be another by then.
                seen = NOTHING if before is None else _version(before)
                rows[upsert.key] = Row(
                    upsert.place,
                    values,
                    upsert.version,
                    seen=seen,
                    scope=upsert.scope,
                    is_touched=upsert.is_touched,
                )
                records.files[kind.plural] = kind.plural
        reconcile_managers(records)
        findings = check_references(records, self.tx)
        self.written.warnings += records.warnings + findings.warnings
        if findings.problems:
            raise WriteRefused(sorted(findings.problems))
        self.write_rows(records)

    def write_rows(self, records: Records) -> Plan:
        """Write and note checked rows as far as they differ from what is stored."""
        self._log.know(records)
        plan = make_plan(records, self.tx, today=self._change.at[:10])
        for step in plan.steps:
            run_step(self.tx, step, self._change.at)
            self._note(step.entries)
        return plan

    def _kept(self, upsert: Upsert, before: StoredNode | Values | None, values: Values) -> Values:
        """The values without those that would cut a link which the viewer does not see.

        Raises NotFound for a customer that is not the viewer's to make, AlreadyThere for a new
        node whose id has one that is not seen, and SharedRecord for a person who would leave an
        employer that is not.
        """
        if self.tx.visible is None or not isinstance(upsert.kind, NodeKind):
            return values
        if upsert.kind is CUSTOMER and upsert.key[0] not in self.tx.visible:
            raise NotFound(upsert.kind.words, key_text(upsert.key), upsert.place)
        if before is None and stored_nodes(upsert.kind, [upsert.key[0]], self.tx):
            raise AlreadyThere(upsert.kind.words, key_text(upsert.key), upsert.place)
        if not isinstance(before, StoredNode):
            return values
        employer = before.employer
        if employer is not None and employer not in self.tx.visible:
            if "customer_id" in upsert.values:
                raise SharedRecord(upsert.kind.words, key_text(upsert.key), upsert.place)
            values.pop("customer_id", None)
        seen = visible_references(self.tx, upsert.kind, before.targets)
        return {
            name: value
            for name, value in values.items()
            if value is not None or before.targets.get(name, set()) <= seen.get(name, set())
        }

    # removing -------------------------------------------------------------------------------

    def _remove(self, operations: list[Removal]) -> None:
        plan = RemovalPlan()
        for kind, group in _by_table(operations):
            stored = _stored(kind, [removal.key for removal in group], self.tx)
            for removal in group:
                before = stored.get(removal.key)
                if before is None:
                    raise NotFound(kind.words, key_text(removal.key), removal.place)
                _match_version(removal, before)
                if removal.versions is not None:
                    self._hold(kind, removal.key, _version(before))
                if removal.merged_into is not None:
                    plan.merged[kind.plural, removal.key[0]] = removal.merged_into
            plan.edges |= {
                (kind.plural, key): edge for key, edge in stored.items() if isinstance(edge, dict)
            }
        self._plan_nodes([removal for removal in operations if removal.kind.is_node], plan)
        first = operations[0]
        refuse_shared(self.tx, plan, first.kind.words, key_text(first.key), first.place)
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
        """Add nodes to the plan; nodes that are removed together do not count as dependents."""
        for cascade, group in groupby(sorted(operations, key=_cascades), key=_cascades):
            places = {(removal.kind.plural, removal.key[0]): removal.place for removal in group}
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
        except (ConcurrentChange, ConstraintViolated) as error:
            if turn == TRIES - 1 and isinstance(error, ConstraintViolated):
                raise
            if turn == TRIES - 1:
                raise DatabaseBusy(because("others_write"), retry_after=1) from None
        except DatabaseUnavailable as error:
            if not error.details.get("outcome_unknown") or not is_noted(
                access, change, first=first
            ):
                raise
            return last[0]
    raise AssertionError("unreachable")


def _phases(operations: Sequence[Operation]) -> Iterator[list[Operation]]:
    """Runs of operations of one kind in which nothing is named twice."""
    for _, run in groupby(operations, key=lambda operation: type(operation)):
        phase: list[Operation] = []
        seen: set[tuple[str, Key]] = set()
        for operation in run:
            if (operation.kind.plural, operation.key) in seen:
                yield phase
                phase, seen = [], set()
            phase.append(operation)
            seen.add((operation.kind.plural, operation.key))
        yield phase


def _as_stored(operations: Sequence[Operation], tx: Transaction) -> list[Operation]:
    """Operations with the keys under which their edges are stored; a tie has one at each end."""
    named: dict[EdgeKind, list[Key]] = defaultdict(list)
    for operation in operations:
        if isinstance(operation.kind, EdgeKind):
            named[operation.kind].append(operation.key)
    stored = {kind: as_stored(kind, dict.fromkeys(keys), tx) for kind, keys in named.items()}

    def renamed(operation: Operation) -> Operation:
        kind = operation.kind
        if isinstance(kind, NodeKind) or stored[kind][operation.key] == operation.key:
            return operation
        key = stored[kind][operation.key]
        if not isinstance(operation, Upsert):
            return replace(operation, key=key)
        ends = dict(zip(kind.end_columns, key, strict=False))
        return replace(operation, key=key, values=operation.values | ends)

    return [renamed(operation) for operation in operations]


Op = TypeVar("Op", Upsert, Removal)


def _by_table(operations: list[Op]) -> Iterator[tuple[Kind, list[Op]]]:
    ordered = sorted(operations, key=lambda operation: operation.kind.plural)
    for _, group in groupby(ordered, key=lambda operation: operation.kind.plural):
        in_table = list(group)
        yield in_table[0].kind, in_table


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


def _refuse_nonsense(upsert: Upsert) -> None:
    """Refuse what is wrong whatever is stored: a required member cleared, an edge to itself."""

    def refuse(column: str, code: str, **values: str) -> WriteRefused:
        value = excerpt(upsert.values.get(column) or "")
        return WriteRefused(
            [coded_problem(upsert.kind.plural, upsert.place, column, value, code, **values)]
        )

    kind = upsert.kind
    for column in kind.required:
        if column in upsert.values and upsert.values[column] is None:
            raise refuse(column, "required")
    if not isinstance(kind, NodeKind):
        if kind.between_alike and upsert.key[0] == upsert.key[1]:
            raise refuse(kind.end_columns[1], "same_person" if kind.between_people else "same_node")
        return
    if upsert.values.get("id", upsert.key[0]) != upsert.key[0]:
        raise refuse("id", "other_id", id=excerpt(upsert.key[0]))
    if upsert.values.get("manager_id") == upsert.key[0]:
        raise refuse("manager_id", "own_manager")


def _checked(upsert: Upsert, before: StoredNode | Values | None) -> Values:
    """The values to write, if the operation may be carried out on what is stored."""
    if before is None and (upsert.must == "change" or upsert.versions is not None):
        raise NotFound(upsert.kind.words, key_text(upsert.key), upsert.place)
    if before is not None and upsert.must == "create":
        raise AlreadyThere(upsert.kind.words, key_text(upsert.key), upsert.place)
    if before is None:
        values = upsert.values | _merged_maps(upsert.values, None)
        return {name: value for name, value in values.items() if value is not None}
    _match_version(upsert, before)
    values = dict(upsert.values)
    if isinstance(before, StoredNode):
        values |= _merged_maps(values, before)
    if (
        isinstance(before, StoredNode)
        and isinstance(upsert.kind, NodeKind)
        and upsert.kind.customer
    ):
        customer = before.row(upsert.kind).get("customer_id")
        if customer is not None:
            values.setdefault("customer_id", customer)
    return values


def _merged_maps(values: Values, before: StoredNode | None) -> Values:
    """Maps as they are stored: a merge patch names the members that change, null removes one."""
    maps: Values = {}
    for name in JSON_FIELDS & values.keys():
        if not isinstance(values[name], dict):
            continue
        stored = before.props.get(name) if before else None
        merged = (orjson.loads(stored) if stored else {}) | values[name]
        merged = {key: value for key, value in merged.items() if value is not None}
        text = orjson.dumps(merged, option=orjson.OPT_SORT_KEYS).decode()
        maps[name] = text if merged else None
    return maps


def _version(before: StoredNode | Values) -> int:
    if isinstance(before, StoredNode):
        return before.version
    return int(before.get("version") or 0)


def _match_version(operation: Operation, before: StoredNode | Values) -> None:
    """Raise VersionConflict if another version was meant than the stored one."""
    if operation.versions is None:
        return
    if _version(before) not in operation.versions:
        raise VersionConflict(_named(operation.kind, operation.key), operation.place)


def _cascades(removal: Removal) -> bool:
    return removal.cascade


def _named(kind: Kind, key: Key) -> Sentence:
    return named(kind.words, key_text(key))


def key_text(key: Key) -> str:
    """A key as a sentence names it."""
    return " → ".join(part for part in key if part)
