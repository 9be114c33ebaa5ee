"""What an answer shows: one customer's records, or anything.

An endpoint that is `kept` answers alike as long as the database does, for the same address,
language, viewer and day. What it shows is anything, unless all of it is read by `account_of` or
`account_of_deal`: then it is the records that the account names.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, cast

from relgraph.records.access import Access
from relgraph.records.reads.account import read_account, read_account_of_deal
from relgraph.schema.account import Account

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_MARK = "is_kept"


class Showing:
    """Gathers what is read for an answer; `ids` is None for anything."""

    def __init__(self) -> None:
        self.ids: frozenset[str] | None = None

    def add(self, account: Account) -> None:
        """The answer shows this customer, and nothing else but what was added before."""
        self.ids = (self.ids or frozenset()) | ids_of(account)


gathering: ContextVar[Showing | None] = ContextVar("gathering", default=None)
"""Where the endpoint that runs says what it shows."""


def kept(endpoint: Endpoint) -> Endpoint:
    """Mark an endpoint whose answers are kept."""
    setattr(endpoint, _MARK, True)
    return endpoint


def is_kept(endpoint: Callable[..., Any]) -> bool:
    """Whether an endpoint is marked so."""
    return getattr(endpoint, _MARK, False)


def account_of(access: Access, customer_id: str) -> Account:
    """The customer, which is all that the answer shows. Raises as `read_account` does."""
    return _showing(read_account(access, customer_id))


def account_of_deal(access: Access, deal_id: str) -> Account:
    """The same of the customer that a deal belongs to."""
    return _showing(read_account_of_deal(access, deal_id))


def _showing(account: Account) -> Account:
    gathered = gathering.get()
    if gathered is not None:
        gathered.add(account)
    return account


def ids_of(account: Account) -> frozenset[str]:
    """The ids of all records that an account names."""
    return frozenset(_ids_of(account))


def _ids_of(account: Account) -> Iterator[str]:
    yield from _named_by(account.customer)
    for name in _LISTS:
        for row in getattr(account, name):
            yield from _named_by(row)


def _named_by(row: Any) -> Iterator[str]:
    for name in _columns(cast(Hashable, type(row))):
        value = getattr(row, name)
        yield from filter(None, value if isinstance(value, tuple) else (value,))


@cache
def _columns(row: Hashable) -> tuple[str, ...]:
    names = [member.name for member in fields(cast(Any, row))]
    return tuple(name for name in names if name in {"id", "key"} or name.endswith("_id"))


_LISTS = tuple(
    member.name for member in fields(Account) if member.name not in {"customer", "by_id"}
)
