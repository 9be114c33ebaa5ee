"""Writes too large for one transaction are undone: completely or not at all, also interrupted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from relgraph import queries
from relgraph.database import Database, Transaction
from relgraph.errors import ImportRefused, NotFound, UndoRefused
from relgraph.records.diagnostics import diagnose
from relgraph.records.log.change_log import begin_change
from relgraph.records.reads.account import read_account
from relgraph.records.search.search import search
from relgraph.records.writes import undo as at_once
from relgraph.records.writes import undo_parts
from relgraph.records.writes.operations import Merge, Upsert
from relgraph.records.writes.undo import undo
from relgraph.records.writes.undo_parts import undo_write
from relgraph.records.writes.writer import write
from relgraph.schema.kinds import INFLUENCE, STAKEHOLDER, kind_of
from tests.records.folders import NOW, Tables, account, exported, folder, load
from tests.support.access import access_at, access_to

LATER = NOW + timedelta(hours=1)


class Interrupted(Exception):
    """The process ends here."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_once, "LARGEST", 10)
    monkeypatch.setattr(undo_parts, "LARGEST", 10)
    monkeypatch.setattr(undo_parts, "ENTRIES_A_PART", 4)
    monkeypatch.setattr(undo_parts, "NOTES_A_READ", 1)


def chain(count: int, name: str, above: str, **more: Any) -> list[dict[str, Any]]:
    """Rows that each name the next one, so that neither their order nor its reverse is safe."""
    return [
        {"id": f"{name}{i}", "name": f"{name} {i}", **more,
         above: f"{name}{i + 1}" if i + 1 < count else ""}
        for i in range(count)
    ]  # fmt: skip


def large() -> Tables:
    """Two new customers beside one that changes, with everything that names something else."""
    start = account()
    people = [
        {"id": f"p{i}", "customer_id": "new0", "department_id": f"unit{i}", "name": f"P {i}",
         "manager_id": f"p{i + 1}" if i < 5 else "boss"}
        for i in range(6)
    ]  # fmt: skip
    changed = [{**row, "title": "Changed"} for row in start["stakeholders"]]
    return start | {
        "teams": chain(6, "team", "parent_id"),
        "members": chain(6, "ours", "manager_id", team_id="team0"),
        "customers": [*start["customers"], *chain(2, "new", "parent_id", owner_id="ours0")],
        "departments": [*start["departments"], *chain(6, "unit", "parent_id", customer_id="new0")],
        "stakeholders": changed + people,
        "deals": [{"id": "other", "customer_id": "new0", "name": "Other", "owner_id": "ours3"}],
        "influences": [{"from_id": f"p{i}", "to_id": "boss", "strength": 0.5} for i in range(6)],
        "knows": [{"member_id": "ours1", "stakeholder_id": "p1", "closeness": 2}],
    }


def begun(db: Database, tmp_path: Path) -> tuple[Any, str]:
    """What is stored before a large import, and the import's name in the log."""
    load(db, folder(tmp_path / "small", **account()))
    before = exported(db, tmp_path / "before")
    result = load(db, folder(tmp_path / "large", **large()), now=LATER)
    assert result.change_set is not None
    return before, result.change_set


def test_it_is_undone_and_that_too(database: Database, tmp_path: Path) -> None:
    before, change = begun(database, tmp_path)
    full = exported(database, tmp_path / "full")
    done: list[tuple[str, int, int]] = []
    undone = undo_write(
        access_to(database, LATER, "me"),
        change,
        note="a slip",
        progress=lambda *step: done.append(step),
    )
    assert exported(database, tmp_path / "after") == before
    assert search(access_to(database, NOW.date()), "unit 3").items == []
    assert len([step for step in done if step[0] == "undo"]) > 9
    assert done[-1][0] == "undo" or done[-1][0] == "index"
    assert undone.change_set is not None and undone.size > 40
    assert diagnose(access_to(database)).faults == []

    with pytest.raises(UndoRefused, match="already"):
        undo_write(access_to(database, LATER, "me"), change)
    undo_write(access_to(database, LATER + timedelta(hours=1), "me"), undone.change_set)
    assert exported(database, tmp_path / "again") == full
    assert search(access_to(database, NOW.date()), "unit 3").items[0]["id"] == "unit3"
    assert diagnose(access_to(database)).faults == []


