"""What grows with an answer is not done in the event loop: others are answered meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.responses import Response
from fastapi.testclient import TestClient
from pydantic import BaseModel

from relgraph.api import answers, conditional, schemas
from relgraph.database import Database
from relgraph.records.webhooks import deliveries, store
from relgraph.records.webhooks.events import delivery
from relgraph.schema.values import When
from tests.support.access import access_to
from tests.support.service import NOW, api_of, app_of, client_of
from tests.support.threads import in_thread

WAIT_S = 20


class Held:
    """Work that does not go on before somebody else was answered."""

    def __init__(self) -> None:
        self.began, self.may_go_on = threading.Event(), threading.Event()

    def before(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def held(*values: Any, **more: Any) -> Any:
            self.began.set()
            assert self.may_go_on.wait(WAIT_S), "nobody else was answered"
            return work(*values, **more)

        return held


def answered(app: FastAPI, path: str, held: Held) -> httpx2.Response:
    """The answer to a request, during which the health check was answered."""

    async def main() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", timeout=60
        ) as client:
            request = asyncio.create_task(client.get(path))
            assert await asyncio.to_thread(held.began.wait, WAIT_S)
            assert (await client.get("/healthz")).status_code == 200
            held.may_go_on.set()
            return await request

    return in_thread(lambda: asyncio.run(main()))


@pytest.mark.parametrize("large", [0, 1])
def test_the_digest_of_a_large_answer(
    demo_db: Database, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    held = Held()
    body = b"x" * (conditional.SMALL + large)

    class Digest:
        def __init__(self, **more: Any) -> None:
            self._digest = blake2b(**more)
            self.hexdigest = self._digest.hexdigest

        def update(self, part: bytes) -> None:
            in_loop = threading.current_thread() is loops[0]
            assert in_loop == (len(part) <= conditional.SMALL)
            (self._digest.update if in_loop else held.before(self._digest.update))(part)

    loops: list[threading.Thread] = []
    app = app_of(demo_db)

    @app.get("/api/v1/large")
    async def answer() -> Response:
        loops.append(threading.current_thread())
        if not large:
            held.began.set()
        return Response(body)

    with monkeypatch.context() as patch:
        patch.setattr(conditional, "blake2b", Digest)
        there = answered(app, "/api/v1/large", held)
    assert there.content == body
    wanted = blake2b(body, digest_size=16, usedforsecurity=False).hexdigest()
    assert there.headers["etag"] == f'"{wanted}"'


def test_a_long_list(demo_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    expected = client_of(app_of(demo_db)).get("/api/v1/stakeholders?limit=50").json()
    monkeypatch.setattr(answers, "ROWS_AT_ONCE", 7)
    monkeypatch.setattr(answers, "_dumps", held.before(answers._dumps))
    assert answered(app_of(demo_db), "/api/v1/stakeholders?limit=50", held).json() == expected
    assert len(expected["items"]) == 50


def test_the_description_of_the_api(demo_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    monkeypatch.setattr(schemas, "complete", held.before(schemas.complete))
    app = app_of(demo_db)
    document = answered(app, "/openapi.json", held).json()
    assert document == app.openapi()
    names = [each["name"] for each in document["paths"]["/api/v1/search"]["get"]["parameters"]]
    assert names.count("If-None-Match") == 1


def test_long_and_short_lists_look_alike(
    local_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = access_to(local_db, NOW)
    hook = store.create(access, {"url": "https://x.example/", "kinds": ["*"]})["id"]
    for number in range(5):
        event = {"type": "ping", "timestamp": NOW.isoformat(), "data": {"ü": None, "x": 1e21}}
        row = delivery(hook, f"e{number}", event, subject="s", version=0, place=f"p{number}")
        deliveries.add(access, row)
    with api_of(local_db) as api:
        api.post("/api/v1/customers", json={"id": "c", "name": "华鼎 “C”"})
        for number in range(5):
            body = {"id": f"p{number}", "name": f"P{number}", "customer_id": "c"}
            assert api.post("/api/v1/stakeholders", json=body).status_code == 201
            tie = f"/api/v1/stakeholders/p0/influences/p{number}"
            assert number == 0 or api.put(tie, json={"strength": 0.5}).status_code == 200
        assert api.delete("/api/v1/stakeholders/p4?cascade=true").status_code == 204
        paths = [
            "/api/v1/stakeholders",
            "/api/v1/stakeholders?resume=start",
            "/api/v1/stakeholders?updated_since=2020-01-01",
            "/api/v1/stakeholders/p0/influences",
            "/api/v1/stakeholders/p0/influences?resume=start",
            "/api/v1/changes",
            "/api/v1/changes?resume=start",
            f"/api/v1/webhooks/{hook}/deliveries",
        ]
        short = read(api, paths)
        monkeypatch.setattr(answers, "ROWS_AT_ONCE", 2)
        called: list[bytes] = []
        encoded = answers.encoded
        monkeypatch.setattr(
            answers, "encoded", lambda members: called.append(b"") or encoded(members)
        )
        assert read(api, paths) == short
        assert len(called) == len(paths)


def read(api: TestClient, paths: list[str]) -> list[Any]:
    got = [api.get(path) for path in paths]
    assert {answer.headers["content-type"] for answer in got} == {"application/json"}
    return [answer.json() for answer in got]


def test_members_that_are_no_rows() -> None:
    class Answer(BaseModel):
        items: list[When]
        rest: int | None = None

    answer = Answer(items=["2026-11-24"])
    assert answers.encoded(answers.members_of(answer, exclude_unset=True)) == (
        b'{"items":["2026-11-24"]}'
    )
    assert b'"rest":null' in answers.encoded(answers.members_of(answer, exclude_unset=False))
