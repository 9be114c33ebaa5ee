"""Tags of everything that can be read, and answers without a body, on both databases."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from relgraph import queries
from tests.api.every_read import EDGES, IDS, Clock, addresses, clock, demo, webhook_of
from tests.api.test_writes import V1, batch
from tests.support.access import access_to
from tests.support.service import NOW

__all__ = ["clock", "demo"]

DIGEST = "[0-9a-f]{32}"
OPAQUE = re.compile(rf'"(\d+|\d+-{DIGEST}|{DIGEST})"')
DAY = timedelta(days=1)


@pytest.mark.parametrize("demo", ["local"], indirect=True)
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


def test_a_tag_changes_with_anything_that_is_shown(demo: TestClient, clock: Clock) -> None:
    """Answers are equal exactly if their tags are, through many changes."""
    clock.now = NOW
    access = access_to(demo.app.state.database)  # type: ignore[attr-defined]
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
        access.write(lambda tx: queries.run(tx, "note_failing", id=hook, now=now))

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
    # The map of so few people leaves out nothing that this one could answer with.
    lines = f"{V1}/customers/huading/map/people/wang/lines"
    assert still == {"/openapi.json", lines}, "every other answer has been another one at some time"
