"""Kept answers are those that would be made afresh, whatever is written, and by whom."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relgraph.api.app import create_app
from relgraph.api.kept import reads, shows, store
from relgraph.api.kept.turns import Turns
from relgraph.database import Database, open_database
from relgraph.errors import QueryTimedOut
from relgraph.records.imports.load import import_records
from relgraph.records.log.commit_order import place_notes
from relgraph.records.log.committed import Look, Touched
from relgraph.records.search.index import index_pending
from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS
from relgraph.settings import load_settings
from tests.records.folders import folder
from tests.support.access import access_to
from tests.support.kinds import V1, another, changed_column, id_of, make_account, path_of, row_of
from tests.support.parts import long_work_in_parts
from tests.support.processes import databases
from tests.support.service import NOW, SEEDS, api_of, app_of, client_of
from tests.support.threads import in_thread

PATHS = [
    *(
        path
        for id_ in ("customer-1", "customer-2")
        for path in (
            f"{V1}/customers/{id_}/map",
            f"{V1}/customers/{id_}/matrix?lang=zh",
            f"/customers/{id_}/map",
            f"/customers/{id_}/people",
            f"/customers/{id_}/deals",
        )
    ),
    "/customers/customer-1/chain",
    f"{V1}/deals/deal-1/decision-chain",
    "/",
    "/customers?q=c",
    "/people?q=1",
    "/people/stakeholder-1",
    f"{V1}/search?q=2",
]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nobody reads while a write ends, so that all is kept at once."""
    monkeypatch.setattr(store, "SETTLING_S", 0)


@pytest.fixture
def other(database: Database, environment: dict[str, str]) -> Iterator[Database]:
    """Another service's way to the same database."""
    names = {name.removeprefix("RELGRAPH_").lower(): text for name, text in environment.items()}
    with open_database(load_settings(**names)) as other:
        yield other


