"""The rules of a viewer who may see some customers: shared records, moves, search, webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph.api.app import create_app
from relgraph.database import Database
from relgraph.records.access import Viewer
from relgraph.records.search.index import complete_index
from relgraph.records.search.search import RANGE, search
from relgraph.records.webhooks.events import make_deliveries
from relgraph.settings import load_settings
from tests.api.scope_data import SEEN, UNSEEN, V1, Call, fill, send
from tests.support.access import access_to
from tests.support.service import NOW, Ticking, api_of

GAMMA, PERSON = UNSEEN["customers"], UNSEEN["stakeholders"]


@contextmanager
def seeing(db: Database, *customers: str) -> Iterator[TestClient]:
    """The service as a viewer of these customers sees it."""
    app = create_app(load_settings(actor="ann"), database=db, clock=Ticking())
    app.state.viewer = Viewer("ann", frozenset(customers))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def everybody(database: Database) -> Iterator[TestClient]:
    with api_of(database) as client:
        fill(client)
        yield client


@pytest.fixture
def viewer(database: Database, everybody: TestClient) -> Iterator[TestClient]:
    with seeing(database, *SEEN) as client:
        yield client


def refused(answer: Any, code: str) -> None:
    assert answer.status_code == 409, answer.text
    assert answer.json()["code"] == code


def test_what_others_hang_on_is_not_removed_and_not_counted(
    viewer: TestClient, everybody: TestClient
) -> None:
    person = f"{V1}/stakeholders/a1"
    asked = viewer.delete(person)
    refused(asked, "has_dependents")
    counted = asked.json()["dependents"]
    everything = everybody.delete(person).json()["dependents"]
    assert counted.keys() <= everything.keys()
    assert sum(counted.values()) < sum(everything.values())
    assert counted["influences"] == 2
    assert everything["influences"] == 5
    refused(viewer.delete(person, params={"cascade": True}), "shared_record")
    refused(viewer.delete(f"{V1}/members/m2", params={"cascade": True}), "shared_record")
    refused(viewer.delete(f"{V1}/customers/alpha", params={"cascade": True}), "shared_record")
    merge = viewer.post(f"{V1}/stakeholders/a1/merge", json={"duplicate_id": "a-twin"})
    refused(merge, "shared_record")
    assert everybody.get(person).status_code == 200


def test_a_link_that_is_not_seen_is_not_cut_by_sending_back_what_was_read(
    viewer: TestClient, everybody: TestClient
) -> None:
    read = viewer.get(f"{V1}/customers/alpha").json()
    assert read["parent_id"] is None
    assert viewer.patch(f"{V1}/customers/alpha", json=read | {"grade": "key"}).status_code == 200
    node = everybody.get(f"{V1}/customers/alpha").json()
    assert (node["parent_id"], node["grade"]) == (GAMMA, "key")


def test_a_circle_over_what_is_not_seen_is_refused_without_naming_it(viewer: TestClient) -> None:
    answer = viewer.patch(f"{V1}/customers/beta", json={"parent_id": "alpha"})
    assert answer.status_code == 422
    assert "alpha → … → beta" in answer.json()["detail"]


def test_whoever_goes_to_another_customer_is_seen_there(
    viewer: TestClient, database: Database
) -> None:
    goer = f"{V1}/stakeholders/goer"
    assert viewer.get(goer).status_code == 404
    with seeing(database, GAMMA) as there:
        person = there.get(goer).json()
        assert person["customer_id"] == GAMMA
        # Of the past at alpha nothing: neither the job nor the ties nor the judgement.
        [job] = there.get(f"{goer}/employments").json()["items"]
        assert job["customer_id"] == GAMMA
        assert there.get(f"{goer}/influences").json()["items"] == []
        seen = there.get(f"{V1}/changes?kind=stakeholders&key=goer").json()["items"]
        assert [(entry["kind"], entry["action"]) for entry in seen] == [
            ("stakeholders", "update"),
            ("employments", "create"),
        ]
        assert set(seen[0]["before"].values()) == {None}
    # Alpha's log keeps what was written while they were there, and that they have left.
    left = viewer.get(f"{V1}/changes?customer_id=alpha&limit=500").json()["items"]
    named = [entry for entry in left if "goer" in entry["key"].values()]
    assert (named[0]["kind"], named[0]["action"]) == ("stakeholders", "create")
    assert named[0]["after"]["title"] == "Buyer"
    assert (named[-1]["kind"], named[-1]["after"]) == ("employments", {"until": "2026-11-24"})


def test_whoever_works_at_two_customers_is_seen_by_both_and_leaves_neither_unseen(
    everybody: TestClient, database: Database
) -> None:
    both = f"{V1}/stakeholders/b2"
    assert everybody.put(f"{both}/employments/{GAMMA}", json={"title": "Board"}).status_code == 200
    for customer in ("beta", GAMMA):
        with seeing(database, customer) as client:
            assert client.get(both).json()["customer_id"] == customer
            [hit] = client.get(f"{V1}/search", params={"q": "wang b2"}).json()["items"]
            assert (hit["id"], hit["customer_id"]) == ("b2", customer)
            assert client.patch(both, json={"title": f"At {customer}"}).status_code == 200
    with seeing(database, "alpha", "beta") as client:
        moved = client.patch(both, json={"customer_id": "alpha"})
        refused(moved, "shared_record")
    jobs = everybody.get(f"{both}/employments").json()["items"]
    assert {job["customer_id"]: job["until"] for job in jobs} == {"beta": None, GAMMA: None}
    assert everybody.get(f"{V1}/search", params={"q": "wang b2"}).json()["items"][0]["id"] == "b2"


def test_a_key_of_another_viewer_is_another_key(viewer: TestClient, everybody: TestClient) -> None:
    """Whoever sees less is not given the answer of who sees more."""
    headers = {"Idempotency-Key": "once"}
    path = f"{V1}/stakeholders/{PERSON}"
    assert everybody.patch(path, json={"level": "x"}, headers=headers).status_code == 200
    assert viewer.patch(path, json={"level": "x"}, headers=headers).status_code == 404
    mine = f"{V1}/stakeholders/b1"
    first = viewer.patch(mine, json={"level": "y"}, headers=headers)
    again = viewer.patch(mine, json={"level": "y"}, headers=headers)
    assert (first.text, again.headers["Idempotent-Replayed"]) == (again.text, "true")


def test_a_webhook_gets_no_more_than_its_maker_sees(
    viewer: TestClient, everybody: TestClient, database: Database
) -> None:
    while make_deliveries(access_to(database, NOW)):
        pass  # nobody wants what was before
    made = viewer.post(f"{V1}/webhooks", json={"url": "https://own.example/"}).json()["id"]
    calls: list[Call] = [
        ("PATCH", f"/stakeholders/{PERSON}", {"level": "z"}),
        ("PATCH", "/stakeholders/b1", {"level": "z"}),
        ("PUT", f"/stakeholders/a1/influences/{PERSON}", {"strength": 0.1}),
        ("PATCH", "/stakeholders/b2", {"customer_id": GAMMA}),
    ]
    send(everybody, calls, "why")
    while make_deliveries(access_to(database, NOW)):
        pass
    deliveries = viewer.get(f"{V1}/webhooks/{made}/deliveries").json()["items"]
    assert {delivery["subject"] for delivery in deliveries} == {
        "stakeholders/b1",
        "employments/b2/beta",
    }
    assert all(delivery["event"]["data"]["note"] is None for delivery in deliveries)


def test_an_index_of_an_older_relgraph_is_searched_and_rebuilt(database: Database) -> None:
    with api_of(database) as api:
        crowd(api)
    for text in (
        "MATCH (k:SearchKey) REMOVE k.at",
        "MATCH (e:SearchEntry) REMOVE e.customers",
        "MATCH (m:Migration) WHERE m.id >= '0008' DELETE m",
    ):
        database.write(lambda tx, text=text: tx.rows(text, {}))  # type: ignore[misc]
    assert database.migrate()[0] == "0008_search_scope"
    before = search(access_to(database), "lin zz")
    assert ([item["id"] for item in before.items], before.indexing) == (["last"], True)
    complete_index(access_to(database))
    few = search(access_to(database, customers=frozenset({"small"})), "lin")
    assert ([item["id"] for item in few.items], few.indexing) == (["last"], False)


MANY = RANGE * 3


def crowd(api: TestClient) -> None:
    """Hundreds of another customer whose names begin as those of a few do."""
    people = [
        ("POST", "/stakeholders", {"id": f"x{n:04}", "name": f"Lin {n:04}", "customer_id": "big"})
        for n in range(MANY)
    ]
    calls: list[Call] = [
        ("POST", "/customers", {"id": "big", "name": "Big"}),
        ("POST", "/customers", {"id": "small", "name": "Small"}),
        *people,
        ("POST", "/stakeholders", {"id": "last", "name": "Lin Zz", "customer_id": "small"}),
    ]  # type: ignore[assignment]
    send(api, calls, "crowd")


def test_a_page_of_hits_is_not_starved_by_those_that_are_not_seen(database: Database) -> None:
    with api_of(database) as api:
        crowd(api)
    for q in ("l", "lin", "lin z"):
        few = search(access_to(database, customers=frozenset({"small"})), q)
        assert [item["id"] for item in few.items] == ["last"], q
        assert (few.truncated, few.near) == (False, False)
        narrowed = search(access_to(database), q, customer_id="small")
        assert [item["id"] for item in narrowed.items] == ["last"], q
    none = search(access_to(database, customers=frozenset({"elsewhere"})), "lin")
    assert (none.items, none.truncated, none.near) == ([], False, False)
    everything = search(access_to(database), "lin")
    assert (len(everything.items), everything.truncated) == (20, True)


def test_near_spellings_come_of_what_is_seen(database: Database) -> None:
    with api_of(database) as api:
        crowd(api)
        names = [f"Wan{letter}" for letter in "abcdefhij"]
        calls: list[Call] = [
            ("POST", "/stakeholders", {"id": f"n{n}", "name": f"{name} A", "customer_id": "big"})
            for n, name in enumerate(names)
        ]
        calls.append(
            ("POST", "/stakeholders", {"id": "wanz", "name": "Wanz A", "customer_id": "small"})
        )
        send(api, calls, "names")
    results = search(access_to(database, customers=frozenset({"small"})), "wank")
    assert [item["id"] for item in results.items] == ["wanz"]
    assert results.near
    assert not search(access_to(database, customers=frozenset({"small"})), "wanaa").near
