"""What was read before anything is understood: tables of raw cells, each row with its line."""

from __future__ import annotations

import difflib
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from relgraph.records.normal import normal
from relgraph.records.problems import Problem, coded_problem, file_problem
from relgraph.records.spool import Spool
from relgraph.records.tables.cells import as_text, excerpt, is_blank
from relgraph.records.tables.delimited import NumberedRows
from relgraph.records.tables.grid import (
    Enough,
    Grid,
    IsHeader,
    new_lines,
    read_grid,
    too_many_faults,
)
from relgraph.records.tables.numbers import DecimalSign
from relgraph.schema.kind import Kind
from relgraph.schema.kinds import KIND_BY_PLURAL

WORKBOOKS = frozenset({".xlsx", ".xlsm"})
"""How workbooks end. What reads them is loaded for a workbook alone: it loads numpy."""


@dataclass(slots=True)
class RawTable:
    """One file or sheet: its header, and its rows, each with its line."""

    kind: Kind
    file: str
    written: list[str]
    """The header as it stands in the file."""
    header: list[str]
    """The same in lower case with _ for spaces, as columns are named."""
    header_line: int = 1
    lines: array[int] = field(default_factory=new_lines)
    rows: Spool[list[Any]] = field(default_factory=Spool)
    display_names: dict[str, str] = field(default_factory=dict)
    """What a report calls a column, where that is not its name."""
    decimal: DecimalSign | None = None
    """The decimal sign of its numbers, if somebody has said it."""
    epoch_1904: bool = False
    """Whether a day that is a number counts from 1904, as in workbooks of old Macs."""
    set_aside: dict[str, int] = field(default_factory=dict)
    """Ids and lines of rows that are reported already and not among `rows`; what refers to them
    is not wrong because of it."""

    def put_aside(self, line: int, cells: list[Any]) -> None:
        """Remember that a row with these cells was there."""
        if "id" in self.header:
            id_ = cells[self.header.index("id")]
            if not is_blank(id_):
                self.set_aside.setdefault(as_text(id_), line)


CountFaults = Callable[[RawTable], int]
"""How much is wrong with some rows of a table, taken by themselves."""


@dataclass(slots=True)
class Source:
    """Everything that was read, with what is wrong so far."""

    path: Path
    decimal: DecimalSign | None = None
    tables: list[RawTable] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """File or sheet of each table that was found, read or not."""
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    """Tables of which a part could not be read, so that nobody knows what they hold."""
    count_faults: CountFaults = lambda _rows: 0
    """Asked while a table is read, so that the reading of a hopeless one ends early."""

    @property
    def row_count(self) -> int:
        return sum(len(kind.rows) for kind in self.tables)

    def begin(self, kind: Kind, file: str) -> bool:
        """Whether to read a file or sheet; a second one of the same table is a problem."""
        before = self.files.setdefault(kind.plural, file)
        if before != file:
            self.refuse(kind, file_problem(file, "table_twice", other=before))
        return before == file

    def refuse(self, kind: Kind, problem: Problem) -> None:
        """Note a problem that hides rows of a table."""
        self.problems.append(problem)
        self.unread.add(kind.plural)


def table_named(stem: str) -> Kind | None:
    """The table that a file or sheet of this name holds; upper and lower case count alike."""
    return KIND_BY_PLURAL.get(stem.strip().lower())


def unknown_table(stem: str, name: str, suffix: str) -> Problem:
    """The warning about a file or sheet that is no table, with the name that may be meant."""
    near = difflib.get_close_matches(stem.strip().lower(), KIND_BY_PLURAL, n=1, cutoff=0.75)
    if near:
        return file_problem(name, "table_unknown_near", near=f"{near[0]}{suffix}")
    return file_problem(name, "table_unknown")


def add_table(kind: Kind, name: str, rows: NumberedRows, source: Source) -> RawTable | None:
    """Add header and rows of one table to the source; blank rows are passed over."""
    enough = enough_faults(kind, source)
    grid = read_grid(name, rows, source.problems, source.warnings, has_its_columns(kind), enough)
    return add_grid(kind, name, grid, source)


def enough_faults(kind: Kind, source: Source, *, epoch_1904: bool = False) -> Enough:
    """Tells that so much of a table is wrong that nobody needs to read on."""

    def count_faults(some: Grid) -> int:
        sample = _raw(kind, some, source)
        sample.epoch_1904 = epoch_1904
        return source.count_faults(sample)

    return too_many_faults(count_faults)


def has_its_columns(kind: Kind) -> IsHeader:
    """Tells a header of this table from other rows."""
    return lambda written: any(_column(text) in kind.columns for text in written)


def add_grid(kind: Kind, name: str, grid: Grid | None, source: Source) -> RawTable | None:
    """Add what was read of one table to the source; None if there was nothing."""
    if grid is None:
        source.warnings.append(file_problem(name, "table_empty", columns=", ".join(kind.core)))
        return None
    if grid.broken:
        source.unread.add(kind.plural)
    raw = _raw(kind, grid, source)
    if grid.written:
        _check_header(raw, source)
    for line, cells in grid.set_aside:
        raw.put_aside(line, cells)
    source.tables.append(raw)
    return raw


def _raw(kind: Kind, grid: Grid, source: Source) -> RawTable:
    header = [_column(text) for text in grid.written]
    place = grid.file, grid.written, header, grid.header_line
    return RawTable(kind, *place, grid.lines, grid.rows, decimal=source.decimal)


def _column(written: str) -> str:
    return "_".join(normal(written).split())


def _check_header(raw: RawTable, source: Source) -> None:
    problem = _no_header(raw)
    if problem:
        source.refuse(raw.kind, problem)
        return
    seen: set[str] = set()
    for column in raw.header:
        if column and column in seen:
            place = (raw.file, raw.header_line, excerpt(column), "")
            source.problems.append(coded_problem(*place, "header_twice"))
        seen.add(column)
    missing = [column for column in raw.kind.required if column not in seen]
    unknown = [column for column in raw.header if column not in raw.kind.columns]
    for column in missing:
        near = difflib.get_close_matches(column, unknown, n=1, cutoff=0.7)
        place = (raw.file, raw.header_line, column, "")
        lacks = coded_problem(*place, "column_missing", columns=", ".join(raw.kind.core))
        if near:
            lacks = coded_problem(*place, "column_missing_near", near=excerpt(near[0]))
        source.problems.append(lacks)
    if "id" in missing:
        source.unread.add(raw.kind.plural)


def _no_header(raw: RawTable) -> Problem | None:
    """The problem that the header has no column of its table; None if it has some."""
    if any(column in raw.kind.columns for column in raw.header):
        return None
    written = excerpt(", ".join(raw.written))
    if len(raw.header) == 1 and any(mark in raw.header[0] for mark in "|:^~"):
        return coded_problem(raw.file, raw.header_line, "", written, "header_single")
    columns = ", ".join(raw.kind.core)
    place = (raw.file, raw.header_line, "", written)
    return coded_problem(*place, "header_foreign", columns=columns)
