"""Merging two records of one person through the API, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.test_history import full, log, state_of
from tests.api.test_writes import V1, account, all_at_once, get, made

__all__ = ["account", "full"]


def merge(api: TestClient, kept: str = "a", other: str = "twin", **more: Any) -> Any:
    return api.post(f"{V1}/stakeholders/{kept}/merge", json={"duplicate_id": other}, **more)


@pytest.fixture
def twice(full: TestClient) -> TestClient:
    """The full account with a second record of “a”, which knows some things that “a” does not."""
    twin = {
        "id": "twin", "customer_id": "c", "name": "A.", "title": "CFO", "phone": "1",
        "manager_id": "b", "external_ids": {"crm": "7"}, "motives": {"business": 0.4},
    }  # fmt: skip
    report = {"id": "report", "customer_id": "c", "name": "Report", "manager_id": "twin"}
    old = "2020-01-01"
    job = {"since": "2010-01-01", "until": "2018-12-31"}
    all_at_once(
        full,
        ("POST", "/stakeholders", twin),
        ("PATCH", "/stakeholders/a", {"motives": {"financial": 0.9}, "title": "Head"}),
        ("POST", "/stakeholders", report),
        ("POST", "/deals", {"id": "deal2", "customer_id": "c", "name": "Deal 2"}),
        ("PUT", "/stakeholders/twin/influences/boss", {"strength": 0.3}),
        ("PUT", "/stakeholders/twin/influences/a", {"strength": 0.3}),
        ("PUT", "/stakeholders/b/influences/twin", {"strength": 0.4, "deal_id": "deal2"}),
        ("PUT", "/stakeholders/twin/influences/b", {"strength": 0.1, "assessed_at": old}),
        ("PUT", "/stakeholders/b/relations/twin", {"kind": "friend", "assessed_at": old}),
        ("PUT", "/deals/deal/supports/twin", {"stance": 2, "assessed_at": "2026-11-25"}),
        ("PUT", "/deals/deal2/interests/twin", {"level": 0.6}),
        ("PUT", "/deals/deal/roles/twin/approver", {"approval_limit": 5000}),
        ("PUT", "/members/m/knows/twin", {"closeness": 5, "assessed_at": old}),
        ("PUT", "/stakeholders/twin/employments/c2", job),
    )
    body = {"kind": "call", "happened_at": "2026-11-02", "member_id": "m", "stakeholder_id": "twin"}
    for more in ({"id": "call"}, {"source": "mail", "external_id": "<1@x>"}):
        assert full.post(f"{V1}/activities", json=body | more).status_code < 300
    return full


def edges(api: TestClient, path: str, *members: str) -> list[tuple[Any, ...]]:
    return [tuple(edge[m] for m in members) for edge in get(api, path)["items"]]


def test_the_person_gets_all_that_the_duplicate_had(twice: TestClient) -> None:
    before = get(twice, "/stakeholders/a")
    answer = merge(twice, params={"note": "one person"})
    assert answer.status_code == 200, answer.text
    person = answer.json()
    assert person["version"] == before["version"] + 1
    assert answer.headers["etag"] == f'"{person["version"]}"'
    assert (person["name"], person["title"], person["phone"]) == ("a", "Head", "1")
    assert person["motives"] == {"business": 0.4, "financial": 0.9}
    assert person["external_ids"] == {"crm": "7"}
    assert person["manager_id"] == "boss", "of two managers the one of the record that stays"
    assert get(twice, "/stakeholders/report")["manager_id"] == "a"
    influences = edges(twice, "/stakeholders/a/influences", "from_id", "to_id", "strength")
    assert sorted(influences) == [("a", "b", 0.7), ("a", "boss", 0.3), ("b", "a", 0.4)]
    assert edges(twice, "/stakeholders/a/relations", "from_id", "to_id", "kind") == [
        ("a", "b", "friend")
    ]
    supports = edges(twice, "/deals/deal/supports", "stakeholder_id", "stance", "evidence")
    assert supports == [("a", 2, None)], "the later judgement counts, with its own evidence"
    assert edges(twice, "/deals/deal2/interests", "stakeholder_id", "level") == [("a", 0.6)]
    assert sorted(edges(twice, "/deals/deal/roles", "stakeholder_id", "role")) == [
        ("a", "approver"), ("a", "influencer"),
    ]  # fmt: skip
    assert edges(twice, "/members/m/knows", "stakeholder_id", "closeness") == [("a", 3)]
    jobs = edges(twice, "/stakeholders/a/employments", "customer_id", "title", "since", "until")
    assert sorted(jobs) == [("c", None, None, None), ("c2", "Clerk", "2010-01-01", "2019-12-31")]


def test_activities_are_counted_once_when_they_are_read_again(twice: TestClient) -> None:
    assert merge(twice).status_code == 200
    held = get(twice, "/stakeholders/a/activities")
    assert sum(total["count"] for total in held["items"]) == 2, held
    again = {
        "kind": "call", "happened_at": "2026-11-02", "member_id": "m", "stakeholder_id": "a",
        "source": "mail", "external_id": "<1@x>",
    }  # fmt: skip
    twice.post(f"{V1}/activities", json=again)
    held = get(twice, "/stakeholders/a/activities")
    assert sum(total["count"] for total in held["items"]) == 2, held


def test_histories_become_one_and_the_former_id_says_where(twice: TestClient) -> None:
    theirs = log(twice, kind="stakeholders", key="twin", limit=500)
    mine = log(twice, kind="stakeholders", key="a", limit=500)
    assert merge(twice).status_code == 200
    both = log(twice, kind="stakeholders", key="a", limit=500)
    assert {entry["id"] for entry in [*theirs, *mine]} < {entry["id"] for entry in both}
    places = [entry["id"].rpartition("#") for entry in both]
    assert [place[0] for place in places] == sorted(place[0] for place in places)
    edge = log(twice, kind="supports", key=["a", "deal"])
    assert [(entry["key"]["stakeholder_id"], entry["action"]) for entry in edge] == [
        ("a", "create"), ("twin", "create"), ("a", "update"), ("twin", "delete"),
    ]  # fmt: skip
    gone = twice.get(f"{V1}/stakeholders/twin")
    assert (gone.status_code, gone.json()["merged_into"]) == (404, "a")
    listed = get(twice, "/stakeholders?updated_since=2026-11-24")
    assert listed["deleted"] == [
        {"id": "twin", "deleted_at": listed["deleted"][0]["deleted_at"], "merged_into": "a"}
    ]
    page = twice.get("/people/twin", follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (307, "/people/a")
    assert twice.get("/people/twin").status_code == 200


def test_a_merge_is_undone(twice: TestClient) -> None:
    def everything() -> list[Any]:
        paths = [
            "/stakeholders/twin", "/stakeholders/twin/influences", "/stakeholders/twin/relations",
            "/stakeholders/twin/managers", "/stakeholders/twin/employments",
            "/stakeholders/twin/activities", "/stakeholders/a/activities", "/deals/deal2/interests",
            "/stakeholders/report/managers",
        ]  # fmt: skip
        stamps = {"version", "created_at", "updated_at"}
        state = [state_of(twice)]
        for path in paths:
            document = get(twice, path)
            rows = document.get("items", [document])
            state.append([{k: v for k, v in row.items() if k not in stamps} for row in rows])
        return state

    before = everything()
    change = merge(twice).headers["relgraph-change"]
    back = twice.post(f"{V1}/changes/{change}/undo")
    assert back.status_code == 200, back.text
    assert everything() == before
    former = {
        entry["key"].get("id") for entry in log(twice, kind="stakeholders", key="a", limit=500)
    }
    assert "twin" not in former, "two people again, with two histories"
    again = twice.post(f"{V1}/changes/{back.json()['change_set']}/undo")
    assert again.status_code == 200, again.text
    assert twice.get(f"{V1}/stakeholders/twin").json()["merged_into"] == "a"


def test_a_later_change_stands_in_the_way_of_undo(twice: TestClient) -> None:
    change = merge(twice).headers["relgraph-change"]
    twice.put(f"{V1}/deals/deal/supports/a", json={"stance": 0})
    answer = twice.post(f"{V1}/changes/{change}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "undo_refused")
    assert "support" in answer.json()["reasons"][0]["detail"]


def test_a_seat_gets_its_holder_and_a_holder_no_name_of_a_seat(full: TestClient) -> None:
    seat = {"placeholder": True, "name": "CFO?", "name_zh": "财务总监？", "title": "CFO"}
    made(full, "stakeholders", id="seat", customer_id="c", manager_id="boss", **seat)
    made(full, "stakeholders", id="seat2", customer_id="c", **seat | {"title": None, "level": "C"})
    made(full, "stakeholders", id="new", customer_id="c", name="Zhao", email="z@c.example")
    answer = merge(full, "seat", "new")
    assert answer.status_code == 200, answer.text
    person = answer.json()
    assert (person["name"], person.get("name_zh"), person["title"]) == ("Zhao", None, "CFO")
    assert not person.get("placeholder") and person["manager_id"] == "boss"
    person = merge(full, "seat", "seat2").json()
    assert (person["name"], person["level"]) == ("Zhao", "C") and person.get("name_zh") is None


def test_who_left_comes_back_with_the_duplicate(full: TestClient) -> None:
    made(full, "stakeholders", id="now", customer_id="c2", name="A", since="2026-02-01")
    full.patch(f"{V1}/stakeholders/a", json={"until": "2026-01-31"})
    person = merge(full, "a", "now").json()
    assert (person["customer_id"], person["since"], person["until"]) == ("c2", "2026-02-01", None)
    jobs = edges(full, "/stakeholders/a/employments", "customer_id", "until")
    assert sorted(jobs, key=str) == [("c", "2026-01-31"), ("c2", None)]


def test_what_cannot_be_merged_says_why(twice: TestClient) -> None:
    made(twice, "stakeholders", id="far", customer_id="c2", name="Far")
    before = state_of(twice)
    same = merge(twice, "a", "a")
    assert (same.status_code, same.json()["errors"][0]["pointer"]) == (422, "/duplicate_id")
    far = merge(twice, "a", "far")
    assert far.status_code == 422 and "end one of the two employments" in far.json()["detail"]
    for kept, other in (("a", "nobody"), ("nobody", "a")):
        assert merge(twice, kept, other).status_code == 404
    stale = merge(twice, headers={"If-Match": '"99"'})
    assert (stale.status_code, stale.json()["current"]["id"]) == (412, "a")
    body = {"duplicate_id": "twin", "duplicate_version": 99}
    assert twice.post(f"{V1}/stakeholders/a/merge", json=body).status_code == 412
    assert state_of(twice) == before


def test_three_records_in_one_batch(twice: TestClient) -> None:
    made(twice, "stakeholders", id="third", customer_id="c", name="A", email="third@c.example")
    steps = [
        {"method": "POST", "path": "/stakeholders/twin/merge", "body": {"duplicate_id": "third"}},
        {"method": "POST", "path": "/stakeholders/a/merge", "body": {"duplicate_id": "twin"}},
    ]
    answer = twice.post(f"{V1}/batch", json={"operations": steps})
    assert answer.status_code == 200, answer.text
    names = {
        entry["key"].get("id") for entry in log(twice, kind="stakeholders", key="a", limit=500)
    }
    assert names >= {"a", "twin", "third"}, "the history of a duplicate's duplicate is theirs, too"
    assert twice.post(f"{V1}/changes/{answer.headers['relgraph-change']}/undo").status_code == 200
    assert get(twice, "/stakeholders/third")["email"] == "third@c.example"
