"""Requests that no program means to send: each is answered as what it is, and none as a fault."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import relgraph.api
from relgraph.api.cookies import LANG_COOKIE, TOKEN_COOKIE, own_cookies
from relgraph.api.sign_in import cookie_of
from relgraph.records.problems import CellError
from relgraph.records.tables.cells import read_when
from relgraph.schema.values import utc_text
from relgraph.schema.vocabulary import LANGS
from tests.api.test_writes import V1

API = Path(relgraph.api.__file__).parent
BEYOND = ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00")
"""Instants that have a date where they were written, and none in UTC."""
TIMES = (
    "customers?updated_since=",
    "stakeholders/wang/influences?updated_since=",
    "changes?since=",
)


@pytest.mark.parametrize("text", BEYOND)
def test_instants_outside_the_calendar(client: TestClient, text: str) -> None:
    for path in TIMES:
        answer = client.get(f"{V1}/{path}{text.replace('+', '%2B')}")
        assert answer.status_code == 422 and answer.json()["code"] == "request_invalid", path
    body = {"kind": "call", "member_id": "bob", "stakeholder_id": "wang", "happened_at": text}
    answer = client.post(f"{V1}/activities", json={"id": "far", **body})
    assert answer.status_code == 422 and "/happened_at" in answer.json()["detail"]
    for cell in (text, datetime.fromisoformat(text)):
        with pytest.raises(CellError, match="calendar"):
            read_when(cell)


def test_early_instants_sort_as_the_others_do() -> None:
    assert utc_text(datetime(33, 4, 3, 15, tzinfo=UTC)) == "0033-04-03T15:00:00Z"
    east = timezone(timedelta(hours=8))
    assert utc_text(datetime(2026, 11, 24, 9, tzinfo=east)) == "2026-11-24T01:00:00Z"
    assert read_when(datetime(33, 4, 3, 15, tzinfo=UTC)) == "0033-04-03T15:00:00Z"


@pytest.mark.parametrize("bookmark", [b"\xff", b"a,\xc3\xbc,b"])
def test_a_bookmark_of_other_signs(client: TestClient, bookmark: bytes) -> None:
    headers = [(b"relgraph-bookmark", bookmark)]
    answer = client.get(f"{V1}/customers", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 400 and answer.json()["code"] == "bookmark_refused"


@pytest.mark.parametrize("path", ["http://[/", "//[::1/customers/x", "http://[v1.x]:y/"])
def test_a_path_of_a_batch_that_is_no_address(client: TestClient, path: str) -> None:
    operation = {"method": "DELETE", "path": path}
    answer = client.post(f"{V1}/batch", json={"operations": [operation]})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/operations/0/path"


@pytest.mark.parametrize("text", ["501", "+501", " 501 ", "501.0", "5_01", "0501"])
def test_a_limit_is_the_same_however_it_is_written(client: TestClient, text: str) -> None:
    for path in ("customers", "stakeholders", "changes"):
        allowed = client.get(f"{V1}/{path}", params={"limit": text.replace("1", "0")})
        assert allowed.status_code == 200, f"{path} {text!r}"
        answer = client.get(f"{V1}/{path}", params={"limit": text})
        assert answer.status_code == 422, f"{path} {text!r}"
        assert answer.json()["errors"][0]["pointer"] == "/query/limit"


@pytest.mark.parametrize(
    "ranges",
    [
        b"bytes=0-3",
        b"bytes=abc",
        b"bytes=\xb2-\xb3",
        b"bytes=" + b"9" * 6_000 + b"-",
        b"bytes=" + b",".join(b"0-" for _ in range(5_000)),
        b"lines=1-2",
    ],
    ids=["first bytes", "letters", "other digits", "beyond", "many times", "lines"],
)
def test_files_are_given_whole(client: TestClient, ranges: bytes) -> None:
    for path in ("/static/page.css", "/assets/map.js", "/docs/swagger-ui.css"):
        expected = client.get(path)
        headers = [(b"range", ranges), (b"if-range", b"\xff")]
        answer = client.get(path, headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == 200 and answer.content == expected.content
        assert answer.headers["accept-ranges"] == "none"
        known = {"if-none-match": expected.headers["etag"]}
        assert client.get(path, headers=known).status_code in {200, 304}


@pytest.mark.parametrize(
    "cookies",
    [
        b'a="' + b"\\" * 60_000 + b'"; relgraph_lang=zh',
        b'relgraph_lang="' + b"\\" * 60_000 + b'"; relgraph_lang=zh',
        b"; ".join(b"a%d=b" % number for number in range(5_000)) + b"; relgraph_lang=zh",
        b"\xff=\xfe; =; ;;; relgraph_lang; relgraph_lang=zh; relgraph_lang=\xff",
        b'relgraph_lang=zh; relgraph_lang="en"; x=relgraph_lang=en',
    ],
    ids=["backslashes", "backslashes of ours", "many", "other signs", "quoted"],
)
def test_cookies_of_others_are_not_read(client: TestClient, cookies: bytes) -> None:
    """Python 3.11 reads the first in the square of its length: for most of a minute."""
    began = time.monotonic()
    headers = [(b"cookie", b"b=c"), (b"cookie", cookies), (b"accept", b"text/html")]
    answer = client.get("/people", headers=headers)  # type: ignore[arg-type]
    assert time.monotonic() - began < 10
    assert answer.status_code == 200 and '<html lang="zh' in answer.text


def test_cookies_are_those_that_are_set() -> None:
    """What a part of the service reads or sets is let through."""
    assert own_cookies(f"{TOKEN_COOKIE}={cookie_of('x' * 20)}".encode())
    for lang in LANGS:
        assert own_cookies(f"{LANG_COOKIE}={lang}".encode())
    assert own_cookies(b"relgraph_other=1; relgraph_lang=a b; relgraph_lang=") == []
    sources = [path.read_text("utf-8") for path in API.rglob("*.py")]
    used = {
        name
        for text in sources
        for name in re.findall(r"(?:set_cookie|cookies\.get)\(\s*(\w+)", text)
    }
    assert used == {"TOKEN_COOKIE", "LANG_COOKIE"}


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_a_type_of_very_many_parameters(client: TestClient, kind: str) -> None:
    for path in ("/login", f"{V1}/customers"):
        headers = {"content-type": kind + ";" * 30_000}
        answer = client.post(path, content=b"token=x", headers=headers)
        assert answer.status_code == 415 and answer.json()["code"] == "not_json"
    answer = client.post("/login", content=b"token=x", headers={"content-type": f"{kind};;"})
    assert answer.status_code in {400, 401}
