"""Reads a folder of CSV files, or one .xlsx, into raw tables with the place of every row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from relgraph.records.problems import Problem, Unreadable, file_problem
from relgraph.records.tables.conventions import UNSAID, Conventions
from relgraph.records.tables.delimited import read_rows
from relgraph.records.tables.raw import (
    WORKBOOKS,
    CountFaults,
    Source,
    add_table,
    table_named,
    unknown_table,
)
from relgraph.schema.kind import Kind
from relgraph.schema.kinds import KIND_BY_PLURAL

_ALLOWED = ", ".join(f"{name}.csv" for name in KIND_BY_PLURAL)


def read_source(
    path: Path, conventions: Conventions = UNSAID, count_faults: CountFaults = lambda _rows: 0
) -> Source:
    """Read a folder or an .xlsx file. What cannot be read is a problem of the source.

    `count_faults` is asked meanwhile: of a table with too many faults no more is read.
    """
    source = Source(path, conventions.decimal, count_faults=count_faults)
    name = path.name or str(path)
    if path.is_dir():
        _read_folder(path, name, source, conventions.encodings)
    elif path.suffix.lower() in WORKBOOKS and path.is_file():
        from relgraph.records.tables.workbook import read_workbook

        read_workbook(path, source)
    elif not path.exists():
        source.problems.append(file_problem(name, "source_missing"))
    else:
        source.problems.append(file_problem(name, "source_neither"))
    order = {name: number for number, name in enumerate(KIND_BY_PLURAL)}
    source.tables.sort(key=lambda raw: order[raw.kind.plural])
    return source


def _read_folder(path: Path, name: str, source: Source, encodings: Sequence[str]) -> None:
    try:
        files = sorted(path.iterdir())
    except OSError as error:
        reason = str(error.strerror)
        source.problems.append(file_problem(name, "folder_unreadable", reason=reason))
        return
    for file in files:
        kind = table_named(file.stem)
        if file.suffix.lower() != ".csv":
            if file.suffix.lower() in WORKBOOKS or (kind is not None and file.is_file()):
                source.warnings.append(_other_format(file))
        elif kind is None:
            source.warnings.append(unknown_table(file.stem, file.name, ".csv"))
        elif source.begin(kind, file.name):
            _read_file(file, kind, source, encodings)
    if not source.files and not source.problems:
        source.problems.append(file_problem(name, "folder_foreign", names=_ALLOWED))


def _other_format(file: Path) -> Problem:
    if file.suffix.lower() in WORKBOOKS:
        return file_problem(file.name, "book_in_folder")
    return file_problem(file.name, "other_format")


def _read_file(file: Path, kind: Kind, source: Source, encodings: Sequence[str]) -> None:
    try:
        rows, warnings = read_rows(file, encodings)
    except Unreadable as error:
        source.refuse(kind, error.problem)
        return
    source.warnings += warnings
    add_table(kind, file.name, rows, source)
