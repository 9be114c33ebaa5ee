"""Exports for spreadsheet programs: no cell runs as a formula, and import gives the same back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.database import Database
from relgraph.records.exports.export import Reader, export_records
from relgraph.records.reads.directory import get_node
from relgraph.records.tables.formulas import as_written, guarded, unguarded
from relgraph.schema.kinds import CUSTOMER
from tests.records.folders import folder, load
from tests.support.access import access_to
from tests.support.databases import empty

NAMES = ["=1+1", "+86 138", "-2", "@SUM(A1)", "'=x", "''=x", "'quoted'", "＝1", "plain"]


@given(st.text("'=+-@\ta", max_size=6))
def test_what_is_guarded_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == unguarded(as_written(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("reader", ["programs", "spreadsheet"])
@pytest.mark.parametrize("target", ["out", "out.xlsx"])
def test_exports_come_back(local_db: Database, tmp_path: Path, reader: Reader, target: str) -> None:
    rows = [{"id": f"-{number}", "name": as_written(name)} for number, name in enumerate(NAMES)]
    load(local_db, folder(tmp_path / "in", customers=rows))
    export_records(access_to(local_db), tmp_path / target, reader=reader)
    if target == "out":
        with (tmp_path / "out" / "customers.csv").open(newline="", encoding="utf-8") as file:
            cells = [cell for row in csv.reader(file) for cell in row if cell]
        is_safe = not any(cell.startswith(("=", "+", "-", "@", "＝")) for cell in cells)
        assert is_safe == (reader == "spreadsheet")
    empty(local_db)
    load(local_db, tmp_path / target)
    access = access_to(local_db)
    assert [get_node(access, CUSTOMER, row["id"])["name"] for row in rows] == NAMES
