"""What protects writes: their origin, their kind, their size; and errors in two languages."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph.database import Database
from tests.support.service import api_of

PATH = "/api/v1/customers"
NEW = {"id": "c", "name": "C"}


@pytest.fixture
def api(local_db: Database) -> TestClient:
    return api_of(local_db, max_body_kb=16)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_another_site_cannot_write(api: TestClient, headers: dict[str, str]) -> None:
    for answer in (
        api.post(PATH, json=NEW, headers=headers),
        api.delete(f"{PATH}/c", headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "other_site")
    assert api.get(PATH).json()["items"] == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}],
    ids=["a program", "an own page"],
)
def test_own_pages_and_programs_write(api: TestClient, headers: dict[str, str]) -> None:
    assert api.post(PATH, json=NEW, headers=headers).status_code == 201


def test_the_token_opens_to_other_sites(local_db: Database) -> None:
    api = api_of(local_db, token="let-me-in-if-you-please")
    headers = {"Origin": "https://crm.example", "Authorization": "Bearer let-me-in-if-you-please"}
    assert api.post(PATH, json=NEW, headers=headers).status_code == 201
    assert api.post(PATH, json=NEW).status_code == 401


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_write_must_be_json(api: TestClient, kind: str) -> None:
    answer = api.post(PATH, content=b'{"name": "C"}', headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


def test_a_body_has_a_size(api: TestClient) -> None:
    answer = api.post(PATH, json=NEW | {"industry": "x" * 20_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert "16,384" in answer.json()["detail"]

    def slowly() -> Any:
        for _ in range(20):
            yield b" " * 1_000

    headers = {"Content-Type": "application/json"}
    assert api.post(PATH, content=slowly(), headers=headers).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"text"', b"{}", b'{"name": 7}', b'{"name": ""}',
        b'{"name": "\\u0000"}', b'{"name": "\\ud800"}', b'{"id": "a\\nb", "name": "C"}',
        b'{"name": "C", "category_spend": -1}', b'{"name": "C", "category_spend": 1e999}',
        b'{"name": "C", "category_spend": NaN}', b'{"name": "C", "kind": "friend"}',
        b'{"name": "C", "external_ids": {"a": {"b": 1}}}', b'{"name": "C", "url": "javascript:1"}',
        b'{"name": "C", "product_lines": ["\\ud800"]}', b"[" * 5_000, b'\xff\xfe{"name": "C"}',
    ],
    ids=repr,
)  # fmt: skip
def test_no_body_is_too_strange(api: TestClient, body: bytes) -> None:
    answer = api.post(PATH, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert api.get(PATH).json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "text"),
    [
        ("GET", f"{PATH}/nobody", None, "没有编号为“nobody”的客户。"),
        ("GET", "/api/v1/nothing", None, "此地址没有内容。"),
        ("PUT", PATH, {}, "此地址不支持该方法"),
        ("POST", PATH, {"id": "c", "name": "C"}, "编号为“c”的客户已存在"),
        ("POST", PATH, {}, "请求不符合要求"),
        ("DELETE", f"{PATH}/c", None, "客户“c”下还有：1 departments"),
    ],
)
def test_errors_speak_the_readers_language(
    api: TestClient, method: str, path: str, body: Any, text: str
) -> None:
    api.post(PATH, json=NEW)
    api.post("/api/v1/departments", json={"name": "D", "customer_id": "c"})
    options = {} if body is None else {"json": body}
    answer = api.request(method, path, headers={"Accept-Language": "zh-CN"}, **options)
    assert text in answer.json()["detail"]


def test_a_bookmark_is_carried_from_write_to_read(database: Database) -> None:
    with api_of(database) as api:
        marks = {"Relgraph-Bookmark": api.post(PATH, json=NEW).headers["relgraph-bookmark"]}
        assert api.get(f"{PATH}/c", headers=marks).status_code == 200
        assert api.patch(f"{PATH}/c", json={"name": "D"}, headers=marks).status_code == 200
        odd = api.get(f"{PATH}/c", headers={"Relgraph-Bookmark": "not one"})
        assert odd.status_code in {200, 400}, odd.text
        if odd.status_code == 400:
            assert odd.json()["code"] == "bookmark_refused"


def test_a_body_nests_no_deeper_than_allowed(api: TestClient) -> None:
    headers = {"content-type": "application/json"}
    for body in (
        "[" * 5_000 + "]" * 5_000,
        '{"name":' * 1_000 + "1" + "}" * 1_000,
        '{"motives":' + '{"a":' * 40 + "1" + "}" * 41,
    ):
        answer = api.post(PATH, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "body_too_deep")
    text = '{"name": "' + "[{" * 200 + '\\"}", "id": "brackets"}'
    assert api.post(PATH, content=text.encode(), headers=headers).status_code == 422, "too long"
    text = '{"name": "' + "[{" * 100 + '\\"}", "id": "brackets"}'
    assert api.post(PATH, content=text.encode(), headers=headers).status_code == 201


def test_problems_are_in_the_readers_language(api: TestClient) -> None:
    body = {"name": "x" * 400, "kind": "foo", "zzz": 1, "category_spend": -1}
    answer = api.post(PATH, json=body, headers={"Accept-Language": "zh-CN"}).json()
    details = {problem["pointer"]: problem["detail"] for problem in answer["errors"]}
    assert details["/name"] == "不得超过 300 个字符" and details["/zzz"] == "没有这一项"
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in details.values())
    plain = api.post(PATH, json=body).json()
    assert "at most 300 characters" in {o["pointer"]: o["detail"] for o in plain["errors"]}["/name"]


REFUSED: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("POST", "/stakeholders", {"name": "W", "customer_id": "nobody"}, "/customer_id",
     "there is no customer with this id; add it to customers or correct the id",
     "没有该编号的客户；请先添加到 customers，或更正编号"),
    ("PATCH", "/customers/c", {"name": None}, "/name",
     "cannot be cleared; leave it out to keep it", "不能清空；省略即保留原值"),
    ("PATCH", "/customers/c", {"parent_id": "c"}, "/parent_id",
     "the parents run in a circle: c → c; name another parent in one of them, or leave it blank",
     "上级形成循环：c → c；请更改其中一个的上级，或留空"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "pointer", "english", "chinese"), REFUSED)
def test_refusals_are_in_both_languages(
    api: TestClient,
    method: str,
    path: str,
    body: dict[str, Any],
    pointer: str,
    english: str,
    chinese: str,
) -> None:
    assert api.post(PATH, json=NEW).status_code == 201
    for lang, words in (("en", english), ("zh", chinese)):
        answer = api.request(method, f"/api/v1{path}", json=body, headers={"Accept-Language": lang})
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["pointer"]) == (422, pointer)
        assert error["detail"] == words
