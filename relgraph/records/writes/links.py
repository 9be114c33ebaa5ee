"""What an import points elsewhere: employer, department, manager, parent, owner."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches
from relgraph.records.log.change_log import Entry
from relgraph.records.reads.stored import StoredNode, edge_row, former_versions
from relgraph.records.rows import Key, Records, Row
from relgraph.records.writes.steps import Item, Step, make_steps
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.kinds import EMPLOYMENT, REPORTING_LINE, STAKEHOLDER

Columns = dict[str, Any]
_MANAGER = {"line": "solid", "primary": True}


class Links:
    """Gathers, row by row, what the reference columns of one table change.

    The change log says of most of them that the node has changed. Employments and reporting
    lines are edges with rows of their own, and have entries of their own.
    """

    def __init__(
        self,
        kind: NodeKind,
        records: Records,
        stored: dict[str, StoredNode],
        tx: Transaction,
        today: str,
    ) -> None:
        self._kind = kind
        self._records = records
        self._today = today
        self._is_person = kind is STAKEHOLDER
        self._lines = _lines(records, stored, tx) if self._is_person else {}
        self._former = {
            edge.plural: _former(edge, column, records, tx) if self._is_person else {}
            for edge, column in ((REPORTING_LINE, "manager_id"), (EMPLOYMENT, "customer_id"))
        }
        self._link: dict[str, list[Item]] = defaultdict(list)
        self._unlink: dict[str, list[Item]] = defaultdict(list)
        self._employ: list[Item] = []
        self._set_line: list[Item] = []

    def note(self, id_: str, row: Row, stored: StoredNode | None) -> tuple[Columns, Columns]:
        """Note what one node points elsewhere; the columns that change, before and after."""
        before: Columns = {}
        after: Columns = {}
        for column in self._kind.refs:
            if column not in row.values:
                continue
            wanted = row.values[column]
            if self._is_person and column == "customer_id":
                self._note_employer(id_, row, stored, before, after)
                continue
            targets = stored.targets[column] if stored else set()
            if targets == ({wanted} if wanted is not None else set()):
                continue
            before[column] = min(targets, default=None)
            after[column] = wanted
            if self._is_person and column == "manager_id":
                self._note_manager(id_, wanted, targets)
                continue
            for old in sorted(targets - {wanted}):
                self._point(self._unlink, column, {"id": id_, "to": old})
            if wanted is not None and wanted not in targets:
                self._point(self._link, column, {"id": id_, "to": wanted})
        return before, after

    @property
    def employed(self) -> set[Key]:
        """The employments that are new, by person and customer."""
        new = self._link["customer_id"] if self._is_person else []
        return {(item.row["id"], item.row["to"]) for item in new}

    def steps(self) -> list[Step]:
        """The statements: first what parts, then what joins."""
        name = self._kind.plural
        steps: list[Step] = []
        for column, items in self._unlink.items():
            link, unlink = f"link_{name}_{column}", f"unlink_{name}_{column}"
            steps += make_steps(unlink, link, items, counted=False)
        steps += make_steps("change_employments", "change_employments", self._employ)
        steps += make_steps("set_lines", "set_lines", self._set_line)
        for column, items in self._link.items():
            link, unlink = f"link_{name}_{column}", f"unlink_{name}_{column}"
            steps += make_steps(link, unlink, items)
        return steps

    @staticmethod
    def _point(
        where: dict[str, list[Item]], column: str, row: Columns, entry: Entry | None = None
    ) -> None:
        where[column].append(Item(row, row, entry))

    # managers -----------------------------------------------------------------------------

    def _note_manager(self, id_: str, wanted: str | None, targets: set[str]) -> None:
        """Between two people runs one line: a dotted one to the new manager becomes solid.

        What reports_to says of a line is left to it.
        """
        stated = self._records.tables.get("reports_to", {})
        lines = self._lines.get(id_, {})
        for old in sorted(targets - {wanted}):
            if (id_, old) in stated:
                continue
            line = lines[old]
            version = int(line.get("version") or 0)
            entry = Entry("reports_to", (id_, old), "delete", edge_row(line), None, version)
            self._point(self._unlink, "manager_id", {"id": id_, "to": old}, entry)
        if wanted is None or wanted in targets or (id_, wanted) in stated:
            return
        ends = {"id": id_, "to": wanted}
        if wanted not in lines:
            version = self._former["reports_to"].get((id_, wanted), 0) + 1
            entry = Entry("reports_to", (id_, wanted), "create", None, _MANAGER, version)
            self._point(self._link, "manager_id", ends | {"version": version}, entry)
            return
        line = lines[wanted]
        old_line = {name: line.get(name) for name in _MANAGER}
        version = int(line.get("version") or 0) + 1
        entry = Entry("reports_to", (id_, wanted), "update", old_line, _MANAGER, version)
        self._set_line.append(Item(ends | _MANAGER, ends | old_line, entry))

    # employers ----------------------------------------------------------------------------

    def _note_employer(
        self, id_: str, row: Row, stored: StoredNode | None, before: Columns, after: Columns
    ) -> None:
        """An employer is never forgotten: the former employment gets its end."""
        wanted = row.values["customer_id"]
        given = {name: row.values[name] for name in STAKEHOLDER.carried if name in row.values}
        now = stored.employer if stored else None
        if stored and now == wanted:
            self._change_employment(id_, wanted, given, stored)
            before |= {n: stored.employments[wanted].get(n) for n in given}
            after |= given
            _drop_same(before, after)
            return
        before["customer_id"], after["customer_id"] = now, wanted
        if stored and now is not None:
            if stored.employments[now].get("until") is None:
                self._change_employment(id_, now, {"until": self._today}, stored)
            self._leave_departments(id_, row, stored, before, after)
        if stored and wanted in stored.employments:  # back at a former employer
            self._change_employment(id_, wanted, {"until": None} | given, stored)
            return
        # A row of employments for the same job says the rest of it.
        more = self._records.tables.get("employments", {}).get((id_, wanted))
        props = (more.values if more else {}) | given
        props = {
            name: value
            for name, value in props.items()
            if value is not None and name not in {"stakeholder_id", "customer_id"}
        }
        version = self._former["employments"].get((id_, wanted), 0) + 1
        entry = Entry("employments", (id_, wanted), "create", None, props, version)
        made = {"id": id_, "to": wanted, "props": props, "version": version}
        self._point(self._link, "customer_id", made, entry)

    def _change_employment(
        self, id_: str, customer: str, props: Columns, stored: StoredNode
    ) -> None:
        row = self._records.tables.get("employments", {}).get((id_, customer))
        if row is not None:  # it is written with the rest of that row
            for name, value in props.items():
                row.values.setdefault(name, value)
            return
        was = stored.employments[customer]
        new = {name: value for name, value in props.items() if was.get(name) != value}
        if not new:
            return
        old = {name: was.get(name) for name in new}
        ends = {"id": id_, "to": customer}
        entry = Entry("employments", (id_, customer), "update", old, new)
        self._employ.append(Item({**ends, "props": new}, {**ends, "props": old}, entry))

    def _leave_departments(
        self, id_: str, row: Row, stored: StoredNode, before: Columns, after: Columns
    ) -> None:
        """Whoever goes to another customer leaves its departments, unless they go along."""
        if "department_id" in row.values:
            return
        departments = self._records.tables.get("departments", {})
        for department in sorted(stored.targets["department_id"]):
            move = departments.get((department,))
            if move is None or move.values.get("customer_id") != row.values["customer_id"]:
                self._point(self._unlink, "department_id", {"id": id_, "to": department})
                before["department_id"], after["department_id"] = department, None


def _drop_same(before: Columns, after: Columns) -> None:
    for name in [name for name in after if before.get(name) == after[name]]:
        del before[name], after[name]


def _former(kind: EdgeKind, column: str, records: Records, tx: Transaction) -> dict[Key, int]:
    """The versions of edges that were removed and that a column of people may make again."""
    people = records.tables["stakeholders"].items()
    named = [(key[0], row.values[column]) for key, row in people if row.values.get(column)]
    return former_versions(kind, named, tx)


def _lines(
    records: Records, stored: dict[str, StoredNode], tx: Transaction
) -> dict[str, dict[str, Columns]]:
    """Stored reporting lines of the people whose row names a manager, by both ends."""
    people = records.tables["stakeholders"]
    ids = [key[0] for key, row in people.items() if key[0] in stored and "manager_id" in row.values]
    found: dict[str, dict[str, Columns]] = defaultdict(dict)
    for batch in batches(ids):
        for row in queries.rows(tx, "lines_of_people", ids=batch):
            found[row["id"]][row["to"]] = row["line"]
    return found
