"""An export carries its past along: log, versions, times; from database to database and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient

from relgraph import queries
from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.exports.export import export_records
from relgraph.records.exports.past import NAME
from relgraph.records.imports import in_parts, load
from relgraph.records.imports.load import import_records
from relgraph.records.writes.parts import unfinished_work
from tests.api.test_history import ACTS, log
from tests.api.test_writes import V1, account, all_at_once
from tests.records.folders import NOW
from tests.support.access import access_to
from tests.support.databases import empty
from tests.support.service import SEEDS, api_of

__all__ = ["account"]


def much_changed(db: Database) -> None:
    """The demo records, and a customer of whom much was written, removed, merged, undone."""
    import_records(access_to(db, NOW), SEEDS / "demo")
    with api_of(db) as api:
        seat = {"customer_id": "c", "department_id": "d"}
        all_at_once(
            api,
            ("POST", "/customers", {"id": "c", "name": "C"}),
            ("POST", "/customers", {"id": "c2", "name": "C2"}),
            ("POST", "/departments", {"id": "d", "customer_id": "c", "name": "D"}),
            *(
                ("POST", "/stakeholders", {"id": id_, "name": id_, **seat})
                for id_ in ("a", "b", "twin")
            ),
            ("POST", "/deals", {"id": "deal", "customer_id": "c", "name": "Deal"}),
            ("PUT", "/stakeholders/a/influences/b", {"strength": 0.7}),
            ("PUT", "/stakeholders/b/influences/a", {"strength": 0.4, "deal_id": "deal"}),
            ("PUT", "/deals/deal/roles/a/influencer", {"can_veto": True}),
        )
        for name in ("a patch", "another employer", "a removed edge", "a batch"):
            change = ACTS[name](api).headers["relgraph-change"]
            if name == "another employer":
                assert api.post(f"{V1}/changes/{change}/undo").status_code == 200
        merged = api.post(f"{V1}/stakeholders/a/merge", json={"duplicate_id": "twin"})
        assert merged.status_code == 200, merged.text
        assert api.delete(f"{V1}/customers/c2").status_code < 300


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def answers_of(db: Database) -> list[Any]:
    """What the API says of it."""
    with api_of(db) as api:
        paths = ("stakeholders/a", "stakeholders/nw-raman", "deals/deal", "search?q=twin")
        logs = [log(api, limit=500), log(api, limit=500, customer_id="c")]
        return [*logs, *(api.get(f"{V1}/{path}").json() for path in paths)]


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_from_one_database_to_the_other_and_back(
    local_db: Database, neo4j_db: Database, tmp_path: Path
) -> None:
    much_changed(local_db)
    before = answers_of(local_db)
    assert not export_records(access_to(local_db), tmp_path / "one").overtaken
    there = import_records(access_to(neo4j_db, NOW), tmp_path / "one")
    assert there.past and there.change_set is None
    assert NAME not in {warning.file for warning in there.warnings}
    assert answers_of(neo4j_db) == before
    export_records(access_to(neo4j_db), tmp_path / "two")
    assert files(tmp_path / "two") == files(tmp_path / "one")
    empty(local_db)
    import_records(access_to(local_db, NOW), tmp_path / "two")
    export_records(access_to(local_db), tmp_path / "three")
    assert files(tmp_path / "three") == files(tmp_path / "one")
    assert answers_of(local_db) == before
    with api_of(local_db) as api:  # what was done before can be undone now
        mine = log(api, limit=500, customer_id="c")
        merge = next(entry for entry in mine if (entry["after"] or {}).get("merged_into"))
        answer = api.post(f"{V1}/changes/{merge['change_set']}/undo")
        assert answer.status_code == 200, answer.text
        assert api.get(f"{V1}/stakeholders/twin").status_code == 200


@pytest.fixture
def export(account: TestClient, local_db: Database, tmp_path: Path) -> Path:
    """The export of a small account that was changed; the database is empty again."""
    account.patch(f"{V1}/stakeholders/a", json={"title": "T"})
    account.delete(f"{V1}/stakeholders/b?cascade=true")
    export_records(access_to(local_db), tmp_path / "export")
    empty(local_db)
    return tmp_path / "export"


@pytest.fixture
def database(local_db: Database) -> Database:
    """The local database: the other one is compared above."""
    return local_db


class Stopped(Exception):
    """Stands for a process that ends in the middle."""


@pytest.mark.parametrize("phase", ["write", "history"])
@pytest.mark.parametrize("then", ["continue", "roll_back"])
def test_in_parts_and_interrupted(
    export: Path,
    local_db: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    phase: str,
    then: Any,
) -> None:
    monkeypatch.setattr(load, "ROWS_PER_TRANSACTION", 1)
    monkeypatch.setattr(in_parts, "ROWS_A_PART", 3)

    def stop(now: str, done: int, total: int) -> None:
        if now == phase and done >= total / 2:
            raise Stopped

    with pytest.raises(Stopped):
        import_records(access_to(local_db, NOW), export, progress=stop)
    import_records(access_to(local_db, NOW), export, resume=then)
    if then == "roll_back":
        left = local_db.read(
            lambda tx: tx.rows(
                "MATCH (n) WHERE NOT n:Migration AND NOT n:Import RETURN labels(n)[0] AS label", {}
            )
        )
        assert {row["label"] for row in left} <= {"SearchWord"}
        return
    export_records(access_to(local_db), tmp_path / "again")
    assert files(tmp_path / "again") == files(export)


STEPS = {
    "count_part", "begin_rollback", "begin_ending", "forget_restored_changes",
    "forget_restored_deletions", "forget_write", "end_work",
}  # fmt: skip
"""Queries before which a process may end."""


def stopped_after(db: Database, export: Path, steps: int, then: Any) -> bool:
    """Import, or go on with it, until so many of these have run; whether it was interrupted."""
    run, count = queries.run, 0

    def counting(tx: Any, name: str, **parameters: Any) -> Any:
        nonlocal count
        count += name in STEPS
        if count > steps:
            raise Stopped
        return run(tx, name, **parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "run", counting)
        try:
            import_records(access_to(db, NOW), export, resume=then)
        except Stopped:
            return True
    return False


def labels(db: Database) -> set[str]:
    """Of everything that is stored, but for long work and words to search for."""
    rows = db.read(lambda tx: tx.rows("MATCH (n) RETURN DISTINCT labels(n)[0] AS label", {}))
    return {row["label"] for row in rows} - {"Migration", "Import", "SearchWord"}


def test_rolled_back_at_any_step_nothing_is_left(
    export: Path, local_db: Database, tmp_path: Path
) -> None:
    """Until all is written; from there on it is finished."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "ROWS_PER_TRANSACTION", 1)
        patch.setattr(in_parts, "ROWS_A_PART", 3)
        for steps in range(100):
            assert stopped_after(local_db, export, steps, None)
            if unfinished_work(access_to(local_db))[0].ending:
                break
            turns = 1
            while stopped_after(local_db, export, turns, "roll_back"):
                turns += 1
            assert labels(local_db) == set()
        assert steps > 10
        with pytest.raises(ImportRefused, match="only its end is missing") as refused:
            import_records(access_to(local_db, NOW), export, resume="roll_back")
        assert "--continue" in str(refused.value)
        turns = 1
        while stopped_after(local_db, export, turns, "continue"):
            turns += 1
    export_records(access_to(local_db), tmp_path / "again")
    assert files(tmp_path / "again") == files(export)


