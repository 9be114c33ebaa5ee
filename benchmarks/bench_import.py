"""`relgraph import` against the bare driver writing the same rows with the same statements."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.data import import_folder
from benchmarks.measure import Timing, seconds_of
from benchmarks.report import Section
from relgraph import queries
from relgraph.database import Database
from relgraph.records.imports import load
from relgraph.records.imports.load import import_records
from relgraph.records.search.index import index_pending
from tests.support.access import access_to

PEOPLE = 10_000
RUNS = 5
Statement = tuple[str, dict[str, Any]]


def run(open_empty: Callable[[], tuple[Database, dict[str, str]]], name: str) -> list[Section]:
    """Import a folder below the limit of one transaction into an empty database, `RUNS` times."""
    section = Section(
        f"Import into {name}",
        f"{PEOPLE:,} people with three influences each, in one transaction, into an empty "
        "database. “Bare driver” sends the statements that the import sent, with the same rows; "
        "the whole command is `relgraph import`, with the start of its process.",
        ("what", "rows", "s", "rows a second", "rate beside the bare driver", "goal"),
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "records"
        rows = sum(import_folder(folder, PEOPLE).values())
        command, writing, bare, indexing = [], [], [], []
        keys = 0
        for _ in range(RUNS):
            statements: list[Statement] = []
            db, _ = open_empty()
            with db, recorded(statements) as seconds_writing, seconds_indexing() as spent:
                import_records(access_to(db, datetime.now(UTC)), folder)
            indexing += spent
            put = queries.catalogue()["create_search_keys"].text
            keys = sum(len(values["rows"]) for text, values in statements if text == put)
            writing.append(seconds_writing[0])
            db, _ = open_empty()
            with db:
                bare.append(seconds_of(partial(_send, db, statements)))
            db, environment = open_empty()
            with db:
                command.append(seconds_of(partial(_command, folder, environment)))
    base = Timing(tuple(bare)).median
    for what, times, goal in (
        ("bare driver", bare, ""),
        ("import, write phase", writing, "≥ 0.8"),
        ("import, whole command", command, "≥ 0.5"),
    ):
        median = Timing(tuple(times)).median
        section.rows.append(
            (
                what,
                f"{rows:,}",
                f"{median:.2f}",
                f"{rows / median:,.0f}",
                f"{base / median:.2f}",
                goal,
            )
        )
    median = Timing(tuple(indexing)).median
    of_it = f"of its write phase, {keys:,} keys into the index of search"
    section.rows.append((of_it, f"{rows:,}", f"{median:.2f}", f"{rows / median:,.0f}", "", ""))
    return [section]


@contextmanager
def seconds_indexing() -> Iterator[list[float]]:
    """The seconds that imports need to add what they wrote to the index of search."""
    spent: list[float] = []

    def timed(*args: Any, **options: Any) -> None:
        spent.append(seconds_of(partial(index_pending, *args, **options)))

    with mock.patch.object(load, "index_pending", timed):
        yield spent


def _send(db: Database, statements: list[Statement]) -> None:
    db.write(lambda tx: [tx.rows(text, values) for text, values in statements])


def _command(folder: Path, environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "relgraph", "import", str(folder)],
        env=os.environ | environment,
        check=True,
        capture_output=True,
    )


class recorded:  # noqa: N801
    """Keeps every write statement that goes out, and the seconds that write transactions took."""

    def __init__(self, statements: list[Statement]) -> None:
        self._statements = statements
        self._seconds = [0.0]
        self._stack = ExitStack()

    def __enter__(self) -> list[float]:
        execute, write = queries._execute, Database.write

        def keep(tx: Any, name: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
            query = queries.catalogue()[name]
            if query.mode == "write":
                self._statements.append((query.text, parameters))
            return execute(tx, name, parameters)

        def timed(db: Database, *args: Any, **options: Any) -> Any:
            start = time.perf_counter()
            try:
                return write(db, *args, **options)
            finally:
                self._seconds[0] += time.perf_counter() - start

        self._stack.enter_context(mock.patch.object(queries, "_execute", keep))
        self._stack.enter_context(mock.patch.object(Database, "write", timed))
        return self._seconds

    def __exit__(self, *_: object) -> None:
        self._stack.close()
