"""Reads a folder of CSV files, or one .xlsx, into raw tables with the place of every row."""

from __future__ import annotations

import csv
import difflib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from relgraph.records.cells import is_blank, shown
from relgraph.records.problems import Problem
from relgraph.schema.tables import TABLE_BY_NAME, Table

LARGEST_FILE = 512 * 2**20
LARGEST_UNPACKED = 1024 * 2**20
LONGEST_CELL = 200_000
_ALLOWED = ", ".join(f"{name}.csv" for name in TABLE_BY_NAME)


@dataclass(slots=True)
class RawTable:
    """One file or sheet: its header as written, and its rows, each with its line."""

    table: Table
    file: str
    header: list[str]
    lines: list[int] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)


@dataclass(slots=True)
class Source:
    """Everything that was read, with what is wrong so far."""

    path: Path
    tables: list[RawTable] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        return sum(len(table.rows) for table in self.tables)


def read_source(path: Path) -> Source:
    """Read a folder or an .xlsx file. What cannot be read is a problem of the source."""
    source = Source(path)
    if path.is_dir():
        _read_folder(path, source)
    elif path.suffix.lower() in {".xlsx", ".xlsm"} and path.is_file():
        _read_workbook(path, source)
    elif not path.exists():
        source.problems.append(
            _whole(path.name, "does not exist", "name a folder of CSV files or an .xlsx file")
        )
    else:
        source.problems.append(
            _whole(
                path.name,
                "is neither a folder nor an .xlsx file",
                "put the CSV files into a "
                "folder and name the folder, or save the workbook as .xlsx",
            )
        )
    order = {name: number for number, name in enumerate(TABLE_BY_NAME)}
    source.tables.sort(key=lambda raw: order[raw.table.name])
    return source


def _whole(file: str, wrong: str, right: str) -> Problem:
    return Problem(file, 0, "", "", wrong, right)


def _read_folder(path: Path, source: Source) -> None:
    try:
        files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv")
    except PermissionError:
        source.problems.append(_whole(path.name, "cannot be read", "give yourself permission"))
        return
    for file in files:
        table = _table_for(file.stem, file.name, ".csv", source)
        if table is None:
            continue
        try:
            if file.stat().st_size > LARGEST_FILE:
                source.problems.append(
                    _whole(file.name, "is larger than 512 MB", "split it into several imports")
                )
                continue
            content = file.read_bytes()
        except OSError as error:
            source.problems.append(
                _whole(file.name, f"cannot be read ({error.strerror})", "check the file")
            )
            continue
        text = _decoded(content, file.name, source)
        if text is not None:
            _read_csv(table, file.name, text, source)
    if not source.tables and not source.problems:
        source.problems.append(
            _whole(
                path.name,
                "holds none of the files of the import format",
                f"name them {_ALLOWED}; `relgraph template DIR` writes them empty",
            )
        )


def _table_for(stem: str, name: str, suffix: str, source: Source) -> Table | None:
    table = TABLE_BY_NAME.get(stem.strip().lower())
    if table is None:
        near = difflib.get_close_matches(stem.lower(), TABLE_BY_NAME, n=1, cutoff=0.75)
        right = f"did you mean {near[0]}{suffix}? " if near else ""
        source.warnings.append(
            _whole(
                name,
                "is not part of the import format and was left out",
                right + "see `relgraph template`",
            )
        )
    return table


