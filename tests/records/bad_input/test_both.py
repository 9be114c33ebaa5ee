"""Both databases refuse alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph.database import Database
from tests.records.bad_input import test_files, test_rows
from tests.records.bad_input.refusals import with_records, written

BOTH = [
    "encoding: Latin-1",
    "one mistake: a row with a bad cell",
    "rows: a department of another customer",
    "rows: a department that goes to another customer without its people",
    "rows: a new person without a name",
    "rows: several in a row, a file and a folder",
    "circle: that a stored parent closes",
]


CASES = test_files.CASES | test_rows.CASES


@pytest.mark.parametrize("name", BOTH)
def test_both_databases_say_the_same(database: Database, tmp_path: Path, name: str) -> None:
    files, expected = CASES[name]
    with_records(database, tmp_path).refuses(written(tmp_path / "in", files), expected)
