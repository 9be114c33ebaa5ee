"""Limits that settings set: kept, named, and described."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph.database import Database
from tests.api.test_activities import CALL
from tests.support.service import app_of, client_of

V1 = "/api/v1"
NARROW = {"max_page": 20, "max_operations": 3, "max_paths": 2, "max_hops": 1}


@pytest.fixture(scope="module")
def narrow(demo_db: Database) -> TestClient:
    """The service with narrow limits."""
    return client_of(app_of(demo_db, **NARROW))


def refusal(api: TestClient, method: str, path: str, **sent: Any) -> tuple[str, str]:
    answer = api.request(method, V1 + path, **sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid"), answer.text
    [error] = answer.json()["errors"]
    return error["pointer"], error["detail"]


def test_numbers_above_their_limit_are_refused(narrow: TestClient) -> None:
    for path in ("/stakeholders", "/changes", "/search?q=wang"):
        joint = "&" if "?" in path else "?"
        assert narrow.get(f"{V1}{path}{joint}limit=20").status_code == 200
        problem = refusal(narrow, "GET", f"{path}{joint}limit=21")
        assert problem == ("/query/limit", "must be 20 at most")
    chinese = {"Accept-Language": "zh"}
    problem = refusal(narrow, "GET", "/stakeholders?limit=400", headers=chinese)
    assert problem == ("/query/limit", "不得大于 20")


def test_more_at_once_is_refused(narrow: TestClient) -> None:
    step = {"method": "POST", "path": "/customers", "body": {"name": "C"}}
    problem = refusal(narrow, "POST", "/batch", json={"operations": [step] * 4})
    assert problem == ("/operations", "has more than 3 entries")
    problem = refusal(narrow, "POST", "/activities", json=[CALL] * 4)
    assert problem == ("", "has more than 3 entries")


def test_ways_are_as_many_and_as_long_as_allowed(narrow: TestClient, client: TestClient) -> None:
    ways = f"{V1}/deals/dc-renewal/paths?from=sun&to=chen"
    assert max(len(path["edges"]) for path in client.get(ways).json()["paths"]) > 1
    paths = narrow.get(ways).json()["paths"]
    assert all(len(path["edges"]) == 1 for path in paths) and len(paths) <= 2
    problem = refusal(narrow, "GET", "/deals/dc-renewal/paths?from=sun&to=chen&k=3")
    assert problem == ("/query/k", "must be 2 at most")


@pytest.mark.parametrize(("page", "most"), [("narrow", (20, 3, 2)), ("client", (500, 1000, 10))])
def test_the_description_says_them(
    request: pytest.FixtureRequest, page: str, most: tuple[int, ...]
) -> None:
    api: TestClient = request.getfixturevalue(page)
    document = api.get("/openapi.json").json()

    def schema(path: str, name: str) -> dict[str, Any]:
        parameters = document["paths"][V1 + path]["get"]["parameters"]
        result: dict[str, Any] = next(
            parameter["schema"] for parameter in parameters if parameter["name"] == name
        )
        return result

    assert schema("/stakeholders", "limit")["maximum"] == most[0]
    assert schema("/search", "limit")["maximum"] == min(100, most[0])
    operations = document["components"]["schemas"]["BatchBody"]["properties"]["operations"]
    assert operations["maxItems"] == most[1]
    assert schema("/deals/{id}/paths", "k")["maximum"] == most[2]
