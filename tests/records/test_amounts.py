"""Amounts in files: the decimal sign of a file or profile, and currencies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.exports.export import export_records
from relgraph.records.imports.load import import_records
from relgraph.records.imports.profiles.known import profile, text_of
from relgraph.records.imports.profiles.model import Profile, parse_profile
from relgraph.records.reads.directory import get_node
from relgraph.records.tables.conventions import Conventions
from relgraph.schema.kinds import DEAL
from tests.records.folders import load, workbook
from tests.support.access import access_to
from tests.support.databases import empty
from tests.support.service import CASES, NOW

SALESFORCE = CASES / "amount-12.500" / "input"
RIGHT = (
    "say which decimal sign the files have, with --decimal . or --decimal , (or `decimal` in a "
    "profile)"
)


def problems(db: Database, path: Path, **options: Any) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        import_records(access_to(db, NOW), path, **options)
    return [str(problem) for problem in refused.value.problems]


def deal(db: Database, id_: str) -> tuple[Any, Any]:
    node = get_node(access_to(db), DEAL, id_)
    return node.get("amount"), node.get("currency")


def deals(path: Path, *rows: str) -> Path:
    path.mkdir(exist_ok=True)
    (path / "customers.csv").write_text("id,name\nc,C\n")
    header = "id,customer_id,name,amount,currency"
    (path / "deals.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def with_sign(text: str, line: str = 'title = "') -> Profile:
    return parse_profile(text_of("salesforce").replace(line, f"{text}\n{line}", 1), "ours.toml")


def test_amounts_that_are_not_clear_are_refused(local_db: Database) -> None:
    assert problems(local_db, SALESFORCE, profile=profile("salesforce")) == [
        f"Opportunity.csv:2:Amount: “EUR 12.500”: could be 12.500 or 12500; {RIGHT}",
        f"Opportunity.csv:3:Amount: “EUR 1,500”: could be 1.500 or 1500; {RIGHT}",
    ]


@pytest.mark.parametrize(("sign", "amounts"), [(",", (12_500, 1.5)), (".", (12.5, 1500))])
@pytest.mark.parametrize("by", ["option", "profile", "file"])
def test_the_decimal_sign_is_said_once(
    local_db: Database, sign: Any, amounts: tuple[float, float], by: str
) -> None:
    known = profile("salesforce")
    if by == "profile":
        known = with_sign(f'decimal = "{sign}"')
    elif by == "file":
        known = with_sign(f'decimal = "{sign}"', 'names = ["Opportunity')
    conventions = Conventions(decimal=sign if by == "option" else None)
    load(local_db, SALESFORCE, profile=known, conventions=conventions)
    assert (deal(local_db, "006A1")[0], deal(local_db, "006A2")[0]) == amounts


def test_the_import_format_keeps_the_same_rule(local_db: Database, tmp_path: Path) -> None:
    path = deals(tmp_path / "in", "d,c,D,12.500,EUR")
    [problem] = problems(local_db, path)
    assert "deals.csv:2:amount: “12.500”: could be 12.500 or 12500" in problem
    load(local_db, path, conventions=Conventions(decimal=","))
    assert deal(local_db, "d") == (12_500, "EUR")


def test_an_export_is_never_unclear(local_db: Database, tmp_path: Path) -> None:
    load(local_db, deals(tmp_path / "in", "d,c,D,12.1250,EUR"))
    for target in (tmp_path / "out", tmp_path / "out.xlsx"):
        export_records(access_to(local_db), target)
        empty(local_db)
        load(local_db, target)
        assert deal(local_db, "d") == (12.125, "EUR")


def test_numbers_of_a_workbook_are_clear_for_any_decimal_sign(
    local_db: Database, tmp_path: Path
) -> None:
    header = ["Id", "AccountId", "Name", "StageName", "Amount", "CloseDate"]
    path = workbook(
        tmp_path / "book.xlsx",
        Account=[["Id", "Name", "OwnerId", "Industry", "Type"], ["a", "A", None, None, None]],
        Opportunity=[header, ["o", "a", "O", "Prospecting", 1.125, "2026-12-01"]],
    )
    for sign in (None, ".", ","):
        known = with_sign(f'decimal = "{sign}"') if sign else profile("salesforce")
        load(local_db, path, profile=known)
        assert deal(local_db, "o")[0] == 1.125
        empty(local_db)


def test_a_currency_beside_the_amount_fills_or_contradicts(
    local_db: Database, tmp_path: Path
) -> None:
    path = deals(tmp_path / "in", "d,c,D,EUR 12.5,", "e,c,E,£5,GBP", "f,c,F,$7,USD", "g,c,G,¥8,")
    load(local_db, path)
    kept = [deal(local_db, id_) for id_ in "defg"]
    assert kept == [(12.5, "EUR"), (5, "GBP"), (7, "USD"), (8, None)]
    assert problems(local_db, deals(path, "d,c,D,EUR 12.5,USD")) == [
        "deals.csv:2:amount: “EUR 12.5”: is in EUR, and the currency of the row is USD; correct "
        "one of them"
    ]


def test_a_currency_that_is_kept_nowhere_is_told(local_db: Database, tmp_path: Path) -> None:
    (tmp_path / "offerings.csv").write_text(
        "id,name,list_price,cost\na,A,EUR 5,3\nb,B,EUR 6,4\nc,C,7,USD 5\n"
    )
    assert [str(warning) for warning in load(local_db, tmp_path).warnings] == [
        "offerings.csv:2:list_price: “EUR”: the currency is not kept (and in 1 more rows): "
        "offerings have no column for it; see that all amounts are in one currency",
        "offerings.csv:4:cost: “USD”: the currency is not kept: offerings have no column for it; "
        "see that all amounts are in one currency",
    ]
