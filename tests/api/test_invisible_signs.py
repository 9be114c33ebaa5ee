"""Signs that nobody sees are dropped at the ends of texts that are sent, as in an import."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.records.reads.directory import get_node
from relgraph.schema.kinds import CUSTOMER
from tests.records.folders import load
from tests.support.access import access_to
from tests.support.service import api_of

V1 = "/api/v1"
SENT = {
    "id": "\ufeffc\u200b",
    "name": "\u200b \ufeffAnna\u200d Berg\u2060 ",
    "region": "North\u00ad",
    "product_lines": ["\ufeffPumps"],
    "external_ids": {"crm\u200b": "\u200e12"},
}
KEPT = {
    "id": "c",
    "name": "Anna\u200d Berg",
    "region": "North",
    "product_lines": ["Pumps"],
    "external_ids": {"crm": "12"},
}


def test_the_api_drops_what_an_import_drops(local_db: Database, tmp_path: Path) -> None:
    api = api_of(local_db)
    answer = api.post(f"{V1}/customers", json=SENT)
    assert answer.status_code == 201, answer.text
    sent = api.get(f"{V1}/customers/c").json()
    assert {name: sent[name] for name in KEPT} == KEPT
    cells = [SENT["id"], SENT["name"], SENT["region"], "\ufeffPumps"]
    text = ",".join(map(str, cells))
    (tmp_path / "customers.csv").write_text(f"id,name,region,product_lines\n{text}\n", "utf-8")
    assert load(local_db, tmp_path).totals["unchanged"] == 1


@pytest.mark.parametrize("name", ["\ufeff", "\u200b \u200d"])
def test_a_name_of_such_signs_alone_is_none(local_db: Database, name: str) -> None:
    answer = api_of(local_db).post(f"{V1}/customers", json={"id": "c", "name": name})
    assert answer.status_code == 422
    [problem] = answer.json()["errors"]
    assert (problem["pointer"], problem["value"]) == ("/name", name)
    assert "signs that nobody sees" in problem["detail"]


def test_a_reference_is_trimmed_too(local_db: Database) -> None:
    api = api_of(local_db)
    api.post(f"{V1}/customers", json={"id": "c", "name": "C"})
    body = {"id": "s", "name": "S", "customer_id": "\ufeffc"}
    assert api.post(f"{V1}/stakeholders", json=body).status_code == 201
    assert get_node(access_to(local_db), CUSTOMER, "c")["name"] == "C"
