"""What a picture rests on: how much was judged, and how long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relgraph.insight.evaluation import Evaluation
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


def based_on(evaluation: Evaluation) -> BasedOn:
    """What is known about the stances for a deal; without one, for the open deals together."""
    stances = evaluation.stances
    seats = evaluation.roles.keys()
    people = [p.id for p in evaluation.account.people if p.id not in evaluation.empty_seats]
    dates = [stances[p].assessed_at for p in people if p in stances]
    days = sorted(date for date in dates if date is not None)
    old = {p for p, stance in stances.items() if is_stale(stance.assessed_at, evaluation.now)}
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


def is_stale(assessed_at: str | None, now: datetime) -> bool:
    """Whether a judgement is more than 90 days old; one without a date is not called so."""
    age = age_in_days(assessed_at, now)
    return age is not None and age > STALE_DAYS
