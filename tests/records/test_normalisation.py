"""Rows of people are split into a node and its edges: each fact is written and noted once.

Also logs of an older relgraph, which said of the node, too, what its edges say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from relgraph import queries
from relgraph.database import Database, Transaction
from relgraph.errors import UndoRefused
from relgraph.records.diagnostics import diagnose
from relgraph.records.log.change_log import begin_change
from relgraph.records.log.history import changes
from relgraph.records.reads.directory import edges_of, get_node
from relgraph.records.writes.operations import Removal, Upsert
from relgraph.records.writes.undo import undo
from relgraph.records.writes.writer import write
from relgraph.schema.kinds import (
    ACQUAINTANCE,
    CUSTOMER,
    EMPLOYMENT,
    INFLUENCE,
    NODE_KINDS,
    REPORTING_LINE,
    STAKEHOLDER,
)
from tests.records.folders import NOW, account, exported, folder, load
from tests.support.access import access_at, access_to

LATER = NOW + timedelta(hours=1)
NEW = {
    "id": "n", "customer_id": "c", "department_id": "d", "manager_id": "boss", "name": "N",
    "since": "2026-01-05",
}  # fmt: skip
FIRST_LINE = {"line": "solid", "primary": True}


@pytest.fixture
def stored(database: Database, tmp_path: Path) -> Database:
    """The small account, in which somebody of ours knows a person who influences another."""
    more = {
        "knows": [{"member_id": "m", "stakeholder_id": "a", "closeness": 3}],
        "influences": [{"from_id": "a", "to_id": "b", "strength": 0.5}],
    }
    load(database, folder(tmp_path / "stored", **account(**more)))
    return database


def do(db: Database, *operations: Upsert | Removal) -> str:
    """Write what a request asks for; the write's name in the log."""
    change = begin_change(access_at(LATER, "ann"), "api")
    _, done = write(access_to(db, LATER), change, lambda writer: writer.run(operations))
    assert done.change_set is not None
    return done.change_set


def undone(db: Database, change_set: str, number: int | None = None) -> str:
    """Undo a write, or one entry of it; the name of the undo in the log."""
    change = begin_change(access_at(LATER, "ann"), "undo", undoes=change_set)
    _, done = write(access_to(db, LATER), change, lambda w: undo(w, change_set, number))
    assert done.change_set is not None
    return done.change_set


def person(id_: str, **values: Any) -> Upsert:
    return Upsert(STAKEHOLDER, (id_,), {"id": id_} | values)


def imported(db: Database, tmp_path: Path, **row: str) -> str:
    """Import one row of a person; the write's name in the log."""
    source = folder(tmp_path / "row", stakeholders=[row])
    change_set = load(db, source, now=LATER).change_set
    assert change_set is not None
    return change_set


def entries(db: Database, change_set: str) -> list[dict[str, Any]]:
    return changes(access_to(db), change_set=change_set, limit=500).items


def lines(db: Database, change_set: str) -> list[tuple[Any, ...]]:
    """What was written, in a fixed order: kind, key, action, before and after."""
    return sorted(
        (entry["kind"], tuple(entry["key"].values()), entry["action"], entry["before"],
         entry["after"])
        for entry in entries(db, change_set)
    )  # fmt: skip


_NODE_STAMPS = """
MATCH (n) WHERE any(label IN labels(n) WHERE label IN $labels)
RETURN labels(n)[0] AS kind, n.id AS first, '' AS second, n.version AS version,
    n.updated_at AS at
"""
_EDGE_STAMPS = """
MATCH (a)-[r]->(b)
WHERE any(label IN labels(a) WHERE label IN $labels)
  AND any(label IN labels(b) WHERE label IN $labels)
RETURN type(r) AS kind, a.id AS first, b.id AS second, r.version AS version, r.updated_at AS at
"""

Stamps = Mapping[tuple[str, str, str], tuple[int | None, str | None]]


def stamps(db: Database) -> Stamps:
    """Version and time of every node and edge that is stored."""
    labels = {"labels": [kind.label for kind in NODE_KINDS]}
    rows = db.read(lambda tx: tx.rows(_NODE_STAMPS, labels) + tx.rows(_EDGE_STAMPS, labels))
    return {(row["kind"], row["first"], row["second"]): (row["version"], row["at"]) for row in rows}


