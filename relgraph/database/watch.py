"""Time limits of reads, held by a single thread for all of them.

The driver waits for an answer as long as the connection stands, and a database that stands still
does not close it. So the connection of a read that is late is cut here, which ends the wait.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from relgraph.database.driver import neo4j

AGAIN_S = 0.2
"""Between two cuts of a session that has not ended: it may have connected meanwhile."""


@dataclass(order=True, slots=True)
class Watched:
    """A session that must end in time. `late` says that it was cut."""

    at: float
    number: int
    session: neo4j.Session | None = field(compare=False)
    late: bool = field(default=False, compare=False)


class Watch:
    """The thread and what it watches. Its thread begins with the first session."""

    def __init__(self) -> None:
        self._heap: list[Watched] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @contextmanager
    def until(self, deadline: float | None, session: neo4j.Session) -> Iterator[Watched]:
        """Cut the session's connection if the block lasts beyond the deadline (monotonic)."""
        watched = Watched(deadline or 0.0, next(self._numbers), session)
        if deadline is not None:
            self._add(watched)
        try:
            yield watched
        finally:
            watched.session = None

    def _add(self, watched: Watched) -> None:
        with self._changed:
            heapq.heappush(self._heap, watched)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="time limits", daemon=True)
                self._thread.start()
            elif self._heap[0] is watched:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._heap and self._heap[0].session is None:
                    heapq.heappop(self._heap)
                if not self._heap:
                    self._changed.wait()
                    continue
                rest = self._heap[0].at - time.monotonic()
                if rest > 0:
                    self._changed.wait(rest)
                    continue
                watched = heapq.heappop(self._heap)
            session = watched.session
            if session is not None:
                watched.late = True
                _cut(session)
                watched.at = time.monotonic() + AGAIN_S
                self._add(watched)


def _cut(session: neo4j.Session) -> None:
    """Close the socket under a session; the driver offers nothing that another thread may call."""
    connection: Any = session._connection
    if connection is not None:
        with suppress(Exception):  # it may be closing
            connection.kill()


WATCH = Watch()
"""The process's own."""
