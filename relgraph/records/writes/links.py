"""What nodes point at: departments, parents, teams, owners and whatever else columns name."""

from __future__ import annotations

from collections import defaultdict

from relgraph.records.reads.stored import StoredNode
from relgraph.records.rows import Row
from relgraph.records.writes.steps import Item, Step, make_steps
from relgraph.schema.kind import NodeKind
from relgraph.schema.values import Values

Columns = Values


class Links:
    """Gathers, row by row, what the reference columns of one kind of node change.

    The change log records them as changes of the node. Columns whose edges have rows of their
    own are not among them; see `people`.
    """

    def __init__(self, kind: NodeKind) -> None:
        self._kind = kind
        self._columns = [reference.column for reference in kind.references if not reference.rows]
        self._link: dict[str, list[Item]] = defaultdict(list)
        self._unlink: dict[str, list[Item]] = defaultdict(list)

    def note(self, id_: str, row: Row, stored: StoredNode | None) -> tuple[Columns, Columns]:
        """Note what one node points elsewhere; the columns that change, before and after."""
        before: Columns = {}
        after: Columns = {}
        for column in self._columns:
            if column not in row.values:
                continue
            wanted = row.values[column]
            targets = stored.targets[column] if stored else set()
            if targets == ({wanted} if wanted is not None else set()):
                continue
            before[column] = min(targets, default=None)
            after[column] = wanted
            for old in sorted(targets - {wanted}):
                self._unlink[column].append(_item(id_, old))
            if wanted is not None and wanted not in targets:
                self._link[column].append(_item(id_, wanted))
        return before, after

    def steps(self) -> list[Step]:
        """The statements: first what parts, then what joins."""
        name = self._kind.plural
        steps: list[Step] = []
        for column, items in self._unlink.items():
            steps += make_steps(f"unlink_{name}_{column}", items, counted=False)
        for column, items in self._link.items():
            steps += make_steps(f"link_{name}_{column}", items)
        return steps


def _item(id_: str, to: str) -> Item:
    return Item({"id": id_, "to": to})
