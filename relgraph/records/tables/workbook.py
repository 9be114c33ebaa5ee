"""Reads an .xlsx workbook into raw tables, one a sheet."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path
from typing import Any

import openpyxl

from relgraph.records.problems import Problem
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.raw import (
    RawTable,
    Source,
    add_table,
    file_problem,
    table_named,
    unknown_table,
)
from relgraph.schema.kinds import KIND_BY_PLURAL

LARGEST_UNPACKED = 1024 * 2**20
_OLD_OR_PROTECTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONGEST_SHEET = 1_048_576
_FORMULA = re.compile(rb"[<:]f[ >/]")
_ERROR = "is the error of a formula", "mend the formula or write the value"
_NEVER_COMPUTED = (
    "is a formula that was never computed",
    "open the workbook in a spreadsheet program and save it, or write the value",
)

Faults = dict[int, list[tuple[int, str, str, str]]]
"""By line: cells, counted from 0, that have no value: what stands there, and what is wrong."""


def read_workbook(path: Path, source: Source) -> None:
    """Add the sheets of a workbook to the source. What cannot be read is a problem of it."""
    problem = _unpacking_problem(path)
    if problem:
        source.problems.append(file_problem(path.name, *problem))
        return
    with warnings.catch_warnings(), ExitStack() as opened:
        # What openpyxl does not understand (styles, validation) holds no records.
        warnings.simplefilter("ignore")
        try:
            book = _opened(path, opened, data_only=True)
            formulas = _opened(path, opened, data_only=False) if _has_formulas(path) else None
        except Exception:  # openpyxl raises whatever its parsers do
            source.problems.append(
                file_problem(path.name, "cannot be opened as a workbook", "save it again as .xlsx")
            )
            return
        for number, sheet in enumerate(book.worksheets):
            beside = formulas.worksheets[number] if formulas else None
            _read_sheet(sheet, beside, f"{path.name}/{sheet.title}", source)
    if not source.files and not source.problems:
        source.problems.append(
            file_problem(
                path.name,
                "has none of the sheets of the import format",
                f"name them {', '.join(KIND_BY_PLURAL)}",
            )
        )


def _opened(path: Path, opened: ExitStack, *, data_only: bool) -> Any:
    book = openpyxl.load_workbook(path, read_only=True, data_only=data_only)
    opened.callback(book.close)
    return book


def _has_formulas(path: Path) -> bool:
    """Whether any sheet has a formula, so that it must be read a second time."""
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            with packed.open(name) as sheet:
                before = b""
                while chunk := sheet.read(2**20):
                    if _FORMULA.search(before + chunk):
                        return True
                    before = chunk[-2:]
    return False


def _unpacking_problem(path: Path) -> tuple[str, str] | None:
    """Why a workbook must not be opened, before anything unpacks it."""
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
                return "unpacks to more than 1 GB", "split it into several imports"
    except OSError as error:
        return f"cannot be read ({error.strerror})", "check the file"
    except zipfile.BadZipFile:
        with path.open("rb") as file:
            if file.read(8) == _OLD_OR_PROTECTED:
                return (
                    "is protected by a password or an old .xls file",
                    "save it as .xlsx without a password",
                )
        return "is not a workbook", "save it again as .xlsx"
    return None


def _read_sheet(sheet: Any, formulas: Any, name: str, source: Source) -> None:
    """Read one sheet; `formulas` is the same sheet with formulas in place of their values."""
    kind = table_named(sheet.title)
    if kind is None:
        source.warnings.append(unknown_table(sheet.title, name, ""))
        return
    if not source.begin(kind, name):
        return
    faults: Faults = {}
    try:
        raw = add_table(kind, name, _rows(sheet, formulas, faults), source)
    except Exception:  # sheets are parsed while they are read
        source.refuse(kind, file_problem(name, "the sheet is damaged", "save the workbook again"))
        return
    if raw is not None:
        _report_faults(raw, faults, source)


def _rows(sheet: Any, formulas: Any, faults: Faults) -> Iterator[tuple[int, list[Any]]]:
    sheet.reset_dimensions()  # some programs state a smaller range than they write
    beside: Iterator[Any] = repeat(())
    if formulas is not None:
        formulas.reset_dimensions()
        beside = formulas.iter_rows()
    for line, (cells, texts) in enumerate(zip(sheet.iter_rows(), beside, strict=False), 1):
        if line > LONGEST_SHEET:
            raise ValueError("no spreadsheet has so many rows")
        for number, cell in enumerate(cells):
            if cell.data_type == "e":
                fault = (number, str(cell.value), *_ERROR)
            elif cell.value is None and cell.data_type == "n" and number < len(texts):
                if texts[number].data_type != "f":
                    continue
                formula = texts[number].value
                fault = (number, str(getattr(formula, "text", formula)), *_NEVER_COMPUTED)
            else:
                continue
            faults.setdefault(line, []).append(fault)
        yield line, [cell.value for cell in cells]


def _report_faults(raw: RawTable, faults: Faults, source: Source) -> None:
    """Take out rows with a formula that has no value; it is no value of anything."""
    faulty = set()
    for line, cells in faults.items():
        for number, value, wrong, right in cells:
            column = raw.header[number] if number < len(raw.header) else ""
            if line > raw.header_line and column:
                faulty.add(line)
                source.problems.append(
                    Problem(raw.file, line, column, excerpt(value), wrong, right)
                )
    if not faulty:
        return
    kept = []
    for line, row in zip(raw.lines, raw.rows, strict=True):
        if line in faulty:
            raw.put_aside(line, row)
        else:
            kept.append((line, row))
    raw.lines = [line for line, _ in kept]
    raw.rows = [row for _, row in kept]
