"""The power–interest matrix (METHODS §1), without hysteresis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from relgraph.insight.hierarchy import build_hierarchy
from relgraph.insight.network import WeightKind, network_influence
from relgraph.insight.scope import Say, deal_in, interests_of, roles_of, say_of, supports_of
from relgraph.schema.account import Account, DealRow, Interest, Person, Support
from relgraph.schema.vocabulary import Quadrant

THRESHOLD = 0.5
WEIGHTS: Mapping[str, float] = {"authority": 0.4, "budget": 0.3, "network": 0.3}
DECIDES_AT_LEAST = 0.8
VETO_AT_LEAST = 0.6
_LEAST_KNOWN = 0.5
# Sums of decimal fractions may fall short of a tie by an ulp; a tie counts as high.
_ROUNDING = 1e-9


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


@dataclass(frozen=True, slots=True)
class MatrixPerson:
    """One person's place in the matrix."""

    id: str
    power: Power
    interest: float | None
    interest_source: str | None
    """Id of the deal that the interest was judged for; null if it is unknown."""
    interest_assessed_at: str | None
    quadrant: str | None
    """A `Quadrant` value; in the lane the provisional one, or null."""
    lane: Literal["needs_assessment"] | None
    stance: int | None
    """For the deal; null if unknown, and always null without a deal."""
    assessed_at: str | None
    """When the stance was judged."""


@dataclass(frozen=True, slots=True)
class MatrixBasis:
    """What the matrix rests on."""

    people: int
    placed: int
    """How many are not in the lane."""
    influences: int
    decision_weights: WeightKind
    beta: float
    weights: dict[str, float]


@dataclass(frozen=True, slots=True)
class Matrix:
    threshold: float
    people: tuple[MatrixPerson, ...]
    """By quadrant, the lane last; inside each by power, then interest, then id."""
    based_on: MatrixBasis


def power_interest_matrix(
    account: Account,
    deal_id: str | None = None,
    threshold: float = THRESHOLD,
    weights: Mapping[str, float] = WEIGHTS,
) -> Matrix:
    """Where everybody at the customer stands by power and interest.

    `power = Σ a·v / Σ a` over the known of authority `2^(-depth)`, budget and network
    influence, with a floor for who decides (0.8) or can veto (0.6); `>= threshold` is high on
    both axes. Who might stand on either side of it, whose interest is unknown, or whose power
    has no number is put into the lane of those who need assessment. Without a deal the interest
    is the highest known one over the open deals, and no stance or floor counts. Mendelow (1991),
    as presented by Johnson and Scholes. Raises NotFound for a deal of another customer.
    """
    deal = deal_in(account, deal_id)
    hierarchy = build_hierarchy(account.people, account.reports)
    authority = {p: None if d is None else 2.0**-d for p, d in hierarchy.depth.items()}
    network = network_influence(account, deal_id, authority)
    roles = roles_of(account, deal_id) if deal is not None else {}
    interests = interests_of(account, deal_id)
    supports = supports_of(account, deal_id)
    people = []
    for person in account.people:
        say = say_of(roles.get(person.id, ()))
        inputs = PowerInputs(
            authority[person.id], budget_of(person, say, deal), network.influence[person.id]
        )
        people.append(
            _placed(
                person.id,
                power_of(inputs, say, weights),
                interests.get(person.id),
                supports.get(person.id),
                threshold,
            )
        )
    people.sort(key=_order)
    return Matrix(
        threshold=threshold,
        people=tuple(people),
        based_on=MatrixBasis(
            people=len(people),
            placed=sum(person.lane is None for person in people),
            influences=network.edges,
            decision_weights=network.weights.kind,
            beta=network.beta,
            weights=dict(weights),
        ),
    )


def budget_of(person: Person, say: Say, deal: DealRow | None) -> float | None:
    """Budget in [0, 1]: `min(1, limit / amount)` where both are known, else the person's own.

    An unlimited approver has 1 whatever the amount; any limit covers an amount of 0.
    """
    if say.limit == "unlimited":
        return 1.0
    if deal is None or deal.amount is None or say.limit is None:
        return person.budget
    return min(1.0, float(say.limit) / deal.amount) if deal.amount > 0 else 1.0


def power_of(inputs: PowerInputs, say: Say, weights: Mapping[str, float] = WEIGHTS) -> Power:
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
    whole = known + unknown
    floor = DECIDES_AT_LEAST if say.decides else VETO_AT_LEAST if say.can_veto else None
    least = floor or 0.0
    enough = known >= _LEAST_KNOWN * whole - _ROUNDING
    return Power(
        value=max(scored / known, least) if enough else None,
        low=max(scored / whole, least),
        high=max((scored + unknown) / whole, least),
        inputs=inputs,
        floor=floor,
        weight_known=known / whole,
    )


def _placed(
    id_: str, power: Power, interest: Interest | None, support: Support | None, threshold: float
) -> MatrixPerson:
    level = None if interest is None else interest.level
    straddles = _high(power.high, threshold) and not _high(power.low, threshold)
    unsure = straddles or level is None or power.value is None
    quadrant: Quadrant | None = None
    if level is not None and power.value is not None:
        quadrant = _QUADRANTS[_high(power.value, threshold), _high(level, threshold)]
    return MatrixPerson(
        id=id_,
        power=power,
        interest=level,
        interest_source=None if interest is None else interest.deal_id,
        interest_assessed_at=None if interest is None else interest.assessed_at,
        quadrant=None if quadrant is None else quadrant.value,
        lane="needs_assessment" if unsure else None,
        stance=None if support is None else support.stance,
        assessed_at=None if support is None else support.assessed_at,
    )


def _high(value: float, threshold: float) -> bool:
    return value >= threshold - _ROUNDING


_QUADRANTS = {
    (True, True): Quadrant.MANAGE_CLOSELY,
    (True, False): Quadrant.KEEP_SATISFIED,
    (False, True): Quadrant.KEEP_INFORMED,
    (False, False): Quadrant.MONITOR,
}
_QUADRANT_ORDER = [quadrant.value for quadrant in Quadrant]


def _order(person: MatrixPerson) -> tuple[int, float, float, str]:
    """By quadrant as they stand in the vocabulary, then the lane; unknown values last."""
    block = len(_QUADRANT_ORDER)
    if person.lane is None and person.quadrant is not None:
        block = _QUADRANT_ORDER.index(person.quadrant)
    power = -1.0 if person.power.value is None else person.power.value
    interest = -1.0 if person.interest is None else person.interest
    return block, -power, -interest, person.id
