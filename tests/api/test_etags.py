"""Tags of everything that can be read, and answers without a body, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.exceptions import RequestValidationError
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from relgraph import queries
from relgraph.api.app import create_app
from relgraph.api.conditional import ConditionalReads
from relgraph.api.etags import complete_etag, etag, incomplete_etag, is_named, versions_of
from relgraph.database import Database
from relgraph.records.imports.load import import_records
from relgraph.records.webhooks import store
from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS
from relgraph.settings import load_settings
from tests.api.test_writes import V1, account, batch, get
from tests.support.access import access_to
from tests.support.service import NOW, SEEDS

__all__ = ["account"]

DIGEST = "[0-9a-f]{32}"
OPAQUE = re.compile(rf'"(\d+|\d+-{DIGEST}|{DIGEST})"')
DAY = timedelta(days=1)


class Clock:
    """A clock that stands still until a test sets it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def demo(database: Database, clock: Clock) -> Iterator[TestClient]:
    """The service with the demo records, external ids and a webhook."""
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


@pytest.mark.parametrize("database", ["local"], indirect=True)
def test_every_read_has_a_tag_and_answers_304(demo: TestClient) -> None:
    for address in addresses(demo):
        full = demo.get(address)
        assert full.status_code == 200, (address, full.text)
        tag = full.headers["etag"]
        assert OPAQUE.fullmatch(tag), (address, tag)
        assert demo.get(address).headers["etag"] == tag, address
        for condition in (tag, f'"x", {tag}', f"W/{tag}", f'"x",W/{tag},W/"y,z"', "*", " * "):
            same = demo.get(address, headers={"If-None-Match": condition})
            assert (same.status_code, same.content) == (304, b""), (address, condition)
            assert same.headers["etag"] == tag, address
            left_out = {"content-length", "content-type", "content-disposition"}
            assert dict(same.headers) == {
                name: value for name, value in full.headers.items() if name not in left_out
            }, address
        for condition in ('"x"', tag.strip('"'), "", f'"{tag[1:-2]}"', '"x" "*"'):
            other = demo.get(address, headers={"If-None-Match": condition})
            assert (other.status_code, other.content) == (200, full.content), (address, condition)
        head = demo.head(address)
        assert (head.status_code, head.content) == (200, b""), address
        assert head.headers == full.headers, address
        assert demo.head(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_tag_changes_with_anything_that_is_shown(
    demo: TestClient, database: Database, clock: Clock
) -> None:
    """Answers are equal exactly if their tags are, through many changes."""
    hook = webhook_of(demo)
    person = f"{V1}/stakeholders/wang"

    def rename() -> None:
        operations = [
            {"method": "PATCH", "path": f"/{table}/{id_}", "body": {"name": f"New {table}"}}
            for table, id_ in IDS.items()
        ]
        assert batch(demo, *operations).status_code == 200

    def rename_neighbours() -> None:
        for path in ("stakeholders/li", "stakeholders/chen", "members/ann", "customers/northwind"):
            answer = demo.patch(f"{V1}/{path}", json={"name": "Neighbour"})
            assert answer.status_code in {200, 404}

    def judge_again() -> None:
        for path in EDGES:
            assert demo.patch(f"{V1}/{path}", json=PATCHES[path.split("/")[2]]).status_code == 200

    def end_the_line() -> None:
        assert demo.delete(f"{person}/managers/li").status_code == 204
        assert demo.put(f"{person}/managers/chen", json={"primary": True}).status_code == 200

    def back_to_the_line() -> None:
        assert demo.delete(f"{person}/managers/chen").status_code == 204
        assert demo.put(f"{person}/managers/li", json={"primary": True}).status_code == 200

    def deliver() -> None:
        assert demo.post(f"{V1}/webhooks/{hook}/test").status_code == 202

    def fail_to_deliver() -> None:
        now = "2026-11-24T10:00:00.000000Z"
        access_to(database).write(lambda tx: queries.run(tx, "note_failing", id=hook, now=now))

    def meet() -> None:
        body = {
            "kind": "meeting", "happened_at": "2026-11-20", "member_id": "bob",
            "stakeholder_id": "wang", "direction": "mutual",
        }  # fmt: skip
        assert demo.post(f"{V1}/activities", json=body).status_code == 201

    def next_day() -> None:
        clock.now += DAY

    def nothing() -> None:
        pass

    seen: dict[str, dict[str, bytes]] = {}
    steps = [
        nothing, rename, rename_neighbours, judge_again, end_the_line, back_to_the_line, deliver,
        fail_to_deliver, meet, next_day,
    ]  # fmt: skip
    watched = addresses(demo)
    for step in steps:
        step()
        for address in watched:
            answer = demo.get(address)
            if answer.status_code == 404:
                assert step is end_the_line and "/managers/li" in address
                continue
            known = seen.setdefault(address, {})
            tag = answer.headers["etag"]
            place = (step.__name__, address, tag)
            assert known.setdefault(tag, answer.content) == answer.content, place
            assert len(set(known.values())) == len(known), place
    still = {address for address in watched if len(seen[address]) == 1}
    assert still == {"/openapi.json"}, "every other answer has been another one at some time"


PATCHES: dict[str, dict[str, Any]] = {
    "employments": {"since": "2021-01-01"},
    "managers": {"since": "2021-01-01"},
    "influences": {"strength": 0.3},
    "relations": {"strength": 0.3},
    "supports": {"stance": -2},
    "interests": {"level": 0.1},
    "roles": {"can_veto": True},
    "knows": {"closeness": 5},
}


def test_the_tag_of_the_map_is_that_of_the_day(demo: TestClient, clock: Clock) -> None:
    drawings = [f"{V1}/customers/huading/{name}?deal_id=dc-renewal" for name in ("map", "map.html")]
    for address in drawings:
        clock.now = NOW
        document = demo.get(address)
        tag = document.headers["etag"]
        clock.now = NOW.replace(hour=23, minute=59)
        demo.app.state.maps.clear()  # type: ignore[attr-defined]
        assert demo.get(address, headers={"If-None-Match": tag}).status_code == 304
        clock.now = NOW + DAY
        tomorrow = demo.get(address, headers={"If-None-Match": tag})
        assert tomorrow.status_code == 200 and tomorrow.headers["etag"] != tag
    first, second = (
        [card["age_days"] for card in answer.json()["cards"] if card["age_days"] is not None]
        for answer in (_on(demo, clock, NOW), _on(demo, clock, NOW + DAY))
    )
    assert first and second == [days + 1 for days in first], "ages are shown"


def _on(api: TestClient, clock: Clock, when: datetime) -> Any:
    clock.now = when
    return api.get(f"{V1}/customers/huading/map?deal_id=dc-renewal")


def test_languages_have_tags_of_their_own(client: TestClient) -> None:
    address = f"{V1}/customers/huading/map"
    tag = client.get(address, headers={"Accept-Language": "en"}).headers["etag"]
    chinese = {"Accept-Language": "zh", "If-None-Match": tag}
    assert client.get(address, headers=chinese).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/customers/nobody", 404),
        ("/api/v1/nothing", 404),
        ("/api/v1/customers?limit=0", 422),
        ("/api/v1/batch", 405),
    ],
)
def test_errors_have_no_tag(client: TestClient, path: str, status: int) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, path, headers={"If-None-Match": "*"})
        assert answer.status_code == status and "etag" not in answer.headers
        assert bool(answer.content) == (method == "GET")


