"""What an import does to what is stored: the rules of docs/import-format.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.imports.load import ImportResult
from relgraph.records.reads.account import read_account
from relgraph.records.reads.directory import edges_of, get_node
from relgraph.schema.kinds import (
    ACQUAINTANCE,
    CUSTOMER,
    EMPLOYMENT,
    INFLUENCE,
    MEMBER,
    RELATION,
    REPORTING_LINE,
    STAKEHOLDER,
    SUPPORT,
    TEAM,
)
from relgraph.schema.storage import SYSTEM_FIELDS
from tests.records.folders import NOW, Tables, account, exported, folder, load
from tests.support.access import access_to


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
    before = get_node(access_to(stored), STAKEHOLDER, "a")
    result = load(stored, folder(tmp_path / "two", **account()))
    assert result.totals == {"created": 0, "changed": 0, "unchanged": 7}
    assert get_node(access_to(stored), STAKEHOLDER, "a") == before


def test_an_absent_column_and_a_blank_cell_keep_the_value(stored: Database, tmp_path: Path) -> None:
    again(stored, tmp_path, stakeholders=[{"id": "a", "customer_id": "c", "email": "a@c.example"}])
    again(stored, tmp_path, stakeholders=[{"id": "a", "customer_id": "c", "email": "", "name": ""}])
    node = get_node(access_to(stored), STAKEHOLDER, "a")
    assert (node["name"], node["email"], node["manager_id"]) == ("A", "a@c.example", "boss")


def test_blank_cells_clear_when_asked_to(stored: Database, tmp_path: Path) -> None:
    again(stored, tmp_path, stakeholders=[{"id": "a", "customer_id": "c", "title": "Buyer"}])
    rows = [{"id": "a", "customer_id": "c", "title": "", "department_id": ""}]
    load(stored, folder(tmp_path / "clear", stakeholders=rows), clear_blanks=True)
    node = get_node(access_to(stored), STAKEHOLDER, "a")
    assert (node.get("title"), node["department_id"], node["name"]) == (None, None, "A")


def test_a_change_raises_the_version_and_keeps_the_rest(stored: Database, tmp_path: Path) -> None:
    again(stored, tmp_path, customers=[{"id": "c", "name": "C", "region": "North"}])
    node = get_node(access_to(stored), CUSTOMER, "c")
    assert (node["version"], node["region"], node["name"]) == (2, "North", "C")


def test_a_newer_judgement_wins_and_an_older_one_changes_nothing(
    stored: Database, tmp_path: Path
) -> None:
    def judged(stance: int, when: str) -> ImportResult:
        row = {"stakeholder_id": "a", "deal_id": "deal", "stance": stance, "assessed_at": when}
        return again(stored, tmp_path, supports=[row])

    judged(1, "2026-05-01")
    judged(-1, "2026-04-01")
    assert edges_of(access_to(stored), SUPPORT, "deal")[0]["stance"] == 1
    judged(-2, "2026-06-01")
    assert edges_of(access_to(stored), SUPPORT, "deal")[0]["stance"] == -2


def test_a_general_and_a_deals_influence_stand_beside_each_other(
    stored: Database, tmp_path: Path
) -> None:
    rows = [
        {"from_id": "a", "to_id": "b", "strength": 0.4},
        {"from_id": "a", "to_id": "b", "strength": 0.9, "deal_id": "deal"},
    ]
    again(stored, tmp_path, influences=rows)
    influences = edges_of(access_to(stored), INFLUENCE, "a")
    assert sorted((row["deal_id"] or "", row["strength"]) for row in influences) == [
        ("", 0.4),
        ("deal", 0.9),
    ]


def test_a_new_manager_replaces_the_old_one(stored: Database, tmp_path: Path) -> None:
    again(stored, tmp_path, stakeholders=[{"id": "a", "customer_id": "c", "manager_id": "b"}])
    [line] = edges_of(access_to(stored), REPORTING_LINE, "a")
    assert line["to_id"] == "b"


def test_manager_id_and_reports_to_together(stored: Database, tmp_path: Path) -> None:
    again(
        stored,
        tmp_path,
        stakeholders=[{"id": "a", "customer_id": "c", "manager_id": "boss"}],
        reports_to=[{"from_id": "a", "to_id": "b", "line": "dotted"}],
    )
    lines = {row["to_id"]: row["line"] for row in edges_of(access_to(stored), REPORTING_LINE, "a")}
    assert lines == {"boss": "solid", "b": "dotted"}


@pytest.mark.parametrize("line", [{"line": "dotted"}, {"line": "solid"}], ids=str)
def test_a_line_that_manager_id_names_becomes_the_first(
    stored: Database, tmp_path: Path, line: dict[str, str]
) -> None:
    ends = {"from_id": "a", "to_id": "b"}
    again(stored, tmp_path, reports_to=[ends | {"since": "2026-01-01"} | line])
    result = again(
        stored, tmp_path, stakeholders=[{"id": "a", "customer_id": "c", "manager_id": "b"}]
    )
    assert result.totals["changed"] == 1
    [edge] = edges_of(access_to(stored), REPORTING_LINE, "a")
    assert (edge["to_id"], edge["line"], edge["since"]) == ("b", "solid", "2026-01-01")
    assert get_node(access_to(stored), STAKEHOLDER, "a")["manager_id"] == "b"


def test_reporting_to_oneself_is_a_warning_and_no_manager(stored: Database, tmp_path: Path) -> None:
    row = {"id": "a", "customer_id": "c", "manager_id": "a"}
    line = {"from_id": "b", "to_id": "b"}
    result = again(stored, tmp_path, stakeholders=[row], reports_to=[line])
    assert [(warning.file, warning.value) for warning in result.warnings] == [
        ("reports_to.csv", "b"),
        ("stakeholders.csv", "a"),
    ]
    assert edges_of(access_to(stored), REPORTING_LINE, "a") == []
    assert [line["to_id"] for line in edges_of(access_to(stored), REPORTING_LINE, "b")] == ["boss"]


def test_an_absent_column_keeps_what_a_new_row_would_get(stored: Database, tmp_path: Path) -> None:
    def natures(**row: str) -> list[str]:
        ends = {"from_id": "a", "to_id": "b", "strength": "0.5"}
        again(stored, tmp_path, influences=[ends | row])
        return [row["nature"] for row in edges_of(access_to(stored), INFLUENCE, "a")]

    assert natures() == ["positive"]
    assert natures(nature="conflict") == ["conflict"]
    assert natures() == natures(nature="") == ["conflict"]
    rows = [{"from_id": "a", "to_id": "b", "strength": 0.5, "nature": ""}]
    load(stored, folder(tmp_path / "clear", influences=rows), clear_blanks=True)
    assert edges_of(access_to(stored), INFLUENCE, "a")[0]["nature"] == "positive"


def test_a_tie_given_from_its_other_end_is_the_same_tie(stored: Database, tmp_path: Path) -> None:
    def ties(*rows: tuple[str, str, str, str]) -> list[tuple[str, str, str]]:
        names = ("from_id", "to_id", "kind", "strength")
        again(stored, tmp_path, relations=[dict(zip(names, row, strict=True)) for row in rows])
        edges = edges_of(access_to(stored), RELATION, "a")
        return [(row["from_id"], row["to_id"], str(row["strength"])) for row in edges]

    assert ties(("a", "b", "friend", "0.5"), ("b", "a", "friend", "0.5")) == [("a", "b", "0.5")]
    assert ties(("b", "a", "friend", "0.7")) == [("a", "b", "0.7")]
    both = [("a", "b", "0.1"), ("a", "b", "0.7"), ("b", "a", "0.2")]
    assert ties(("a", "b", "advice", "0.1"), ("b", "a", "advice", "0.2")) == both


def test_a_new_employer_keeps_the_former_one(stored: Database, tmp_path: Path) -> None:
    again(
        stored,
        tmp_path,
        customers=[{"id": "c2", "name": "C2"}],
        stakeholders=[{"id": "a", "customer_id": "c2", "since": "2026-11-01"}],
    )
    jobs = {
        row["customer_id"]: row["until"] for row in edges_of(access_to(stored), EMPLOYMENT, "a")
    }
    assert jobs == {"c": NOW.date().isoformat(), "c2": None}
    assert "a" not in read_account(access_to(stored, NOW.date()), "c").by_id
    assert "a" in read_account(access_to(stored, NOW.date()), "c2").by_id


def test_a_new_employer_ends_the_department(stored: Database, tmp_path: Path) -> None:
    """Unless the department goes along."""
    again(
        stored,
        tmp_path,
        customers=[{"id": "c2", "name": "C2"}],
        stakeholders=[{"id": "a", "customer_id": "c2"}],
    )
    assert get_node(access_to(stored), STAKEHOLDER, "a")["department_id"] is None
    again(
        stored,
        tmp_path,
        departments=[{"id": "d", "customer_id": "c2", "name": "D"}],
        stakeholders=[{"id": "b", "customer_id": "c2"}],
    )
    assert get_node(access_to(stored), STAKEHOLDER, "b")["department_id"] == "d"


def test_unknown_columns_are_kept_and_named(stored: Database, tmp_path: Path) -> None:
    rows = [{"id": "a", "customer_id": "c", "Shoe size": "42", "hobby": "chess", "titel": "Dr"}]
    result = again(stored, tmp_path, stakeholders=rows)
    assert [str(warning) for warning in result.warnings] == [
        "stakeholders.csv:1:Shoe size: is not known and was kept as text under the name shoe_size;"
        " correct the header if that was not meant",
        "stakeholders.csv:1:hobby: is not known and was kept as text; correct the header if that "
        "was not meant",
        "stakeholders.csv:1:titel: is not known and was kept as text; rename it title if that was "
        "meant",
    ]
    node = get_node(access_to(stored), STAKEHOLDER, "a")
    assert (node["shoe_size"], node["hobby"], node["titel"]) == ("42", "chess", "Dr")


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ("_id", "id_2"), ("name!", "name_2"), ("created-at", "created_at_2"),
        ("motives", "motives_2"), ("鞋码", "鞋码"), ("a.b`c", "a_b_c"), ("?", "column"),
        ("x" * 300, "x" * 100), ("cost\n(net)", "cost_net"),
    ],
)  # fmt: skip
def test_an_unknown_column_takes_no_name_of_ours(
    stored: Database, tmp_path: Path, header: str, kept: str
) -> None:
    again(stored, tmp_path, members=[{"id": "m", "name": "M", header: "more"}])
    node = get_node(access_to(stored), MEMBER, "m")
    assert (node["id"], node["name"], node[kept]) == ("m", "M", "more")


@pytest.mark.parametrize("column", sorted(SYSTEM_FIELDS))
def test_what_relgraph_keeps_itself_cannot_be_imported(
    stored: Database, tmp_path: Path, column: str
) -> None:
    before = get_node(access_to(stored), CUSTOMER, "c")
    result = again(stored, tmp_path, customers=[{"id": "c", "name": "C", column: "mine"}])
    assert [warning.column for warning in result.warnings] == [column]
    assert get_node(access_to(stored), CUSTOMER, "c") == before


def test_a_seat_needs_no_name_and_a_person_does(stored: Database, tmp_path: Path) -> None:
    def seat(**more: str) -> ImportResult:
        return again(stored, tmp_path, stakeholders=[{"id": "s", "customer_id": "c", **more}])

    with pytest.raises(ImportRefused) as refused:
        seat(name="")
    assert refused.value.problems[0].column == "name"
    seat(placeholder="yes")
    seat(title="Buyer")  # the database knows that nobody holds it
    with pytest.raises(ImportRefused):
        seat(placeholder="no")
    seat(placeholder="no", name="S")
    rows = [{"id": "s", "customer_id": "c", "name": ""}]
    with pytest.raises(ImportRefused):
        load(stored, folder(tmp_path / "clear", stakeholders=rows), clear_blanks=True)


def test_the_same_pair_twice_in_a_file(stored: Database, tmp_path: Path) -> None:
    def rows(*dates: str) -> list[dict[str, Any]]:
        return [
            {"from_id": "a", "to_id": "b", "strength": 0.1 * n, "assessed_at": when}
            for n, when in enumerate(dates, 1)
        ]

    result = again(stored, tmp_path, influences=rows("2026-05-01", "2026-01-01"))
    assert result.warnings and edges_of(access_to(stored), INFLUENCE, "a")[0]["strength"] == 0.1
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
    assert edges_of(access_to(stored), ACQUAINTANCE, "m")[0]["closeness"] == 4


def test_rows_may_refer_to_rows_that_stand_later(db: Database, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "customer_id": "c", "name": "A", "manager_id": "b"},
        {"id": "b", "customer_id": "c", "name": "B"},
    ]
    teams = [{"id": "t", "name": "T", "parent_id": "u"}, {"id": "u", "name": "U"}]
    customers = [{"id": "c", "name": "C", "parent_id": "g"}, {"id": "g", "name": "G"}]
    load(db, folder(tmp_path / "in", stakeholders=rows, teams=teams, customers=customers))
    assert edges_of(access_to(db), REPORTING_LINE, "a")[0]["to_id"] == "b"
    assert get_node(access_to(db), TEAM, "t")["parent_id"] == "u"
    assert get_node(access_to(db), CUSTOMER, "c")["parent_id"] == "g"


def test_a_parent_may_move_below_its_former_child(stored: Database, tmp_path: Path) -> None:
    def below(**parents: str) -> ImportResult:
        rows = [{"id": id_, "name": id_, "parent_id": up} for id_, up in parents.items()]
        return load(stored, folder(tmp_path / "in", teams=rows), clear_blanks=True)

    below(t="", u="t")
    below(t="u", u="")
    assert get_node(access_to(stored), TEAM, "t")["parent_id"] == "u"


OTHERS: Tables = {
    "customers": [{"id": "c2", "name": "C2"}],
    "stakeholders": [{"id": "z", "customer_id": "c2", "name": "Z"}],
    "deals": [{"id": "theirs", "customer_id": "c2", "name": "Theirs"}],
}


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("influences", {"from_id": "z", "to_id": "a", "strength": 0.5}, "to_id"),
        ("influences", {"from_id": "a", "to_id": "b", "strength": 0.5, "deal_id": "theirs"},
         "deal_id"),
        ("relations", {"from_id": "a", "to_id": "z", "kind": "friend"}, "to_id"),
        ("reports_to", {"from_id": "a", "to_id": "z"}, "to_id"),
        ("supports", {"stakeholder_id": "z", "deal_id": "deal"}, "deal_id"),
        ("stakeholders", {"id": "y", "customer_id": "c", "name": "Y", "manager_id": "z"},
         "manager_id"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", [False, True], ids=["at once", "stored before"])
def test_what_joins_people_of_two_customers_is_kept_with_a_warning(
    stored: Database, tmp_path: Path, table: str, row: dict[str, Any], column: str, before: bool
) -> None:
    if before:
        again(stored, tmp_path, **OTHERS)
    tables = {table: [row]} if before else OTHERS | {table: [row, *OTHERS.get(table, [])]}
    result = again(stored, tmp_path, **tables)
    assert [(warning.file, warning.column) for warning in result.warnings] == [
        (f"{table}.csv", column)
    ]
    assert "no map shows this" in result.warnings[0].wrong
    assert result.counts[table].created >= 1
