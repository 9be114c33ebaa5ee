"""Imports in parts that were interrupted are rolled back by undoing what the log recorded."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from relgraph import queries
from relgraph.database import Database, Transaction
from relgraph.errors import ImportRefused, UndoRefused
from relgraph.records import batches
from relgraph.records.diagnostics import diagnose
from relgraph.records.imports import in_parts
from relgraph.records.imports import load as loading
from relgraph.records.log.change_log import begin_change
from relgraph.records.log.history import changes
from relgraph.records.search.search import search
from relgraph.records.writes import undo_parts
from relgraph.records.writes.operations import Upsert
from relgraph.records.writes.parts import unfinished_work
from relgraph.records.writes.undo import undo
from relgraph.records.writes.undo_parts import undo_write
from relgraph.records.writes.writer import write
from relgraph.schema.kinds import kind_of
from tests.records.folders import NOW, Tables, account, exported, folder, load
from tests.support.access import access_at, access_to

LATER = NOW + timedelta(hours=1)


class Interrupted(Exception):
    """The process ends here."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "ROWS_PER_TRANSACTION", 10)
    monkeypatch.setattr(in_parts, "ROWS_A_PART", 4)
    monkeypatch.setattr(batches, "ROWS_A_STATEMENT", 4)
    monkeypatch.setattr(undo_parts, "ENTRIES_A_PART", 4)


def moved() -> Tables:
    """People who move to another customer, new ones below them, and what hangs on all of them."""
    start = account()
    people = [{**row, "customer_id": "c2", "department_id": "d2"} for row in start["stakeholders"]]
    new = [
        {"id": f"p{i}", "customer_id": "c2", "department_id": "d2", "name": f"P{i}",
         "manager_id": f"p{i - 1}" if i else "boss"}
        for i in range(6)
    ]  # fmt: skip
    return {
        "teams": [{"id": "t1", "name": "T1", "parent_id": "t2"}, {"id": "t2", "name": "T2"}],
        "members": [{"id": "m", "name": "M", "team_id": "t1"}],
        "customers": [{"id": "c2", "name": "C2", "owner_id": "m", "parent_id": "c"}],
        "departments": [{"id": "d2", "customer_id": "c2", "name": "D2"}],
        "stakeholders": [*people, *new],
        "deals": [{"id": "deal2", "customer_id": "c2", "name": "Deal 2", "owner_id": "m"}],
        "influences": [{"from_id": f"p{i}", "to_id": "boss", "strength": 0.5} for i in range(6)],
        "activities": [
            {"id": "call", "kind": "call", "happened_at": "2026-11-14", "member_id": "m",
             "stakeholder_id": "p1", "deal_id": "deal2"}
        ],
    }  # fmt: skip


PARTS = 19
"""As many parts as such an import has, its end included."""


def interrupt(db: Database, source: Path, parts: int, **options: Any) -> bool:
    """Import, or go on with it, until so many parts are written; whether it was interrupted."""
    run, count = queries.run, 0

    def stopping(tx: Transaction, name: str, **parameters: Any) -> Any:
        nonlocal count
        count += name in {"count_part", "end_work", "begin_ending"}
        if count > parts:
            raise Interrupted
        return run(tx, name, **parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "run", stopping)
        try:
            load(db, source, now=LATER, **options)
        except Interrupted:
            return True
    return False


def sources(db: Database, tmp_path: Path) -> tuple[Path, Any]:
    """The large records, and what is stored before they are imported."""
    load(db, folder(tmp_path / "small", **account()))
    return folder(tmp_path / "large", **moved()), exported(db, tmp_path / "before")


def recorded(db: Database) -> Counter[tuple[str, tuple[str, ...]]]:
    """What there should be, if the log is right."""
    there: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for entry in changes(access_to(db), limit=5_000).items:
        key = (entry["kind"], tuple(value or "" for value in entry["key"].values()))
        there[key] += {"create": 1, "delete": -1, "update": 0}[entry["action"]]
    return there


