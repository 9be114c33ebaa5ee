"""How far long work has come, for whoever waits for it."""

from __future__ import annotations

from typing import Protocol

PHASES = ("read", "check", "write", "history", "undo", "index")
"""What is done for long; each has its name in words."""


class Progress(Protocol):
    """Called again and again while something long is done.

    `phase` names what is being done now, one of PHASES or the table that is exported; `done` of
    `total` are rows, changes or names.
    """

    def __call__(self, phase: str, done: int, total: int, /) -> None:
        """Report how far the phase has come."""


def no_progress(phase: str, done: int, total: int) -> None:
    """Nobody waits for it."""
