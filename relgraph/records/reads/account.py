"""Reads one customer with everything that its map, matrix and decision chains are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.access import Access
from relgraph.records.reads.parts import Part, parts_of
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
    ACQUAINTANCE,
    INFLUENCE,
    INTEREST,
    RELATION,
    REPORTING_LINE,
    ROLE,
    STAKEHOLDER,
    SUPPORT,
    edge_kinds_between,
)

T = TypeVar("T")


def read_account(access: Access, customer_id: str) -> Account:
    """The customer as it stands now, from one statement.

    The day decides who has left. Raises NotFound for an unknown id.
    """
    return access.read(lambda tx: account_in(tx, customer_id, today=access.today))


def read_account_of_deal(access: Access, deal_id: str) -> Account:
    """The customer that a deal belongs to. Raises NotFound for an unknown deal."""

    def work(tx: Transaction) -> Account:
        # A statement for each way to a customer would have to be planned by itself (decision 14).
        customer_id = queries.value(tx, "customer_of_deal", deal_id=deal_id)
        if customer_id is None:
            raise NotFound("deal", deal_id)
        return account_in(tx, customer_id, today=access.today)

    return access.read(work)


def account_in(tx: Transaction, customer_id: str, *, today: date) -> Account:
    """The customer as this transaction sees it."""
    rows = queries.rows(tx, "account_of_customer", customer_id=customer_id, today=today.isoformat())
    parts = parts_of(rows)
    if not parts["customer"].rows:
        raise NotFound("customer", customer_id)
    return _account(parts)


def _account(parts: Mapping[str, Part]) -> Account:
    """What the parts are put together to."""
    [customer] = parts["customer"].made(CustomerRow)
    deals = parts["deals"].first_by_id("owner_id").made(DealRow)
    people = parts["people"].first_by_id("department_id").made(Person)
    by_id = {person.id: person for person in people}

    def edges(cls: type[T], kind: EdgeKind) -> tuple[T, ...]:
        return parts[kind.plural].among(kind, by_id).made(cls)

    knows = edges(Knowing, ACQUAINTANCE)
    ours = {knowing.member_id for knowing in knows}
    ours.update(owner for owner in (customer.owner_id, *(d.owner_id for d in deals)) if owner)
    members = parts["members"].first_by_id("team_id").made(MemberRow)
    return Account(
        customer=customer,
        departments=parts["departments"].first_by_id("parent_id").made(DepartmentRow),
        people=people,
        reports=edges(Report, REPORTING_LINE),
        influences=edges(Influence, INFLUENCE),
        relations=edges(Relation, RELATION),
        deals=deals,
        supports=edges(Support, SUPPORT),
        interests=edges(Interest, INTEREST),
        roles=edges(RoleInDeal, ROLE),
        members=tuple(member for member in members if member.id in ours),
        knows=knows,
        others=tuple(
            other_edge(kind, key, part.values(row))
            for kind in OTHER_KINDS
            for part in (parts[kind.plural].among(kind, by_id),)
            for key, row in zip(part.keys(kind), part.rows, strict=True)
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
