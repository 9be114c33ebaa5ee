"""Lets a long write pass that quick ones would overtake each time.

The local database sees at the end of a transaction whether another one has changed what it had
read. A long one among quick ones would lose each time. The one that has lost holds a lock while
it tries again; the others see the lock's file before they begin, and wait. As long as nobody
has lost there is no file, and nobody waits for anybody.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

LONGEST_WAIT_S = 30.0
"""Then a writer goes on, whoever holds the lock: it may be a process that was suspended."""
SETTLE_S = 0.25
"""How long quick writes that are under way may take to end, before who goes first begins."""
_LOOK_S = 0.02


class Precedence:
    """Who goes first among the writers of all processes that use a directory."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def give_way(self) -> None:
        """Wait while another writer goes first; the system frees its lock if it crashes."""
        if self._file.exists():
            with self._held():
                pass

    @contextmanager
    def go_first(self) -> Iterator[None]:
        """Go first, once those that did so before are done."""
        with self._held():
            time.sleep(SETTLE_S)
            yield

    @contextmanager
    def _held(self) -> Iterator[None]:
        lock = FileLock(self._file, mode=0o600, thread_local=False)
        try:
            # Where there is no permission, or no room for the file, nobody goes first.
            with suppress(Timeout, OSError):
                lock.acquire(timeout=LONGEST_WAIT_S, poll_interval=_LOOK_S)
            yield
        finally:
            if lock.is_locked:
                with suppress(OSError):
                    self._file.unlink(missing_ok=True)
                lock.release()
