"""Webhooks, on both databases, with a real receiver."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from relgraph import queries
from relgraph.database import Database
from relgraph.records.imports.load import import_records
from relgraph.records.webhooks import deliveries, sending, store
from relgraph.records.webhooks.worker import Worker
from tests.api.test_history import log
from tests.api.test_writes import V1, account, get, made
from tests.records.folders import NOW, folder
from tests.support.access import access_to
from tests.support.processes import running
from tests.support.receiver import Receiver, receiving
from tests.support.service import api_of

__all__ = ["account"]


class Clock:
    """A clock that tests set forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 26, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


BOTH = pytest.mark.parametrize(
    "database",
    [
        "local_db",
        pytest.param("neo4j_db", marks=[pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]),
    ],
    ids=["local", "neo4j"],
    indirect=True,
)
"""For tests that ask the database something of its own; the rest is the same on either."""


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database: the local one, or both with BOTH."""
    chosen: Database = request.getfixturevalue(getattr(request, "param", "local_db"))
    return chosen


@pytest.fixture
def api(database: Database) -> Iterator[TestClient]:
    """The service on an empty database; webhooks may go inside."""
    with api_of(database, webhooks_inside=True) as client:
        yield client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Another system."""
    with receiving() as endpoint:
        yield endpoint


@pytest.fixture
def clock() -> Clock:
    """The worker's clock."""
    return Clock()


@pytest.fixture
def worker(database: Database, clock: Clock) -> Worker:
    """A worker whose rounds the test runs itself."""
    return Worker(database, inside=True, clock=clock)


def hook(api: TestClient, receiver: Receiver, **more: Any) -> dict[str, Any]:
    return made(api, "webhooks", url=receiver.url, **more)


def run(worker: Worker) -> None:
    while worker.round():
        pass


@BOTH
def test_a_change_is_delivered_with_a_signature(
    account: TestClient, receiver: Receiver, worker: Worker
) -> None:
    webhook = hook(account, receiver, kinds=["stakeholder.updated"])
    done = account.patch(f"{V1}/stakeholders/a", json={"title": "CFO"}, params={"note": "new job"})
    account.put(f"{V1}/stakeholders/a/influences/b", json={"strength": 0.5})
    run(worker)
    [(headers, body)] = receiver.got
    [event] = receiver.events
    change = done.headers["relgraph-change"]
    assert event["type"] == "stakeholder.updated" and event["data"]["after"] == {"title": "CFO"}
    assert event["data"]["note"] == "new job" and event["data"]["change_set"] == change
    assert event["data"]["path"] == f"{V1}/stakeholders/a" and event["data"]["customer_id"] == "c"
    assert headers["webhook-id"] == f"{change}-0"
    seconds = int(headers["webhook-timestamp"])
    signature = sending.sign(webhook["secret"], headers["webhook-id"], seconds, body)
    assert headers["webhook-signature"] == signature
    [line] = get(account, f"/webhooks/{webhook['id']}/deliveries")["items"]
    assert (line["state"], line["attempts"][0]["status"]) == ("delivered", 204)
    # The receiver's side as docs/webhooks.md shows it.
    text = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")
    names: dict[str, Any] = {}
    exec(text.split("```python\n")[1].split("```")[0], names)  # our own page
    names["time"] = SimpleNamespace(time=lambda: seconds + 9)
    assert names["is_genuine"](webhook["secret"], headers, body.encode())
    assert not names["is_genuine"](webhook["secret"], headers, body.encode() + b" ")
    assert not names["is_genuine"](store.new_secret(), headers, body.encode())


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the specification's own page."""
    secret, message = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert sending.sign(secret, message, 1614265330, '{"test": 2432232314}') == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_who_wants_what(account: TestClient, receiver: Receiver, worker: Worker) -> None:
    hook(account, receiver, kinds=["influence.*", "deal.deleted"], customer_id="c")
    off = hook(account, receiver, kinds=["*"], active=False)
    made(account, "customers", id="c2", name="C2")
    for id_ in ("x", "y"):
        made(account, "stakeholders", id=id_, name=id_, customer_id="c2")
    account.put(f"{V1}/stakeholders/x/influences/y", json={"strength": 0.5})
    account.put(f"{V1}/stakeholders/a/influences/b", json={"strength": 0.5})
    account.delete(f"{V1}/deals/deal?cascade=true")
    run(worker)
    assert sorted(event["type"] for event in receiver.events) == [
        "deal.deleted", "influence.created",
    ]  # fmt: skip
    assert get(account, f"/webhooks/{off['id']}/deliveries")["items"] == []


