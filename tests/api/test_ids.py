"""Every id that is taken opens everywhere; what could not be opened is refused at the door."""

from __future__ import annotations

import http.client
import re
import string
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.diagnostics import diagnose
from relgraph.records.imports.load import import_records
from relgraph.schema.kinds import CUSTOMER, DEAL, MEMBER, STAKEHOLDER, edge_kind
from relgraph.schema.values import RESERVED_IDS
from tests.api.test_writes import all_at_once
from tests.records.folders import exported, folder
from tests.support.access import access_to
from tests.support.service import api_of, app_of, client_of, serving

V1 = "/api/v1"
CASE = Path(__file__).parents[1] / "cases" / "id-with-slash" / "input"
AWKWARD = [
    f"a{string.punctuation}b", "/", "a/", "//a", "x/../y", "x/.", "...", "a%2Fb", "a/b", "%",
    "%2e%2e", "map", "a/map", "manager", "by-external-id/x/y", "?", "#", "\\..\\", ";=&+", "{id}",
    "华为/一部", "e\u0301\u2028\u00a0👍x", "/" * 200, "PERSON$&",
]  # fmt: skip
"""An id of each kind that could get lost in an address, and all marks of ASCII."""


def part(id_: str) -> str:
    return quote(id_, safe="")


def filled(api: TestClient, id_: str) -> None:
    """A record of this id of each kind that the tests follow, tied to others of such ids."""
    other = f"{id_[:190]}-2"
    made = [
        ("customers", {"id": id_, "name": "C"}),
        ("members", {"id": id_, "name": "M"}),
        ("stakeholders", {"id": other, "customer_id": id_, "name": "T"}),
        ("stakeholders", {"id": id_, "customer_id": id_, "name": "S", "manager_id": other}),
        ("deals", {"id": id_, "customer_id": id_, "name": "D"}),
    ]
    all_at_once(api, *(("POST", f"/{path}", body) for path, body in made))


def test_every_id_opens_in_the_api_and_in_pages(local_db: Database) -> None:
    api = api_of(local_db)
    for id_ in AWKWARD:
        filled(api, id_)
    for id_ in AWKWARD:
        own = part(id_)
        for kind in (CUSTOMER, STAKEHOLDER, DEAL, MEMBER):
            answer = api.get(kind.ref(id_))
            assert (answer.status_code, answer.json().get("id")) == (200, id_), (id_, answer.text)
        for path in (f"customers/{own}/map", f"members/{own}/activities"):
            assert api.get(f"{V1}/{path}").status_code == 200, (id_, path)
        manager = api.get(f"{V1}/stakeholders/{own}/manager").json()
        assert manager["manager_id" if "manager_id" in manager else "to_id"] == f"{id_[:190]}-2"
        influence = edge_kind("influences").ref((id_, f"{id_[:190]}-2", ""))
        assert api.put(influence, json={"strength": 0.5}).status_code == 200, influence
        for path in (f"people/{own}", f"customers/{own}/people"):
            page = api.get(f"/{path}", headers={"Accept": "text/html"})
            assert page.status_code == 200, (id_, path)
        assert api.delete(influence).status_code == 204


LINK = re.compile(r'(?:href|data-src)="([^"#]+)')


def test_every_link_of_a_page_leads_to_its_record(local_db: Database) -> None:
    api = api_of(local_db)
    for id_ in ("A/S?x=1#2", 'D%2F3 & F\\G"'):
        filled(api, id_)
        own = part(id_)
        api.put(f"{V1}/members/{own}/knows/{own}", json={"closeness": 2})
        pages = [f"/people/{own}", "/customers", "/", "/people?q=S"]
        pages += [f"/customers/{own}/{tab}" for tab in ("map", "chain", "people", "deals")]
        links = {
            urljoin(page, unescape(link))
            for page in pages
            for link in LINK.findall(api.get(page, headers={"Accept": "text/html"}).text)
        }
        assert any(own in link for link in links)
        for link in links:
            if not link.startswith(("mailto:", "http")):
                assert api.get(link).status_code == 200, (id_, link)
        for back in ("/lang/zh", "/lang/en"):
            [address] = [link for link in links if link.startswith(f"{back}?")][:1]
            assert api.get(address).status_code == 200


def test_map_documents_name_ids_as_they_are(local_db: Database) -> None:
    api = api_of(local_db)
    filled(api, "A/S-1")
    document = api.get(f"{V1}/customers/A%2FS-1/map").json()
    assert {card["id"] for card in document["cards"]} >= {"A/S-1", "A/S-1-2"}
    assert api.get(f"{V1}/customers/A%2fS-1/map").json() == document
    assert api.get(f"{V1}/customers/A/S-1/map").status_code == 404
    problem = api.get(f"{V1}/customers/no%2Fsuch").json()
    assert (problem["status"], problem["instance"]) == (404, f"{V1}/customers/no%2Fsuch")


