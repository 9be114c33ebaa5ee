"""What an import does to what is stored: the rules of docs/import-format.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.account import read_account
from relgraph.records.directory import edges_of, get_node
from relgraph.records.load import ImportResult
from tests.records.folders import NOW, account, exported, folder, load


@pytest.fixture
def db(local_db: Database) -> Database:
    return local_db


@pytest.fixture
def stored(db: Database, tmp_path: Path) -> Database:
    """A database with the small account."""
    load(db, folder(tmp_path / "stored", **account()))
    return db


def again(db: Database, tmp_path: Path, **tables: list[dict[str, Any]]) -> ImportResult:
    return load(db, folder(tmp_path / f"again{len(list(tmp_path.iterdir()))}", **tables))


def test_twice_changes_nothing(stored: Database, tmp_path: Path) -> None:
    before = get_node(stored, "stakeholder", "a")
    result = load(stored, folder(tmp_path / "two", **account()))
    assert result.totals == {"created": 0, "changed": 0, "unchanged": 7}
    assert get_node(stored, "stakeholder", "a") == before


def test_an_absent_column_and_a_blank_cell_keep_the_value(stored: Database, tmp_path: Path) -> None:
    again(stored, tmp_path, stakeholders=[{"id": "a", "customer_id": "c", "email": "a@c.example"}])
    again(stored, tmp_path, stakeholders=[{"id": "a", "customer_id": "c", "email": "", "name": ""}])
    node = get_node(stored, "stakeholder", "a")
    assert (node["name"], node["email"], node["manager_id"]) == ("A", "a@c.example", "boss")


def test_blank_cells_clear_when_asked_to(stored: Database, tmp_path: Path) -> None:
    again(stored, tmp_path, stakeholders=[{"id": "a", "customer_id": "c", "title": "Buyer"}])
    rows = [{"id": "a", "customer_id": "c", "title": "", "department_id": ""}]
    load(stored, folder(tmp_path / "clear", stakeholders=rows), clear_blanks=True)
    node = get_node(stored, "stakeholder", "a")
    assert (node.get("title"), node["department_id"], node["name"]) == (None, None, "A")


def test_a_change_raises_the_version_and_keeps_the_rest(stored: Database, tmp_path: Path) -> None:
    again(stored, tmp_path, customers=[{"id": "c", "name": "C", "region": "North"}])
    node = get_node(stored, "customer", "c")
    assert (node["version"], node["region"], node["name"]) == (2, "North", "C")


def test_a_newer_judgement_wins_and_an_older_one_changes_nothing(
    stored: Database, tmp_path: Path
) -> None:
    def judged(stance: int, when: str) -> ImportResult:
        row = {"stakeholder_id": "a", "deal_id": "deal", "stance": stance, "assessed_at": when}
        return again(stored, tmp_path, supports=[row])

    judged(1, "2026-05-01")
    judged(-1, "2026-04-01")
    assert edges_of(stored, "supports", "deal")[0]["stance"] == 1
    judged(-2, "2026-06-01")
    assert edges_of(stored, "supports", "deal")[0]["stance"] == -2


def test_a_general_and_a_deals_influence_stand_beside_each_other(
    stored: Database, tmp_path: Path
) -> None:
    rows = [
        {"from_id": "a", "to_id": "b", "strength": 0.4},
        {"from_id": "a", "to_id": "b", "strength": 0.9, "deal_id": "deal"},
    ]
    again(stored, tmp_path, influences=rows)
    found = edges_of(stored, "influences", "a")
    assert sorted((row["deal_id"] or "", row["strength"]) for row in found) == [
        ("", 0.4),
        ("deal", 0.9),
    ]


def test_a_new_manager_replaces_the_old_one(stored: Database, tmp_path: Path) -> None:
    again(stored, tmp_path, stakeholders=[{"id": "a", "customer_id": "c", "manager_id": "b"}])
    [line] = edges_of(stored, "managers", "a")
    assert line["to_id"] == "b"


def test_manager_id_and_reports_to_together(stored: Database, tmp_path: Path) -> None:
    again(
        stored,
        tmp_path,
        stakeholders=[{"id": "a", "customer_id": "c", "manager_id": "boss"}],
        reports_to=[{"from_id": "a", "to_id": "b", "line": "dotted"}],
    )
    lines = {row["to_id"]: row["line"] for row in edges_of(stored, "managers", "a")}
    assert lines == {"boss": "solid", "b": "dotted"}


def test_reporting_to_oneself_is_a_warning_and_no_manager(stored: Database, tmp_path: Path) -> None:
    row = {"id": "x", "customer_id": "c", "name": "X", "manager_id": "x"}
    result = again(stored, tmp_path, stakeholders=[row])
    assert any("themself" in str(warning) for warning in result.warnings)
    assert edges_of(stored, "managers", "x") == []


def test_a_new_employer_keeps_the_former_one(stored: Database, tmp_path: Path) -> None:
    again(
        stored,
        tmp_path,
        customers=[{"id": "c2", "name": "C2"}],
        stakeholders=[{"id": "a", "customer_id": "c2", "since": "2026-11-01"}],
    )
    jobs = {row["customer_id"]: row["until"] for row in edges_of(stored, "employments", "a")}
    assert jobs == {"c": NOW.date().isoformat(), "c2": None}
    assert "a" not in read_account(stored, "c", today=NOW.date()).by_id
    assert "a" in read_account(stored, "c2", today=NOW.date()).by_id


def test_unknown_columns_are_kept_and_named(stored: Database, tmp_path: Path) -> None:
    rows = [{"id": "a", "customer_id": "c", "shoe size": "42", "hobby": "chess"}]
    result = again(stored, tmp_path, stakeholders=rows)
    text = " ".join(map(str, result.warnings))
    assert "hobby" in text and "shoe size" in text
    assert get_node(stored, "stakeholder", "a")["hobby"] == "chess"


def test_a_seat_needs_no_name_and_a_person_does(stored: Database, tmp_path: Path) -> None:
    again(stored, tmp_path, stakeholders=[{"id": "s", "customer_id": "c", "placeholder": "yes"}])
    with pytest.raises(ImportRefused) as refused:
        again(stored, tmp_path, stakeholders=[{"id": "t", "customer_id": "c", "name": ""}])
    assert refused.value.problems[0].column == "name"


def test_the_same_pair_twice_in_a_file(stored: Database, tmp_path: Path) -> None:
    def rows(*dates: str) -> list[dict[str, Any]]:
        return [
            {"from_id": "a", "to_id": "b", "strength": 0.1 * n, "assessed_at": when}
            for n, when in enumerate(dates, 1)
        ]

    result = again(stored, tmp_path, influences=rows("2026-05-01", "2026-01-01"))
    assert result.warnings and edges_of(stored, "influences", "a")[0]["strength"] == 0.1
    with pytest.raises(ImportRefused):
        again(stored, tmp_path, influences=rows("2026-07-01", "2026-07-01"))


def test_a_dry_run_counts_and_writes_nothing(db: Database, tmp_path: Path) -> None:
    result = load(db, folder(tmp_path / "dry", **account()), dry_run=True)
    assert result.totals["created"] == 7
    assert exported(db, tmp_path / "out") == {}


def test_nothing_is_written_if_anything_is_wrong(db: Database, tmp_path: Path) -> None:
    bad = account(supports=[{"stakeholder_id": "a", "deal_id": "nowhere", "stance": 1}])
    with pytest.raises(ImportRefused) as refused:
        load(db, folder(tmp_path / "bad", **bad))
    assert [problem.value for problem in refused.value.problems] == ["nowhere"]
    assert exported(db, tmp_path / "out") == {}


def test_rows_may_refer_to_what_is_stored(stored: Database, tmp_path: Path) -> None:
    again(stored, tmp_path, knows=[{"member_id": "m", "stakeholder_id": "a", "closeness": 4}])
    assert edges_of(stored, "knows", "m")[0]["closeness"] == 4


def test_people_of_two_customers_may_influence_each_other_with_a_warning(
    stored: Database, tmp_path: Path
) -> None:
    result = again(
        stored,
        tmp_path,
        customers=[{"id": "c2", "name": "C2"}],
        stakeholders=[{"id": "z", "customer_id": "c2", "name": "Z"}],
        influences=[{"from_id": "z", "to_id": "a", "strength": 0.5}],
    )
    assert result.warnings
    assert edges_of(stored, "influences", "z")
