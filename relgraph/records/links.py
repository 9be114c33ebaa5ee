"""What an import points elsewhere: employer, department, manager, parent, owner."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches
from relgraph.records.check import Key, Records, Row
from relgraph.records.steps import Change, Step, change_steps
from relgraph.schema.tables import Table

EMPLOYMENT = ("since", "until")
"""Columns of a person's row that belong to the employment and not to the person."""

_Line = dict[str, Any]


class Links:
    """Gathers, row by row, what the reference columns of one table change."""

    def __init__(self, table: Table, records: Records, tx: Transaction, today: str) -> None:
        self._table = table
        self._records = records
        self._today = today
        self._is_person = table.name == "stakeholders"
        self._lines = _other_lines(records, tx) if self._is_person else {}
        self._link: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._unlink: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._relink: list[Change] = []
        self._promote: list[Change] = []

    def note(self, id_: str, row: Row, before: dict[str, Any] | None) -> bool:
        """Note what has to be pointed elsewhere for one node; whether anything has.

        `before` is the node as it is stored, with the targets of each reference; null if new.
        """
        moved = False
        for column in self._table.refs:
            if column not in row.values:
                continue
            wanted = row.values[column]
            if self._is_person and column == "customer_id":
                moved |= self._employ(id_, row, before)
                continue
            targets: set[str] = before["targets"][column] if before else set()
            for old in sorted(targets - {wanted}):
                if column == "manager_id" and self._is_stated(id_, old):
                    continue
                self._unlink[column].append({"id": id_, "to": old})
                moved = True
            if wanted is not None and wanted not in targets:
                self._point(column, id_, wanted)
                moved = True
        return moved

    def steps(self) -> list[Step]:
        """The statements: first what parts, then what joins."""
        name = self._table.name
        steps: list[Step] = []
        for column, rows in self._unlink.items():
            query, back = f"unlink_{name}_{column}", f"link_{name}_{column}"
            steps += [Step(query, b, counted=False, undo=(back, b)) for b in batches(rows)]
        steps += change_steps("link_stakeholders_customer_id", self._relink, timed=False)
        steps += change_steps("set_lines", self._promote, timed=False)
        for column, rows in self._link.items():
            query, back = f"link_{name}_{column}", f"unlink_{name}_{column}"
            steps += [Step(query, batch, undo=(back, batch)) for batch in batches(rows)]
        return steps

    def _point(self, column: str, id_: str, wanted: str) -> None:
        """Between two people runs one line: a dotted one to the new manager becomes solid."""
        line = self._lines.get((id_, wanted)) if column == "manager_id" else None
        if line is None:
            self._link[column].append({"id": id_, "to": wanted})
        else:
            ends = {"id": id_, "to": wanted}
            self._promote.append(({**ends, "line": "solid", "primary": True}, {**ends, **line}))

    def _is_stated(self, id_: str, manager: str) -> bool:
        """Whether reports_to says what becomes of the line to the former manager."""
        return (id_, manager) in self._records.tables.get("reports_to", {})

    def _employ(self, id_: str, row: Row, before: dict[str, Any] | None) -> bool:
        """An employer is never forgotten: the former employment gets its end."""
        wanted = row.values["customer_id"]
        given = {name: row.values[name] for name in EMPLOYMENT if name in row.values}
        now = before["customer_id"] if before else None
        if before and now == wanted:
            changed = {name: value for name, value in given.items() if before.get(name) != value}
            if changed:
                self._change_employment(id_, wanted, changed, before)
            return bool(changed)
        if before and now is not None:
            if before.get("until") is None:
                self._change_employment(id_, now, {"until": self._today}, before)
            self._leave_departments(id_, row, before)
        props = {name: value for name, value in given.items() if value is not None}
        if before and wanted in before["targets"]["customer_id"] and "until" not in props:
            props["until"] = None  # back at a former employer
        self._link["customer_id"].append({"id": id_, "to": wanted, "props": props})
        return True

    def _change_employment(
        self, id_: str, customer: str, props: dict[str, Any], before: dict[str, Any]
    ) -> None:
        ends = {"id": id_, "to": customer}
        old = {name: before.get(name) for name in props}
        self._relink.append(({**ends, "props": props}, {**ends, "props": old}))

    def _leave_departments(self, id_: str, row: Row, before: dict[str, Any]) -> None:
        """Whoever goes to another customer leaves its departments, unless they go along."""
        if "department_id" in row.values:
            return
        departments = self._records.tables.get("departments", {})
        for department in sorted(before["targets"]["department_id"]):
            move = departments.get((department,))
            if move is None or move.values.get("customer_id") != row.values["customer_id"]:
                self._unlink["department_id"].append({"id": id_, "to": department})


def _other_lines(records: Records, tx: Transaction) -> dict[Key, _Line]:
    """Stored lines to the people whom manager_id names, by both ends, that it did not name yet."""
    ids = [
        key[0]
        for key, row in records.tables["stakeholders"].items()
        if row.values.get("manager_id")
    ]
    found: dict[Key, _Line] = {}
    for batch in batches(ids):
        for row in queries.rows(tx, "other_lines", ids=batch):
            found[row["id"], row["to"]] = {"line": row["line"], "primary": row["primary"]}
    return found
