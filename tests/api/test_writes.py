"""Making, changing and removing nodes and edges through the API, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

V1 = "/api/v1"


def made(api: TestClient, kind: str, **body: Any) -> dict[str, Any]:
    answer = api.post(f"{V1}/{kind}", json=body)
    assert answer.status_code == 201, answer.text
    record: dict[str, Any] = answer.json()
    return record


def all_at_once(api: TestClient, *operations: tuple[str, str, dict[str, Any]]) -> None:
    """Many writes in one request: what a test begins with."""
    asked = [{"method": m, "path": path, "body": body} for m, path, body in operations]
    answer = api.post(f"{V1}/batch", json={"operations": asked})
    assert answer.status_code == 200, answer.text


@pytest.fixture
def account(api: TestClient) -> TestClient:
    """A customer with two departments, three people and a deal, and one of us."""
    seat = {"customer_id": "c", "department_id": "d", "manager_id": "boss"}
    all_at_once(
        api,
        ("POST", "/customers", {"id": "c", "name": "C"}),
        ("POST", "/departments", {"id": "d", "customer_id": "c", "name": "D"}),
        ("POST", "/departments", {"id": "e", "customer_id": "c", "name": "E", "parent_id": "d"}),
        ("POST", "/stakeholders", {"id": "boss", "customer_id": "c", "name": "Boss"}),
        *(("POST", "/stakeholders", {"id": id_, "name": id_} | seat) for id_ in ("a", "b")),
        ("POST", "/deals", {"id": "deal", "customer_id": "c", "name": "Deal"}),
        ("POST", "/members", {"id": "m", "name": "M"}),
    )
    return api


def get(api: TestClient, path: str) -> dict[str, Any]:
    answer = api.get(f"{V1}{path}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_a_new_node_is_answered_with_all_its_members(api: TestClient) -> None:
    answer = api.post(f"{V1}/customers", json={"name": "Acme", "kind": "prospect"})
    body = answer.json()
    assert answer.status_code == 201
    assert (body["name"], body["kind"], body["version"]) == ("Acme", "prospect", 1)
    assert answer.headers["location"] == f"{V1}/customers/{body['id']}"
    assert answer.headers["etag"] == '"1"'
    read = api.get(answer.headers["location"])
    assert read.json() == body and read.headers["etag"] == '"1"'


def test_the_same_id_again_is_refused(account: TestClient) -> None:
    answer = account.post(f"{V1}/customers", json={"id": "c", "name": "Other"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_there")
    assert get(account, "/customers/c")["name"] == "C"


def test_a_merge_patch_changes_clears_and_keeps(account: TestClient) -> None:
    path = f"{V1}/stakeholders/a"
    first = account.patch(path, json={"title": "Buyer", "email": "a@c.example", "budget": 0.5})
    assert first.status_code == 200 and first.headers["etag"] == '"2"'
    merge = {"Content-Type": "application/merge-patch+json"}
    second = account.patch(path, content=b'{"title": null, "department_id": null}', headers=merge)
    body = second.json()
    assert (body.get("title"), body["email"], body["budget"]) == (None, "a@c.example", 0.5)
    assert (body["department_id"], body["manager_id"], body["version"]) == (None, "boss", 3)
    same = account.patch(path, json={"email": "a@c.example"})
    assert same.json()["version"] == 3, "what changes nothing writes nothing"


def test_a_patch_of_a_map_changes_its_members(account: TestClient) -> None:
    path = f"{V1}/customers/c"
    account.patch(path, json={"external_ids": {"crm": "1", "erp": "2"}})
    body = account.patch(path, json={"external_ids": {"crm": None, "hub": "3"}}).json()
    assert body["external_ids"] == {"erp": "2", "hub": "3"}


def test_what_was_read_can_be_sent_back(account: TestClient) -> None:
    body = get(account, "/departments/e")
    answer = account.patch(f"{V1}/departments/e", json=body | {"name": "East"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["parent_id"]) == ("East", "d")


def test_a_stale_version_gets_the_present_state(account: TestClient) -> None:
    path, match = f"{V1}/stakeholders/a", {"If-Match": '"1"'}
    assert account.patch(path, json={"title": "One"}, headers=match).status_code == 200
    late = account.patch(path, json={"title": "Two"}, headers=match)
    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
    assert late.json()["current"]["title"] == "One" and late.json()["current"]["version"] == 2
    assert account.delete(path, headers=match).status_code == 412
    either = {"If-Match": 'W/"1", "2"'}
    assert account.patch(path, json={"title": "Three"}, headers=either).status_code == 200
    assert account.patch(path, json={}, headers={"If-Match": "three"}).status_code == 422


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"manager_id": "nobody"}, "/manager_id"),
        ({"department_id": "nowhere"}, "/department_id"),
        ({"customer_id": "nowhere"}, "/customer_id"),
        ({"budget": 2}, "/budget"),
        ({"color": "red"}, "/color"),
        ({"name": None}, "/name"),
        ({"customer_id": None}, "/customer_id"),
        ({"id": "other"}, "/id"),
        ({"manager_id": "a"}, "/manager_id"),
    ],
    ids=str,
)
def test_a_wrong_member_is_named(account: TestClient, body: dict[str, Any], pointer: str) -> None:
    before = get(account, "/stakeholders/a")
    answer = account.patch(f"{V1}/stakeholders/a", json=body)
    assert answer.status_code == 422, answer.text
    assert [problem["pointer"] for problem in answer.json()["errors"]] == [pointer]
    assert get(account, "/stakeholders/a") == before


EDGES = [
    ("/stakeholders/a/influences/b", {"strength": 0.7}, {"nature": "positive", "deal_id": None}),
    ("/stakeholders/a/influences/b?deal_id=deal", {"strength": 0.2}, {"deal_id": "deal"}),
    ("/stakeholders/a/relations/b", {"kind": "friend", "strength": 0.5}, {"directed": None}),
    ("/stakeholders/a/relations/b?kind=advice", {}, {"kind": "advice"}),
    ("/stakeholders/a/managers/b", {"line": "dotted"}, {"line": "dotted"}),
    ("/deals/deal/supports/a", {"stance": -1, "evidence": "said so"}, {"assessed_by": "ann"}),
    ("/deals/deal/interests/a", {"level": 0.4, "motive": "business"}, {"demand": None}),
    ("/deals/deal/roles/a/influencer", {"can_veto": True}, {"approval_limit": None}),
    ("/members/m/knows/a", {"closeness": 3}, {"assessed_at": "2026-11-24"}),
    ("/stakeholders/a/employments/c", {"title": "Buyer", "since": "2020-01-01"}, {"until": None}),
]


@pytest.mark.parametrize(("path", "body", "more"), EDGES, ids=[path for path, _, _ in EDGES])
def test_an_edge_is_put_read_and_removed(
    account: TestClient, path: str, body: dict[str, Any], more: dict[str, Any]
) -> None:
    start = account.get(V1 + path)
    put = account.put(V1 + path, json=body)
    assert put.status_code == 200, put.text
    edge = put.json()
    assert {name: edge[name] for name in body | more} == body | more
    version = 2 if start.status_code == 200 else 1
    assert edge["version"] == version and put.headers["etag"] == f'"{version}"'
    address = V1 + path if "kind" not in body else f"{V1}{path}?kind=friend"
    read = account.get(address)
    assert read.json() == edge and read.headers["etag"] == put.headers["etag"]
    stale = account.put(V1 + path, json=body, headers={"If-Match": '"77"'})
    assert stale.status_code == 412 and stale.json()["current"] == edge
    assert account.delete(address).status_code == 204
    assert account.delete(address).status_code == 404
    assert account.get(address).status_code == 404
    again = account.put(V1 + path, json=body)
    assert again.json()["version"] == version + 1, "a tag of the former edge is stale"
    stale = account.put(V1 + path, json=body, headers={"If-Match": put.headers["etag"]})
    assert stale.status_code == 412


def test_a_line_to_a_former_manager_counts_on(account: TestClient) -> None:
    path = f"{V1}/stakeholders/a"
    for manager, version in (("b", 1), ("boss", 2), ("b", 2), ("boss", 3)):
        assert account.patch(path, json={"manager_id": manager}).status_code == 200
        assert account.get(f"{path}/managers/{manager}").json()["version"] == version


def test_putting_an_edge_replaces_all_its_members(account: TestClient) -> None:
    path = f"{V1}/deals/deal/supports/a"
    account.put(path, json={"stance": -1, "evidence": "said so", "assessed_at": "2026-11-01"})
    body = account.put(path, json={"stance": 1}).json()
    assert (body["stance"], body["evidence"], body["version"]) == (1, None, 2)
    assert body["assessed_at"] == "2026-11-24"


def test_a_tie_is_the_same_from_either_end(account: TestClient) -> None:
    account.put(f"{V1}/stakeholders/a/relations/b", json={"kind": "friend", "strength": 0.5})
    body = account.put(
        f"{V1}/stakeholders/b/relations/a", json={"kind": "friend", "strength": 0.6}
    ).json()
    assert (body["from_id"], body["to_id"], body["version"]) == ("a", "b", 2)
    assert account.delete(f"{V1}/stakeholders/b/relations/a?kind=friend").status_code == 204
    assert get(account, "/stakeholders/a/relations")["items"] == []


def test_the_manager(account: TestClient) -> None:
    path = f"{V1}/stakeholders/a/manager"
    account.put(f"{V1}/stakeholders/a/managers/b", json={"line": "dotted"})
    tag = account.get(path).headers["etag"]
    put = account.put(path, json={"manager_id": "b"}, headers={"If-Match": tag})
    assert put.status_code == 200, put.text
    assert (put.json()["to_id"], put.json()["line"]) == ("b", "solid")
    assert [edge["to_id"] for edge in get(account, "/stakeholders/a/managers")["items"]] == ["b"]
    assert get(account, "/stakeholders/a")["manager_id"] == "b"
    late = account.put(path, json={"manager_id": "boss"}, headers={"If-Match": '"9"'})
    assert late.status_code == 412
    assert account.delete(path).status_code == 204
    assert account.delete(path).status_code == 404
    assert account.put(path, json={"manager_id": "a"}).status_code == 422
    assert account.put(path, json={}).status_code == 422


def test_dependents_of_a_node_are_named(account: TestClient) -> None:
    account.put(f"{V1}/stakeholders/a/influences/b", json={"strength": 0.7})
    account.put(f"{V1}/deals/deal/supports/a", json={"stance": 1})
    answer = account.delete(f"{V1}/stakeholders/a")
    assert (answer.status_code, answer.json()["code"]) == (409, "has_dependents")
    assert answer.json()["dependents"] == {"influences": 1, "supports": 1}
    customer = account.delete(f"{V1}/customers/c").json()["dependents"]
    assert customer == {
        "departments": 2, "stakeholders": 3, "deals": 1, "influences": 1, "supports": 1,
        "reports_to": 2,
    }  # fmt: skip
    assert account.delete(f"{V1}/departments/d").json()["dependents"] == {
        "departments": 1,
        "stakeholders": 2,
    }


def test_a_cascade_takes_along_what_cannot_stay(account: TestClient) -> None:
    made(account, "customers", id="c2", name="C2")
    account.put(f"{V1}/stakeholders/b/employments/c2", json={"until": "2020-01-01"})
    assert account.delete(f"{V1}/departments/d?cascade=true").status_code == 204
    assert get(account, "/stakeholders/a")["department_id"] is None
    assert get(account, "/departments/e")["parent_id"] is None
    assert account.delete(f"{V1}/customers/c?cascade=true").status_code == 204
    for gone in ("/customers/c", "/departments/e", "/deals/deal", "/stakeholders/a"):
        assert account.get(V1 + gone).status_code == 404
    assert get(account, "/stakeholders/b")["customer_id"] == "c2"
    assert get(account, "/members/m")["name"] == "M"


def test_without_anything_hanging_on_it_a_node_goes(account: TestClient) -> None:
    assert account.delete(f"{V1}/members/m").status_code == 204
    assert account.delete(f"{V1}/members/m").status_code == 404


def test_a_person_who_leaves_is_ended(account: TestClient) -> None:
    body = {"until": "2026-11-01"}
    assert account.patch(f"{V1}/stakeholders/b", json=body).status_code == 200
    assert get(account, "/stakeholders/b")["until"] == "2026-11-01"
    made(account, "customers", id="c2", name="C2")
    account.patch(f"{V1}/stakeholders/b", json={"customer_id": "c2"})
    jobs = get(account, "/stakeholders/b/employments")["items"]
    assert [(job["customer_id"], job["until"]) for job in jobs] == [
        ("c2", None),
        ("c", "2026-11-01"),
    ]


def batch(api: TestClient, *operations: dict[str, Any], **headers: str) -> Any:
    return api.post(f"{V1}/batch", json={"operations": list(operations)}, headers=headers)


def test_a_batch_writes_all_in_order(account: TestClient) -> None:
    answer = batch(
        account,
        {"method": "POST", "path": "/stakeholders",
         "body": {"id": "n", "name": "N", "customer_id": "c"}},
        {"method": "PATCH", "path": "/stakeholders/n", "body": {"title": "New"}},
        {"method": "PUT", "path": "/stakeholders/n/manager", "body": {"manager_id": "boss"}},
        {"method": "PUT", "path": "/stakeholders/n/influences/a?deal_id=deal",
         "body": {"strength": 0.4}},
        {"method": "PATCH", "path": "/stakeholders/a", "body": {"title": "T"}, "if_match": '"1"'},
        {"method": "DELETE", "path": "/departments/d?cascade=true"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [201, 200, 200, 200, 200, 204]
    assert get(account, "/stakeholders/n")["title"] == "New"
    assert get(account, "/stakeholders/n")["manager_id"] == "boss"


def test_a_batch_writes_nothing_if_anything_is_wrong(account: TestClient) -> None:
    wrong = batch(
        account,
        {"method": "PATCH", "path": "/stakeholders/a", "body": {"title": "T"}},
        {"method": "PATCH", "path": "/stakeholders/b", "body": {"manager_id": "nobody"}},
        {"method": "PATCH", "path": "/stakeholders/boss", "body": {"department_id": "x"}},
    )
    assert wrong.status_code == 422
    assert [problem["pointer"] for problem in wrong.json()["errors"]] == [
        "/operations/1/body/manager_id",
        "/operations/2/body/department_id",
    ]
    form = batch(account, {"method": "PATCH", "path": "/stakeholders/a", "body": {"budget": 7}})
    assert form.json()["errors"][0]["pointer"] == "/operations/0/body/budget"
    path = batch(account, {"method": "PATCH", "path": "/nothing/a"})
    assert path.json()["errors"][0]["pointer"] == "/operations/0/path"
    method = batch(account, {"method": "PUT", "path": "/stakeholders/a"})
    assert method.json()["errors"][0]["pointer"] == "/operations/0/method"
    stale = batch(
        account,
        {"method": "PATCH", "path": "/stakeholders/a", "body": {"title": "T"}},
        {"method": "PATCH", "path": "/stakeholders/b", "body": {}, "if_match": '"8"'},
    )
    assert stale.status_code == 412 and stale.json()["current"]["id"] == "b"
    assert stale.json()["errors"][0]["pointer"] == "/operations/1"
    assert get(account, "/stakeholders/a").get("title") is None


@pytest.mark.parametrize(
    ("operation", "status", "pointer"),
    [
        ({"method": "PATCH", "path": "/deals/none", "body": {}}, 404, "/operations/1"),
        ({"method": "DELETE", "path": "/stakeholders/none"}, 404, "/operations/1"),
        ({"method": "POST", "path": "/customers", "body": {"id": "c", "name": "C"}}, 409,
         "/operations/1"),
        ({"method": "DELETE", "path": "/customers/c"}, 409, "/operations/1"),
        ({"method": "PUT", "path": "/stakeholders/by-external-id/crm/none",
          "body": {"customer_id": "c"}},
         422, "/operations/1/body/name"),
        ({"method": "POST", "path": "/stakeholders/a/merge", "body": {"duplicate_id": "none"}}, 404,
         "/operations/1"),
        ({"method": "PATCH", "path": "/stakeholders/a", "body": {}, "if_match": "x"}, 422,
         "/operations/1/if_match"),
    ],
)  # fmt: skip
def test_a_batch_says_which_operation_failed(
    account: TestClient, operation: dict[str, Any], status: int, pointer: str
) -> None:
    first = {"method": "PATCH", "path": "/stakeholders/a", "body": {"title": "T"}}
    answer = batch(account, first, operation)
    assert answer.status_code == status, answer.text
    error = answer.json()["errors"][0]
    assert error["pointer"] == pointer
    assert error["detail"]
    assert get(account, "/stakeholders/a").get("title") is None


def test_a_record_that_is_called_batch_is_none(account: TestClient) -> None:
    missing = account.patch(f"{V1}/stakeholders/batch", json={})
    assert (missing.status_code, missing.json().get("errors")) == (404, None)
    account.post(f"{V1}/stakeholders", json={"id": "batch", "name": "B", "customer_id": "c"})
    wrong = account.patch(f"{V1}/stakeholders/batch", json={"manager_id": "nobody"})
    assert [problem["pointer"] for problem in wrong.json()["errors"]] == ["/manager_id"]


def test_a_repeat_gets_the_first_answer(account: TestClient) -> None:
    key = {"Idempotency-Key": "order-1"}
    body = {"name": "Twice"}
    first = account.post(f"{V1}/customers", json=body, headers=key)
    again = account.post(f"{V1}/customers", json=body, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    other = account.post(f"{V1}/customers", json={"name": "Other"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    names = [customer["name"] for customer in get(account, "/customers")["items"]]
    assert names.count("Twice") == 1 and "Other" not in names
