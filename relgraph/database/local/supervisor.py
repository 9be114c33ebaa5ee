"""Keeps the server alive: a thread that asks it a question every second.

A process that is gone is noticed within a quarter of a second; one that hangs (stopped, or deaf
after it ran out of memory) when it leaves two questions in a row unanswered. Either is replaced;
where that fails, it is tried again after a pause that doubles each time.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Protocol

from relgraph.database.local.process import Running
from relgraph.errors import DatabaseError

LOOK_S = 0.25
ASK_S = 1.0
DEAF_AFTER = 2
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0


class Watched(Protocol):
    """What is watched over."""

    @property
    def running(self) -> Running | None:
        """The server's process, as far as it is known."""

    def answers(self, running: Running) -> bool:
        """Whether the server answers a query in time."""

    def set_silent(self, silent: bool) -> None:
        """Whether it left the last question unanswered."""

    def revive(self, seen: Running) -> bool:
        """Replace the server `seen`; False if there is none afterwards."""

    def rotate_log(self) -> None:
        """Keep its log within bounds."""


class Supervisor:
    """Watches one server from one thread."""

    def __init__(self, server: Watched) -> None:
        self._server = server
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._thread = threading.Thread(target=self._watch, name="database-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Cease to watch; a restart that is under way is waited for."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def look_now(self) -> None:
        """Look before the next turn."""
        self._wake.set()

    def _watch(self) -> None:
        unanswered = 0
        asked = time.monotonic()
        while not self._stopped.is_set():
            hurried = self._wake.wait(LOOK_S)
            self._wake.clear()
            running = self._server.running
            if self._stopped.is_set() or running is None:
                continue
            if running.process() is None:
                self._revive(running)
                unanswered = 0
                continue
            if not hurried and time.monotonic() - asked < ASK_S and not unanswered:
                continue
            asked = time.monotonic()
            unanswered = 0 if self._server.answers(running) else unanswered + 1
            self._server.set_silent(unanswered > 0)
            if unanswered >= DEAF_AFTER and not self._stopped.is_set():
                self._revive(running)
                unanswered = 0
            with suppress(OSError, DatabaseError):  # a log that cannot be rotated stops nothing
                self._server.rotate_log()

    def _revive(self, running: Running) -> None:
        pause = FIRST_PAUSE_S
        while not self._stopped.is_set() and not self._server.revive(running):
            self._stopped.wait(pause)
            pause = min(LONGEST_PAUSE_S, pause * 2)
