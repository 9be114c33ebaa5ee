"""Bodies that are slow to look at: whoever sends one holds nobody up."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from relgraph.api import request_bodies
from relgraph.api.request_bodies import extent
from relgraph.database import Database
from tests.support.service import app_of, client_of
from tests.support.threads import in_thread

TOKEN = "a-secret-of-24-characters"
SIZE = 4 * 1024 * 1024 - 64
LONGEST_WAIT_S = 4.0
"""For an answer that takes a millisecond, on a busy machine. What is quadratic takes hours."""


def filled(beginning: bytes, repeated: bytes, end: bytes = b"") -> bytes:
    count = (SIZE - len(beginning) - len(end)) // len(repeated)
    return beginning + repeated * count + end


PATTERNS = {
    "escaped quotes": filled(b"", b'"\\'),
    "backslashes": filled(b'"', b"\\"),
    "open lists": filled(b"", b"["),
    "empty lists": filled(b"[[]", b",[]", b"]"),
    "numbers": filled(b"[0", b",0", b"]"),
    "wrong members": filled(b'{"operations": [{', b'"method":"POST",', b'"path":1}]}'),
    "one text": filled(b'{"name": "', b"a", b'"}'),
    "digits": filled(b'{"name": ', b"1", b"}"),
    "spaces": filled(b"", b" "),
}


def operations(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and address of everything that is described, and of the sign-in page."""
    yield "post", "/login"
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            yield method, path.replace("{", "").replace("}", "")


async def longest_wait(client: httpx2.AsyncClient, request: asyncio.Task[Any]) -> float:
    """How long the health check took at most while a request was under way, in seconds."""
    longest = 0.0
    while not request.done():
        began = time.perf_counter()
        assert (await client.get("/healthz")).status_code == 200
        longest = max(longest, time.perf_counter() - began)
        await asyncio.wait([request], timeout=0.02)
    return longest


def test_no_body_holds_the_service_up(demo_db: Database) -> None:
    """Every operation gets 4 MB, the patterns taking turns; the batch gets all of them."""
    app = app_of(demo_db)
    names = list(PATTERNS)
    plan = [(*each, names[n % len(names)]) for n, each in enumerate(operations(app))]
    plan += [("post", "/api/v1/batch", name) for name in names]
    waits: dict[str, float] = {}

    async def main() -> None:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", timeout=60
        ) as client:
            headers = {"content-type": "application/json"}
            for method, path, name in plan:
                place = f"{method} {path} {name}"
                request = asyncio.create_task(
                    client.request(method, path, content=PATTERNS[name], headers=headers)
                )
                waits[place] = await longest_wait(client, request)
                answer = request.result()
                assert answer.status_code < 500, f"{place}: {answer.text[:200]}"

    in_thread(lambda: asyncio.run(main()))
    assert len(waits) > 80
    assert {place: wait for place, wait in waits.items() if wait > LONGEST_WAIT_S} == {}


@pytest.fixture(scope="module")
def api(demo_db: Database) -> TestClient:
    return client_of(app_of(demo_db, token=TOKEN))


