"""A customer at an instant, rebuilt from the change log, is what was read then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from relgraph import queries
from relgraph.database import Database
from relgraph.errors import NotFound
from relgraph.records.imports.load import import_records
from relgraph.records.log.past_account import account_at
from relgraph.records.reads.account import read_account
from relgraph.schema.account import Account
from tests.support.access import access_to
from tests.support.service import NOW, SEEDS, api_of

V1 = "/api/v1"
LATER = NOW + timedelta(hours=1)


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
            latest = access.read(lambda tx: queries.value(tx, "last_change"))
            at = latest.partition("/")[0]
            recorded.append((datetime.fromisoformat(at), read_account(access, "huading")))
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
