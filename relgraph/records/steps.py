"""What an import writes: statements with their rows, each with what takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from relgraph.records.batches import batches

Change = tuple[dict[str, Any], dict[str, Any]]
"""A row for a statement, and the row for the same statement that takes it back."""


@dataclass(slots=True)
class Step:
    """One statement with its rows. `undo` is the query and the rows that take it back."""

    query: str
    rows: list[dict[str, Any]]
    timed: bool = False
    """Whether the query takes the time of the import."""
    counted: bool = True
    """Whether it must touch as many rows as it was given; else somebody was faster."""
    undo: tuple[str, list[dict[str, Any]]] | None = None


def change_steps(query: str, changes: list[Change], *, timed: bool = True) -> list[Step]:
    """Steps with a statement that takes its own work back when it is given the former values."""
    return [
        Step(query, [new for new, _ in b], timed=timed, undo=(query, [old for _, old in b]))
        for b in batches(changes)
    ]
