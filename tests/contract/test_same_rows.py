"""Both databases give the same rows for every query of relgraph.

A scenario imports the demo records, reads them in every way, exports them, and changes them,
once on each database. Every call of a query is recorded with its rows; the recordings must be
equal, and together they must call every query there is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from relgraph import queries
from relgraph.database import Database
from relgraph.queries import catalogue
from tests.contract.scenario import play

Call = tuple[str, dict[str, Any], list[dict[str, Any]]]

UNORDERED = frozenset({"account_of_customer"})
"""Queries whose rows carry lists in no order; their reader sorts them."""


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Call]]:
    calls: list[Call] = []
    execute = queries._execute

    def record(tx: Any, name: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        rows = execute(tx, name, parameters)
        compared = [sorted_parts(row) for row in rows] if name in UNORDERED else rows
        calls.append((name, parameters, compared))
        return rows

    monkeypatch.setattr(queries, "_execute", record)
    yield calls


def sorted_parts(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "rows": sorted(row["rows"], key=repr)}


def played(
    db: Database, calls: list[Call], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Call]:
    """The calls of the scenario, played in a folder of its own under a name that is the same.

    What it names by chance has the same names each time.
    """
    calls.clear()
    numbers = count(1)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=next(numbers) << 80))
    folder.mkdir()
    monkeypatch.chdir(folder)
    play(db, Path())
    return list(calls)


@pytest.fixture(scope="module")
def on_local() -> list[Call]:
    """The calls on the local database, once they are recorded."""
    return []


def recorded(
    on_local: list[Call],
    db: Database,
    calls: list[Call],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> list[Call]:
    """The calls on the local database; both comparisons are with the same ones."""
    if not on_local:
        on_local.extend(played(db, calls, folder / "local", monkeypatch))
    return on_local


def assert_same(calls: list[Call], calls_there: list[Call]) -> None:
    assert [name for name, _, _ in calls] == [name for name, _, _ in calls_there]
    for (name, parameters, rows), (_, parameters_there, rows_there) in zip(
        calls, calls_there, strict=True
    ):
        assert parameters == parameters_there, f"{name} was called with other parameters"
        assert rows == rows_there, f"{name} gives other rows for {parameters}"


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_every_query_gives_the_same_rows_on_neo4j(
    local_db: Database,
    neo4j_db: Database,
    recording: list[Call],
    on_local: list[Call],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    local = recorded(on_local, local_db, recording, tmp_path, monkeypatch)
    neo4j = played(neo4j_db, recording, tmp_path / "neo4j", monkeypatch)
    assert_same(local, neo4j)
    missing = set(catalogue()) - {name for name, _, _ in local}
    assert not missing, f"the scenario calls no {', '.join(sorted(missing))}"


@pytest.mark.long
@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_and_on_the_newest_neo4j(
    local_db: Database,
    neo4j_newest_db: Database,
    recording: list[Call],
    on_local: list[Call],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    local = recorded(on_local, local_db, recording, tmp_path, monkeypatch)
    newest = played(neo4j_newest_db, recording, tmp_path / "newest", monkeypatch)
    assert_same(local, newest)
