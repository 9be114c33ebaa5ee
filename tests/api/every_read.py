"""The demo records with something of each kind, and an address of each operation that reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from relgraph.api.app import create_app
from relgraph.records.imports.load import import_records
from relgraph.records.webhooks import store
from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS
from relgraph.settings import load_settings
from tests.api.test_writes import V1, get
from tests.support.access import access_to
from tests.support.databases import KINDS, emptied
from tests.support.service import NOW, SEEDS


class Clock:
    """A clock that stands still until a test sets it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module", params=KINDS)
def demo(request: pytest.FixtureRequest, clock: Clock) -> Iterator[TestClient]:
    """The service with the demo records, external ids and a webhook, on each database in turn.

    Tests only read it, but for the last of the module.
    """
    clock.now = NOW
    database = emptied(request)
    import_records(access_to(database, NOW), SEEDS / "demo")
    app = create_app(load_settings(actor="ann"), database=database, clock=clock)
    with TestClient(app, base_url="http://127.0.0.1:8000") as api:
        assert api.post(f"{V1}/offerings", json={"id": "platform", "name": "P"}).status_code == 201
        for kind in NAMED_KINDS:
            address = f"{V1}/{kind.plural}/{IDS[kind.plural]}"
            body = {"external_ids": {"crm": f"1/{kind.name}"}}
            assert api.patch(address, json=body).status_code == 200
        for path, edge in EDGES.items():
            assert api.put(f"{V1}/{path}", json=edge).status_code == 200, path
        store.create(access_to(database, NOW), {"url": "https://a.example", "kinds": ["*"]})
        yield api


IDS = {
    "customers": "huading",
    "departments": "hd-it",
    "stakeholders": "wang",
    "deals": "dc-renewal",
    "offerings": "platform",
    "teams": "sales",
    "members": "bob",
}
EDGES: dict[str, dict[str, Any]] = {
    "stakeholders/wang/employments/huading": {"since": "2020-01-01"},
    "stakeholders/wang/managers/li": {"line": "solid", "primary": True},
    "stakeholders/wang/influences/li": {"strength": 0.8},
    "stakeholders/wang/relations/chen?kind=friend": {"strength": 0.4},
    "deals/dc-renewal/supports/wang": {"stance": 1},
    "deals/dc-renewal/interests/wang": {"level": 0.5},
    "deals/dc-renewal/roles/wang/user": {"can_veto": False},
    "members/bob/knows/wang": {"closeness": 3},
}
"""An edge of each kind, where the list of that kind is read too."""
QUERIES = {
    # All is written at one instant here: of a short list nothing is left to the next page.
    "/api/v1/changes": "kind=teams&key=sales",
    "/api/v1/search": "q=wang",
    "/api/v1/deals/{id}/paths": "from=wang&to=zhou",
    "/api/v1/customers/{id}/map": "deal_id=dc-renewal",
    "/api/v1/customers/{id}/map.html": "deal_id=dc-renewal",
    "/api/v1/customers/{id}/map.svg": "deal_id=dc-renewal",
    "/api/v1/customers/{id}/matrix": "deal_id=dc-renewal",
    "/api/v1/customers/{id}/matrix.svg": "deal_id=dc-renewal",
    **{f"{V1}/{kind.plural}": "limit=500" for kind in EDGE_KINDS},
}


def addresses(api: TestClient) -> list[str]:
    """An address of every operation that reads, from the description of the API."""
    edges = {kind.path: path for kind in EDGE_KINDS for path in EDGES if _is_at(kind.path, path)}
    assert len(edges) == len(EDGE_KINDS)
    reads = ["/openapi.json"]
    for path, operations in api.get("/openapi.json").json()["paths"].items():
        if "get" not in operations or not path.startswith(f"{V1}/"):
            continue
        table = path.split("/")[3]
        if path.removeprefix(V1) in edges:
            address = f"{V1}/{edges[path.removeprefix(V1)]}"
        elif "{external_id}" in path:
            theirs = quote(f"1/{table.removesuffix('s')}")
            address = path.format(system="crm", external_id=theirs)
        else:
            ids = {**IDS, "webhooks": webhook_of(api)}
            address = path.replace("{id}", ids.get(table, ""))
            address = address.replace("{person_id}", IDS["stakeholders"])
        if path in QUERIES:
            address += f"?{QUERIES[path]}"
        assert "{" not in address, path
        reads.append(address)
    assert len(reads) > 50
    return reads


def webhook_of(api: TestClient) -> str:
    """The id of the only webhook."""
    [webhook] = get(api, "/webhooks")["items"]
    return str(webhook["id"])


def _is_at(pattern: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), "/" + path.split("?")[0]) is not None
