"""The queue of changes between those who write and the webhooks that are notified.

A write is queued in the transaction that ends it, however long ago it began. A webhook gets the
writes that are queued after it was made, or made active: all of each, or nothing. So it keeps the
names of those that are in the queue already, and whoever empties the queue or makes a webhook
holds it meanwhile.
"""

from __future__ import annotations

import uuid

from relgraph import queries
from relgraph.database import Transaction

PASSED_OVER = "passed_over"
"""The property of a webhook that names the writes which it does not get."""


def hold_queue(tx: Transaction) -> None:
    """Let others neither empty the queue nor begin to listen until the end of the transaction."""
    queries.run(tx, "hold_queue", holder=uuid.uuid4().hex)


def begin_listening(tx: Transaction) -> list[str]:
    """Hold the queue; the writes that were queued before, and are not for who listens from now."""
    hold_queue(tx)
    return [row["set_id"] for row in queries.rows(tx, "queued_sets")]
