"""Contacts of Outlook and Google, and vCards."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.imports.profiles.draft import draft
from relgraph.records.imports.profiles.known import profiles_for
from relgraph.records.imports.profiles.model import parse_profile
from relgraph.records.reads.directory import get_node
from relgraph.schema.kinds import CUSTOMER, STAKEHOLDER
from tests.records.profiles.exports import folder, load, read, values
from tests.support.access import access_to
from tests.support.service import CASES

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
