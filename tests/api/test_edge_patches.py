"""PATCH of every kind of edge, alone and in a batch, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import (
    ACQUAINTANCE,
    EDGE_KINDS,
    EMPLOYMENT,
    INFLUENCE,
    INTEREST,
    RELATION,
    REPORTING_LINE,
    ROLE,
    SUPPORT,
)
from tests.api.test_writes import V1, account, batch, get, made

__all__ = ["account"]

JUDGED = {"assessed_at": "2026-11-02", "assessed_by": "cai", "source": "call", "evidence": "quote"}


@dataclass(frozen=True)
class Case:
    """An edge: its address, the body that is put there, and a patch of one member."""

    path: str
    body: dict[str, Any]
    patch: dict[str, Any]
    query: dict[str, str] = field(default_factory=dict)
    cleared: str = "evidence"

    @property
    def address(self) -> str:
        """The path below /api/v1 with its query."""
        query = "&".join(f"{name}={value}" for name, value in self.query.items())
        return f"{self.path}?{query}" if query else self.path


CASES: dict[str, Case] = {
    EMPLOYMENT.plural: Case(
        "/stakeholders/a/employments/c2",
        {"title": "Buyer", "since": "2018-01-01", "until": "2020-01-01"},
        {"title": "Head of purchasing"},
        cleared="since",
    ),
    REPORTING_LINE.plural: Case(
        "/stakeholders/a/managers/b",
        {"line": "dotted", "since": "2024-01-01"},
        {"since": "2025-01-01"},
        cleared="since",
    ),
    INFLUENCE.plural: Case(
        "/stakeholders/a/influences/b",
        {"strength": 0.7, "nature": "conflict"} | JUDGED,
        {"strength": 0.2},
        {"deal_id": "deal"},
    ),
    RELATION.plural: Case(
        "/stakeholders/a/relations/b",
        {"strength": 0.5, "directed": False} | JUDGED,
        {"strength": 0.9},
        {"kind": "friend"},
    ),
    SUPPORT.plural: Case("/deals/deal/supports/a", {"stance": -1} | JUDGED, {"stance": 1}),
    INTEREST.plural: Case(
        "/deals/deal/interests/a",
        {"level": 0.4, "motive": "business", "demand": "a pilot"} | JUDGED,
        {"level": 0.6},
        cleared="demand",
    ),
    ROLE.plural: Case(
        "/deals/deal/roles/a/approver",
        {"can_veto": True, "approval_limit": 5000, "decision_weight": 0.3}
        | {name: JUDGED[name] for name in ("assessed_at", "assessed_by", "evidence")},
        {"decision_weight": 0.4},
        cleared="approval_limit",
    ),
    ACQUAINTANCE.plural: Case(
        "/members/m/knows/a", {"closeness": 3, "strength": 0.4} | JUDGED, {"closeness": 5}
    ),
}
OTHER_KEYS = {"deal_id": "other", "kind": "rival", "role": "veto"}
EVERY_KIND = pytest.mark.parametrize("kind", EDGE_KINDS, ids=str)


@pytest.fixture
def case(account: TestClient, kind: EdgeKind) -> Case:
    """The edge of a kind, as it was put."""
    made(account, "customers", id="c2", name="C2")
    case = CASES[kind.plural]
    put = account.put(V1 + case.address, json=case.body)
    assert put.status_code == 200, put.text
    return case


def pointers(answer: Any) -> list[str]:
    """The problems that an answer reports."""
    return [error["pointer"] for error in answer.json()["errors"]]


def patch(api: TestClient, address: str, body: dict[str, Any], **headers: str) -> Any:
    return api.patch(V1 + address, json=body, headers=headers)


@EVERY_KIND
def test_a_patch_keeps_what_it_does_not_name(account: TestClient, case: Case) -> None:
    put = account.put(V1 + case.address, json=case.body | {case.cleared: None})
    before = get(account, case.address)
    answer = patch(account, case.address, case.patch)
    assert answer.status_code == 200, answer.text
    after = answer.json()
    stamps = {"version": before["version"] + 1, "updated_at": after["updated_at"]}
    assert after == before | case.patch | stamps
    assert get(account, case.address) == after
    assert answer.headers["etag"] == f'"{after["version"]}"'
    assert after.keys() == put.json().keys() and answer.headers.keys() == put.headers.keys()
    for body in (after, {}):
        same = patch(account, case.address, body)
        assert (same.status_code, same.json()) == (200, after), "what was read can be sent back"
        assert "relgraph-change" not in same.headers


@EVERY_KIND
def test_null_clears(account: TestClient, case: Case) -> None:
    before = get(account, case.address)
    assert before[case.cleared] is not None
    answer = patch(account, case.address, {case.cleared: None})
    assert answer.status_code == 200, answer.text
    stamps = {name: answer.json()[name] for name in ("version", "updated_at")}
    assert answer.json() == before | {case.cleared: None} | stamps
    assert get(account, case.address)[case.cleared] is None


@EVERY_KIND
def test_a_patch_that_is_wrong_names_the_member(
    account: TestClient, case: Case, kind: EdgeKind
) -> None:
    """What every edge must have is not cleared, and a patch makes no other edge."""
    before = get(account, case.address)
    wrong: list[tuple[str, Any]] = [("color", "red")]
    wrong += [(name, None) for name in kind.required]
    wrong += [(name, "boss") for name in kind.end_columns]
    wrong += [(name, OTHER_KEYS[name]) for name in kind.key]
    for name, value in wrong:
        answer = patch(account, case.address, case.patch | {name: value})
        assert answer.status_code == 422, (name, value, answer.text)
        assert pointers(answer) == [f"/{name}"]
    assert get(account, case.address) == before


@EVERY_KIND
def test_an_edge_that_is_not_there_is_not_made(account: TestClient, case: Case) -> None:
    assert account.delete(V1 + case.address).status_code == 204
    for headers in ({}, {"If-Match": '"1"'}, {"If-Match": "*"}):
        answer = patch(account, case.address, case.patch, **headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert account.get(V1 + case.address).status_code == 404


@EVERY_KIND
def test_a_patch_meets_what_was_read(account: TestClient, case: Case) -> None:
    tag = account.get(V1 + case.address).headers["etag"]
    first = patch(account, case.address, case.patch, **{"If-Match": tag})
    assert first.status_code == 200, first.text
    for method in ("PATCH", "DELETE"):
        late = account.request(
            method,
            V1 + case.address,
            headers={"If-Match": tag, "Content-Type": "application/json"},
            content=b"{}" if method == "PATCH" else None,
        )
        assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
        assert late.json()["current"] == first.json()
    either = f'W/"77", {first.headers["etag"]}'
    last = patch(account, case.address, {case.cleared: None}, **{"If-Match": either})
    assert last.status_code == 200, last.text


@EVERY_KIND
def test_a_batch_takes_patches(account: TestClient, case: Case) -> None:
    before = get(account, case.address)
    tag = account.get(V1 + case.address).headers["etag"]
    operation = {"method": "PATCH", "path": case.address, "body": case.patch, "if_match": tag}
    answer = batch(account, operation)
    assert answer.status_code == 200, answer.text
    [result] = answer.json()["results"]
    assert result["status"] == 200 and result["body"] == get(account, case.address)
    assert before.items() - result["body"].items() == {
        (name, before[name]) for name in (*case.patch, "version", "updated_at")
    }
    first = {"method": "PATCH", "path": "/stakeholders/b", "body": {"title": "T"}}
    stale = batch(account, first, operation)
    assert stale.status_code == 412 and stale.json()["current"] == result["body"]
    assert stale.json()["errors"][0]["pointer"] == "/operations/1"
    account.delete(V1 + case.address)
    missing = batch(account, first, operation | {"if_match": None})
    assert missing.status_code == 404
    assert missing.json()["errors"][0]["pointer"] == "/operations/1"
    assert get(account, "/stakeholders/b").get("title") is None, "all are written or none"


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/deals/deal/roles/a/king", {"can_veto": False}, "/operations/1/path"),
        ("/stakeholders/a/relations/b?kind=foe", {"strength": 0.5}, "/operations/1/path"),
        ("/stakeholders/a/relations/b", {"strength": 0.5}, "/operations/1/path"),
        ("/stakeholders/a/relations/b?kind=friend", {"strength": 7}, "/operations/1/body/strength"),
        ("/stakeholders/a/relations/b?kind=friend", {"kind": None}, "/operations/1/body/kind"),
        ("/stakeholders/a/influences/b?deal_id=deal", {"deal_id": None},
         "/operations/1/body/deal_id"),
        ("/stakeholders/a/manager", {"manager_id": None}, "/operations/1/body/manager_id"),
        ("/stakeholders/a/manager", {"since": "soon"}, "/operations/1/body/since"),
    ],
)  # fmt: skip
def test_a_batch_names_what_is_wrong_with_a_patch(
    account: TestClient, path: str, body: dict[str, Any], pointer: str
) -> None:
    for case in (CASES[RELATION.plural], CASES[INFLUENCE.plural]):
        account.put(V1 + case.address, json=case.body)
    first = {"method": "PATCH", "path": "/stakeholders/a", "body": {"title": "T"}}
    answer = batch(account, first, {"method": "PATCH", "path": path, "body": body})
    assert answer.status_code == 422, answer.text
    assert pointers(answer) == [pointer]
    assert get(account, "/stakeholders/a").get("title") is None


def test_a_new_stance_keeps_what_it_rests_on(account: TestClient) -> None:
    path = "/deals/deal/supports/a"
    account.put(V1 + path, json={"stance": -1} | JUDGED)
    assert patch(account, path, {"stance": 2}).status_code == 200
    after = get(account, path)
    assert {name: after[name] for name in JUDGED} == JUDGED and after["stance"] == 2
    assert patch(account, path, {"stance": None}).json()["evidence"] == "quote"
    assert get(account, path)["stance"] is None, "unknown, not neutral"


@pytest.mark.parametrize(
    ("kind", "name", "default"),
    [(INFLUENCE, "nature", "positive"), (REPORTING_LINE, "line", "solid")],
    ids=str,
)
def test_a_cleared_member_has_its_default_again(
    account: TestClient, case: Case, name: str, default: str
) -> None:
    assert get(account, case.address)[name] != default
    assert patch(account, case.address, {name: None}).json()[name] == default


def test_a_tie_is_changed_from_either_end(account: TestClient) -> None:
    case = CASES[RELATION.plural]
    account.put(V1 + case.address, json=case.body)
    other = "/stakeholders/b/relations/a?kind=friend"
    seen = account.get(V1 + other)
    answer = patch(account, other, {"strength": 0.1}, **{"If-Match": seen.headers["etag"]})
    assert answer.status_code == 200, answer.text
    assert answer.json() == get(account, case.address) == get(account, other)
    assert (answer.json()["from_id"], answer.json()["evidence"]) == ("a", "quote")
    assert patch(account, other, answer.json()).status_code == 200, "as it was read"
    stale = patch(account, other, {"strength": 0.2}, **{"If-Match": seen.headers["etag"]})
    assert stale.status_code == 412 and stale.json()["current"] == answer.json()
    directed = patch(account, case.address, {"directed": True})
    assert directed.status_code == 200, directed.text
    assert patch(account, other, {"strength": 0.3}).status_code == 404, "b has no such tie to a"


def test_the_manager_is_patched(account: TestClient) -> None:
    path = "/stakeholders/a/manager"
    seen = account.get(V1 + path).headers["etag"]
    dated = patch(account, path, {"since": "2020-01-01"}, **{"If-Match": seen})
    assert dated.status_code == 200, dated.text
    assert (dated.json()["to_id"], dated.json()["since"]) == ("boss", "2020-01-01")
    stale = patch(account, path, {"since": None}, **{"If-Match": seen})
    assert stale.status_code == 412 and stale.json()["current"] == dated.json()
    late = patch(account, path, {"manager_id": "b"}, **{"If-Match": seen})
    assert late.status_code == 412 and late.json()["current"] == dated.json(), "the present line"
    assert patch(account, path, {"manager_id": "boss"}).json() == dated.json()
    assert patch(account, path, get(account, path)).json() == dated.json()
    assert patch(account, path, {"since": None}).json()["since"] is None
    other = patch(
        account,
        path,
        {"manager_id": "b"},
        **{"If-Match": account.get(V1 + path).headers["etag"]},
    )
    assert other.status_code == 200, other.text
    assert (other.json()["to_id"], other.json()["line"]) == ("b", "solid")
    assert [line["to_id"] for line in get(account, "/stakeholders/a/managers")["items"]] == ["b"]
    for name in ("manager_id", "to_id"):
        cleared = patch(account, path, {name: None})
        assert cleared.status_code == 422
        assert cleared.json()["errors"][0]["pointer"] == f"/{name}"
    assert patch(account, path, {"manager_id": "a"}).status_code == 422
    assert patch(account, path, {"manager_id": "nobody"}).status_code == 422
    assert get(account, path)["to_id"] == "b"


def test_there_is_no_manager_to_patch(account: TestClient) -> None:
    for person in ("boss", "nobody"):
        answer = patch(account, f"/stakeholders/{person}/manager", {"since": "2020-01-01"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    first = patch(account, "/stakeholders/boss/manager", {"manager_id": "a"})
    assert first.status_code == 200 and get(account, "/stakeholders/boss")["manager_id"] == "a"


def test_the_manager_is_patched_in_a_batch(account: TestClient) -> None:
    tag = account.get(f"{V1}/stakeholders/a/manager").headers["etag"]
    operation = {
        "method": "PATCH",
        "path": "/stakeholders/a/manager",
        "body": {"since": "2021-01-01"},
        "if_match": tag,
    }
    [result] = batch(account, operation).json()["results"]
    assert (result["status"], result["body"]["since"]) == (200, "2021-01-01")
    stale = batch(account, operation)
    assert stale.status_code == 412 and stale.json()["current"] == result["body"]
