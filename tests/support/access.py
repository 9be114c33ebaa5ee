"""Access for tests: everything may be seen, at a time that the test names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import cast

from relgraph.database import Database
from relgraph.records.access import Access, Viewer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def access_to(
    database: Database,
    when: datetime | date = NOON,
    actor: str = "",
    *,
    customers: frozenset[str] | None = None,
) -> Access:
    """Access to a database on a day or at an instant, to all customers or to some."""
    return Access(database, Viewer(actor, customers), _instant(when))


def access_at(when: datetime, actor: str) -> Access:
    """What names a change; no database is asked with it."""
    return Access(cast(Database, None), Viewer(actor), when)


def _instant(when: datetime | date) -> datetime:
    return when if isinstance(when, datetime) else datetime.combine(when, time(12), UTC)
