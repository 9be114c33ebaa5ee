"""Reads the files of an export, each as a header and rows with their lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relgraph.errors import ImportRefused, because
from relgraph.records.imports.profiles.headers import Fit, best_fit
from relgraph.records.imports.profiles.model import File, Profile
from relgraph.records.imports.profiles.vcards import HEADER, read_cards
from relgraph.records.problems import Problem, Unreadable, coded_problem, file_problem
from relgraph.records.tables.cells import as_text, excerpt, is_blank
from relgraph.records.tables.conventions import UNSAID, Conventions
from relgraph.records.tables.delimited import read_rows, read_text
from relgraph.records.tables.grid import (
    Enough,
    Grid,
    IsHeader,
    never,
    read_grid,
    too_many_faults,
)
from relgraph.records.tables.numbers import DecimalSign, number_text
from relgraph.records.tables.raw import WORKBOOKS

if TYPE_CHECKING:
    from relgraph.records.tables.workbook import Sheet

CARDS = ".vcf"
LONGEST_CELL = 1_000_000
"""Characters of a cell of an export, most of whose long texts nobody asks for."""


@dataclass(slots=True)
class Export:
    """One file: its header, and its rows as texts by column, each with its line.

    In a file that a profile knows, columns go by the profile's names; `written` are those of the
    file.
    """

    name: str
    file: str
    """Its name, or that of the sheet, by which a profile knows it."""
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    header_line: int = 1
    decimal: DecimalSign | None = None
    doubled: dict[str, Problem] = field(default_factory=dict)
    """Columns that stand twice, with what is wrong where a row says two things there."""
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    is_broken: bool = False
    """Whether a part of it could not be read, so that nobody knows what it holds."""

    def rename(self, written: dict[str, str]) -> None:
        """Let columns go by other names, given as names → what the file writes."""
        changed = {old: new for new, old in written.items() if old != new}
        self.written = {changed.get(column, column): column for column in self.header}
        self.header = [changed.get(column, column) for column in self.header]
        if changed:
            self.rows = [
                (line, {changed.get(column, column): text for column, text in row.items()})
                for line, row in self.rows
            ]

    def title(self, columns: list[str]) -> str:
        """What the file calls the first of these columns that it has; else the first one's name."""
        present = [self.written[column] for column in columns if column in self.written]
        return next(iter(present or columns), "")


CountFaults = Callable[[File, Export], int]
"""How much is wrong with some rows of a file that the profile knows, taken by themselves."""


