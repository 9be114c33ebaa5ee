"""Customers and open deals across customers, as the pages that list them show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.reads.directory import lower_text


@dataclass(frozen=True, slots=True)
class CustomerFilters:
    """What a list of customers is narrowed to; null narrows nothing."""

    q: str | None = None
    kind: str | None = None
    industry: str | None = None
    region: str | None = None
    grade: str | None = None

    def parameters(self) -> dict[str, str | None]:
        """As query parameters."""
        return {
            "q": lower_text(self.q),
            "kind": self.kind,
            "industry": self.industry,
            "region": self.region,
            "grade": self.grade,
        }


class CustomerSummary(TypedDict):
    """A customer with how many people work there now and how many of its deals are open."""

    id: str
    name: str | None
    name_en: str | None
    name_zh: str | None
    kind: str | None
    industry: str | None
    region: str | None
    grade: str | None
    importing: str | None
    owner_name: str | None
    people: int
    open_deals: int


class OpenDeal(TypedDict):
    """An open deal with its customer and our person in charge."""

    id: str
    name: str | None
    name_en: str | None
    name_zh: str | None
    stage: str | None
    amount: float | None
    currency: str | None
    close_date: str | None
    customer_id: str
    customer_name: str | None
    customer_name_en: str | None
    customer_name_zh: str | None
    owner_name: str | None


def customers_overview(
    access: Access, filters: CustomerFilters, *, skip: int = 0, limit: int = 50
) -> tuple[list[CustomerSummary], int]:
    """Customers by name with counts of people and open deals, and how many there are in all."""
    return access.read(
        lambda tx: customers_overview_in(tx, filters, today=access.today, skip=skip, limit=limit)
    )


def customers_overview_in(
    tx: Transaction, filters: CustomerFilters, *, today: date, skip: int = 0, limit: int = 50
) -> tuple[list[CustomerSummary], int]:
    """The same, as this transaction sees it."""
    parameters = filters.parameters()
    rows: list[Any] = queries.rows(
        tx,
        "customers_overview",
        today=today.isoformat(),
        skip=skip,
        limit=limit,
        **parameters,
    )
    return rows, int(queries.value(tx, "customers_count", **parameters))


def customer_filter_values_in(tx: Transaction) -> dict[str, list[str]]:
    """The kinds, industries, regions and grades that occur, each sorted."""
    row = queries.row(tx, "customer_filters") or {}
    return {name: sorted(value for value in values if value) for name, values in row.items()}


def open_deals_in(tx: Transaction, *, limit: int) -> tuple[list[OpenDeal], int]:
    """The first open deals, the next to close first, and how many there are in all."""
    rows: list[Any] = queries.rows(tx, "open_deals", limit=limit)
    deals = list({row["id"]: row for row in reversed(rows)}.values())[::-1]
    return deals, queries.value(tx, "open_deals_count")
