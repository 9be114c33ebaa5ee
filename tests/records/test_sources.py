"""Files as people have them: encodings, separators, spreadsheets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.records.directory import get_node
from relgraph.records.sources import read_source
from tests.records.folders import load, workbook

TEXT = "id,name,region\r\nc,华鼎基础设施,华北\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "customers.csv").write_bytes(TEXT.encode(encoding))
    source = read_source(tmp_path)
    assert source.problems == []
    assert source.tables[0].rows == [["c", "华鼎基础设施", "华北"]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(tmp_path: Path, separator: str) -> None:
    text = TEXT.replace(",", separator)
    (tmp_path / "customers.csv").write_text(text, "utf-8", newline="")
    assert read_source(tmp_path).tables[0].rows == [["c", "华鼎基础设施", "华北"]]


def test_quoted_line_breaks_and_blank_rows_keep_their_lines(tmp_path: Path) -> None:
    text = 'id,name\n\na,"two\nlines"\n,\n\nb,B\n'
    (tmp_path / "customers.csv").write_text(text)
    [table] = read_source(tmp_path).tables
    assert table.rows == [["a", "two\nlines"], ["b", "B"]]
    assert table.lines == [3, 7]


def test_headers_may_have_capitals_and_spaces(local_db: Database, tmp_path: Path) -> None:
    (tmp_path / "Customers.CSV").write_text(" ID , Name\nc,C\n")
    load(local_db, tmp_path)
    assert get_node(local_db, "customer", "c")["name"] == "C"


def test_a_workbook_with_dates_numbers_and_truth(local_db: Database, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "book.xlsx",
        customers=[["id", "name"], [1001, "C"]],
        stakeholders=[
            ["id", "customer_id", "name", "top", "since", "budget"],
            [7, 1001, "王建国", True, date(2020, 3, 1), 0.5],
            [None, None, None, None, None, None],
        ],
        deals=[["id", "customer_id", "name", "amount"], ["d", "1001", "Deal", 800000]],
    )
    load(local_db, path)
    person = get_node(local_db, "stakeholder", "7")
    assert (person["customer_id"], person["name"], person["since"]) == (
        "1001",
        "王建国",
        "2020-03-01",
    )
    assert (person["top"], person["budget"]) == (True, 0.5)
    assert get_node(local_db, "deal", "d")["amount"] == 800_000


def test_other_files_and_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("hello")
    (tmp_path / "source").mkdir()
    (tmp_path / "customers.csv").write_text("id,name\nc,C\n")
    source = read_source(tmp_path)
    assert (source.problems, source.warnings, len(source.tables)) == ([], [], 1)
