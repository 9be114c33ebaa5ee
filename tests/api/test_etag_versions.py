"""Tags that carry a version, and changes under the condition of a tag, on both databases."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

from tests.api.test_writes import V1, account, batch, get

__all__ = ["account"]

DIGEST = "[0-9a-f]{32}"


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
