"""Exports as people have them: other names of columns, deals by their marks and stages."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.imports.profiles.ids import in_18
from relgraph.records.reads.directory import get_node
from relgraph.schema.kinds import CUSTOMER, DEAL, STAKEHOLDER
from tests.records.profiles.exports import case, codes, folder, load, read, values
from tests.support.access import access_to
from tests.support.service import CASES


def test_companies_are_known_by_name_where_ids_lack() -> None:
    records, _ = case("hubspot-company-by-name", "hubspot")
    assert values(records, "stakeholders", "id", "customer_id") == [("hubspot-201", "hubspot-101")]


def test_older_names_of_columns_are_known() -> None:
    records, mapping = case("hubspot-older-headers", "hubspot")
    assert values(records, "customers", "id", "name") == [("hubspot-101", "Alpha")]
    assert values(records, "stakeholders", "id", "customer_id") == [("hubspot-201", "hubspot-101")]
    contacts = mapping.files[1]
    assert contacts.columns[0].column == "Contact ID"  # as it is written
    assert "stakeholders.phone" in contacts.unfilled


@pytest.mark.parametrize(
    "header",
    [
        "RECORD ID,first name,LAST NAME,EMAIL,associated company ids",
        "record_id,FirstName,LastName,e-mail,Associated Company ID",
        "Datensatz-ID,Vorname,Nachname,E-Mail,Associated Company IDs",
    ],
)
def test_case_signs_and_languages_of_columns(tmp_path: Path, header: str) -> None:
    path = folder(
        tmp_path,
        companies="record id,COMPANY NAME\n101,Alpha\n",
        contacts=f"{header}\n201,Ann,Berg,ann@alpha.example,101\n",
    )
    records, _ = read(path, "hubspot")
    columns = ("id", "name", "email", "customer_id")
    assert values(records, "stakeholders", *columns) == [
        ("hubspot-201", "Ann Berg", "ann@alpha.example", "hubspot-101")
    ]


def test_a_report_with_labels_is_read(database: Database) -> None:
    path = CASES / "profile-unknown-header" / "input"
    result = load(database, path, "salesforce")
    person = get_node(access_to(database), STAKEHOLDER, "003A0000001c001IAA")
    assert (person["name"], person["customer_id"]) == ("Ann Berg", "001A0000001aaaaIAA")
    customer = get_node(access_to(database), CUSTOMER, "001A0000001aaaaIAA")
    assert customer["name"] == "Harbour Pumps"
    footer = next(w for w in result.warnings if w.code == "left_out_blank")
    assert (footer.file, footer.line, footer.column) == ("report.csv", 5, "Contact ID")
    assert footer.wrong.startswith("2 of 3 rows")


def test_a_file_that_lacks_columns_is_named_with_them(local_db: Database, tmp_path: Path) -> None:
    text = (CASES / "profile-unknown-header" / "input" / "report.csv").read_text("utf-8")
    path = folder(tmp_path, report=text.replace('"Contact ID"', '"Contact No"'))
    with pytest.raises(ImportRefused) as refused:
        load(local_db, path, "salesforce")
    [problem] = refused.value.problems
    assert (problem.file, problem.code) == ("report.csv", "columns_lack")
    assert "Contact*.csv" in problem.wrong and problem.wrong.endswith("the columns Id")
    assert "relgraph profile new" in problem.right
    assert "relgraph profile new" in problem.text("zh") and "缺少列 Id" in problem.text("zh")


def test_files_that_lack_columns_are_told_beside_those_that_are_read(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        companies="Record ID,Company name\n101,Alpha\n",
        deals="Deal Name,Deal Stage\nPump,Contract Sent\n",
    )
    records, mapping = read(path, "hubspot")
    warning = next(w for w in records.warnings if w.code == "columns_lack")
    assert (warning.file, mapping.unused) == ("deals.csv", ["deals.csv"])
    assert warning.wrong.endswith("the columns Record ID")


def test_a_file_is_known_by_its_name_with_fewer_columns(tmp_path: Path) -> None:
    records, _ = read(folder(tmp_path, Account="Id,Name\n0015g00001,Alpha\n"), "salesforce")
    assert values(records, "customers", "name") == [("Alpha",)]


def test_another_systems_export_is_told_so(local_db: Database) -> None:
    with pytest.raises(ImportRefused) as refused:
        load(local_db, CASES / "hubspot-older-headers" / "input", "salesforce")
    [problem] = refused.value.problems
    assert problem.code == "other_profile" and "--profile hubspot" in problem.right


def test_an_opportunity_report_brings_its_companies(local_db: Database, tmp_path: Path) -> None:
    text = (
        "Opportunity ID,Opportunity Name,Account ID,Account Name,Stage,Amount,Close Date,Closed,"
        "Won\n006A0000001d001,Pumps,001A0000001aaaa,Harbour,6 - Signed,1000,2026-10-01,1,1\n"
    )
    load(local_db, folder(tmp_path, report=text), "salesforce")
    deal = get_node(access_to(local_db), DEAL, in_18("006A0000001d001"))
    assert (deal["outcome"], deal["customer_id"]) == ("won", "001A0000001aaaaIAA")


def test_marks_say_how_a_deal_ended_whatever_its_stage_is_called() -> None:
    records, _ = case("sf-iswon", "salesforce")
    assert values(records, "deals", "id", "outcome") == [("006A1", "won"), ("006A2", "lost")]
    assert "outcome_unmapped" not in codes(records.warnings)


def test_a_stage_names_its_pipeline_behind_it() -> None:
    records, _ = case("hubspot-stage-pipeline", "hubspot")
    assert values(records, "deals", "name", "outcome", "stage") == [
        ("Pump", "won", None), ("Valve", "lost", None),
    ]  # fmt: skip


def test_an_unknown_stage_is_counted(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        companies="Record ID,Company name\n101,Alpha\n",
        deals="Record ID,Deal Name,Deal Stage,Associated Company IDs\n"
        "1,Pump,Ganada (Ventas),101\n2,Valve,Ganada (Ventas),101\n3,Pipe,Contract Sent,101\n",
    )
    records, _ = read(path, "hubspot")
    [warning] = [w for w in records.warnings if w.code == "outcome_unmapped"]
    assert (warning.column, warning.value, warning.line) == ("Deal Stage", "Ganada (Ventas)", 2)
    assert "count as open (rows: 2)" in warning.wrong and "视为进行中" in warning.text("zh")
