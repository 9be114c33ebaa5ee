"""Imports records: read, check all of them, compare, write; in one transaction, or not at all.

Up to `ROWS_PER_TRANSACTION` rows go in one transaction. More are written in parts (see `in_parts`):
an interrupted import goes on from where it was, or is rolled back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import ConstraintViolated, DatabaseUnavailable, ImportRefused, because
from relgraph.records.access import Access
from relgraph.records.activities.store import (
    contradictory,
    refuse_future,
    settle_older_calendars,
)
from relgraph.records.exports.past import Past, find_past, read_past
from relgraph.records.imports import in_parts
from relgraph.records.imports.check import check, count_faults
from relgraph.records.imports.made import sources_of
from relgraph.records.imports.profiles.apply import apply_profile
from relgraph.records.imports.profiles.known import profiles_for
from relgraph.records.imports.profiles.model import Profile
from relgraph.records.imports.profiles.report import Mapping
from relgraph.records.imports.restore import is_empty, restore
from relgraph.records.log.change_log import ChangeLog, ChangeSet, Scopes, begin_change
from relgraph.records.problems import Problem, coded_problem
from relgraph.records.progress import Progress, no_progress
from relgraph.records.reads.stored import stored_nodes
from relgraph.records.rows import Records
from relgraph.records.search.entering import Node
from relgraph.records.search.index import EVERYTHING, Made, index_pending, index_written, touched_by
from relgraph.records.tables.conventions import UNSAID, Conventions
from relgraph.records.tables.raw import Source
from relgraph.records.tables.sources import read_source
from relgraph.records.writes.parts import Work, adopt_older, unfinished_work
from relgraph.records.writes.plan import Counts, Plan, make_plan, summary
from relgraph.records.writes.references import check_references
from relgraph.records.writes.steps import ConcurrentChange, run_step
from relgraph.schema.kinds import node_kind

ROWS_PER_TRANSACTION = 50_000
"""Rows that one transaction may hold on either database with 1 GB of heap."""
PATIENCE_S, ROWS_OF_PATIENCE = 600, 100_000
"""Seconds in which rows must be compared with what is stored; as many again for each so many."""
TRIES = 3
"""How often an import compares again after somebody else has changed what it had read."""


@dataclass(slots=True)
class ImportResult:
    """What an import did, or with `dry_run` would do."""

    source: str
    counts: dict[str, Counts] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    dry_run: bool = False
    import_id: str | None = None
    change_set: str | None = None
    """What the change log calls this import; null if it wrote nothing, or the past with it."""
    past: bool = False
    """Whether the change log of the export came along, with versions and times."""
    seconds: float = 0.0
    mapping: Mapping | None = None
    """What became of another system's export."""

    @property
    def totals(self) -> dict[str, int]:
        """Created, changed and unchanged rows in all."""
        return summary(self.counts)


