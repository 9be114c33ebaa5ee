"""Long work in parts of a few rows, for tests with few rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

from relgraph.records import long_tables, spool
from relgraph.records.imports import in_parts, load
from relgraph.records.writes import undo, undo_parts


@contextmanager
def long_work_in_parts(*, in_small_parts: bool) -> Iterator[None]:
    """Imports and undos go in parts of a few rows, or in one transaction."""
    with ExitStack() as patches:
        if in_small_parts:
            for module, limit, size in (
                (load, "ROWS_PER_TRANSACTION", 1),
                (in_parts, "ROWS_A_PART", 2),
                (undo, "LARGEST", 2),
                (undo_parts, "LARGEST", 2),
                (undo_parts, "ENTRIES_A_PART", 2),
                (spool, "ROWS_HELD", 3),
                (spool, "ROWS_A_CHUNK", 2),
                (long_tables, "ROWS_A_SLICE", 3),
            ):
                patches.enter_context(mock.patch.object(module, limit, size))
        yield
