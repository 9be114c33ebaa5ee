"""A circle of managers is taken, named when it comes and by the diagnostics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from relgraph.database import Database
from relgraph.records.diagnostics import diagnose
from relgraph.records.writes.circles import circles, first_managers, way_round
from tests.records.folders import folder, load
from tests.support.access import access_to

CUSTOMER = {"customers": [{"id": "c", "name": "C"}]}
RIGHT = "correct one of them if that was not meant; a map cuts it at one person"


def people(**managers: str) -> list[dict[str, Any]]:
    return [
        {"id": id_, "customer_id": "c", "name": id_, "manager_id": manager}
        for id_, manager in managers.items()
    ]


def warned(db: Database, path: Path, **tables: list[dict[str, Any]]) -> list[str]:
    return [str(warning) for warning in load(db, folder(path, **(CUSTOMER | tables))).warnings]


def faults(db: Database) -> list[str]:
    return [f.text for f in diagnose(access_to(db)).faults if f.code == "manager_circle"]


def test_within_one_file(database: Database, tmp_path: Path) -> None:
    rows = people(a="b", b="c", c="a", d="a", e="")
    assert warned(database, tmp_path / "in", stakeholders=rows) == [
        f"stakeholders.csv:2:manager_id: “b”: the managers run in a circle: a → b → c → a; {RIGHT}"
    ]
    assert faults(database) == [
        "The managers of stakeholders run in a circle: a → b → c → a. A map cuts it at one "
        "person: correct one of them."
    ]


def test_over_what_is_stored(database: Database, tmp_path: Path) -> None:
    assert warned(database, tmp_path / "1", stakeholders=people(a="b", b="c", c="")) == []
    assert faults(database) == []
    assert warned(database, tmp_path / "2", stakeholders=people(c="a")) == [
        f"stakeholders.csv:2:manager_id: “a”: the managers run in a circle: c → a → b → c; {RIGHT}"
    ]
    # Nothing of what is there already is said again, and a row without a manager says nothing.
    assert warned(database, tmp_path / "3", stakeholders=people(d="a", a="")) == []


def test_over_reporting_lines(database: Database, tmp_path: Path) -> None:
    rows = people(a="b", b="", c="")
    lines = [{"from_id": "b", "to_id": "c", "line": "solid"},
             {"from_id": "c", "to_id": "a", "line": "solid"}]  # fmt: skip
    assert warned(database, tmp_path / "1", stakeholders=rows, reports_to=lines) == [
        f"stakeholders.csv:2:manager_id: “b”: the managers run in a circle: a → b → c → a; {RIGHT}"
    ]
    assert len(faults(database)) == 1


@pytest.mark.parametrize(
    "line",
    [{"from_id": "b", "to_id": "a", "line": "dotted"},
     {"from_id": "b", "to_id": "a", "line": "solid", "primary": "false"}],
)  # fmt: skip
def test_lines_that_do_not_count(database: Database, tmp_path: Path, line: dict[str, Any]) -> None:
    """A matrix line, and a second manager beside the first."""
    assert warned(database, tmp_path / "1", stakeholders=people(a="b", b="c", c="")) == []
    assert warned(database, tmp_path / "2", reports_to=[line]) == []
    assert faults(database) == []


def test_of_ours(database: Database, tmp_path: Path) -> None:
    rows = [{"id": "m", "name": "M", "manager_id": "n"}, {"id": "n", "name": "N",
             "manager_id": "m"}]  # fmt: skip
    assert warned(database, tmp_path / "1", members=rows) == [
        f"members.csv:2:manager_id: “n”: the managers run in a circle: m → n → m; {RIGHT}"
    ]
    assert "members" in faults(database)[0]


def test_a_long_circle_is_cut_short() -> None:
    above: dict[str, str | None] = {str(n): str((n + 1) % 9) for n in range(9)}
    [circle] = circles(above)
    assert way_round(circle, "3") == ["3", "4", "5", "6", "7", "8", "…", "3"]
    assert circles({"a": "b", "b": None}) == []


def test_of_several_managers_the_first_counts() -> None:
    lines = [("a", "z", False, "2020-01-01"), ("a", "y", True, None), ("b", "y", False, None),
             ("b", "x", False, "2024-01-01"), ("c", "c", True, None),
             ("c", "w", False, None)]  # fmt: skip
    assert first_managers(lines) == {"a": "y", "b": "x", "c": "w"}