def test_a_batch_and_other_systems_ids_may_hold_slashes(local_db: Database) -> None:
    api = api_of(local_db)
    filled(api, "A/S-1")
    operations = [{"method": "PATCH", "path": "/customers/A%2FS-1", "body": {"name": "New"}}]
    assert api.post(f"{V1}/batch", json={"operations": operations}).status_code == 200
    assert api.get(f"{V1}/customers/A%2FS-1").json()["name"] == "New"
    put = f"{V1}/customers/by-external-id/s%2F4/x%2Fy"
    assert api.put(put, json={"id": "A/S-1"}).status_code == 200
    assert api.get(put).json()["external_ids"] == {"s/4": "x/y"}
    assert api.get(f"{V1}/customers/by-external-id/s%2F4/x/y").json()["id"] == "A/S-1"


def test_over_a_real_connection(local_db: Database) -> None:
    app = app_of(local_db)
    filled(client_of(app), "A/S-1")
    with serving(app) as address:

        def get(path: str) -> tuple[int, str | None]:
            connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            return answer.status, answer.headers["Location"]

        for path in (f"{V1}/customers/A%2FS-1", "/people/A%2FS-1", "/customers/A%2FS-1/map"):
            assert get(path) == (200, None), path
        assert get("/api%2Fv1/customers")[0] == 404
        assert get("/customers/A%2FS-1") == (307, "/customers/A%2FS-1/map")


def test_who_must_sign_in_comes_back_to_the_same_page(local_db: Database) -> None:
    client = client_of(app_of(local_db, token="t" * 40))
    page = "/customers/A%2FS-1/map"
    answer = client.get(page, headers={"Accept": "text/html"}, follow_redirects=False)
    assert answer.headers["Location"] == f"/login?next={quote(page)}"


def test_no_fixed_part_of_an_address_hides_an_id(local_db: Database) -> None:
    """For every route with an id: a record that is called like any fixed part is still reached."""
    app = app_of(local_db)
    routes = [route for route in iter_route_contexts(app.routes) if getattr(route, "path", None)]
    fixed = {
        piece for route in routes for piece in route.path.split("/") if piece and "{" not in piece
    }
    assert "by-external-id" in fixed and "manager" in fixed
    for route in routes:
        if "{id}" not in route.path or "by-external-id" in route.path:
            continue
        for id_ in sorted(fixed - RESERVED_IDS):
            path = route.path.replace("{id}", id_, 1)
            path = re.sub(r"\{\w+(:path)?\}", "x", path)
            for method in route.methods or ():
                first = next(
                    other for other in routes
                    if method in (other.methods or ()) and other.path_regex.match(path)
                )  # fmt: skip
                assert first.path == route.path, (route.path, path)


@pytest.mark.parametrize("id_", sorted(RESERVED_IDS))
def test_what_cannot_be_opened_is_refused(local_db: Database, tmp_path: Path, id_: str) -> None:
    answer = api_of(local_db).post(f"{V1}/customers", json={"id": id_, "name": "X"})
    assert answer.status_code == 422 and "cannot be an id" in answer.text
    source = folder(tmp_path / "in", customers=[{"id": id_, "name": "X"}])
    with pytest.raises(ImportRefused) as error:
        import_records(access_to(local_db), source)
    assert [str(problem) for problem in error.value.problems] == [
        f"customers.csv:2:id: “{id_}”: cannot be an id, for its address would lead elsewhere; "
        "choose another one here and wherever it is named"
    ]


def test_an_import_of_awkward_ids(local_db: Database, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as error:
        import_records(access_to(local_db), CASE)
    assert [(problem.line, problem.value) for problem in error.value.problems] == [(7, "..")]
    text = (CASE / "customers.csv").read_text("utf-8").replace("..,Dots\n", "")
    (tmp_path / "customers.csv").write_text(text, "utf-8")
    import_records(access_to(local_db), tmp_path)
    api = api_of(local_db)
    for line in text.splitlines()[1:]:
        id_, _, name = line.rpartition(",")
        assert api.get(CUSTOMER.ref(id_)).json()["name"] == name
        assert api.get(f"/customers/{part(id_)}/map").status_code == 200


def test_what_an_older_version_took_is_named_exported_and_removed(
    database: Database, tmp_path: Path
) -> None:
    source = folder(tmp_path / "in", customers=[{"id": "old", "name": "Old"}])
    import_records(access_to(database), source)
    database.write(lambda tx: tx.rows("MATCH (c:Customer {id: 'old'}) SET c.id = '..'", {}))
    [fault] = [
        fault for fault in diagnose(access_to(database)).faults if fault.code == "reserved_id"
    ]
    assert "customer .." in fault.text
    assert [row["id"] for row in exported(database, tmp_path / "out")["customers"]] == [".."]
    operations = [{"method": "DELETE", "path": "/customers/.."}]
    answer = api_of(database).post(f"{V1}/batch", json={"operations": operations})
    assert answer.status_code == 200, answer.text
    assert diagnose(access_to(database)).counts["customers"] == 0
