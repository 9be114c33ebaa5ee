"""Problems of one fault are one group, in both languages and with every code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from relgraph.cli.problems import report, write_problems
from relgraph.errors import RelgraphError
from relgraph.records.imports.check import check
from relgraph.records.problems import FIRST_PLACES, Problem, coded_problem, grouped
from relgraph.records.tables.sources import read_source


def bad(count: int) -> list[Problem]:
    return [
        coded_problem("people.csv", line, "email", f"x{line}", "alias_address")
        for line in range(2, count + 2)
    ]


def test_many_of_one_fault_are_one_group() -> None:
    other = coded_problem("people.csv", 3, "phone", "", "blank")
    groups = grouped([*bad(642), other])
    assert [(group.first.column, group.count) for group in groups] == [("email", 642), ("phone", 1)]
    as_json = groups[0].to_dict()
    assert as_json["count"] == 642 and len(as_json["places"]) == FIRST_PLACES
    assert as_json["places"][0] == {"line": 2, "value": "x2"}


def test_the_same_fault_of_other_values_is_the_same() -> None:
    place = ("people.csv", 4, "id", "a")
    twice = [coded_problem(*place, "id_twice", before=str(line)) for line in (2, 3)]
    long = [coded_problem(*place, "text_too_long", count=str(n), most="10") for n in (20, 1_234)]
    assert [group.count for group in grouped(twice + long)] == [2, 2]
    assert len(grouped([twice[0], long[0]])) == 2


def test_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    report(bad(642), label="problem")
    first, rest = capsys.readouterr().err.splitlines()
    beginning = "problem: people.csv:2:email: “x2”: is no e-mail address; write one such as"
    assert first == f"{beginning} ann@example.com"
    assert rest.startswith("  and 641 more like it: line 3 “x3”, 4 “x4”, 5 “x5”, 6 “x6” …")
    assert "--problems FILE" in rest
    report(bad(3))
    assert len(capsys.readouterr().err.splitlines()) == 3
    blank = [coded_problem("people.csv", line, "name", "", "blank") for line in range(2, 9)]
    report(blank, "zh", label="warning")
    first, rest = capsys.readouterr().err.splitlines()
    assert first == "警告: people.csv:2:name: 为空；每行都需要该值"
    assert rest.startswith("  另有 6 处相同：行 3, 4, 5, 6 …")


def test_the_file_of_all_of_them(tmp_path: Path) -> None:
    file = tmp_path / "problems.csv"
    warning = coded_problem("people.csv", 7, "name", "", "blank")
    for _ in range(2):  # a second import replaces it
        write_problems(file, bad(642), [warning], "zh")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 643 and rows[641]["value"] == "x643" and rows[0]["kind"] == "problem"
    assert (rows[-1]["kind"], rows[-1]["code"], rows[-1]["wrong"]) == ("warning", "blank", "为空")
    other = tmp_path / "customers.csv"
    other.write_text("id,name\na,A\n", "utf-8")
    with pytest.raises(RelgraphError, match="holds something else"):
        write_problems(other, bad(1), [], "en")
    assert other.read_text("utf-8") == "id,name\na,A\n"
    with pytest.raises(RelgraphError, match="cannot be written"):
        write_problems(tmp_path / "none" / "x.csv", bad(1), [], "en")


def test_what_the_check_of_rows_tells_has_a_code_in_both_languages(tmp_path: Path) -> None:
    texts = {
        "customers": "id,name,parent_id\na,A,a\n,B,\na,C,\nd,D,\nd,E,\n",
        "stakeholders": "id,customer_id,name,manager_id\np,d,P,p\nq,d,Q,\n",
        "influences": "from_id,to_id,strength\np,p,0.5\np,q,0.5\np,q,0.5\nq,p,0.5\nq,p,0.6\n",
        "reports_to": "from_id,to_id\np,p\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    records = check(read_source(tmp_path))
    everything = records.problems + records.warnings
    assert {problem.code for problem in everything} == {
        "own_parent", "blank", "id_twice", "self_manager", "same_ends_person", "repeats",
        "contradicts_judged", "self_manager_line",
    }  # fmt: skip
    for problem in everything:
        assert problem.text("zh").isascii() is False and problem.to_dict()["code"] == problem.code
