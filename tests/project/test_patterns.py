"""Regular expressions that read what others wrote: none takes longer than the text is long."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time

import pytest

import relgraph

ROOMS = ("relgraph.api", "relgraph.records", "relgraph.schema", "relgraph.insight")
"""Those of the other rooms read relgraph's own files alone."""
LENGTH = 6_000
LONGEST_S = 0.1
"""A linear pattern takes a millisecond or two; a quadratic one a quarter of a second."""
PARTS = (
    "a", "A", "1", "_", " ", "@", '"', "\\", '"\\', "(", "(\\", "\\(", "<", "<a", "<@", "a@",
    "1:00 ", "1,000", ",", "{", "{a", "-", "[", "/", "\u4e2d", ". ", "\r",
)  # fmt: skip
BEGINNINGS = ("", "<", '"', "(", "From ", "{", 'W/"', "+")


def patterns() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    return {
        f"{module.name}.{name}": value
        for module in pkgutil.walk_packages(relgraph.__path__, "relgraph.")
        if module.name.startswith(ROOMS)
        for name, value in vars(importlib.import_module(module.name)).items()
        if isinstance(value, re.Pattern)
    }


PATTERNS = patterns()


def test_all_are_looked_at() -> None:
    assert "relgraph.records.activities.mail._QUOTED" in PATTERNS and len(PATTERNS) > 20


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_reads_a_text_once(name: str) -> None:
    slow = {}
    pattern = PATTERNS[name]
    for beginning in BEGINNINGS:
        for part in PARTS:
            text = beginning + part * (LENGTH // len(part)) + "\n\x01"
            began = time.process_time()
            if isinstance(pattern.pattern, bytes):
                pattern.subn(b"", text.encode())  # type: ignore[arg-type]
            else:
                pattern.subn("", text)  # type: ignore[arg-type]
            took = time.process_time() - began
            if took > LONGEST_S:
                slow[beginning + part] = round(took, 2)
    assert slow == {}
