"""What each column of a file is: a field of the model, something extra, or nothing to keep."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from relgraph.records.problems import Problem, coded_problem
from relgraph.records.tables.cells import Reader, excerpt, from_1904, read_text, readers
from relgraph.records.tables.raw import RawTable
from relgraph.schema.storage import JSON_FIELDS, LIST_FIELDS, SYSTEM_FIELDS

LONGEST_NAME = 100

_UNSAFE = re.compile(r"(?<!_)_*+\W[\W_]*+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the property that it fills, how its cells are read, its header in a report.

    Without a reader its cells are left out.
    """

    name: str
    read: Reader | None
    header: str
    required: bool = False


def columns_of(raw: RawTable, warnings: list[Problem]) -> list[Column]:
    """The columns of a file in their order; what is left out or not known is warned of."""
    known = readers(raw.kind.model, raw.decimal)
    if raw.epoch_1904:
        known = {name: from_1904(read) for name, read in known.items()}
    required = raw.kind.required
    columns: list[Column] = []
    # Names that mean something to relgraph; no other column may be stored under one of them.
    taken = {*known, *SYSTEM_FIELDS, *JSON_FIELDS, *LIST_FIELDS}
    seen: set[str] = set()
    for name, written in zip(raw.header, raw.written, strict=True):
        if not name or name in seen:  # both are reported with the header
            columns.append(Column(name, None, name))
        elif name in known:
            display_name = raw.display_names.get(name, name)
            columns.append(Column(name, known[name], display_name, name in required))
        elif name in SYSTEM_FIELDS:
            columns.append(Column(name, None, name))
            warnings.append(
                coded_problem(raw.file, raw.header_line, name, "", "column_of_relgraph")
            )
        elif raw.kind.is_fact:
            columns.append(Column(name, None, excerpt(written)))
            warnings.append(_left_out(raw, excerpt(written), name))
        else:
            kept = _free_name(name, taken)
            taken.add(kept)
            columns.append(Column(kept, read_text, excerpt(written)))
            warnings.append(_unknown(raw, excerpt(written), name, kept))
        seen.add(name)
    return columns


def _free_name(name: str, taken: set[str]) -> str:
    """The name in letters, digits and _, with a number behind it where it means another column."""
    safe = _UNSAFE.sub("_", name[:LONGEST_NAME]).strip("_") or "column"
    kept, number = safe, 1
    while kept in taken:
        number += 1
        kept = f"{safe}_{number}"
    return kept


def _left_out(raw: RawTable, written: str, name: str) -> Problem:
    place = (raw.file, raw.header_line, written, "")
    if near := _near(raw, name):
        return coded_problem(*place, "column_left_out_near", near=near)
    return coded_problem(*place, "column_left_out")


def _unknown(raw: RawTable, written: str, name: str, kept: str) -> Problem:
    code = "column_unknown" if kept == written.lower() else "column_renamed"
    values = {} if kept == written.lower() else {"kept": kept}
    if near := _near(raw, name):
        code, values = f"{code}_near", values | {"near": near}
    return coded_problem(raw.file, raw.header_line, written, "", code, **values)


def _near(raw: RawTable, name: str) -> str:
    """The column that may be meant; "" if none is near."""
    free = [column for column in raw.kind.columns if column not in raw.header]
    near = difflib.get_close_matches(name[:LONGEST_NAME], free, n=1, cutoff=0.75)
    return near[0] if near else ""
