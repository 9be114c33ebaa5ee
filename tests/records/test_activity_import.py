"""activities.csv: what it takes, what it refuses, and that it comes back as it was."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.insight.strength import relationships
from relgraph.records.activities.counts import contacts_of_customer, counts_of
from relgraph.records.diagnostics import diagnose
from relgraph.records.exports.export import export_records
from relgraph.records.imports import in_parts
from relgraph.records.imports import load as loading
from relgraph.records.log.history import changes, subject_of
from relgraph.records.writes.undo_parts import undo_write
from relgraph.schema.vocabulary import ActivityKind, Direction
from tests.records.folders import NOW, account, exported, folder, load
from tests.support.access import access_to
from tests.support.databases import empty

CALL: dict[str, Any] = {
    "id": "x",
    "kind": "call",
    "happened_at": "2026-11-14",
    "member_id": "m",
    "stakeholder_id": "a",
}


def load_activities(db: Database, tmp_path: Path, *rows: dict[str, Any], **options: Any) -> Any:
    return load(db, folder(tmp_path / "in", **account(activities=list(rows))), **options)


def test_a_row_may_be_in_either_language(database: Database, tmp_path: Path) -> None:
    row = CALL | {
        "kind": "拜访", "happened_at": "2026年11月14日", "direction": "双方", "answered": "是",
        "minutes": "90", "deal_id": "deal", "source": "crm", "external_id": "7",
    }  # fmt: skip
    result = load_activities(database, tmp_path, row)
    assert result.warnings == [] and result.counts["activities"].created == 1
    [stored] = exported(database, tmp_path / "out")["activities"]
    assert stored == {
        "id": "x", "kind": "visit", "happened_at": "2026-11-14", "direction": "mutual",
        "answered": "true", "minutes": "90", "member_id": "m", "stakeholder_id": "a",
        "deal_id": "deal", "source": "crm", "external_id": "7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "chat"}, "activities.csv:2:kind: “chat”: is not a word of this list; use one of "
         "visit, meeting, call, event, email, message, meal, gift"),
        ({"kind": "emial"}, "activities.csv:2:kind: “emial”: is not a word of this list; did you "
         "mean email? use one of visit, meeting, call, event, email, message, meal, gift"),
        ({"kind": ""}, "activities.csv:2:kind: is blank; every row needs it"),
        ({"happened_at": ""}, "activities.csv:2:happened_at: is blank; every row needs it"),
        ({"happened_at": "2026-11-26"}, "activities.csv:2:happened_at: “2026-11-26”: lies in the "
         "future; record an activity when it has happened"),
        ({"happened_at": "2026-11-24T09:06:00Z"}, "activities.csv:2:happened_at: "
         "“2026-11-24T09:06:00Z”: lies in the future; record an activity when it has happened"),
        ({"happened_at": "12/11/2026"}, "activities.csv:2:happened_at: “12/11/2026”: is not a "
         "date, or could be read in two ways; write a day as 2026-11-24"),
        ({"direction": "up"}, "activities.csv:2:direction: “up”: is not a word of this list; use "
         "one of inbound, outbound, mutual"),
        ({"answered": "maybe"}, "activities.csv:2:answered: “maybe”: is neither true nor false; "
         "write true or false"),
        ({"minutes": "-5"}, "activities.csv:2:minutes: “-5”: is out of range; write a number from "
         "0 to 100000"),
        ({"member_id": "who"}, "activities.csv:2:member_id: “who”: there is no member with this "
         "id; add it to members or correct the id"),
        ({"stakeholder_id": "A"}, "activities.csv:2:stakeholder_id: “A”: there is no stakeholder "
         "with this id; did you mean a? add it to stakeholders or correct the id"),
        ({"deal_id": "no"}, "activities.csv:2:deal_id: “no”: there is no deal with this id; add "
         "it to deals or correct the id"),
        ({"direction": "mutual", "answered": "false"}, "activities.csv:2:answered: “false”: mutual "
         "and not answered contradict each other; write inbound or outbound, or leave answered "
         "blank"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(
    local_db: Database, tmp_path: Path, change: dict[str, str], message: str
) -> None:
    with pytest.raises(ImportRefused) as error:
        load_activities(local_db, tmp_path, CALL | change)
    assert [str(problem) for problem in error.value.problems] == [message]


def test_a_row_may_not_contradict_what_is_stored(database: Database, tmp_path: Path) -> None:
    load_activities(database, tmp_path, CALL | {"answered": "false"})
    with pytest.raises(ImportRefused) as error:
        load_activities(database, tmp_path, CALL | {"direction": "mutual"})
    [problem] = error.value.problems
    assert (problem.column, problem.value, problem.code) == (
        "direction", "mutual", "mutual_unanswered",
    )  # fmt: skip
    load_activities(database, tmp_path, CALL | {"direction": "mutual", "answered": "true"})
    load_activities(database, tmp_path, CALL | {"direction": "inbound", "answered": "false"})
    load_activities(database, tmp_path, CALL | {"minutes": "5"})


def test_older_calendars_are_read_with_a_warning(database: Database, tmp_path: Path) -> None:
    """An export of a version that called invitations without an answer mutual comes back."""
    older = CALL | {"direction": "mutual", "answered": "false", "source": "calendar"}
    result = load_activities(database, tmp_path, older, older | {"id": "y"})
    assert [str(warning) for warning in result.warnings] == [
        "activities.csv:2:direction: “mutual”: 2 of a calendar are mutual and not answered, as an "
        "older version wrote them: their direction counts as unknown; read the calendars again to "
        "learn it"
    ]
    for row in exported(database, tmp_path / "out")["activities"]:
        assert row.get("direction", "") == "" and row["answered"] == "false"
    assert diagnose(access_to(database)).faults == []


def test_a_stored_contradiction_is_named(database: Database, tmp_path: Path) -> None:
    load_activities(database, tmp_path, CALL | {"answered": "false"})
    database.write(lambda tx: tx.rows("MATCH (a:Activity) SET a.direction = 'mutual'", {}))
    [fault] = diagnose(access_to(database)).faults
    assert fault.code == "mutual_unanswered" and "1 activities" in fault.text and "x" in fault.text


def test_an_id_stands_once(local_db: Database, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as error:
        load_activities(local_db, tmp_path, CALL, CALL | {"kind": "visit"})
    assert [str(problem) for problem in error.value.problems] == [
        "activities.csv:3:id: “x”: the id stands in line 2, too; give each row an id of its own"
    ]


def test_text_that_somebody_exported_with_it_is_not_kept(
    database: Database, tmp_path: Path
) -> None:
    row = CALL | {"subject": "ZEBRAFISH", "Notes": "ZEBRAFISH", "answerd": "ZEBRAFISH"}
    result = load_activities(database, tmp_path, row)
    assert [str(warning) for warning in result.warnings] == [
        "activities.csv:1:Notes: is not known and was left out: only counts are kept, no text; "
        "remove the column",
        "activities.csv:1:answerd: is not known and was left out: only counts are kept, no text; "
        "rename it answered if that was meant",
        "activities.csv:1:subject: is not known and was left out: only counts are kept, no text; "
        "remove the column",
    ]
    assert "ZEBRAFISH" not in str(exported(database, tmp_path / "out"))
    nodes = database.read(lambda tx: tx.rows("MATCH (n) RETURN n {.*} AS node", {}))
    assert "ZEBRAFISH" not in str(nodes)


def test_they_are_in_the_change_log_and_can_be_undone(database: Database, tmp_path: Path) -> None:
    load(database, folder(tmp_path / "people", **account()))
    load_activities(database, tmp_path, CALL)
    before = exported(database, tmp_path / "before")
    moved = CALL | {"kind": "visit", "stakeholder_id": "b"}
    result = load_activities(database, tmp_path, moved, now=NOW + timedelta(hours=1))
    entries = changes(access_to(database), subject=subject_of("activities", ("x",))).items
    assert [(entry["action"], entry["customer_id"], entry["version"]) for entry in entries] == [
        ("create", "c", 1), ("update", "c", 2),
    ]  # fmt: skip
    assert entries[0]["after"] == {name: value for name, value in CALL.items() if name != "id"}
    assert entries[1]["before"] == {"kind": "call", "stakeholder_id": "a"}
    assert entries[1]["after"] == {"kind": "visit", "stakeholder_id": "b"}
    undo_write(access_to(database), result.change_set)
    assert exported(database, tmp_path / "after") == before


def test_a_change_a_second_time_and_a_blank(database: Database, tmp_path: Path) -> None:
    load_activities(database, tmp_path, CALL | {"minutes": "5", "deal_id": "deal"})
    blank = {"minutes": "", "deal_id": "", "kind": "visit"}
    again = load_activities(database, tmp_path, CALL | blank)
    assert again.counts["activities"].changed == 1
    [row] = exported(database, tmp_path / "out")["activities"]
    assert (row["kind"], row["minutes"], row["deal_id"]) == ("visit", "5", "deal")
    cleared = folder(tmp_path / "c", activities=[CALL | {"minutes": "", "deal_id": ""}])
    load(database, cleared, clear_blanks=True)
    [row] = exported(database, tmp_path / "out")["activities"]
    assert (row["minutes"], row["deal_id"]) == ("", "")


def test_in_parts_and_rolled_back(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(database, folder(tmp_path / "people", **account()))
    monkeypatch.setattr(loading, "ROWS_PER_TRANSACTION", 1)
    monkeypatch.setattr(in_parts, "ROWS_A_PART", 2)
    rows = [CALL | {"id": str(number)} for number in range(7)]

    class Stop(Exception):
        pass

    def stop(phase: str, done: int, total: int) -> None:
        if phase == "write" and done >= total // 2:
            raise Stop

    source = folder(tmp_path / "in", activities=rows)
    with pytest.raises(Stop):
        load(database, source, progress=stop)
    load(database, source, resume="roll_back")
    assert "activities" not in exported(database, tmp_path / "out")
    load(database, source)
    assert len(exported(database, tmp_path / "out")["activities"]) == 7


def test_the_diagnostics_report_missing_ends(database: Database, tmp_path: Path) -> None:
    load_activities(database, tmp_path, CALL)
    assert (
        diagnose(access_to(database)).counts["activities"] == 1
        and not diagnose(access_to(database)).faults
    )
    cut = "MATCH (:Activity)-[r:HELD_WITH]->() DELETE r RETURN count(r) AS n"
    database.write(lambda tx: tx.rows(cut, {}))
    [fault] = diagnose(access_to(database)).faults
    assert (fault.code, fault.text) == ("one_ended", "The activity x lacks its stakeholder.")


activity = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([kind.value for kind in ActivityKind]),
        "happened_at": st.dates(date(2024, 1, 1), NOW.date()).map(str)
        | st.datetimes(max_value=NOW.replace(tzinfo=None)).map(
            lambda moment: moment.replace(microsecond=0).isoformat() + "Z"
        ),
        "direction": st.sampled_from(["", *(direction.value for direction in Direction)]),
        "answered": st.sampled_from(["", "true", "false"]),
        "minutes": st.sampled_from(["", "0", "12.5", "60"]),
        "member_id": st.just("m"),
        "stakeholder_id": st.sampled_from(["a", "b"]),
        "deal_id": st.sampled_from(["", "deal"]),
        "external_id": st.sampled_from(["", "1", "2"]),
    }
).filter(lambda row: (row["direction"], row["answered"]) != ("mutual", "false"))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(activity, min_size=1, max_size=12), suffix=st.sampled_from(["", ".xlsx"]))
def test_any_activities_come_back_and_are_all_counted(
    local_db: Database, rows: list[dict[str, Any]], suffix: str
) -> None:
    empty(local_db)
    rows = [row | {"id": str(number)} for number, row in enumerate(rows)]
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        load(local_db, folder(root / "in", **account(activities=rows)))
        before = exported(local_db, root / "one")
        assert len(before["activities"]) == len(rows)
        export_records(access_to(local_db), root / f"two{suffix}")
        contacts = contacts_of_customer(access_to(local_db, NOW), "c")
        empty(local_db)
        load(local_db, root / f"two{suffix}")
        assert exported(local_db, root / "three") == before
    assert contacts_of_customer(access_to(local_db, NOW), "c") == contacts
    assert sum(contact.number for contact in contacts) == len(rows)
    for person in ("a", "b"):
        own = [row for row in rows if row["stakeholder_id"] == person]
        counted = counts_of(access_to(local_db), "stakeholder", person)
        meant = {
            (row["happened_at"][:7], row["kind"], row["direction"], row["external_id"] or row["id"])
            for row in own
        }
        assert sum(count["number"] for count in counted) == len(meant)
    strengths = relationships(contacts, NOW)
    assert set(strengths) == {("m", row["stakeholder_id"]) for row in rows}
