"""Reads an .xlsx workbook into raw tables, one a sheet, or into grids for whoever knows them."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any, cast

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from relgraph.records.problems import (
    MOST_PROBLEMS,
    Problem,
    Unreadable,
    coded_problem,
    file_problem,
)
from relgraph.records.tables.blank_cells import FilledCells
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.delimited import NumberedRows
from relgraph.records.tables.grid import (
    Enough,
    Grid,
    IsHeader,
    MergedRange,
    fill_merged,
    never,
    put_aside_faulty,
    read_grid,
)
from relgraph.records.tables.raw import (
    Source,
    add_grid,
    enough_faults,
    has_its_columns,
    table_named,
    unknown_table,
)
from relgraph.schema.kinds import KIND_BY_PLURAL

LARGEST_UNPACKED = 1024 * 2**20
LARGEST_STRINGS = 128 * 2**20
"""Bytes of the strings that cells share, all of which are held while a workbook is read."""
_STRINGS = "xl/sharedStrings.xml"
_CHUNK = 2**20
_OLD_OR_PROTECTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONGEST_SHEET = 1_048_576
MOST_BLANK_ROWS = 200_000
"""In sequence, before a row that is filled; those behind the last one are passed over."""
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml"
_FORMULA = re.compile(rb"[<:]f[ >/]")
_MERGED = re.compile(rb'[<:]mergeCell\s[^>]*?ref="([A-Z0-9:$]{3,40})"')
_LONGEST_TAG = 120
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Asked = Callable[[list[str], str], bool]
"""Whether anybody asks for a column, by the header and the column's name there."""

Faults = dict[int, list[tuple[int, str, str]]]
"""By line: cells, counted from 0, that have no value: what stands there, and the problem's code."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook that is open."""

    title: str
    name: str
    """Workbook and title, as problems name it."""
    cells: Any
    formulas: Any
    """The same sheet with formulas in place of their values; None if it has none."""
    merged: list[MergedRange] = field(default_factory=list)
    epoch_1904: bool = False
    """Whether its days count from 1904."""

    @property
    def is_filled_later(self) -> bool:
        """Whether cells that are filled when all is read look blank until then."""
        return any(last > first for _, first, _, last in self.merged)


def read_workbook(path: Path, source: Source) -> None:
    """Add the sheets of a workbook to the source. What cannot be read is a problem of it."""
    try:
        with sheets_of(path) as sheets:
            for sheet in sheets:
                _read_sheet(sheet, source)
    except Unreadable as error:
        source.problems.append(error.problem)
        return
    if not source.files and not source.problems:
        source.problems.append(
            file_problem(path.name, "book_foreign", names=", ".join(KIND_BY_PLURAL))
        )


@contextmanager
def sheets_of(path: Path) -> Iterator[list[Sheet]]:
    """Open a workbook. Raises Unreadable for a file that is none, or that cannot be used."""
    if problem := _unpacking_problem(path):
        raise Unreadable(problem)
    with warnings.catch_warnings(), ExitStack() as opened:
        # What openpyxl does not understand (styles, validation) holds no records.
        warnings.simplefilter("ignore")
        try:
            scanned = _scan(path)
            has_formulas = any(formulas for formulas, _ in scanned.values())
            book = _opened(path, opened, data_only=True)
            beside = _opened(path, opened, data_only=False) if has_formulas else None
            strings = _shared_strings(path)
        except Unreadable:
            raise
        except Exception:  # openpyxl raises whatever its parsers do
            raise Unreadable(file_problem(path.name, "book_unopened")) from None
        sheets = []
        for number, cells in enumerate(book.worksheets):
            if strings is not None:
                cells._shared_strings = strings
            _, merged = scanned.get(cells._worksheet_path, (False, []))
            sheets.append(
                Sheet(
                    cells.title,
                    f"{path.name}/{cells.title}",
                    cells,
                    beside.worksheets[number] if beside else None,
                    merged,
                    book.epoch == CALENDAR_MAC_1904,
                )
            )
        yield sheets


