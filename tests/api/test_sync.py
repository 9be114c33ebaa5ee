"""What other systems use to keep a copy current, on both databases: external ids, what changed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from relgraph import queries
from relgraph.database import Database
from relgraph.records.imports.load import import_records
from relgraph.records.reindex import rebuild
from relgraph.records.writes.external_ids import external_id
from relgraph.schema.kinds import STAKEHOLDER
from relgraph.schema.values import timestamp
from tests.api.test_history import full, log
from tests.api.test_writes import V1, account, get
from tests.records.folders import NOW, exported, folder
from tests.support.access import access_to

__all__ = ["account", "full"]


def put(api: TestClient, kind: str, theirs: str, /, **body: Any) -> Any:
    return api.put(f"{V1}/{kind}/by-external-id/{theirs}", json=body)


def test_a_record_of_another_system_is_made_once_and_then_changed(account: TestClient) -> None:
    first = put(account, "stakeholders", "crm/003A", name="Wu", customer_id="c", title="CIO")
    assert first.status_code == 201, first.text
    person = first.json()
    assert person["external_ids"] == {"crm": "003A"} and person["id"].startswith("stakeholder-")
    assert first.headers["location"] == f"{V1}/stakeholders/{person['id']}"
    second = put(account, "stakeholders", "crm/003A", title=None, email="wu@c.example")
    assert second.status_code == 200, second.text
    changed = second.json()
    assert (changed["name"], changed.get("title"), changed["email"]) == ("Wu", None, "wu@c.example")
    assert second.headers["etag"] == '"2"'
    read = account.get(f"{V1}/stakeholders/by-external-id/crm/003A")
    assert read.json() == changed
    assert re.fullmatch(r'"2-[0-9a-f]{32}"', read.headers["etag"]), "any node may have this id"
    again = put(account, "stakeholders", "crm/003A", email="wu@c.example")
    assert "relgraph-change" not in again.headers, "what changes nothing writes nothing"
    stale = account.put(
        f"{V1}/stakeholders/by-external-id/crm/003A",
        json={"name": "W"},
        headers={"If-Match": '"1"'},
    )
    assert (stale.status_code, stale.json()["current"]["id"]) == (412, person["id"])
    as_read = account.put(
        f"{V1}/stakeholders/by-external-id/crm/003A",
        json={"name": "W"},
        headers={"If-Match": read.headers["etag"]},
    )
    assert (as_read.status_code, as_read.headers["etag"]) == (200, '"3"')


def test_each_kind_has_external_ids(account: TestClient) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "customers": {"name": "X"},
        "departments": {"name": "X", "customer_id": "c"},
        "deals": {"name": "X", "customer_id": "c"},
        "offerings": {"name": "X"},
        "teams": {"name": "X"},
        "members": {"name": "X"},
    }
    for kind, body in bodies.items():
        assert put(account, kind, "erp/a%2Fb 王", **body).status_code == 201, kind
        node = account.get(f"{V1}/{kind}/by-external-id/erp/a%2Fb 王").json()
        assert node["external_ids"] == {"erp": "a/b 王"}


def test_a_node_that_is_there_gets_an_id_of_another_system(account: TestClient) -> None:
    assert put(account, "stakeholders", "crm/1", id="a").status_code == 200
    assert put(account, "stakeholders", "erp/9", id="a").status_code == 200
    assert get(account, "/stakeholders/a")["external_ids"] == {"crm": "1", "erp": "9"}
    other = put(account, "stakeholders", "crm/1", id="b")
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/id")
    account.patch(f"{V1}/stakeholders/a", json={"external_ids": {"crm": "2"}})
    assert account.get(f"{V1}/stakeholders/by-external-id/crm/1").status_code == 404
    assert account.get(f"{V1}/stakeholders/by-external-id/crm/2").json()["id"] == "a"


def test_no_two_nodes_have_the_same_external_id(account: TestClient) -> None:
    put(account, "stakeholders", "crm/1", id="a")
    taken = account.patch(f"{V1}/stakeholders/b", json={"external_ids": {"crm": "1"}})
    assert taken.status_code == 422 and "is the id of a already" in taken.json()["detail"]
    assert put(account, "deals", "crm/1", id="deal").status_code == 200, "another kind may"
    swap = [
        {"method": "PATCH", "path": "/stakeholders/a", "body": {"external_ids": None}},
        {"method": "PATCH", "path": "/stakeholders/b", "body": {"external_ids": {"crm": "1"}}},
    ]
    assert account.post(f"{V1}/batch", json={"operations": swap}).status_code == 200
    assert account.get(f"{V1}/stakeholders/by-external-id/crm/1").json()["id"] == "b"
    both = [
        {"method": "POST", "path": "/stakeholders",
         "body": {"id": id_, "name": "N", "customer_id": "c", "external_ids": {"crm": "5"}}}
        for id_ in ("n1", "n2")
    ]  # fmt: skip
    answer = account.post(f"{V1}/batch", json={"operations": both})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].endswith("/body/external_ids")


def test_what_is_removed_gives_its_external_id_up_until_it_comes_back(account: TestClient) -> None:
    put(account, "stakeholders", "crm/1", id="a")
    gone = account.delete(f"{V1}/stakeholders/a?cascade=true").headers["relgraph-change"]
    assert account.get(f"{V1}/stakeholders/by-external-id/crm/1").status_code == 404
    assert account.post(f"{V1}/changes/{gone}/undo").status_code == 200
    assert account.get(f"{V1}/stakeholders/by-external-id/crm/1").json()["id"] == "a"
    account.delete(f"{V1}/customers/c?cascade=true")
    new = put(account, "customers", "crm/c", name="C again")
    body = {"name": "A", "customer_id": new.json()["id"]}
    assert put(account, "stakeholders", "crm/1", **body).status_code == 201


def test_a_merge_takes_the_external_ids_along(account: TestClient) -> None:
    put(account, "stakeholders", "crm/1", id="a")
    put(account, "stakeholders", "erp/2", id="b")
    done = account.post(f"{V1}/stakeholders/a/merge", json={"duplicate_id": "b"})
    assert done.json()["external_ids"] == {"crm": "1", "erp": "2"}
    assert account.get(f"{V1}/stakeholders/by-external-id/erp/2").json()["id"] == "a"
    undone = account.post(f"{V1}/changes/{done.headers['relgraph-change']}/undo")
    assert undone.status_code == 200, undone.text
    assert account.get(f"{V1}/stakeholders/by-external-id/erp/2").json()["id"] == "b"
    assert get(account, "/stakeholders/a")["external_ids"] == {"crm": "1"}


def test_a_batch_of_another_systems_records(account: TestClient) -> None:
    path = "/stakeholders/by-external-id/crm/"
    steps = [
        {"method": "PUT", "path": path + "1", "body": {"name": "One", "customer_id": "c"}},
        {"method": "PUT", "path": path + "2", "body": {"name": "Two", "customer_id": "c"}},
        {"method": "PUT", "path": path + "1", "body": {"title": "CEO"}},
    ]
    answer = account.post(f"{V1}/batch", json={"operations": steps})
    assert answer.status_code == 200, answer.text
    assert [result["status"] for result in answer.json()["results"]][:2] == [201, 201]
    person = account.get(f"{V1}/stakeholders/by-external-id/crm/1").json()
    assert (person["name"], person["title"]) == ("One", "CEO")
    steps.append({"method": "PUT", "path": path + "3", "body": {"title": "?"}})
    wrong = account.post(f"{V1}/batch", json={"operations": steps})
    pointers = {problem["pointer"] for problem in wrong.json()["errors"]}
    assert pointers == {"/operations/3/body/customer_id"}


def test_ids_of_an_older_relgraph_are_mended(account: TestClient, database: Database) -> None:
    """It kept them with the node alone, so that nothing led to it."""
    account.patch(f"{V1}/stakeholders/a", json={"external_ids": {"crm": "9"}})
    name = external_id(STAKEHOLDER, "crm", "9")
    rows = [{"id": name, "node_id": "a"}]
    database.write(lambda tx: queries.run(tx, "delete_external_ids", rows=rows))
    path = "/stakeholders/by-external-id/crm/9"
    assert account.get(V1 + path).status_code == 404
    for _ in range(2):
        assert rebuild(access_to(database)) > 3
        assert get(account, path)["id"] == "a"


def test_imports_keep_external_ids_apart_too(
    api: TestClient, database: Database, tmp_path: Path
) -> None:
    def customers(a: str, b: str) -> list[dict[str, Any]]:
        ids = {"a": a, "b": b}
        return [
            {"id": id_, "name": id_, "external_ids": f'{{"crm": "{crm}"}}'}
            for id_, crm in ids.items()
        ]

    import_records(access_to(database, NOW), folder(tmp_path / "in", customers=customers("1", "2")))
    assert api.get(f"{V1}/customers/by-external-id/crm/2").json()["id"] == "b"
    before = exported(database, tmp_path / "out")
    swapped = folder(tmp_path / "swap", customers=customers("2", "1"))
    result = import_records(access_to(database, NOW), swapped)
    assert api.get(f"{V1}/customers/by-external-id/crm/1").json()["id"] == "b"
    assert api.post(f"{V1}/changes/{result.change_set}/undo").status_code == 200
    assert exported(database, tmp_path / "again") == before
    assert api.get(f"{V1}/customers/by-external-id/crm/1").json()["id"] == "a"


def test_edges_that_changed_with_those_that_were_removed(full: TestClient) -> None:
    last = datetime.fromisoformat(log(full)[-1]["at"])
    at = timestamp(last + timedelta(seconds=1))
    since = {"updated_since": at}
    paths = {
        "/stakeholders/a/influences": "/stakeholders/a/influences/b",
        "/stakeholders/a/relations": "/stakeholders/a/relations/b?kind=friend",
        "/stakeholders/a/managers": "/stakeholders/a/managers/b",
        "/stakeholders/a/employments": "/stakeholders/a/employments/c2",
        "/deals/deal/supports": "/deals/deal/supports/a",
        "/deals/deal/roles": "/deals/deal/roles/a/influencer",
        "/members/m/knows": "/members/m/knows/a",
    }
    for many in paths:
        page = full.get(V1 + many, params=since).json()
        assert (page["items"], page["deleted"]) == ([], []), many
    full.put(f"{V1}/stakeholders/b/influences/a", json={"strength": 0.2})
    full.put(f"{V1}/deals/deal/supports/b", json={"stance": 1})
    for many, single in paths.items():
        answer = full.delete(V1 + single)
        assert answer.status_code == 204, (single, answer.text)
        page = full.get(V1 + many, params=since).json()
        assert len(page["deleted"]) == 1, (many, page)
        [gone] = page["deleted"]
        assert gone["deleted_at"] > at and "a" in gone["key"].values(), many
    page = full.get(f"{V1}/stakeholders/a/influences", params=since).json()
    assert [(edge["from_id"], edge["to_id"]) for edge in page["items"]] == [("b", "a")]
    full.put(f"{V1}/members/m/knows/a", json={"closeness": 1})
    page = full.get(f"{V1}/members/m/knows", params=since).json()
    assert page["deleted"] == [] and page["items"][0]["closeness"] == 1, "it is there again"
    assert "deleted" not in get(full, "/members/m/knows")
    assert any(entry["kind"] == "knows" for entry in log(full, kind="members", key="m", limit=500))


def test_pages_lead_to_the_other_systems_record(account: TestClient) -> None:
    kinds = {"customers": "c", "stakeholders": "a", "deals": "deal"}
    for kind, id_ in kinds.items():
        body = {"url": f"https://crm.example/{kind}?id=1&x=2"}
        assert account.patch(f"{V1}/{kind}/{id_}", json=body).status_code == 200
    linked_kinds = {
        "/customers/c/people": ["customers"],
        "/customers/c/deals?deal=deal": ["customers", "deals"],
        "/people/a": ["stakeholders"],
    }
    for path, kinds_there in linked_kinds.items():
        text = account.get(path, headers={"Accept": "text/html"}).text
        for kind in kinds_there:
            assert f'href="https://crm.example/{kind}?id=1&amp;x=2"' in text, (path, kind)
    bad = account.patch(f"{V1}/stakeholders/a", json={"url": "javascript:alert(1)"})
    assert bad.status_code == 422


def test_a_reader_goes_on_from_its_mark(full: TestClient) -> None:
    first = get(full, "/stakeholders?resume=start&limit=1")
    assert len(first["items"]) == 1 and first["next_cursor"]
    mark = first["resume"]
    second = get(full, f"/stakeholders?resume=start&limit=1&cursor={first['next_cursor']}")
    assert second["resume"] == mark, "the mark of the first page counts"
    nothing = get(full, f"/stakeholders?resume={mark}")
    assert nothing == {"items": [], "next_cursor": None, "deleted": [], "resume": mark}
    full.patch(f"{V1}/stakeholders/a", json={"title": "CEO"})
    full.delete(f"{V1}/stakeholders/b?cascade=true")
    page = get(full, f"/stakeholders?resume={mark}")
    assert [person["title"] for person in page["items"] if person["id"] == "a"] == ["CEO"]
    assert [gone["id"] for gone in page["deleted"]] == ["b"]
    assert page["resume"] != mark
    assert get(full, f"/stakeholders?resume={page['resume']}")["items"] == []
    edges = get(full, f"/stakeholders/a/influences?resume={mark}")
    assert edges["items"] == [] and edges["deleted"][0]["key"]["to_id"] == "b"


def test_the_change_log_goes_on_from_its_mark(full: TestClient) -> None:
    page = get(full, "/changes?resume=start&limit=4")
    read = page["items"]
    while page["next_cursor"]:
        page = get(full, f"/changes?resume=start&limit=4&cursor={page['next_cursor']}")
        read += page["items"]
    assert read == log(full, limit=500)
    assert get(full, f"/changes?resume={page['resume']}")["items"] == []
    full.patch(f"{V1}/stakeholders/a", json={"title": "CEO"})
    later = get(full, f"/changes?resume={page['resume']}")
    assert [change["after"] for change in later["items"]] == [{"title": "CEO"}]
    assert later["next_cursor"] is None and later["resume"] != page["resume"]


def test_marks_that_are_refused(full: TestClient) -> None:
    for path in ("/stakeholders", "/stakeholders/a/influences", "/changes"):
        refused = full.get(f"{V1}{path}", params={"resume": "yesterday"})
        assert (refused.status_code, refused.json()["code"]) == (400, "resume_refused"), path
        name = "since" if path == "/changes" else "updated_since"
        both = full.get(f"{V1}{path}", params={"resume": "start", name: "2026-01-01"})
        assert both.status_code == 422, path
        assert both.json()["errors"][0]["pointer"] == f"/query/{name}"
