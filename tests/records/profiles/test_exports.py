"""Exports as people have them: other names of columns, marks, ids, missing and repeated rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.imports.check import check
from relgraph.records.imports.load import ImportResult, import_records
from relgraph.records.imports.profiles.apply import apply_profile
from relgraph.records.imports.profiles.draft import draft
from relgraph.records.imports.profiles.ids import in_18
from relgraph.records.imports.profiles.known import profile, profiles_for
from relgraph.records.imports.profiles.model import Profile, parse_profile
from relgraph.records.imports.profiles.report import Mapping
from relgraph.records.problems import Problem
from relgraph.records.reads.directory import get_node
from relgraph.records.rows import Records
from relgraph.schema.kinds import CUSTOMER, DEAL, STAKEHOLDER
from tests.support.access import access_to
from tests.support.service import CASES, NOW


def nothing_stored(_table: str, _ids: set[str]) -> set[str]:
    return set()


def read(path: Path, by: str | Profile) -> tuple[Records, Mapping]:
    """What an empty database would get; a sound export has no problem."""
    chosen = profile(by) if isinstance(by, str) else by
    source, mapping = apply_profile(path, chosen, nothing_stored)
    records = check(source)
    assert records.problems == []
    return records, mapping


def case(name: str, by: str) -> tuple[Records, Mapping]:
    return read(CASES / name / "input", by)


def values(records: Records, table: str, *columns: str) -> list[tuple[Any, ...]]:
    rows = records.tables.get(table, {}).values()
    return [tuple(row.values.get(column) for column in columns) for row in rows]


def folder(path: Path, **files: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text, "utf-8")
    return path


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def load(db: Database, path: Path, by: str, **more: Any) -> ImportResult:
    return import_records(access_to(db, NOW), path, profile=profile(by), **more)


# columns ------------------------------------------------------------------------------------


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


# what deals are -----------------------------------------------------------------------------


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


# rows that are left out ---------------------------------------------------------------------


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


# ids and references -------------------------------------------------------------------------


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


# contacts -----------------------------------------------------------------------------------

PEOPLE = ("name", "title", "email", "phone", "customer_id", "department_id", "manager_id")


def test_contacts_of_outlook(database: Database) -> None:
    path = CASES / "draft-outlook-google" / "input"
    assert profiles_for(path) == ["outlook"]
    load(database, path, "outlook")
    person = get_node(access_to(database), STAKEHOLDER, "outlook-ann-alpha-example")
    assert tuple(person.get(column) for column in PEOPLE) == (
        "Ann Berg", "CTO", "ann@alpha.example", "+47 1", "outlook-alpha", "outlook-alpha-it",
        "outlook-bo-alpha-example",
    )  # fmt: skip
    assert set(load(database, path, "outlook").totals.items()) >= {("created", 0), ("changed", 0)}


def test_contacts_of_a_chinese_outlook(tmp_path: Path) -> None:
    text = (
        "称谓,名,中间名,姓,单位,部门,职务,商务电话,电子邮件地址\n"
        ",建国,,王,青禾食品,采购部,采购经理,021,w@q.example\n"
    )
    records, _ = read(folder(tmp_path, contacts=text), "outlook")
    assert values(records, "stakeholders", "name", "title", "phone") == [
        ("王建国", "采购经理", "021")
    ]
    assert values(records, "customers", "name") == [("青禾食品",)]


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,Organization Name,Organization Title,E-mail 1 - Value",
        "Given Name,Family Name,Organization 1 - Name,Organization 1 - Title,E-mail 1 - Value",
    ],
)
def test_contacts_of_google(tmp_path: Path, header: str) -> None:
    text = f"{header}\nAnn,Berg,Alpha,CTO,ann@alpha.example ::: a@b.example\nBo,Dahl,,,\n"
    path = folder(tmp_path, contacts=text)
    assert profiles_for(path) == ["google"]
    records, mapping = read(path, "google")
    assert values(records, "stakeholders", "name", "email", "customer_id") == [
        ("Ann Berg", "ann@alpha.example", "google-alpha")
    ]
    [entry] = mapping.left_out
    assert (entry.why, entry.examples) == ("left_out_blank", ["Bo Dahl"])


@pytest.mark.parametrize("columns", ["outlook", "google", "chinese"])
def test_a_profile_is_begun_for_contacts(tmp_path: Path, columns: str) -> None:
    path = CASES / "draft-outlook-google" / "input"
    if columns == "google":
        header = "Given Name,Family Name,Organization 1 - Name,E-mail 1 - Value"
        text = f"{header}\nAnn,Berg,Alpha,ann@alpha.example\nBo,Dahl,Alpha,bo@alpha.example\n"
        path = folder(tmp_path, contacts=text)
    elif columns == "chinese":
        text = (
            "名,姓,单位,电子邮件地址\n安,白,Alpha,ann@alpha.example\n波,戴,Alpha,bo@alpha.example\n"
        )
        path = folder(tmp_path, contacts=text)
    records, _ = read(path, parse_profile(draft(path), "draft"))
    assert values(records, "customers", "name") == [("Alpha",)]
    assert values(records, "stakeholders", "customer_id", "email") == [
        ("alpha", "ann@alpha.example"), ("alpha", "bo@alpha.example"),
    ]  # fmt: skip
    names = [name for (name,) in values(records, "stakeholders", "name")]
    assert names == (["白安", "戴波"] if columns == "chinese" else ["Ann Berg", "Bo Dahl"])


# vCards -------------------------------------------------------------------------------------

CARDS = {
    "2.1": "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E5=BB=BA=E5=\r\n=9B=BD\r\n"
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E5=BB=BA=E5=9B=BD\r\n"
    "ORG:Alpha;IT\r\nTITLE:CTO\r\nTEL;HOME:1\r\nTEL;WORK;VOICE:2\r\n"
    "EMAIL;PREF;INTERNET:w@alpha.example\r\nEND:VCARD\r\n",
    "3.0": "BEGIN:VCARD\nVERSION:3.0\nN:王;建国;;;\nFN:王建国\nORG:Alpha;IT\nTITLE:CTO\n"
    "item1.EMAIL;type=INTERNET;type=pref:w@alpha\n .example\nTEL;TYPE=HOME:1\n"
    "TEL;TYPE=\"WORK,VOICE\":2\nEND:VCARD\n",
    "4.0": "BEGIN:VCARD\nVERSION:4.0\nFN:王建国\nORG:Alpha;IT\nTITLE:CTO\nTEL;TYPE=home:tel:1\n"
    "TEL;TYPE=work;VALUE=uri:tel:2\nEMAIL:w@alpha.example\nEND:VCARD\n",
}  # fmt: skip


@pytest.mark.parametrize("version", CARDS)
def test_cards_of_each_version(tmp_path: Path, version: str) -> None:
    (tmp_path / "people.vcf").write_bytes(CARDS[version].encode())
    assert profiles_for(tmp_path) == ["vcard"]
    records, _ = read(tmp_path, "vcard")
    columns = ("id", *PEOPLE[:-1])
    assert values(records, "stakeholders", *columns) == [
        (
            "vcard-w-alpha-example", "王建国", "CTO", "w@alpha.example", "2", "vcard-alpha",
            "vcard-alpha-it",
        )
    ]  # fmt: skip


def test_cards_of_companies_and_of_nobody(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "all.vcf"
    file.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Beta\\, Ltd\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:7b1\nFN:Ann Berg\nORG:Beta\\, Ltd\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:4.0\nFN:Bo Dahl\nEND:VCARD\n",
        "utf-8",
    )
    result = load(database, file, "vcard")
    person = get_node(access_to(database), STAKEHOLDER, "vcard-7b1")
    assert (person["customer_id"], person["external_ids"]) == ("vcard-beta-ltd", {"vcard": "7b1"})
    customer = get_node(access_to(database), CUSTOMER, "vcard-beta-ltd")
    assert customer["name"] == "Beta, Ltd"
    [warning] = [w for w in result.warnings if w.code == "left_out_blank"]
    assert warning.line == 12 and "Bo Dahl" in warning.wrong


def test_a_card_that_does_not_end_is_refused(local_db: Database, tmp_path: Path) -> None:
    file = tmp_path / "all.vcf"
    file.write_text("BEGIN:VCARD\nFN:Ann\nno line\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\n", "utf-8")
    with pytest.raises(ImportRefused) as refused:
        load(local_db, file, "vcard")
    assert [(p.line, p.code, p.value) for p in refused.value.problems] == [
        (1, "card_open", "Ann"), (3, "card_line", "no line"),
    ]  # fmt: skip


def test_an_opportunity_report_brings_its_companies(local_db: Database, tmp_path: Path) -> None:
    text = (
        "Opportunity ID,Opportunity Name,Account ID,Account Name,Stage,Amount,Close Date,Closed,"
        "Won\n006A0000001d001,Pumps,001A0000001aaaa,Harbour,6 - Signed,1000,2026-10-01,1,1\n"
    )
    load(local_db, folder(tmp_path, report=text), "salesforce")
    deal = get_node(access_to(local_db), DEAL, in_18("006A0000001d001"))
    assert (deal["outcome"], deal["customer_id"]) == ("won", "001A0000001aaaaIAA")
