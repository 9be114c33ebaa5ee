"""Brings what an older relgraph has written up to this one, before anything is written to it.

A migration notes that records are due; here they are completed: ids of other systems can be looked
up, so that no second node gets the same, everything is searched, and the change log has an order
of commits. Whoever is interrupted begins again; two processes may do it at once.
"""

from __future__ import annotations

from relgraph import queries
from relgraph.errors import ConstraintViolated
from relgraph.records.access import Access
from relgraph.records.batches import pages
from relgraph.records.log.commit_order import place_notes
from relgraph.records.progress import Progress, no_progress
from relgraph.records.reindex import rebuild

NOTES_AT_ONCE = 500
TRIES = 5
"""How often it begins again after another process has completed the same record first."""


def prepare(access: Access, progress: Progress = no_progress) -> bool:
    """Migrate the database and complete its records; whether an older relgraph had written them.

    Raises DatabaseIncompatible for a database that a newer relgraph has migrated.
    """
    access.database.migrate()
    if not access.read(lambda tx: queries.value(tx, "upgrade_due")):
        return False
    _let_notes_wait(access)
    place_notes(access)
    for turn in range(TRIES):
        try:
            rebuild(access, progress)
            break
        except ConstraintViolated:
            if turn == TRIES - 1:
                raise
    access.write(lambda tx: queries.run(tx, "end_upgrade"))
    return True


def _let_notes_wait(access: Access) -> None:
    """Notes of an older relgraph get places, too, in the order of their times."""

    def read(after: str) -> list[str]:
        rows = access.read(
            lambda tx: queries.rows(tx, "older_changes", after=after, limit=NOTES_AT_ONCE),
            timeout_s=600,
        )
        return [row["id"] for row in rows]

    part: list[str] = []
    for id_ in pages(read, NOTES_AT_ONCE, lambda id_: id_):
        part.append(id_)
        if len(part) == NOTES_AT_ONCE:
            _let_wait(access, part)
            part = []
    if part:
        _let_wait(access, part)


def _let_wait(access: Access, ids: list[str]) -> None:
    rows = [{"id": id_} for id_ in ids]
    access.write(lambda tx: queries.run(tx, "let_wait", rows=rows))
