"""How often a read asks the database and waits: on a network each time costs as much as a query."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from relgraph.database import Database
from relgraph.records.access import Access
from relgraph.records.imports.load import import_records
from relgraph.records.reads.account import read_account, read_account_of_deal
from relgraph.records.reads.snapshots import read_person
from tests.contract.times import SEEDS
from tests.support.access import access_to
from tests.support.round_trips import Trips, counted

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def way(database: Database) -> Iterator[tuple[Access, Trips]]:
    import_records(access_to(database, NOW), SEEDS / "demo")
    with counted(database) as (db, trips):
        access = access_to(db, NOW)
        read_account(access, "huading")  # it connects and logs in
        trips.count = 0
        yield access, trips


def test_a_customer_is_read_in_three_round_trips(way: tuple[Access, Trips]) -> None:
    """Begin, one statement, end."""
    access, trips = way
    assert len(read_account(access, "huading").people) > 5
    assert trips.count == 3


def test_the_customer_of_a_deal_is_read_in_four(way: tuple[Access, Trips]) -> None:
    access, trips = way
    assert read_account_of_deal(access, "dc-renewal").customer.id == "huading"
    assert trips.count == 4


def test_a_person_is_read_in_eight(way: tuple[Access, Trips]) -> None:
    access, trips = way
    assert read_person(access, "wang").influences
    assert trips.count == 8
