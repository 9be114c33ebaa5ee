"""Imports too large for one transaction: interrupted after any part, continued or rolled back."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph import queries
from relgraph.database import Database, Transaction
from relgraph.errors import ImportRefused
from relgraph.records import batches, long_tables, spool
from relgraph.records.diagnostics import diagnose
from relgraph.records.imports import in_parts
from relgraph.records.imports import load as loading
from relgraph.records.reads.account import read_account
from tests.records.folders import NOW, Tables, account, exported, folder, load
from tests.support.access import access_to


class Interrupted(Exception):
    """The process ends here."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "ROWS_PER_TRANSACTION", 10)
    monkeypatch.setattr(in_parts, "ROWS_A_PART", 4)
    monkeypatch.setattr(batches, "ROWS_A_STATEMENT", 4)
    monkeypatch.setattr(spool, "ROWS_HELD", 6)
    monkeypatch.setattr(spool, "ROWS_A_CHUNK", 4)
    monkeypatch.setattr(long_tables, "ROWS_A_SLICE", 8)


def large() -> Tables:
    people = [
        {"id": f"p{i}", "customer_id": "c", "department_id": "d", "name": f"P{i}",
         "manager_id": f"p{i - 1}" if i else "boss"}
        for i in range(12)
    ]  # fmt: skip
    influences = [{"from_id": f"p{i}", "to_id": "boss", "strength": 0.5} for i in range(12)]
    start = account()
    return start | {"stakeholders": start["stakeholders"] + people, "influences": influences}


def interrupt_after(monkeypatch: pytest.MonkeyPatch, parts: int) -> None:
    """Let the import die in the part after so many, or where it notes its end."""
    run, count = queries.run, 0

    def counting(tx: Transaction, name: str, **parameters: object) -> object:
        nonlocal count
        if name in {"count_part", "end_work"}:
            count += 1
            if count > parts:
                raise Interrupted
        return run(tx, name, **parameters)

    monkeypatch.setattr(queries, "run", counting)


PARTS = 17


def test_the_large_import_has_as_many_parts(local_db: Database, tmp_path: Path) -> None:
    load(local_db, folder(tmp_path / "small", **account()))
    parts = []

    def note(phase: str, done: int, total: int) -> None:
        if phase == "write" and done:
            parts.append(done)

    load(local_db, folder(tmp_path / "large", **large()), progress=note)
    assert len(parts) == PARTS


@pytest.mark.parametrize("parts", [0, 1, PARTS // 2, PARTS - 1, PARTS])
@pytest.mark.parametrize("resume", ["continue", "roll_back"])
def test_interrupted_anywhere(local_db: Database, tmp_path: Path, parts: int, resume: str) -> None:
    small, source = folder(tmp_path / "small", **account()), folder(tmp_path / "large", **large())
    load(local_db, small)
    before = exported(local_db, tmp_path / "before")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Interrupted):
        interrupt_after(patch, parts)
        load(local_db, source)

    assert read_account(access_to(local_db, NOW.date()), "c").customer.importing
    assert "import_unfinished" in {fault.code for fault in diagnose(access_to(local_db)).faults}
    with pytest.raises(ImportRefused, match="interrupted") as refused:
        load(local_db, small)
    assert "--continue" in str(refused.value) and "--roll-back" in str(refused.value)

    load(local_db, source, resume=resume)
    after = exported(local_db, tmp_path / "after")
    if resume == "roll_back":
        assert after == before
    else:
        assert len(after["stakeholders"]) == 15 and len(after["influences"]) == 12
        assert load(local_db, source).totals["changed"] == 0
    assert read_account(access_to(local_db, NOW.date()), "c").customer.importing is None
    assert diagnose(access_to(local_db)).faults == []


def test_uninterrupted_it_is_the_same_graph(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = folder(tmp_path / "large", **large())
    result = load(database, source)
    assert result.import_id is not None
    after_parts = exported(database, tmp_path / "parts")
    from tests.support.databases import empty

    empty(database)
    monkeypatch.setattr(loading, "ROWS_PER_TRANSACTION", 1_000)
    load(database, source)
    assert exported(database, tmp_path / "one") == after_parts


def test_only_the_same_records_can_be_continued(
    local_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = folder(tmp_path / "large", **large())
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Interrupted):
        interrupt_after(patch, 2)
        load(local_db, source)
    (source / "members.csv").write_text("id,name\nother,Other\n")
    with pytest.raises(ImportRefused, match="not the records"):
        load(local_db, source, resume="continue")


def test_nothing_to_resume_is_reported(local_db: Database, tmp_path: Path) -> None:
    source = folder(tmp_path / "small", **account())
    for resume in ("continue", "roll_back"):
        with pytest.raises(ImportRefused, match="no interrupted import"):
            load(local_db, source, resume=resume)
