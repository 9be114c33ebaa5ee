"""Turns an export into raw tables of the import format, and reports what became of each column."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from relgraph.records.imports.profiles.cells import Unmapped, cell_text, filled
from relgraph.records.imports.profiles.exports import Export, read_exports
from relgraph.records.imports.profiles.model import Cell, File, Profile, Rows
from relgraph.records.normal import normal
from relgraph.records.problems import CellError, Problem
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.conventions import UNSAID, Conventions
from relgraph.records.tables.raw import RawTable, Source, file_problem
from relgraph.schema.kind import Kind, NodeKind
from relgraph.schema.kinds import KIND_BY_PLURAL, kind_of, kind_with_label
from relgraph.schema.values import Values

Stored = Callable[[str, set[str]], set[str]]
"""Which of these ids of a table are in the database already."""


@dataclass(slots=True)
class ColumnReport:
    """What became of one column of the export: our columns, or nothing."""

    column: str
    becomes: list[str]
    filled: int
    example: str


@dataclass(slots=True)
class FileReport:
    """What became of one file: how many rows it gave to each table, and its columns."""

    file: str
    rows: int
    tables: dict[str, int] = field(default_factory=dict)
    columns: list[ColumnReport] = field(default_factory=list)

    @property
    def left_over(self) -> list[ColumnReport]:
        """Columns that hold something and become nothing."""
        return [column for column in self.columns if column.filled and not column.becomes]


@dataclass(slots=True)
class Mapping:
    """What became of an export."""

    profile: str
    files: list[FileReport] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def to_dict(self) -> Values:
        """As JSON members."""
        return asdict(self)


@dataclass(slots=True)
class _Made:
    """A row of ours: its cells, and where it comes from."""

    line: int
    cells: dict[str, str]
    named: dict[str, str] = field(default_factory=dict)
    """References that are still names, by column."""


def apply_profile(
    path: Path, profile: Profile, stored: Stored, conventions: Conventions = UNSAID
) -> tuple[Source, Mapping]:
    """Read an export as the import format. What is wrong stands in the source."""
    exports = read_exports(path, profile, conventions)
    source = Source(path, problems=exports.problems, warnings=exports.warnings)
    mapping = Mapping(profile.title, unused=exports.unknown)
    if not exports.known and not exports.problems:
        names = ", ".join(name for file in profile.files for name in file.names)
        source.problems.append(
            file_problem(path.name, "holds no file that the profile knows", f"it knows {names}")
        )
    made: dict[str, list[tuple[str, Rows, list[_Made]]]] = defaultdict(list)
    seen: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for file, export in sorted(exports.known, key=lambda known: profile.files.index(known[0])):
        report = FileReport(export.name, len(export.rows))
        for rows in file.rows:
            _warn_of_missing_columns(rows, export, source)
            made_rows = _make(rows, export, profile, source, seen[rows.table])
            report.tables[rows.table] = report.tables.get(rows.table, 0) + len(made_rows)
            made[rows.table].append((export.name, rows, made_rows))
        report.columns = _columns(file, export, profile)
        mapping.files.append(report)
    _resolve(made, source, stored)
    decimals = {export.name: export.decimal for _, export in exports.known}
    for name, kind in KIND_BY_PLURAL.items():
        for file_name, rows, made_rows in made.get(name, []):
            raw = _raw(kind, file_name, rows, made_rows)
            raw.decimal = decimals.get(file_name)
            source.tables.append(raw)
            source.files.setdefault(name, file_name)
    return source, mapping


# rows -------------------------------------------------------------------------------------


def _make(
    rows: Rows, export: Export, profile: Profile, source: Source, seen: set[tuple[str, ...]]
) -> list[_Made]:
    """Rows of ours; `seen` are keys of those that were made before."""
    kind = kind_of(rows.table)
    made_rows: list[_Made] = []
    unmapped: dict[tuple[str, str], list[int]] = defaultdict(list)
    incomplete: dict[str, list[int]] = defaultdict(list)
    for line, row in export.rows:
        if not _wanted(rows, row, profile):
            continue
        made = _Made(line, {})
        unmapped_columns: set[str] = set()  # columns whose values are reported as such
        for column, cell in rows.columns.items():
            try:
                text = cell_text(cell, row, profile)
            except Unmapped as error:
                unmapped[cell.columns[0], str(error)].append(line)
                unmapped_columns.add(column)
                text = ""
            except CellError as error:
                place = (
                    export.name,
                    line,
                    cell.columns[0],
                    excerpt(filled(row, cell.columns[0], profile)),
                )
                source.problems.append(Problem(*place, error.wrong, error.right))
                text = ""
            _put(made, kind, column, cell, text, profile)
        missing = next(
            (c for c in kind.required if not (made.cells.get(c) or made.named.get(c))), None
        )
        if missing is not None:
            if missing not in unmapped_columns:
                incomplete[missing].append(line)
            continue
        key = tuple(made.cells.get(c) or made.named.get(c) or "" for c in _key(kind))
        if rows.distinct and key in seen:
            continue
        seen.add(key)
        made_rows.append(made)
    for (column, value), lines in sorted(unmapped.items()):
        wrong = f"is not in the profile and was left out ({_rows(lines)})"
        right = "add it to the values in a copy of the profile"
        source.warnings.append(Problem(export.name, lines[0], column, excerpt(value), wrong, right))
    for column, lines in sorted(incomplete.items()):
        header = (rows.columns[column].columns or [column])[0]
        places = ", ".join(map(str, lines[:5])) + (" …" if len(lines) > 5 else "")
        wrong = f"{_rows(lines)} without it left out (line {places})"
        source.warnings.append(
            Problem(export.name, lines[0], header, "", wrong, f"{rows.table} need it")
        )
    return made_rows


def _rows(rows: list[Any]) -> str:
    return f"{len(rows):,} row{'' if len(rows) == 1 else 's'}"


def _wanted(rows: Rows, row: dict[str, str], profile: Profile) -> bool:
    return all(filled(row, column, profile) for column in rows.unless_blank) and all(
        normal(filled(row, column, profile)) in {normal(value) for value in values}
        for column, values in rows.only.items()
    )


def _key(kind: Kind) -> tuple[str, ...]:
    return ("id",) if isinstance(kind, NodeKind) else kind.row_key


def _put(made: _Made, kind: Kind, column: str, cell: Cell, text: str, profile: Profile) -> None:
    is_id = column == "id" or column in kind.refs
    if text and is_id and cell.find and "id" not in cell.find[:1]:
        made.named[column] = text
    elif text and is_id:
        made.cells[column] = profile.prefix + text
        if column == "id" and profile.system and cell.from_ is not None:
            ids = orjson.dumps({profile.system: text}).decode()
            made.cells.setdefault("external_ids", ids)
        if cell.find and len(cell.find) > 1:
            made.named[column] = text
    elif text or column not in made.cells:
        made.cells[column] = text


# references -------------------------------------------------------------------------------


def _resolve(
    made: dict[str, list[tuple[str, Rows, list[_Made]]]], source: Source, stored: Stored
) -> None:
    """Names become ids; what refers to nothing is left out with a warning."""
    index = {name: _Index(parts) for name, parts in made.items()}
    for name, parts in made.items():
        kind = kind_of(name)
        for file, rows, made_rows in parts:
            for column, label in kind.refs.items():
                cell = rows.columns.get(column)
                if cell is None:
                    continue
                target = kind_with_label(label).plural
                known = index.get(target) or _Index([])
                _resolve_names(file, column, cell, made_rows, known, source)
                _leave_out_unknown(
                    file, kind, column, cell, target, made_rows, known, source, stored
                )


class _Index:
    """Ids of one table's rows, and what they are called."""

    def __init__(self, parts: list[tuple[str, Rows, list[_Made]]]) -> None:
        self.ids: set[str] = set()
        self.by: dict[str, dict[str, set[str]]] = {
            "name": defaultdict(set), "email": defaultdict(set),
        }  # fmt: skip
        for _, _, made_rows in parts:
            for made in made_rows:
                id_ = made.cells.get("id", "")
                self.ids.add(id_)
                for column, names in self.by.items():
                    if text := made.cells.get(column):
                        names[normal(text)].add(id_)


