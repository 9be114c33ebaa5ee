"""What all tests of broken records share: a database that they must not change.

Each problem is (file, line, column, value, what is wrong, what would be right), in the order in
which a person reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.schema.kinds import KINDS
from tests.records.folders import account, exported, folder, load

Problem = tuple[str, int, str, str, str, str]
Files = dict[str, str | bytes]
Case = tuple[Files, list[Problem]]

STORED = account(
    customers=[{"id": "c", "name": "C"}, {"id": "c2", "name": "C2"}],
    departments=[
        {"id": "d", "customer_id": "c", "name": "D"},
        {"id": "below d", "customer_id": "c", "name": "Below D", "parent_id": "d"},
        {"id": "d2", "customer_id": "c2", "name": "D2"},
    ],
    teams=[{"id": "t", "name": "T"}],
)

NUMBER = "write a number such as 0.8 or 1200000"
OTHER_SIGN = "has another decimal sign than ."
DECIMAL = (
    "say which decimal sign the files have, with --decimal . or --decimal , (or `decimal` in a "
    "profile)"
)
SHARE = "write a number from 0 to 1"
STRENGTH = "write a number above 0 and up to 1; to have no such edge, leave the row out"
DAY = "write a day as 2026-11-24"
NO_DATE = "is not a date, or could be read in two ways"
BLANK = ("is blank", "every row needs it")
UTF_8 = "save the file as UTF-8"
ALL_TABLES = ", ".join(table.plural for table in KINDS)
ALL_FILES = ", ".join(f"{table.plural}.csv" for table in KINDS)


def by_group(groups: dict[str, dict[str, Case]]) -> dict[str, Case]:
    """All cases in one, each under its group and name."""
    return {
        f"{group}: {name}": case for group, cases in groups.items() for name, case in cases.items()
    }


def problems_of(db: Database, path: Path) -> list[Problem]:
    """What an import is refused for."""
    with pytest.raises(ImportRefused) as refused:
        load(db, path)
    fields = ("file", "line", "column", "value", "wrong", "right")
    return [tuple(getattr(p, name) for name in fields) for p in refused.value.problems]  # type: ignore[misc]


@dataclass(frozen=True)
class Stored:
    """A database with records, and what it exports."""

    db: Database
    graph: dict[str, list[dict[str, str]]]

    def refuses(self, path: Path, expected: list[Problem]) -> None:
        """The import is refused with exactly these problems, and the graph stays as it is."""
        assert problems_of(self.db, path) == expected
        assert exported(self.db, path.parent / "after") == self.graph


def with_records(db: Database, scratch: Path) -> Stored:
    load(db, folder(scratch / "stored", **STORED))
    return Stored(db, exported(db, scratch / "before"))


def written(path: Path, files: Files) -> Path:
    path.mkdir()
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (path / name).write_bytes(data)
    return path
