"""How far the longest tests go: as far as fits into every run, or (`make long`) much further."""

from __future__ import annotations

import os

LONG = os.environ.get("RELGRAPH_LONG") == "1"


def extent(usual: int, long: int) -> int:
    """So many kills, examples or seconds."""
    return long if LONG else usual
