"""A database that relgraph 0.1.0 has written: opened by this one, it has and does everything.

`data/release-0.1.0.jsonl.gz` holds all nodes and edges, a line each, of the demo customers and
these changes, as that release has written them: a new person with an external id, a title, a
manager, an influence, a person removed with all edges, two merged, and one who went to a new
customer.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from relgraph.database import Database, migrate
from relgraph.records.diagnostics import diagnose
from relgraph.records.log.commit_order import START, Mark
from relgraph.records.log.history import changes, changes_from
from relgraph.records.log.past_account import account_at
from relgraph.records.reads.account import read_account
from relgraph.records.search.index import is_complete
from relgraph.settings import Settings
from tests.support.access import access_to
from tests.support.processes import running
from tests.support.service import api_of

pytestmark = pytest.mark.schema

RELEASE = Path(__file__).parent / "data" / "release-0.1.0.jsonl.gz"
MIGRATIONS = 7
"""How many that release had."""
REMOVED, MERGED, MOVED = (
    "change-85f7eb275bdd4d09",
    "change-e9364989c06443d7",
    "change-92a83aeddd7f491c",
)
IMPORTED = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 25, tzinfo=UTC)

NODES = "UNWIND $rows AS row CREATE (n:{label}) SET n += row.props"
EDGES = """
UNWIND $rows AS row
MATCH (a:{a} {{id: row.from}})
MATCH (b:{b} {{id: row.to}})
CREATE (a)-[r:{type}]->(b) SET r += row.props
"""


@pytest.fixture
def older(new: tuple[Database, Settings]) -> tuple[Database, Settings]:
    """A database as the older release has left it, and how to open it."""
    db, _ = new
    for name in list(migrate.known())[:MIGRATIONS]:
        for statement in migrate.known()[name]:
            db.alone(statement)
    restore(db)
    assert db.missing_migrations()
    return new


@pytest.fixture
def oldest(new: tuple[Database, Settings]) -> tuple[Database, Settings]:
    """One that knew neither ids of other systems nor an index of search, nor a change log."""
    db, _ = new
    for name in list(migrate.known())[:2]:
        for statement in migrate.known()[name]:
            db.alone(statement)
    restore(db)
    db.write(lambda tx: tx.rows(FORGET, {"labels": list(LATER_LABELS)}))
    return new


@pytest.fixture
def service(
    older: tuple[Database, Settings], tmp_path: Path
) -> Iterator[tuple[Database, httpx.Client]]:
    """A client of this release's service on that database, before any other request."""
    with serving(older, tmp_path) as service:
        yield service


@contextmanager
def serving(
    older: tuple[Database, Settings], tmp_path: Path
) -> Iterator[tuple[Database, httpx.Client]]:
    """This release's service on a database, and a client of it."""
    db, settings = older
    environment = {
        "RELGRAPH_DATABASE_URL": settings.database_url,
        "RELGRAPH_DATABASE_USER": settings.database_user,
    }
    if password := settings.database_password.get_secret_value():
        environment["RELGRAPH_DATABASE_PASSWORD"] = password
    with (
        running(tmp_path, "serve", "--port", "0", **environment) as (_, address),
        httpx.Client(base_url=f"{address}/api/v1", timeout=60) as client,
    ):
        yield db, client


LATER_LABELS = (
    *("ExternalId", "SearchKey", "SearchEntry", "SearchWord", "SearchDue"),
    *("Change", "Deletion", "Migration"),
)
FORGET = """
MATCH (n) WHERE any(label IN labels(n) WHERE label IN $labels)
DETACH DELETE n
"""


def stored() -> list[dict[str, Any]]:
    """The nodes of the older database, then its edges, which name them by their line's number."""
    lines = gzip.decompress(RELEASE.read_bytes()).decode().splitlines()
    return [json.loads(line) for line in lines]


def restore(db: Database) -> None:
    """Write the nodes and edges of the older database as they were."""
    statements: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = stored()
    for row in rows:
        if "type" in row:
            ends = [rows[row[end]] for end in ("from", "to")]
            labels = dict(zip("ab", (end["labels"][0] for end in ends), strict=True))
            text = EDGES.format(type=row["type"], **labels)
            row |= {"from": ends[0]["props"]["id"], "to": ends[1]["props"]["id"]}
        else:
            text = NODES.format(label=row["labels"][0])
        statements[text].append(row)
    for text, rows in statements.items():
        db.write(lambda tx, text=text, rows=rows: tx.rows(text, {"rows": rows}))  # type: ignore[misc]


