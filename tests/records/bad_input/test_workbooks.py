"""Workbooks: their cells, and files that are none."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relgraph.records.tables import workbook as workbooks
from tests.records.bad_input.refusals import ALL_TABLES, BLANK, DAY, Problem, Stored
from tests.records.folders import change_sheet, workbook

Sheets = dict[str, list[list[Any]]]

WORKBOOKS: dict[str, tuple[Sheets, list[Problem]]] = {
    "the error of a formula": (
        {
            "customers": [["id", "name"], ["x", "#N/A"], ["y", "Y"]],
            "departments": [["id", "customer_id", "name"], ["z", "x", "Z"]],
        },
        [
            (
                "book.xlsx/customers", 2, "name", "#N/A", "is the error of a formula",
                "mend the formula or write the value",
            )
        ],
    ),
    "a formula that was never computed": (
        {"deals": [["id", "customer_id", "name", "amount"], ["x", "c", "X", "=2*3"]]},
        [
            (
                "book.xlsx/deals", 2, "amount", "=2*3", "is a formula that was never computed",
                "open the workbook in a spreadsheet program and save it, or write the value",
            )
        ],
    ),
    "a day that is a number": (
        {"deals": [["id", "customer_id", "name", "close_date"], ["x", "c", "X", 12]]},
        [("book.xlsx/deals", 2, "close_date", "12", "is not a date", DAY)],
    ),
    "a truth that is a number": (
        {"influences": [["from_id", "to_id", "strength"], ["a", "b", True]]},
        [
            (
                "book.xlsx/influences", 2, "strength", "True", "is not a number",
                "write a number such as 0.8 or 1200000",
            )
        ],
    ),
    "a sheet twice": (
        {"customers": [["id", "name"], ["x", "X"]], "customers ": [["id", "name"], ["y", "Y"]]},
        [
            (
                "book.xlsx/customers ", 0, "", "",
                "holds the same table as book.xlsx/customers", "make them one",
            )
        ],
    ),
    "other sheets only": (
        {"Sheet1": [["id", "name"], ["x", "X"]]},
        [
            (
                "book.xlsx", 0, "", "", "has none of the sheets of the import format",
                f"name them {ALL_TABLES}",
            )
        ],
    ),
    "the same mistakes as in a file": (
        {"customers": [[], ["id", "name", "kind"], ["x", None, "custmer"], ["x", "X", None]]},
        [
            (
                "book.xlsx/customers", 3, "kind", "custmer", "is not a word of this list",
                "did you mean customer? use one of prospect, customer, partner, supplier, "
                "competitor, public_body",
            ),
            ("book.xlsx/customers", 3, "name", "", *BLANK),
            (
                "book.xlsx/customers", 4, "id", "x", "the id stands in line 3, too",
                "give each row an id of its own",
            ),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sheets", "expected"), WORKBOOKS.values(), ids=WORKBOOKS)
def test_workbooks(stored: Stored, tmp_path: Path, sheets: Sheets, expected: list[Problem]) -> None:
    path = workbook(tmp_path / "book.xlsx", **sheets)
    stored.refuses(path, expected)


def cut_sheet(path: Path) -> None:
    """A sheet ends in the middle, as after a full disk."""
    workbook(path, customers=[["id", "name"], *([f"x{i}", "X"] for i in range(50))])
    change_sheet(path, lambda sheet: sheet[: len(sheet) // 2])


def other_archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", "<a/>")


UNUSABLE: dict[str, tuple[Callable[[Path], object], Problem]] = {
    "damaged sheet": (
        cut_sheet,
        (
            "book.xlsx/customers", 0, "", "", "the sheet is damaged", "save the workbook again",
        ),
    ),
    "another kind of archive": (
        other_archive,
        (
            "book.xlsx", 0, "", "", "cannot be opened as a workbook", "save it again as .xlsx",
        ),
    ),
    "no archive": (
        lambda path: path.write_text("id,name\nx,X\n"),
        ("book.xlsx", 0, "", "", "is not a workbook", "save it again as .xlsx"),
    ),
    "nothing in it": (
        lambda path: path.write_bytes(b""),
        ("book.xlsx", 0, "", "", "is not a workbook", "save it again as .xlsx"),
    ),
    "password or old format": (
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)),
        (
            "book.xlsx", 0, "", "", "is protected by a password or an old .xls file",
            "save it as .xlsx without a password",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "expected"), UNUSABLE.values(), ids=UNUSABLE)
def test_workbooks_that_cannot_be_used(
    stored: Stored, tmp_path: Path, make: Callable[[Path], object], expected: Problem
) -> None:
    make(tmp_path / "book.xlsx")
    stored.refuses(tmp_path / "book.xlsx", [expected])


def test_a_workbook_that_unpacks_to_too_much(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 1_000)
    path = workbook(tmp_path / "book.xlsx", customers=[["id", "name"], ["x", "X"]])
    right = "split it into several imports"
    expected = [("book.xlsx", 0, "", "", "unpacks to more than 1 GB", right)]
    stored.refuses(path, expected)
