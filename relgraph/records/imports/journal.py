"""Imports too large for one transaction: written in parts, each with what takes it back.

The journal stands in the database: an `Import` node and one `ImportPart` a written part, in the
same transaction as the part itself. While the import is under way every customer that it touches
carries its id as `importing`, so that pages can say that they show half of it.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import ImportRefused
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.exports.past import NAME as PAST
from relgraph.records.exports.past import Part, Past
from relgraph.records.imports.restore import restore, taken_out_by
from relgraph.records.log.change_log import ChangeLog, ChangeSet, entries_of, note_id
from relgraph.records.rows import Records
from relgraph.records.search.index import EVERYTHING, refresh, touched_by
from relgraph.records.tables.raw import Source
from relgraph.records.writes.plan import Plan
from relgraph.records.writes.steps import Step, run_step
from relgraph.schema.kinds import kind_of

ROWS_A_PART = 20_000
NUMBERS_A_PART = 1_000_000
"""Numbers of entries that a part may use in the log."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An import that was interrupted after `parts` parts."""

    id: str
    source: str
    fingerprint: str
    started_at: str
    actor: str | None
    parts: int
    with_past: bool
    """Whether the change log of an export is brought along (see `restore`)."""
    undoes: str | None = None
    """The write that is being taken back (see `undo_parts`); null for an import."""
    note: str | None = None


def unfinished(access: Access) -> list[Unfinished]:
    """Interrupted imports; more than one only if several processes were stopped."""
    rows = access.read(lambda tx: queries.rows(tx, "unfinished_imports"))
    return [Unfinished(**row) for row in rows]


def fingerprint(source: Source) -> str:
    """What tells two sources apart: their files' names and content."""
    digest = hashlib.sha256()
    try:
        files = sorted(source.path.iterdir()) if source.path.is_dir() else [source.path]
        for file in files:
            if file.is_file() and file.suffix.lower() in {".csv", ".xlsx", ".xlsm"}:
                digest.update(os.fsencode(file.name) + b"\0" + file.read_bytes() + b"\0")
            elif file.name == PAST:  # names the digests of the tables in its first line
                with file.open("rb") as lines:
                    digest.update(hashlib.file_digest(lines, "sha256").digest())
    except OSError:
        return ""  # what cannot be read is not what was read before
    return digest.hexdigest()


def refuse_others(found: list[Unfinished], source: Source, resume: str | None) -> None:
    """Nothing else is imported while an interrupted import waits for a decision."""
    if not found:
        if resume == "continue":
            raise ImportRefused("There is no interrupted import to continue.", [])
        return
    one = found[0]
    _refuse_half_undone(one)
    if resume != "continue":
        raise _waits(one)
    if source.path.exists() and fingerprint(source) != one.fingerprint:
        raise ImportRefused(
            f"{_interrupted(one)}, and these are not the records that it was writing.",
            [],
            remedy="Continue with the same files, or use --take-back first.",
        )


def refuse_meanwhile(access: Access) -> None:
    """Raise ImportRefused while an interrupted import, or undo of one, waits for a decision."""
    for one in unfinished(access):
        _refuse_half_undone(one)
        raise _waits(one)


def _interrupted(one: Unfinished) -> str:
    return f"The import of {one.source}, begun {one.started_at}, was interrupted"


def _waits(one: Unfinished) -> ImportRefused:
    """What is said until it is decided what becomes of an interrupted import."""
    return ImportRefused(
        f"{_interrupted(one)} after {one.parts} parts.",
        [],
        remedy="Run `relgraph import` on it again with --continue to finish it, or with "
        "--take-back to undo what it wrote.",
    )


def _refuse_half_undone(one: Unfinished) -> None:
    if one.undoes is not None:
        raise ImportRefused(
            f"The write {one.undoes} is taken back in part since {one.started_at}.",
            [],
            remedy=f"Run `relgraph undo {one.undoes}` again to finish that.",
        )