def _resolve_names(
    file: str, column: str, cell: Cell, made_rows: list[_Made], known: _Index, source: Source
) -> None:
    unknown: dict[tuple[str, str], list[int]] = defaultdict(list)
    for made in made_rows:
        text = made.named.pop(column, None)
        if text is None or made.cells.get(column) in known.ids:
            continue
        hits: set[str] = set()
        for way in cell.find or []:
            hits = hits or (known.by[way].get(normal(text), set()) if way != "id" else set())
        if len(hits) == 1:
            made.cells[column] = next(iter(hits))
        else:
            made.cells[column] = ""
            wrong = "names nobody in the export" if not hits else "names several in the export"
            unknown[text, wrong].append(made.line)
    for (text, wrong), lines in sorted(unknown.items()):
        many = f" ({_rows(lines)})" if len(lines) > 1 else ""
        source.warnings.append(
            Problem(
                file,
                lines[0],
                cell.columns[0],
                excerpt(text),
                f"{wrong}, so it was left out{many}",
                "correct the name there, or export ids",
            )
        )


def _leave_out_unknown(
    file: str,
    kind: Kind,
    column: str,
    cell: Cell,
    target: str,
    made_rows: list[_Made],
    known: _Index,
    source: Source,
    stored: Stored,
) -> None:
    wanted = {id_ for made in made_rows if (id_ := made.cells.get(column))} - known.ids
    lost = wanted - stored(target, wanted) if wanted else set()
    if not lost and column not in kind.required:
        return
    required = column in kind.required
    gone = [
        made
        for made in made_rows
        if made.cells.get(column) in lost or (required and not made.cells.get(column))
    ]
    if not gone:
        return
    if required:
        made_rows[:] = [made for made in made_rows if made not in gone]
    for made in gone:
        made.cells[column] = ""
    what = "the rows were left out" if required else "it was left out"
    source.warnings.append(
        Problem(
            file,
            gone[0].line,
            (cell.columns or [column])[0],
            "",
            f"{_rows(gone)} with {target} that are neither in the export nor stored; {what}",
            f"export {target}, too",
        )
    )


