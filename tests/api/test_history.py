"""The change log through the API, and taking changes back, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph.database import Database
from relgraph.records.imports.load import import_records
from tests.api.test_writes import V1, account, all_at_once, get, made
from tests.records.folders import NOW, exported, folder
from tests.records.folders import account as account_tables
from tests.support.access import access_to

__all__ = ["account"]


def log(api: TestClient, **query: Any) -> list[dict[str, Any]]:
    answer = api.get(f"{V1}/changes", params=query)
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["items"]
    return entries


def short(entries: list[dict[str, Any]]) -> list[tuple[str, str, Any, Any]]:
    return [(entry["kind"], entry["action"], entry["before"], entry["after"]) for entry in entries]


def test_a_change_says_who_when_what_and_why(account: TestClient) -> None:
    path = f"{V1}/deals/deal/supports/a"
    account.put(path, json={"stance": -1})
    answer = account.put(path, json={"stance": 1}, params={"note": "after the pilot"})
    last = log(account, kind="supports", key=["a", "deal"])[-1]
    assert last["change_set"] == answer.headers["relgraph-change"]
    assert (last["actor"], last["note"], last["source"]) == ("ann", "after the pilot", "api")
    assert (last["before"], last["after"], last["version"]) == ({"stance": -1}, {"stance": 1}, 2)
    assert last["key"] == {"stakeholder_id": "a", "deal_id": "deal"}
    assert last["customer_id"] == "c"


def test_what_changes_nothing_is_not_noted(account: TestClient) -> None:
    before = log(account)
    answer = account.patch(f"{V1}/stakeholders/a", json={"name": "a"})
    assert "relgraph-change" not in answer.headers
    assert log(account) == before


def test_logs_of_a_customer_a_person_an_edge_and_a_write(account: TestClient) -> None:
    made(account, "customers", id="other", name="Other")
    account.put(f"{V1}/stakeholders/a/influences/b", json={"strength": 0.7})
    account.put(f"{V1}/deals/deal/supports/b", json={"stance": 1})
    assert [entry["kind"] for entry in log(account, customer_id="other")] == ["customers"]
    mine = [
        (entry["kind"], entry["action"]) for entry in log(account, kind="stakeholders", key="a")
    ]
    assert mine == [
        ("stakeholders", "create"), ("employments", "create"), ("reports_to", "create"),
        ("influences", "create"),
    ]  # fmt: skip
    edge = log(account, kind="influences", key=["a", "b"])
    assert short(edge)[0][:2] == ("influences", "create")
    of_write = log(account, change_set=edge[0]["change_set"])
    assert of_write == edge
    since = log(account, since=edge[0]["at"])
    assert [entry["kind"] for entry in since] == ["influences", "supports"]
    assert account.get(f"{V1}/changes", params={"kind": "supports"}).status_code == 422
    wrong = account.get(f"{V1}/changes", params={"kind": "supports", "key": "a"})
    assert "2 parts" in wrong.json()["detail"]


@pytest.mark.parametrize("query", [{}, {"customer_id": "c"}], ids=["all", "customer"])
def test_pages_of_the_log_stay_right_while_it_grows(
    account: TestClient, query: dict[str, str]
) -> None:
    all_ids = [entry["id"] for entry in log(account, limit=500, **query)]
    read_ids: list[str] = []
    cursor: str | None = None
    for turn in range(100):
        page = account.get(
            f"{V1}/changes", params=query | {"limit": 3} | ({"cursor": cursor} if cursor else {})
        ).json()
        read_ids += [entry["id"] for entry in page["items"]]
        if turn == 1:
            account.patch(f"{V1}/stakeholders/a", json={"title": "Late"})
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert read_ids[: len(all_ids)] == all_ids and len(read_ids) == len(all_ids) + 1


def state_of(api: TestClient) -> list[Any]:
    """Everything that the API shows of the account, without versions and times."""
    paths = [
        "/customers", "/departments", "/stakeholders", "/deals", "/members",
        "/stakeholders/a/influences", "/stakeholders/a/relations", "/stakeholders/a/managers",
        "/stakeholders/b/managers", "/stakeholders/a/employments", "/stakeholders/b/employments",
        "/deals/deal/supports", "/deals/deal/roles", "/members/m/knows",
    ]  # fmt: skip
    state = []
    for path in paths:
        answer = api.get(V1 + path, params={"limit": 100} if path.count("/") == 1 else {})
        items = answer.json().get("items", [])
        stamps = {"version", "created_at", "updated_at"}
        state.append([{k: v for k, v in record.items() if k not in stamps} for record in items])
    return state


Act = Callable[[TestClient], Any]
ACTS: dict[str, Act] = {
    "a new person": lambda api: api.post(
        f"{V1}/stakeholders", json={"id": "n", "name": "N", "customer_id": "c", "manager_id": "a"}
    ),
    "a patch": lambda api: api.patch(
        f"{V1}/stakeholders/a",
        json={"title": "T", "email": None, "manager_id": None, "motives": {"business": 0.5}},
    ),
    "another manager": lambda api: api.patch(f"{V1}/stakeholders/a", json={"manager_id": "b"}),
    "the manager is put": lambda api: api.put(
        f"{V1}/stakeholders/a/manager", json={"manager_id": "b", "since": "2026-01-01"}
    ),
    "another employer": lambda api: api.patch(
        f"{V1}/stakeholders/a", json={"customer_id": "c2", "since": "2026-11-01"}
    ),
    "leaving": lambda api: api.patch(f"{V1}/stakeholders/a", json={"until": "2026-11-01"}),
    "a new edge": lambda api: api.put(
        f"{V1}/stakeholders/b/influences/a", json={"strength": 0.2}
    ),
    "a changed edge": lambda api: api.put(f"{V1}/deals/deal/supports/a", json={"stance": 2}),
    "a removed edge": lambda api: api.delete(f"{V1}/stakeholders/a/influences/b"),
    "a removed person": lambda api: api.delete(f"{V1}/stakeholders/a?cascade=true"),
    "a removed department": lambda api: api.delete(f"{V1}/departments/d?cascade=true"),
    "a removed customer": lambda api: api.delete(f"{V1}/customers/c?cascade=true"),
    "a batch": lambda api: api.post(
        f"{V1}/batch",
        json={"operations": [
            {"method": "POST", "path": "/stakeholders",
             "body": {"id": "n", "name": "N", "customer_id": "c"}},
            {"method": "PATCH", "path": "/stakeholders/n", "body": {"manager_id": "a"}},
            {"method": "PATCH", "path": "/stakeholders/a", "body": {"title": "T"}},
            {"method": "PATCH", "path": "/stakeholders/a", "body": {"title": "U"}},
            {"method": "PUT", "path": "/stakeholders/n/influences/a", "body": {"strength": 1}},
            {"method": "DELETE", "path": "/stakeholders/b?cascade=true"},
        ]},
    ),
}  # fmt: skip


@pytest.fixture
def full(account: TestClient) -> TestClient:
    """The account with edges of each kind."""
    all_at_once(
        account,
        ("POST", "/customers", {"id": "c2", "name": "C2"}),
        ("PUT", "/stakeholders/a/influences/b", {"strength": 0.7, "evidence": "seen"}),
        ("PUT", "/stakeholders/a/relations/b", {"kind": "friend"}),
        ("PUT", "/stakeholders/a/managers/b", {"line": "dotted", "since": "2020-01-01"}),
        ("PUT", "/deals/deal/supports/a", {"stance": -1, "evidence": "said"}),
        ("PUT", "/deals/deal/roles/a/influencer", {"can_veto": True}),
        ("PUT", "/members/m/knows/a", {"closeness": 3}),
        ("PUT", "/stakeholders/a/employments/c2", {"until": "2019-12-31", "title": "Clerk"}),
        ("PATCH", "/stakeholders/a", {"email": "a@c.example"}),
    )
    return account


def test_what_was_done_is_undone(full: TestClient) -> None:
    """Each act, its undo, the undo of that, and once more, until all is as it was."""
    before = state_of(full)
    for name, act in ACTS.items():
        last = undone(full, act, before)
        assert full.post(f"{V1}/changes/{last}/undo").status_code == 200, name
        assert state_of(full) == before, name


def undone(full: TestClient, act: Act, before: list[Any]) -> str:
    """Do it, undo it, redo it by undoing the undo; the last change."""
    version = get(full, "/stakeholders/a")["version"]
    done = act(full)
    assert done.status_code < 300, done.text
    assert state_of(full) != before
    change = done.headers["relgraph-change"]
    back = full.post(f"{V1}/changes/{change}/undo", params={"note": "a slip"})
    assert back.status_code == 200, back.text
    assert state_of(full) == before
    assert get(full, "/stakeholders/a")["version"] >= version
    [note, *_] = log(full, change_set=back.json()["change_set"])
    assert (note["source"], note["undoes"], note["note"]) == ("undo", change, "a slip")
    twice = full.post(f"{V1}/changes/{change}/undo")
    assert (twice.status_code, twice.json()["code"]) == (409, "undo_refused")
    # An undo can be undone: that does the change once more.
    again = full.post(f"{V1}/changes/{back.json()['change_set']}/undo")
    assert again.status_code == 200, again.text
    assert state_of(full) != before
    change_set: str = again.json()["change_set"]
    return change_set


def test_later_changes_stand_in_the_way(full: TestClient) -> None:
    first = full.patch(f"{V1}/stakeholders/a", json={"title": "One"}).headers["relgraph-change"]
    full.patch(f"{V1}/stakeholders/a", json={"title": "Two"})
    answer = full.post(f"{V1}/changes/{first}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "undo_refused")
    assert answer.json()["reasons"] == [
        {"detail": "the stakeholder “a” has been changed since", "kind": "stakeholders",
         "key": ["a"]}
    ]  # fmt: skip
    new = full.post(f"{V1}/stakeholders", json={"id": "n", "name": "N", "customer_id": "c"})
    full.put(f"{V1}/stakeholders/n/influences/a", json={"strength": 0.5})
    answer = full.post(f"{V1}/changes/{new.headers['relgraph-change']}/undo")
    assert answer.status_code == 409
    assert "1 influences" in answer.json()["reasons"][0]["detail"]
    gone = full.delete(f"{V1}/deals/deal/supports/a").headers["relgraph-change"]
    full.delete(f"{V1}/deals/deal?cascade=true")
    assert full.post(f"{V1}/changes/{gone}/undo").status_code == 409
    assert full.post(f"{V1}/changes/nothing/undo").status_code == 404


def test_one_change_of_a_batch_is_undone(full: TestClient) -> None:
    done = ACTS["a batch"](full)
    change = done.headers["relgraph-change"]
    [entry] = [
        entry for entry in log(full, change_set=change, limit=500)
        if entry["kind"] == "influences" and entry["action"] == "create"
    ]  # fmt: skip
    number = entry["id"].rpartition("#")[2]
    answer = full.post(f"{V1}/changes/{change}/undo", params={"entry": number})
    assert answer.status_code == 200, answer.text
    assert full.get(f"{V1}/stakeholders/n/influences/a").status_code == 404
    assert get(full, "/stakeholders/n")["manager_id"] == "a"


def test_an_import_is_logged_and_undone(
    api: TestClient, database: Database, tmp_path: Path
) -> None:
    made(api, "customers", id="kept", name="Kept")
    before = exported(database, tmp_path / "before")
    result = import_records(access_to(database, NOW), folder(tmp_path / "in", **account_tables()))
    assert result.change_set is not None
    entries = log(api, change_set=result.change_set, limit=500)
    assert {entry["source"] for entry in entries} == {"import"}
    assert len({entry["id"] for entry in entries}) == len(entries) > 7
    answer = api.post(f"{V1}/changes/{result.change_set}/undo")
    assert answer.status_code == 200, answer.text
    assert exported(database, tmp_path / "after") == before


def test_a_state_in_the_past_can_be_rebuilt(full: TestClient) -> None:
    """By walking back from the present over the rows that were there before."""
    then = get(full, "/stakeholders/a")
    at = log(full)[-1]["at"]
    full.patch(f"{V1}/stakeholders/a", json={"title": "T", "name": "New"})
    full.patch(f"{V1}/stakeholders/a", json={"title": "U", "email": "b@c.example"})
    now = get(full, "/stakeholders/a")
    later = [entry for entry in log(full, kind="stakeholders", key="a") if entry["at"] > at]
    for change in reversed(later):
        now |= change["before"]
    stamps = ("updated_at", "version")
    assert {k: v for k, v in now.items() if v is not None and k not in stamps} == {
        k: v for k, v in then.items() if v is not None and k not in stamps
    }


def test_what_was_written_since_with_what_was_removed(full: TestClient) -> None:
    at = log(full)[-1]["at"]
    assert "deleted" not in get(full, "/stakeholders")
    full.patch(f"{V1}/stakeholders/b", json={"title": "T"})
    full.delete(f"{V1}/stakeholders/a?cascade=true")
    full.delete(f"{V1}/deals/deal?cascade=true")
    full.post(f"{V1}/deals", json={"id": "deal", "name": "Again", "customer_id": "c"})
    since = {"updated_since": at.replace("00Z", "01Z")}
    people = full.get(f"{V1}/stakeholders", params=since).json()
    assert [person["id"] for person in people["items"]] == ["b"]
    assert [person["id"] for person in people["deleted"]] == ["a"]
    deals = full.get(f"{V1}/deals", params=since).json()
    assert [deal["id"] for deal in deals["items"]] == ["deal"] and deals["deleted"] == []
    wrong = full.get(f"{V1}/deals", params={"updated_since": "soon"})
    assert wrong.json()["errors"][0]["pointer"] == "/query/updated_since"
