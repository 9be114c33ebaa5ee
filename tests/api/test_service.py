"""Lists, single nodes, drawings, problems, protection."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from relgraph.database import Database
from relgraph.errors import DatabaseUnavailable
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS
from tests.support.service import app_of

IDS = {
    "customer": "huading",
    "department": "hd-it",
    "stakeholder": "wang",
    "deal": "dc-renewal",
    "offering": None,
    "team": "sales",
    "member": "bob",
}


@pytest.mark.parametrize("kind", NAMED_KINDS, ids=str)
def test_lists_page_through_everything_once(client: TestClient, kind: NodeKind) -> None:
    expected = client.get(f"/api/v1/{kind.plural}?limit=500").json()["items"]
    ids: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": 7} | ({"cursor": cursor} if cursor else {})
        page = client.get(f"/api/v1/{kind.plural}", params=params).json()
        ids += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert ids == [item["id"] for item in expected] == sorted(set(ids))


def test_filters_narrow_a_list(client: TestClient) -> None:
    ids = [i["id"] for i in client.get("/api/v1/stakeholders?customer_id=huading").json()["items"]]
    assert ids == ["chen", "li", "qian", "sun", "wang", "zhao", "zhou"]
    prospects = client.get("/api/v1/customers?kind=prospect").json()["items"]
    assert {item["id"] for item in prospects} == {"osterhaven", "ruiyuan"}
    assert client.get("/api/v1/deals?open=true&q=数据").json()["items"][0]["id"] == "dc-renewal"
    assert client.get("/api/v1/customers?colour=red").status_code == 422


def test_single_nodes_carry_what_they_refer_to(client: TestClient) -> None:
    wang = client.get("/api/v1/stakeholders/wang").json()
    assert (wang["customer_id"], wang["department_id"], wang["manager_id"]) == (
        "huading",
        "hd-it",
        "li",
    )
    assert wang["name_zh"] == "王建成" and wang["version"] == 1
    assert client.get("/api/v1/stakeholders/wang/manager").json()["to_id"] == "li"
    assert client.get("/api/v1/stakeholders/zhou/manager").status_code == 404


@pytest.mark.parametrize("kind", EDGE_KINDS, ids=str)
def test_edges_of_a_node(client: TestClient, kind: EdgeKind) -> None:
    path = f"/api/v1/{kind.owner.plural}"
    answer = client.get(f"{path}/{IDS[kind.owner.name]}/{kind.segment}")
    assert answer.status_code == 200
    assert answer.json()["items"] or kind.plural == "relations"
    assert client.get(f"{path}/nobody/{kind.segment}").status_code == 404


def test_search_in_either_language(client: TestClient) -> None:
    for q in ("wang jian", "王建成", "建成", "wangjiancheng", "wjc", "jiancheng wang"):
        items = client.get("/api/v1/search", params={"q": q}).json()["items"]
        assert "wang" in [hit["id"] for hit in items if hit["kind"] == "stakeholder"], q
    items = client.get("/api/v1/search?q=port&kind=customer").json()["items"]
    assert {item["kind"] for item in items} == {"customer"}


def test_the_map_and_its_drawings(client: TestClient) -> None:
    document = client.get("/api/v1/customers/northwind/map?deal_id=warehouse&lang=zh").json()
    names = {card["id"]: card["name"] for card in document["cards"]}
    assert names["nw-zhang"] == "张伟" and len(document["groups"]) == 5
    html = client.get("/api/v1/customers/northwind/map.html?deal_id=warehouse")
    assert html.headers["content-type"].startswith("text/html")
    assert "unsafe" not in html.headers["content-security-policy"]
    svg = client.get("/api/v1/customers/northwind/map.svg?theme=dark")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "Sofia Lindqvist" in "".join(ET.fromstring(svg.text).itertext())


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/customers/nobody", 404, "not_found"),
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v1/customers?limit=0", 422, "request_invalid"),
        ("/api/v1/customers/nobody/map", 404, "not_found"),
        ("/api/v1/search", 422, "request_invalid"),
    ],
)
def test_problems_have_one_shape(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["code"] == code and body["instance"] == path.split("?")[0]
    assert {"type", "title", "status", "detail", "code", "instance"} <= body.keys()


def test_a_person_gets_a_page_for_an_error(client: TestClient) -> None:
    for lang, words in (("en", "There is nothing here"), ("zh", "页面不存在")):
        answer = client.get(
            "/customers/nobody/map", headers={"accept": "text/html", "accept-language": lang}
        )
        assert answer.status_code == 404 and words in answer.text


def test_every_operation_is_described(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            place = f"{method} {path}"
            assert operation.get("description"), f"{place} has no description"
            done = next(status for status in operation["responses"] if status.startswith("2"))
            if path.startswith("/api/") and not path.endswith((".html", ".svg")) and done != "204":
                content = operation["responses"][done]["content"]["application/json"]
                assert "example" in content, f"{place} has no example"


def test_every_page_is_protected_by_its_headers(client: TestClient) -> None:
    for path in ("/", "/customers", "/api/v1/customers", "/static/page.css", "/nothing"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_pages_hold_no_inline_script_or_style(client: TestClient) -> None:
    for path in ("/", "/customers/northwind/map", "/customers/huading/matrix", "/people/chen"):
        text = client.get(path, headers={"accept": "text/html"}).text
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", text), path


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_other_host_names_are_refused(client: TestClient, host: str) -> None:
    answer = client.get("/api/v1/customers", headers={"host": host})
    assert answer.status_code == 421 and answer.json()["code"] == "host_not_allowed"


def test_an_allowed_host_is_let_in(demo_db: Database) -> None:
    app = app_of(demo_db, allowed_hosts="maps.example")
    with TestClient(app, base_url="http://maps.example") as visitor:
        assert visitor.get("/healthz").status_code == 200


@contextmanager
def visitor(db: Database) -> Iterator[TestClient]:
    with TestClient(
        app_of(db, token="let-me-in-please"),
        base_url="http://127.0.0.1",
        follow_redirects=False,
    ) as client:
        yield client


def test_a_token_is_asked_for(demo_db: Database) -> None:
    with visitor(demo_db) as client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/api/v1/customers")
        assert answer.status_code == 401 and answer.json()["code"] == "token_needed"
        wrong = {"authorization": "Bearer wrong"}
        assert client.get("/api/v1/customers", headers=wrong).status_code == 401
        right = {"authorization": "Bearer let-me-in-please"}
        assert client.get("/api/v1/customers", headers=right).status_code == 200


def test_signing_in_with_the_form(demo_db: Database) -> None:
    with visitor(demo_db) as client:
        page = client.get("/customers", headers={"accept": "text/html"})
        assert page.status_code == 303 and page.headers["location"].startswith("/login")
        assert client.post("/login", data={"token": "wrong"}).status_code == 401
        done = client.post("/login?next=/customers", data={"token": "let-me-in-please"})
        assert done.status_code == 303 and done.headers["location"] == "/customers"
        cookie = done.headers["set-cookie"]
        assert (
            "HttpOnly" in cookie
            and "SameSite=strict" in cookie
            and "let-me-in-please" not in cookie
        )
        assert client.get("/customers", headers={"accept": "text/html"}).status_code == 200
        away = client.post("/login?next=//evil.example", data={"token": "let-me-in-please"})
        assert away.headers["location"] == "/"
        for _ in range(10):
            client.post("/login", data={"token": "wrong"})
        assert client.post("/login", data={"token": "let-me-in-please"}).status_code == 429


def test_a_database_that_is_away_is_503_with_a_time(
    demo_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **options: object) -> None:
        raise DatabaseUnavailable("The database is being restarted.", retry_after=3)

    monkeypatch.setattr(Database, "read", away)
    monkeypatch.setattr(Database, "check", away)
    with TestClient(app_of(demo_db), base_url="http://127.0.0.1") as client:
        answer = client.get("/api/v1/customers/huading/map")
        assert answer.status_code == 503 and answer.headers["retry-after"] == "3"
        assert answer.json()["code"] == "database_unavailable"
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        page = client.get("/customers", headers={"accept": "text/html"})
        assert page.status_code == 503 and "<h1>" in page.text
