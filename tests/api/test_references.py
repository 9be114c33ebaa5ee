"""Other nodes by what another system calls them, wherever a body names one, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from relgraph.api.app import create_app
from relgraph.api.writes import WRITE_ROUTES
from relgraph.database import Database
from relgraph.records.access import Viewer
from relgraph.records.writes.bodies import creation_body
from relgraph.schema.kind import refs_of
from relgraph.schema.kinds import ACTIVITY, EDGE_KINDS, KINDS, NAMED_KINDS, deal_column
from relgraph.settings import load_settings
from tests.api.test_edge_patches import CASES, EVERY_KIND, JUDGED, pointers
from tests.api.test_writes import V1, account, all_at_once, batch, get
from tests.support.service import client_of

__all__ = ["account"]

NODES = {"customers": "c", "departments": "d", "deals": "deal", "members": "m"}
PEOPLE = ("a", "b", "boss")


def crm(id_: str) -> dict[str, str]:
    """What the other system calls a node."""
    return {"crm": f"их/{id_}"}


@pytest.fixture
def known(account: TestClient) -> TestClient:
    """The account, whose nodes have the ids of another system; a customer more, a team, two of us.

    Each kind may have the same id.
    """
    named = list(NODES.items())
    named += [("stakeholders", id_) for id_ in PEOPLE]
    all_at_once(
        account,
        *(("PATCH", f"/{kind}/{id_}", {"external_ids": crm(id_)}) for kind, id_ in named),
        *(
            ("POST", f"/{kind}", {"id": id_, "name": id_, "external_ids": crm(id_)})
            for kind, id_ in (("customers", "c2"), ("teams", "t"), ("members", "n"))
        ),
    )
    return account


def put(api: TestClient, path: str, body: dict[str, Any]) -> Any:
    return api.put(V1 + path, json=body)


def test_every_reference_of_a_body_takes_another_systems_id() -> None:
    """Of each kind of node and edge, of the manager and of a merge."""
    models: list[type[BaseModel]] = [route.body for route in WRITE_ROUTES if route.body is not None]
    columns = {column for model in models for column in refs_of(model)}
    declared = {column for kind in KINDS for column in kind.refs}
    assert columns == declared | {"duplicate_id"}
    schema = creation_body(ACTIVITY).model_json_schema()
    assert schema["properties"]["member_id"]["$ref"] == "#/$defs/NodeName"
    for model in models:
        properties = model.model_json_schema()["properties"]
        for column in refs_of(model):
            assert "NodeName" in str(properties[column]), (model, column)


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
def test_nodes_refer_by_another_systems_id(known: TestClient, method: str) -> None:
    ours = {"Customer": "c", "Department": "d", "Stakeholder": "boss", "Member": "m", "Team": "t"}
    others = {"customers": "c2", "members": "n"}
    for kind in NAMED_KINDS:
        references = {r.column: ours[r.label] for r in kind.references}
        body: dict[str, Any] = {column: crm(id_) for column, id_ in references.items()}
        path = f"/{kind.plural}"
        if method == "PATCH" and kind.refs:
            owner = {"id": f"x-{kind.name}", "name": "X", **{c: references[c] for c in kind.refs}}
            owner = {n: v for n, v in owner.items() if n in {"id", "name"} or n in kind.required}
            assert known.post(V1 + path, json=owner).status_code == 201
            path += f"/x-{kind.name}"
        if method == "PUT":
            path += f"/by-external-id/erp/{others.get(kind.plural, 'new')}"
        answer = known.request(method, V1 + path, json={"name": "X"} | body)
        if method == "PATCH" and not kind.refs:
            assert answer.status_code == 405
            continue
        assert answer.status_code in {200, 201}, (kind, answer.text)
        written = answer.json()
        assert {column: written[column] for column in references} == references
        assert get(known, f"/{kind.plural}/{written['id']}") == written


def test_managers_and_duplicates_by_another_systems_id(known: TestClient) -> None:
    path = "/stakeholders/a/manager"
    assert put(known, path, {"manager_id": crm("b")}).json()["to_id"] == "b"
    assert known.patch(V1 + path, json={"to_id": crm("boss")}).json()["to_id"] == "boss"
    merged = known.post(f"{V1}/stakeholders/a/merge", json={"duplicate_id": crm("b")})
    assert merged.status_code == 200, merged.text
    assert known.get(f"{V1}/stakeholders/b").status_code == 404


def test_activities_by_another_systems_ids(known: TestClient) -> None:
    call = {"kind": "call", "happened_at": "2026-11-02", "source": "crm", "external_id": "9"}
    ours = call | {"member_id": "m", "stakeholder_id": "a", "deal_id": "deal"}
    theirs = call | {"member_id": crm("m"), "stakeholder_id": crm("a"), "deal_id": crm("deal")}
    made = known.post(f"{V1}/activities", json=theirs)
    assert (made.status_code, made.json()["created"]) == (201, 1), made.text
    again = known.post(f"{V1}/activities", json=ours)
    assert again.json()["unchanged"] == 1 and again.json()["ids"] == made.json()["ids"]
    wrong = known.post(f"{V1}/activities", json=[ours, theirs | {"member_id": {"crm": "?"}}])
    assert (wrong.status_code, pointers(wrong)) == (422, ["/1/member_id"])


def test_what_names_nobody_is_a_problem_of_its_member(known: TestClient) -> None:
    body = {"name": "N", "customer_id": {"crm": "?"}, "manager_id": {"erp": "их/boss"}}
    answer = known.post(f"{V1}/stakeholders", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "write_refused")
    first = answer.json()["errors"][0]
    assert (first["pointer"], first["value"]) == ("/customer_id", "crm: ?")
    assert "no customer that crm calls so" in first["detail"]
    assert "in the same batch" in first["detail"], "what to do"
    assert pointers(answer) == ["/customer_id", "/manager_id"]
    chinese = known.post(f"{V1}/stakeholders?lang=zh", json=body).json()["errors"][1]["detail"]
    assert "erp 中没有该编号的" in chinese
    shapes: list[tuple[Any, str]] = [
        ({}, "/manager_id"), ({"crm": "1", "erp": "2"}, "/manager_id"),
        ({"crm": None}, "/manager_id/crm"), ({"crm": ""}, "/manager_id/crm"),
        ({"crm": {"a": "b"}}, "/manager_id/crm"), ([], "/manager_id"), (7, "/manager_id"),
    ]  # fmt: skip
    for shape, pointer in shapes:
        wrong = known.patch(f"{V1}/stakeholders/a", json={"manager_id": shape})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "request_invalid"), shape
        assert pointers(wrong) == [pointer], shape
    two = known.patch(f"{V1}/stakeholders/a?lang=zh", json={"manager_id": {}})
    assert two.json()["errors"][0]["detail"] == "应填写一个系统及其中的编号"
    assert get(known, "/stakeholders/a")["manager_id"] == "boss"


def test_a_batch_finds_what_its_earlier_operations_make(known: TestClient) -> None:
    def operation(method: str, path: str, body: Any = None) -> dict[str, Any]:
        return {"method": method, "path": path, "body": body}

    person = "/stakeholders/by-external-id/erp/"
    steps = [
        operation("POST", "/customers", {"name": "New", "external_ids": {"erp": "k"}}),
        operation("PUT", "/departments/by-external-id/erp/dep",
                  {"name": "Dep", "customer_id": {"erp": "k"}}),
        operation("PUT", person + "1",
                  {"name": "One", "customer_id": {"erp": "k"}, "department_id": {"erp": "dep"}}),
        operation("PUT", person + "2",
                  {"name": "Two", "customer_id": {"erp": "k"}, "manager_id": {"erp": "1"}}),
        operation("PUT", "/influences",
                  {"from_id": {"erp": "2"}, "to_id": {"erp": "1"}, "strength": 0.5}),
        operation("PATCH", "/stakeholders/a", {"external_ids": {"crm": "moved"}}),
        operation("PUT", "/stakeholders/boss/influences/a",
                  {"to_id": {"crm": "moved"}, "strength": 0.4}),
    ]  # fmt: skip
    answer = batch(known, *steps)
    assert answer.status_code == 200, answer.text
    results = [result["body"] for result in answer.json()["results"]]
    customer, department, first, second, influence = (body for body in results[:5])
    assert first["customer_id"] == department["customer_id"] == customer["id"]
    assert first["department_id"] == department["id"] and second["manager_id"] == first["id"]
    assert (influence["from_id"], influence["to_id"]) == (second["id"], first["id"])
    # What was the id of somebody is free, and what is given up names nobody.
    late = [
        operation("PUT", "/influences",
                  {"from_id": crm("a"), "to_id": crm("boss"), "strength": 0.5}),
        operation("DELETE", "/stakeholders/boss?cascade=true"),
        operation("PATCH", "/stakeholders/b", {"external_ids": None, "manager_id": crm("boss")}),
        operation("PATCH", "/stakeholders/a", {"manager_id": crm("b")}),
        operation("PUT", person + "3", {"name": "3", "customer_id": {"erp": "later"}}),
        operation("PATCH", "/stakeholders/a", {"manager_id": {"erp": "3"}}),
    ]  # fmt: skip
    wrong = batch(known, *late)
    assert wrong.status_code == 422, wrong.text
    assert pointers(wrong) == [
        "/operations/0/body/from_id",
        "/operations/2/body/manager_id",
        "/operations/3/body/manager_id",
        "/operations/4/body/customer_id",
    ], "the last is not a problem of its own"


def test_an_id_that_was_given_up_makes_another_node(known: TestClient) -> None:
    steps = [
        {"method": "DELETE", "path": "/stakeholders/a?cascade=true"},
        {"method": "PUT", "path": "/stakeholders/by-external-id/crm/их%2Fa",
         "body": {"name": "Another", "customer_id": crm("c")}},
        {"method": "PUT", "path": "/stakeholders/by-external-id/crm/new",
         "body": {"id": "z", "name": "Z", "customer_id": "c"}},
        {"method": "POST", "path": "/stakeholders/z/merge", "body": {"duplicate_id": crm("b")}},
        {"method": "PATCH", "path": "/stakeholders/boss", "body": {"manager_id": crm("b")}},
    ]  # fmt: skip
    answer = batch(known, *steps)
    assert answer.status_code == 200, answer.text
    statuses = [result["status"] for result in answer.json()["results"]]
    assert statuses == [204, 201, 201, 200, 200]
    assert answer.json()["results"][1]["body"]["id"] != "a"
    assert answer.json()["results"][4]["body"]["manager_id"] == "z", "b is part of z by then"


@pytest.fixture
def viewer(known: TestClient, database: Database) -> Iterator[TestClient]:
    """Somebody who may see the second customer alone."""
    app = create_app(load_settings(), database=database)
    app.state.viewer = Viewer("ann", frozenset({"c2"}))
    with client_of(app) as api:
        yield api


def test_a_viewer_of_some_customers_finds_nothing_else(viewer: TestClient) -> None:
    made = put(viewer, "/stakeholders/by-external-id/crm/own",
               {"name": "Own", "customer_id": crm("c2")})  # fmt: skip
    assert made.status_code == 201, made.text
    for hidden in (crm("boss"), {"crm": "nobody"}):
        body = {"from_id": {"crm": "own"}, "to_id": hidden, "strength": 0.5}
        for answer in (
            put(viewer, "/influences", body),
            viewer.patch(f"{V1}/influences", json=body),
            viewer.patch(f"{V1}/stakeholders/{made.json()['id']}", json={"manager_id": hidden}),
        ):
            assert answer.status_code == 422
            assert "no stakeholder that crm calls so" in answer.json()["errors"][0]["detail"]
        ends = {"from_id": "own", "to_id": hidden["crm"], "system": "crm"}
        assert viewer.delete(f"{V1}/influences", params=ends).status_code == 404


# edges that a request names by their key ----------------------------------------------------


def key_of(kind: Any, edge: dict[str, Any], *, theirs: bool) -> dict[str, Any]:
    """The key of an edge that was read, as a body has it."""
    key = {name: edge[name] for name in kind.row_key if edge[name] is not None}
    if theirs:
        key |= {name: crm(id_) for name, id_ in key.items() if name in kind.refs}
    return key


@EVERY_KIND
@pytest.mark.parametrize("theirs", [False, True], ids=["ours", "theirs"])
def test_an_edge_is_written_by_its_key(known: TestClient, kind: Any, theirs: bool) -> None:
    case, path = CASES[kind.plural], f"{V1}/{kind.plural}"
    at_home = put(known, case.address, case.body).json()
    assert known.delete(V1 + case.address).status_code == 204
    key = key_of(kind, at_home, theirs=theirs)
    missing = known.patch(path, json=key | case.patch)
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    made = known.put(path, json=key | case.body)
    assert made.status_code == 200, made.text
    stamps = {"created_at", "updated_at", "version"}
    assert {n: v for n, v in made.json().items() if n not in stamps} == {
        n: v for n, v in at_home.items() if n not in stamps
    }
    assert get(known, case.address) == made.json()
    same = known.put(path, json=key | case.body)
    assert same.json() == made.json() and "relgraph-change" not in same.headers
    changed = known.patch(path, json=key | case.patch, headers={"If-Match": made.headers["etag"]})
    assert changed.status_code == 200, changed.text
    kept = {n: v for n, v in made.json().items() if n not in stamps}
    assert {n: v for n, v in changed.json().items() if n not in stamps} == kept | case.patch
    query = {n: next(iter(v.values())) if isinstance(v, dict) else v for n, v in key.items()}
    query |= {"system": "crm"} if theirs else {}
    for method, sent in (("PUT", case.body), ("PATCH", case.patch), ("DELETE", None)):
        stale = known.request(
            method,
            path,
            json=None if sent is None else key | sent,
            params=query if sent is None else None,
            headers={"If-Match": made.headers["etag"]},
        )
        assert (stale.status_code, stale.json()["current"]) == (412, changed.json())
    assert known.delete(path, params=query).status_code == 204
    assert known.get(V1 + case.address).status_code == 404
    assert known.delete(path, params=query).status_code == 404


def test_a_batch_writes_edges_by_their_keys(known: TestClient) -> None:
    ends = {"from_id": crm("a"), "to_id": crm("b")}
    general = "/influences?from_id=их/a&to_id=их/b&system=crm"
    steps = [
        {"method": "PUT", "path": "/influences", "body": ends | {"strength": 0.5}},
        {"method": "PUT", "path": "/influences",
         "body": ends | {"strength": 0.6, "deal_id": crm("deal")}},
        {"method": "PATCH", "path": "/influences", "body": ends | {"evidence": "seen"}},
        {"method": "DELETE", "path": general},
    ]  # fmt: skip
    answer = batch(known, *steps)
    assert answer.status_code == 200, answer.text
    [edge] = get(known, "/stakeholders/a/influences")["items"]
    assert (edge["deal_id"], edge["strength"]) == ("deal", 0.6), "the general one went alone"
    gone = batch(known, steps[0], {"method": "DELETE", "path": general.replace("их/b", "x")})
    assert gone.status_code == 404 and pointers(gone) == ["/operations/1"]
    for path in ("/influences?from_id=a", general + "&deal=deal", general + "&to_id=boss"):
        wrong = batch(known, {"method": "DELETE", "path": path})
        assert (wrong.status_code, pointers(wrong)) == (422, ["/operations/0/path"]), path
    typed = batch(known, {"method": "DELETE", "path": general + "&deal=deal"})
    assert "deal is no parameter here" in typed.json()["errors"][0]["detail"]


def test_an_edge_without_its_key_is_refused(known: TestClient) -> None:
    for kind in EDGE_KINDS:
        needed = [name for name in kind.row_key if name in kind.required]
        for method in ("PUT", "PATCH"):
            answer = known.request(method, f"{V1}/{kind.plural}", json={})
            assert answer.status_code == 422
            assert {f"/{name}" for name in needed} <= set(pointers(answer)), (kind, method)
        answer = known.delete(f"{V1}/{kind.plural}")
        assert pointers(answer) == [f"query{needed[0]}"] or pointers(answer) == [
            f"/query/{needed[0]}"
        ], (kind, answer.text)
    unknown = known.delete(f"{V1}/influences?from_id=a&to_id=b&deal=deal")
    assert unknown.status_code == 422 and "no parameter here" in unknown.text
    tie = {"from_id": "a", "to_id": "b", "kind": "friend"} | JUDGED
    assert put(known, "/relations", tie).status_code == 200
    turned = put(known, "/relations", tie | {"from_id": "b", "to_id": "a", "strength": 0.3})
    assert (turned.json()["from_id"], turned.json()["strength"]) == ("a", 0.3), "it is stored once"


# edges at their own addresses by the ids of another system ----------------------------------


def by_their_ids(path: str, **query: str) -> str:
    """The address of an edge with what the other system calls the nodes in it."""
    parts = path.split("/")
    for number in (2, 4):
        parts[number] = quote(crm(parts[number])["crm"], safe="")
    query |= {"deal_id": crm(query["deal_id"])["crm"]} if "deal_id" in query else {}
    return "/".join(parts) + "?" + urlencode({**query, "system": "crm"})


@EVERY_KIND
def test_an_edges_own_address_takes_another_systems_ids(known: TestClient, kind: Any) -> None:
    case = CASES[kind.plural]
    theirs = by_their_ids(case.path, **case.query)
    put_there = put(known, theirs, case.body)
    assert put_there.status_code == 200, put_there.text
    read = known.get(V1 + theirs)
    assert read.json() == get(known, case.address) == put_there.json()
    assert read.headers["etag"] == known.get(V1 + case.address).headers["etag"]
    changed = known.patch(V1 + theirs, json=case.patch)
    assert changed.json() == get(known, case.address)
    assert changed.json()["version"] == read.json()["version"] + 1
    same = batch(known, {"method": "PATCH", "path": theirs, "body": case.patch})
    assert same.json()["results"][0]["body"] == changed.json()
    unknown = theirs.replace(quote("их/", safe=""), "nobody", 1)
    for method, body in (
        ("GET", None),
        ("PUT", case.body),
        ("PATCH", case.patch),
        ("DELETE", None),
    ):
        answer = known.request(method, V1 + unknown, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert answer.json()["detail"].count("crm: nobody") == 1
    assert known.delete(V1 + theirs).status_code == 204
    assert known.get(V1 + theirs).status_code == 404


def test_further_parts_of_an_address_are_ids_of_the_system_too(known: TestClient) -> None:
    theirs = by_their_ids("/stakeholders/a/influences/b", deal_id="deal")
    assert put(known, theirs, {"strength": 0.5}).json()["deal_id"] == "deal"
    ours = "/stakeholders/a/influences/b?deal_id=deal"
    assert known.get(V1 + theirs).json() == get(known, ours)
    longest = "x" * 300
    assert known.patch(f"{V1}/stakeholders/a", json={"external_ids": {"erp": longest}}).is_success
    assert known.patch(f"{V1}/stakeholders/b", json={"external_ids": {"erp": "b"}}).is_success
    path = f"{V1}/stakeholders/{longest}/influences/b?system=erp"
    assert known.put(path, json={"strength": 0.5}).json()["from_id"] == "a"


@EVERY_KIND
def test_lists_of_edges_take_another_systems_ids(known: TestClient, kind: Any) -> None:
    case, path = CASES[kind.plural], f"{V1}/{kind.plural}"
    assert put(known, case.address, case.body).status_code == 200
    filters = {"customer_id": "c"} | ({"deal_id": "deal"} if deal_column(kind) else {})
    for name, id_ in filters.items():
        listed = known.get(path, params={name: id_})
        theirs = {name: crm(id_)["crm"], "system": "crm"}
        assert known.get(path, params=theirs).json() == listed.json()
        wrong = known.get(path, params=theirs | {name: "nobody"})
        assert (wrong.status_code, wrong.json()["code"]) == (404, "not_found")


def test_hidden_ends_are_not_told_by_another_systems_id(viewer: TestClient) -> None:
    for id_ in ("boss", "nobody"):
        address = by_their_ids(f"/stakeholders/{id_}/influences/a")
        for method in ("GET", "DELETE"):
            assert viewer.request(method, V1 + address).status_code == 404
        listed = viewer.get(f"{V1}/influences", params={"customer_id": "их/c", "system": "crm"})
        assert listed.status_code == 404
