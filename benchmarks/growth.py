"""Fills a database with many customers of 50 people, by plain statements of its own."""

from __future__ import annotations

from typing import Any

from relgraph.database import Database, Transaction

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
