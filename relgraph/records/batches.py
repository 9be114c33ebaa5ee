"""Long lists in slices that one statement can take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

ROWS_A_STATEMENT = 2_000

T = TypeVar("T")


def batches(items: list[T]) -> Iterator[list[T]]:
    """The items in their order, so many at a time."""
    for start in range(0, len(items), ROWS_A_STATEMENT):
        yield items[start : start + ROWS_A_STATEMENT]