def write_in_parts(
    access: Access,
    source: Source,
    records: Records,
    plan: Plan,
    found: list[Unfinished],
    change: ChangeSet,
    report: Progress,
    past: Past | None = None,
) -> str:
    """Write the plan in parts and note each; the import's id. What is written before is kept.

    With a `past` its notes are written at the end and none of the import's own.
    """
    import_id = found[0].id if found else f"import-{uuid.uuid4().hex[:12]}"
    number = found[0].parts if found else 0
    if not found:
        begin = fingerprint(source)
        access.write(
            lambda tx: queries.run(
                tx,
                "import_begin",
                id=import_id,
                source=str(source.path),
                fingerprint=begin,
                now=change.at,
                actor=change.actor,
                with_past=past is not None,
            )
        )
    _mark_stored_customers(access, records, import_id)
    done, total = 0, plan.rows
    report("write", 0, total)
    for part in _parts(plan):
        number += 1

        def work(tx: Transaction, part: list[Step] = part, number: int = number) -> None:
            undo = []
            log: ChangeLog | None = None
            if past is None:
                first = number * NUMBERS_A_PART
                log = ChangeLog(tx, change, records, first=first, queue=False)
            for step in part:
                if step.query == "create_customers":
                    for row in step.rows:
                        row["props"]["importing"] = import_id
                run_step(tx, step, change.at)
                if log is not None:
                    log.add(step.entries)
                if step.undo is not None:
                    undo.append({"query": step.undo[0], "rows": step.undo[1]})
            if log is not None:
                log.close()
            due = change.id if past is None else EVERYTHING
            queries.run(tx, "put_search_due", id=due, at=change.at)
            _note_part(tx, import_id, number, undo[::-1], None if past else change)

        access.write(work)
        done += sum(len(step.rows) for step in part)
        report("write", done, total)
    if past is not None:
        _restore_in_parts(access, import_id, number, past, report)
    end(access, import_id, "done", change.at)
    access.write(lambda tx: queries.run(tx, "queue_changes", set_id=change.id))
    return import_id


def _restore_in_parts(
    access: Access, import_id: str, number: int, past: Past, report: Progress
) -> None:
    """Bring the past in; parts that stand there already, before an interruption, do no harm."""
    done = 0
    for part in past.parts(ROWS_A_PART):
        number += 1

        def work(tx: Transaction, part: Part = part, number: int = number) -> None:
            restore(tx, part)
            _note_part(tx, import_id, number, taken_out_by(part), None)

        access.write(work)
        done += part.size
        report("history", done, past.size)


def _note_part(
    tx: Transaction,
    import_id: str,
    number: int,
    undo: list[dict[str, Any]],
    change: ChangeSet | None,
) -> None:
    """Note a written part with what takes it back, and its own notes, if it made any."""
    first = last = None
    if change is not None:
        first = note_id(change, number * NUMBERS_A_PART)
        last = note_id(change, (number + 1) * NUMBERS_A_PART)
    queries.run(
        tx,
        "import_part",
        id=import_id,
        part_id=f"{import_id}/{number}",
        number=number,
        undo=orjson.dumps(undo).decode(),
        first_note=first,
        last_note=last,
    )


def take_back(access: Access, one: Unfinished, stamp: str, report: Progress) -> None:
    """Undo the written parts of an interrupted import, the last first."""
    _refuse_half_undone(one)
    parts = access.read(lambda tx: queries.rows(tx, "import_parts", id=one.id))
    for done, part in enumerate(parts):
        report("take back", done, len(parts))

        def work(tx: Transaction, part: dict[str, str | int] = part) -> None:
            for entry in orjson.loads(str(part["undo"])):
                counted = not entry["query"].startswith(("delete_", "unlink_"))
                run_step(tx, Step(entry["query"], entry["rows"], counted), stamp)
            if part["first_note"] is not None:  # the past of an export, or an older relgraph
                notes = {"first": part["first_note"], "last": part["last_note"]}
                written = queries.rows(tx, "changes_between", **notes)
                touched = touched_by(e for row in written for _, e in entries_of(row["change"]))
                refresh(tx, touched, today=stamp[:10])
                queries.run(tx, "forget_changes", **notes)
            queries.run(
                tx,
                "import_part_undone",
                id=one.id,
                part_id=part["id"],
                parts=int(part["number"]) - 1,
            )

        access.write(work)
    report("take back", len(parts), len(parts))
    end(access, one.id, "taken_back", stamp)


def end(access: Access, import_id: str, state: str, stamp: str) -> None:
    """Note the end of a write in parts, and take the mark off its customers."""

    def work(tx: Transaction) -> None:
        queries.run(tx, "unmark_customers", import_id=import_id)
        queries.run(tx, "import_end", id=import_id, state=state, now=stamp)

    access.write(work)


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


def _mark_stored_customers(access: Access, records: Records, import_id: str) -> None:
    """Mark the customers that are there already; new ones are born with the mark."""
    ids = set(records.ids("customers"))
    people: set[str] = set()
    for name, rows in records.tables.items():
        refs = kind_of(name).refs
        named = [column for column, label in refs.items() if label == "Stakeholder"]
        for row in rows.values():
            if "customer_id" in refs:
                ids.add(row.values["customer_id"])
            else:
                people.update(row.values[column] for column in named)
    people -= set(records.ids("stakeholders"))

    def work(tx: Transaction) -> None:
        touched = set(ids)
        for batch in batches(sorted(people)):
            touched |= {row["id"] for row in queries.rows(tx, "customers_of_people", ids=batch)}
        for batch in batches(sorted(touched)):
            queries.run(tx, "mark_customers", ids=batch, import_id=import_id)

    access.write(work)
