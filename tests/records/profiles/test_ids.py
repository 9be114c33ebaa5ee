"""Exports as people have them: ids in two forms, and whom other columns name."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.records.imports.check import check
from relgraph.records.imports.load import import_records
from relgraph.records.imports.profiles.apply import apply_profile
from relgraph.records.imports.profiles.ids import in_18
from relgraph.records.imports.profiles.known import profile
from relgraph.records.imports.profiles.model import parse_profile
from relgraph.records.reads.directory import get_node
from relgraph.schema.kinds import CUSTOMER, STAKEHOLDER
from tests.records.profiles.exports import folder, load, read, values
from tests.support.access import access_to
from tests.support.service import CASES, NOW


def test_both_forms_of_an_id_are_one(database: Database) -> None:
    path = CASES / "sf-ids-15-18" / "input"
    load(database, path, "salesforce")
    person = get_node(access_to(database), STAKEHOLDER, "003A0000001c001IAA")
    assert person["customer_id"] == "001A0000001aaaaIAA"
    assert load(database, path, "salesforce").totals["unchanged"] == 2


def test_the_check_of_an_id() -> None:
    assert in_18("001A0000001aaaa") == "001A0000001aaaaIAA"
    assert in_18("ABCDEabcdeAbCdE") == "ABCDEabcdeAbCdE5AV"


def test_an_id_that_is_stored_in_its_short_form_stays_so(tmp_path: Path) -> None:
    def stored(_table: str, ids: set[str]) -> set[str]:
        return ids & {"001A0000001aaaa"}

    source, _ = apply_profile(CASES / "sf-ids-15-18" / "input", profile("salesforce"), stored)
    records = check(source)
    assert values(records, "customers", "id") == [("001A0000001aaaa",)]
    assert values(records, "stakeholders", "customer_id") == [("001A0000001aaaa",)]


def test_ids_that_differ_in_case_alone_are_two(tmp_path: Path) -> None:
    text = "Id,Name,OwnerId,Industry\n001A0000001aaaa,A,,\n001A0000001aaaA,B,,\n"
    records, _ = read(folder(tmp_path, Account=text), "salesforce")
    assert values(records, "customers", "id") == [
        ("001A0000001aaaaIAA",), ("001A0000001aaaAIAQ",),
    ]  # fmt: skip


def test_of_several_ids_the_first_that_is_known_counts(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        companies="Record ID,Company name\n101,Alpha\n102,Beta\n",
        contacts="Record ID,First Name,Last Name,Associated Company IDs\n"
        "1,Bo,Dahl,999;102\n2,Al,Dahl,102;101\n",
    )
    records, _ = read(path, "hubspot")
    assert values(records, "stakeholders", "customer_id") == [("hubspot-102",), ("hubspot-102",)]
    [warning] = [w for w in records.warnings if w.code == "several_named"]
    assert (warning.line, warning.value) == (3, "102; 101")
    assert warning.column == "Associated Company IDs"


def test_companies_by_domain_and_names_that_two_have(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        companies="Record ID,Company name,Company Domain Name\n"
        "101,Alpha,alpha.example\n102,Alpha,https://www.alpha-two.example/en\n",
        contacts="Record ID,First Name,Last Name,Email,Associated Company\n"
        "1,Bo,Dahl,bo@alpha-two.example,Alpha\n2,Al,Dahl,al@mail.example,Alpha\n"
        "3,Cy,Dahl,cy@alpha.example,\n",
    )
    records, mapping = read(path, "hubspot")
    assert values(records, "stakeholders", "id", "customer_id") == [
        ("hubspot-1", "hubspot-102"), ("hubspot-3", "hubspot-101"),
    ]  # fmt: skip
    [entry] = mapping.left_out
    assert (entry.why, entry.lines, entry.examples) == ("left_out_ambiguous", [3], ["Alpha"])
    assert "ids of their associations" in entry.warning().right


STORED = (
    "id,name,name_en,url\nstored-1,华鼎能源,Huading,\nstored-2,Twin,,\nstored-3,TWIN,,\n"
    "stored-4,Delta,,https://www.delta.example/about\n"
)


def test_companies_are_sought_among_stored_customers_too(
    database: Database, tmp_path: Path
) -> None:
    import_records(access_to(database, NOW), folder(tmp_path / "stored", customers=STORED))
    path = folder(
        tmp_path / "export",
        contacts="Record ID,First Name,Last Name,Email,Associated Company\n"
        "1,Bo,Dahl,,HUADING\n2,Al,Dahl,,Twin\n3,Cy,Dahl,cy@delta.example,\n"
        "4,Di,Dahl,,华鼎能源\n5,Ed,Dahl,,Nobody\n",
    )
    result = import_records(access_to(database, NOW), path, profile=profile("hubspot"))
    people = {
        id_: get_node(access_to(database), STAKEHOLDER, f"hubspot-{id_}")["customer_id"]
        for id_ in (1, 3, 4)
    }
    assert people == {1: "stored-1", 3: "stored-4", 4: "stored-1"}
    warned = {
        (problem.line, problem.column, problem.value)
        for problem in result.warnings
        if problem.code == "stored_by_name"
    }
    assert warned == {
        (2, "Associated Company", "HUADING"), (5, "Associated Company", "华鼎能源"),
        (4, "Email", "cy@delta.example"),
    }  # fmt: skip
    assert result.mapping is not None
    left = {entry.why: (entry.lines, entry.examples) for entry in result.mapping.left_out}
    assert left == {
        "left_out_ambiguous": ([3], ["Twin"]), "left_out_unknown": ([6], ["Nobody"]),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("system", "file", "header"),
    [
        ("salesforce", "Account", "Id,Name,OwnerId,Industry,Website"),
        ("hubspot", "companies", "Record ID,Company name,Company owner,Industry,Website URL"),
        ("hubspot", "companies", "Record ID,Company name,Company owner,Industry,Domain"),
    ],
)
def test_a_companys_website_is_kept_and_names_it_later(
    database: Database, tmp_path: Path, system: str, file: str, header: str
) -> None:
    page = "https://www.delta.example/en"
    companies = folder(tmp_path / "first", **{file: f"{header}\n001000000000001,Delta,,,{page}\n"})
    load(database, companies, system)
    contacts = folder(
        tmp_path / "second",
        contacts="Record ID,First Name,Last Name,Email,Associated Company\n"
        "1,Bo,Dahl,bo@delta.example,\n",
    )
    load(database, contacts, "hubspot")
    id_ = get_node(access_to(database), STAKEHOLDER, "hubspot-1")["customer_id"]
    customer = get_node(access_to(database), CUSTOMER, id_)
    assert (customer["name"], customer["website"]) == ("Delta", page)


def test_what_a_company_is_called_goes_before_the_domain_of_a_mail(
    local_db: Database, tmp_path: Path
) -> None:
    import_records(access_to(local_db, NOW), folder(tmp_path / "stored", customers=STORED))
    path = folder(
        tmp_path / "export",
        companies="Record ID,Company name,Company Domain Name\n101,Alpha,alpha.example\n",
        contacts="Record ID,First Name,Last Name,Email,Associated Company\n"
        "1,Bo,Dahl,bo@alpha.example,Delta\n",
    )
    import_records(access_to(local_db, NOW), path, profile=profile("hubspot"))
    assert get_node(access_to(local_db), STAKEHOLDER, "hubspot-1")["customer_id"] == "stored-4"


def test_a_manager_is_sought_among_colleagues_first(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        companies="Record ID,Company name\n101,Alpha\n102,Beta\n",
        contacts="Record ID,First Name,Last Name,Associated Company IDs,Manager\n"
        "1,Bo,Dahl,101,\n2,Bo,Dahl,102,\n3,Al,Berg,102,Bo Dahl\n",
    )
    records, _ = read(path, "hubspot")
    assert ("hubspot-3", "hubspot-2") in values(records, "stakeholders", "id", "manager_id")


def test_rows_without_an_id_are_numbered(tmp_path: Path) -> None:
    path = folder(tmp_path, firms="Firm\nAlpha\nBeta\n")
    ours = parse_profile(
        'title = "x"\nprefix = "old-"\n[[file]]\nnames = ["firms.csv"]\nneeds = ["Firm"]\n'
        '[[file.rows]]\ntable = "customers"\n[file.rows.columns]\n'
        'id = { from = "No", otherwise = { numbered = true } }\nname = "Firm"\n',
        "x",
    )
    records, _ = read(path, ours)
    assert values(records, "customers", "id", "name", "external_ids") == [
        ("old-firms-1", "Alpha", None), ("old-firms-2", "Beta", None),
    ]  # fmt: skip
    [warning] = records.warnings
    assert (warning.code, warning.line) == ("rows_numbered", 2) and "rows: 2" in warning.wrong
