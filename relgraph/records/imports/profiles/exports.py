"""Reads the files of an export, each as a header and rows with their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from relgraph.errors import ImportRefused
from relgraph.records.imports.profiles.model import File, Profile
from relgraph.records.problems import Problem, Unreadable
from relgraph.records.tables.cells import as_text, excerpt, is_blank
from relgraph.records.tables.conventions import UNSAID, Conventions
from relgraph.records.tables.delimited import read_text, rows_of
from relgraph.records.tables.grid import Grid, read_grid
from relgraph.records.tables.raw import file_problem

LONGEST_CELL = 1_000_000
"""Characters of a cell of an export, most of whose long texts nobody asks for."""


@dataclass(slots=True)
class Export:
    """One file: its header, and its rows as texts by column, each with its line."""

    name: str
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    header_line: int = 1
    doubled: dict[str, Problem] = field(default_factory=dict)
    """Columns that stand twice, with what is wrong where a row says two things there."""
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Exports:
    """All files of an export: those that the profile knows, and those that it does not."""

    known: list[tuple[File, Export]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def read_sheets(path: Path, conventions: Conventions = UNSAID) -> list[Export]:
    """The files of an export, whatever they hold. Raises ImportRefused if one cannot be read."""
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    sheets = [_read(file, conventions.encodings) for file in files if file.is_file()]
    if problems := [problem for sheet in sheets for problem in sheet.problems]:
        raise ImportRefused("The export cannot be read.", problems)
    return [sheet for sheet in sheets if sheet.header]


def read_exports(path: Path, profile: Profile, conventions: Conventions = UNSAID) -> Exports:
    """Read a folder of CSV files, or one of them. What cannot be read is a problem.

    What the conventions say goes before what the profile says.
    """
    exports = Exports()
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
    except OSError as error:
        exports.problems.append(
            file_problem(path.name, f"cannot be read ({error.strerror})", "check it")
        )
        return exports
    for file in files:
        if not file.is_file():
            if not path.is_dir():
                exports.problems.append(
                    file_problem(path.name, "does not exist", "name a folder of CSV files")
                )
            continue
        if file.suffix.lower() != ".csv":
            exports.unknown.append(file.name)
            continue
        _sort_in(_read(file, conventions.encodings or profile.encodings), profile, exports)
    return exports


def _sort_in(export: Export, profile: Profile, exports: Exports) -> None:
    """Note a file with what is wrong with it; of one that nobody asks for that does not count."""
    kind = _kind(export.name, export.header, profile)
    if kind is None:
        if export.header or not export.problems:
            exports.unknown.append(export.name)
        exports.problems += [] if export.header else export.problems
        return
    asked = {column for rows in kind.rows for cell in rows.columns.values()
             for column in cell.columns}  # fmt: skip
    for rows in kind.rows:
        asked.update(rows.unless_blank, rows.only)
    for column, problem in export.doubled.items():
        if column in asked and problem.line > export.header_line:
            exports.problems.append(problem)
        elif column in asked:
            exports.warnings.append(problem)
    exports.problems += export.problems
    exports.warnings += export.warnings
    exports.known.append((kind, export))


def _kind(name: str, header: list[str], profile: Profile) -> File | None:
    """The file of the profile: by its columns, and by its name where several have them."""
    columns = {column.casefold() for column in header}
    fitting = [f for f in profile.files if {column.casefold() for column in f.needs} <= columns]
    named = [f for f in fitting if any(fnmatch(name.lower(), p.lower()) for p in f.names)]
    if len(fitting) == 1:
        return fitting[0]
    return named[0] if named else None


def _read(file: Path, encodings: Sequence[str]) -> Export:
    """A file as an export; without a header if it cannot be read or is empty."""
    export = Export(file.name)
    try:
        text, export.warnings = read_text(file, encodings)
    except Unreadable as error:
        export.problems.append(error.problem)
        return export
    rows = rows_of(text, file.name, longest=LONGEST_CELL)
    grid = read_grid(file.name, rows, export.problems, export.warnings)
    if grid is not None:
        _fill(export, grid)
    return export


def _fill(export: Export, grid: Grid) -> None:
    """Rows by column. Of a column that stands twice the first filled cell counts."""
    export.header = [column for column in dict.fromkeys(grid.written) if column]
    export.header_line = grid.header_line
    for column in export.header:
        if grid.written.count(column) > 1:
            wrong = "stands twice in the header; the first that is filled counts"
            export.doubled[column] = Problem(
                grid.file, grid.header_line, excerpt(column), "", wrong, "remove one"
            )
    for line, cells in zip(grid.lines, grid.rows, strict=True):
        row: dict[str, str] = {}
        for column, cell in zip(grid.written, cells, strict=True):
            text, before = _text(cell), row.get(column, "")
            row[column] = before or text
            if column and before and text and before != text:
                _tell_both(export, line, column, before, text)
        row.pop("", None)
        export.rows.append((line, row))


def _tell_both(export: Export, line: int, column: str, first: str, second: str) -> None:
    """Note the first row in which two columns of one name say two things."""
    if export.doubled[column].line == export.header_line:
        wrong = f"stands twice in the header, and the first says “{excerpt(first)}”"
        place = (export.name, line, excerpt(column), excerpt(second))
        export.doubled[column] = Problem(*place, wrong, "remove one of the columns")


def _text(cell: Any) -> str:
    return "" if is_blank(cell) else as_text(cell)
