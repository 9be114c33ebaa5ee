"""Reads and writes the small CSV files of the scripts that make sample records."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """All rows of a file by column name."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Iterable[Row]) -> None:
    """Rows of the same columns, UTF-8, one line feed a row."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def slug(name: str) -> str:
    """An id made of a name: `Tool Design` → `tool-design`."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