def faults_of(db: Database) -> list[str]:
    """What the check finds besides the circle of managers that the samples have."""
    codes = [fault.code for fault in diagnose(access_to(db)).faults]
    assert codes.count("manager_circle") == 1
    return [code for code in codes if code != "manager_circle"]


def check_search(client: httpx.Client, *, besides: str = "") -> None:
    """Everybody is found by each of their names, `besides` those with such letters."""
    people = [row["props"] for row in stored() if row.get("labels") == ["Stakeholder"]]
    assert len(people) > 50
    for person in people:
        names = [person[n] for n in ("name", "name_en", "name_zh") if n in person]
        for name in (name for name in names if not set(name) & set(besides)):
            hits = client.get("/search", params={"q": name, "limit": 50}).json()["items"]
            assert person["id"] in {hit["id"] for hit in hits}, name


def test_everybody_is_found_before_the_index_is_complete(
    older: tuple[Database, Settings],
) -> None:
    db, _ = older
    db.migrate()
    with api_of(db) as client:
        client.base_url = client.base_url.join("/api/v1")
        check_search(client, besides="øł")  # they had other keys then
    assert not db.read(is_complete), "nothing has completed it meanwhile"


def test_a_database_of_an_older_release_has_and_does_everything(
    service: tuple[Database, httpx.Client],
) -> None:
    db, client = service
    check_search(client)  # from the first request on
    check_log(db)
    check_past_and_undo(db, client)
    check_external_ids(client)
    assert faults_of(db) == []


def check_external_ids(client: httpx.Client) -> None:
    """Each id of another system names the record that it named before."""
    known = [row["props"] for row in stored() if row.get("labels") == ["ExternalId"]]
    assert known
    for external in known:
        kind, system, number = external["id"].split("/")
        path = f"/{kind}/by-external-id/{system}/{number}"
        assert client.get(path).json()["id"] == external["node_id"]
        again = client.put(path, json={"name": "Known"})
        assert (again.status_code, again.json()["id"]) == (200, external["node_id"])


def check_past_and_undo(db: Database, client: httpx.Client) -> None:
    """Old changes are undone, and a customer is rebuilt as it was before them."""
    before = account_at(access_to(db, LATER), "huading", IMPORTED)
    assert {"wang", "li", "sun", "chen"} <= before.by_id.keys()
    assert before.by_id["chen"].title != "Chief financial officer"
    for change in (MOVED, MERGED, REMOVED):
        answer = client.post(f"/changes/{change}/undo")
        assert answer.status_code == 200, answer.text
    now = read_account(access_to(db, LATER), "huading")
    assert {"wang", "li", "sun", "chen"} <= now.by_id.keys()
    assert [edge.evidence for edge in now.influences if edge.evidence == "asked twice"]


def check_log(db: Database) -> None:
    """Its log is read in the order of commits, too."""
    access = access_to(db, LATER)
    logged = changes(access, limit=5_000).items
    assert logged
    assert changes_from(access, Mark.read(START), limit=5_000).items == logged


def test_no_second_record_is_made_of_one_that_an_older_relgraph_knew(
    oldest: tuple[Database, Settings], tmp_path: Path
) -> None:
    """The first request after the upgrade is a write."""
    known = [row["props"] for row in stored() if row.get("labels") == ["ExternalId"]]
    with serving(oldest, tmp_path) as (db, client):
        for external in known:
            kind, system, number = external["id"].split("/")
            path = f"/{kind}/by-external-id/{system}/{number}"
            again = client.put(path, json={"name": "Known"})
            assert (again.status_code, again.json()["id"]) == (200, external["node_id"])
        assert faults_of(db) == []
        client.post("/customers", json={"id": "new", "name": "New"}).raise_for_status()
        hits = client.get("/search", params={"q": "王", "limit": 50}).json()["items"]
        assert hits
    assert faults_of(oldest[0]) == []


def test_records_that_share_an_external_id_are_reported(
    oldest: tuple[Database, Settings],
) -> None:
    db, _ = oldest
    db.migrate()
    text = """
    UNWIND ['first', 'second'] AS id
    CREATE (:Stakeholder {id: id, name: id, external_ids: '{"crm": "X1"}'})
    """
    db.write(lambda tx: tx.rows(text, {}))
    faults = {fault.code: fault.text for fault in diagnose(access_to(db)).faults}
    assert "first, second" in faults["shared_external_id"]
    assert "crm: X1" in faults["shared_external_id"]
    assert "reindex" in faults["unknown_external_id"]
    assert "upgrade_unfinished" in faults
