"""Lists of nodes and of edges as other systems read them, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from relgraph.api.app import create_app
from relgraph.database import Database
from relgraph.records.imports.load import import_records
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.kinds import (
    EDGE_KINDS,
    INFLUENCE,
    NAMED_KINDS,
    STAKEHOLDER,
    deal_column,
)
from relgraph.settings import load_settings
from tests.api.test_writes import V1
from tests.support.access import access_to
from tests.support.service import NOW, SEEDS, Ticking, client_of

SORTS = ("id", "-id", "name", "-name", "created_at", "-created_at", "updated_at", "-updated_at")
SIZE = 7


@pytest.fixture
def api(database: Database) -> Iterator[TestClient]:
    import_records(access_to(database, NOW), SEEDS / "demo")
    with client_of(create_app(load_settings(), database=database, clock=Ticking())) as client:
        yield client


def read(api: TestClient, path: str, **query: Any) -> Any:
    answer = api.get(f"{V1}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def pages(api: TestClient, path: str, **query: Any) -> Iterator[Any]:
    """All pages of a list."""
    cursor: dict[str, str] = {}
    while True:
        page = read(api, path, limit=SIZE, **query, **cursor)
        yield page
        if page["next_cursor"] is None:
            return
        assert len(page["items"]) == SIZE
        assert re.fullmatch(r"[A-Za-z0-9_-]+", page["next_cursor"]), "it needs no escaping"
        cursor = {"cursor": page["next_cursor"]}


def paged(api: TestClient, path: str, **query: Any) -> list[Any]:
    return [item for page in pages(api, path, **query) for item in page["items"]]


def everything(api: TestClient, path: str, **query: Any) -> list[Any]:
    page = read(api, path, limit=500, **query)
    assert page["next_cursor"] is None
    return list(page["items"])


def test_lists_of_nodes(api: TestClient, database: Database, local_server: Database) -> None:
    # Neo4j plans each query for long; tests/contract compares what both answer.
    for kind in NAMED_KINDS if database is local_server else (STAKEHOLDER,):
        check_orders(api, kind)
        check_narrowing(api, kind)
        check_cursors(api, kind.plural)


def check_orders(api: TestClient, kind: NodeKind) -> None:
    """Each order has everything once, page by page, in that order."""
    nodes = paged(api, kind.plural)
    assert [node["id"] for node in nodes] == sorted({node["id"] for node in nodes})
    for sort in SORTS:
        by = sort.removeprefix("-")
        ordered = (paged if by == "name" else everything)(api, kind.plural, sort=sort)
        expected = sorted(
            nodes,
            key=lambda node: ((node[by] or "").lower() if by == "name" else node[by], node["id"]),
            reverse=sort.startswith("-"),
        )
        assert ordered == expected, (kind.plural, sort)
    for node in nodes:
        lacking = set(kind.columns) - node.keys()
        assert not lacking, f"{kind.plural}: {lacking} should be null where they are unknown"


def check_narrowing(api: TestClient, kind: NodeKind) -> None:
    """A list that is narrowed has those that fit, and says how many if asked."""
    nodes = everything(api, kind.plural)
    wanted = [node["id"] for node in nodes[::3]]
    assert read(api, kind.plural, ids=[*wanted, "nobody"], total=True) == {
        "items": nodes[::3],
        "next_cursor": None,
        "total": len(wanted),
    }
    assert read(api, kind.plural, ids=",".join(wanted))["items"] == nodes[::3]
    for name in kind.filters:
        for value in sorted({node[name] for node in nodes if isinstance(node[name], str)})[:4]:
            first = next(pages(api, kind.plural, total=True, **{name: value}))
            fitting = [node for node in nodes if (node[name] or "").lower() == value.lower()]
            assert first["total"] >= len(fitting)
            assert all(node in everything(api, kind.plural, **{name: value}) for node in fitting)
            if name == "customer_id":  # who has left counts, too
                continue
            assert first["total"] == len(fitting)
            assert everything(api, kind.plural, sort="-name", **{name: value})
            if name == "email":
                assert read(api, kind.plural, email=value.upper())["items"] == fitting


def check_cursors(api: TestClient, path: str) -> None:
    """What is no cursor of this very list is refused."""
    page = read(api, path, limit=1)
    for cursor in ("x", "~", "W10", "WzFd", "eyJhIjoxfQ", "å", page["next_cursor"] or "x" * 9):
        for query in ({"updated_since": "2026-01-01"}, {}):
            if cursor == page["next_cursor"] and not query:
                continue
            answer = api.get(f"{V1}/{path}", params={"limit": 1, "cursor": cursor, **query})
            assert (answer.status_code, answer.json()["code"]) == (400, "cursor_refused"), cursor


def test_lists_of_edges(api: TestClient, database: Database, local_server: Database) -> None:
    customers = [node["id"] for node in everything(api, "customers")]
    at = {
        customer: {node["id"] for node in everything(api, "stakeholders", customer_id=customer)}
        | {node["id"] for node in everything(api, "deals", customer_id=customer)}
        | {customer}
        for customer in customers
    }
    for kind in EDGE_KINDS if database is local_server else (INFLUENCE,):
        edges = paged(api, kind.plural)
        assert read(api, kind.plural, total=True, limit=1)["total"] == len(edges)
        check_edges_of_nodes(api, kind, edges)
        for customer in customers:
            fitting = [edge for edge in edges if at[customer] & set(ends(kind, edge))]
            assert everything(api, kind.plural, customer_id=customer) == fitting
        if deal := deal_column(kind):
            for id_ in sorted({edge[deal] for edge in edges} - {None})[:3]:
                fitting = [edge for edge in edges if edge[deal] == id_]
                first = next(pages(api, kind.plural, deal_id=id_, total=True))
                assert everything(api, kind.plural, deal_id=id_) == fitting
                assert first["total"] == len(fitting)
            assert everything(api, kind.plural, deal_id="no-deal") == []
        check_cursors(api, kind.plural)


def ends(kind: EdgeKind, edge: Any) -> tuple[str, str]:
    first, second = kind.end_columns
    return edge[first], edge[second]


def check_edges_of_nodes(api: TestClient, kind: EdgeKind, edges: list[Any]) -> None:
    """A list of all edges has what the lists of single nodes have."""
    owners = everything(api, kind.owner.plural)[::9]
    single = {
        tuple(edge.get(name, owner["id"]) for name in kind.row_key)
        for owner in owners
        for edge in read(api, f"{kind.owner.plural}/{quote(owner['id'])}/{kind.segment}")["items"]
    }
    keys = [tuple(edge[name] for name in kind.row_key) for edge in edges]
    listed = {owner["id"] for owner in owners}
    if kind.between_alike:
        assert single <= set(keys)
    else:
        assert single == {key for key in keys if key[kind.owner_end] in listed}
    assert len(set(keys)) == len(keys)
    for edge in edges[:3]:
        key = tuple(edge[name] or "" for name in kind.row_key)
        assert api.get(kind.ref(key)).json() == edge


def test_records_of_another_system_in_one_call(api: TestClient) -> None:
    for number in range(3):
        body = {"name": f"P{number}", "customer_id": "huading"}
        made = api.put(f"{V1}/stakeholders/by-external-id/crm/00{number}", json=body)
        assert made.status_code == 201
    asked = {"system": "crm", "external_id": ["002", "000", "nobody"], "sort": "name"}
    names = [node["name"] for node in read(api, "stakeholders", **asked)["items"]]
    assert names == ["P0", "P2"]
    for lacking in ("system", "external_id"):
        answer = api.get(
            f"{V1}/stakeholders", params={n: v for n, v in asked.items() if n != lacking}
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == f"/query/{lacking}"


def test_a_mark_stands_at_the_end_of_all_pages(api: TestClient) -> None:
    for path in ("stakeholders", "influences"):
        read_pages = list(pages(api, path, resume="start"))
        mark = read_pages[0]["resume"]
        assert {page["resume"] for page in read_pages} == {mark}
        assert [page.get("deleted") for page in read_pages[1:]] == [None] * (len(read_pages) - 1)
        nothing = read(api, path, resume=mark)
        assert (nothing["items"], nothing["deleted"], nothing["resume"]) == ([], [], mark)
    since = read(api, "influences", resume="start", limit=1)["resume"]
    kept, *others = everything(api, "influences")
    gone = next(edge for edge in others if edge["to_id"] not in {kept["from_id"], kept["to_id"]})
    put = api.patch(f"{V1}/stakeholders/{kept['from_id']}/influences/{kept['to_id']}",
                    params={"deal_id": kept["deal_id"]} if kept["deal_id"] else None,
                    json={"strength": 0.11})  # fmt: skip
    assert put.status_code == 200, put.text
    assert api.delete(f"{V1}/stakeholders/{gone['to_id']}?cascade=true").status_code == 204
    news = read(api, "influences", resume=since, limit=100)
    assert [edge["strength"] for edge in news["items"]] == [0.11]
    names = ("from_id", "to_id", "deal_id")
    assert {name: gone[name] for name in names} in [edge["key"] for edge in news["deleted"]]
    assert news["resume"] != since


@pytest.mark.parametrize(
    "path",
    ["stakeholders", "influences", "changes", "search?q=li", "healthz", "deals/dc-renewal/paths"],
)
def test_a_parameter_that_an_operation_does_not_have(client: TestClient, path: str) -> None:
    """It is refused with what there is; a slip would go unseen."""
    address = f"/{path}" if path == "healthz" else f"{V1}/{path}"
    answer = client.get(address, params={"q": "li", "limits": "3", "lang": "en"})
    if path == "healthz":
        assert answer.status_code == 200
        return
    assert answer.status_code == 422
    faults = {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"]}
    assert "is no parameter here; these are:" in faults["/query/limits"]
    chinese = client.get(address, params={"limits": "3", "lang": "zh"}).json()["errors"][0]
    assert "没有这个参数" in chinese["detail"]


def test_a_parameter_that_comes_twice(client: TestClient) -> None:
    """It is refused where only one value counts; a list may be repeated."""
    answer = client.get(f"{V1}/stakeholders?limit=1&limit=2&ids=li&ids=wang")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/query/limit"]
    assert answer.json()["errors"][0]["detail"] == "is there 2 times; give it once"
    assert client.get(f"{V1}/search?q=li&kind=deal&kind=stakeholder").status_code == 200
