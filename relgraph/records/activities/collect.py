"""Imports activities from calendars and mail: reads files, finds the people, writes the counts.

Nothing is ever deleted, and the ids follow from Message-ID, or UID and time: reading the same
files again changes nothing. Files are read one after the other; what one of them has wrong does
not keep the others from being read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from relgraph.records.access import Access
from relgraph.records.activities.addresses import AddressBook, read_book
from relgraph.records.activities.calendars import read_ics
from relgraph.records.activities.gathered import Gathered, Window
from relgraph.records.activities.mail import read_eml, read_mbox
from relgraph.records.activities.pairs import Answers, activities_of, is_answered
from relgraph.records.activities.store import AT_ONCE, put_activities, stored_rows
from relgraph.records.batches import batches
from relgraph.records.log.change_log import begin_change
from relgraph.records.problems import Problem, file_problem
from relgraph.records.progress import Progress, no_progress
from relgraph.records.writes.parts import NUMBERS_A_PART
from relgraph.records.writes.plan import Counts
from relgraph.schema.values import Values

SUFFIXES = (".eml", ".ics", ".mbox")


@dataclass(slots=True)
class Collected:
    """What reading did, or with `dry_run` would do."""

    counts: Counts = field(default_factory=Counts)
    files: int = 0
    messages: int = 0
    """Messages and calendar entries that were looked at."""
    left_out: dict[str, int] = field(default_factory=dict)
    assumed: dict[str, int] = field(default_factory=dict)
    """How many were read with something that is not on record, by what it is."""
    unmatched: dict[str, int] = field(default_factory=dict)
    """Addresses that belong to nobody on record, by domain."""
    shared: dict[str, list[str]] = field(default_factory=dict)
    """Addresses that were met and belong to several people, with their ids."""
    problems: list[Problem] = field(default_factory=list)
    dry_run: bool = False
    change_set: str | None = None
    """What the change log calls what was written; null if nothing was."""


def collect(
    access: Access,
    paths: list[Path],
    *,
    since: datetime,
    zone: tzinfo,
    aliases: Path | None = None,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> Collected:
    """Read .ics, .mbox and .eml files and folders of them, and write what they say.

    Times without a zone are in `zone`; what is before `since` or in the future is left out. Raises
    AliasesRefused; what is wrong with single files stands in the result.
    """
    book = read_book(access, aliases)
    gathered = Gathered()
    _read(paths, Window(since, access.now), zone, gathered, progress)
    rows, answers = activities_of(gathered, book)
    changed = [*rows.values(), *_late_answers(access, answers)]
    result = Collected(
        files=gathered.files,
        messages=gathered.messages,
        problems=gathered.problems,
        dry_run=dry_run,
    )
    change = begin_change(access, "import")  # no names of files: a letter's may be its subject
    for done, batch in enumerate(_batches(changed)):
        stored = put_activities(
            access,
            batch,
            change,
            first=done * NUMBERS_A_PART,
            dry_run=dry_run,
            keep_answers=True,
        )
        result.change_set = stored.change_set or result.change_set
        result.counts.created += stored.counts.created
        result.counts.changed += stored.counts.changed
        result.counts.unchanged += stored.counts.unchanged
        result.problems += stored.warnings
        progress("write", min((done + 1) * AT_ONCE, len(changed)), len(changed))
    result.left_out = {name: count for name, count in sorted(gathered.left_out.items()) if count}
    result.assumed = dict(sorted(gathered.assumed.items()))
    result.unmatched = book.unmatched()
    result.shared = _shared(book)
    return result


def _batches(rows: list[Values]) -> Iterator[list[Values]]:
    """In the order of time, so that a run that is stopped has written the older ones."""
    ordered = sorted(rows, key=lambda row: (row.get("happened_at", ""), row["id"]))
    yield from batches(ordered, AT_ONCE)


def _late_answers(access: Access, answers: Answers) -> list[Values]:
    """Letters of earlier runs that a letter of this one answers."""
    answered: list[Values] = []
    for batch in batches(sorted(answers)):
        for id_, row in stored_rows(access, batch).items():
            if is_answered(row, answers[id_]) and not row.get("answered"):
                answered.append(row | {"id": id_, "answered": True})
    return answered


def _shared(book: AddressBook) -> dict[str, list[str]]:
    return {
        address: sorted(id_ for _, id_ in owners)
        for address, owners in sorted(book.shared.items())
        if address in book.unknown
    }


# files ------------------------------------------------------------------------------------


def _read(
    paths: list[Path], window: Window, zone: tzinfo, gathered: Gathered, progress: Progress
) -> None:
    files = list(dict.fromkeys(_files(paths, gathered)))
    for done, (path, name) in enumerate(files):
        progress("read", done, len(files))
        gathered.files += 1
        try:
            kind = _kind(path)
            if kind == ".ics":
                read_ics(path, name, window, zone, gathered)
            elif kind == ".eml":
                read_eml(path, name, window, gathered, zone)
            elif kind == ".mbox":
                read_mbox(path, name, window, gathered, zone)
            else:
                gathered.problems.append(
                    file_problem(name, "activities_neither", suffixes=", ".join(SUFFIXES))
                )
        except OSError as error:
            reason = str(error.strerror)
            gathered.problems.append(file_problem(name, "file_unreadable", reason=reason))
    progress("read", len(files), len(files))


def _files(paths: list[Path], gathered: Gathered) -> Iterator[tuple[Path, str]]:
    """Files with the names that reports call them by; folders are walked through."""
    for path in paths:
        if path.is_dir():
            inside = sorted(_walk(path))
            if not inside:
                suffixes = ", ".join(SUFFIXES)
                gathered.problems.append(
                    file_problem(path.name or str(path), "activities_none", suffixes=suffixes)
                )
            yield from ((file, file.relative_to(path).as_posix()) for file in inside)
        elif path.exists():
            yield path, path.name
        else:
            gathered.problems.append(file_problem(str(path), "export_missing"))


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in names:
            if Path(name).suffix.lower() in SUFFIXES:
                yield Path(place) / name


def _kind(path: Path) -> str:
    """What a file holds, by its name; one without such a name may be a mailbox."""
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return suffix
    with path.open("rb") as file:
        return ".mbox" if file.read(5) == b"From " else ""
