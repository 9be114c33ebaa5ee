"""The lines that a large customer's map leaves out are had from the API, person by person."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from benchmarks.data import large_customer
from benchmarks.growth import fill_account
from relgraph.database import Database
from relgraph.records.reads.account import read_account
from relgraph.viz.compact import completed
from tests.support.access import access_to
from tests.support.service import NOW, api_of

MAP = "/api/v1/customers/large/map"


@pytest.fixture
def client(database: Database) -> Any:
    fill_account(database, large_customer(60, 1_800))
    with api_of(database) as client:
        yield client


def test_what_the_map_leaves_out_is_had_for_a_person(
    client: TestClient, database: Database
) -> None:
    account = read_account(access_to(database, NOW), "large")
    assert (len(account.people), len(account.influences)) == (60, 1_080)
    answer = client.get(f"{MAP}?lang=zh")
    document = completed(answer.json())
    assert sum(document["left_out"].values()) == 1_800 + len(account.knows) - 250
    card = max(document["cards"], key=lambda card: sum(card["left_out"].values()))
    path = f"{MAP}/people/{card['id']}/lines"
    more = client.get(f"{path}?lang=zh")
    lines = more.json()["lines"]
    assert len(lines) == sum(card["left_out"].values())
    assert lines[0].keys() == document["lines"][0].keys(), "the same shape as in the document"
    held = [line for line in document["lines"] if card["id"] in (line["from_id"], line["to_id"])]
    ties = [line for line in held if line["kind"] != "reports_to"]
    total = sum(
        card["id"] in (tie.from_id, tie.to_id) for tie in (*account.influences, *account.relations)
    )
    known = sum(card["id"] == knowing.stakeholder_id for knowing in account.knows)
    assert len(lines) + len(ties) == total + known
    again = client.get(f"{path}?lang=zh", headers={"If-None-Match": more.headers["ETag"]})
    assert again.status_code == 304
    # A fetched line is corrected by its path and version, as any other is.
    line = next(line for line in lines if line["kind"] == "influence")
    patched = client.patch(
        line["ref"], json={"strength": 0.05}, headers={"If-Match": f'"{line["version"]}"'}
    )
    assert patched.status_code == 200, patched.text
    changed = client.get(path).json()["lines"]
    assert [other["strength"] for other in changed if other["id"] == line["id"]] == [0.05]


def test_whom_nobody_knows_is_not_there(client: TestClient) -> None:
    assert client.get(f"{MAP}/people/nobody/lines").status_code == 404
    assert client.get("/api/v1/customers/nobody/map/people/large-p1/lines").status_code == 404
