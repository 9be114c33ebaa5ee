"""Whether anything was written between two instants, however late it was committed."""

from __future__ import annotations

from typing import NamedTuple

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.log.commit_order import notes_committed
from relgraph.records.writes.parts import Work, unfinished_in


class Written(NamedTuple):
    """All that was committed up to an instant: two of these are equal if nothing was between."""

    notes: int
    works: int
    """Long works that were ever begun; what some of them noted is forgotten at their end."""
    under_way: tuple[Work, ...]
    """Long works that have not ended; some of their parts note nothing."""

    def differs(self, begin: Written) -> bool:
        """Whether anything may have been committed since `begin`, an earlier look.

        While a long work forgets its notes, those of others may come in their place.
        """
        return self != begin or any(work.ending for work in self.under_way)


def written_now(access: Access) -> Written:
    """What was committed before this call."""

    def works(tx: Transaction) -> tuple[int, tuple[Work, ...]]:
        return queries.value(tx, "count_work"), tuple(unfinished_in(tx))

    return Written(notes_committed(access), *access.read(works, timeout_s=600))
