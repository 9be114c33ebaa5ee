"""What a request does once: one read transaction, each part of the evaluation once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph.database import Database
from tests.insight.test_evaluation import FORMULAS
from tests.support.calls import count_calls
from tests.support.service import app_of, client_of

CUSTOMER_PAGES = [
    f"/customers/huading/{tab}{query}"
    for tab in ("map", "matrix", "chain", "people", "deals")
    for query in ("", "?deal=")
]
PAGES = [
    "/",
    "/customers",
    "/customers?q=hua&kind=customer",
    "/people?q=wang",
    "/people/chen",
    "/deals/dc-renewal",
    "/customers/huading/chain?deal=dc-renewal&from=sun&to=zhou",
    "/customers/huading/chain?deal=dc-renewal&from=zhao&to=sun",
    *CUSTOMER_PAGES,
]
DRAWINGS = [
    f"/api/v1/customers/huading/{name}{query}"
    for name in ("map", "map.html", "map.svg", "matrix", "matrix.svg")
    for query in ("", "?deal_id=dc-renewal")
]
CHAIN = "/api/v1/deals/dc-renewal/decision-chain"
ANSWERS = [
    CHAIN,
    "/api/v1/deals/dc-renewal/paths?from=sun&to=zhou",
    "/api/v1/deals/dc-renewal/paths?from=zhao&to=sun",
    "/api/v1/customers/huading",
    "/api/v1/customers/by-external-id/crm/1002",
    "/api/v1/customers?limit=2",
    "/api/v1/stakeholders/chen/influences",
    "/api/v1/search?q=wang",
    *DRAWINGS,
]


@pytest.fixture
def fresh(demo_db: Database) -> Iterator[TestClient]:
    """A service that keeps no answers, and has not kept a map yet."""
    with client_of(app_of(demo_db, kept_answers_mb=0)) as client:
        yield client


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One item for each read transaction that begins."""
    begun: list[None] = []
    read = Database.read

    def counting(db: Database, work: Callable[..., Any], **options: Any) -> Any:
        begun.append(None)
        return read(db, work, **options)

    monkeypatch.setattr(Database, "read", counting)
    return begun


@pytest.mark.parametrize("path", [*PAGES, *ANSWERS])
def test_a_page_or_answer_is_read_in_one_transaction(
    fresh: TestClient, reads: list[None], path: str
) -> None:
    answer = fresh.get(path, follow_redirects=False)
    assert answer.status_code in (200, 307), answer.text
    assert len(reads) == 1


def test_no_answer_of_the_api_takes_two_transactions(fresh: TestClient, reads: list[None]) -> None:
    ids = {"customers": "huading", "deals": "dc-renewal", "members": "bob", "teams": "sales"}
    paths = fresh.get("/openapi.json").json()["paths"]
    answered = 0
    for path, operation in ((path, o["get"]) for path, o in paths.items() if "get" in o):
        parts = path.split("/")
        filled = [
            ids.get(before, "chen") if part.startswith("{") else part
            for before, part in zip(["", *parts], parts, strict=False)
        ]
        reads.clear()
        known = {parameter["name"] for parameter in operation.get("parameters", [])}
        ends = {name: id_ for name, id_ in (("from", "sun"), ("to", "zhou")) if name in known}
        answer = fresh.get("/".join(filled), params=ends)
        assert len(reads) <= 1, path
        answered += answer.status_code == 200
    assert answered > 20, "most paths lead to something"


@pytest.mark.parametrize("path", [*CUSTOMER_PAGES, *DRAWINGS, *ANSWERS, "/people/chen"])
def test_a_request_computes_nothing_twice(
    fresh: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    calls = count_calls(monkeypatch, *FORMULAS)
    assert fresh.get(path).status_code == 200
    assert {name: number for name, number in calls.items() if number > 1} == {}


def test_a_map_computes_each_part_once(fresh: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = count_calls(monkeypatch, *FORMULAS)
    path = "/api/v1/customers/huading/map?deal_id=dc-renewal"
    first = fresh.get(path)
    assert calls == Counter(formula.__name__ for formula in FORMULAS)
    assert fresh.get(path).content == first.content
    assert set(calls.values()) == {1}, "the second map is the kept one"


def test_a_chain_computes_its_parts_once_and_no_others(
    fresh: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = count_calls(monkeypatch, *FORMULAS)
    assert fresh.get(CHAIN).json()["steps"]
    assert calls == dict.fromkeys(
        (
            "best_access",
            "build_hierarchy",
            "deals_in_scope",
            "influences_in_scope",
            "latest_knows",
            "roles_in_scope",
            "stances_in_scope",
        ),
        1,
    )
