"""The parts of an account as its query gives them: columns, and rows as lists without names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, fields
from operator import itemgetter
from typing import Any, TypeVar

from relgraph.records.rows import Key
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import DEAL, EDGE_KINDS, STAKEHOLDER
from relgraph.schema.values import Values

T = TypeVar("T")
Row = Sequence[Any]


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
        if not self.rows:
            return self
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
        if not self.rows:
            return self
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
        if not self.rows:
            return ()
        places = [self.place(column) for column in kind.row_key]
        return (tuple(row[place] or "" for place in places) for row in self.rows)


def _blank_last(row: Row, places: Iterable[int]) -> list[tuple[bool, Any]]:
    return [(not row[place], row[place] or "") for place in places]


NOTHING = Part(())
"""A part without rows."""
EDGES = "edges"
"""The part that holds edges of several kinds, each row with its type and both ends first."""


def parts_of(rows: Iterable[Values]) -> dict[str, Part]:
    """The parts by name, those of edges by the plurals of their kinds; NOTHING for what is empty.

    What comes in several rows is one part.
    """
    parts: dict[str, Part] = defaultdict(lambda: NOTHING)
    for row in rows:
        part = Part(tuple(row["columns"]), tuple(row["rows"]))
        named = _by_kind(part) if row["part"] == EDGES else {row["part"]: part}
        for name, more in named.items():
            if more.rows:
                parts[name] = Part(more.columns, (*parts[name].rows, *more.rows))
    return parts


def _by_kind(part: Part) -> dict[str, Part]:
    """Edges of several kinds, each with the columns of its own."""
    by_type: dict[str, list[Row]] = defaultdict(list)
    type_ = part.place("type")
    for row in part.rows:
        by_type[row[type_]].append(row)
    parts: dict[str, Part] = {}
    for kind in EDGE_KINDS:
        if kind.type in by_type:
            columns = (*kind.properties, "version")
            pick = itemgetter(*map(part.place, ("first", "second", *columns)))
            rows = tuple(map(pick, by_type[kind.type]))
            parts[kind.plural] = Part((*kind.end_columns, *columns), rows)
    return parts
