"""Checks what was read, without the database: every cell and every row; all problems at once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from relgraph.records import spool
from relgraph.records.long_tables import LongTable
from relgraph.records.problems import MOST_PROBLEMS, CellError, Problem, coded_problem
from relgraph.records.rows import Key, Records, Row, Table, defaults, in_memory
from relgraph.records.tables.cells import Reader, amounts, excerpt, is_blank
from relgraph.records.tables.columns import Column, columns_of
from relgraph.records.tables.numbers import currency_of
from relgraph.records.tables.raw import RawTable, Source
from relgraph.records.writes.managers import reconcile_managers
from relgraph.schema.edges import Judgement
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.kinds import REPORTING_LINE
from relgraph.schema.values import Values

TEXTS_REMEMBERED = 1_000
"""Different cells of a column, the last ones, that are read once however often they stand there."""


class _Cell(NamedTuple):
    """Where a column's cells stand in a row, and how they are read: None for a blank one."""

    number: int
    column: Column
    read: Reader


def check(source: Source, *, clear_blanks: bool = False) -> Records:
    """Check everything that can be checked without the database.

    Where the source has more rows than are held, only a part of what is checked is.
    """
    records = Records(
        make_table=LongTable if source.row_count > spool.ROWS_HELD else in_memory,
        problems=list(source.problems),
        warnings=list(source.warnings),
        unread=set(source.unread),
    )
    for raw in source.tables:
        _check_table(raw, records, clear_blanks)
    reconcile_managers(records)
    return records


def count_faults(raw: RawTable) -> int:
    """How many problems there are with rows of a table, taken by themselves."""
    records = Records()
    _check_table(raw, records, clear_blanks=False)
    return len(records.problems)


def _key_of(kind: Kind, values: Values) -> Key:
    """The key of a sound row."""
    if isinstance(kind, NodeKind):
        return (values["id"],)
    return tuple(values.get(name) or "" for name in kind.row_key)


def _check_table(raw: RawTable, records: Records, clear_blanks: bool) -> None:
    kind = raw.kind
    read = _cells_of(columns_of(raw, records.warnings))
    money = [cell for cell in read if cell.column.name in amounts(kind.model)]
    kept = records.tables.setdefault(kind.plural, records.make_table(kind.refs))
    rejected = records.rejected.setdefault(kind.plural, [])
    reported = records.reported.setdefault(kind.plural, dict(raw.set_aside))
    records.files[kind.plural] = raw.file
    # Where a column is missing, which is reported already, no row can be kept.
    complete = set(kind.required) <= set(raw.header)
    blanks = defaults(kind) if clear_blanks else None
    uncounted: dict[str, list[int]] = {}
    for line, cells in zip(raw.lines, raw.rows, strict=True):
        if len(records.problems) >= MOST_PROBLEMS:
            records.problems.append(coded_problem(raw.file, line, "", "", "too_many"))
            records.unread.add(kind.plural)
            break
        row = Row(line, {}, file=raw.file)
        sound = _read_cells(raw.file, row, read, cells, blanks, records.problems)
        if kind is REPORTING_LINE and _reports_to_self(raw.file, row, records.warnings):
            continue
        sound &= _check_currencies(raw, row, money, cells, uncounted, records)
        sound &= _check_row(raw, row, records)
        if kind.is_node:
            sound &= _is_new_id(raw.file, row, kept, reported, records.problems)
        if sound and complete:
            _keep(raw, kept, row, records)
            continue
        rejected.append(row)
        if kind.is_node and "id" in row.values:
            reported.setdefault(row.values["id"], line)
    for place, lines in uncounted.items():
        header, _, code = place.rpartition(" ")
        spot = (raw.file, lines[0], header, code)
        lost = coded_problem(*spot, "currency_lost", table=kind.plural)
        if len(lines) > 1:
            more = f"{len(lines) - 1:,}"
            lost = coded_problem(*spot, "currency_lost_more", table=kind.plural, more=more)
        records.warnings.append(lost)


def _cells_of(columns: list[Column]) -> list[_Cell]:
    """Those that are kept. Days, names and sentences repeat from row to row."""

    def remembering(read: Reader) -> Reader:
        return lru_cache(TEXTS_REMEMBERED, typed=True)(
            lambda cell: None if is_blank(cell) else read(cell)
        )

    return [
        _Cell(number, column, remembering(column.read))
        for number, column in enumerate(columns)
        if column.read is not None
    ]


def _read_cells(
    file: str,
    row: Row,
    read: list[_Cell],
    cells: list[Any],
    blanks: Values | None,
    problems: list[Problem],
) -> bool:
    """Fill the row's values from its cells; whether all of them could be read.

    `blanks` is what blank cells stand for; None if they leave the stored value as it is.
    """
    sound = True
    for number, column, read_cell in read:
        try:
            value = read_cell(cells[number])
        except CellError as error:
            sound = False
            cell = excerpt(cells[number])
            problems.append(error.at(file, row.line, column.header, cell))
            continue
        if value is not None:
            row.values[column.name] = value
        elif column.required:
            sound = False
            problems.append(coded_problem(file, row.line, column.header, "", "blank"))
        elif blanks is not None:
            row.values[column.name] = blanks.get(column.name)
    return sound


