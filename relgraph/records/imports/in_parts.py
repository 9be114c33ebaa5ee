"""Imports too large for one transaction: written in parts, continued, or rolled back.

An import in parts is long work (see `parts`). Whoever continues one compares everything again, and
writes what is not there yet. Rolling back is the undo of what the change log has recorded of it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import Literal

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import ImportRefused, UndoRefused, because
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.exports.past import NAME as PAST
from relgraph.records.exports.past import Part, Past
from relgraph.records.imports.restore import restore
from relgraph.records.log.change_log import ChangeLog, ChangeSet, Scopes
from relgraph.records.log.forgetting import forget_write
from relgraph.records.progress import Progress
from relgraph.records.rows import Records
from relgraph.records.search.index import EVERYTHING
from relgraph.records.tables.raw import Source
from relgraph.records.writes.parts import (
    Work,
    begin_ending,
    begin_work,
    end_work,
    mark_customers,
    mark_new_customers,
    run_part,
)
from relgraph.records.writes.plan import Plan
from relgraph.records.writes.steps import Step, run_step
from relgraph.records.writes.undo_parts import undo_write
from relgraph.schema.kinds import kind_of

ROWS_A_PART = 20_000
BYTES_A_CHUNK = 2**20

Resume = Literal["continue", "roll_back"]
"""What becomes of an import that was interrupted."""


def fingerprint(source: Source) -> str:
    """Identifies a source by its files' names and their content."""
    digest = hashlib.sha256()
    try:
        files = sorted(source.path.iterdir()) if source.path.is_dir() else [source.path]
        for file in files:
            if file.is_file() and file.suffix.lower() in {".csv", ".vcf", ".xlsx", ".xlsm"}:
                digest.update(os.fsencode(file.name) + b"\0")
                with file.open("rb") as content:
                    while chunk := content.read(BYTES_A_CHUNK):
                        digest.update(chunk)
                digest.update(b"\0")
            elif file.name == PAST:  # names the digests of the tables in its first line
                with file.open("rb") as lines:
                    digest.update(hashlib.file_digest(lines, "sha256").digest())
    except OSError:
        return ""  # what cannot be read is not what was read before
    return digest.hexdigest()


def refuse_others(unfinished: list[Work], source: Source, resume: Resume | None) -> None:
    """Nothing else is imported while interrupted work waits for a decision."""
    if not unfinished:
        if resume == "continue":
            raise ImportRefused(because("nothing_to_continue"))
        return
    work = unfinished[0]
    refuse_half_undone(work)
    begun = {"source": work.source, "started": work.started_at}
    if resume != "continue":
        raise ImportRefused(because("import_interrupted", parts=work.parts, **begun))
    if source.path.exists() and fingerprint(source) != work.fingerprint:
        raise ImportRefused(because("import_of_others", **begun))


def refuse_half_undone(work: Work) -> None:
    """Raise ImportRefused for an undo that was interrupted."""
    if work.kind == "import":
        return
    begun = {"undoes": work.undoes, "started": work.started_at}
    if work.rolls_back:
        raise ImportRefused(because("import_half_undone", source=work.source, **begun))
    raise ImportRefused(because("write_half_undone", **begun))


def begin_import(access: Access, source: Source, change: ChangeSet) -> Work:
    """Note that an import in parts begins."""
    return begin_work(access, change, source=str(source.path), fingerprint=fingerprint(source))


def write_in_parts(
    access: Access,
    records: Records,
    plan: Plan,
    work: Work,
    progress: Progress,
    past: Past | None = None,
) -> ChangeSet:
    """Write the plan in parts after those that are done; what the log calls all of it.

    With a `past` its notes take the place of the import's own at the end.
    """
    change = work.resumed(access)
    number = work.parts
    if not work.ending:
        mark_customers(access, work, _stored_customers(access, records))
        number = _write_plan(access, records, plan, work, change, progress)
    if past is not None:
        if not work.ending:
            _restore(access, work, change, number, past, progress)
            begin_ending(access, work)
        forget_write(access, change.id)
    end_work(access, work, change)
    return change


def _write_plan(
    access: Access,
    records: Records,
    plan: Plan,
    work: Work,
    change: ChangeSet,
    progress: Progress,
) -> int:
    """Write the plan; the number of the last part."""
    number, done, total = work.parts, 0, plan.rows
    due = EVERYTHING if work.with_past else change.id
    scopes = Scopes.of_records(records)
    progress("write", 0, total)
    for part in _parts(plan):
        number += 1

        def write_part(tx: Transaction, first: int, part: list[Step] = part) -> None:
            log = ChangeLog(tx, change, scopes, first=first, queue=False)
            for step in part:
                run_step(tx, step, change.at)
                mark_new_customers(tx, work, step.entries)
                log.add(step.entries)
            log.close()
            queries.run(tx, "put_search_due", id=due, at=change.at)

        run_part(access, work, number, change, write_part)
        done += sum(len(step.rows) for step in part)
        progress("write", done, total)
    return number


def _restore(
    access: Access, work: Work, change: ChangeSet, number: int, past: Past, progress: Progress
) -> None:
    """Bring the past in; parts that stand there already, before an interruption, do no harm."""
    done = 0
    for part in past.parts(ROWS_A_PART):
        number += 1

        def restore_part(tx: Transaction, first: int, part: Part = part) -> None:  # noqa: ARG001
            restore(tx, part, work=work.id)

        run_part(access, work, number, change, restore_part)
        done += part.size
        progress("history", done, past.size)


def roll_back(access: Access, work: Work, progress: Progress) -> None:
    """Undo what an interrupted import has written.

    Raises ImportRefused with every reason where that cannot be.
    """
    if not work.rolls_back:
        refuse_half_undone(work)
    change_set = work.undoes or work.change_set or ""
    try:
        undo_write(access, change_set, progress=progress)
    except UndoRefused as error:
        name = "roll_back_refused_yet" if error.remedy else "roll_back_refused"
        raise ImportRefused(because(name, source=work.source, reason=error)) from error


def _parts(plan: Plan) -> Iterator[list[Step]]:
    part: list[Step] = []
    rows = 0
    for step in plan.steps:
        if part and rows + len(step.rows) > ROWS_A_PART:
            yield part
            part, rows = [], 0
        part.append(step)
        rows += len(step.rows)
    if part:
        yield part


def _stored_customers(access: Access, records: Records) -> set[str]:
    """The customers that records touch and that are there already; new ones get their mark."""
    ids = set(records.ids("customers"))
    people: set[str] = set()
    known = records.tables.get("stakeholders", {})
    for name, rows in records.tables.items():
        refs = kind_of(name).refs
        named = [column for column, label in refs.items() if label == "Stakeholder"]
        for row in rows.values() if "customer_id" in refs or named else ():
            if "customer_id" in refs:
                ids.add(row.values["customer_id"])
                continue
            for column in named:
                id_ = row.values[column]
                if id_ not in people and (id_,) not in known:
                    people.add(id_)

    def read(tx: Transaction) -> set[str]:
        customers = set(ids)
        for batch in batches(sorted(people)):
            customers |= {row["id"] for row in queries.rows(tx, "customers_of_people", ids=batch)}
        return customers

    return access.read(read)