def test_a_database_with_a_past_keeps_its_own(export: Path, local_db: Database) -> None:
    with api_of(local_db) as api:
        all_at_once(api, ("POST", "/customers", {"id": "kept", "name": "Kept"}))
        result = import_records(access_to(local_db, NOW), export)
        assert not result.past and result.change_set
        assert [(warning.file, warning.wrong) for warning in result.warnings] == [
            (NAME, "was left out, since the database has a past of its own")
        ]
        assert {entry["source"] for entry in log(api, change_set=result.change_set)} == {"import"}
    assert import_records(access_to(local_db, NOW), export).warnings == [], "it is the same already"


def edited(export: Path) -> None:
    with (export / "customers.csv").open("a") as file:
        file.write("new,New\n")


def foreign(export: Path) -> None:
    (export / NAME).write_text('{"what": "else"}\n')


@pytest.mark.parametrize("change", [edited, foreign])
def test_what_belongs_to_other_tables_is_left_out(
    export: Path, local_db: Database, change: Callable[[Path], None]
) -> None:
    change(export)
    result = import_records(access_to(local_db, NOW), export)
    assert not result.past and result.change_set
    assert [warning.file for warning in result.warnings] == [NAME]


BROKEN = [
    b"{",
    b"[]",
    b'{"stamp": "planets", "key": {}, "props": {}}',
    b'{"stamp": "customers", "key": {"id": "c"}, "props": {"name": "X"}}',
    b'{"stamp": "customers", "key": {"id": "c"}, "props": {"version": "one"}}',
    b'{"deletion": {"id": 1}}',
    b'{"change": {"id": "x", "entries": "[[1]]"}}',
]


@pytest.mark.parametrize("line", BROKEN)
def test_a_broken_line_is_named_and_nothing_written(
    export: Path, local_db: Database, line: bytes
) -> None:
    lines = (export / NAME).read_bytes().splitlines()
    lines[3] = line
    (export / NAME).write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(ImportRefused) as refused:
        import_records(access_to(local_db, NOW), export)
    [problem] = refused.value.problems
    assert (problem.file, problem.line) == (NAME, 4)
    assert not local_db.read(lambda tx: tx.rows("MATCH (c:Customer) RETURN c.id AS id", {}))


def test_the_header_names_every_table(export: Path) -> None:
    head = orjson.loads((export / NAME).read_bytes().splitlines()[0])
    assert set(head["tables"]) == {file.name for file in export.glob("*.csv")}
