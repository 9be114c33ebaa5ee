"""Kill -9 during imports: one transaction is written or not, parts are continued or rolled back."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from relgraph.database import Database
from relgraph.errors import DatabaseUnavailable
from relgraph.records import batches
from relgraph.records.imports import in_parts
from relgraph.records.imports import load as loading
from relgraph.records.log.change_log import entries_of
from relgraph.records.search.index import is_due
from relgraph.records.writes.parts import unfinished_work
from tests.crash.conftest import Crashing
from tests.database.machine import opened
from tests.records.folders import Tables, folder, load
from tests.support.access import access_to
from tests.support.extent import extent

pytestmark = [pytest.mark.crash, pytest.mark.timeout(extent(300, 1500))]

SEED = 20_261_125
KILLS_OF_ONE_TRANSACTION = extent(4, 25)
KILLS_OF_PARTS = extent(4, 25)
PEOPLE = 40
NODES = """
MATCH (n)
WHERE NOT n:Migration AND NOT n:Import AND NOT n:Change AND NOT n:Deletion
RETURN labels(n)[0] AS kind, n.id AS a, '' AS b, n {.*} AS props
"""
EDGES = """
MATCH (a)-[r]->(b) WHERE NOT a:Import
RETURN type(r) AS kind, a.id AS a, b.id AS b, r {.*} AS props
"""
Graph = list[tuple[str, str, str, dict[str, Any]]]
MADE = {"create": 1, "delete": -1, "update": 0}
NOTE = "在预算会上支持我们，私下仍和老供应商来往。" * 20


def customer(number: int) -> Tables:
    """A new customer with its people and edges, and a change to somebody of all imports."""
    c = f"c{number}"
    people: list[dict[str, Any]] = [
        {
            "id": f"{c}p{i}",
            "customer_id": c,
            "name": f"{c} 第{i}人",
            "notes": f"{i}：{NOTE}",
            "manager_id": f"{c}p{(i - 1) // 5}" if i else "",
        }
        for i in range(PEOPLE)
    ]
    shared = {"id": "shared", "customer_id": "all", "name": f"改名{number}", "notes": NOTE}
    return {
        "customers": [{"id": "all", "name": "All"}, {"id": c, "name": f"客户{number}"}],
        "stakeholders": [*people, shared],
        "influences": [
            {"from_id": f"{c}p{i}", "to_id": f"{c}p{i // 2}", "strength": 0.5, "evidence": NOTE}
            for i in range(2, PEOPLE)
        ],
    }


def import_and_kill(crash: Crashing, source: Path, seconds: float) -> bool:
    """Import while the server is killed in the next `seconds` of writing; whether it succeeded."""
    writing = threading.Event()

    def kill() -> None:
        writing.wait(60)
        crash.kill_within(seconds)

    def report(phase: str, done: int, total: int) -> None:
        if phase == "write":
            writing.set()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        load(crash.db, source, progress=report)
    except DatabaseUnavailable:
        succeeded = False
    else:
        succeeded = True
    finally:
        writing.set()
        killer.join()
    crash.is_back()
    return succeeded


@dataclass
class Expected:
    """The graph before the first import and after each, where nobody is killed."""

    sources: list[Path]
    graphs: list[Graph]
    seconds: float
    """How long one import is writing."""


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """What the imports make of an empty database if they are not disturbed."""
    home = tmp_path_factory.mktemp("undisturbed")
    count = max(KILLS_OF_ONE_TRANSACTION, KILLS_OF_PARTS)
    sources = [folder(home / f"in{number}", **customer(number)) for number in range(count)]
    with opened(home / "db") as db:
        db.migrate()
        graphs, seconds = [graph(db)], []
        for source in sources:
            seconds.append(seconds_of_writing(db, source))
            graphs.append(graph(db))
    return Expected(sources, graphs, statistics.median(seconds))


def seconds_of_writing(db: Database, source: Path) -> float:
    begun: list[float] = []

    def report(phase: str, done: int, total: int) -> None:
        if phase == "write":
            begun.append(time.monotonic())

    load(db, source, progress=report)
    return time.monotonic() - begun[0]


def graph(db: Database) -> Graph:
    """Every node and edge, without what counts or dates its changes and without long work.

    With what exists by the change log: nothing without its note, no note without it. What was
    rolled back was made and removed; an import that goes on may have further notes of what it ends.
    """
    nodes = db.read(lambda tx: tx.rows(NODES, {}))
    edges = db.read(lambda tx: tx.rows(EDGES, {}))
    elements = [(row["kind"], row["a"], row["b"], plain(row["props"])) for row in [*nodes, *edges]]
    notes = db.read(lambda tx: tx.rows("MATCH (c:Change) RETURN c {.*} AS change", {}))
    entries = [entry for note in notes for _, entry in entries_of(note["change"])]
    noted: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        noted[entry.table, " ".join(entry.key)] += MADE[entry.action]
    assert set(noted.values()) <= {0, 1}
    elements += [("note", table, key, {}) for table, key in +noted]
    return sorted(elements, key=repr)


def records(elements: Graph) -> Graph:
    """The same without the index of search, which is written after a large import has ended."""
    return [element for element in elements if not element[0].startswith("Search")]


def plain(properties: dict[str, Any]) -> dict[str, Any]:
    system = {"version", "created_at", "updated_at"}
    return {name: properties[name] for name in sorted(properties.keys() - system)}


def test_kills_during_imports_in_one_transaction(
    crashing: Callable[[int], Crashing], expected: Expected
) -> None:
    crash = crashing(SEED)
    interrupted = 0
    for number in range(KILLS_OF_ONE_TRANSACTION):
        source, before, after = expected.sources[number], *expected.graphs[number : number + 2]
        succeeded = import_and_kill(crash, source, expected.seconds)
        left = graph(crash.db)
        assert left == after or (left == before and not succeeded)
        if left == before:
            interrupted += 1
            load(crash.db, source)
            assert graph(crash.db) == after
    assert interrupted, "no kill met an import"


def test_kills_during_imports_in_parts(
    crashing: Callable[[int], Crashing], expected: Expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "ROWS_PER_TRANSACTION", 10)
    monkeypatch.setattr(batches, "ROWS_A_STATEMENT", 20)
    monkeypatch.setattr(in_parts, "ROWS_A_PART", 20)
    crash = crashing(SEED + 1)
    interrupted = 0
    for number in range(KILLS_OF_PARTS):
        source, before, after = expected.sources[number], *expected.graphs[number : number + 2]
        succeeded = import_and_kill(crash, source, expected.seconds)
        if unfinished_work(access_to(crash.db)):
            interrupted += 1
            assert not succeeded
            if number % 2:
                load(crash.db, source, resume="roll_back")
                assert graph(crash.db) == before
                load(crash.db, source)
            else:
                load(crash.db, source, resume="continue")
        elif not succeeded:  # before the first part, or after the last
            left = graph(crash.db)
            indexing = left != after and crash.db.read(is_due)
            assert left in (before, after) or (indexing and records(left) == records(after))
            load(crash.db, source)
        assert graph(crash.db) == after
        assert unfinished_work(access_to(crash.db)) == []
    assert interrupted, "no kill met an import"
