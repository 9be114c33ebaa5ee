"""Power of a person for or against a deal (METHODS §1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relgraph.insight.scope import DecisionRights
from relgraph.schema.account import DealRow, Person

WEIGHTS: Mapping[str, float] = {"authority": 0.4, "budget": 0.3, "network": 0.3}
DECIDES_AT_LEAST = 0.8
VETO_AT_LEAST = 0.6
_LEAST_KNOWN = 0.5
ROUNDING = 1e-9
"""Sums of decimal fractions may fall short of a tie by an ulp; a tie counts as high."""


@dataclass(frozen=True, slots=True)
class PowerInputs:
    """What power is made of, each in [0, 1]; null is unknown."""

    authority: float | None
    budget: float | None
    network: float | None


@dataclass(frozen=True, slots=True)
class Power:
    """How much a person can do for or against a deal."""

    value: float | None
    """In [0, 1]; null if inputs of less than half of the weight are known."""
    low: float
    """With 0 for what is unknown."""
    high: float
    """With 1 for what is unknown."""
    inputs: PowerInputs
    floor: float | None
    """What a decision maker or veto holder counts as at least; null for others."""
    weight_known: float
    """Share of the weight whose input is known, in [0, 1]."""


def budget_of(person: Person, rights: DecisionRights, deal: DealRow | None) -> float | None:
    """Budget in [0, 1]: `min(1, limit / amount)` where both are known, else the person's own.

    An unlimited approver has 1 whatever the amount; any limit covers an amount of 0.
    """
    if rights.limit == "unlimited":
        return 1.0
    if deal is None or deal.amount is None or rights.limit is None:
        return person.budget
    return min(1.0, float(rights.limit) / deal.amount) if deal.amount > 0 else 1.0


def power_of(
    inputs: PowerInputs, rights: DecisionRights, weights: Mapping[str, float] = WEIGHTS
) -> Power:
    """Weighted mean of the known inputs with its interval and floor (METHODS §1)."""
    known = unknown = scored = 0.0
    for weight, value in (
        (weights["authority"], inputs.authority),
        (weights["budget"], inputs.budget),
        (weights["network"], inputs.network),
    ):
        if value is None:
            unknown += weight
        else:
            known += weight
            scored += weight * value
    total = known + unknown
    floor = DECIDES_AT_LEAST if rights.decides else VETO_AT_LEAST if rights.can_veto else None
    least = floor or 0.0
    enough = known >= _LEAST_KNOWN * total - ROUNDING
    return Power(
        value=max(scored / known, least) if enough else None,
        low=max(scored / total, least),
        high=max((scored + unknown) / total, least),
        inputs=inputs,
        floor=floor,
        weight_known=known / total,
    )