@BOTH
def test_failures_are_tried_again_in_order_for_each_node(
    account: TestClient, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = hook(account, receiver, kinds=["stakeholder.updated"])
    receiver.refuse = {'"First"'}
    for title in ("First", "Second"):
        account.patch(f"{V1}/stakeholders/a", json={"title": title})
    account.patch(f"{V1}/stakeholders/b", json={"title": "Other"})
    run(worker)
    titles = [event["data"]["after"]["title"] for event in receiver.events]
    assert titles == ["Other"], "another node's event passes, a later one of the same node waits"
    waiting = get(account, f"/webhooks/{webhook['id']}/deliveries?state=waiting")["items"]
    assert [len(line["attempts"]) for line in waiting] == [0, 1]
    assert waiting[1]["attempts"][0]["status"] == 500 and waiting[1]["next_attempt_at"] > ""
    receiver.refuse = set()
    run(worker)
    assert len(receiver.got) == 1, "it is not due yet"
    clock.now += timedelta(seconds=deliveries.DELAYS_S[0] * 1.2)
    run(worker)
    titles = [event["data"]["after"]["title"] for event in receiver.events]
    assert titles == ["Other", "First", "Second"]


@BOTH
def test_what_is_never_accepted_is_given_up_and_can_be_sent_again(
    account: TestClient, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = hook(account, receiver, kinds=["stakeholder.updated"])
    receiver.refuse = {"stakeholder"}
    account.patch(f"{V1}/stakeholders/a", json={"title": "X"})
    for delay in (0, *deliveries.DELAYS_S):
        clock.now += timedelta(seconds=delay * 1.2)
        run(worker)
    [line] = get(account, f"/webhooks/{webhook['id']}/deliveries")["items"]
    assert (line["state"], len(line["attempts"])) == ("given_up", len(deliveries.DELAYS_S) + 1)
    assert get(account, f"/webhooks/{webhook['id']}")["failing_since"] is not None
    receiver.refuse = set()
    path = f"{V1}/webhooks/{webhook['id']}/deliveries/{line['event_id']}/retry"
    assert account.post(path).status_code == 202
    run(worker)
    assert [event["data"]["after"] for event in receiver.events] == [{"title": "X"}]
    assert get(account, f"/webhooks/{webhook['id']}")["failing_since"] is None
    assert account.post(path.replace("change", "none")).status_code == 404
    clock.now += deliveries.KEPT_FOR + timedelta(days=1)
    run(worker)
    assert get(account, f"/webhooks/{webhook['id']}/deliveries")["items"] == []


def test_an_answer_of_gone_turns_a_webhook_off_and_a_redirect_is_not_followed(
    account: TestClient, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = hook(account, receiver)
    receiver.answers = [302, 410]
    account.patch(f"{V1}/stakeholders/a", json={"title": "X"})
    run(worker)
    clock.now += timedelta(minutes=1)
    run(worker)
    assert get(account, f"/webhooks/{webhook['id']}")["active"] is False
    [line] = get(account, f"/webhooks/{webhook['id']}/deliveries")["items"]
    assert [attempt["status"] for attempt in line["attempts"]] == [302, 410]


def test_nobody_there_is_an_attempt_too(account: TestClient, worker: Worker) -> None:
    webhook = made(account, "webhooks", url="http://127.0.0.1:9/x")
    account.patch(f"{V1}/stakeholders/a", json={"title": "X"})
    run(worker)
    [line] = get(account, f"/webhooks/{webhook['id']}/deliveries")["items"]
    [attempt] = line["attempts"]
    assert attempt["status"] is None and "Connect" in attempt["error"]


def test_nothing_is_sent_inside_unless_it_is_allowed(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    with api_of(database) as strict:
        refused = strict.post(f"{V1}/webhooks", json={"url": receiver.url})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/url")
        for url in ("ftp://x.example/", "https://u:p@x.example/", "https:///x"):
            assert strict.post(f"{V1}/webhooks", json={"url": url}).status_code == 422, url
        secure = receiver.url.replace("http:", "https:")
        assert strict.post(f"{V1}/webhooks", json={"url": secure}).status_code == 422
        with api_of(database, webhooks_inside=True) as free:
            webhook = made(free, "webhooks", url=secure)
        made(strict, "customers", id="c", name="C")
        run(Worker(database, inside=False, clock=clock))
        [line] = get(strict, f"/webhooks/{webhook['id']}/deliveries")["items"]
        assert "is not on the internet" in line["attempts"][0]["error"]
    assert receiver.got == []


def test_secrets_are_shown_once_and_can_be_changed(
    account: TestClient, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = hook(account, receiver)
    assert webhook["secret"].startswith("whsec_")
    assert "secret" not in get(account, f"/webhooks/{webhook['id']}")
    assert all("secret" not in item for item in get(account, "/webhooks")["items"])
    new = account.post(f"{V1}/webhooks/{webhook['id']}/secret").json()["secret"]
    clock.now = NOW + timedelta(hours=1)
    account.post(f"{V1}/webhooks/{webhook['id']}/test")
    run(worker)
    headers, body = receiver.got[-1]
    seconds = int(headers["webhook-timestamp"])
    wanted = [
        sending.sign(s, headers["webhook-id"], seconds, body) for s in (new, webhook["secret"])
    ]
    assert headers["webhook-signature"].split(" ") == wanted
    assert receiver.events[-1]["type"] == "ping"
    clock.now = NOW + timedelta(days=3)
    account.post(f"{V1}/webhooks/{webhook['id']}/test")
    run(worker)
    assert " " not in receiver.got[-1][0]["webhook-signature"]


@BOTH
def test_versions_pages_and_removal(
    account: TestClient, receiver: Receiver, worker: Worker, database: Database
) -> None:
    webhook = hook(account, receiver)
    path = f"{V1}/webhooks/{webhook['id']}"
    stale = account.patch(path, json={"description": "x"}, headers={"If-Match": '"9"'})
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, 1)
    changed = account.patch(path, json={"description": "x"}, headers={"If-Match": '"1"'})
    assert (changed.json()["description"], changed.headers["etag"]) == ("x", '"2"')
    assert account.patch(path, json={"kinds": ["nothing.*"]}).status_code == 422
    assert account.patch(path, json={"url": None}).status_code == 422
    for number in range(5):
        account.patch(f"{V1}/stakeholders/a", json={"title": f"T{number}"})
    run(worker)
    titles: list[str] = []
    cursor: str | None = None
    while True:
        more = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = account.get(f"{path}/deliveries", params=more).json()
        titles += [line["event"]["data"]["after"]["title"] for line in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert titles == ["T4", "T3", "T2", "T1", "T0"]
    assert account.delete(path).status_code == 204
    assert account.get(f"{path}/deliveries").status_code == 404
    left = database.read(lambda tx: tx.rows("MATCH (d:Delivery) RETURN count(d) AS n", {}))
    assert left == [{"n": 0}]


def test_an_import_is_delivered_row_by_row(
    api: TestClient, receiver: Receiver, worker: Worker, database: Database, tmp_path: Path
) -> None:
    hook(api, receiver, kinds=["stakeholder.created"])
    people = [{"id": f"p{n}", "name": f"P{n}", "customer_id": "c"} for n in range(60)]
    source = folder(tmp_path / "in", customers=[{"id": "c", "name": "C"}], stakeholders=people)
    import_records(access_to(database, NOW + timedelta(hours=1)), source)
    run(worker)
    assert {event["data"]["key"]["id"] for event in receiver.events} == {p["id"] for p in people}
    assert len(receiver.got) == 60


def test_activities_are_delivered_too(
    account: TestClient, receiver: Receiver, worker: Worker
) -> None:
    hook(account, receiver, kinds=["activity.*"], customer_id="c")
    call = {"id": "x", "kind": "call", "happened_at": "2026-11-14", "member_id": "m"}
    for more in ({"stakeholder_id": "a"}, {"stakeholder_id": "a", "minutes": 5}):
        assert account.post(f"{V1}/activities", json=call | more).status_code < 300
    account.delete(f"{V1}/stakeholders/a?cascade=true")
    run(worker)
    assert [event["type"] for event in receiver.events] == [
        "activity.created", "activity.updated", "activity.deleted",
    ]  # fmt: skip
    assert receiver.events[1]["data"]["after"] == {"minutes": 5}
    assert {event["data"]["path"] for event in receiver.events} == {None}


@BOTH
def test_without_a_webhook_the_queue_is_passed_over(
    account: TestClient, receiver: Receiver, worker: Worker, database: Database
) -> None:
    before = len(log(account, limit=500))
    assert before > 5
    run(worker)
    assert not database.read(lambda tx: queries.value(tx, "webhook_work"))
    hook(account, receiver)
    run(worker)
    assert receiver.got == [], "changes before a webhook are not delivered to it"


@pytest.mark.timeout(200)
def test_two_services_deliver_each_change_once_and_replace_each_other(
    environment: dict[str, str], receiver: Receiver, tmp_path: Path
) -> None:
    environment = environment | {"RELGRAPH_WEBHOOKS_INSIDE": "true"}
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with (
        running(first, "serve", "--port", "0", **environment) as (process, first_address),
        running(second, "serve", "--port", "0", **environment) as (_, second_address),
    ):

        def patch(address: str, title: str) -> None:
            path = f"{address}{V1}/customers/c"
            assert httpx2.patch(path, json={"industry": title}, timeout=30).status_code == 200

        httpx2.post(f"{first_address}{V1}/customers", json={"id": "c", "name": "C"}, timeout=30)
        body = {"url": receiver.url, "kinds": ["customer.updated"]}
        assert (
            httpx2.post(f"{first_address}{V1}/webhooks", json=body, timeout=30).status_code == 201
        )
        for number in range(6):
            patch((first_address, second_address)[number % 2], f"T{number}")
        receiver.wait_for(6)
        process.send_signal(signal.SIGKILL)
        patch(second_address, "T6")
        receiver.wait_until(lambda: '"T6"' in receiver.got[-1][1], seconds=90)
    # What was sent but not yet recorded when the process was killed comes once more.
    industries = dict.fromkeys(event["data"]["after"]["industry"] for event in receiver.events)
    assert list(industries) == [f"T{number}" for number in range(7)]
    assert len(receiver.got) <= 8
