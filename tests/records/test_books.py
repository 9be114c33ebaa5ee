"""Workbooks as people make them: merged cells, titles, old Macs, and for a profile."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.exports.export import export_records
from relgraph.records.imports.load import import_records
from relgraph.records.imports.profiles.draft import draft
from relgraph.records.imports.profiles.model import Profile, parse_profile
from relgraph.records.reads.directory import get_node
from relgraph.records.tables.sources import read_source
from relgraph.records.tables.workbook import escaped, unescaped
from relgraph.schema.kinds import CUSTOMER, DEAL, STAKEHOLDER
from tests.records.folders import change_sheet, load, workbook
from tests.support.access import access_to
from tests.support.databases import empty
from tests.support.service import CASES, NOW

CHINESE = """
title = "客户关系系统"
[[file]]
names = ["客户*.csv"]
needs = ["客户编号", "客户名称"]
[[file.rows]]
table = "customers"
columns = { id = "客户编号", name = "客户名称" }
[[file]]
names = ["关键人*.csv"]
needs = ["编号", "姓名"]
[[file.rows]]
table = "stakeholders"
columns = { id = "编号", customer_id = "客户编号", name = "姓名" }
"""


def chinese() -> Profile:
    return parse_profile(CHINESE, "ours.toml")


def problems(db: Database, path: Path, **options: Any) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        import_records(access_to(db, NOW), path, **options)
    return [str(problem) for problem in refused.value.problems]


def merged(path: Path, *ranges: str, **tables: list[list[Any]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in ranges:
            sheet.merge_cells(cells)
    book.save(path)
    return path


def test_merged_cells_count_for_each_row_and_are_told(local_db: Database) -> None:
    result = load(local_db, CASES / "xlsx-merged-optional" / "input" / "merged_dept.xlsx")
    access = access_to(local_db)
    departments = [get_node(access, STAKEHOLDER, id_)["department_id"] for id_ in ("s1", "s3")]
    assert departments == ["d1", "d1"]
    assert [str(warning) for warning in result.warnings] == [
        "merged_dept.xlsx/stakeholders:2:department_id: “d1”: is merged down to line 4 and counts "
        "for each of these rows; unmerge the cells and fill each, to be sure"
    ]


def test_cells_merged_over_columns_are_told(tmp_path: Path) -> None:
    rows = [["id", "name", "region", "industry"], ["c1", "C1", "north", None],
            ["c2", "C2", "south", None], ["c3", "C3", "west", "x"]]  # fmt: skip
    path = merged(tmp_path / "b.xlsx", "C2:D2", "C3:D3", "D4:F4", customers=rows)
    source = read_source(path)
    [warning] = source.warnings
    assert str(warning) == (
        "b.xlsx/customers:2:region: “north”: is merged over 2 columns and counts for the first of "
        "them alone (such cells in all: 2); unmerge the cells and fill each"
    )
    assert "2 列" in warning.text("zh")
    assert [row[3] for row in source.tables[0].rows] == [None, None, "x"]


def test_a_header_merged_over_columns_is_told(tmp_path: Path) -> None:
    rows = [["id", "name", None], ["c1", "C1", "more"]]
    source = read_source(merged(tmp_path / "b.xlsx", "B1:C1", customers=rows))
    [warning] = source.warnings
    assert (warning.line, warning.column, warning.value) == (1, "name", "name")
    assert warning.code == "merged_across"


def test_a_title_that_is_merged_is_none_of_the_rows(tmp_path: Path) -> None:
    rows = [["id", "name", "region"], ["a", "A", "N"], ["b", "B", None], ["c", None, "S"]]
    path = merged(tmp_path / "b.xlsx", "A1:A1", "C2:C3", "C4:C5", "D2:E3", customers=rows)
    source = read_source(path)
    assert [row[2] for row in source.tables[0].rows] == ["N", "N", "S"]
    assert [(w.line, w.value) for w in source.warnings] == [(2, "N")]


def test_signs_that_a_workbook_escapes_are_decoded(local_db: Database) -> None:
    load(local_db, CASES / "xlsx-x000D" / "input" / "merged_dept.xlsx")
    assert get_node(access_to(local_db), CUSTOMER, "c1")["name"] == "Alpha Works\nNorth"


@pytest.mark.parametrize(
    ("stored", "text"),
    [("a_x000D_b", "a\rb"), ("_x005F_x000D_", "_x000D_"), ("_xD83D__xDE00_", "😀"),
     ("_x00e9_", "é"), ("_x12_", "_x12_"), (7, 7)],
)  # fmt: skip
def test_escaped_signs(stored: object, text: object) -> None:
    assert unescaped(stored) == text
    assert not isinstance(text, str) or unescaped(escaped(text)) == text


def test_text_that_looks_escaped_comes_back_from_an_export(
    local_db: Database, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "b.xlsx", customers=[["id", "name"], ["c", "_x005F_x0041_"]])
    load(local_db, path)
    export_records(access_to(local_db), tmp_path / "out.xlsx")
    empty(local_db)
    load(local_db, tmp_path / "out.xlsx")
    assert get_node(access_to(local_db), CUSTOMER, "c")["name"] == "_x0041_"


def test_shared_strings_are_decoded_once(tmp_path: Path) -> None:
    """The library that reads workbooks drops half of what Excel escapes there."""
    path = workbook(tmp_path / "b.xlsx", customers=[["id", "name"], ["c", "here"]])
    change_sheet(
        path,
        lambda sheet: sheet.replace('t="inlineStr"><is><t>here</t></is>', 't="s"><v>0</v>'),
    )
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/>'
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace("</Types>", f"{part}</Types>")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = "<si><t>_x005F_x0041_</t></si>"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}" count="1" uniqueCount="1">{text}</sst>'
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    assert list(read_source(tmp_path / "b.xlsx").tables[0].rows) == [["c", "_x0041_"]]


def test_days_may_count_from_1904(local_db: Database, tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].title = "deals"
    customers = book.create_sheet("customers")
    for row in (["id", "name"], ["c", "C"]):
        customers.append(row)
    for row in (
        ["id", "customer_id", "name", "close_date", "opened_at", "amount"],
        ["d", "c", "D", 44_888, date(2026, 11, 24), 44_888],
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "mac.xlsx")
    load(local_db, tmp_path / "mac.xlsx")
    deal = get_node(access_to(local_db), DEAL, "d")
    assert (deal["close_date"], deal["opened_at"]) == ("2026-11-24", "2026-11-24")
    assert deal["amount"] == 44_888


def test_a_strict_workbook_says_what_it_is(local_db: Database, tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", customers=[["id", "name"], ["c", "C"]])
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    usual = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content.replace(usual, strict))
    assert problems(local_db, path) == [
        "book.xlsx: is a Strict Open XML workbook; save it as Excel Workbook (.xlsx), without "
        "Strict"
    ]


# titles above the header ------------------------------------------------------------------------


def test_title_rows_are_one_problem(local_db: Database) -> None:
    assert problems(local_db, CASES / "xlsx-title-rows" / "input" / "titlerows.xlsx") == [
        "titlerows.xlsx/customers:1: “Customer list 2026”: is no header; that stands in line 3; "
        "remove what stands above line 3"
    ]


def test_title_rows_of_a_csv_file_are_one_problem(local_db: Database, tmp_path: Path) -> None:
    text = "Customers\n\n2026,all,of,them\nid,name\n" + "".join(f"c{n},N{n}\n" for n in range(9))
    (tmp_path / "customers.csv").write_text(text)
    (tmp_path / "deals.csv").write_text("id,customer_id,name\nd,c1,D\n")
    assert problems(local_db, tmp_path) == [
        "customers.csv:1: “Customers”: is no header; that stands in line 4; remove what stands "
        "above line 4"
    ]


def test_no_header_at_all_is_one_problem(local_db: Database, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("Acme\n1,2,3\n4,5,6\n")
    [problem] = problems(local_db, tmp_path)
    assert "the header has none of the table's columns" in problem


# for a profile ----------------------------------------------------------------------------------


def test_a_profile_reads_the_sheets_of_a_workbook(local_db: Database) -> None:
    path = CASES / "xlsx-with-profile" / "input" / "cn_sheets.xlsx"
    result = load(local_db, path, profile=chinese())
    assert result.totals["created"] == 2
    assert get_node(access_to(local_db), STAKEHOLDER, "s1")["name"] == "王芳"
    assert result.mapping is not None
    files = {file.file: file.tables for file in result.mapping.files}
    assert files == {
        "cn_sheets.xlsx/客户": {"customers": 1}, "cn_sheets.xlsx/关键人": {"stakeholders": 1},
    }  # fmt: skip


def test_a_workbook_beside_csv_files(local_db: Database, tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", 客户=[["客户编号", "客户名称"], [12, "甲"]], Notes=[["x"], ["y"]])
    (tmp_path / "关键人.csv").write_text("编号,客户编号,姓名\n1,12,乙\n", "utf-8")
    (tmp_path / "~$a.xlsx").write_bytes(b"open")
    result = load(local_db, tmp_path, profile=chinese())
    assert get_node(access_to(local_db), STAKEHOLDER, "1")["customer_id"] == "12"
    assert result.mapping is not None and result.mapping.unused == ["a.xlsx/Notes", "~$a.xlsx"]


def test_only_formulas_that_are_asked_for_count(local_db: Database, tmp_path: Path) -> None:
    header = ["客户编号", "客户名称", "备注"]
    path = workbook(tmp_path / "a.xlsx", 客户=[header, ["c", "甲", "#REF!"], ["d", "=A1", None]])
    assert problems(local_db, path, profile=chinese()) == [
        "a.xlsx/客户:3:客户名称: “=A1”: is a formula that was never computed; open the workbook "
        "in a spreadsheet program and save it, or write the value"
    ]


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: path.write_bytes(b"no"), "a.xlsx: is not a workbook; save it again as .xlsx"),
        (
            lambda path: workbook(path, 客户=[["2026"], ["客户编号", "客户名称"], ["c", "甲"]]),
            "a.xlsx/客户:1: “2026”: is no header; that stands in line 2; remove what stands above "
            "line 2",
        ),
        (
            lambda path: change_sheet(
                workbook(path, 客户=[["客户编号", "客户名称"], *([n, "甲"] for n in range(90))]),
                lambda sheet: sheet[:-900],
            ),
            "a.xlsx/客户: the sheet is damaged; save the workbook again",
        ),
    ],
)
def test_what_is_wrong_with_a_workbook_of_an_export(
    local_db: Database, tmp_path: Path, make: Any, problem: str
) -> None:
    make(tmp_path / "a.xlsx")
    assert problems(local_db, tmp_path / "a.xlsx", profile=chinese()) == [problem]


def test_a_profile_begins_from_a_workbook() -> None:
    text = draft(CASES / "xlsx-with-profile" / "input" / "cn_sheets.xlsx")
    assert "客户编号" in text and "姓名" in text
