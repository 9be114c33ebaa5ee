"""Work too long for one transaction: begun, done in parts, ended.

An `Import` node says what is under way, whether an import or an undo. Each part is counted on it
in the transaction that writes the part, so that no part is written twice and whoever goes on with
interrupted work knows what is done. All of it is one write in the change log. An interrupted
import can also be rolled back: it becomes the undo of what the log has recorded of it (see
`undo_parts`). Until the end the customers that it touches carry its id as `importing`, so that
pages can say that they show half of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import ImportRefused, Refusal, UndoRefused, because
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.log.change_log import ChangeSet, Entry, begin_change
from relgraph.records.writes.reasons import unready
from relgraph.schema.kinds import CUSTOMER
from relgraph.schema.values import timestamp

NUMBERS_A_PART = 1_000_000
"""Numbers of entries that a part may use in the log; a removed node brings some of its edges."""

WorkKind = Literal["import", "undo"]
State = Literal["done", "rolled_back"]


@dataclass(frozen=True, slots=True)
class Work:
    """Long work that is under way, or was interrupted, after so many `parts`."""

    id: str
    kind: WorkKind
    source: str
    """What is imported; for an undo the write that is undone, or the import that it rolls back."""
    fingerprint: str
    started_at: str
    at: str
    """When the last part was written."""
    actor: str | None
    note: str | None
    change_set: str | None
    """What the log calls it; null only before an older relgraph's import is adopted."""
    undoes: str | None = None
    parts: int = 0
    with_past: bool = False
    """Whether the change log of an export comes along, so that notes of its own go at the end."""
    rolls_back: bool = False
    """Whether it undoes an import that was interrupted."""
    ending: bool = False
    """Whether all parts are written, and only notes that need not stay are left."""
    unnoted: bool = False
    """Whether an older relgraph wrote parts of it that are missing in the log."""

    def resumed(self, access: Access) -> ChangeSet:
        """Its write, with the time of this run: the log stays in the order of its notes."""
        return ChangeSet(
            self.change_set or self.id,
            max(timestamp(access.now), self.at),
            self.actor or "",
            self.kind,
            self.note,
            self.undoes,
            passing=self.with_past,
        )


def unfinished_work(access: Access) -> list[Work]:
    """Work that was interrupted; more than one only if several processes were stopped."""
    return access.read(unfinished_in)


def unfinished_in(tx: Transaction) -> list[Work]:
    """The same in a transaction."""
    return [_work(row["work"]) for row in queries.rows(tx, "unfinished_work")]


def _work(stored: Mapping[str, Any]) -> Work:
    """Work as stored in its node; nodes of an older relgraph have fewer properties."""
    undoes = stored.get("undoes")
    return Work(
        stored["id"],
        "import" if undoes is None else "undo",
        stored["source"],
        stored.get("fingerprint", ""),
        started_at=stored["started_at"],
        at=stored.get("at") or stored["started_at"],
        actor=stored.get("actor"),
        note=stored.get("note"),
        change_set=stored.get("change_set") or (None if undoes is None else stored["id"]),
        undoes=undoes,
        parts=stored["parts"],
        with_past=bool(stored.get("with_past")),
        rolls_back=bool(stored.get("rolls_back")),
        ending=bool(stored.get("ending")),
        unnoted=bool(stored.get("unnoted")),
    )


def begin_work(
    access: Access,
    change: ChangeSet,
    *,
    source: str,
    fingerprint: str = "",
    customers: Iterable[str] = (),
) -> Work:
    """Note that an import or undo begins, and mark the customers that it touches.

    Raises ImportRefused or UndoRefused where other work is unfinished.
    """
    kind: WorkKind = "undo" if change.undoes else "import"
    work = Work(
        change.id,
        kind,
        source,
        fingerprint,
        started_at=change.at,
        at=change.at,
        actor=change.actor,
        note=change.note,
        change_set=change.id,
        undoes=change.undoes,
        with_past=change.passing,
    )
    props = {
        "source": work.source,
        "fingerprint": work.fingerprint,
        "started_at": work.started_at,
        "at": work.at,
        "actor": work.actor,
        "note": work.note,
        "change_set": work.change_set,
        "undoes": work.undoes,
        "with_past": work.with_past,
    }

    def begin(tx: Transaction) -> None:
        if unfinished_in(tx):
            raise _refusal(kind, because("another_large_write"))
        queries.run(tx, "begin_work", id=work.id, props=props)
        _mark(tx, work, customers)

    access.write(begin)
    return work


