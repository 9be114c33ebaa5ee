"""Files as people have them: encodings, separators, spreadsheets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.records.reads.directory import get_node
from relgraph.records.tables.sources import read_source
from relgraph.schema.kinds import CUSTOMER, DEAL, STAKEHOLDER
from tests.records.folders import change_sheet, load, workbook
from tests.support.access import access_to

NAME = "华鼎基础设施建设集团有限责任公司"
TEXT = f"id,name,region\r\nc,{NAME},华北地区\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "customers.csv").write_bytes(TEXT.encode(encoding))
    source = read_source(tmp_path)
    assert source.problems == []
    assert list(source.tables[0].rows) == [["c", NAME, "华北地区"]]
    warned = ["was read as GB18030"] if encoding == "gb18030" else []
    assert [warning.wrong for warning in source.warnings] == warned


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    text = end.join(["id,name", "x,X", "", 'y,"two', 'lines"', "z,Z", ""])
    (tmp_path / "customers.csv").write_bytes(text.encode())
    [table] = read_source(tmp_path).tables
    assert list(table.rows) == [["x", "X"], ["y", f"two{end}lines"], ["z", "Z"]]
    assert list(table.lines) == [2, 4, 6]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(tmp_path: Path, separator: str) -> None:
    text = TEXT.replace(",", separator)
    (tmp_path / "customers.csv").write_text(text, "utf-8", newline="")
    assert list(read_source(tmp_path).tables[0].rows) == [["c", NAME, "华北地区"]]


def test_quoted_line_breaks_and_blank_rows_keep_their_lines(tmp_path: Path) -> None:
    text = 'id,name\n\na,"two\nlines"\n,\n\nb,B\n'
    (tmp_path / "customers.csv").write_text(text)
    [table] = read_source(tmp_path).tables
    assert list(table.rows) == [["a", "two\nlines"], ["b", "B"]]
    assert list(table.lines) == [3, 7]


def test_line_ends_in_a_cell_become_one_kind(local_db: Database, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_bytes(b'id,name,industry\r\nc,C,"a\r\nb\rc"\r\n')
    load(local_db, tmp_path)
    assert get_node(access_to(local_db), CUSTOMER, "c")["industry"] == "a\nb\nc"


def test_a_short_row_ends_in_blank_cells(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,name,kind,region\nx,X\ny,Y,,,,\n")
    [table] = read_source(tmp_path).tables
    assert list(table.rows) == [["x", "X", None, None], ["y", "Y", "", ""]]


def test_a_header_alone_is_no_mistake(local_db: Database, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,name\n")
    result = load(local_db, tmp_path)
    assert (result.totals, result.warnings) == ({}, [])


WARNINGS = {
    "an empty file": (
        {"customers.csv": ""},
        ["customers.csv: is empty; write id, name, kind, industry, region, parent_id into line 1,"
         " or remove it"],
    ),
    "a file of another name": (
        {"stakeholder.csv": "id\n"},
        ["stakeholder.csv: is not part of the import format and was left out; did you mean "
         "stakeholders.csv? `relgraph template DIR` writes the names"],
    ),
    "a file of another kind": (
        {"deals.tsv": "id\n", "book.xlsx": ""},
        ["book.xlsx: is not a .csv file and was left out; import it by its own name, or save its "
         "sheets as .csv",
         "deals.tsv: is not a .csv file and was left out; save it as .csv"],
    ),
    "a column without a name": (
        {"customers.csv": "id,name,\nx,X,\ny,Y,Z\n"},
        ["customers.csv:3: “Z”: column 3 has no name and was left out; name it in line 1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), WARNINGS.values(), ids=WARNINGS)
def test_what_is_left_out_is_reported(
    tmp_path: Path, files: dict[str, str], expected: list[str]
) -> None:
    for name, text in ({"members.csv": "id,name\nm,M\n"} | files).items():
        (tmp_path / name).write_text(text)
    source = read_source(tmp_path)
    assert source.problems == []
    assert [str(warning) for warning in source.warnings] == expected


def test_headers_may_have_capitals_and_spaces(local_db: Database, tmp_path: Path) -> None:
    (tmp_path / "Customers.CSV").write_text(" ID , Name\nc,C\n")
    load(local_db, tmp_path)
    assert get_node(access_to(local_db), CUSTOMER, "c")["name"] == "C"


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
    person = get_node(access_to(local_db), STAKEHOLDER, "7")
    assert (person["customer_id"], person["name"], person["since"]) == (
        "1001",
        "王建国",
        "2020-03-01",
    )
    assert (person["top"], person["budget"]) == (True, 0.5)
    assert get_node(access_to(local_db), DEAL, "d")["amount"] == 800_000


def test_other_files_and_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("hello")
    (tmp_path / "source").mkdir()
    (tmp_path / "customers.csv").write_text("id,name\nc,C\n")
    source = read_source(tmp_path)
    assert (source.problems, source.warnings, len(source.tables)) == ([], [], 1)


def test_a_formula_counts_as_its_value(tmp_path: Path) -> None:
    """Also one whose value is empty text; a formula without any value is a problem."""
    path = workbook(tmp_path / "book.xlsx", customers=[["id", "name", "region"], ["c", "=1", "=2"]])

    def compute(sheet: str) -> str:
        seven = sheet.replace("<f>1</f>", "<f>1</f><v>7</v>")
        return seven.replace('r="C2"', 'r="C2" t="str"')

    source = read_source(change_sheet(path, compute))
    assert source.problems == []
    assert list(source.tables[0].rows) == [["c", 7, None]]


def test_a_sheet_may_not_claim_endless_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", customers=[["id", "name"], ["c", "C"]])

    def far_below(sheet: str) -> str:
        return sheet.replace('<row r="2"', '<row r="99999999999"')

    source = read_source(change_sheet(path, far_below))
    [problem] = source.problems
    assert problem.wrong == "more than 200,000 blank rows stand between others"