def test_nothing_is_read_before_the_request_may_come_in(
    demo_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Host, login, origin, address, kind and size are looked at before a body is."""

    async def refuse(*_: object) -> bytes:
        raise AssertionError("a body was read")

    monkeypatch.setattr(request_bodies.Bodies, "read", refuse)
    app = app_of(demo_db, token=TOKEN)
    client = TestClient(app, base_url="http://127.0.0.1:8000")
    own = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    text = b'"\\' * 12_500
    for status, path, headers in (
        (421, "/login", {"host": "evil.example"}),
        (403, "/login", {"origin": "https://evil.example"}),
        (403, "/login", {"origin": "http://[evil"}),
        (403, "/login", {"sec-fetch-site": "cross-site"}),
        (401, "/api/v1/customers", {"content-type": "application/json"}),
        (415, "/api/v1/customers", own | {"content-type": "text/plain"}),
        (404, "/api/v1/nothing", own),
        (405, "/api/v1/changes", own),
        (405, "/healthz", own),
        (405, "/static/page.css", own),
    ):
        answer = client.post(path, content=text, headers=headers)
        assert answer.status_code == status, f"{path} {headers}: {answer.text}"
    with pytest.raises(AssertionError, match="a body was read"):
        client.post("/login", data={"token": "x"})


def test_a_body_is_no_larger_than_what_takes_it(api: TestClient) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    own = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    for method, path, headers in (
        ("POST", "/login", form),
        ("DELETE", "/api/v1/customers/nobody", own),
        ("POST", "/api/v1/webhooks/nobody/test", own),
    ):
        answer = api.request(method, path, content=b"x" * 16_385, headers=headers)
        assert answer.status_code == 413 and "16,384" in answer.text, path
    assert api.post("/login", content=b'"\\' * 8_000, headers=form).status_code == 422


def test_a_sender_who_leaves_has_sent_nothing(demo_db: Database) -> None:
    """What came before the connection broke may look complete, and is not."""
    app = app_of(demo_db)
    messages = iter(
        [
            {"type": "http.request", "body": b'{"name": "Half"}', "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    sent: list[Any] = []
    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/customers", "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
        "app": app, "root_path": "", "scheme": "http",
    }  # fmt: skip

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    in_thread(lambda: asyncio.run(app(scope, receive, send)))
    assert sent == []
    names = [item["name"] for item in client_of(app).get("/api/v1/customers").json()["items"]]
    assert "Half" not in names


@pytest.mark.parametrize("size", [100, 100_000], ids=["small", "large"])
def test_values_and_encodings(local_db: Database, size: int) -> None:
    """Worked on in its place or beside it, a body gets the same answer."""
    client = client_of(app_of(local_db, max_operations=10))
    headers = {"content-type": "application/json"}
    rest = " " * size

    def post(body: bytes) -> Any:
        answer = client.post("/api/v1/customers", content=body, headers=headers)
        return answer.status_code, answer.json().get("code")

    assert post(f'{{"id": "c{size}", "name": "C"{rest}}}'.encode()) == (201, None)
    assert post(f'{{"id": "c{size}", "name": "C"{rest}}}'.encode()) == (409, "already_there")
    assert post(b"\xef\xbb\xbf" + f'{{"name": 7{rest}}}'.encode()) == (422, "request_invalid")
    deep = '{"name": "' + "[{" * 50 + '", "motives": ' + "[" * 40 + "]" * 40 + rest + "}"
    assert post(deep.encode()) == (422, "body_too_deep")
    many = '{"name": "a,b", "product_lines": [' + "1," * 20_000 + "1]" + rest + "}"
    assert post(many.encode()) == (422, "body_too_many_values")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        assert post(f'{{"name": "C"{rest}}}'.encode(encoding)) == (400, "http_400")


def test_as_many_problems_are_listed_as_can_be_read(local_db: Database) -> None:
    body = {"name": "C", "product_lines": [1] * 1_500}
    answer = client_of(app_of(local_db)).post("/api/v1/customers", json=body).json()
    assert (len(answer["errors"]), answer["errors_total"]) == (1_000, 1_500)


def simple_extent(body: bytes) -> tuple[int, int]:
    """Sign by sign, as RFC 8259 reads."""
    depth, deepest, values, inside, escaped = 0, 0, 1, False, False
    for sign in body.decode():
        if inside:
            inside, escaped = (sign != '"' or escaped), sign == "\\" and not escaped
            continue
        inside = sign == '"'
        depth += (sign in "[{") - (sign in "]}")
        deepest = max(deepest, depth)
        values += sign in "[{,"
    return deepest, values


@pytest.mark.parametrize("chunk", [1, 2, 7, 128 * 1024])
def test_extent_in_chunks_is_that_of_the_text(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_bodies, "_CHUNK", chunk)
    random_ = random.Random(chunk)

    def value(levels: int) -> Any:
        kind = random_.randrange(3) if levels else 0
        if kind == 0:
            return "".join(random_.choice('a"\\[]{},') for _ in range(random_.randrange(7)))
        values = [value(levels - 1) for _ in range(random_.randrange(4))]
        return values if kind == 1 else {value(0): each for each in values}

    for _ in range(400):
        body = json.dumps(value(5)).encode()
        assert extent(body) == simple_extent(body), body
