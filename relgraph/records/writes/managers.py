"""Two ways to name a manager: the column of a person's row, and a row of reporting lines."""

from __future__ import annotations

from relgraph.records.problems import coded_problem
from relgraph.records.rows import Records


def reconcile_managers(records: Records) -> None:
    """A manager who is named twice for one person: the solid line of manager_id counts."""
    rows = records.tables.get("reports_to", {})
    people = records.tables.get("stakeholders", {})
    for key, row in list(rows.items()):
        person = people.get((key[0],))
        if person is None or person.values.get("manager_id") != key[1]:
            continue
        if row.values.get("line", "solid") == "solid":
            row.values["primary"] = True
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
        del rows[key]
