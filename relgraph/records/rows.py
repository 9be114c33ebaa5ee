"""Rows of the import format: what every way of writing is made of.

A file, a request and an undone change all become such rows, keyed by table and key, so that one
planner compares them with what is stored.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from functools import cache

from relgraph.records.problems import Problem
from relgraph.schema.kind import Kind
from relgraph.schema.values import Values

Key = tuple[str, ...]

NOTHING = -1


@dataclass(slots=True)
class Row:
    """A checked row: its place and the values of the cells that were filled.

    With `clear_blanks` a blank cell stands as None, or as what its column is by default; a
    column that the file lacks stands not at all.
    """

    line: int
    values: Values
    version: int = 0
    """The version that a row which comes back has; 0 for the first."""
    file: str = ""
    """Where it stands, if rows of its table stand in several files."""
    seen: int | None = None
    """The stored version that the values were made for, NOTHING if there was none; else any."""
    scope: str = ""
    """The customer in whose log it stands, where its values do not name one."""
    is_derived: bool = False
    """Whether it follows from another row and was not given itself; then it is not counted."""
    is_touched: bool = False
    """Whether it counts as changed although its own values may be as they were."""


class NamingTable(MutableMapping[Key, Row]):
    """Rows by key, not all of which are held (see `long_tables`)."""

    @abstractmethod
    def named(self, key: Key, column: str) -> str | None:
        """What a row names in a column, None for any other. KeyError without such a row."""

    @abstractmethod
    def column(self, column: str) -> Iterator[tuple[str, str | None]]:
        """What nodes' rows name in a column, by id, of the rows that have it."""


Table = dict[Key, Row] | NamingTable
"""Rows of one table."""
MakeTable = Callable[[Iterable[str]], Table]
"""Makes an empty table, given the columns of which rows are asked while others are checked."""


def in_memory(_columns: Iterable[str] = ()) -> Table:
    """An empty table whose rows are all held."""
    return {}


@dataclass(slots=True)
class Records:
    """All checked rows by table and key: an id for nodes, ends and key fields for edges.

    A row of a table may be a copy: whoever changes it puts it in again.
    """

    tables: dict[str, Table] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rejected: dict[str, list[Row]] = field(default_factory=dict)
    """Rows with a reported problem, as far as they could be read."""
    reported: dict[str, dict[str, int]] = field(default_factory=dict)
    """Ids of rows with a reported problem, by table, each with its line."""
    unread: set[str] = field(default_factory=set)
    """Tables of which a part could not be read."""
    newest_wins: bool = True
    """Whether an older judgement leaves a newer one as it is."""
    make_table: MakeTable = in_memory
    """How tables of rows are kept, these and those that follow from them."""

    @property
    def row_count(self) -> int:
        return sum(len(rows) for rows in self.tables.values())

    def ids(self, plural: str) -> Iterable[str]:
        """Ids of the nodes of one table."""
        return (key[0] for key in self.tables.get(plural, {}))

    def rows(self, plural: str) -> Iterator[Row]:
        """All rows of one table, the rejected ones too."""
        yield from self.tables.get(plural, {}).values()
        yield from self.rejected.get(plural, [])

    def file_of(self, plural: str, row: Row) -> str:
        """The file or sheet that a row stands in."""
        return row.file or self.files[plural]

    def named(self, plural: str, id_: str, column: str) -> str | None:
        """What a sound row of a node names in a column; None if nothing, or without a row."""
        rows, key = self.tables.get(plural, {}), (id_,)
        if key not in rows:
            return None
        if isinstance(rows, dict):
            return rows[key].values.get(column)
        return rows.named(key, column)

    def column(self, plural: str, column: str) -> Iterator[tuple[str, str | None]]:
        """What sound rows of nodes name in a column, by id, of those that have the column."""
        rows = self.tables.get(plural, {})
        if not isinstance(rows, dict):
            return rows.column(column)
        return ((k[0], row.values[column]) for k, row in rows.items() if column in row.values)

    def names(self, plural: str, id_: str) -> bool:
        """Whether the import has a row for this node, sound or not."""
        return (id_,) in self.tables.get(plural, {}) or id_ in self.reported.get(plural, {})


@cache
def defaults(kind: Kind) -> Values:
    """Defaults of a kind's columns that are not null, for what a new row leaves out."""
    fields = kind.model.model_fields
    return {
        name: getattr(field.default, "value", field.default)
        for name, field in fields.items()
        if not field.is_required() and field.default is not None
    }
