"""What one request must see: the writes that its sender has made through another process.

On a cluster a read may meet a member that has not heard of a write yet. Whoever wrote gets a
bookmark and sends it along; what runs inside `waiting_for` waits until its member has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_bookmarks: ContextVar[tuple[str, ...]] = ContextVar("bookmarks", default=())


@contextmanager
def waiting_for(bookmarks: Iterable[str]) -> Iterator[None]:
    """Transactions inside wait for these bookmarks, beside those of their own process."""
    token = _bookmarks.set(tuple(bookmarks))
    try:
        yield
    finally:
        _bookmarks.reset(token)


def awaited() -> tuple[str, ...]:
    """The bookmarks to wait for here."""
    return _bookmarks.get()