def _decoded(content: bytes, name: str, source: Source) -> str | None:
    """Text of a file: UTF-8 with or without BOM, UTF-16 with BOM, else GB18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            line = text[: text.index("\x00")].count("\n") + 1
            source.problems.append(
                Problem(name, line, "", "", "holds a NUL byte", "save the file as UTF-8 text")
            )
            return None
        if encoding == "gb18030":
            source.warnings.append(
                _whole(name, "was read as GB18030", "save it as UTF-8 to be sure")
            )
        return text
    line = _first_bad_line(content)
    source.problems.append(
        Problem(name, line, "", "", "is neither UTF-8 nor GB18030", "save the file as UTF-8")
    )
    return None


def _first_bad_line(content: bytes) -> int:
    for number, line in enumerate(content.split(b"\n"), 1):
        for encoding in ("utf-8", "gb18030"):
            try:
                line.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
        else:
            return number
    return next(
        (n for n, line in enumerate(content.split(b"\n"), 1) if any(byte > 127 for byte in line)), 1
    )


def _read_csv(table: Table, name: str, text: str, source: Source) -> None:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def rows() -> Iterator[tuple[int, list[Any]]]:
        line = 1
        try:
            for row in reader:
                yield line, list(row)
                line = reader.line_num + 1
        except csv.Error as error:
            wrong, right = f"cannot be read as CSV ({error})", "check the quotation marks"
            if "field limit" in str(error):
                wrong = f"a cell has more than {LONGEST_CELL:,} characters"
                right = "shorten it, or close the quotation mark that is open before it"
            elif "unexpected end" in str(error):
                wrong, right = "a quotation mark is never closed", 'close it with "'
            source.problems.append(Problem(name, line, "", "", wrong, right))

    _take(table, name, rows(), source)


def _read_workbook(path: Path, source: Source) -> None:
    problem = _unpacking_problem(path)
    if problem:
        source.problems.append(_whole(path.name, *problem))
        return
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception:  # openpyxl raises whatever its parsers do
        source.problems.append(
            _whole(path.name, "cannot be opened as a workbook", "save it again as .xlsx")
        )
        return
    try:
        for sheet in book.worksheets:
            table = _table_for(sheet.title, f"{path.name}/{sheet.title}", "", source)
            if table is not None:
                rows = (
                    (n, list(row)) for n, row in enumerate(sheet.iter_rows(values_only=True), 1)
                )
                _take(table, f"{path.name}/{sheet.title}", rows, source)
    finally:
        book.close()
    if not source.tables and not source.problems:
        source.problems.append(
            _whole(
                path.name,
                "has none of the sheets of the import format",
                f"name them {', '.join(TABLE_BY_NAME)}",
            )
        )


def _unpacking_problem(path: Path) -> tuple[str, str] | None:
    """Why a workbook must not be opened, before anything unpacks it."""
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
                return "unpacks to more than 1 GB", "split it into several imports"
    except (zipfile.BadZipFile, OSError):
        if path.read_bytes()[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            return (
                "is protected by a password or an old .xls file",
                "save it as .xlsx without a password",
            )
        return "is not a workbook", "save it again as .xlsx"
    return None


def _take(table: Table, name: str, rows: Iterator[tuple[int, list[Any]]], source: Source) -> None:
    """Header and rows of one table; blank rows are passed over."""
    raw: RawTable | None = None
    for line, cells in rows:
        if all(is_blank(cell) for cell in cells):
            continue
        if raw is None:
            raw = RawTable(table, name, [_column(cell) for cell in cells])
            _check_header(raw, line, source)
            continue
        width = len(raw.header)
        if len(cells) > width:
            extra = [cell for cell in cells[width:] if not is_blank(cell)]
            if extra:
                source.problems.append(
                    Problem(
                        name,
                        line,
                        "",
                        shown(extra[0]),
                        f"the row has {len(cells)} cells, the header {width}",
                        "put text that holds a comma between quotation marks",
                    )
                )
                continue
            cells = cells[:width]
        elif len(cells) < width:
            cells = cells + [None] * (width - len(cells))
        raw.lines.append(line)
        raw.rows.append(cells)
    if raw is None:
        source.warnings.append(_whole(name, "is empty", "line 1 is the header"))
    else:
        source.tables.append(raw)


def _column(cell: object) -> str:
    return "_".join(str(cell if cell is not None else "").strip().lower().split())


def _check_header(raw: RawTable, line: int, source: Source) -> None:
    seen: set[str] = set()
    for column in raw.header:
        if column and column in seen:
            source.problems.append(
                Problem(raw.file, line, column, "", "stands twice in the header", "remove one")
            )
        seen.add(column)
    missing = [column for column in raw.table.required if column not in seen]
    for column in missing:
        near = difflib.get_close_matches(column, seen, n=1, cutoff=0.7)
        right = f"rename {near[0]}" if near else f"add it; line 1 is {', '.join(raw.table.core)}"
        source.problems.append(Problem(raw.file, line, column, "", "the column is missing", right))
