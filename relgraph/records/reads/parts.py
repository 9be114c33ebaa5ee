"""The parts of an account as its query gives them: columns, and rows as lists without names."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, fields
from operator import itemgetter
from typing import Any, TypeVar

from relgraph.records.rows import Key
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import DEAL, STAKEHOLDER
from relgraph.schema.values import Values

T = TypeVar("T")
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Nodes or edges of one kind."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()

    def place(self, column: str) -> int:
        """Which value of a row stands in a column."""
        return self.columns.index(column)

    def values(self, row: Row) -> Values:
        """A row with the names of its columns."""
        return dict(zip(self.columns, row, strict=True))

    def made(self, cls: type[T]) -> tuple[T, ...]:
        """The rows as objects of a class whose members are called as the columns are."""
        names = tuple(member.name for member in fields(cls))  # type: ignore[arg-type]
        if len(names) < len(self.columns):
            missing = ", ".join(sorted({*self.columns}.difference(names)))
            raise TypeError(f"{cls.__name__} has no {missing}; add them to the class.")
        columns = self.columns
        return tuple([cls(**dict(zip(columns, row, strict=True))) for row in self.rows])

    def first_by_id(self, *columns: str) -> Part:
        """One row an id, by id: who is in two departments counts once, a deal of two owners too.

        Of several rows that with the least values in `columns` stands, what is blank last.
        """
        id_, further = self.place("id"), [self.place(column) for column in columns]
        first: dict[str, Row] = {}
        for row in self.rows:
            key = row[id_]
            known = first.get(key)
            if known is None or _blank_last(row, further) < _blank_last(known, further):
                first[key] = row
        return Part(self.columns, tuple(first[key] for key in sorted(first)))

    def among(self, kind: EdgeKind, people: Container[str]) -> Part:
        """Edges whose ends are people who work there now, in the order of their keys.

        That is by deal first, then by the other ends, then by what else is in the key, what is
        blank last.
        """
        checked = [
            self.place(column)
            for column, end in zip(kind.end_columns, kind.ends, strict=True)
            if end is STAKEHOLDER
        ]
        kept = list(self.rows)
        for place in checked:
            kept = [row for row in kept if row[place] in people]
        for column in reversed(kind.key):
            further = self.place(column)
            kept.sort(key=lambda row: (not row[further], row[further] or ""))
        ends = kind.end_columns[::-1] if DEAL in kind.ends else kind.end_columns
        kept.sort(key=itemgetter(*map(self.place, ends)))
        return Part(self.columns, tuple(kept))

    def keys(self, kind: EdgeKind) -> Iterable[Key]:
        """The keys of the edges."""
        places = [self.place(column) for column in kind.row_key]
        return (tuple(row[place] or "" for place in places) for row in self.rows)


def _blank_last(row: Row, places: Iterable[int]) -> list[tuple[bool, Any]]:
    return [(not row[place], row[place] or "") for place in places]


def parts_of(rows: Iterable[Values]) -> dict[str, Part]:
    """The parts by name; what comes in several rows is one part."""
    parts: dict[str, Part] = {}
    for row in rows:
        known = parts.get(row["part"])
        more = tuple(row["rows"])
        parts[row["part"]] = Part(tuple(row["columns"]), (known.rows if known else ()) + more)
    return parts
