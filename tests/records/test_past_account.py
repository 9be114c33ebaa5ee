"""A customer at an instant, rebuilt from the change log, is what was read then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph import queries
from relgraph.database import Database
from relgraph.errors import NotFound
from relgraph.records.access import Access
from relgraph.records.imports.load import import_records
from relgraph.records.log.past_account import account_at
from relgraph.records.reads.account import read_account
from relgraph.schema.account import Account
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import DEAL, DEPARTMENT, STAKEHOLDER
from tests.support.access import access_to
from tests.support.service import NOW, SEEDS, api_of

V1 = "/api/v1"
Writes = Sequence[tuple[str, str, dict[str, Any] | None]]
LATER = NOW + timedelta(hours=1)

LEAVING = {
    "removed where it had gone": [
        ("PATCH", "{path}", {"customer_id": "riverbank"}),
        ("PATCH", "{path}", {"name": "Renamed there"}),
        ("DELETE", "{path}?cascade=true", None),
    ],
    "made again elsewhere": [
        ("DELETE", "{path}?cascade=true", None),
        ("POST", "{list}", {"id": "{id}", "name": "Another", "customer_id": "riverbank"}),
        ("PATCH", "{path}", {"name": "Renamed there"}),
    ],
    "back after a change elsewhere": [
        ("PATCH", "{path}", {"customer_id": "riverbank"}),
        ("PATCH", "{path}", {"name": "Renamed there"}),
        ("PATCH", "{path}", {"customer_id": "huading"}),
    ],
}
JOBLESS = {
    "removed while at none": [("DELETE", "/stakeholders/{id}?cascade=true", None)],
    "back after a change while at none": [
        ("PATCH", "/stakeholders/{id}", {"title": "At home"}),
        ("PUT", "/deals/dc-renewal/supports/{id}", {"stance": -2}),
        ("PATCH", "/stakeholders/{id}", {"customer_id": "huading"}),
    ],
    "elsewhere after a change while at none": [
        ("PUT", "/members/ann/knows/{id}", {"closeness": 5}),
        ("PATCH", "/stakeholders/{id}", {"customer_id": "riverbank"}),
    ],
}


@pytest.mark.parametrize("kind", [STAKEHOLDER, DEAL, DEPARTMENT], ids=str)
@pytest.mark.parametrize("way", LEAVING)
def test_what_left_a_customer_is_in_its_past(database: Database, kind: NodeKind, way: str) -> None:
    with huading_and_riverbank(database) as api:
        id_ = {"stakeholders": "chen", "deals": "dc-renewal", "departments": "guest"}[kind.plural]
        if kind is DEPARTMENT:
            body = {"id": id_, "name": "Guests", "customer_id": "huading"}
            assert api.post(f"{V1}/departments", json=body).status_code == 201
        names = {"path": f"/{kind.plural}/{id_}", "list": f"/{kind.plural}", "id": id_}
        check_past(api, database, LEAVING[way], names)


@pytest.mark.parametrize("way", JOBLESS)
def test_who_was_at_no_customer_for_a_while_is_in_its_past(database: Database, way: str) -> None:
    with huading_and_riverbank(database) as api:
        leaves = ("DELETE", "/stakeholders/{id}/employments/huading", None)
        check_past(api, database, [leaves, *JOBLESS[way]], {"id": "chen"})


NODES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("customers", {"id": "huading", "name": "Huading"}),
    ("customers", {"id": "riverbank", "name": "Riverbank"}),
    ("members", {"id": "ann", "name": "Ann"}),
    ("deals", {"id": "dc-renewal", "name": "Renewal", "customer_id": "huading"}),
    ("stakeholders", {"id": "chen", "name": "Chen", "customer_id": "huading"}),
    (
        "stakeholders",
        {"id": "wang", "name": "Wang", "customer_id": "huading", "manager_id": "chen"},
    ),
)


@contextmanager
def huading_and_riverbank(database: Database) -> Iterator[TestClient]:
    """Two customers; people, a deal and some edges at the first."""
    operations: list[dict[str, Any]] = [
        {"method": "POST", "path": f"/{many}", "body": body} for many, body in NODES
    ]
    for path, body in (
        ("/stakeholders/wang/managers/chen", {}),
        ("/stakeholders/wang/influences/chen", {"strength": 0.5}),
        ("/deals/dc-renewal/supports/chen", {"stance": 1}),
        ("/members/ann/knows/chen", {"closeness": 3}),
    ):
        operations.append({"method": "PUT", "path": path, "body": body})
    with api_of(database) as api:
        answer = api.post(f"{V1}/batch", json={"operations": operations})
        assert answer.status_code == 200, answer.text
        yield api


def check_past(api: TestClient, database: Database, writes: Writes, names: dict[str, str]) -> None:
    """Write; then each customer at each instant is what was read then."""
    access = access_to(database, LATER)
    customers = ("huading", "riverbank")
    recorded = [(id_, last_instant(access), read_account(access, id_)) for id_ in customers]
    for method, path, body in writes:
        filled = (
            {
                name: value.format(**names) if isinstance(value, str) else value
                for name, value in body.items()
            }
            if body
            else None
        )
        answer = api.request(method, V1 + path.format(**names), json=filled)
        assert answer.status_code < 300, answer.text
        now = last_instant(access)
        recorded += [(id_, now, read_account(access, id_)) for id_ in customers]
    assert len({str(account) for _, _, account in recorded}) > len(customers)
    for id_, when, account in recorded:
        assert account_at(access, id_, when) == account, (id_, when)


def last_instant(access: Access) -> datetime:
    """When something was written last."""
    latest = access.read(lambda tx: queries.value(tx, "last_change"))
    return datetime.fromisoformat(latest.partition("/")[0])


def test_a_customer_at_an_instant_is_what_was_read_then(database: Database) -> None:
    import_records(access_to(database, NOW), SEEDS / "demo")
    access = access_to(database, LATER)
    everyone = [person.id for person in read_account(access, "huading").people]
    first, removed, moved, kept, duplicate = everyone[:5]
    other = "riverbank"
    writes = (
        ("PATCH", f"/stakeholders/{first}", {"title": "Changed"}),
        ("PUT", f"/stakeholders/{first}/influences/{kept}", {"strength": 0.3}),
        ("DELETE", f"/stakeholders/{removed}?cascade=true", None),
        ("POST", "/customers", {"id": other, "name": "Riverbank"}),
        ("PATCH", f"/stakeholders/{moved}", {"customer_id": other}),
        ("PATCH", f"/stakeholders/{moved}", {"title": "Elsewhere"}),
        ("POST", f"/stakeholders/{kept}/merge", {"duplicate_id": duplicate}),
        ("PATCH", "/customers/huading", {"name": "Renamed"}),
    )
    recorded: list[tuple[datetime, Account]] = [(NOW, read_account(access, "huading"))]
    with api_of(database) as api:
        for method, path, body in writes:
            answer = api.request(method, V1 + path, json=body)
            assert answer.status_code < 300, answer.text
            recorded.append((last_instant(access), read_account(access, "huading")))
        last = answer.headers["relgraph-change"]
        assert api.post(f"{V1}/changes/{last}/undo").status_code == 200
    assert len({account.customer.name for _, account in recorded}) == 2, "something was recorded"
    for when, account in recorded:
        assert account_at(access, "huading", when) == account


def test_what_was_not_there_or_may_not_be_seen_is_not_found(database: Database) -> None:
    import_records(access_to(database, NOW), SEEDS / "demo")
    with pytest.raises(NotFound):
        account_at(access_to(database, LATER), "huading", NOW - timedelta(days=1))
    with pytest.raises(NotFound):
        account_at(access_to(database, LATER, customers=frozenset({"none"})), "huading", LATER)