@dataclass(slots=True)
class Exports:
    """All files of an export: those that the profile knows, and those that it does not."""

    known: list[tuple[File, Export]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unlike: list[Export] = field(default_factory=list)
    """Those of `unknown` that hold a table which the profile does not know."""
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def read_sheets(path: Path, conventions: Conventions = UNSAID) -> list[Export]:
    """The files and sheets of an export, whatever they hold.

    Raises ImportRefused if one of them cannot be read.
    """
    reading = _Reading(conventions)
    files = sorted(file for file in path.iterdir() if _is_table(file)) if path.is_dir() else [path]
    sheets = [sheet for file in files if file.is_file() for sheet in reading.read(file)]
    if problems := [problem for sheet in sheets for problem in sheet.problems]:
        raise ImportRefused(because("export_unreadable"), problems)
    return [sheet for sheet in sheets if sheet.header]


def read_exports(
    path: Path,
    profile: Profile,
    conventions: Conventions = UNSAID,
    count_faults: CountFaults = lambda _file, _export: 0,
) -> Exports:
    """Read a folder of CSV files and workbooks, or one of them. What cannot be read is a problem.

    What the conventions say goes before what the profile says. `count_faults` is asked meanwhile:
    of a file with too many faults no more is read.
    """
    reading = _Reading(conventions, profile, count_faults)
    exports = Exports()
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
    except OSError as error:
        exports.problems.append(
            file_problem(path.name, "folder_unreadable", reason=str(error.strerror))
        )
        return exports
    for file in files:
        if not file.is_file():
            if not path.is_dir():
                exports.problems.append(file_problem(path.name, "export_missing"))
            continue
        if not _is_table(file):
            exports.unknown.append(file.name)
            continue
        for export in reading.read(file):
            _sort_in(export, profile, exports)
    return exports


def _is_table(file: Path) -> bool:
    """Whether to read a file; what begins with ~$ says only that a workbook is open."""
    return file.suffix.lower() in {".csv", CARDS, *WORKBOOKS} and not file.name.startswith("~$")


def _sort_in(export: Export, profile: Profile, exports: Exports) -> None:
    """Note a file with what is wrong with it; of one that nobody asks for that does not count."""
    fit = best_fit(profile, export.file, export.header)
    if fit is None:
        if export.header or not export.problems:
            exports.unknown.append(export.name)
            exports.unlike.append(export)
        exports.problems += [] if export.header else export.problems
        return
    asked = _asked(fit)
    for column, problem in export.doubled.items():
        if column in asked and problem.line > export.header_line:
            exports.problems.append(problem)
        elif column in asked:
            exports.warnings.append(problem)
    exports.problems += export.problems
    exports.warnings += export.warnings
    export.rename(fit.written)
    exports.known.append((fit.file, export))


def _asked(fit: Fit) -> set[str | None]:
    """Columns of the file that a profile reads."""
    return {fit.written.get(column) for rows in fit.file.rows for column in rows.reads}


@dataclass(frozen=True, slots=True)
class _Reading:
    """How files are read.

    With a profile a header that it knows is looked for, and only what it asks for counts.
    """

    conventions: Conventions
    profile: Profile | None = None
    count_faults: CountFaults = lambda _file, _export: 0

    def read(self, file: Path) -> list[Export]:
        """A CSV file, or the sheets of a workbook; without a header what cannot be read."""
        if file.suffix.lower() in WORKBOOKS:
            return self._book(file)
        export = Export(file.name, file.name)
        encodings = self.conventions.encodings or (self.profile.encodings if self.profile else ())
        try:
            if file.suffix.lower() == CARDS:
                text, export.warnings = read_text(file, encodings)
                export.rows, export.problems = read_cards(file.name, text)
                export.header = list(HEADER)
                return [export]
            rows, export.warnings = read_rows(file, encodings, longest=LONGEST_CELL)
        except Unreadable as error:
            export.problems.append(error.problem)
            return [export]
        is_header, enough = _header_test(file.name, self.profile), self._enough(export)
        grid = read_grid(file.name, rows, export.problems, export.warnings, is_header, enough)
        self._fill(export, grid)
        return [export]

    def _book(self, file: Path) -> list[Export]:
        from relgraph.records.tables.workbook import sheets_of

        exports: list[Export] = []
        try:
            with sheets_of(file) as sheets:
                for sheet in sheets:
                    export = Export(sheet.name, f"{sheet.title}.csv")
                    exports.append(export)
                    try:
                        self._fill(export, self._grid_of(sheet, export))
                    except Unreadable as error:
                        export.problems.append(error.problem)
        except Unreadable as error:
            exports.append(Export(file.name, file.name, problems=[error.problem]))
        return exports

    def _grid_of(self, sheet: Sheet, export: Export) -> Grid | None:
        from relgraph.records.tables.workbook import read_sheet

        def asked(header: list[str], column: str) -> bool:
            fit = best_fit(self.profile, export.file, header) if self.profile else None
            return fit is not None and column in _asked(fit)

        is_header = _header_test(export.file, self.profile)
        enough = never if sheet.is_filled_later else self._enough(export)
        return read_sheet(sheet, export.problems, export.warnings, is_header, asked, enough)

    def _enough(self, export: Export) -> Enough:
        """Tells that so much of a file is wrong that nobody needs to read on."""
        profile = self.profile
        if profile is None:
            return never

        def count_faults(some: Grid) -> int:
            sample = Export(export.name, export.file)
            self._fill(sample, some)
            fit = best_fit(profile, sample.file, sample.header)
            if fit is None:
                return 0
            sample.rename(fit.written)
            return self.count_faults(fit.file, sample)

        return too_many_faults(count_faults)

    def _fill(self, export: Export, grid: Grid | None) -> None:
        """Rows by column. Of a column that stands twice the first filled cell counts."""
        if grid is None:
            return
        export.header = [column for column in dict.fromkeys(grid.written) if column]
        export.header_line, export.is_broken = grid.header_line, grid.broken
        for column in export.header:
            if grid.written.count(column) > 1:
                place = (grid.file, grid.header_line, excerpt(column), "")
                export.doubled[column] = coded_problem(*place, "header_doubled")
        decimal = self.conventions.decimal or _decimal(export, grid, self.profile)
        export.decimal = decimal
        for line, cells in zip(grid.lines, grid.rows, strict=True):
            row: dict[str, str] = {}
            for column, cell in zip(grid.written, cells, strict=True):
                text, before = _text(cell, decimal), row.get(column, "")
                row[column] = before or text
                if column and before and text and before != text:
                    _tell_both(export, line, column, before, text)
            row.pop("", None)
            export.rows.append((line, row))


def _header_test(name: str, profile: Profile | None) -> IsHeader | None:
    if profile is None:
        return None
    return lambda written: best_fit(profile, name, written) is not None


def _tell_both(export: Export, line: int, column: str, first: str, second: str) -> None:
    """Note the first row in which two columns of one name say two things."""
    if export.doubled[column].line == export.header_line:
        place = (export.name, line, excerpt(column), excerpt(second))
        export.doubled[column] = coded_problem(
            *place, "header_doubled_differs", first=excerpt(first)
        )


def _decimal(export: Export, grid: Grid, profile: Profile | None) -> DecimalSign | None:
    """The decimal sign that the profile names for a file."""
    if profile is None:
        return None
    fit = best_fit(profile, export.file, grid.written)
    return (fit.file.decimal if fit else None) or profile.decimal


def _text(cell: Any, decimal: DecimalSign | None) -> str:
    if isinstance(cell, float):
        return number_text(cell, decimal)
    return "" if is_blank(cell) else as_text(cell)