def test_pages_and_static_files_are_as_they_were(client: TestClient) -> None:
    for path in ("/customers", "/healthz"):
        assert "etag" not in client.get(path).headers
    assert not client.get("/static/page.css").headers["etag"].startswith("W/")
    assert client.head("/customers").status_code == 405


def test_head_is_allowed_where_get_is(client: TestClient) -> None:
    assert client.post(f"{V1}/changes", json={}).headers["allow"] == "GET, HEAD"
    assert client.get(f"{V1}/batch").headers["allow"] == "POST"
    assert client.post("/healthz", json={}).headers["allow"] == "GET"


def test_the_description_tells_of_tags(client: TestClient) -> None:
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        read = operations.get("get")
        if read is None or not path.startswith(V1):
            continue
        names = [parameter["name"] for parameter in read["parameters"]]
        assert names.count("If-None-Match") == 1, path
        assert "ETag" in read["responses"]["200"]["headers"], path
        assert "content" not in read["responses"]["304"], path


def test_over_the_network_a_304_ends_with_its_headers(site: str) -> None:
    address = f"{V1}/customers/huading/map"
    with httpx2.Client(base_url=site) as browser:
        full = browser.get(address)
        condition = {"If-None-Match": full.headers["etag"]}
        for method in ("GET", "HEAD"):
            same = browser.request(method, address, headers=condition)
            assert (same.status_code, same.content) == (304, b"")
            assert "content-type" not in same.headers and "x-frame-options" in same.headers
        head = browser.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(full.content))
        assert browser.get(address).content == full.content, "the connection goes on"
        assert browser.head(f"{V1}/customers/nobody").status_code == 404