def _check_currencies(
    raw: RawTable,
    row: Row,
    money: list[_Cell],
    cells: list[Any],
    uncounted: dict[str, list[int]],
    records: Records,
) -> bool:
    """Whether what stands with an amount agrees with the currency of its row, or fills it.

    Where rows of the kind have no currency, `uncounted` gets the line.
    """
    sound = True
    for number, column, _ in money:
        cell = cells[number]
        code = currency_of(cell) if column.name in row.values else None
        if code is None:
            continue
        if "currency" not in raw.kind.columns:
            uncounted.setdefault(f"{column.header} {code}", []).append(row.line)
        elif row.values.get("currency") in (None, code):
            row.values["currency"] = code
        else:
            sound = False
            own = str(row.values["currency"])
            place = (raw.file, row.line, column.header, excerpt(cell))
            records.problems.append(
                coded_problem(*place, "currency_differs", currency=code, own=own)
            )
    return sound


def _reports_to_self(file: str, row: Row, warnings: list[Problem]) -> bool:
    """Whether to leave a reporting line out: who reports to themself has no manager."""
    person = row.values.get("from_id")
    if person is None or person != row.values.get("to_id"):
        return False
    warnings.append(coded_problem(file, row.line, "to_id", excerpt(person), "self_manager_line"))
    return True


def _check_row(raw: RawTable, row: Row, records: Records) -> bool:
    """What a single row must say beyond its cells. Cells that could not be read stand not in it."""
    if isinstance(raw.kind, EdgeKind):
        return not raw.kind.between_alike or _check_ends(raw, raw.kind, row, records)
    return _check_own_references(raw, raw.kind, row, records)


def _check_ends(raw: RawTable, kind: EdgeKind, row: Row, records: Records) -> bool:
    """An edge between nodes of one kind joins two of them."""
    first, second = kind.end_columns
    own = row.values.get(first)
    if own is None or row.values.get(second) != own:
        return True
    code = "same_ends_person" if kind.between_people else "same_ends"
    place = (raw.file, row.line, second, excerpt(own))
    records.problems.append(coded_problem(*place, code, first=first, second=second))
    return False


def _check_own_references(raw: RawTable, kind: NodeKind, row: Row, records: Records) -> bool:
    """No node names itself as what is above it."""
    refs, values = kind.refs, row.values
    own = values.get("id")
    if own is None:
        return True
    if "manager_id" in refs and values.get("manager_id") == own:
        values["manager_id"] = None
        records.warnings.append(
            coded_problem(raw.file, row.line, "manager_id", excerpt(own), "self_manager")
        )
    if "parent_id" in refs and values.get("parent_id") == own:
        records.problems.append(
            coded_problem(raw.file, row.line, "parent_id", excerpt(own), "own_parent")
        )
        return False
    return True


def _is_new_id(
    file: str,
    row: Row,
    kept: Table,
    reported: dict[str, int],
    problems: list[Problem],
) -> bool:
    id_ = row.values.get("id", "")
    other = kept.get((id_,))
    before = reported.get(id_) if other is None else other.line
    if before is None:
        return True
    place = (file, row.line, "id", excerpt(id_))
    if other is not None and other.file not in (None, file):
        there = str(other.file)
        problem = coded_problem(*place, "id_twice_elsewhere", before=str(before), there=there)
    else:
        problem = coded_problem(*place, "id_twice", before=str(before))
    problems.append(problem)
    return False


def _keep(raw: RawTable, kept: Table, row: Row, records: Records) -> None:
    """Add a sound row; of two rows for the same edge the one that was judged later counts."""
    key = own = _key_of(raw.kind, row.values)
    if (
        isinstance(raw.kind, EdgeKind)
        and raw.kind.is_symmetric(row.values)
        and key not in kept
        and (other := raw.kind.turned(key)) in kept
        and raw.kind.is_symmetric(kept[other].values)
    ):
        key = other
    before = kept.get(key)
    if before is None:
        kept[key] = row
        return
    what = excerpt(" → ".join(part for part in own if part))
    if _content(raw.kind, before) == _content(raw.kind, row):
        records.warnings.append(
            coded_problem(raw.file, row.line, "", what, "repeats", before=str(before.line))
        )
        return
    older, newer = sorted((before, row), key=lambda r: r.values.get("assessed_at") or "")
    if (older.values.get("assessed_at") or "") == (newer.values.get("assessed_at") or ""):
        code = "contradicts_judged" if issubclass(raw.kind.model, Judgement) else "contradicts"
        records.problems.append(
            coded_problem(raw.file, row.line, "", what, code, before=str(before.line))
        )
        return
    kept[key] = newer
    records.warnings.append(
        coded_problem(raw.file, older.line, "", what, "judged_later", before=str(newer.line))
    )


def _content(kind: Kind, row: Row) -> Values:
    """What an edge's row says beside its ends, which a tie may name in either order."""
    ends = () if isinstance(kind, NodeKind) else kind.end_columns
    return {name: value for name, value in row.values.items() if name not in ends}
