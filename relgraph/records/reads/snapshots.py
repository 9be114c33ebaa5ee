"""What the pages across customers show, each read in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.reads.account import account_in
from relgraph.records.reads.directory import edges_at, node_in
from relgraph.records.reads.overview import (
    CustomerFilters,
    CustomerSummary,
    OpenDeal,
    customer_filter_values_in,
    customers_overview_in,
    open_deals_in,
)
from relgraph.schema.account import Account
from relgraph.schema.kinds import EMPLOYMENT, INFLUENCE, RELATION, REPORTING_LINE, STAKEHOLDER
from relgraph.schema.values import Values


@dataclass(frozen=True, slots=True)
class Overview:
    """The open deals that close next and the first customers by name, with how many there are."""

    deals: list[OpenDeal]
    total_deals: int
    customers: list[CustomerSummary]
    total: int


@dataclass(frozen=True, slots=True)
class CustomerList:
    """A page of customers, how many there are in all, and what they can be filtered by."""

    customers: list[CustomerSummary]
    total: int
    filter_values: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Everything on record about a person."""

    node: Values
    employments: list[Values]
    influences: list[Values]
    relations: list[Values]
    managers: list[Values]
    account: Account | None
    """The customer where they work now; null for who has left."""


def read_overview(access: Access, *, limit: int) -> Overview:
    """The first `limit` open deals and customers."""

    def work(tx: Transaction) -> Overview:
        deals = open_deals_in(tx, limit=limit)
        return Overview(
            *deals, *customers_overview_in(tx, CustomerFilters(), today=access.today, limit=limit)
        )

    return access.read(work)


def read_customer_list(
    access: Access, filters: CustomerFilters, *, skip: int, limit: int
) -> CustomerList:
    """Customers by name from number `skip` on."""

    def work(tx: Transaction) -> CustomerList:
        customers, total = customers_overview_in(
            tx, filters, today=access.today, skip=skip, limit=limit
        )
        return CustomerList(customers, total, customer_filter_values_in(tx))

    return access.read(work)


def read_person(access: Access, person_id: str) -> PersonRecord:
    """A person with their edges and customer. Raises NotFound as `directory.get_node` does."""

    def work(tx: Transaction) -> PersonRecord:
        node = node_in(tx, STAKEHOLDER, person_id)
        account = None
        if node.get("customer_id"):
            account = account_in(tx, node["customer_id"], today=access.today)
        return PersonRecord(
            node=node,
            employments=edges_at(tx, EMPLOYMENT, person_id),
            influences=edges_at(tx, INFLUENCE, person_id),
            relations=edges_at(tx, RELATION, person_id),
            managers=edges_at(tx, REPORTING_LINE, person_id),
            account=account if account is not None and person_id in account.by_id else None,
        )

    return access.read(work)