def read_sheet(
    sheet: Sheet,
    problems: list[Problem],
    warned: list[Problem],
    is_header: IsHeader | None = None,
    asked: Asked = lambda _header, _column: True,
    enough: Enough = never,
) -> Grid | None:
    """Header and rows of a sheet; None if it has none.

    A formula without a value is a problem where the column is asked for. Cells that are merged
    downwards hold their value in each row, which is warned of. Raises Unreadable for a damaged
    sheet.
    """
    faults: Faults = {}

    def too_many(grid: Grid) -> bool:
        if enough(grid):
            return True
        if len(faults) < MOST_PROBLEMS:
            return False
        counts = Counter(number for cells in faults.values() for number, *_ in cells)
        for number, count in counts.items():
            column = grid.written[number] if number < len(grid.written) else ""
            if count >= MOST_PROBLEMS and column and asked(grid.written, column):
                return True
        return False

    try:
        rows = _rows(sheet, faults)
        grid = read_grid(sheet.name, rows, problems, warned, is_header, too_many)
    except Exception:  # sheets are parsed while they are read
        raise Unreadable(file_problem(sheet.name, "sheet_damaged")) from None
    if grid is None:
        return None
    faulty = []
    for line, cells in faults.items():
        for number, value, code in cells:
            column = grid.written[number] if number < len(grid.written) else ""
            if line > grid.header_line and column and asked(grid.written, column):
                place = (sheet.name, line, excerpt(column), excerpt(value))
                faulty.append(coded_problem(*place, code))
    problems += faulty
    put_aside_faulty(grid, {problem.line for problem in faulty})
    fill_merged(grid, sheet.merged, warned)
    return grid


def _read_sheet(sheet: Sheet, source: Source) -> None:
    kind = table_named(sheet.title)
    if kind is None:
        source.warnings.append(unknown_table(sheet.title, sheet.name, ""))
        return
    if not source.begin(kind, sheet.name):
        return
    enough = enough_faults(kind, source, epoch_1904=sheet.epoch_1904)
    if sheet.is_filled_later:
        enough = never
    try:
        grid = read_sheet(
            sheet, source.problems, source.warnings, has_its_columns(kind), enough=enough
        )
    except Unreadable as error:
        source.refuse(kind, error.problem)
        return
    raw = add_grid(kind, sheet.name, grid, source)
    if raw is not None:
        raw.epoch_1904 = sheet.epoch_1904


def _opened(path: Path, opened: ExitStack, *, data_only: bool) -> Any:
    reader = _Reader(path, read_only=True, data_only=data_only, keep_links=False)
    opened.callback(reader.archive.close)
    reader.read()
    return reader.wb


class _Reader(ExcelReader):
    def read_worksheets(self) -> None:
        """Note the sheets without reading them."""
        for sheet, rel in self.parser.find_sheets():
            if rel.target in self.valid_files and "chartsheet" not in rel.Type:
                cast("Any", self.wb)._sheets.append(
                    _UnsizedSheet(self.wb, sheet.name, rel.target, self.shared_strings)
                )


class _UnsizedSheet(ReadOnlyWorksheet):
    """A sheet whose size nobody looks for.

    Some programs state a smaller range than they write, and where none is stated all of the sheet
    would be read for it.
    """

    def _get_size(self) -> None:
        self.reset_dimensions()

    def _get_source(self) -> FilledCells:
        return FilledCells(cast("Any", super())._get_source())


def _scan(path: Path) -> dict[str, tuple[bool, list[MergedRange]]]:
    """For each sheet whether it has formulas, and its merged ranges, which openpyxl passes over.

    Raises Unreadable for a part with a text so long that reading it would fill the memory.
    """
    scanned = {}
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            has_formulas, ranges, before = False, dict[bytes, None](), b""
            for chunk in _chunks(packed, name):
                if len(chunk) == _CHUNK and b"<" not in chunk:
                    place = f"{path.name}/{name}"
                    raise Unreadable(file_problem(place, "book_cell_too_long", most=f"{_CHUNK:,}"))
                if name.startswith("xl/worksheets/"):
                    text = before + chunk
                    has_formulas = has_formulas or _has_formula(text)
                    if b"mergeCell" in text:
                        ranges.update(dict.fromkeys(_MERGED.findall(text)))
                    before = chunk[-_LONGEST_TAG:]
            scanned[name] = has_formulas, [_bounds(ref.decode()) for ref in ranges]
    return scanned