def test_the_bare_version_stays_the_tag_of_what_it_covers(account: TestClient) -> None:
    account.put(f"{V1}/stakeholders/a/influences/b", json={"strength": 0.4})
    for path in (
        "/customers/c", "/departments/d", "/members/m", "/stakeholders/a/influences/b",
        "/stakeholders/a/managers/boss", "/stakeholders/a/employments/c",
    ):  # fmt: skip
        answer = account.get(V1 + path)
        assert answer.headers["etag"] == f'"{answer.json()["version"]}"', path
    for path in ("/stakeholders/a", "/deals/deal", "/stakeholders/a/manager"):
        answer = account.get(V1 + path)
        tag = answer.headers["etag"]
        assert re.fullmatch(rf'"{answer.json()["version"]}-{DIGEST}"', tag), path


def test_a_version_alone_is_no_tag_of_what_shows_more(account: TestClient) -> None:
    for path in ("/stakeholders/a", "/deals/deal", "/stakeholders/a/manager"):
        headers = {"If-None-Match": f'"{get(account, path)["version"]}"'}
        assert account.get(V1 + path, headers=headers).status_code == 200, path


def test_what_has_a_version_of_its_own_changes_the_tag(account: TestClient) -> None:
    """The version stays, the answer does not: a name, an employment, a manager."""
    changes = [
        ("/deals/deal", "PATCH", "/customers/c", {"name": "Renamed"}),
        ("/stakeholders/a", "PATCH", "/stakeholders/a/employments/c", {"since": "2020-01-01"}),
        ("/stakeholders/a", "DELETE", "/stakeholders/a/managers/boss", None),
    ]
    for read_path, method, path, body in changes:
        before = account.get(V1 + read_path)
        sent = {} if body is None else {"json": body}
        assert account.request(method, V1 + path, **sent).status_code in {200, 204}
        condition = {"If-None-Match": before.headers["etag"]}
        after = account.get(V1 + read_path, headers=condition)
        assert after.status_code == 200 and after.headers["etag"] != before.headers["etag"]
        assert after.json()["version"] == before.json()["version"]
        as_read = {"If-Match": before.headers["etag"]}
        answer = account.patch(V1 + read_path, json={}, headers=as_read)
        assert answer.status_code == 200, "it is the version that If-Match compares"


def test_an_address_that_leads_elsewhere_has_another_tag(account: TestClient) -> None:
    """Two records with the same version answer at one address, one after the other."""
    account.put(f"{V1}/stakeholders/b/managers/a", json={"line": "solid", "primary": True})
    manager, theirs = "/stakeholders/b/manager", "/members/by-external-id/crm/1"
    tie = "/stakeholders/a/relations/b?kind=friend"
    account.put(f"{V1}/members/by-external-id/crm/1", json={"id": "x", "name": "X"})
    account.put(f"{V1}/members/by-external-id/crm/2", json={"id": "y", "name": "Y"})
    account.put(V1 + tie, json={"directed": True})
    account.put(f"{V1}/stakeholders/b/relations/a?kind=friend", json={})
    before = {path: account.get(V1 + path) for path in (manager, theirs, tie)}
    account.delete(f"{V1}/stakeholders/b/managers/a")
    account.delete(V1 + tie)
    account.delete(f"{V1}/members/x")
    account.patch(f"{V1}/members/y", json={"external_ids": {"crm": "1"}})
    account.put(f"{V1}/stakeholders/b/manager", json={"manager_id": "boss"})
    for path, old in before.items():
        new = account.get(V1 + path)
        assert new.status_code == 200 and new.json() != old.json(), path
        assert new.headers["etag"] != old.headers["etag"], path