class World:
    """A service that keeps answers, and another that keeps none; both write."""

    def __init__(self, database: Database, other: Database, scratch: Path) -> None:
        self.keeping = client_of(app_of(database))
        self.afresh = client_of(app_of(other, kept_answers_mb=0))
        self.writers = [api_of(database), api_of(other)]
        self.other = other
        self.scratch = scratch
        self.hits = self.imports = 0
        make_account(self.writers[0])

    def compare(self, after: str) -> None:
        for path in PATHS:
            kept = self.keeping.get(path, follow_redirects=False)
            fresh = self.afresh.get(path, follow_redirects=False)
            assert kept.status_code == fresh.status_code, (after, path)
            assert kept.content == fresh.content, (after, path)
            assert kept.headers.get("etag") == fresh.headers.get("etag"), (after, path)

    # what may be done -----------------------------------------------------------------------

    def put_node(self, chance: random.Random, api: TestClient) -> str:
        kind = chance.choice(NAMED_KINDS)
        row = row_of(kind, chance.randint(1, 4)) | {"name": f"N {chance.randint(1, 9)}"}
        if "customer_id" in row:
            row["customer_id"] = f"customer-{chance.randint(1, 2)}"
        return f"{row} {api.post(f'{V1}/{kind.plural}', json=row).status_code}"

    def change(self, chance: random.Random, api: TestClient) -> str:
        kind = chance.choice(NAMED_KINDS)
        column = chance.choice(["name", changed_column(kind)])
        value = f"N {chance.randint(1, 9)}"
        if column != "name":
            value = chance.choice([kind.example.get(column), another(kind, column, None)])
        path = kind.ref(id_of(kind, chance.randint(1, 4)))
        return f"{path} {column} {value} {api.patch(path, json={column: value}).status_code}"

    def move(self, chance: random.Random, api: TestClient) -> str:
        """To another customer, department, manager, owner or group."""
        kind, column = chance.choice(
            [(kind, name) for kind in NAMED_KINDS for name in sorted(kind.refs)]
        )
        label = kind.refs[column].lower()
        value = chance.choice([f"{label}-{chance.randint(1, 3)}", None])
        path = kind.ref(id_of(kind, chance.randint(1, 4)))
        return f"{path} {column} {value} {api.patch(path, json={column: value}).status_code}"

    def put_edge(self, chance: random.Random, api: TestClient) -> str:
        kind = chance.choice(EDGE_KINDS)
        row = row_of(kind, chance.randint(1, 4), chance.randint(1, 4))
        if "until" in kind.model.model_fields and chance.random() < 0.7:
            row["until"] = chance.choice(["2026-01-01", "2027-01-01"])
        body = {name: value for name, value in row.items() if name not in kind.row_key}
        return f"{row} {api.put(path_of(kind, row), json=body).status_code}"

    def remove_edge(self, chance: random.Random, api: TestClient) -> str:
        kind = chance.choice(EDGE_KINDS)
        path = path_of(kind, row_of(kind, chance.randint(1, 4), chance.randint(1, 4)))
        return f"{path} {api.delete(path).status_code}"

    def remove(self, chance: random.Random, api: TestClient) -> str:
        kind = chance.choice(NAMED_KINDS)
        path = kind.ref(id_of(kind, chance.randint(2, 4)))
        return f"{path} {api.delete(f'{path}?cascade=true').status_code}"

    def merge(self, chance: random.Random, api: TestClient) -> str:
        into, other = chance.sample(range(1, 5), 2)
        body = {"duplicate_id": f"stakeholder-{other}"}
        answer = api.post(f"{V1}/stakeholders/stakeholder-{into}/merge", json=body)
        return f"merge {other} into {into} {answer.status_code}"

    def undo(self, chance: random.Random, api: TestClient) -> str:
        changes = api.get(f"{V1}/changes?limit=10").json()["items"]
        change = chance.choice(changes)["change_set"]
        return f"undo {api.post(f'{V1}/changes/{change}/undo', json={}).status_code}"

    def place(self, chance: random.Random, api: TestClient) -> str:
        place_notes(access_to(self.other))
        return "places"

    def load(self, chance: random.Random, api: TestClient) -> str:
        """An import, in parts or not; between the parts somebody reads."""
        self.imports += 1
        customer = f"customer-{chance.randint(1, 3)}"
        rows = [
            {"id": f"stakeholder-{chance.randint(1, 6)}", "customer_id": customer,
             "name": f"N {chance.randint(1, 9)}"}
        ]  # fmt: skip
        path = folder(
            self.scratch / f"import{self.imports}",
            customers=[{"id": customer, "name": f"N {chance.randint(1, 9)}"}],
            stakeholders=rows,
        )
        with long_work_in_parts(in_small_parts=chance.random() < 0.7):
            import_records(
                access_to(self.other, datetime.now(UTC)),
                path,
                progress=lambda *step: self.compare(f"import: {step}"),
            )
        index_pending(access_to(self.other))
        return f"import {rows}"


STEPS: list[Callable[[World, random.Random, TestClient], str]] = [
    World.put_node, World.change, World.change, World.move, World.move, World.put_edge,
    World.put_edge, World.remove_edge, World.remove, World.merge, World.undo, World.place,
    World.load,
]  # fmt: skip


def test_they_are_those_that_would_be_made_afresh(
    database: Database, other: Database, tmp_path: Path
) -> None:
    world = World(database, other, tmp_path)

    @settings(
        max_examples=6, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.randoms(use_true_random=False), st.lists(st.sampled_from(STEPS), max_size=12))
    def check(
        chance: random.Random, steps: list[Callable[[World, random.Random, TestClient], str]]
    ) -> None:
        world.compare("beginning")
        for step in steps:
            done = step(world, chance, chance.choice(world.writers))
            world.compare(done)

    check()
    kept = world.keeping.app.state.kept  # type: ignore[attr-defined]
    assert kept.size > 0, "nothing was kept, so that nothing was compared"


