"""A record with more ids in other systems than anybody has is refused at the door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.schema.values import MAX_EXTERNAL_IDS
from tests.records.folders import load
from tests.support.service import api_of

V1 = "/api/v1"


def ids(count: int) -> dict[str, str]:
    return {f"system-{number}": "1" for number in range(count)}


def test_the_api_takes_as_many_as_a_record_may_have(local_db: Database) -> None:
    api = api_of(local_db)
    body = {"id": "c", "name": "C", "external_ids": ids(MAX_EXTERNAL_IDS)}
    assert api.post(f"{V1}/customers", json=body).status_code == 201
    more = {"external_ids": ids(MAX_EXTERNAL_IDS + 1)}
    for method, path, sent in [
        ("POST", "/customers", {"id": "d", "name": "D"} | more),
        ("PATCH", "/customers/c", more),
    ]:
        answer = api.request(method, f"{V1}{path}", json=sent)
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["value"][:12]) == ("/external_ids", "{'system-0':")


def test_an_import_names_the_cell(local_db: Database, tmp_path: Path) -> None:
    cell = json.dumps(ids(MAX_EXTERNAL_IDS * 5)).replace('"', '""')
    (tmp_path / "customers.csv").write_text(f'id,name,external_ids\nc,C,"{cell}"\n')
    with pytest.raises(ImportRefused) as refused:
        load(local_db, tmp_path)
    [problem] = refused.value.problems
    assert (problem.line, problem.column) == (2, "external_ids")
    assert problem.value.startswith('{"system-0": "1"')
    assert (problem.wrong, problem.right) == ("holds 5,000 entries", "keep 1,000 at most")
