"""Who is asking, of which database, and when: what every function of `records` is given.

A viewer may be restricted to some customers. The restriction travels with the transaction, and
each query says whether it is restricted (see `relgraph.queries`), so that no function can forget
it. What nobody asked for, such as keeping the index, runs as `SERVICE`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from relgraph.database import Database, Transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person or program that reads and writes.

    `name` stands in the change log; `customers` are those that may be seen, None for all.
    """

    name: str = ""
    customers: frozenset[str] | None = None


SERVICE = Viewer()
"""relgraph itself, which sees everything."""


@dataclass(frozen=True, slots=True)
class Access:
    """A viewer's way to a database at an instant (`now`, UTC)."""

    database: Database
    viewer: Viewer
    now: datetime

    @property
    def today(self) -> date:
        """The day of `now` in UTC."""
        return self.now.date()

    def read(self, work: Callable[[Transaction], T], *, timeout_s: float | None = None) -> T:
        """Run `work` in a read transaction that sees what the viewer may see."""
        return self.database.read(self._seen(work), timeout_s=timeout_s)

    def write(
        self, work: Callable[[Transaction], T], *, bookmarks: Iterable[str] | None = None
    ) -> T:
        """Run `work` in a write transaction that sees what the viewer may see."""
        return self.database.write(self._seen(work), bookmarks=bookmarks)

    def _seen(self, work: Callable[[Transaction], T]) -> Callable[[Transaction], T]:
        customers = self.viewer.customers
        if customers is None:
            return work
        return lambda tx: work(tx.restricted_to(customers, self.today.isoformat()))
