"""Long lists in slices that one statement can write or read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

ROWS_A_STATEMENT = 2_000

T = TypeVar("T")


def batches(items: list[T], size: int | None = None) -> Iterator[list[T]]:
    """The items in their order, `size` of them at a time, else as many as one statement takes."""
    size = size or ROWS_A_STATEMENT
    for start in range(0, len(items), size):
        yield items[start : start + size]


def pages(
    read: Callable[[str], list[T]], size: int, place: Callable[[T], str], *, after: str = ""
) -> Iterator[T]:
    """All rows in the order of their places, `size` of them at a time.

    `read` gives the first so many rows after a place.
    """
    while True:
        page = read(after)
        yield from page
        if len(page) < size:
            return
        after = place(page[-1])
