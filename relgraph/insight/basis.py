"""What a picture rests on: how much was judged, and how long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relgraph.insight.scope import deal_in, deals_in_scope, roles_of
from relgraph.schema.account import Account, Support
from relgraph.schema.values import age_in_days

STALE_DAYS = 90


@dataclass(frozen=True, slots=True)
class BasedOn:
    """Counts of people and of judged stances. A judgement is old if over 90 days."""

    people: int
    """People at the customer, without empty seats."""
    assessed: int
    """Those of them whose stance is known."""
    old: int
    """Those of them whose stance was judged more than 90 days ago."""
    seats: int
    """People and empty seats with a role in the deal."""
    seats_assessed: int
    seats_old: int
    undated: int
    """Known stances of people whose date is not on record."""
    oldest: str | None
    newest: str | None


def based_on(account: Account, deal_id: str | None, now: datetime) -> BasedOn:
    """What is known about the stances for a deal; without one, for the open deals together.

    Raises NotFound for a deal of another customer.
    """
    deal_in(account, deal_id)
    stances = stances_in_scope(account, deal_id)
    seats = roles_of(account, deal_id).keys()
    people = [person.id for person in account.people if not person.placeholder]
    dates = [stances[p].assessed_at for p in people if p in stances]
    days = sorted(date for date in dates if date is not None)
    old = {p for p, stance in stances.items() if is_stale(stance.assessed_at, now)}
    return BasedOn(
        people=len(people),
        assessed=len(dates),
        old=len(old.intersection(people)),
        seats=len(seats),
        seats_assessed=len(seats & stances.keys()),
        seats_old=len(seats & old),
        undated=len(dates) - len(days),
        oldest=days[0] if days else None,
        newest=days[-1] if days else None,
    )


def stances_in_scope(account: Account, deal_id: str | None) -> dict[str, Support]:
    """Latest known stance of each person for the deal, or for any open deal without one."""
    deals = deals_in_scope(account, deal_id)
    latest: dict[tuple[str, str], Support] = {}
    for support in account.supports:
        key = (support.stakeholder_id, support.deal_id)
        if support.deal_id in deals and _newer(support, latest.get(key)):
            latest[key] = support
    found: dict[str, Support] = {}
    for (person, _), support in latest.items():
        if support.stance is not None and _newer(support, found.get(person)):
            found[person] = support
    return found


def is_stale(assessed_at: str | None, now: datetime) -> bool:
    """Whether a judgement is more than 90 days old; one without a date is not called so."""
    age = age_in_days(assessed_at, now)
    return age is not None and age > STALE_DAYS


def _newer(support: Support, known: Support | None) -> bool:
    return known is None or (support.assessed_at or "") > (known.assessed_at or "")
