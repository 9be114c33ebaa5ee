"""Whether a transaction that failed is tried again, when, and whether others let it pass."""

from __future__ import annotations

import random
import time

from relgraph.database.driver import driver_errors
from relgraph.database.translate import is_collision, is_constraint_error, is_memory_error

RETRY_TIME_S = 4.0
"""How long after its first failure a transaction is tried again, if the failure may pass."""
COLLISIONS = 5
"""Further tries that a transaction has in any case after others changed what it had read."""
FIRST_PAUSE_S = 0.05
"""Pause before the second try; each further one is twice as long, less up to a half by chance."""
LONGEST_PAUSE_S = 1.0
RACE_TRIES = 5
"""How often a write is tried again that lost a race for a new unique value."""
LONG_S = 1.0
"""A try that lasts longer would collide with quick writers again and again."""


class Tries:
    """The tries of one transaction.

    What counts is the time since the first failure, not since the beginning: a transaction that
    worked for a minute before it collided has had no second try yet. Only a try that never
    reached the database counts from its beginning, so that whoever asks one that is away need
    not wait longer.
    """

    def __init__(self, *, writable: bool, local: bool) -> None:
        self._writable = writable
        self._local = local
        self._turn = 0
        self._begun = 0.0
        self._ran = False
        self._failed_at: float | None = None
        self.goes_first = False
        """Whether other writers must let the next try pass, for it to succeed at all."""

    def begin(self) -> None:
        """A try begins."""
        self._begun = time.monotonic()
        self._ran = False

    def runs(self) -> None:
        """The database has begun the transaction."""
        self._ran = True

    def pause_after(self, error: Exception) -> float | None:
        """Seconds to wait before the next try after `error`; None if there is none."""
        now = time.monotonic()
        if self._failed_at is None:
            self._failed_at = now if self._ran else self._begun
        turn, self._turn = self._turn, self._turn + 1
        if not self._passes(error, turn):
            return None
        longest: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**turn)
        pause = longest * random.uniform(0.5, 1)  # noqa: S311
        collided = self._writable and is_collision(error)
        if collided and (now - self._begun > LONG_S or turn >= COLLISIONS // 2):
            self.goes_first = True
        if collided and turn < COLLISIONS:
            return pause
        return pause if now + pause - self._failed_at < RETRY_TIME_S else None

    def _passes(self, error: Exception, turn: int) -> bool:
        """Whether a transaction that ended with `error` was undone and may fare better again."""
        if is_memory_error(error):
            return False
        if is_constraint_error(error):
            # Two writers that merge the same new id: Neo4j makes the second wait, the local
            # database refuses it. Its second try finds what the first has written.
            return self._writable and self._local and turn < RACE_TRIES - 1
        if isinstance(error, driver_errors.Neo4jError):
            return error.is_retryable()
        # A lost connection: a cluster has other members; a local server first has to be
        # restarted, and whoever asked is told so instead of being kept waiting.
        is_lost = isinstance(error, driver_errors.DriverError) and error.is_retryable()
        return is_lost and not self._local