# tables and report ------------------------------------------------------------------------


def _raw(kind: Kind, file: str, rows: Rows, made_rows: list[_Made]) -> RawTable:
    columns = list(dict.fromkeys([*rows.columns, *(c for made in made_rows for c in made.cells)]))
    raw = RawTable(kind, file, columns, columns)
    raw.display_names = {
        column: cell.columns[0] for column, cell in rows.columns.items() if cell.columns
    }
    for made in made_rows:
        raw.lines.append(made.line)
        raw.rows.append([made.cells.get(column) or None for column in columns])
    return raw


def _warn_of_missing_columns(rows: Rows, export: Export, source: Source) -> None:
    """An export need not have all columns, but without some it gives no rows of a table."""
    missing = [c for c in rows.unless_blank if c not in export.header]
    if missing:
        wrong = f"is missing, so nothing becomes {rows.table}"
        source.warnings.append(Problem(export.name, 1, missing[0], "", wrong, "export it, too"))


def _columns(file: File, export: Export, profile: Profile) -> list[ColumnReport]:
    becomes: dict[str, list[str]] = defaultdict(list)
    for rows in file.rows:
        for name, cell in rows.columns.items():
            for column in cell.columns:
                becomes[column].append(f"{rows.table}.{name}")
        for column in (*rows.unless_blank, *rows.only):
            becomes.setdefault(column, [])
    count: Counter[str] = Counter()
    example: dict[str, str] = {}
    for _, row in export.rows:
        for column in export.header:
            if text := filled(row, column, profile):
                count[column] += 1
                example.setdefault(column, excerpt(text))
    return [
        ColumnReport(
            column,
            list(dict.fromkeys(becomes.get(column, ["—"] if column in file.leave else []))),
            count[column],
            example.get(column, ""),
        )
        for column in export.header
    ]
