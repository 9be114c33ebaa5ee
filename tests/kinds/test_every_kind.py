"""What holds for each declared kind of node and edge, on both databases.

Rows come from the declarations, so a new kind is tested by being declared.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph.database import Database
from relgraph.records.diagnostics import diagnose
from relgraph.records.exports.export import export_records
from relgraph.records.exports.past import NAME
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.kinds import DEAL, EDGE_KINDS, NAMED_KINDS, STAKEHOLDER, edge_kind
from relgraph.schema.line_styles import STYLE_OF_TABLE
from tests.records.folders import load
from tests.support.access import access_to
from tests.support.databases import empty
from tests.support.kinds import (
    V1,
    Values,
    another,
    changed_column,
    everything,
    id_of,
    make_account,
    path_of,
    put_edge,
    row_of,
)

each_edge = pytest.mark.parametrize("kind", EDGE_KINDS, ids=str)
each_node = pytest.mark.parametrize("kind", NAMED_KINDS, ids=str)


def undo(api: TestClient, done: Any) -> None:
    answer = api.post(f"{V1}/changes/{done.headers['relgraph-change']}/undo")
    assert answer.status_code == 200, answer.text


def actions_of(api: TestClient, done: Any, plural: str) -> list[str]:
    """What a write did to things of one kind, as the log has it."""
    query = {"change_set": done.headers["relgraph-change"], "limit": 500}
    items = api.get(f"{V1}/changes", params=query).json()["items"]
    return [entry["action"] for entry in items if entry["kind"] == plural]


def check_life(api: TestClient, database: Database, kind: NodeKind | EdgeKind, row: Values) -> None:
    """Change it and undo that, remove it and undo that; check log and state each time."""
    path, column = path_of(kind, row), changed_column(kind)
    before = everything(database)
    read = api.get(path)
    assert read.status_code == 200, read.text
    value = another(kind, column, read.json().get(column))
    changed = api.patch(path, json={column: value}, headers={"If-Match": read.headers["etag"]})
    assert changed.status_code == 200, changed.text
    assert api.get(path).json()[column] == value
    assert actions_of(api, changed, kind.plural) == ["update"]
    undo(api, changed)
    assert everything(database) == before
    removed = api.delete(path)
    assert removed.status_code == 204, removed.text
    assert actions_of(api, removed, kind.plural) == ["delete"]
    assert api.get(path).status_code == 404
    undo(api, removed)
    assert everything(database) == before


@each_edge
def test_an_edge_is_changed_removed_and_brought_back(
    api: TestClient, database: Database, kind: EdgeKind
) -> None:
    make_account(api)
    row = row_of(kind)
    put_edge(api, kind, row)
    check_life(api, database, kind, row)


@each_edge
@pytest.mark.parametrize("end", [0, 1])
def test_an_edge_goes_and_comes_with_each_of_its_ends(
    api: TestClient, database: Database, kind: EdgeKind, end: int
) -> None:
    make_account(api)
    row = row_of(kind)
    put_edge(api, kind, row)
    before = everything(database)
    node = path_of(kind.ends[end], {"id": row[kind.end_columns[end]]})
    if kind.part_of != kind.end_columns[end]:
        refused = api.delete(node)
        assert (refused.status_code, refused.json()["code"]) == (409, "has_dependents")
        assert everything(database) == before
    removed = api.delete(f"{node}?cascade=true")
    assert removed.status_code == 204, removed.text
    assert api.get(path_of(kind, row)).status_code == 404
    assert "delete" in actions_of(api, removed, kind.plural)
    undo(api, removed)
    assert everything(database) == before


@pytest.mark.parametrize(
    ("kind", "end"),
    [(kind, end) for kind in EDGE_KINDS for end in (0, 1) if kind.ends[end] is STAKEHOLDER],
    ids=lambda value: str(value),
)
def test_an_edge_goes_to_who_is_kept_of_two_and_back(
    api: TestClient, database: Database, kind: EdgeKind, end: int
) -> None:
    make_account(api)
    row = row_of(kind)
    put_edge(api, kind, row)
    before = everything(database)
    kept, duplicate = id_of(STAKEHOLDER, 3), row[kind.end_columns[end]]
    path = f"{V1}/stakeholders/{kept}/merge"
    done = api.post(path, json={"duplicate_id": duplicate})
    assert done.status_code == 200, done.text
    moved = row | {kind.end_columns[end]: kept}
    read = api.get(path_of(kind, moved))
    assert read.status_code == 200, read.text
    assert not any(duplicate in record and kind.type in record for record in everything(database))
    undo(api, done)
    assert everything(database) == before


@pytest.mark.parametrize("kind", [kind for kind in EDGE_KINDS if "deal_id" in kind.key], ids=str)
def test_an_edge_for_one_deal_goes_and_comes_with_the_deal(
    api: TestClient, database: Database, kind: EdgeKind
) -> None:
    make_account(api)
    row = row_of(kind) | {"deal_id": id_of(DEAL)}
    put_edge(api, kind, row)
    before = everything(database)
    removed = api.delete(f"{V1}/deals/{id_of(DEAL)}?cascade=true")
    assert actions_of(api, removed, kind.plural) == ["delete"]
    undo(api, removed)
    assert everything(database) == before


@each_node
def test_a_node_is_changed_removed_and_brought_back(
    api: TestClient, database: Database, kind: NodeKind
) -> None:
    make_account(api)
    row = row_of(kind, 3)
    check_life(api, database, kind, row)


@each_node
def test_a_node_is_found_by_name_external_id_and_time(api: TestClient, kind: NodeKind) -> None:
    make_account(api)
    id_ = id_of(kind, 3)
    theirs = f"{V1}/{kind.plural}/by-external-id/crm/7"
    done = api.put(theirs, json={"id": id_, "name": "Quillon 奇伦"})
    assert done.status_code == 200, done.text
    at = api.get(theirs).json()["updated_at"]
    for query in ("quillon", "奇伦"):
        hits = api.get(f"{V1}/search", params={"q": query}).json()["items"]
        assert id_ in [hit["id"] for hit in hits], query
    api.delete(f"{V1}/{kind.plural}/{id_}")
    since = api.get(f"{V1}/{kind.plural}", params={"updated_since": at, "limit": 100}).json()
    assert [node["id"] for node in since["deleted"]] == [id_]
    assert id_ not in [node["id"] for node in since["items"]]


@each_node
def test_what_names_a_node_goes_or_keeps_it(
    api: TestClient, database: Database, kind: NodeKind
) -> None:
    """A node that everything hangs on: refused as it is, gone with the rest, and brought back."""
    make_account(api)
    for edge in EDGE_KINDS:
        put_edge(api, edge, row_of(edge))
    before = everything(database)
    node = kind.ref(id_of(kind))
    removed = api.delete(f"{node}?cascade=true")
    assert removed.status_code == 204, removed.text
    undo(api, removed)
    assert everything(database) == before


def test_files_hold_every_kind(api: TestClient, database: Database, tmp_path: Path) -> None:
    make_account(api)
    for edge in EDGE_KINDS:
        put_edge(api, edge, row_of(edge))
    before = everything(database)
    export_records(access_to(database), tmp_path / "first")
    (tmp_path / "first" / NAME).unlink()  # with its past, it would be no change of its own
    empty(database)
    result = load(database, tmp_path / "first")
    assert everything(database) == before
    assert diagnose(access_to(database)).faults == []
    again = load(database, tmp_path / "first")
    assert again.change_set is None, "the same again changes nothing"
    done = api.post(f"{V1}/changes/{result.change_set}/undo")
    assert done.status_code == 200, done.text
    assert everything(database) == []


def test_the_map_has_a_line_for_each_kind_with_a_style(api: TestClient) -> None:
    make_account(api)
    for plural, style in STYLE_OF_TABLE.items():
        kind = edge_kind(plural)
        put_edge(api, kind, row_of(kind))
        document = api.get(f"{V1}/customers/customer-1/map").json()
        lines = [line for line in document["lines"] if line["kind"] == style.kind]
        assert [line["ref"] for line in lines] == [path_of(kind, row_of(kind))]
    assert api.get(f"{V1}/customers/customer-1/map.svg").status_code == 200


def test_the_description_of_the_api_has_every_kind(api: TestClient) -> None:
    paths = api.get("/openapi.json").json()["paths"]
    for kind in NAMED_KINDS:
        assert {"get", "post"} <= paths[f"{V1}/{kind.plural}"].keys(), kind
    for edge in EDGE_KINDS:
        assert {"get", "put", "patch", "delete"} <= paths[f"{V1}{edge.path}"].keys(), edge
