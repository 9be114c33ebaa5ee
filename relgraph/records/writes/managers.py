"""Two ways to name a manager: the column of a person's row, and a row of reporting lines."""

from __future__ import annotations

from relgraph.records.problems import coded_problem
from relgraph.records.rows import Records


def reconcile_managers(records: Records) -> None:
    """A manager who is named twice for one person: the solid line of manager_id counts."""
    rows = records.tables.get("reports_to", {})
    people = records.tables.get("stakeholders", {})
    if not rows or not people:
        return
    gone = []
    for key, row in rows.items():
        if records.named("stakeholders", key[0], "manager_id") != key[1]:
            continue
        if row.values.get("line", "solid") == "solid":
            row.values["primary"] = True
            rows[key] = row
            continue
        records.warnings.append(
            coded_problem(
                records.file_of("reports_to", row),
                row.line,
                "line",
                row.values["line"],
                "same_solid_line",
            )
        )
        gone.append(key)
    for key in gone:
        del rows[key]