def test_interrupted_it_goes_on(local_db: Database, tmp_path: Path) -> None:
    """After every few parts, and where its end is noted."""
    before, change = begun(local_db, tmp_path)
    run, stops = queries.run, 0

    def stopping(tx: Transaction, name: str, **parameters: Any) -> Any:
        nonlocal stops
        left = 0 if name == "end_work" else 3
        if name in {"count_part", "end_work"}:
            stops += 1
            if stops > left:
                raise Interrupted
        return run(tx, name, **parameters)

    turns = 0
    while True:
        stops, turns = 0, turns + 1
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(queries, "run", stopping)
            try:
                undo_write(access_to(local_db, LATER + timedelta(minutes=turns), "me"), change)
                break
            except Interrupted:
                pass
        if turns == 1:
            assert read_account(access_to(local_db, NOW.date()), "c").customer.importing
            assert [fault.code for fault in diagnose(access_to(local_db)).faults] == [
                "undo_unfinished"
            ]
            for resume in (None, "continue", "roll_back"):
                with pytest.raises(ImportRefused, match="undone in part") as refused:
                    load(local_db, folder(tmp_path / "small", **account()), resume=resume)
                assert f"relgraph undo {change}" in str(refused.value)
        if turns > 4:  # as often as one needs; then it may finish
            undo_write(access_to(local_db, LATER, "me"), change)
            break
    assert turns > 3
    assert exported(local_db, tmp_path / "after") == before
    assert read_account(access_to(local_db, NOW.date()), "c").customer.importing is None
    assert diagnose(access_to(local_db)).faults == []


def test_a_merge_that_is_done_again_says_whom_it_was_merged_into(
    local_db: Database, tmp_path: Path
) -> None:
    """A person with more edges than one transaction undoes."""
    begun(local_db, tmp_path)
    people = STAKEHOLDER
    ties = [
        Upsert(
            INFLUENCE,
            ("p0", f"p{i}", ""),
            {"from_id": "p0", "to_id": f"p{i}", "strength": 0.3},
        )
        for i in range(1, 5)
    ]
    write(access_to(local_db), begin_change(access_at(LATER, "x"), "api"), lambda w: w.run(ties))
    merge = [Merge(people, ("p5",), "p0")]
    _, done = write(
        access_to(local_db), begin_change(access_at(LATER, "x"), "api"), lambda w: w.run(merge)
    )
    assert done.change_set is not None
    undone = undo_write(access_to(local_db, LATER, "me"), done.change_set)
    assert undone.size > 10
    assert undone.change_set is not None
    assert merged_into(local_db, "p5") == []
    undo_write(access_to(local_db, LATER, "me"), undone.change_set)
    assert merged_into(local_db, "p5") == ["p0"]


def merged_into(db: Database, id_: str) -> list[str]:
    """People who were made part of this one."""
    rows = db.read(lambda tx: queries.rows(tx, "merged_from", ids=[id_]))
    return [row["id"] for row in rows]


LATER_WRITES = [
    ("stakeholders", ("p2",), {"title": "Since"}, "has been changed since"),
    ("departments", ("since",), {"name": "Since", "customer_id": "new1"}, "departments hang on"),
    ("influences", ("a", "p3", ""), {"strength": 0.2}, "influences hang on"),
    ("members", ("m",), {"team_id": "team4"}, "members hang on"),
]


@pytest.mark.parametrize(("table", "key", "values", "why"), LATER_WRITES)
def test_what_was_built_upon_it_refuses_the_undo(
    local_db: Database, tmp_path: Path, table: str, key: Any, values: dict[str, Any], why: str
) -> None:
    _, change = begun(local_db, tmp_path)
    kind = kind_of(table)
    names = ("id",) if kind.is_node else ("from_id", "to_id")
    row = dict(zip(names, key, strict=False)) | values
    write(
        access_to(local_db),
        begin_change(access_at(LATER, "x"), "api"),
        lambda w: w.run([Upsert(kind, key, row)]),
    )
    full = exported(local_db, tmp_path / "full")
    with pytest.raises(UndoRefused, match=why) as refused:
        undo_write(access_to(local_db, LATER, "me"), change)
    assert refused.value.details["reasons"]
    assert exported(local_db, tmp_path / "after") == full
    assert diagnose(access_to(local_db)).faults == []


def test_small_ones_and_unknown_ones(local_db: Database, tmp_path: Path) -> None:
    result = load(local_db, folder(tmp_path / "small", **account()))
    before = exported(local_db, tmp_path / "before")
    source = folder(tmp_path / "one", members=[{"id": "late", "name": "Late"}])
    result = load(local_db, source)
    assert result.change_set is not None
    assert undo_write(access_to(local_db, NOW, "me"), result.change_set).size == 1
    assert exported(local_db, tmp_path / "after") == before
    with pytest.raises(NotFound):
        undo_write(access_to(local_db, NOW, "me"), "change-none")


def test_a_request_says_which_command_does_it(local_db: Database, tmp_path: Path) -> None:
    _, change = begun(local_db, tmp_path)
    with pytest.raises(UndoRefused, match="too many") as refused:
        write(
            access_to(local_db),
            begin_change(access_at(LATER, "x"), "undo"),
            lambda w: undo(w, change),
        )
    assert f"relgraph undo {change}" in str(refused.value)
