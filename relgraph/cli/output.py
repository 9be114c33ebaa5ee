"""How commands speak: results to standard output, everything else to standard error.

Nothing wraps or shortens an id, a file name or a value, on a terminal or in a pipe.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from relgraph.errors import ImportRefused, RelgraphError

Report = Callable[[str, int, int], None]

MOST_LINES = 200
"""Problems and warnings that are printed one by one; --json gives all."""


def say(text: str) -> None:
    """A result."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Something beside the result."""
    sys.stderr.write(text + "\n")


def say_json(value: Any) -> None:
    """A result for programs."""
    say(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def complain(error: RelgraphError) -> None:
    """An error with its remedy; an import's problems come first, one a line."""
    if isinstance(error, ImportRefused):
        lines(error.problems)
    note(f"relgraph: {error}")


def lines(items: list[Any]) -> None:
    """One line each, so that they can be searched and counted."""
    for item in items[:MOST_LINES]:
        note(str(item))
    if len(items) > MOST_LINES:
        note(f"… and {len(items) - MOST_LINES:,} more; --json lists all.")


@contextmanager
def progress() -> Iterator[Report]:
    """Bars for long work, on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda phase, done, total: None  # noqa: ARG005
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bars:
        tasks: dict[str, Any] = {}

        def report(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase, total=total or None)
            bars.update(tasks[phase], completed=done, total=total or None)

        yield report
