"""What a database has committed up to now, and what was touched between two looks at it.

Whoever keeps what was made of records looks before the records are read (`look`), and again before
it is used: `touched_between` says which records the notes name that were committed since. Two short
queries are enough where nothing was.

A look holds the place of the last note that has one, and the notes that wait for theirs. They are
read in this order: a note that is given its place meanwhile is in one of both, if not in both. So a
look holds every note that was committed before it began.

What is not noted is written by long work (marks on customers), by what completes the index of
search, and by the upgrade of an older database. While any of these is under way a look is not
`settled`, and how often there was long work is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import SERVICE, Access
from relgraph.records.log.change_log import entries_of
from relgraph.records.log.commit_order import place, place_notes
from relgraph.schema.values import Values

MOST_NOTES = 500
"""Notes between two looks that are read; after more of them anything may have been touched."""
MOST_CHANGES = 5_000
"""The same of the changes that stand in them."""
PLACED_FROM = 50
"""So many notes that wait for places are given them, so that a look stays short."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was committed at an instant."""

    key: str
    """Names the database's log; another one has been restored if it differs."""
    given: int
    """The place of the last note that has one."""
    waiting: frozenset[str]
    """Notes without a place."""
    finished: int
    """How many imports and undos in parts have ended."""
    settled: bool
    """Whether nothing is under way that is not noted, and all waiting notes are known."""
    is_searchable: bool
    """Whether search finds all that is noted."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Which records were touched: those with these ids, or perhaps any."""

    anything: bool = False
    ids: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.anything or bool(self.ids)


ANYTHING = Touched(anything=True)


def look(access: Access) -> Look:
    """What is committed now: every write that has ended before this call is in it."""
    return access.read(_look)


def _look(tx: Transaction) -> Look:
    rows = queries.rows(tx, "not_settled", limit=MOST_NOTES)
    end = queries.row(tx, "settled") or {}
    under_way = {row["what"] for row in rows}
    waiting = frozenset(row["id"] for row in rows if row["what"] == "note")
    return Look(
        key=end.get("key") or "",
        given=end.get("given") or 0,
        waiting=waiting,
        finished=end.get("finished") or 0,
        settled=not under_way & {"work", "upgrade"} and len(waiting) < MOST_NOTES,
        is_searchable="search" not in under_way,
    )


def shorten(access: Access, last: Look) -> None:
    """Give places to waiting notes if there are many."""
    if len(last.waiting) >= PLACED_FROM:
        place_notes(access)


def touched_between(access: Access, earlier: Look, later: Look) -> Touched:
    """The records that notes name which are in the later look and not in the earlier one."""
    if not (earlier.settled and later.settled) or earlier.finished != later.finished:
        return ANYTHING
    is_same_log = earlier.key == later.key or not earlier.key
    if not is_same_log or not 0 <= later.given - earlier.given <= MOST_NOTES:
        return ANYTHING
    new = later.waiting - earlier.waiting
    if later.given == earlier.given and not new:
        return Touched()
    service = Access(access.database, SERVICE, access.now)
    notes = service.read(lambda tx: _notes(tx, earlier, later, new))
    given = {note["id"] for note in notes if note.get("place") is not None}
    if later.given > earlier.given and len(given) < later.given - earlier.given:
        return ANYTHING  # a note was forgotten at the end of long work
    if not new <= {note["id"] for note in notes}:
        return ANYTHING
    return _touched(note for note in notes if note["id"] not in earlier.waiting)


def _notes(tx: Transaction, earlier: Look, later: Look, new: frozenset[str]) -> list[Values]:
    rows = queries.rows(tx, "notes", ids=sorted(new)) if new else []
    if later.given > earlier.given:
        rows += queries.rows(
            tx,
            "placed_changes",
            after=place(earlier.given),
            before=place(later.given),
            customer_id=None,
            parts=None,
            facts=True,
            limit=MOST_NOTES,
        )
    return [row["change"] for row in rows]


def _touched(notes: Iterable[Mapping[str, Any]]) -> Touched:
    ids: set[str] = set()
    changes = 0
    for note in notes:
        changes += note["size"]
        if note.get("brought") or changes > MOST_CHANGES:
            return ANYTHING
        ids.update(_named_in(note))
    return Touched(ids=frozenset(ids))


def _named_in(note: Mapping[str, Any]) -> Iterator[str]:
    """Every text of a note that may be an id of what it touches; some are none."""
    yield note["scope"]
    for _, entry in entries_of(note):
        yield from entry.key
        for row in (entry.before, entry.after):
            yield from (value for value in (row or {}).values() if isinstance(value, str))
