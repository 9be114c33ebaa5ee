"""Checks what was read, without the database: every cell and every row; all problems at once."""

from __future__ import annotations

from typing import Any

from relgraph.records.problems import CellError, Problem
from relgraph.records.rows import BETWEEN_PEOPLE, Key, Records, Row, both_ways, defaults
from relgraph.records.tables.cells import is_blank, shown
from relgraph.records.tables.columns import Column, columns_of
from relgraph.records.tables.raw import RawTable, Source
from relgraph.records.writes.managers import reconcile_managers
from relgraph.schema import edges
from relgraph.schema.tables import Table


def check(source: Source, *, clear_blanks: bool = False) -> Records:
    """Check everything that can be checked without the database."""
    records = Records(
        problems=list(source.problems),
        warnings=list(source.warnings),
        unread=set(source.unread),
    )
    for raw in source.tables:
        _check_table(raw, records, clear_blanks)
    reconcile_managers(records)
    return records


def _key_of(table: Table, values: dict[str, Any]) -> Key:
    """The key of a sound row."""
    if table.is_node:
        return (values["id"],)
    names = table.model.ends + table.model.key  # type: ignore[union-attr]
    return tuple(values.get(name) or "" for name in names)


def _check_table(raw: RawTable, records: Records, clear_blanks: bool) -> None:
    table = raw.table
    columns = columns_of(raw, records.warnings)
    found = records.tables.setdefault(table.name, {})
    rejected = records.rejected.setdefault(table.name, [])
    reported = records.reported.setdefault(table.name, dict(raw.set_aside))
    records.files[table.name] = raw.file
    # Where a column is missing, which is reported already, no row can be kept.
    complete = set(table.required) <= set(raw.header)
    blanks = defaults(table) if clear_blanks else None
    for line, cells in zip(raw.lines, raw.rows, strict=True):
        row = Row(line, {}, file=raw.file)
        sound = _read_cells(raw.file, row, columns, cells, blanks, records.problems)
        if table.name == "reports_to" and _reports_to_self(raw.file, row, records.warnings):
            continue
        sound &= _check_row(raw, row, records)
        if table.is_node:
            sound &= _is_new_id(raw.file, row, found, reported, records.problems)
        if sound and complete:
            _keep(raw, found, row, records)
            continue
        rejected.append(row)
        if table.is_node and "id" in row.values:
            reported.setdefault(row.values["id"], line)


def _read_cells(
    file: str,
    row: Row,
    columns: list[Column],
    cells: list[Any],
    blanks: dict[str, Any] | None,
    problems: list[Problem],
) -> bool:
    """Fill the row's values from its cells; whether all of them could be read.

    `blanks` is what blank cells stand for; None if they leave the stored value as it is.
    """
    sound = True
    for cell, column in zip(cells, columns, strict=True):
        if column.read is None:
            continue
        if is_blank(cell):
            if column.required:
                sound = False
                problems.append(
                    Problem(file, row.line, column.header, "", "is blank", "every row needs it")
                )
            elif blanks is not None:
                row.values[column.name] = blanks.get(column.name)
            continue
        try:
            row.values[column.name] = column.read(cell)
        except CellError as error:
            sound = False
            problems.append(
                Problem(file, row.line, column.header, shown(cell), error.wrong, error.right)
            )
    return sound


def _reports_to_self(file: str, row: Row, warnings: list[Problem]) -> bool:
    """Whether to leave a reporting line out: who reports to themself has no manager."""
    person = row.values.get("from_id")
    if person is None or person != row.values.get("to_id"):
        return False
    warnings.append(
        Problem(
            file,
            row.line,
            "to_id",
            shown(person),
            "the person reports to themself and counts as having no manager",
            "name the manager, or remove the row",
        )
    )
    return True


def _check_row(raw: RawTable, row: Row, records: Records) -> bool:
    """What a single row must say beyond its cells. Cells that could not be read stand not in it."""
    table, values = raw.table, row.values
    refs = table.refs
    own = values.get("from_id" if table.name in BETWEEN_PEOPLE else "id")
    if table.name == "influences":
        values["scope"] = values.get("deal_id") or ""
    if own is None:
        return True
    if table.name in BETWEEN_PEOPLE and values.get("to_id") == own:
        records.problems.append(
            Problem(
                raw.file,
                row.line,
                "to_id",
                shown(own),
                "from_id and to_id are the same person",
                "name another person",
            )
        )
        return False
    if "manager_id" in refs and values.get("manager_id") == own:
        values["manager_id"] = None
        records.warnings.append(
            Problem(
                raw.file,
                row.line,
                "manager_id",
                shown(own),
                "the person reports to themself and counts as having no manager",
                "name the manager, or leave it blank",
            )
        )
    if "parent_id" in refs and values.get("parent_id") == own:
        records.problems.append(
            Problem(
                raw.file,
                row.line,
                "parent_id",
                shown(own),
                "it is its own parent",
                "name another or leave it blank",
            )
        )
        return False
    return True


def _is_new_id(
    file: str,
    row: Row,
    found: dict[Key, Row],
    reported: dict[str, int],
    problems: list[Problem],
) -> bool:
    id_ = row.values.get("id", "")
    before = found[(id_,)].line if (id_,) in found else reported.get(id_)
    if before is None:
        return True
    problems.append(
        Problem(
            file,
            row.line,
            "id",
            shown(id_),
            f"the id stands in line {before}, too",
            "give each row an id of its own",
        )
    )
    return False


def _keep(raw: RawTable, found: dict[Key, Row], row: Row, records: Records) -> None:
    """Add a sound row; of two rows for the same edge the one that was judged later counts."""
    key = own = _key_of(raw.table, row.values)
    if raw.table.name == "relations" and key not in found and both_ways(row.values):
        other = (key[1], key[0], *key[2:])
        if other in found and both_ways(found[other].values):
            key = other
    before = found.get(key)
    if before is None:
        found[key] = row
        return
    what = shown(" → ".join(part for part in own if part))
    if _content(raw.table, before) == _content(raw.table, row):
        records.warnings.append(
            Problem(raw.file, row.line, "", what, f"repeats line {before.line}", "remove one")
        )
        return
    older, newer = sorted((before, row), key=lambda r: r.values.get("assessed_at") or "")
    if (older.values.get("assessed_at") or "") == (newer.values.get("assessed_at") or ""):
        right = "keep one of them"
        if issubclass(raw.table.model, edges.Judgement):
            right += ", or say in assessed_at which is newer"
        records.problems.append(
            Problem(raw.file, row.line, "", what, f"contradicts line {before.line}", right)
        )
        return
    found[key] = newer
    records.warnings.append(
        Problem(
            raw.file,
            older.line,
            "",
            what,
            f"line {newer.line} was judged later and counts",
            "remove the older one",
        )
    )


def _content(table: Table, row: Row) -> dict[str, Any]:
    """What an edge's row says beside its ends, which a tie may name in either order."""
    ends = table.model.ends  # type: ignore[union-attr]
    return {name: value for name, value in row.values.items() if name not in ends}