def _has_formula(text: bytes) -> bool:
    """The plain search is many times faster than the pattern, which few sheets need."""
    return (b"<f" in text or b":f" in text) and _FORMULA.search(text) is not None


def _chunks(packed: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with packed.open(name) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


def _bounds(ref: str) -> MergedRange:
    left, top, right, bottom = range_boundaries(ref)
    return left or 1, top or 1, right or left or 1, bottom or top or 1


def _shared_strings(path: Path) -> list[str] | None:
    """The strings that cells share, where openpyxl would change what they escape; else None."""
    with zipfile.ZipFile(path) as packed:
        if _STRINGS not in packed.namelist() or b"_x005F_" not in packed.read(_STRINGS):
            return None
        strings = []
        with packed.open(_STRINGS) as parts:
            for _, node in iterparse(parts):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    strings.append(cast("Text", Text.from_tree(node)).content)
                    node.clear()
        return strings


def _unpacking_problem(path: Path) -> Problem | None:
    """Why a workbook must not be opened, before anything unpacks it."""
    try:
        with zipfile.ZipFile(path) as packed:
            sizes = {entry.filename: entry.file_size for entry in packed.infolist()}
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
                return file_problem(path.name, "book_too_large")
            if sizes.get(_STRINGS, 0) > LARGEST_STRINGS:
                most = f"{LARGEST_STRINGS // 2**20}"
                return file_problem(path.name, "book_texts_too_large", most=most)
            if "xl/workbook.xml" in packed.namelist():
                with packed.open("xl/workbook.xml") as book:
                    if _STRICT in book.read(10_000):
                        return file_problem(path.name, "book_strict")
    except OSError as error:
        return file_problem(path.name, "file_unreadable", reason=str(error.strerror))
    except zipfile.BadZipFile:
        with path.open("rb") as file:
            if file.read(8) == _OLD_OR_PROTECTED:
                return file_problem(path.name, "book_protected")
        return file_problem(path.name, "book_none")
    return None


def _rows(sheet: Sheet, faults: Faults) -> NumberedRows:
    beside: Iterator[Any] = repeat(())
    if sheet.formulas is not None:
        beside = sheet.formulas.iter_rows()
    blank = 0
    for line, (cells, texts) in enumerate(zip(sheet.cells.iter_rows(), beside, strict=False), 1):
        if line > LONGEST_SHEET:
            raise ValueError("no spreadsheet has so many rows")
        blank = 0 if cells else blank + 1
        if blank > MOST_BLANK_ROWS:
            place = (sheet.name, line - MOST_BLANK_ROWS, "", "")
            raise Unreadable(coded_problem(*place, "rows_blank", most=f"{MOST_BLANK_ROWS:,}"))
        for number, cell in enumerate(cells):
            if cell.data_type == "e":
                fault = (number, str(cell.value), "formula_error")
            elif cell.value is None and cell.data_type == "n" and number < len(texts):
                if texts[number].data_type != "f":
                    continue
                formula = texts[number].value
                fault = (number, str(getattr(formula, "text", formula)), "formula_uncomputed")
            else:
                continue
            faults.setdefault(line, []).append(fault)
        yield line, [unescaped(cell.value) for cell in cells]


def unescaped(value: Any) -> Any:
    """A cell's value with the signs that OOXML writes as _xHHHH_, such as _x000D_ for a CR."""
    if not isinstance(value, str) or "_x" not in value:
        return value
    text = _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), value)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def escaped(text: str) -> str:
    """Text whose _xHHHH_ is meant as it stands, as OOXML writes it."""
    return _ESCAPED.sub(r"_x005F_x\1_", text)