def run_part(
    access: Access,
    work: Work,
    number: int,
    change: ChangeSet,
    write: Callable[[Transaction, int], None],
) -> None:
    """Write a part, counted from 1, and count it, both or neither.

    `write` gets the number of its first entry in the log.
    """

    def part(tx: Transaction) -> None:
        counted = queries.run(
            tx, "count_part", id=work.id, change_set=change.id, number=number, now=change.at
        )
        if counted != 1:
            raise _refusal(work.kind, because("another_goes_on"))
        write(tx, number * NUMBERS_A_PART)

    access.write(part)


def begin_rollback(access: Access, work: Work) -> Work:
    """Make the undo of what it wrote out of an interrupted import; with 0 parts of its own."""
    undo = begin_change(access, "undo", note=work.note, undoes=work.change_set)

    def begin(tx: Transaction) -> Work:
        begun = queries.run(
            tx,
            "begin_rollback",
            id=work.id,
            change_set=work.change_set,
            undo=undo.id,
            now=max(undo.at, work.at),
            actor=undo.actor,
            note=undo.note,
        )
        if begun != 1:
            raise _refusal("undo", because("another_goes_on"))
        return next(other for other in unfinished_in(tx) if other.id == work.id)

    return access.write(begin)


def begin_ending(access: Access, work: Work) -> None:
    """Note that all parts are written; from here on the work can only be finished."""
    access.write(lambda tx: queries.run(tx, "begin_ending", id=work.id))


def end_work(access: Access, work: Work, change: ChangeSet) -> None:
    """Note the end, remove the mark from the customers, and notify webhooks of the write.

    They are not notified of what was rolled back, nor of a past that was brought along.
    """
    state: State = "rolled_back" if work.rolls_back else "done"

    def end(tx: Transaction) -> None:
        queries.run(tx, "unmark_customers", work_id=work.id)
        queries.run(tx, "end_work", id=work.id, state=state, now=change.at)
        if not work.rolls_back and not work.with_past:
            queries.run(tx, "queue_changes", set_id=change.id)

    access.write(end)


def mark_customers(access: Access, work: Work, ids: Iterable[str]) -> None:
    """Mark customers as touched by work that is not finished."""
    access.write(lambda tx: _mark(tx, work, ids))


def mark_new_customers(tx: Transaction, work: Work, entries: Iterable[Entry]) -> None:
    """Mark the customers among what a part of the work has made."""
    made = [
        entry.key[0]
        for entry in entries
        if entry.table == CUSTOMER.plural and entry.action == "create"
    ]
    _mark(tx, work, made)


def _mark(tx: Transaction, work: Work, ids: Iterable[str]) -> None:
    for batch in batches(sorted(ids)):
        queries.run(tx, "mark_customers", ids=batch, work_id=work.id)


def _refusal(kind: WorkKind, why: Refusal) -> ImportRefused | UndoRefused:
    return ImportRefused(why) if kind == "import" else unready(why)


# imports that an older relgraph has begun -------------------------------------------------


def adopt_older(access: Access) -> list[Work]:
    """Give interrupted imports of an older relgraph what they need to be continued or undone.

    Returns all work that was interrupted, as `unfinished_work` does.

    Each of its runs was a write of its own in the log, and each part held the statements that
    would undo it. The runs become one write, and the parts are removed.
    """
    unfinished = unfinished_work(access)
    older = [work for work in unfinished if work.change_set is None]
    for work in older:
        access.write(lambda tx, work=work: _adopt(tx, work))  # type: ignore[misc]
    return unfinished_work(access) if older else unfinished


def _adopt(tx: Transaction, work: Work) -> None:
    parts = queries.rows(tx, "older_parts", id=work.id)
    noted = [part for part in parts if part["first_note"] is not None]
    # The place of a note is the time, the write and the number of its first entry.
    change_set = noted[0]["first_note"].split("/")[1] if noted else work.id
    for part in noted:
        queries.run(
            tx, "join_changes", first=part["first_note"], last=part["last_note"], set_id=change_set
        )
    queries.run(
        tx,
        "adopt_work",
        id=work.id,
        change_set=change_set,
        note=work.source.replace("\\", "/").rstrip("/").rpartition("/")[2],
        unnoted=len(noted) < len(parts),
    )
