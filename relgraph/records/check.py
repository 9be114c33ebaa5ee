"""Checks what was read: every cell, every row, every reference; all problems at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.cells import as_text, is_blank, readers, shown
from relgraph.records.problems import CellError, Problem
from relgraph.records.sources import RawTable, Source
from relgraph.schema import edges
from relgraph.schema.storage import SYSTEM_FIELDS
from relgraph.schema.tables import TABLES, Table

Key = tuple[str, ...]

_UNSAFE = re.compile(r"\W+")
_TABLE_OF_LABEL = {
    getattr(table.model, "label", ""): table.name for table in TABLES if table.is_node
}


@dataclass(slots=True)
class Row:
    """A checked row: its place and the values of the cells that were filled.

    With `clear_blanks` a blank cell stands as None; a column that the file lacks stands not at
    all.
    """

    line: int
    values: dict[str, Any]


@dataclass(slots=True)
class Records:
    """All checked rows by table and key: an id for nodes, ends and key fields for edges."""

    tables: dict[str, dict[Key, Row]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        return sum(len(rows) for rows in self.tables.values())

    def ids(self, table: str) -> Iterable[str]:
        """Ids of the nodes of one table."""
        return (key[0] for key in self.tables.get(table, {}))


def check(source: Source, *, clear_blanks: bool = False) -> Records:
    """Check everything that can be checked without the database."""
    records = Records(problems=list(source.problems), warnings=list(source.warnings))
    for raw in source.tables:
        _check_table(raw, records, clear_blanks)
    _check_managers(records)
    _check_departments(records)
    return records


def key_of(table: Table, values: dict[str, Any]) -> Key | None:
    """The key of a row, or None where a part of it is missing."""
    if table.is_node:
        names: tuple[str, ...] = ("id",)
    else:
        names = table.model.ends + table.model.key  # type: ignore[union-attr]
    found = tuple(values.get(name) or "" for name in names)
    needed = found if table.is_node else found[:2]
    return found if all(needed) else None


def _check_table(raw: RawTable, records: Records, clear_blanks: bool) -> None:
    table, file = raw.table, raw.file
    columns = _columns(raw, records)
    found = records.tables.setdefault(table.name, {})
    records.files[table.name] = file
    required = set(table.required) & set(raw.header)
    if not set(table.required) <= set(raw.header):
        return  # the header's problem is reported; rows without keys would only repeat it
    for line, cells in zip(raw.lines, raw.rows, strict=True):
        values: dict[str, Any] = {}
        sound = True
        for cell, (column, read) in zip(cells, columns, strict=True):
            if read is None:
                continue
            if is_blank(cell):
                if column in required:
                    sound = False
                    records.problems.append(
                        Problem(file, line, column, "", "is blank", "every row needs it")
                    )
                elif clear_blanks:
                    values[column] = None
                continue
            try:
                values[column] = read(cell)
            except CellError as error:
                sound = False
                records.problems.append(
                    Problem(file, line, column, shown(cell), error.wrong, error.right)
                )
        if sound and _check_row(table, file, line, values, records):
            key = key_of(table, values)
            if key is not None:
                _keep(table, file, found, key, Row(line, values), records)


def _columns(raw: RawTable, records: Records) -> list[tuple[str, Any]]:
    """A reader for each column of the file, in its order; None for a column without a name."""
    known = readers(raw.table.model)
    columns: list[tuple[str, Any]] = []
    extra: list[str] = []
    for column in raw.header:
        if column in known:
            columns.append((column, known[column]))
        elif not column:
            columns.append(("", None))
        elif column in SYSTEM_FIELDS:
            columns.append((column, None))
            records.warnings.append(
                Problem(
                    raw.file,
                    1,
                    column,
                    "",
                    "is kept by relgraph itself and was left out",
                    "remove the column",
                )
            )
        else:
            name = _UNSAFE.sub("_", column).strip("_") or "column"
            if name != column:
                records.warnings.append(
                    Problem(
                        raw.file,
                        1,
                        column,
                        "",
                        f"was kept as {name}",
                        "use letters, digits and _ in a header",
                    )
                )
            columns.append((name, as_text))
            extra.append(name)
    if extra:
        records.warnings.append(
            Problem(
                raw.file,
                1,
                ", ".join(extra),
                "",
                "is not known and was kept as text",
                "correct the header if that was not meant",
            )
        )
    return columns


def _check_row(
    table: Table, file: str, line: int, values: dict[str, Any], records: Records
) -> bool:
    """What a single row must say beyond its cells. False leaves the row out."""
    if table.name in {"reports_to", "influences", "relations"}:
        if values["from_id"] == values["to_id"]:
            place = Problem(
                file,
                line,
                "to_id",
                values["to_id"],
                "the person and the other are the same",
                "name another person"
                if table.name != "reports_to"
                else "the row is left out: the person counts as having no manager",
            )
            (records.warnings if table.name == "reports_to" else records.problems).append(place)
            return False
        if table.name == "influences":
            values["scope"] = values.get("deal_id") or ""
            values.setdefault("nature", "positive")
        if table.name == "reports_to":
            values.setdefault("line", "solid")
    if table.name == "stakeholders":
        if not values.get("placeholder") and "name" not in values:
            if "name" in (column for column in table.columns):
                records.problems.append(
                    Problem(
                        file,
                        line,
                        "name",
                        "",
                        "is blank",
                        "write the name, or set placeholder to true for an unknown holder",
                    )
                )
            return False
        if values.get("manager_id") == values["id"]:
            records.warnings.append(
                Problem(
                    file,
                    line,
                    "manager_id",
                    values["id"],
                    "the person reports to themself",
                    "counts as having no manager",
                )
            )
            del values["manager_id"]
    if table.is_node and values.get("parent_id") == values.get("id"):
        records.problems.append(
            Problem(
                file,
                line,
                "parent_id",
                values["id"],
                "it is its own parent",
                "name another or leave it blank",
            )
        )
        return False
    return True


def _keep(
    table: Table, file: str, found: dict[Key, Row], key: Key, row: Row, records: Records
) -> None:
    before = found.get(key)
    if before is None and table.name == "relations" and not row.values.get("directed"):
        other = (key[1], key[0], key[2])
        if other in found and not found[other].values.get("directed"):
            key, before = other, found[other]
    if before is None:
        found[key] = row
        return
    if table.is_node:
        records.problems.append(
            Problem(
                file,
                row.line,
                "id",
                key[0],
                f"the id stands in line {before.line} already",
                "give each row an id of its own",
            )
        )
        return
    what = " → ".join(part for part in key if part)
    if before.values == row.values:
        records.warnings.append(
            Problem(file, row.line, "", what, f"repeats line {before.line}", "remove one")
        )
        return
    older, newer = sorted((before, row), key=lambda r: r.values.get("assessed_at") or "")
    if (older.values.get("assessed_at") or "") == (newer.values.get("assessed_at") or ""):
        records.problems.append(
            Problem(
                file,
                row.line,
                "",
                what,
                f"contradicts line {before.line}",
                "keep one of them, or say in assessed_at which is newer"
                if issubclass(table.model, edges.Judgement)
                else "keep one of them",
            )
        )
        return
    found[key] = newer
    records.warnings.append(
        Problem(
            file,
            older.line,
            "",
            what,
            f"line {newer.line} was judged later and counts",
            "remove the older one",
        )
    )


def _check_managers(records: Records) -> None:
    """A manager who is named twice for one person: the solid line of manager_id counts."""
    rows = records.tables.get("reports_to", {})
    people = records.tables.get("stakeholders", {})
    for key, row in list(rows.items()):
        person = people.get((key[0],))
        if person and person.values.get("manager_id") == key[1]:
            if row.values["line"] != "solid":
                records.warnings.append(
                    Problem(
                        records.files["reports_to"],
                        row.line,
                        "line",
                        row.values["line"],
                        "manager_id names the same manager, whose line is solid",
                        "the row is left out",
                    )
                )
                del rows[key]
            else:
                row.values["primary"] = True


def _check_departments(records: Records) -> None:
    """A person's department must belong to the person's customer."""
    departments = records.tables.get("departments", {})
    for row in records.tables.get("stakeholders", {}).values():
        department = departments.get((row.values.get("department_id") or "",))
        if department is None:
            continue
        theirs, own = department.values["customer_id"], row.values["customer_id"]
        if theirs != own:
            records.problems.append(
                Problem(
                    records.files["stakeholders"],
                    row.line,
                    "department_id",
                    row.values["department_id"],
                    f"this department belongs to {theirs}, the person to {own}",
                    "name a department of the person's customer",
                )
            )


def check_references(records: Records, tx: Transaction) -> None:
    """Every id that a row refers to must stand in the import or in the database."""
    missing: dict[str, dict[str, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for table in TABLES:
        for column, label in table.refs.items():
            target = _TABLE_OF_LABEL[label]
            inside = records.tables.get(target, {})
            for row in records.tables.get(table.name, {}).values():
                id_ = row.values.get(column)
                if id_ and (id_,) not in inside:
                    missing[target][id_].append(
                        Problem(
                            records.files[table.name],
                            row.line,
                            column,
                            shown(id_),
                            f"there is no {label.lower()} with this id",
                            f"add it to {target}.csv or correct the id",
                        )
                    )
    for target, wanted in missing.items():
        stored = {
            row["node"]["id"] for row in queries.rows(tx, f"stored_{target}", ids=sorted(wanted))
        }
        for id_, places in wanted.items():
            if id_ not in stored:
                records.problems.extend(places)
