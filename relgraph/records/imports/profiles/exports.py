"""Reads the files of an export, each as a header and rows with their lines."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from relgraph.records.imports.profiles.model import ENCODINGS, File, Profile
from relgraph.records.problems import Problem
from relgraph.records.tables.raw import file_problem

LARGEST_FILE = 512 * 2**20
LONGEST_CELL = 1_000_000


@dataclass(slots=True)
class Export:
    """One file: its header, and its rows as texts by column, each with its line."""

    name: str
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)


@dataclass(slots=True)
class Exports:
    """All files of an export: those that the profile knows, and those that it does not."""

    known: list[tuple[File, Export]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_sheets(path: Path) -> list[Export]:
    """The CSV files of an export, whatever they hold; those that cannot be read are left out."""
    anything = Exports()
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    sheets = (_read(file, ENCODINGS, anything) for file in files if file.is_file())
    return [sheet for sheet in sheets if sheet is not None]


def read_exports(path: Path, profile: Profile) -> Exports:
    """Read a folder of CSV files, or one of them. What cannot be read is a problem."""
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
        export = _read(file, profile.encodings, exports)
        if export is None:
            continue
        kind = _kind(file.name, export.header, profile)
        if kind is None:
            exports.unknown.append(file.name)
        else:
            exports.known.append((kind, export))
    return exports


def _kind(name: str, header: list[str], profile: Profile) -> File | None:
    """The file of the profile: by its columns, and by its name where several have them."""
    columns = {column.casefold() for column in header}
    fitting = [f for f in profile.files if {column.casefold() for column in f.needs} <= columns]
    named = [f for f in fitting if any(fnmatch(name.lower(), p.lower()) for p in f.names)]
    if len(fitting) == 1:
        return fitting[0]
    return named[0] if named else None


def _read(file: Path, encodings: list[str], exports: Exports) -> Export | None:
    try:
        if file.stat().st_size > LARGEST_FILE:
            exports.problems.append(file_problem(file.name, "is larger than 512 MB", "split it"))
            return None
        content = file.read_bytes()
    except OSError as error:
        exports.problems.append(
            file_problem(file.name, f"cannot be read ({error.strerror})", "check it")
        )
        return None
    text = _decoded(content, encodings)
    if text is None or "\x00" in text:
        wrong = f"is in none of the encodings {', '.join(encodings)}"
        exports.problems.append(
            file_problem(file.name, wrong, "export it as UTF-8, or name its encoding")
        )
        return None
    return _rows(file.name, text, exports)


def _decoded(content: bytes, encodings: list[str]) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return None


def _rows(name: str, text: str, exports: Exports) -> Export | None:
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    export = Export(name)
    line = 1
    try:
        for cells in reader:
            here, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not export.header:
                export.header = [cell.strip() for cell in cells]
            elif len(cells) > len(export.header) and any(cells[len(export.header) :]):
                wrong = f"the row has {len(cells)} cells, the header {len(export.header)}"
                exports.problems.append(Problem(name, here, "", "", wrong, "export the file again"))
            else:
                row = dict(zip(export.header, (cell.strip() for cell in cells), strict=False))
                export.rows.append((here, row))
    except csv.Error as error:
        exports.problems.append(
            Problem(name, line, "", "", f"is no CSV ({error})", "export it again")
        )
        return None
    return export if export.header else None
