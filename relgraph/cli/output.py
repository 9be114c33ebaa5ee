"""How commands speak: results to standard output, everything else to standard error.

Nothing wraps or shortens an id, a file name or a value, on a terminal or in a pipe.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from relgraph.errors import ImportRefused, RelgraphError
from relgraph.records.progress import PHASES, Progress, no_progress
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


def complain(error: RelgraphError, lang: Lang) -> None:
    """An error with its remedy; an import's problems come first, one a line."""
    if isinstance(error, ImportRefused):
        lines([problem.sentence(lang) for problem in error.problems], lang)
    complain_of(error, lang)


def complain_of(error: RelgraphError, lang: Lang) -> None:
    """The error alone, in the reader's language."""
    note(f"relgraph: {error.text(lang)}")


def lines(items: list[str], lang: Lang) -> None:
    """One line each, so that they can be searched and counted."""
    for item in items[:MOST_LINES]:
        note(item)
    if len(items) > MOST_LINES:
        note(sentence(lang, "command.more_lines", count=f"{len(items) - MOST_LINES:,}"))


def phase_name(phase: str, lang: Lang) -> str:
    """What a phase of long work is called; the table that is exported keeps its own name."""
    return sentence(lang, f"phase.{phase}") if phase in PHASES else phase


@contextmanager
def progress(lang: Lang) -> Iterator[Progress]:
    """Bars for long work, on a terminal only; what draws them is loaded there alone."""
    if not sys.stderr.isatty():
        yield no_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    with Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bars:
        tasks: Values = {}

        def report(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase_name(phase, lang), total=total or None)
            bars.update(tasks[phase], completed=done, total=total or None)

        yield report
