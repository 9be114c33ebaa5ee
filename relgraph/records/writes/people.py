"""Splits rows of people into a node and its edges: each fact is written and noted once.

A row of stakeholders.csv, like the body of a request, names employer and manager in columns. Both
are edges with rows of their own (employments, reports_to), and it is as such rows that they are
compared, written, noted and undone. What a row of those tables states itself is left to it.
"""

from __future__ import annotations

from relgraph.database import Transaction
from relgraph.records.log.change_log import Entry
from relgraph.records.long_tables import RowsInOrder
from relgraph.records.reads.stored import StoredNode, edge_row, stored_edges
from relgraph.records.rows import Key, Records, Row, Table, in_memory
from relgraph.records.writes.steps import Item, Step, make_steps
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import DEPARTMENT, EMPLOYMENT, REPORTING_LINE, STAKEHOLDER
from relgraph.schema.nodes import FIRST_LINE
from relgraph.schema.values import Values


class PeopleRows:
    """Gathers the rows of edges that follow from rows of people."""

    def __init__(self, records: Records, today: str) -> None:
        self._records = records
        self._today = today
        self._rows: dict[str, Table] = {}
        self._ended: list[Key] = []

    def add(self, id_: str, row: Row, stored: StoredNode | None) -> bool:
        """Add a person's employer and manager; whether either of them changes.

        Whoever goes to another customer leaves the departments of the former one: then this is
        written to the row.
        """
        changes = False
        if row.values.get("customer_id") is not None:
            changes = self._add_employer(id_, row, stored)
        if "manager_id" in row.values:
            changes = self._add_manager(id_, row.values["manager_id"], stored) or changes
        return changes

    def rows_of(self, kind: EdgeKind) -> Table:
        """Rows of a kind of edge: those that were given, and those that follow from people."""
        given, derived = self._records.tables.get(kind.plural, {}), self._rows.get(kind.plural, {})
        if not given or not derived:
            return given or derived
        rows = self._records.make_table(())
        for key, row in given.items():
            other = derived.get(key)
            rows[key] = row if other is None else _joined(row, other)
        for key, row in derived.items():
            if key not in given:
                rows[key] = row
        return rows

    def removals(self, tx: Transaction) -> list[Step]:
        """The statements that end reporting lines to former managers."""
        lines = stored_edges(REPORTING_LINE, self._ended, tx)
        items = []
        for key, line in lines.items():
            version = int(line.get("version") or 0)
            entry = Entry(REPORTING_LINE.plural, key, "delete", edge_row(line), None, version)
            items.append(Item(REPORTING_LINE.stored_row(key), entry))
        return make_steps(f"delete_{REPORTING_LINE.plural}", items, counted=False)

    # employers ----------------------------------------------------------------------------

    def _add_employer(self, id_: str, row: Row, stored: StoredNode | None) -> bool:
        """An employer is never forgotten: the former employment gets its end."""
        wanted = row.values["customer_id"]
        given = {name: row.values[name] for name in STAKEHOLDER.carried if name in row.values}
        present = stored.employer if stored else None
        if stored is None or present is None:
            self._put(EMPLOYMENT, (id_, wanted), given)
            return True
        if present == wanted:
            known = stored.employments[wanted]
            if all(known.get(name) == value for name, value in given.items()):
                return False
            self._put(EMPLOYMENT, (id_, wanted), given)
            return True
        if stored.employments[present].get("until") is None:
            self._put(EMPLOYMENT, (id_, present), {"until": self._today})
        returns = wanted in stored.employments
        self._put(EMPLOYMENT, (id_, wanted), {"until": None} | given if returns else given)
        if not self._goes_along(stored.targets["department_id"], wanted):
            row.values.setdefault("department_id", None)
        return True

    def _goes_along(self, departments: set[str], customer: str) -> bool:
        """Whether one of these departments goes to the same customer in the same write."""
        rows = self._records.tables.get(DEPARTMENT.plural, {})
        moved = (rows.get((department,)) for department in departments)
        return any(row is not None and row.values.get("customer_id") == customer for row in moved)

    # managers -----------------------------------------------------------------------------

    def _add_manager(self, id_: str, wanted: str | None, stored: StoredNode | None) -> bool:
        """Between two people runs one line: a dotted one to the new manager becomes solid."""
        present = stored.targets["manager_id"] if stored else set()
        if present == ({wanted} if wanted is not None else set()):
            return False
        stated = self._records.tables.get(REPORTING_LINE.plural, {})
        self._ended += [
            (id_, former) for former in sorted(present - {wanted}) if (id_, former) not in stated
        ]
        if wanted is not None and wanted not in present and (id_, wanted) not in stated:
            self._put(REPORTING_LINE, (id_, wanted), dict(FIRST_LINE))
        return True

    def _put(self, kind: EdgeKind, key: Key, values: Values) -> None:
        row = Row(0, {**kind.named_key(key), **values}, is_derived=True)
        if kind.plural not in self._rows:
            self._rows[kind.plural] = self._new_table(kind)
        self._rows[kind.plural][key] = row

    def _new_table(self, kind: EdgeKind) -> Table:
        """For rows that follow from people, whose keys are asked for only beside given ones."""
        if self._records.make_table is in_memory or self._records.tables.get(kind.plural):
            return self._records.make_table(())
        return RowsInOrder()


def _joined(given: Row, derived: Row) -> Row:
    """A row that was given, with what follows from the person's where it says nothing."""
    return Row(
        given.line,
        derived.values | given.values,
        given.version,
        given.file,
        given.seen,
    )
