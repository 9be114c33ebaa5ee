"""Rows of ours that were made of an export's, before what they refer to is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from relgraph.records.imports.profiles.exports import Export
from relgraph.records.imports.profiles.model import Rows


@dataclass(frozen=True, slots=True)
class Reference:
    """How a row names another one: the column that says it, its texts, and by what they name."""

    column: str
    texts: tuple[str, ...]
    ways: tuple[str, ...]


@dataclass(slots=True)
class Made:
    """A row of ours: its cells, what it refers to in the order of trying, where it comes from."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    references: dict[str, list[Reference]] = field(default_factory=dict)
    domains: set[str] = field(default_factory=set)

    def text(self, column: str) -> str:
        """What it says in a column, or what it names there."""
        named = (text for reference in self.references.get(column, []) for text in reference.texts)
        return self.cells.get(column) or next(named, "")

    def differing(self, other: Made) -> list[str]:
        """Columns in which both say something, and not the same."""
        columns = {**self.cells, **self.references}
        return [
            column
            for column in columns
            if self.text(column) and other.text(column) and self.text(column) != other.text(column)
        ]


@dataclass(slots=True)
class Part:
    """What one file gives to one table.

    Rows that lack something are `gone`, left out; `total` counts them, too.
    """

    export: Export
    rows: Rows
    made: list[Made] = field(default_factory=list)
    total: int = 0
    gone: list[Made] = field(default_factory=list)

    def title(self, column: str) -> str:
        """What the file calls that of which a column of ours is made."""
        return self.export.title(self.rows.columns[column].columns) or column