def import_records(
    access: Access,
    path: Path,
    *,
    dry_run: bool = False,
    clear_blanks: bool = False,
    progress: Progress = no_progress,
    resume: in_parts.Resume | None = None,
    profile: Profile | None = None,
    conventions: Conventions = UNSAID,
) -> ImportResult:
    """Import a folder of CSV files or an .xlsx workbook; with a `profile` another system's export.

    Raises ImportRefused with every problem if there is one; then nothing was written. A blank
    cell leaves the stored value as it is unless `clear_blanks`. `resume` says what to do with an
    import that was interrupted, `conventions` how the files are written where they do not say it.
    """
    start = time.perf_counter()
    unfinished = adopt_older(access)
    if resume == "roll_back":
        return _rolled_back(access, unfinished, progress, start)
    progress("read", 0, 0)
    source, mapping = _read(access, path, profile, conventions)
    progress("read", source.row_count, source.row_count)
    in_parts.refuse_others(unfinished, source, resume)
    work = unfinished[0] if unfinished else None
    past, left_out = _past_of(access, source, work)
    records = check(source, clear_blanks=clear_blanks)
    refuse_future(records, access.now)
    settle_older_calendars(records)
    _forget_raw_rows(source)
    patience_s = PATIENCE_S * (1 + records.row_count // ROWS_OF_PATIENCE)
    references = access.read(lambda tx: check_references(records, tx), timeout_s=patience_s)
    problems = records.problems + references.problems
    problems += access.read(lambda tx: contradictory(records, tx), timeout_s=patience_s)
    if problems:
        error = refused(problems)
        error.mapping = mapping
        raise error
    warnings = sorted(records.warnings + references.warnings)
    result = ImportResult(
        str(path), warnings=warnings, past=past is not None, dry_run=dry_run, mapping=mapping
    )
    made: Made | None = None
    for turn in range(TRIES):
        at_once = work is None and _size(records, past) <= ROWS_PER_TRANSACTION
        plan = access.read(
            partial(make_plan, records, today=access.today.isoformat(), at_once=at_once),
            timeout_s=patience_s,
        )
        result.counts = plan.counts
        progress("check", plan.rows, plan.rows)
        if left_out is not None and plan.steps:
            result.warnings = sorted([*warnings, left_out])
        if dry_run or (not plan.steps and work is None):
            break
        try:
            made = _write(access, source, records, plan, result, work, progress, past)
            break
        except (ConcurrentChange, ConstraintViolated) as error:
            begun = [
                pending for pending in unfinished_work(access) if pending.id == result.import_id
            ]
            work = begun[0] if begun else None
            if turn == TRIES - 1:
                raise ImportRefused(
                    because("import_overtaken_in_part" if begun else "import_overtaken")
                ) from error
    if not dry_run:
        index_pending(access, progress, made)
    result.seconds = time.perf_counter() - start
    return result


def _read(
    access: Access, path: Path, profile: Profile | None, conventions: Conventions
) -> tuple[Source, Mapping | None]:
    if profile is not None:

        def stored(table: str, ids: set[str]) -> set[str]:
            return access.read(lambda tx: set(stored_nodes(node_kind(table), sorted(ids), tx)))

        def customers() -> list[dict[str, Any]]:
            return access.read(lambda tx: queries.rows(tx, "names_of_customers"))

        return apply_profile(path, profile, stored, conventions, customers, count_faults)
    source = read_source(path, conventions, count_faults)
    if not source.files and (known := profiles_for(path, conventions)):
        why = because("other_system", name=path.name, profile=known[0])
        raise ImportRefused(why, source.problems)
    return source, None


def _past_of(
    access: Access, source: Source, work: Work | None
) -> tuple[Past | None, Problem | None]:
    """The past that comes along, or why the one that is there is left out."""
    path, wrong = find_past(source.path)
    if path is None:
        return None, wrong
    if not (work.with_past if work else access.read(is_empty)):
        return None, coded_problem(path.name, 0, "", "", "past_left_out")
    return read_past(path), None


def refused(problems: list[Problem]) -> ImportRefused:
    """The refusal with all problems in the order of their places."""
    name = "records.one" if len(problems) == 1 else "records.many"
    return ImportRefused(because(name, count=f"{len(problems):,}"), sorted(problems))


def _forget_raw_rows(source: Source) -> None:
    """The checked rows are enough from here on; a large import would hold both."""
    for table in source.tables:
        table.rows.clear()


def _write(
    access: Access,
    source: Source,
    records: Records,
    plan: Plan,
    result: ImportResult,
    work: Work | None,
    progress: Progress,
    past: Past | None,
) -> Made | None:
    """Write the plan at once or in parts; the result says what it is called.

    Returns what is to be indexed, where it is still known and no past came along.
    """
    made: Made | None = None
    change = begin_change(access, "import", note=source.path.name, passing=past is not None)
    if work is None and _size(records, past) <= ROWS_PER_TRANSACTION:
        _write_at_once(access, records, plan, change, progress, past)
        if past is None:
            touched = touched_by(entry for step in plan.steps for entry in step.entries)
            made = Made(change.id, touched, sources_of(records, plan))
    else:
        if work is None:
            work = in_parts.begin_import(access, source, change)
        result.import_id = work.id
        change = in_parts.write_in_parts(access, records, plan, work, progress, past)
    result.change_set = change.id if past is None else None
    return made


def _size(records: Records, past: Past | None) -> int:
    """Rows that an import writes at most, those of a past among them."""
    return records.row_count + (past.size if past else 0)


def _write_at_once(
    access: Access,
    records: Records,
    plan: Plan,
    change: ChangeSet,
    progress: Progress,
    past: Past | None,
) -> None:
    total = plan.rows
    scopes = Scopes.of_records(records)

    def work(tx: Transaction) -> None:
        if past is not None and not is_empty(tx):
            raise ConcurrentChange("Somebody has written to the empty database.")
        log = ChangeLog(tx, change, scopes) if past is None else None
        touched: set[Node] = set()
        done = 0
        for step in plan.steps:
            run_step(tx, step, change.at)
            if log is not None:
                log.add(step.entries)
            touched |= touched_by(step.entries)
            done += len(step.rows)
            progress("write", done, total)
        if log is not None:
            log.close()
        for part in past.parts(ROWS_PER_TRANSACTION) if past else ():
            restore(tx, part)
        due = change.id if past is None else EVERYTHING
        index_written(tx, touched, change_set=due, at=change.at)

    try:
        access.write(work)
    except DatabaseUnavailable as error:
        # The answer to the commit was lost: all is written or nothing, so look.
        if not error.details.get("outcome_unknown") or not _is_written(access, records):
            raise


def _is_written(access: Access, records: Records) -> bool:
    today = access.today.isoformat()
    return not access.read(lambda tx: make_plan(records, tx, today=today).steps)


def _rolled_back(
    access: Access, unfinished: list[Work], progress: Progress, start: float
) -> ImportResult:
    if not unfinished:
        raise ImportRefused(because("nothing_to_roll_back"))
    for work in unfinished:
        in_parts.roll_back(access, work, progress)
    return ImportResult(
        unfinished[0].source, import_id=unfinished[0].id, seconds=time.perf_counter() - start
    )
