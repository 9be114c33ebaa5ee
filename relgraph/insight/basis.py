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
    ties: int
    """Lines, influences in scope, further ties and acquaintances on record."""


def based_on(evaluation: Evaluation) -> BasedOn:
    """What is known about the stances for a deal; without one, for the open deals together."""
    stances = evaluation.stances
    seats = evaluation.roles.keys()
    people = [p.id for p in evaluation.account.people if p.id not in evaluation.empty_seats]
    dates = [stances[p].assessed_at for p in people if p in stances]
    days = sorted(date for date in dates if date is not None)
    old = old_stances(evaluation)
    account = evaluation.account
    ties = (account.reports, account.relations, account.others, evaluation.influences)
    return BasedOn(
        people=len(people),
        assessed=len(dates),
        old=len(old),
        seats=len(seats),
        seats_assessed=len(seats & stances.keys()),
        seats_old=len(seats & set(old)),
        undated=len(dates) - len(days),
        oldest=days[0] if days else None,
        newest=days[-1] if days else None,
        ties=sum(map(len, ties)) + len(evaluation.knows),
    )


def old_stances(evaluation: Evaluation) -> tuple[str, ...]:
    """People, by id, whose stance is known but was judged long ago; an empty seat has none.

    Whatever speaks of old judgements counts these and no others.
    """
    return tuple(
        person
        for person, stance in sorted(evaluation.stances.items())
        if person not in evaluation.empty_seats and is_stale(stance.assessed_at, evaluation.now)
    )


def is_stale(assessed_at: str | None, now: datetime) -> bool:
    """Whether a judgement is more than 90 days old; one without a date is not called so."""
    age = age_in_days(assessed_at, now)
    return age is not None and age > STALE_DAYS