def bumped(before: Stamps, after: Stamps) -> set[tuple[str, str, str]]:
    """What was made, changed or removed in between."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


# one row, one node and its edges -----------------------------------------------------------


def test_a_row_of_a_person_becomes_a_node_and_its_edges(stored: Database, tmp_path: Path) -> None:
    before = stamps(stored)
    change_set = imported(stored, tmp_path, **NEW)
    assert bumped(before, stamps(stored)) == {
        ("Stakeholder", "n", ""),
        ("WORKS_AT", "n", "c"),
        ("IN_DEPARTMENT", "n", "d"),
        ("REPORTS_TO", "n", "boss"),
    }
    [node] = stored.read(
        lambda tx: tx.rows("MATCH (n:Stakeholder {id: 'n'}) RETURN keys(n) AS names", {})
    )
    assert {"customer_id", "department_id", "manager_id", "since"} & set(node["names"]) == set()
    assert get_node(access_to(stored), STAKEHOLDER, "n").items() >= NEW.items()
    [job] = edges_of(access_to(stored), EMPLOYMENT, "n")
    assert (job["customer_id"], job["since"], job["until"]) == ("c", "2026-01-05", None)
    [line] = edges_of(access_to(stored), REPORTING_LINE, "n")
    assert (line["to_id"], line["line"], line["primary"]) == ("boss", "solid", True)
    assert lines(stored, change_set) == [
        ("employments", ("n", "c"), "create", None, {"since": "2026-01-05"}),
        ("reports_to", ("n", "boss"), "create", None, FIRST_LINE),
        ("stakeholders", ("n",), "create", None, {"name": "N", "department_id": "d"}),
    ]


@pytest.mark.parametrize("rows", [False, True], ids=["columns alone", "with rows of their own"])
def test_each_fact_stands_once_in_the_log(stored: Database, tmp_path: Path, rows: bool) -> None:
    """Also where employments.csv and reports_to.csv have the same edges."""
    more: dict[str, list[dict[str, Any]]] = {}
    if rows:
        more["employments"] = [{"stakeholder_id": "n", "customer_id": "c", "title": "Clerk"}]
        more["reports_to"] = [{"from_id": "n", "to_id": "boss", "since": "2026-02-02"}]
    source = folder(tmp_path / "in", stakeholders=[NEW], **more)
    change_set = load(stored, source, now=LATER).change_set or ""
    written = entries(stored, change_set)
    assert Counter(entry["kind"] for entry in written) == {
        "stakeholders": 1, "employments": 1, "reports_to": 1,
    }  # fmt: skip
    stated: Counter[str] = Counter()
    for entry in written:
        ends = [value for value in entry["key"].values() if value != "n"]
        stated.update([*ends, *(value for value in entry["after"].values() if value is not True)])
    facts = [
        "c",
        "d",
        "boss",
        "N",
        "2026-01-05",
        "solid",
        *(["Clerk", "2026-02-02"] if rows else []),
    ]
    assert stated == Counter(facts)
    undone(stored, change_set)
    assert "n" not in {row["id"] for row in exported(stored, tmp_path / "out")["stakeholders"]}


def test_the_same_row_again_writes_and_notes_nothing(stored: Database, tmp_path: Path) -> None:
    imported(stored, tmp_path, **NEW)
    before = stamps(stored)
    again = load(stored, folder(tmp_path / "again", stakeholders=[NEW]), now=LATER)
    assert again.change_set is None and again.totals["unchanged"] == 1
    assert stamps(stored) == before


# what a change bumps -----------------------------------------------------------------------

Change = Callable[[Database, Path], str]


def by_import(db: Database, tmp_path: Path) -> str:
    return imported(db, tmp_path, id="a", customer_id="c", manager_id="b")


def by_request(db: Database, tmp_path: Path) -> str:
    return do(db, person("a", manager_id="b"))


@pytest.mark.parametrize("change", [by_import, by_request])
def test_another_manager_bumps_the_person_and_the_lines_alone(
    stored: Database, tmp_path: Path, change: Change
) -> None:
    before, full = stamps(stored), exported(stored, tmp_path / "before")
    change_set = change(stored, tmp_path)
    after = stamps(stored)
    assert bumped(before, after) == {
        ("Stakeholder", "a", ""),
        ("REPORTS_TO", "a", "boss"),
        ("REPORTS_TO", "a", "b"),
    }
    assert ("REPORTS_TO", "a", "boss") not in after
    assert after["Stakeholder", "a", ""][0] == 2 and after["REPORTS_TO", "a", "b"][0] == 1
    assert lines(stored, change_set) == [
        ("reports_to", ("a", "b"), "create", None, FIRST_LINE),
        ("reports_to", ("a", "boss"), "delete", FIRST_LINE, None),
        ("stakeholders", ("a",), "update", {}, {}),
    ]
    undone(stored, change_set)
    assert bumped(before, stamps(stored)) == {
        ("Stakeholder", "a", ""),
        ("REPORTS_TO", "a", "boss"),
    }
    assert exported(stored, tmp_path / "after") == full


def test_the_same_manager_bumps_nothing(stored: Database) -> None:
    before = stamps(stored)
    change = begin_change(access_at(LATER, "ann"), "api")
    same = person("a", manager_id="boss", customer_id="c")
    _, done = write(access_to(stored, LATER), change, lambda writer: writer.run([same]))
    assert done.change_set is None and stamps(stored) == before


def test_no_manager_any_more_bumps_the_person_and_the_line(stored: Database) -> None:
    before = stamps(stored)
    change_set = do(stored, person("a", manager_id=None))
    assert bumped(before, stamps(stored)) == {
        ("Stakeholder", "a", ""),
        ("REPORTS_TO", "a", "boss"),
    }
    assert lines(stored, change_set) == [
        ("reports_to", ("a", "boss"), "delete", FIRST_LINE, None),
        ("stakeholders", ("a",), "update", {}, {}),
    ]


def test_a_title_bumps_the_person_alone(stored: Database) -> None:
    before = stamps(stored)
    change_set = do(stored, person("a", title="Buyer", manager_id="boss", customer_id="c"))
    assert bumped(before, stamps(stored)) == {("Stakeholder", "a", "")}
    assert lines(stored, change_set) == [
        ("stakeholders", ("a",), "update", {"title": None}, {"title": "Buyer"})
    ]


# one entry of a removal --------------------------------------------------------------------


def removed(db: Database) -> tuple[str, dict[str, list[int]]]:
    """Remove a person with all that hangs on them; the numbers of the entries of each kind."""
    change_set = do(db, Removal(STAKEHOLDER, ("a",), cascade=True))
    numbers: dict[str, list[int]] = {}
    for entry in entries(db, change_set):
        numbers.setdefault(entry["kind"], []).append(int(entry["id"].rpartition("#")[2]))
    assert {kind: len(own) for kind, own in numbers.items()} == {
        "stakeholders": 1, "employments": 2, "reports_to": 1, "influences": 1, "knows": 1,
    }  # fmt: skip
    return change_set, numbers


@pytest.fixture
def employed_twice(stored: Database) -> Database:
    """The account, in which the person has worked elsewhere before."""
    do(stored, Upsert(CUSTOMER, ("c2",), {"id": "c2", "name": "C2"}))
    former = {"stakeholder_id": "a", "customer_id": "c2", "until": "2020-12-31", "title": "Clerk"}
    do(stored, Upsert(EMPLOYMENT, ("a", "c2"), former))
    return stored


def test_the_entry_of_a_removed_person_restores_them_with_their_employments(
    employed_twice: Database,
) -> None:
    db = employed_twice
    before = get_node(access_to(db), STAKEHOLDER, "a")
    jobs = edges_of(access_to(db), EMPLOYMENT, "a")
    change_set, numbers = removed(db)
    undoing = undone(db, change_set, numbers["stakeholders"][0])
    now = get_node(access_to(db), STAKEHOLDER, "a")
    assert (now["customer_id"], now["department_id"], now["manager_id"]) == ("c", "d", None)
    assert now["version"] > before["version"] and now["name"] == "A"
    assert [(job["customer_id"], job["until"], job["title"]) for job in jobs] == [
        (job["customer_id"], job["until"], job["title"])
        for job in edges_of(access_to(db), EMPLOYMENT, "a")
    ]
    for kind in (REPORTING_LINE, INFLUENCE):
        assert edges_of(access_to(db), kind, "a") == [], "they have entries of their own"
    assert edges_of(access_to(db), ACQUAINTANCE, "m") == []
    assert lines(db, undoing) == [
        ("employments", ("a", "c"), "create", None, {}),
        ("employments", ("a", "c2"), "create", None, {"title": "Clerk", "until": "2020-12-31"}),
        ("stakeholders", ("a",), "create", None, {"name": "A", "department_id": "d"}),
    ]
    assert diagnose(access_to(db)).faults == []


def test_that_undo_can_be_undone(employed_twice: Database, tmp_path: Path) -> None:
    change_set, numbers = removed(employed_twice)
    gone = exported(employed_twice, tmp_path / "gone")
    undoing = undone(employed_twice, change_set, numbers["stakeholders"][0])
    undone(employed_twice, undoing)
    assert exported(employed_twice, tmp_path / "again") == gone


@pytest.mark.parametrize("kind", ["employments", "reports_to", "influences", "knows"])
def test_the_entry_of_an_edge_does_not_restore_the_person(
    employed_twice: Database, tmp_path: Path, kind: str
) -> None:
    change_set, numbers = removed(employed_twice)
    gone = exported(employed_twice, tmp_path / "gone")
    with pytest.raises(UndoRefused, match="a"):
        undone(employed_twice, change_set, numbers[kind][0])
    assert exported(employed_twice, tmp_path / "still") == gone


# logs of an older relgraph -----------------------------------------------------------------

Row = dict[str, Any] | None


def made_older(db: Database, change_set: str, columns: Mapping[str, tuple[Any, Any]]) -> None:
    """Have the log say of the person, too, what their edges say: before and after of a column."""

    def state(row: Row, turn: int) -> Row:
        return None if row is None else row | {name: both[turn] for name, both in columns.items()}

    def older(entry: list[Any]) -> list[Any]:
        number, table, key, action, before, after, version = entry
        if table == "stakeholders":
            before, after = state(before, 0), state(after, 1)
        elif table == "employments" and action == "update":
            version = 0  # they were kept without one
        return [number, table, key, action, before, after, version]

    def age(tx: Transaction) -> None:
        for row in queries.rows(tx, "changes_of_set", set_id=change_set):
            rewritten = [older(entry) for entry in orjson.loads(row["change"]["entries"])]
            values = {"id": row["change"]["id"], "entries": orjson.dumps(rewritten).decode()}
            tx.rows("MATCH (c:Change {id: $id}) SET c.entries = $entries", values)

    db.write(age)


OLDER: dict[str, tuple[Upsert | Removal, Mapping[str, tuple[Any, Any]]]] = {
    "a new person": (
        person("n", name="N", customer_id="c", manager_id="boss", since="2026-01-05"),
        {"customer_id": (None, "c"), "manager_id": (None, "boss"), "since": (None, "2026-01-05")},
    ),
    "another manager": (person("a", manager_id="b"), {"manager_id": ("boss", "b")}),
    "no manager": (person("a", manager_id=None, title="T"), {"manager_id": ("boss", None)}),
    "another employer": (
        person("a", customer_id="c2", since="2026-11-01"),
        {"customer_id": ("c", "c2"), "since": (None, "2026-11-01")},
    ),
    "an end": (person("a", until="2026-11-01"), {"until": (None, "2026-11-01")}),
    "a removed person": (
        Removal(STAKEHOLDER, ("a",), cascade=True),
        {"customer_id": ("c", None), "manager_id": ("boss", None), "since": (None, None)},
    ),
}
"""What is written, and what an older log says of the person beside."""


@pytest.mark.parametrize(("operation", "columns"), OLDER.values(), ids=OLDER)
def test_a_change_of_an_older_log_is_undone(
    employed_twice: Database,
    tmp_path: Path,
    operation: Upsert | Removal,
    columns: Mapping[str, tuple[Any, Any]],
) -> None:
    """And that again, in the log of today: each fact once."""
    db = employed_twice
    do(db, Upsert(CUSTOMER, ("c3",), {"id": "c3", "name": "C3"}))
    before = exported(db, tmp_path / "before")
    change_set = do(db, operation)
    after = exported(db, tmp_path / "after")
    made_older(db, change_set, columns)
    assert any(
        columns.keys() <= (entry["before"] or entry["after"]).keys()
        for entry in entries(db, change_set)
        if entry["kind"] == "stakeholders"
    )
    undoing = undone(db, change_set)
    assert exported(db, tmp_path / "back") == before
    assert diagnose(access_to(db)).faults == []
    for entry in entries(db, undoing):
        if entry["kind"] == "stakeholders":
            noted = {*(entry["before"] or {}), *(entry["after"] or {})}
            assert noted & STAKEHOLDER.edge_columns == set()
    undone(db, undoing)
    assert exported(db, tmp_path / "again") == after
