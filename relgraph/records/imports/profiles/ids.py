"""Ids that may be written in several ways: those of Salesforce in 15 or 18 characters.

The longer form adds three characters, one for each five: the sum of 2 to the power of the place,
from 0, of each capital letter, written as A to Z and 0 to 5.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from relgraph.records.imports.profiles.exports import Export, Exports
from relgraph.records.imports.profiles.model import File, Profile
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import kind_of, kind_with_label

Stored = Callable[[str, set[str]], set[str]]
"""Which of these ids of a table are in the database already."""

_FORM = re.compile(r"(?=[A-Za-z]{0,17}\d)[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHORT = 15


def in_18(id_: str) -> str:
    """The form in 18 characters of an id in 15."""
    check = ""
    for start in range(0, _SHORT, 5):
        part = id_[start : start + 5]
        capitals = sum(1 << bit for bit, letter in enumerate(part) if "A" <= letter <= "Z")
        check += _CHECK[capitals]
    return id_ + check


def unify_ids(exports: Exports, profile: Profile, stored: Stored) -> None:
    """Write each id of the export in one way, if the profile says which form its ids have.

    That is the longer form; the shorter one where a record is stored under it.
    """
    if profile.ids is None:
        return
    longer: dict[str, str] = {}
    shorter: dict[str, set[str]] = defaultdict(set)
    for table, column, export in _id_columns(exports):
        for _, row in export.rows:
            text = row.get(column, "")
            if not _FORM.fullmatch(text):
                continue
            if len(text) > _SHORT:
                longer[text[:_SHORT]] = text
            elif table is not None:
                shorter[table].add(text)
    kept = {id_ for table, ids in shorter.items() for id_ in stored(table, ids)}
    for _, column, export in _id_columns(exports):
        for _, row in export.rows:
            text = row.get(column, "")
            if _FORM.fullmatch(text):
                short = text[:_SHORT]
                unified = longer.get(short) or in_18(short)
                row[column] = short if short in kept else unified


def _id_columns(exports: Exports) -> Iterator[tuple[str | None, str, Export]]:
    """Columns with ids: the table whose ids they are, the column, and its file.

    The table is None for ids that are only part of another.
    """
    seen: set[tuple[str | None, str, str]] = set()
    for file, export in exports.known:
        for table, column in _id_columns_of(file):
            if column in export.header and (table, column, export.name) not in seen:
                seen.add((table, column, export.name))
                yield table, column, export


def _id_columns_of(file: File) -> Iterator[tuple[str | None, str]]:
    for rows in file.rows:
        kind = kind_of(rows.table)
        for name, way in rows.columns.items():
            target = kind_with_label(kind.refs[name]).plural if name in kind.refs else None
            if name == "id" and isinstance(kind, NodeKind):
                target = rows.table
            if target is None:
                continue
            for cell in way.chain:
                for column in cell.sources:
                    yield (None if cell.from_ is None else target), column
