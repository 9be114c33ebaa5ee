"""Turns an export into raw tables of the import format, and reports what became of each column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

import orjson

from relgraph.records.imports.profiles import known
from relgraph.records.imports.profiles.cells import (
    Unmapped,
    cell_text,
    domain_of,
    filled,
    has_value,
    slug,
    source_texts,
)
from relgraph.records.imports.profiles.exports import Export, Exports, read_exports
from relgraph.records.imports.profiles.headers import nearest
from relgraph.records.imports.profiles.ids import Stored, unify_ids
from relgraph.records.imports.profiles.made import Made, Part, Reference
from relgraph.records.imports.profiles.model import Cell, File, Profile, Rows
from relgraph.records.imports.profiles.references import StoredCustomers, resolve
from relgraph.records.imports.profiles.report import FIRST, LeftOut, Mapping, file_report
from relgraph.records.problems import CellError, Problem, coded_problem
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.conventions import UNSAID, Conventions
from relgraph.records.tables.raw import CountFaults, RawTable, Source
from relgraph.schema.kind import Kind, NodeKind
from relgraph.schema.kinds import DEAL, KIND_BY_PLURAL, kind_of


def apply_profile(
    path: Path,
    profile: Profile,
    stored: Stored,
    conventions: Conventions = UNSAID,
    customers: StoredCustomers = list,
    count_faults: CountFaults = lambda _rows: 0,
) -> tuple[Source, Mapping]:
    """Read an export as the import format. What is wrong stands in the source.

    `count_faults` is asked meanwhile: of a file with too many faults no more is read.
    """

    def faults_of(file: File, export: Export) -> int:
        return _faults(file, export, profile, count_faults)

    exports = read_exports(path, profile, conventions, faults_of)
    source = Source(path, problems=exports.problems, warnings=exports.warnings)
    source.unread |= {
        rows.table
        for file, export in exports.known
        if export.is_broken
        for rows in file.rows
        if rows.can_be_made(set(export.header))
    }
    mapping = Mapping(profile.title, unused=exports.unknown)
    _tell_of_unlike(path, profile, exports, source, conventions)
    unify_ids(exports, profile, stored)
    parts: dict[str, list[Part]] = defaultdict(list)
    seen: dict[str, dict[tuple[str, ...], Made]] = defaultdict(dict)
    for file, export in sorted(exports.known, key=lambda pair: profile.files.index(pair[0])):
        report = file_report(file, export, profile)
        _drop(file, export, profile, mapping)
        for rows in file.rows:
            lacking = [column for column in rows.unless_blank if column not in export.header]
            if lacking and rows.optional:
                continue
            if lacking:
                source.warnings.append(_column_lacks(rows, export, lacking[0]))
            part = _Making(rows, export, profile, source, mapping).run(seen[rows.table])
            parts[rows.table].append(part)
        mapping.files.append(report)
    resolve(parts, profile.prefix, source, mapping, stored, customers)
    for table, of_table in parts.items():
        for part in of_table:
            report = next(r for r in mapping.files if r.file == part.export.name)
            report.tables[table] = report.tables.get(table, 0) + len(part.made)
    mapping.add_up_deals(parts.get(DEAL.plural, []))
    source.warnings += mapping.warnings()
    for name, kind in KIND_BY_PLURAL.items():
        for part in parts.get(name, []):
            source.tables.append(_raw(kind, part))
            source.files.setdefault(name, part.export.name)
    return source, mapping


# files ------------------------------------------------------------------------------------


def _tell_of_unlike(
    path: Path, profile: Profile, exports: Exports, source: Source, conventions: Conventions
) -> None:
    """Name for each file that is not known what it lacks; a problem if none is known at all."""
    problems: list[Problem] = []
    for export in exports.unlike:
        fit = nearest(profile, export.file, export.header)
        if fit is None:
            continue
        values: dict[str, str | tuple[str, ...]] = {
            "profile": profile.title, "like": fit.file.names[0], "columns": tuple(fit.lacking),
        }  # fmt: skip
        code = "columns_lack" if fit.lacking else "columns_of_several"
        problems.append(coded_problem(export.name, export.header_line, "", "", code, **values))
    if exports.known or exports.problems:
        source.warnings += problems
    elif others := known.profiles_for(path, conventions):
        titles = tuple(known.profile(name).title for name in others)
        other = coded_problem(
            path.name, 0, "", "", "other_profile",
            profile=profile.title, others=titles, name=others[0],
        )  # fmt: skip
        source.problems.append(other)
    elif problems:
        source.problems += problems
    else:
        names = tuple(name for file in profile.files for name in file.names)
        none = coded_problem(
            path.name, 0, "", "", "no_file_known", profile=profile.title, names=names
        )
        source.problems.append(none)


def _drop(file: File, export: Export, profile: Profile, mapping: Mapping) -> None:
    """Leave out rows that the other system marks, such as those that are deleted."""
    kept: list[tuple[int, dict[str, str]]] = []
    lines: dict[str, list[int]] = defaultdict(list)
    drop = {column: values for column, values in file.drop.items() if column in export.header}
    for line, row in export.rows if drop else []:
        reason = next((c for c, v in drop.items() if has_value(row, {c: v}, profile)), None)
        if reason is None:
            kept.append((line, row))
        else:
            lines[reason].append(line)
    for column, gone in lines.items():
        table, total = file.rows[-1].table, len(export.rows)
        first = next(row for line, row in export.rows if line == gone[0])
        mapping.left_out.append(
            LeftOut(
                export.name, table, "left_out_dropped", export.title([column]), len(gone), total,
                gone[:FIRST], [], value=filled(first, column, profile),
            )
        )  # fmt: skip
    if lines:
        export.rows = kept


def _column_lacks(rows: Rows, export: Export, column: str) -> Problem:
    """An export need not have all columns, but without some it gives no rows of a table."""
    place = (export.name, export.header_line, column, "")
    return coded_problem(*place, "column_lacks", table=rows.table)


def _faults(file: File, export: Export, profile: Profile, count_faults: CountFaults) -> int:
    """How much is wrong with some rows of a file, whatever they refer to."""
    source, mapping, faults = Source(Path(export.name)), Mapping(profile.title), 0
    _drop(file, export, profile, mapping)
    for rows in file.rows:
        if rows.can_be_made(set(export.header)):
            making = _Making(rows, export, profile, source, mapping)
            part, kind = making.run({}), kind_of(rows.table)
            count = count_faults(_raw(kind, part, without=kind.refs))
            # Of equal rows the first is made; what is wrong with it is wrong with each.
            faults += count + count * len(making.equal) // max(len(part.made), 1)
    return faults + len(source.problems)


# rows -------------------------------------------------------------------------------------


class _Making:
    """The rows of one table out of one file, with what is to be told of them."""

    def __init__(
        self, rows: Rows, export: Export, profile: Profile, source: Source, mapping: Mapping
    ) -> None:
        self.rows, self.export, self.profile = rows, export, profile
        self.source, self.mapping = source, mapping
        self.kind = kind_of(rows.table)
        self.part = Part(export, rows)
        self.unmapped: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.incomplete: dict[str, list[Made]] = defaultdict(list)
        self.numbered: list[int] = []
        self.equal: list[Made] = []
        self.differing: dict[str, list[Made]] = defaultdict(list)

    def run(self, seen: dict[tuple[str, ...], Made]) -> Part:
        """Make them; `seen` are those that were made before, by their keys."""
        stem = slug([Path(self.export.file).stem])
        for number, (line, row) in enumerate(self.export.rows, 1):
            if not self._is_wanted(row):
                continue
            made, unmapped = self._made(line, row, f"{stem}-{number}")
            missing = next((c for c in self.kind.required if not made.text(c)), None)
            if missing is not None:
                if missing not in unmapped:
                    self.incomplete[missing].append(made)
                    self.part.gone.append(made)
                    self.part.total += 1
                continue
            key = tuple(made.text(c) for c in _key(self.kind))
            before = seen.setdefault(key, made)
            if before is not made and self._is_repeated(made, before):
                continue
            self.part.made.append(made)
        self.part.total += len(self.part.made)
        self._tell()
        return self.part

    def _is_wanted(self, row: dict[str, str]) -> bool:
        return all(
            filled(row, column, self.profile) for column in self.rows.unless_blank
        ) and has_value(row, self.rows.only, self.profile)

    def _made(self, line: int, row: dict[str, str], row_id: str) -> tuple[Made, set[str]]:
        """A row of ours, and the columns whose values are reported as not in the profile."""
        made = Made(line)
        unmapped: set[str] = set()
        for column, cell in self.rows.columns.items():
            if column in self.kind.refs:
                made.references[column] = self._references(cell, row)
                continue
            try:
                text = cell_text(cell, row, self.profile, row_id)
            except Unmapped as error:
                self.unmapped[column, str(error)].append(line)
                unmapped.add(column)
                text = ""
            except CellError as error:
                value = excerpt(next(iter(source_texts(cell, row, self.profile)), ""))
                place = (self.export.name, line, self.part.title(column), value)
                self.source.problems.append(error.at(*place))
                text = ""
            if column == "id" and text:
                self._put_id(made, cell, row, text)
            elif text or column not in made.cells:
                made.cells[column] = text
        texts = (filled(row, column, self.profile) for column in self.rows.addresses)
        made.domains = {domain for text in texts if (domain := domain_of(text))}
        return made, unmapped

    def _references(self, way: Cell, row: dict[str, str]) -> list[Reference]:
        return [
            Reference(self.export.title(cell.sources), tuple(texts), tuple(cell.find or ["id"]))
            for cell in way.chain
            if (texts := source_texts(cell, row, self.profile))
        ]

    def _put_id(self, made: Made, way: Cell, row: dict[str, str], text: str) -> None:
        made.cells["id"] = self.profile.prefix + text
        used = next(
            cell for cell in way.chain if cell.numbered or source_texts(cell, row, self.profile)
        )
        if used.numbered:
            self.numbered.append(made.line)
        elif self.profile.system and used.from_ is not None:
            ids = orjson.dumps({self.profile.system: text}).decode()
            made.cells.setdefault("external_ids", ids)

    def _is_repeated(self, made: Made, before: Made) -> bool:
        """Whether a row is left out because one with its key was there before."""
        differing = made.differing(before)
        if self.rows.distinct:
            for column in differing:
                self.differing[column].append(made)
            if not self.kind.is_node and not differing:
                self.equal.append(made)
            return True
        if differing or made.cells.keys() != before.cells.keys():
            return False  # a problem that the check of all rows names
        self.equal.append(made)
        return True

    def _tell(self) -> None:
        warnings, title = self.source.warnings, self.part.title
        for (column, value), lines in sorted(self.unmapped.items()):
            code = "outcome_unmapped" if column == "outcome" else "value_unmapped"
            warnings.append(
                coded_problem(
                    self.export.name, lines[0], title(column), excerpt(value), code,
                    count=f"{len(lines):,}",
                )
            )  # fmt: skip
        for column, gone in sorted(self.incomplete.items()):
            self.mapping.leave_out(self.part, "left_out_blank", title(column), gone)
        if self.equal:
            self.part.total += len(self.equal)
            self.mapping.leave_out(self.part, "left_out_equal", "", self.equal)
            self.part.total -= len(self.equal)
        for column, rows in sorted(self.differing.items()):
            warnings.append(
                coded_problem(
                    self.export.name, rows[0].line, title(column), excerpt(rows[0].text(column)),
                    "rows_differ", count=f"{len(rows):,}", kind=self.kind.words,
                )
            )  # fmt: skip
        if self.numbered:
            warnings.append(
                coded_problem(
                    self.export.name, self.numbered[0], "", "", "rows_numbered",
                    count=f"{len(self.numbered):,}",
                )
            )  # fmt: skip


def _key(kind: Kind) -> tuple[str, ...]:
    return ("id",) if isinstance(kind, NodeKind) else kind.row_key


# tables -----------------------------------------------------------------------------------


def _raw(kind: Kind, part: Part, without: Collection[str] = ()) -> RawTable:
    named = [*part.rows.columns, *(column for made in part.made for column in made.cells)]
    columns = [column for column in dict.fromkeys(named) if column not in without]
    raw = RawTable(kind, part.export.name, columns, columns)
    raw.decimal = part.export.decimal
    raw.display_names = {
        column: part.title(column) for column, cell in part.rows.columns.items() if cell.columns
    }
    for made in part.made:
        raw.lines.append(made.line)
        raw.rows.append([made.cells.get(column) or None for column in columns])
    return raw
