"""The driver, without what it would load beside: numpy, pandas and pyarrow.

It loads them wherever they are installed, to take and give their types. Nothing here passes such
a value, and numpy alone is a fifth of the start of a command. Every module of `database` has the
driver from here, so that it is loaded in this way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_BESIDE = ("numpy", "pandas", "pyarrow")


@contextmanager
def _out_of_sight(*names: str) -> Iterator[None]:
    """Let imports of these fail meanwhile, but for those that are loaded already."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # Python's own way
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _out_of_sight(*_BESIDE):
    import neo4j
    from neo4j import exceptions as driver_errors

__all__ = ["driver_errors", "neo4j"]
