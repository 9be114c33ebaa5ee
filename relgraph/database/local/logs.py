"""The server's own output, kept in a few files of bounded size."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

LARGEST = 2_000_000
"""Bytes that a file may hold before the supervisor rotates it."""
GENERATIONS = 4
_TAIL = 8_000


class LogWriter:
    """A log file that a server appends to; it is rotated before each start and when it is long.

    The server holds the file open, so a long log is copied away and cut to nothing in place.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "server.log"

    def is_long(self) -> bool:
        """Whether it is time to rotate."""
        return self.path.exists() and self.path.stat().st_size > LARGEST

    @contextmanager
    def pipe(self) -> Iterator[BinaryIO]:
        """The file to hand to a child as its output."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # a disk that is full; the start itself says so
            self.rotate()
        with self._opened(self.path, os.O_APPEND) as sink:
            yield sink

    def rotate(self) -> None:
        """Move what there is to `.1`, that to `.2`, and so on; the oldest goes."""
        if not self.path.exists() or not self.path.stat().st_size:
            return
        for number in range(GENERATIONS, 1, -1):
            older = self._generation(number - 1)
            if older.exists():
                older.replace(self._generation(number))
        with self.path.open("rb") as now:
            now.seek(max(0, self.path.stat().st_size - LARGEST))
            with self._opened(self._generation(1), os.O_TRUNC) as older_file:
                older_file.write(now.read())
        os.truncate(self.path, 0)

    def tail(self) -> str:
        """The last few thousand characters."""
        if not self.path.exists():
            return ""
        with self.path.open("rb") as log:
            log.seek(max(0, self.path.stat().st_size - _TAIL))
            return log.read().decode("utf-8", "replace")

    @staticmethod
    def _opened(file: Path, flag: int) -> BinaryIO:
        """A file that only the owner can read."""
        return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | flag, 0o600), "wb")

    def _generation(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")
