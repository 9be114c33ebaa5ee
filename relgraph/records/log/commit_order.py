"""The change log in the order of its commits, and marks from which a reader goes on.

The time of a note is taken when its write begins; a slow write commits after quick ones that began
later. Whoever has read up to a time would never see it. So every note gets a place: a number that
is given when its write has been committed, whenever that is. Writers know nothing of it, and none
waits for a counter: a note is written with a mark that it has no place yet, and whoever reads in
this order gives places to those first, in short transactions of their own.

A number is told to readers (`placed`) only after the transaction that gave it has ended, so that
all notes up to it, and what was written with them, are there for whoever knows the number.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from typing import NamedTuple, Self

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import ResumeRefused, because
from relgraph.records.access import SERVICE, Access
from relgraph.schema.values import Values

START = "start"
"""Stands for a mark before everything."""
NOTES_AT_ONCE = 200
_DIGITS = 12
_MARK = re.compile(r"([0-9a-f]{8})-(\d{1,12})(?:\.(\d{1,10}))?")


def place(number: int) -> str:
    """How a number is stored: text that sorts as the numbers do."""
    return f"{number:0{_DIGITS}d}"


class Mark(NamedTuple):
    """Up to where a reader has read: all notes up to `number`, or that one up to its `entry`."""

    key: str
    """Names the database's log, so that the mark of another one is refused. Blank for the start."""
    number: int
    entry: int | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """The mark that a reader sends. Raises ResumeRefused for what is none."""
        if text == START:
            return cls("", 0)
        match = _MARK.fullmatch(text)
        if match is None:
            raise ResumeRefused(because("no_mark", mark=text))
        return cls(match[1], int(match[2]), None if match[3] is None else int(match[3]))

    @property
    def place(self) -> str:
        """The place of the last note that was read completely."""
        return place(self.number if self.entry is None else self.number - 1)

    def __str__(self) -> str:
        entry = "" if self.entry is None else f".{self.entry}"
        return f"{self.key}-{self.number}{entry}"


def place_notes(access: Access) -> None:
    """Give places to all notes that were committed before this call."""
    service = replace(access, viewer=SERVICE)
    while True:
        end, waiting = service.read(_state)
        if end is None:
            service.write(lambda tx: queries.run(tx, "hold_log_end", key=uuid.uuid4().hex[:8]))
        elif waiting:
            given = service.write(_give)
            service.write(lambda tx, given=given: queries.run(tx, "tell_places", given=given))  # type: ignore[misc]
        elif end["placed"] < end["given"]:  # who gave them has ended before telling
            given = end["given"]
            service.write(lambda tx, given=given: queries.run(tx, "tell_places", given=given))  # type: ignore[misc]
        else:
            return


def _state(tx: Transaction) -> tuple[Values | None, bool]:
    """The end of the log, and whether notes wait for places."""
    return queries.row(tx, "log_end"), bool(queries.rows(tx, "unplaced_changes", limit=1))


def _give(tx: Transaction) -> int:
    """Give numbers to some notes; the last number."""
    end = queries.row(tx, "hold_log_end", key=uuid.uuid4().hex[:8]) or {}
    given = int(end["given"])
    rows = queries.rows(tx, "unplaced_changes", limit=NOTES_AT_ONCE)
    numbered = [
        {"id": row["id"], "place": place(given + number)} for number, row in enumerate(rows, 1)
    ]
    queries.run(tx, "give_places", rows=numbered)
    queries.run(tx, "move_log_end", given=given + len(rows))
    return given + len(rows)


def notes_committed(access: Access) -> int:
    """How many notes were ever committed; it grows with each write that is noted.

    Notes without a place that are forgotten at the end of long work count no more.

    Nothing is written for it, so that it can be asked of a full database. Between the two looks at
    the end of the log nobody gave places, so that no note is missed or counted twice.
    """

    def count(tx: Transaction) -> tuple[int, int, int]:
        before, waiting, after = (
            queries.row(tx, "log_end"),
            queries.value(tx, "count_unplaced"),
            queries.row(tx, "log_end"),
        )
        return (before or {}).get("given", 0), waiting, (after or {}).get("given", 0)

    while True:
        before, waiting, after = access.read(count, timeout_s=600)
        if before == after:
            return before + waiting


def end_of_log(tx: Transaction, mark: Mark) -> Mark:
    """The mark of everything that has a place now.

    Read it in the transaction that reads what it stands for, before that. Raises ResumeRefused if
    `mark` is not of this database, or lies before its log as after a restored backup.
    """
    end = queries.row(tx, "log_end") or {"key": "", "placed": 0}
    if mark.key and (mark.key != end["key"] or mark.number > end["placed"]):
        raise ResumeRefused(because("mark_of_another", mark=str(mark)))
    return Mark(end["key"], int(end["placed"]))


def written_since(tx: Transaction, mark: Mark) -> str | None:
    """A time before which nothing was written that is new since the mark; None if nothing is.

    The earliest time of the writes that were committed since: a slow one among them brings with
    it what others wrote meanwhile, which the reader gets once more.
    """
    if not mark.key:
        return ""
    earliest: str | None = queries.value(tx, "earliest_since", after=mark.place)
    return earliest
