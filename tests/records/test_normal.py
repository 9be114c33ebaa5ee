"""Names and references are compared in one form; letters with a stroke are found without it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.imports.load import import_records
from relgraph.records.imports.profiles.model import parse_profile
from relgraph.records.normal import normal
from relgraph.records.reads.directory import get_node
from relgraph.records.search.index import complete_index
from relgraph.records.search.search import search
from relgraph.schema.kinds import STAKEHOLDER
from tests.records.folders import load
from tests.support.access import access_to
from tests.support.service import CASES, NOW

NFD = unicodedata.normalize("NFD", "Café Süd")
BY_NAME = """
title = "ours"
[[file]]
names = ["firms.csv"]
needs = ["Größe"]
[[file.rows]]
table = "customers"
columns = { id = "No", name = "Firm", kind = { from = "Größe", values = { "groß é" = "partner" } } }
[[file]]
names = ["people.csv"]
needs = ["Person"]
[[file.rows]]
table = "stakeholders"
columns = { id = "Person", name = "Person", customer_id = { from = "Firm", find = ["name"] } }
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (NFD, "café süd"), ("A\u200bnn", "ANN"), ("\ufeffx  y ", "X\u00a0Y"), ("STRASSE", "straße"),
        ("김", unicodedata.normalize("NFD", "김")),
    ],
)  # fmt: skip
def test_one_form(first: str, second: str) -> None:
    assert normal(first) == normal(second)
    assert normal(normal(first)) == normal(first)


def test_different_texts_stay_different() -> None:
    assert len({normal(text) for text in ("ab", "a b", "á", "a", "王", "ł", "l")}) == 7


def test_letters_with_a_stroke_are_found_without_it(database: Database) -> None:
    load(database, CASES / "search-stroke-letters" / "input")
    complete_index(access_to(database))
    for asked in ("lukasz", "Łukasz", "łuk", "zak"):
        assert "s14" in [hit["id"] for hit in search(access_to(database), asked).items], asked
    assert "s13" in [hit["id"] for hit in search(access_to(database), "invisible").items]


def test_what_an_older_relgraph_has_indexed_is_due(local_db: Database) -> None:
    load(local_db, CASES / "search-stroke-letters" / "input")
    text = "MATCH (m:Migration {id: '0010_search_letters'}) DELETE m"
    local_db.write(lambda tx: tx.rows(text, {}))
    assert not search(access_to(local_db), "lukasz").indexing
    assert local_db.migrate() == ["0010_search_letters"]
    assert search(access_to(local_db), "lukasz").indexing
    complete_index(access_to(local_db))
    assert not search(access_to(local_db), "lukasz").indexing


def test_an_id_in_another_form_is_named(local_db: Database, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,name\nCafé Süd,C\n", "utf-8")
    (tmp_path / "stakeholders.csv").write_text(f"id,customer_id,name\ns,{NFD},S\n", "utf-8")
    with pytest.raises(ImportRefused) as refused:
        import_records(access_to(local_db, NOW), tmp_path)
    [problem] = refused.value.problems
    assert problem.value == NFD
    assert "Café Süd" in problem.right


def test_a_profile_compares_names_columns_and_values_so(local_db: Database, tmp_path: Path) -> None:
    firms = f"No,Firm,Größe\n1,{NFD},{unicodedata.normalize('NFD', 'GROSS É')}\n"
    (tmp_path / "firms.csv").write_text(firms, "utf-8")
    (tmp_path / "people.csv").write_text("Person,Firm\nAnn,CAFÉ  SÜ\u200bD\n", "utf-8")
    result = load(local_db, tmp_path, profile=parse_profile(BY_NAME, "ours.toml"))
    assert [str(w) for w in result.warnings if "U+200B" not in str(w)] == []
    assert get_node(access_to(local_db), STAKEHOLDER, "Ann")["customer_id"] == "1"
