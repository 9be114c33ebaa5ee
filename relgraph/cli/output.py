"""How commands speak: results to standard output, everything else to standard error.

Nothing wraps or shortens an id, a file name or a value, on a terminal or in a pipe.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from relgraph.errors import ImportRefused, RelgraphError
from relgraph.records.progress import Progress, no_progress
from relgraph.schema.values import Values
from relgraph.schema.vocabulary import Lang
from relgraph.words import say as sentence

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
    complain_of(error, "en")


def complain_of(error: RelgraphError, lang: Lang) -> None:
    """The error alone, in the reader's language where its sentence stands in words."""
    key = error.details.get("words_key")
    text = sentence(lang, key, **error.details["values"]) if key else str(error)
    note(f"relgraph: {text}")


def lines(items: list[Any], lang: Lang = "en") -> None:
    """One line each, so that they can be searched and counted."""
    for item in items[:MOST_LINES]:
        note(str(item))
    if len(items) > MOST_LINES:
        note(sentence(lang, "command.more_lines", count=f"{len(items) - MOST_LINES:,}"))


@contextmanager
def progress() -> Iterator[Progress]:
    """Bars for long work, on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield no_progress
        return
    with Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bars:
        tasks: Values = {}

        def report(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase, total=total or None)
            bars.update(tasks[phase], completed=done, total=total or None)

        yield report
