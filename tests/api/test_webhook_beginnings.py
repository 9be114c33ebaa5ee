"""A webhook gets what is committed after it was made or made active: all of a write, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from relgraph import queries
from relgraph.database import Database, Transaction
from relgraph.records.access import Access
from relgraph.records.imports.load import import_records
from relgraph.records.webhooks import events, store
from relgraph.records.webhooks.events import make_deliveries
from tests.records.folders import folder
from tests.support.access import access_to
from tests.support.parts import long_work_in_parts
from tests.support.slow_import import SlowImport

EVERYTHING = 10
"""Events of an import of `SlowImport`: a customer and nine people."""


def now(db: Database) -> Access:
    return access_to(db, datetime.now(UTC))


def listen(db: Database, **more: Any) -> str:
    values = {"url": "https://x.example/", "kinds": ["customer.*", "stakeholder.*"], **more}
    return str(store.create(now(db), values)["id"])


def deliver(db: Database) -> None:
    while make_deliveries(now(db)):
        pass


def events_of(db: Database, webhook: str) -> list[str]:
    rows = db.read(lambda tx: queries.rows(tx, "waiting_deliveries", webhook=webhook, limit=100))
    return [row["delivery"]["subject"] for row in rows]


@pytest.mark.parametrize("in_small_parts", [False, True], ids=["at once", "in parts"])
def test_made_while_an_import_runs(
    database: Database, tmp_path: Path, in_small_parts: bool
) -> None:
    with long_work_in_parts(in_small_parts=in_small_parts):
        slow = SlowImport(database, tmp_path, "slow")
        webhook = listen(database)
        deliver(database)
        assert events_of(database, webhook) == []
        slow.end()
    late = listen(database)
    deliver(database)
    assert len(set(events_of(database, webhook))) == EVERYTHING
    assert events_of(database, late) == []


def test_made_while_the_queue_is_emptied(database: Database, tmp_path: Path) -> None:
    first = listen(database)
    with long_work_in_parts(in_small_parts=True):
        SlowImport(database, tmp_path, "slow").end()
    with mock.patch.object(events, "NOTES_AT_ONCE", 1):
        assert make_deliveries(now(database)) == 1
        second = listen(database)
        deliver(database)
    assert len(set(events_of(database, first))) == EVERYTHING
    assert events_of(database, second) == []


def test_made_active_again(database: Database, tmp_path: Path) -> None:
    webhook = listen(database)
    with long_work_in_parts(in_small_parts=True):
        store.change(now(database), webhook, {"active": False}, None)
        SlowImport(database, tmp_path, "missed").end()
        slow = SlowImport(database, tmp_path, "slow")
        changed = store.change(now(database), webhook, {"active": True}, None)
        assert not {"passed_over", "secret"} & set(changed)
        slow.end()
    deliver(database)
    subjects = set(events_of(database, webhook))
    assert len(subjects) == EVERYTHING
    assert all("slow" in subject for subject in subjects)


def test_made_just_before_the_queue_is_emptied(database: Database, tmp_path: Path) -> None:
    """The worker has seen that there is work, and not yet who listens."""
    first = listen(database)
    SlowImport(database, tmp_path, "early").end()
    second: list[str] = []
    value = queries.value

    def interrupted(tx: Transaction, name: str, **parameters: Any) -> Any:
        there = value(tx, name, **parameters)
        if name == "any_queued" and not second:
            second.append(listen(database))
            source = folder(tmp_path / "late", customers=[{"id": "late", "name": "Late"}])
            import_records(now(database), source)
        return there

    with mock.patch.object(events.queries, "value", interrupted):
        deliver(database)
    assert len(set(events_of(database, first))) == EVERYTHING + 1
    assert events_of(database, second[0]) == ["customers/late"]
