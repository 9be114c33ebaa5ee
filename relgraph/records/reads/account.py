"""Reads one customer with everything that its map, matrix and decision chains are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.access import Access
from relgraph.records.rows import Key
from relgraph.schema.account import (
    Account,
    CustomerRow,
    DealRow,
    DepartmentRow,
    Influence,
    Interest,
    Knowing,
    MemberRow,
    OtherEdge,
    Person,
    Relation,
    Report,
    RoleInDeal,
    Support,
)
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import (
    INFLUENCE,
    RELATION,
    REPORTING_LINE,
    STAKEHOLDER,
    edge_kinds_between,
)
from relgraph.schema.values import Values


def read_account(access: Access, customer_id: str) -> Account:
    """The customer as it stands now, from one read transaction.

    The day decides who has left. Raises NotFound for an unknown id.
    """
    return access.read(lambda tx: account_in(tx, customer_id, today=access.today))


def read_account_of_deal(access: Access, deal_id: str) -> Account:
    """The customer that a deal belongs to. Raises NotFound for an unknown deal."""

    def work(tx: Transaction) -> Account:
        customer_id = queries.value(tx, "customer_of_deal", deal_id=deal_id)
        if customer_id is None:
            raise NotFound("deal", deal_id)
        return account_in(tx, customer_id, today=access.today)

    return access.read(work)


def account_in(tx: Transaction, customer_id: str, *, today: date) -> Account:
    """The customer as this transaction sees it."""
    customer = queries.row(tx, "customer_row", customer_id=customer_id)
    if customer is None:
        raise NotFound("customer", customer_id)

    def of_customer(name: str) -> list[Values]:
        return queries.rows(tx, name, customer_id=customer_id)

    def of_people(name: str) -> list[Values]:
        return queries.rows(tx, name, customer_id=customer_id, today=today.isoformat())

    people = {row["id"]: Person(**row) for row in _first_by_id(of_people("people_of_customer"))}
    deals = [DealRow(**row) for row in _first_by_id(of_customer("deals_of_customer"))]
    knows = [Knowing(**row) for row in of_people("knows_of_customer")]
    owners = [customer["owner_id"], *(deal.owner_id for deal in deals)]
    ours = {knowing.member_id for knowing in knows} | {owner for owner in owners if owner}
    return Account(
        customer=CustomerRow(**customer),
        departments=tuple(
            DepartmentRow(**row) for row in _first_by_id(of_customer("departments_of_customer"))
        ),
        people=tuple(people.values()),
        reports=tuple(
            Report(**row) for row in _inside(of_people("reports_to_of_customer"), people)
        ),
        influences=tuple(
            Influence(**row) for row in _inside(of_people("influences_of_customer"), people)
        ),
        relations=tuple(
            Relation(**row) for row in _inside(of_people("relations_of_customer"), people)
        ),
        deals=tuple(deals),
        supports=tuple(
            Support(**row)
            for row in of_customer("supports_of_customer")
            if row["stakeholder_id"] in people
        ),
        interests=tuple(
            Interest(**row)
            for row in of_customer("interests_of_customer")
            if row["stakeholder_id"] in people
        ),
        roles=tuple(
            RoleInDeal(**row)
            for row in of_customer("roles_of_customer")
            if row["stakeholder_id"] in people
        ),
        members=tuple(
            MemberRow(**row)
            for row in _first_by_id(queries.rows(tx, "members_by_id", ids=sorted(ours)))
        ),
        knows=tuple(knows),
        others=tuple(
            other_edge(kind, _key(kind, row), row)
            for kind in OTHER_KINDS
            for row in _inside(of_people(f"{kind.plural}_of_customer"), people)
        ),
    )


OTHER_KINDS = tuple(
    kind
    for kind in edge_kinds_between(STAKEHOLDER, STAKEHOLDER)
    if kind not in (REPORTING_LINE, INFLUENCE, RELATION)
)
"""Kinds of edges between people that the account has no member of its own for."""


def other_edge(kind: EdgeKind, key: Key, row: Mapping[str, Any]) -> OtherEdge:
    """An edge of a kind without a class of its own, made from its row."""
    known = {member.name for member in fields(OtherEdge)} - {"table", "key"}
    values = {name: value for name, value in row.items() if name in known and value is not None}
    return OtherEdge(table=kind.plural, key=key, **values)


def _key(kind: EdgeKind, row: Mapping[str, Any]) -> Key:
    return (row["from_id"], row["to_id"], *(row[name] or "" for name in kind.key))


def _first_by_id(rows: Iterable[Values]) -> list[Values]:
    """One row an id: a person in two departments, or a deal with two owners, counts once."""
    first: dict[str, Values] = {}
    for row in rows:
        first.setdefault(row["id"], row)
    return list(first.values())


def _inside(rows: Iterable[Values], people: dict[str, Person]) -> list[Values]:
    """Edges with both ends among the people who work there now."""
    return [row for row in rows if row["from_id"] in people and row["to_id"] in people]
