"""Fills a database with many customers of 50 people, by plain statements of its own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from relgraph.database import Database, Transaction
from relgraph.schema.account import Account
from relgraph.schema.kind import NULL_SCOPE
from relgraph.schema.kinds import INFLUENCE

PER_CUSTOMER = 50
CUSTOMERS_A_BATCH = 200

PEOPLE = """
UNWIND $rows AS row
MERGE (c:Customer {id: row.customer_id}) SET c.name = row.customer_id, c.version = 1
WITH c, row
UNWIND row.people AS person
CREATE (p:Stakeholder {id: person.id, name: person.name, title: person.title, version: 1})
CREATE (p)-[:WORKS_AT]->(c)
"""
EDGES = """
UNWIND $rows AS row
MATCH (a:Stakeholder {id: row.from_id})
MATCH (b:Stakeholder {id: row.to_id})
CREATE (a)-[:INFLUENCES {strength: row.strength, nature: 'positive', scope: '', version: 1}]->(b)
"""


CUSTOMER = """
UNWIND $rows AS row
CREATE (:Customer {id: row.id, name: row.name, name_zh: row.name_zh, version: 1})
"""
OF_CUSTOMER = {
    "departments": """
UNWIND $rows AS row MATCH (c:Customer {id: $customer_id})
CREATE (:Department {id: row.id, name: row.name, name_zh: row.name_zh, version: 1})-[:PART_OF]->(c)
""",
    "people": """
UNWIND $rows AS row MATCH (c:Customer {id: $customer_id})
CREATE (p:Stakeholder {id: row.id, name: row.name, name_zh: row.name_zh, title: row.title,
                       version: 1})-[:WORKS_AT]->(c)
WITH p, row MATCH (d:Department {id: row.department_id}) CREATE (p)-[:IN_DEPARTMENT]->(d)
""",
    "deals": """
UNWIND $rows AS row MATCH (c:Customer {id: $customer_id})
CREATE (:Deal {id: row.id, name: row.name, stage: row.stage, amount: toFloat(row.amount),
               version: 1})-[:FOR_CUSTOMER]->(c)
""",
}
OF_PEOPLE = {
    "reports": ("Stakeholder", "from_id", "REPORTS_TO", "Stakeholder", "to_id"),
    "influences": ("Stakeholder", "from_id", "INFLUENCES", "Stakeholder", "to_id"),
    "relations": ("Stakeholder", "from_id", "RELATED_TO", "Stakeholder", "to_id"),
    "supports": ("Stakeholder", "stakeholder_id", "SUPPORTS", "Deal", "deal_id"),
    "roles": ("Stakeholder", "stakeholder_id", "PLAYS", "Deal", "deal_id"),
    "knows": ("Member", "member_id", "KNOWS", "Stakeholder", "stakeholder_id"),
}
"""Edges of an account: label and column of each end, and their type."""


def fill_account(db: Database, account: Account) -> None:
    """Store an account of `benchmarks.data`, by plain statements."""
    customer_id = account.customer.id

    def run(text: str, rows: list[dict[str, Any]]) -> None:
        for at in range(0, len(rows), 5000):
            part = {"rows": rows[at : at + 5000], "customer_id": customer_id}
            db.write(lambda tx, part=part: tx.rows(text, part))  # type: ignore[misc]

    run(CUSTOMER, [asdict(account.customer)])
    for name, text in OF_CUSTOMER.items():
        run(text, [asdict(row) for row in getattr(account, name)])
    run(
        "UNWIND $rows AS row CREATE (:Member {id: row.id, name: row.name, version: 1})",
        [asdict(row) for row in account.members],
    )
    for name, (first, first_id, kind, second, second_id) in OF_PEOPLE.items():
        rows = []
        for row in map(asdict, getattr(account, name)):
            ends = {"first": row.pop(first_id), "second": row.pop(second_id)}
            known = {column: value for column, value in row.items() if value is not None}
            if kind == INFLUENCE.type:
                known[NULL_SCOPE] = row["deal_id"] or ""
            rows.append(ends | {"known": {"version": 1} | known})
        run(
            f"UNWIND $rows AS row MATCH (a:{first} {{id: row.first}}) "
            f"MATCH (b:{second} {{id: row.second}}) CREATE (a)-[r:{kind}]->(b) SET r += row.known",
            rows,
        )


def fill(db: Database, start: int, end: int) -> None:
    """Add people number `start` to `end`, in customers c0, c1, … of 50, three influences each."""
    first, last = start // PER_CUSTOMER, end // PER_CUSTOMER
    for begin in range(first, last, CUSTOMERS_A_BATCH):
        numbers = range(begin, min(last, begin + CUSTOMERS_A_BATCH))
        people = [{"customer_id": f"c{c}", "people": _people(c)} for c in numbers]
        edges = [edge for c in numbers for edge in _edges(c)]

        def work(tx: Transaction, people: Any = people, edges: Any = edges) -> None:
            tx.rows(PEOPLE, {"rows": people})
            for at in range(0, len(edges), 5000):
                tx.rows(EDGES, {"rows": edges[at : at + 5000]})

        db.write(work)


def _people(customer: int) -> list[dict[str, str]]:
    return [
        {"id": f"c{customer}-p{k}", "name": f"Person {customer} {k}", "title": f"Role {k}"}
        for k in range(PER_CUSTOMER)
    ]


def _edges(customer: int) -> list[dict[str, Any]]:
    return [
        {
            "from_id": f"c{customer}-p{k}",
            "to_id": f"c{customer}-p{(k + step) % PER_CUSTOMER}",
            "strength": 0.1 + (k * step % 9) / 10,
        }
        for k in range(PER_CUSTOMER)
        for step in (1, 7, 13)
    ]