def test_rolled_back_after_any_part(local_db: Database, tmp_path: Path) -> None:
    """Also where the rolling back itself is interrupted after every two parts."""
    source, before = sources(local_db, tmp_path)
    there = +recorded(local_db)
    for parts in range(PARTS + 1):
        if not interrupt(local_db, source, parts):
            break
        [work] = unfinished_work(access_to(local_db))
        for _ in range(PARTS):
            if not interrupt(local_db, source, 2, resume="roll_back"):
                break
            for resume in (None, "continue"):
                if unfinished_work(access_to(local_db))[0].rolls_back:
                    with pytest.raises(ImportRefused, match="undone in part"):
                        load(local_db, source, resume=resume)
        assert exported(local_db, tmp_path / "after") == before
        assert unfinished_work(access_to(local_db)) == []
        assert diagnose(access_to(local_db)).faults == []
        assert search(access_to(local_db, NOW.date()), "P3").items == []
        assert +recorded(local_db) == there and min(recorded(local_db).values()) >= 0
        entries = changes(access_to(local_db), change_set=work.change_set, limit=500).items
        assert bool(entries) == (parts > 0), "what was written stays in the log"
    else:
        raise AssertionError("the import has more parts than that")
    assert parts == PARTS


def test_rolled_back_on_both(database: Database, tmp_path: Path) -> None:
    source, before = sources(database, tmp_path)
    assert interrupt(database, source, 5)
    load(database, source, resume="roll_back", now=LATER)
    assert exported(database, tmp_path / "after") == before


def test_continued_it_is_one_write_and_can_be_undone(local_db: Database, tmp_path: Path) -> None:
    """After a few parts, again and again; then undone in parts, and that too."""
    source, before = sources(local_db, tmp_path)
    assert interrupt(local_db, source, 3)
    [work] = unfinished_work(access_to(local_db))
    turns = 1  # each begins again with what it left half linked
    while interrupt(local_db, source, 3 + 2 * turns, resume="continue"):
        turns += 1
    assert turns > 2
    full = exported(local_db, tmp_path / "full")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(undo_parts, "LARGEST", 10)
        undone = undo_write(access_to(local_db, LATER + timedelta(hours=1)), work.change_set or "")
    assert exported(local_db, tmp_path / "after") == before
    assert diagnose(access_to(local_db)).faults == []
    undo_write(access_to(local_db, LATER + timedelta(hours=2)), undone.change_set or "")
    assert exported(local_db, tmp_path / "again") == full


LATER_WRITES = [
    (9, "stakeholders", ("p0",), {"id": "p0", "title": "T"}, "“p0” has been changed"),
    (18, "stakeholders", ("boss",), {"id": "boss", "department_id": None}, "has been changed"),
    (9, "departments", ("x",), {"id": "x", "name": "X", "customer_id": "c2"}, "departments hang"),
]
"""After how many parts somebody else writes what."""


@pytest.mark.parametrize(("parts", "table", "key", "values", "why"), LATER_WRITES)
def test_what_was_built_upon_it_refuses_the_rollback(
    local_db: Database,
    tmp_path: Path,
    parts: int,
    table: str,
    key: Any,
    values: dict[str, Any],
    why: str,
) -> None:
    source, _ = sources(local_db, tmp_path)
    assert interrupt(local_db, source, parts)
    kind = kind_of(table)
    change = begin_change(access_at(LATER, "x"), "api")
    _, done = write(access_to(local_db), change, lambda w: w.run([Upsert(kind, key, values)]))
    full = exported(local_db, tmp_path / "full")
    with pytest.raises(ImportRefused, match=why):
        load(local_db, source, resume="roll_back", now=LATER)
    assert exported(local_db, tmp_path / "still") == full
    undo_write(access_to(local_db, LATER), done.change_set or "")
    load(local_db, source, resume="continue", now=LATER)
    assert len(exported(local_db, tmp_path / "after")["stakeholders"]) == 9


def test_the_log_names_it_to_undo_as_well(local_db: Database, tmp_path: Path) -> None:
    source, before = sources(local_db, tmp_path)
    assert interrupt(local_db, source, 5)
    [work] = unfinished_work(access_to(local_db))
    change = begin_change(access_at(LATER, "x"), "undo")
    with pytest.raises(UndoRefused, match="not finished"):
        write(access_to(local_db), change, lambda w: undo(w, work.change_set or ""))
    undo_write(access_to(local_db, LATER), work.change_set or "")
    assert exported(local_db, tmp_path / "after") == before