# one service -------------------------------------------------------------------------------


MAP = f"{V1}/customers/huading/map"
SETTLED = Look("", 0, frozenset(), 0, settled=True, is_searchable=True)


class Counted:
    """How often something of the service was done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reads, self.looks = 0, 0
        account, look = shows.read_account, reads.look

        def read_account(*values: Any) -> Any:
            self.reads += 1
            return account(*values)

        def looking(*values: Any) -> Any:
            self.looks += 1
            return look(*values)

        monkeypatch.setattr(shows, "read_account", read_account)
        monkeypatch.setattr(reads, "look", looking)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def together(app: FastAPI, *asked: tuple[str, dict[str, str]]) -> list[httpx2.Response]:
    """The answers to requests that come at the same time."""

    async def main() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", timeout=60
        ) as client:
            requests = [client.get(path, headers=headers) for path, headers in asked]
            return list(await asyncio.gather(*requests))

    return in_thread(lambda: asyncio.run(main()))


def test_equal_requests_share_looks_and_an_answer(demo_db: Database, counted: Counted) -> None:
    app = app_of(demo_db)
    answers = together(app, *[(MAP, {})] * 50)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert counted.reads == 1
    assert counted.looks <= 3, "those who come meanwhile share the next look"
    before = counted.looks
    together(app, *[(MAP, {})] * 50)
    assert counted.reads == 1
    assert counted.looks - before <= 2


def test_a_kept_answer_is_conditional(demo_db: Database, counted: Counted) -> None:
    client = client_of(app_of(demo_db))
    first = client.get(MAP)
    tag = {"If-None-Match": first.headers["etag"]}
    same, head = client.get(MAP, headers=tag), client.head(MAP)
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    assert "content-length" not in same.headers
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(first.content))
    assert client.get(MAP).headers == first.headers
    assert counted.reads == 1


def test_a_reader_gets_their_own_language_day_and_query(demo_db: Database) -> None:
    days = [NOW]
    app = create_app(load_settings(), database=demo_db, clock=lambda: days[0])
    client = client_of(app)
    english, chinese = (
        client.get("/customers/huading/people"),
        client.get("/customers/huading/people", headers={"Accept-Language": "zh"}),
    )
    assert english.content != chinese.content
    assert client.get(MAP).json()["now"] == NOW.date().isoformat()
    days[0] += timedelta(days=1)
    assert client.get(MAP).json()["now"] == days[0].date().isoformat()
    assert client.get(f"{MAP}?deal_id=dc-renewal").content != client.get(MAP).content


def test_errors_are_not_kept(demo_db: Database) -> None:
    app = app_of(demo_db)
    client = client_of(app)
    assert client.get(f"{V1}/customers/nobody/map").status_code == 404
    assert client.get(f"{MAP}?colour=red").status_code == 422
    assert app.state.kept.size == 0


def test_memory_is_bounded(demo_db: Database) -> None:
    app = app_of(demo_db)
    kept = app.state.kept
    kept.most = 30_000
    client = client_of(app)
    sizes = []
    for number in range(40):
        assert client.get(f"/people?q={number}").status_code == 200
        sizes.append(kept.size)
    assert 0 < max(sizes) <= 30_000
    assert min(sizes[-10:]) > 20_000, "only the oldest go when new ones come"


def test_what_is_read_just_after_a_note_was_seen_is_kept_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "SETTLING_S", 60)
    kept = store.Store(1_000_000)
    answers = {
        name: store.Answer(200, (), b"x", frozenset({name})) for name in ("touched", "other")
    }
    kept.move(SETTLED, Touched(ids=frozenset({"touched"})))
    for name, answer in answers.items():
        kept.keep(name, answer, kept.now())
    assert kept.get("touched") is None
    assert kept.get("other") is not None


def test_what_is_made_while_search_catches_up_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "SETTLING_S", 0)
    kept = store.Store(1_000_000)
    catching_up = replace(SETTLED, is_searchable=False)
    kept.move(catching_up, Touched())
    begun = kept.now()
    kept.move(SETTLED, Touched())
    kept.keep("during", store.Answer(200, (), b"x"), begun)
    assert kept.get("during") is None, "it was begun before search found everything"
    kept.keep("after", store.Answer(200, (), b"x"), kept.now())
    assert kept.get("after") is not None


def test_a_bookmark_is_waited_for(database: Database, other: Database) -> None:
    with api_of(database) as api, api_of(other) as elsewhere:
        elsewhere.post(f"{V1}/customers", json={"id": "c", "name": "C"})
        path = f"{V1}/customers/c/map"
        for name in ("D", "E", "F"):
            elsewhere.patch(f"{V1}/customers/c", json={"name": name})
            headers = {"Relgraph-Bookmark": ",".join(other.last_bookmarks())}
            assert api.get(path, headers=headers).json()["customer"]["name"] == name
        unknown = api.get(path, headers={"Relgraph-Bookmark": "what nobody gave"})
        if unknown.status_code != 200:  # the local database has none
            assert (unknown.status_code, unknown.json()["code"]) == (400, "bookmark_refused")


# when the database goes away -----------------------------------------------------------------


def test_readers_are_told_when_the_database_stops(tmp_path: Path) -> None:
    """Two hundred of them, in the middle of their reads; later they are answered again."""
    url = f"local:{tmp_path}/db"
    with open_database(load_settings(database_url=url, database_heap_mb=512)) as db:
        db.migrate()
        import_records(access_to(db, NOW), SEEDS / "demo")
        app = app_of(db, query_timeout_s=10)
        asked = [(f"{MAP}?lang={lang}", {}) for lang in ("en", "zh")] * 100
        assert {answer.status_code for answer in together(app, *asked)} == {200}
        [server] = databases(tmp_path)
        server.kill()
        began = time.monotonic()
        answers = together(app, *asked)
        assert time.monotonic() - began < 30
        assert {answer.status_code for answer in answers} <= {200, 503}
        for answer in answers:
            assert answer.status_code == 200 or int(answer.headers["Retry-After"]) >= 1
        deadline = time.monotonic() + 60
        while {answer.status_code for answer in together(app, *asked)} != {200}:
            assert time.monotonic() < deadline, "readers were not answered again"


def test_a_database_that_stands_still_keeps_nobody_longer_than_a_query(
    monkeypatch: pytest.MonkeyPatch, demo_db: Database
) -> None:
    free = threading.Event()
    monkeypatch.setattr(reads, "look", lambda access: free.wait(60))
    try:
        began = time.monotonic()
        answers = together(app_of(demo_db, query_timeout_s=0.5), *[(MAP, {})] * 20)
        assert time.monotonic() - began < 20
        assert {(a.status_code, a.json()["code"]) for a in answers} == {(503, "query_timed_out")}
        assert all("retry-after" in answer.headers for answer in answers)
    finally:
        free.set()


def test_a_queue_that_moves_is_waited_for_and_another_is_not() -> None:
    async def main() -> tuple[list[int], list[object]]:
        done: list[int] = []
        turns = Turns(1, 0.3)

        async def work(number: int, *, well: bool) -> None:
            async with turns.turn():
                await asyncio.sleep(0.1)
                done.append(number)
                if well:
                    turns.moved()

        await asyncio.gather(*(work(number, well=True) for number in range(8)))
        stuck = await asyncio.gather(
            *(work(number, well=False) for number in range(8, 20)), return_exceptions=True
        )
        await work(20, well=True)  # no turn was lost
        return done, stuck

    done, stuck = in_thread(lambda: asyncio.run(main()))
    assert done[:8] == list(range(8)), "first come, first served"
    assert done[-1] == 20
    assert isinstance(stuck[-1], QueryTimedOut), "told before its turn came"
