"""The sample records: they follow from their sources, import, and their pages work."""

from __future__ import annotations

import csv
import filecmp
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from relgraph.database import Database
from relgraph.records.imports.load import import_records
from scripts import make_adventureworks, make_oracle_hr
from tests.support.access import access_to
from tests.support.service import NOW, SEEDS, app_of


@pytest.fixture(scope="module")
def sample_db(local_server: Database) -> Iterator[Database]:
    """All public samples in one database."""
    from tests.support.databases import empty

    empty(local_server)
    for name in ("adventureworks", "oracle_hr"):
        import_records(access_to(local_server, NOW), SEEDS / name)
    yield local_server
    empty(local_server)


@pytest.fixture(scope="module")
def pages(sample_db: Database) -> Iterator[TestClient]:
    with TestClient(app_of(sample_db), base_url="http://127.0.0.1:8000") as client:
        yield client


def count(name: str) -> int:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        ("adventureworks/members.csv", 290),
        ("adventureworks/teams.csv", 16),
        ("adventureworks/customers.csv", 701),
        ("oracle_hr/stakeholders.csv", 107),
        ("demo/members.csv", 12),
    ],
)
def test_counts(file: str, rows: int) -> None:
    assert count(file) == rows


@pytest.mark.parametrize(
    ("name", "make"),
    [("adventureworks", make_adventureworks.main), ("oracle_hr", make_oracle_hr.main)],
)
def test_the_script_makes_what_is_there(
    name: str, make: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    make(SEEDS / name / "source", tmp_path)
    files = [file.name for file in tmp_path.iterdir()]
    assert sorted(files) == sorted(file.name for file in (SEEDS / name).glob("*.csv"))
    _, different, missing = filecmp.cmpfiles(tmp_path, SEEDS / name, files, shallow=False)
    assert (different, missing) == ([], [])


@pytest.mark.parametrize("name", ["adventureworks", "oracle_hr", "demo"])
def test_licence_and_source_lie_beside(name: str) -> None:
    names = {file.name for file in (SEEDS / name).iterdir()}
    assert "README.md" in names if name == "demo" else {"SOURCE.md", "LICENSE"} <= names


@pytest.mark.parametrize("name", ["adventureworks", "oracle_hr"])
def test_a_second_import_changes_nothing(sample_db: Database, name: str) -> None:
    result = import_records(access_to(sample_db, NOW), SEEDS / name)
    assert result.totals["created"] == result.totals["changed"] == 0


CUSTOMERS = ["oracle-hr", "store-292", "store-1028", "store-934"]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("customer", CUSTOMERS)
def test_every_page_of_a_customer_answers(pages: TestClient, customer: str, lang: str) -> None:
    for tab in ("map", "matrix", "chain", "people", "deals"):
        answer = pages.get(f"/customers/{customer}/{tab}?lang={lang}")
        assert answer.status_code == 200, f"{tab}: {answer.text[:300]}"
    base = f"/api/v1/customers/{customer}"
    for path in ("", "/map", "/map.html", "/map.svg", "/matrix", "/matrix.svg"):
        answer = pages.get(f"{base}{path}?lang={lang}")
        assert answer.status_code == 200, f"{path}: {answer.text[:300]}"


def test_the_whole_organisation_is_drawn(pages: TestClient) -> None:
    document = pages.get("/api/v1/customers/oracle-hr/map").json()
    people = [card for card in document["cards"] if card["kind"] == "person"]
    lines = [line for line in document["lines"] if line["kind"] == "reports_to"]
    assert len(people) == 107
    assert len(lines) == 106


def test_the_list_is_searched_and_paged(pages: TestClient) -> None:
    assert "701" in pages.get("/customers").text or "702" in pages.get("/customers").text
    page = pages.get("/customers?q=bike").text
    assert "Bike" in page and "Riders Company" not in page
    rows = pages.get("/api/v1/stakeholders?customer_id=oracle-hr&limit=200").json()
    assert len(rows["items"]) == 107 and rows["next_cursor"] is None


def test_a_derived_name_is_marked(pages: TestClient) -> None:
    [person] = pages.get("/api/v1/stakeholders?customer_id=store-292").json()["items"]
    assert person["name_source"] == "derived_from_email"
    assert "name made of the e-mail address" in pages.get(f"/people/{person['id']}").text
    assert "姓名根据邮箱地址推断" in pages.get(f"/people/{person['id']}?lang=zh").text


def test_owners_are_our_members(pages: TestClient) -> None:
    customer = pages.get("/api/v1/customers/store-292").json()
    owner = pages.get(f"/api/v1/members/{customer['owner_id']}").json()
    assert owner["title"] == "Sales Representative"
