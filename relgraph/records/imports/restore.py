"""Brings the past of an export into a database that has none: log, removed nodes, stamps.

The records themselves are imported as always, but without notes of their own: the notes that come
with them say how they were made.
"""

from __future__ import annotations

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches
from relgraph.records.exports.past import Part
from relgraph.records.log.change_log import NOTES_A_STATEMENT
from relgraph.schema.kinds import SEARCHED_KINDS


def is_empty(tx: Transaction) -> bool:
    """Whether there are neither records nor a past."""
    return queries.value(tx, "last_change") is None and not any(
        queries.rows(tx, f"search_ids_{kind.plural}", after="", limit=1) for kind in SEARCHED_KINDS
    )


def restore(tx: Transaction, part: Part, *, work: str | None = None) -> None:
    """Write one part; the rows that are stamped must be there. May be run again.

    `work` is the id of long work that may be rolled back, and with it what it has restored.
    """
    brought = {"restored_by": work, "unplaced": "new", "brought": True}
    changes = [{**row, "props": {**row["props"], **brought}} for row in part.changes]
    for batch in batches(changes, NOTES_A_STATEMENT):
        queries.run(tx, "put_changes", rows=batch)
    for batch in batches([{**row, "restored_by": work} for row in part.deletions]):
        queries.run(tx, "note_deletions", rows=batch)
    for table, rows in part.stamps.items():
        for batch in batches(rows):
            queries.run(tx, f"stamp_{table}", rows=batch)