def test_a_tag_that_was_read_can_be_sent_back(account: TestClient) -> None:
    for path in ("/customers/c", "/stakeholders/a", "/deals/deal", "/members/m"):
        tag = account.get(V1 + path).headers["etag"]
        for condition in (tag, f"W/{tag}", f'"77", {tag}'):
            answer = account.patch(V1 + path, json={}, headers={"If-Match": condition})
            assert answer.status_code == 200, (path, condition)
        operation = {"method": "PATCH", "path": path, "body": {"name": "N"}, "if_match": tag}
        assert batch(account, operation).status_code == 200, path
        stale = batch(account, operation)
        assert stale.status_code == 412 and stale.json()["current"]["name"] == "N"
        assert account.patch(V1 + path, json={}, headers={"If-Match": tag}).status_code == 412
        version = f'"{stale.json()["current"]["version"]}"'
        answer = account.patch(V1 + path, json={}, headers={"If-Match": version})
        assert answer.status_code == 200, "the version alone goes on working"
    tag = account.get(f"{V1}/deals/deal").headers["etag"]
    removed = account.delete(f"{V1}/deals/deal", headers={"If-Match": tag})
    assert removed.status_code == 204


def test_tags_are_read_as_they_are_written() -> None:
    digest = "0f" * 16
    assert complete_etag(etag(3), digest) == '"3"'
    assert complete_etag(incomplete_etag(3), digest) == f'"3-{digest}"'
    assert complete_etag(None, digest) == f'"{digest}"'
    assert versions_of(f'"3-{digest}", W/"4", 5') == {3, 4, 5}
    assert versions_of("*") is None and versions_of(None) is None
    for wrong in (f'"{digest}"', '"3-"', '"3-xyz"', f'"-{digest}"', '"3-0f"', ""):
        with pytest.raises(RequestValidationError, match="ETag"):
            versions_of(wrong)
    assert is_named('"3"', '"1","3"') and is_named('"3"', 'W/"3"') and is_named('"3"', " *")
    assert not is_named('"3"', '"33"') and not is_named('"3"', "3") and not is_named('"3"', "")


def answer_of(parts: list[Message], headers: list[tuple[bytes, bytes]]) -> list[Message | str]:
    """What is sent on of an answer in parts, and `part` where the application sends one."""
    events: list[Message | str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for part in parts:
            events.append("part")
            await send(part)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        events.append(message)

    scope = {"type": "http", "method": "GET", "path": "/api/v1/x", "headers": []}
    # A loop in a thread of its own: tests of pages leave one running in this thread.
    with start_blocking_portal() as portal:
        portal.call(ConditionalReads(app), scope, receive, send)
    return events


def test_parts_of_an_answer_are_handed_on_as_they_are() -> None:
    parts: list[Message] = [
        {"type": "http.response.body", "body": body, "more_body": body != b"c"}
        for body in (b"a", b"b", b"c")
    ]
    tagged = answer_of(parts, [])
    [start, *bodies] = [event for event in tagged if not isinstance(event, str)]
    assert all(sent is part for sent, part in zip(bodies, parts, strict=True)), "nothing is copied"
    single_part = answer_of([{"type": "http.response.body", "body": b"abc"}], [])
    assert isinstance(single_part[1], dict) and single_part[1]["headers"] == start["headers"]
    known = answer_of(parts, [(b"etag", b'"3"')])
    assert known[1:3] == ["part", parts[0]], "an answer whose tag is known does not wait"
