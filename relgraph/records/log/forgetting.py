"""Removes notes from the log that were made only until long work is done.

An import into an empty database that brings a past along notes what it writes, so that it can be
rolled back; at the end the imported past replaces these notes. Where it is rolled back, the
database is as empty as before. Each of these may be run again after it was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access

NOTES_A_TRANSACTION = 200
DELETIONS_A_TRANSACTION = 5_000


def forget_write(access: Access, change_set: str) -> None:
    """Remove the notes of a write."""
    _repeat(
        access,
        lambda tx: queries.run(tx, "forget_write", set_id=change_set, limit=NOTES_A_TRANSACTION),
    )


def forget_past(access: Access, restored_by: str) -> None:
    """Remove the notes and removals that an import has brought along."""
    for query, limit in (
        ("forget_restored_changes", NOTES_A_TRANSACTION),
        ("forget_restored_deletions", DELETIONS_A_TRANSACTION),
    ):
        _repeat(
            access,
            lambda tx, query=query, limit=limit: queries.run(  # type: ignore[misc]
                tx, query, restored_by=restored_by, limit=limit
            ),
        )


def _repeat(access: Access, forget: Callable[[Transaction], int]) -> None:
    while access.write(forget):
        pass
