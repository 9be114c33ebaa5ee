"""Exports as people have them: rows that are deleted, repeated, or of what is left out."""

from __future__ import annotations

from pathlib import Path

from relgraph.database import Database
from relgraph.records.imports.check import check
from relgraph.records.imports.profiles.apply import apply_profile
from relgraph.records.imports.profiles.known import profile
from relgraph.records.reads.directory import get_node
from relgraph.schema.kinds import STAKEHOLDER
from tests.records.profiles.exports import case, codes, folder, load, nothing_stored, read, values
from tests.support.access import access_to


def test_deleted_rows_are_left_out_and_counted() -> None:
    records, mapping = case("sf-isdeleted", "salesforce")
    assert values(records, "customers", "name") == [("Harbour Pumps Ltd",)]
    assert values(records, "stakeholders", "name") == [("Ann Berg",)]
    assert [
        (entry.file, entry.why, entry.column, entry.value, entry.rows, entry.of, entry.lines)
        for entry in mapping.left_out
    ] == [
        ("Account.csv", "left_out_dropped", "IsDeleted", "true", 1, 2, [3]),
        ("Contact.csv", "left_out_dropped", "IsDeleted", "true", 1, 2, [3]),
    ]


def test_deals_that_are_left_out_are_summed_up_by_what_they_are(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        companies="Record ID,Company name\n101,Alpha\n",
        deals="Record ID,Deal Name,Deal Stage,Amount,Currency,Associated Company IDs\n"
        "1,Pump,Contract Sent,68000,EUR,999\n2,Valve,Contract Sent,32000,EUR,101\n"
        "3,Pipe,Closed Won,5000,EUR,\n4,Tap,Closed Won,1000,EUR,101\n",
    )
    records, mapping = read(path, "hubspot")
    assert values(records, "deals", "name") == [("Valve",), ("Tap",)]
    left = {entry.why: (entry.rows, entry.of, entry.examples) for entry in mapping.left_out}
    assert left == {
        "left_out_blank": (1, 4, ["Pipe"]), "left_out_unknown": (1, 4, ["999"]),
    }  # fmt: skip
    summary = mapping.summary()
    assert summary is not None
    assert summary.wrong == (
        "deals left out: 1 of 2 open ones with 68,000 EUR of 100,000 EUR (68 % EUR), "
        "1 of 2 won ones with 5,000 EUR, 0 of 0 lost ones with 0"
    )
    assert "68 % EUR" in summary.text("zh")
    assert mapping.to_dict()["deals"]["open"]["amounts"] == {"EUR": 68000}


def test_who_refers_to_a_row_that_was_left_out_stays(local_db: Database, tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        companies="Record ID,Company name\n101,Alpha\n",
        contacts="Record ID,First Name,Last Name,Associated Company IDs,Manager\n"
        "1,Bo,Dahl,999,\n2,Ann,Berg,101,Bo Dahl\n",
    )
    result = load(local_db, path, "hubspot")
    person = get_node(access_to(local_db), STAKEHOLDER, "hubspot-2")
    assert person.get("manager_id") is None
    assert {"left_out_unknown", "name_unknown"} <= set(codes(result.warnings))


def test_equal_rows_are_told_and_others_of_one_id_refused(tmp_path: Path) -> None:
    header = "Record ID,First Name,Last Name,Associated Company IDs\n"
    company = "Record ID,Company name\n101,Alpha\n"
    equal = folder(
        tmp_path / "equal", companies=company, contacts=header + "1,Bo,Dahl,101\n1,Bo,Dahl,101\n"
    )
    records, mapping = read(equal, "hubspot")
    [entry] = mapping.left_out
    assert (entry.why, entry.rows, entry.lines, entry.examples) == (
        "left_out_equal", 1, [3], ["Bo Dahl"],
    )  # fmt: skip
    assert len(records.tables["stakeholders"]) == 1
    other = folder(
        tmp_path / "other", companies=company, contacts=header + "1,Bo,Dahl,101\n1,Al,Dahl,101\n"
    )
    source, _ = apply_profile(other, profile("hubspot"), nothing_stored)
    [problem] = check(source).problems
    assert (problem.file, problem.line, problem.value) == ("contacts.csv", 3, "hubspot-1")
