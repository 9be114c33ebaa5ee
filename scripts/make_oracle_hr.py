"""Turns the public Oracle HR sample schema into an import folder: one customer of 107 people.

    python scripts/make_oracle_hr.py

The format knows one employment of a person at a customer, so earlier jobs in the same company
become the text of a column of their own.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from scripts.tables import Row, read, write

SEEDS = Path(__file__).parent.parent / "seeds" / "oracle_hr"
CUSTOMER = "oracle-hr"
FUNCTIONS = {
    "Purchasing": "purchasing",
    "Finance": "finance",
    "Accounting": "finance",
    "Treasury": "finance",
    "Corporate Tax": "finance",
    "Control And Credit": "finance",
    "Human Resources": "hr",
    "Recruiting": "hr",
    "Payroll": "hr",
    "Benefits": "hr",
    "Marketing": "marketing",
    "Public Relations": "marketing",
    "Sales": "sales",
    "Government Sales": "sales",
    "Retail Sales": "sales",
    "IT": "technology",
    "IT Support": "technology",
    "IT Helpdesk": "technology",
    "NOC": "technology",
    "Manufacturing": "production",
    "Construction": "production",
    "Operations": "operations",
    "Shipping": "operations",
    "Executive": "management",
    "Administration": "management",
}


def day(text: str) -> str:
    """`17-06-2013` → `2013-06-17`."""
    return datetime.strptime(text, "%d-%m-%Y").date().isoformat()


def departments(source: Path) -> list[Row]:
    """All departments, those without people too."""
    return [
        {
            "id": f"{CUSTOMER}-d{row['department_id']}",
            "customer_id": CUSTOMER,
            "name": row["department_name"],
            "function": FUNCTIONS.get(row["department_name"], ""),
        }
        for row in read(source / "departments.csv")
    ]


def stakeholders(source: Path) -> list[Row]:
    """The employees with manager, department, title and what they did before."""
    titles = {row["job_id"]: row["job_title"] for row in read(source / "jobs.csv")}
    before: dict[str, list[str]] = defaultdict(list)
    for row in sorted(read(source / "job_history.csv"), key=lambda row: day(row["start_date"])):
        job = titles[row["job_id"]]
        span = f"{day(row['start_date'])} to {day(row['end_date'])}"
        before[row["employee_id"]].append(f"{job}, {span}")
    return [
        {
            "id": f"{CUSTOMER}-{row['employee_id']}",
            "customer_id": CUSTOMER,
            "department_id": f"{CUSTOMER}-d{row['department_id']}" if row["department_id"] else "",
            "name": f"{row['first_name']} {row['last_name']}",
            "title": titles[row["job_id"]],
            "top": "" if row["manager_id"] else "true",
            "manager_id": f"{CUSTOMER}-{row['manager_id']}" if row["manager_id"] else "",
            "phone": row["phone_number"],
            "since": day(row["hire_date"]),
            "earlier_jobs": "; ".join(before[row["employee_id"]]),
        }
        for row in read(source / "employees.csv")
    ]


def main(source: Path, target: Path) -> None:
    """Write the import folder."""
    name = {"id": CUSTOMER, "name": "Oracle HR sample company", "kind": "customer"}
    write(target / "customers.csv", [name])
    write(target / "departments.csv", departments(source))
    write(target / "stakeholders.csv", stakeholders(source))


if __name__ == "__main__":
    main(SEEDS / "source", Path(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
