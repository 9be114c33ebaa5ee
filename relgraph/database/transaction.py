"""What a unit of work gets to run its statements with."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, cast

from relgraph.database.driver import neo4j
from relgraph.database.translate import too_slow
from relgraph.schema.values import Values


class Transaction:
    """One transaction. Use it only inside the work that it was given to."""

    __slots__ = ("_deadline", "_transaction", "visible", "visible_on", "writable")

    def __init__(
        self,
        transaction: neo4j.ManagedTransaction,
        *,
        writable: bool,
        deadline: float | None = None,
        visible: frozenset[str] | None = None,
        visible_on: str = "",
    ) -> None:
        self._transaction = transaction
        self.writable = writable
        self._deadline = deadline
        self.visible = visible
        """Ids of the customers that may be seen in it; None for all."""
        self.visible_on = visible_on
        """The day, as ISO text, on which people belong to a customer that they work at then."""

    def restricted_to(self, customers: frozenset[str], on: str) -> Transaction:
        """The same transaction for a viewer who may see these customers only, on this day."""
        return Transaction(
            self._transaction,
            writable=self.writable,
            deadline=self._deadline,
            visible=customers,
            visible_on=on,
        )

    def rows(self, text: str, parameters: Mapping[str, Any]) -> list[Values]:
        """Run one statement; each row as a dict of plain values by column name."""
        rows = []
        for record in self._transaction.run(cast(Any, text), dict(parameters)):
            if self._deadline is not None and time.monotonic() > self._deadline:
                raise too_slow()
            rows.append(plain(record))
        return rows


def plain(record: neo4j.Record) -> Values:
    """A row as a dict."""
    return dict(zip(record.keys(), record.values(), strict=True))
