"""Exports of Salesforce, HubSpot, Atomic CRM and Northwind as they come."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.diagnostics import diagnose
from relgraph.records.imports.load import ImportResult, import_records
from relgraph.records.imports.profiles.apply import apply_profile
from relgraph.records.imports.profiles.draft import draft
from relgraph.records.imports.profiles.known import names, profile, profiles_for, text_of
from relgraph.records.imports.profiles.model import ProfileRefused, parse_profile
from relgraph.records.lists.nodes import list_nodes
from relgraph.records.reads.directory import get_node
from relgraph.records.tables.conventions import Conventions
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import CUSTOMER, MEMBER, NAMED_KINDS
from tests.support.access import access_to
from tests.support.service import NOW, SEEDS

HERE = Path(__file__).parent
EXPORTS = {
    "salesforce": HERE / "salesforce",
    "hubspot": HERE / "hubspot",
    "atomic-crm": SEEDS / "atomic-crm",
    "northwind": SEEDS / "northwind",
}


def kind_named(name: str) -> NodeKind:
    return next(kind for kind in NAMED_KINDS if kind.name == name)


def load(db: Database, name: str, path: Path | None = None, **more: Any) -> ImportResult:
    access = access_to(db, NOW)
    return import_records(access, path or EXPORTS[name], profile=profile(name), **more)


def got(db: Database, kind: str, id_: str, *members: str) -> tuple[Any, ...]:
    node = get_node(access_to(db), kind_named(kind), id_)
    return tuple(node.get(member) for member in members)


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_known_by_its_columns(name: str, tmp_path: Path) -> None:
    assert profiles_for(EXPORTS[name])[0] == name
    assert name in names()


@pytest.mark.parametrize("name", EXPORTS)
def test_twice_is_once(local_db: Database, name: str) -> None:
    first = load(local_db, name)
    assert first.totals["created"] > 5 and first.change_set is not None
    assert diagnose(access_to(local_db)).faults == []
    assert set(load(local_db, name).totals) - {"unchanged"} == {"created", "changed"}
    again = load(local_db, name)
    assert (again.totals["created"], again.totals["changed"]) == (0, 0)


def test_salesforce(database: Database) -> None:
    result = load(database, "salesforce")
    counts = {name: count.created for name, count in result.counts.items()}
    assert counts == {
        "members": 2, "customers": 3, "departments": 2, "stakeholders": 4, "deals": 3, "roles": 2,
    }  # fmt: skip
    assert got(database, "customer", "0015g00001", "name", "kind", "region", "owner_id") == (
        "Lindqvist Paper AB", "customer", "Sweden", "0055g00000A2",
    )  # fmt: skip
    assert got(database, "customer", "0015g00002", "kind", "parent_id") == (
        "prospect", "0015g00001",
    )  # fmt: skip
    assert got(database, "customer", "0015g00003", "kind", "owner_id") == (None, None)
    assert got(
        database, "stakeholder", "0035g0002", "name", "phone", "manager_id", "department_id"
    ) == ("Nils Ström", "+46 70", "0035g0001", "0015g00001-finance")
    assert got(database, "stakeholder", "0035g0004", "name", "external_ids") == (
        "王建国", {"salesforce": "0035g0004"},
    )  # fmt: skip
    assert got(
        database, "deal", "0065g001", "stage", "outcome", "amount", "currency", "close_date"
    ) == ("negotiation", None, 240000, "SEK", "2027-01-29")
    assert got(database, "deal", "0065g002", "stage", "outcome") == (None, "won")
    assert got(database, "deal", "0065g003", "stage", "amount") == ("Board vote", None)
    assert got(database, "member", "0055g00000A2", "name", "manager_id") == (
        "Tim Xu", "0055g00000A1",
    )  # fmt: skip
    assert sorted(f"{w.file}:{w.line}:{w.column}:{w.value}" for w in result.warnings) == [
        "Account.csv:4:OwnerId:0055g00000A9",
        "Account.csv:4:Type:Customer - Sideways",
        "Contact.csv:6:AccountId:",
        "OpportunityContactRole.csv:4:Role:Cheerleader",
    ]


def test_hubspot(local_db: Database) -> None:
    result = load(local_db, "hubspot")
    assert got(local_db, "customer", "hubspot-52", "name", "parent_id", "owner_id", "kind") == (
        "Brightwater Retail", "hubspot-51", "hubspot-tim-xu", "prospect",
    )  # fmt: skip
    assert got(local_db, "stakeholder", "hubspot-902", "customer_id", "manager_id") == (
        "hubspot-51", "hubspot-901",
    )  # fmt: skip
    assert got(local_db, "stakeholder", "hubspot-903", "name", "external_ids") == (
        "王建国", {"hubspot": "903"},
    )  # fmt: skip
    assert got(local_db, "deal", "hubspot-7001", "stage", "amount", "close_date", "owner_id") == (
        "negotiation", 12500, "2027-02-01", "hubspot-tim-xu",
    )  # fmt: skip
    assert got(local_db, "deal", "hubspot-7002", "outcome", "amount", "reason") == (
        "lost", None, "Went with a cheaper offer",
    )  # fmt: skip
    assert {member["id"] for member in list_nodes(access_to(local_db), MEMBER).items} == {
        "hubspot-mara-holt", "hubspot-tim-xu",
    }  # fmt: skip
    assert [w.value for w in result.warnings] == ["Nobody Known"]


def test_northwind_and_atomic_crm(local_db: Database) -> None:
    load(local_db, "northwind")
    load(local_db, "atomic-crm")
    assert got(local_db, "stakeholder", "northwind-ALFKI-contact", "name", "title", "email") == (
        "Maria Anders", "Sales Representative", None,
    )  # fmt: skip
    assert got(local_db, "customer", "northwind-supplier-1", "kind") == ("supplier",)
    assert got(local_db, "member", "northwind-1", "manager_id") == ("northwind-2",)
    assert got(local_db, "offering", "northwind-1", "name", "list_price") == ("Chai", 18)
    assert got(local_db, "customer", "atomic-1", "owner_id") == ("atomic-1",)
    assert got(local_db, "stakeholder", "atomic-2", "customer_id", "email") == (
        "atomic-1", "Shelley_Kerluke47@hotmail.com",
    )  # fmt: skip


def test_a_dry_run_tells_what_becomes_of_each_column(local_db: Database) -> None:
    result = load(local_db, "salesforce", dry_run=True)
    assert list_nodes(access_to(local_db), CUSTOMER).items == []
    assert result.mapping is not None
    files = {file.file: file for file in result.mapping.files}
    account = {column.column: column for column in files["Account.csv"].columns}
    assert account["Name"].becomes == ["customers.name"] and account["Name"].filled == 3
    assert account["AnnualRevenue"].becomes == []
    left = {
        file.file: [column.column for column in file.left_over] for file in result.mapping.files
    }
    assert left["Account.csv"] == ["AnnualRevenue"]
    assert left["Contact.csv"] == ["OwnerId", "LeadSource"]
    assert files["Contact.csv"].tables == {"departments": 2, "stakeholders": 4}


def test_problems_name_the_place_in_the_export(local_db: Database, tmp_path: Path) -> None:
    path = shutil.copytree(EXPORTS["salesforce"], tmp_path / "export")
    deals = path / "Opportunity.csv"
    text = deals.read_text("utf-8")
    text = text.replace("2027-01-29", "03/04/2027").replace("20000", "a lot")
    deals.write_text(text, "utf-8")
    with pytest.raises(ImportRefused) as caught:
        load(local_db, "salesforce", path)
    assert [(p.file, p.line, p.column, p.value) for p in caught.value.problems] == [
        ("Opportunity.csv", 2, "CloseDate", "03/04/2027"),
        ("Opportunity.csv", 3, "Amount", "a lot"),
    ]
    assert "dates = " in caught.value.problems[0].right
    assert list_nodes(access_to(local_db), CUSTOMER).items == []
    ours = parse_profile(text_of("salesforce").replace("dates = []", 'dates = ["%d/%m/%Y"]'), "x")
    deals.write_text(text.replace("a lot", "20000"), "utf-8")
    import_records(access_to(local_db, NOW), path, profile=ours)
    assert got(local_db, "deal", "0065g001", "close_date") == ("2027-04-03",)


def test_a_second_export_may_name_what_the_first_brought(
    local_db: Database, tmp_path: Path
) -> None:
    load(local_db, "salesforce")
    part = tmp_path / "part"
    part.mkdir()
    text = (EXPORTS["salesforce"] / "Opportunity.csv").read_text("utf-8")
    (part / "Opportunity.csv").write_text(text.replace("Pilot", "Pilot 2"), "utf-8")
    result = load(local_db, "salesforce", part)
    assert result.warnings == [] and result.totals["changed"] == 1
    unknown = text.replace("0015g00003", "0015g09999")
    (part / "Opportunity.csv").write_text(unknown, "utf-8")
    result = load(local_db, "salesforce", part)
    assert [(w.column, w.line) for w in result.warnings] == [("AccountId", 4)]
    assert "the rows were left out" in result.warnings[0].wrong


def test_western_files_and_spreadsheets_separators(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.mkdir()
    text = (EXPORTS["salesforce"] / "Contact.csv").read_text("utf-8")
    text = "\n".join(line for line in text.splitlines() if "王" not in line)
    (path / "Contact.csv").write_bytes(text.replace(",", ";").encode("cp1252"))
    refused, _ = apply_profile(path, profile("salesforce"), lambda _table, ids: ids)
    [problem] = refused.problems
    assert "--encoding cp1252" in problem.right and "Ström" in problem.value
    named = Conventions("cp1252")
    source, _ = apply_profile(path, profile("salesforce"), lambda _table, ids: ids, named)
    people = next(t for t in source.tables if t.kind.plural == "stakeholders")
    assert "Nils Ström" in [row[people.header.index("name")] for row in people.rows]


def test_a_refusal_names_the_profile_that_fits(local_db: Database) -> None:
    with pytest.raises(ImportRefused, match="--profile salesforce"):
        import_records(access_to(local_db, NOW), EXPORTS["salesforce"])
    with pytest.raises(ImportRefused, match="1 problem"):
        load(local_db, "hubspot", EXPORTS["salesforce"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("table = \"members\"", "table = \"people\""), "there is no table people"),
        (("title = \"Title\"", "titel = \"Title\""), "has no column titel"),
        (("id = \"Id\"\nname", "name"), "members needs the column id"),
        (("dates = []", "dates = [\"%d/%m\"]"), "does not say year, month and day"),
        (("dates = []", "dates = ["), "is no TOML file"),
        (("name.join = [", "name.jion = ["), "jion"),
        (("name.join = [", "name.constant = \"x\"\nname.join = ["), "say one of from, join"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_profile(change: tuple[str, str], message: str) -> None:
    text = text_of("salesforce")
    assert change[0] in text
    with pytest.raises(ProfileRefused, match=message):
        parse_profile(text.replace(*change, 1), "ours.toml")


def test_a_profile_is_begun_from_an_exports_headers(tmp_path: Path) -> None:
    (tmp_path / "company list.csv").write_text("Company ID,Company Name,Sector,Note\n1,A,B,C\n")
    (tmp_path / "contacts.csv").write_text("ID,Name,Company ID,E-Mail\n7,Ann,1,a@b.example\n")
    begun = draft(tmp_path)
    ours = parse_profile(begun, "draft.toml")
    source, mapping = apply_profile(tmp_path, ours, lambda _table, ids: ids)
    rows = {
        table.kind.plural: dict(zip(table.header, table.rows[0], strict=True))
        for table in source.tables
    }
    assert rows["customers"]["name"] == "A" and rows["customers"]["industry"] == "B"
    assert (rows["stakeholders"]["customer_id"], rows["stakeholders"]["email"]) == (
        "1",
        "a@b.example",
    )
    assert [column.column for file in mapping.files for column in file.left_over] == ["Note"]
    (tmp_path / "contacts.csv").write_text("Full name\nAnn\n")
    assert '# customer_id = ""' in draft(tmp_path)
