"""Turns the public AdventureWorks records into an import folder.

    python scripts/make_adventureworks.py

The company's departments and employees become our teams and members, its resellers customers,
the resellers' contacts stakeholders. The published tables hold no names of contacts: theirs are
made of the e-mail address and marked `name_source = derived_from_email`.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from scripts.tables import Row, read, slug, write

SEEDS = Path(__file__).parent.parent / "seeds" / "adventureworks"
INDUSTRIES = {"BM": "Bicycle maker", "BS": "Bicycle shop", "OS": "Online shop"}
FUNCTIONS = {
    "Purchasing": "purchasing",
    "Finance": "finance",
    "Information Services": "technology",
    "Sales": "sales",
    "Marketing": "marketing",
    "Human Resources": "hr",
    "Production": "production",
    "Production Control": "production",
    "Research and Development": "research",
    "Engineering": "research",
    "Tool Design": "research",
    "Shipping and Receiving": "operations",
    "Facilities and Maintenance": "operations",
    "Executive": "management",
}
HEADS = ("Owner", "Owner/Marketing Assistant")


def login(address: str) -> str:
    """The part of an e-mail address before the sign."""
    return address.split("@")[0]


def team_id(name: str) -> str:
    """Id of a department; its prefix keeps it apart from the teams of other records."""
    return f"aw-{slug(name)}"


def teams(source: Path) -> list[Row]:
    """The sixteen departments."""
    return [
        {
            "id": team_id(row["name"]),
            "name": row["name"],
            "function": FUNCTIONS.get(row["name"], ""),
            "division": row["group_name"],
        }
        for row in read(source / "hr_department.csv")
    ]


def members(source: Path) -> list[Row]:
    """The 290 employees; a row that a later one of the same person replaced only names a boss."""
    rows = read(source / "dw_employee_manager.csv")
    person_of_key = {row["employee_key"]: login(row["email"]) for row in rows}
    return [
        {
            "id": login(row["email"]),
            "team_id": team_id(row["department_name"]),
            "name": f"{row['first_name']} {row['last_name']}",
            "title": row["title"],
            "manager_id": person_of_key.get(row["parent_employee_key"], ""),
            "email": row["email"],
        }
        for row in rows
        if row["status"] == "Current"
    ]


def customers(source: Path) -> list[Row]:
    """The resellers with their region and the sales person in charge."""
    territories = {row["territory_id"]: row for row in read(source / "sales_territory.csv")}
    territory_of = {
        row["store_id"]: territories.get(row["territory_id"])
        for row in read(source / "store_customers.csv")
    }
    login_of = {
        row["business_entity_id"]: row["login_id"].rpartition("\\")[2]
        for row in read(source / "hr_employee.csv")
    }
    rows = []
    for row in read(source / "store_accounts.csv"):
        territory = territory_of.get(row["business_entity_id"])
        rows.append(
            {
                "id": f"store-{row['business_entity_id']}",
                "name": row["name"],
                "kind": "customer",
                "industry": INDUSTRIES[row["BusinessType"]],
                "region": territory["name"] if territory else "",
                "owner_id": login_of[row["sales_person_id"]],
                "product_lines": row["Specialty"],
                "annual_sales": row["AnnualSales"],
                "employees": row["NumberEmployees"],
                "year_opened": row["YearOpened"],
            }
        )
    return rows


def stakeholders(source: Path, stores: set[str]) -> list[Row]:
    """The resellers' contacts, each with all that they are there."""
    address = {row["person_id"]: row["email"] for row in read(source / "person_email.csv")}
    titles = {row["contact_type_id"]: row["name"] for row in read(source / "contact_type.csv")}
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in read(source / "business_entity_contact.csv"):
        store = f"store-{row['business_entity_id']}"
        if store in stores:
            held[row["person_id"], store].append(titles[row["contact_type_id"]])
    return [
        {
            "id": f"contact-{person}",
            "customer_id": store,
            "name": name_from(address[person]),
            "title": ", ".join(jobs),
            "top": "true" if any(job in HEADS for job in jobs) else "",
            "email": address[person],
            "name_source": "derived_from_email",
        }
        for (person, store), jobs in held.items()
    ]


def name_from(address: str) -> str:
    """`jean-paul2@…` → `Jean-Paul`: all that the address tells."""
    letters = re.sub(r"\d+$", "", login(address))
    return "-".join(part.capitalize() for part in letters.split("-"))


def main(source: Path, target: Path) -> None:
    """Write the import folder."""
    write(target / "teams.csv", teams(source))
    write(target / "members.csv", members(source))
    stores = customers(source)
    write(target / "customers.csv", stores)
    write(target / "stakeholders.csv", stakeholders(source, {row["id"] for row in stores}))


if __name__ == "__main__":
    main(SEEDS / "source", Path(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
