"""`relgraph import` against the bare driver writing the same rows with the same statements."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.data import import_folder
from benchmarks.measure import Timing
from benchmarks.report import Section
from relgraph import queries
from relgraph.database import Database
from relgraph.records.load import import_records

PEOPLE = 10_000
RUNS = 5
Statement = tuple[str, dict[str, Any]]


def run(open_empty: Callable[[], Database], name: str) -> list[Section]:
    """Import a folder below the limit of one transaction into an empty database, `RUNS` times."""
    section = Section(
        f"Import into {name}",
        f"{PEOPLE:,} people with three influences each, in one transaction, into an empty "
        "database. “Bare driver” sends the statements that the import sent, with the same rows.",
        ("what", "rows", "s", "rows a second", "rate beside the bare driver", "goal"),
    )
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as closing:
        folder = Path(scratch) / "records"
        rows = sum(import_folder(folder, PEOPLE).values())
        whole, writing, bare = [], [], []
        for _ in range(RUNS):
            statements: list[Statement] = []
            db = closing.enter_context(open_empty())
            with recorded(statements) as seconds_writing:
                start = time.perf_counter()
                import_records(db, folder, now=datetime.now(UTC))
                whole.append(time.perf_counter() - start)
            writing.append(seconds_writing[0])
            db.close()
            db = closing.enter_context(open_empty())
            start = time.perf_counter()
            db.write(lambda tx, s=statements: [tx.rows(text, values) for text, values in s])  # type: ignore[misc]
            bare.append(time.perf_counter() - start)
            db.close()
    base = Timing(tuple(bare)).median
    for what, times, goal in (
        ("bare driver", bare, ""),
        ("import, write phase", writing, "≥ 0.8"),
        ("import, whole command", whole, "≥ 0.5"),
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
    return [section]


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