# imports that an older relgraph has begun -------------------------------------------------


OLDER_WORK = """
MATCH (i:Import) WHERE i.state = 'writing'
SET i.id = 'import-0a1b2c3d4e5f'
REMOVE i.change_set, i.at, i.note
"""
OLDER_PART = """
MATCH (i:Import {id: 'import-0a1b2c3d4e5f'})
CREATE (i)-[:HAS_PART]->(p:ImportPart {id: $id, number: $number, undo: $undo})
SET p.first_note = $first, p.last_note = $last
"""
OLDER_ENTRY = """
MATCH (c:Change {id: $id}) SET c.id = $new, c.set_id = $set_id, c.scope_key = $scope_key
"""
STATEMENTS = orjson.dumps([{"query": "delete_stakeholders", "rows": [{"id": "p1"}]}]).decode()
"""Statements that would undo a part; they are not used any more."""


def made_older(db: Database, source: Path, *, noted: bool = True) -> None:
    """An import of two runs, each a write of its own, as an older relgraph has left it."""
    assert interrupt(db, source, 4)
    assert interrupt(db, source, 5, resume="continue")
    [work] = unfinished_work(access_to(db))

    def age(tx: Transaction) -> None:
        tx.rows(OLDER_WORK, {})
        for row in queries.rows(tx, "changes_of_set", set_id=work.change_set):
            at, _, number = row["change"]["id"].split("/")
            part, entry = divmod(int(number), 1_000_000)
            set_id = f"change-older{1 if part <= 4 else 2}"
            new = f"{at}/{set_id}/{part * 20_000 + entry:010d}"
            scope_key = f"{row['change']['scope']}\t{new}"
            values = {"id": row["change"]["id"], "new": new, "set_id": set_id}
            tx.rows(OLDER_ENTRY, values | {"scope_key": scope_key})
        for part in range(1, work.parts + 1):
            place = f"{work.at}/change-older{1 if part <= 4 else 2}/"
            first, last = (f"{place}{number * 20_000:010d}" for number in (part, part + 1))
            values = {"first": first, "last": last} if noted else {"first": None, "last": None}
            id_ = f"import-0a1b2c3d4e5f/{part}"
            tx.rows(OLDER_PART, {"id": id_, "number": part, "undo": STATEMENTS} | values)

    db.write(age)
    assert [work.change_set for work in unfinished_work(access_to(db))] == [None]


def test_an_older_import_is_rolled_back(database: Database, tmp_path: Path) -> None:
    source, before = sources(database, tmp_path)
    made_older(database, source)
    assert "import_unfinished" in {fault.code for fault in diagnose(access_to(database)).faults}
    with pytest.raises(ImportRefused, match="interrupted"):
        load(database, source)
    load(database, source, resume="roll_back", now=LATER)
    assert exported(database, tmp_path / "after") == before
    assert diagnose(access_to(database)).faults == []
    left = database.read(lambda tx: tx.rows("MATCH (p:ImportPart) RETURN p.id AS id", {}))
    assert left == []


def test_an_older_import_is_continued_and_undone(local_db: Database, tmp_path: Path) -> None:
    source, before = sources(local_db, tmp_path)
    made_older(local_db, source)
    result = load(local_db, source, resume="continue", now=LATER)
    assert len(exported(local_db, tmp_path / "full")["stakeholders"]) == 9
    undo_write(access_to(local_db, LATER), result.change_set or "")
    assert exported(local_db, tmp_path / "after") == before


def test_an_import_that_the_log_does_not_know_can_only_be_continued(
    local_db: Database, tmp_path: Path
) -> None:
    source, _ = sources(local_db, tmp_path)
    made_older(local_db, source, noted=False)
    with pytest.raises(ImportRefused, match="older relgraph") as refused:
        load(local_db, source, resume="roll_back", now=LATER)
    assert "--continue" in str(refused.value)
    load(local_db, source, resume="continue", now=LATER)
    assert len(exported(local_db, tmp_path / "full")["stakeholders"]) == 9
    assert diagnose(access_to(local_db)).faults == []
