"""Rows for the statements that make nodes and edges.

`add_…` and `join_…` write each at once, with all its properties: to make one and to set its
properties after that writes it twice on the local database. They get lists, in which no name is
sent again with each row, and know the declared columns alone; `create_…` makes what has others.
"""

from __future__ import annotations

from typing import Any

from relgraph.records.log.change_log import Entry
from relgraph.records.rows import Key
from relgraph.records.writes.steps import Item, Step, make_steps
from relgraph.schema.kind import EdgeKind, Kind
from relgraph.schema.values import Values


class Creations:
    """Gathers what is new of one kind."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._names = kind.own_columns
        self._key_names = kind.key_names if isinstance(kind, EdgeKind) else ("id",)
        self._known = frozenset((*self._names, *self._key_names))
        self._added: list[Item] = []
        self._joined: list[Item] = []
        self._others: list[Item] = []

    def note(self, key: Key, props: Values, entry: Entry, *, is_alone: bool = True) -> None:
        """A new node or edge; an edge `is_alone` if nobody else can be making the same."""
        if props.keys() <= self._known:
            row = [*key, entry.version, *map(props.get, self._names)]
            (self._added if is_alone else self._joined).append(Item(row, entry))
            return
        made: dict[str, Any] = dict(zip(self._key_names, key, strict=True))
        made |= {"props": props, "version": entry.version}
        self._others.append(Item(made, entry))

    def steps(self) -> list[Step]:
        """The statements that make all of them."""
        name = self._kind.plural
        return [
            *make_steps(f"add_{name}", self._added),
            *make_steps(f"join_{name}", self._joined),
            *make_steps(f"create_{name}", self._others),
        ]
