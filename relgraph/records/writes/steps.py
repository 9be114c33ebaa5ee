"""What a write runs: statements with their rows, each with what the change log says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import RelgraphError
from relgraph.records import spool
from relgraph.records.batches import ROWS_A_STATEMENT, batches
from relgraph.records.log.change_log import Entry
from relgraph.records.spool import Spool
from relgraph.schema.values import Values

Parameters = Values | list[Any]
"""A row for a statement: its values by name, or in the order that the statement expects."""


class Item(NamedTuple):
    """A row for a statement, and what the change log says of it."""

    row: Parameters
    entry: Entry | None = None


class ConcurrentChange(RelgraphError):
    """Somebody changed a row between reading and writing it."""

    code = "overtaken"


@dataclass(slots=True)
class Step:
    """One statement with its rows."""

    query: str
    rows: list[Parameters]
    counted: bool = True
    """Whether it must touch as many rows as it was given; else somebody was faster."""
    entries: list[Entry] = field(default_factory=list)


def _pack(step: Step) -> Any:
    return step.query, step.rows, step.counted, [tuple(entry) for entry in step.entries]


def _unpack(packed: Any) -> Step:
    query, rows, counted, entries = packed
    return Step(query, rows, counted, [Entry(*entry) for entry in entries])


class Steps(Spool[Step]):
    """Steps in their order; beyond some tens of thousands of rows they stand in a file."""

    def __init__(self) -> None:
        self.rows = 0
        super().__init__(
            held=max(1, spool.ROWS_HELD // ROWS_A_STATEMENT), chunk=1, pack=_pack, unpack=_unpack
        )

    def append(self, item: Step) -> None:
        self.rows += len(item.rows)
        super().append(item)


def make_steps(query: str, items: list[Item], *, counted: bool = True) -> list[Step]:
    """As many steps as the rows need."""
    return [
        Step(
            query,
            [item.row for item in batch],
            counted,
            [item.entry for item in batch if item.entry is not None],
        )
        for batch in batches(items)
    ]


def run_step(tx: Transaction, step: Step, stamp: str) -> None:
    """Run one step. Raises ConcurrentChange if it touched fewer rows than it was given."""
    parameters: Values = {"rows": step.rows}
    if "now" in queries.catalogue()[step.query].parameters:
        parameters["now"] = stamp
    touched = queries.run(tx, step.query, **parameters)
    if step.counted and touched != len(step.rows):
        raise ConcurrentChange(f"{step.query} touched {touched} of {len(step.rows)} rows.")
