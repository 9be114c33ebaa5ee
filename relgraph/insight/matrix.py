"""The power–interest matrix (METHODS §1), without hysteresis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from relgraph.insight.evaluation import Evaluation
from relgraph.insight.network import WeightKind
from relgraph.insight.power import ROUNDING, WEIGHTS, Power
from relgraph.schema.account import Interest, Support
from relgraph.schema.vocabulary import Quadrant

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class MatrixPerson:
    """A person's place in the matrix."""

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
    evaluation: Evaluation,
    threshold: float = THRESHOLD,
    weights: Mapping[str, float] = WEIGHTS,
) -> Matrix:
    """Where everybody at the customer stands by power and interest.

    `power = Σ a·v / Σ a` over the known of authority `2^(-depth)`, budget and network
    influence, with a floor for who decides (0.8) or can veto (0.6); `>= threshold` is high on
    both axes. Who might stand on either side of it, whose interest is unknown, or whose power
    has no number is put into the lane of those who need assessment. Without a deal the interest
    is the highest known one over the open deals, and no stance or floor counts. Mendelow (1991),
    as presented by Johnson and Scholes.
    """
    power = evaluation.power if weights is WEIGHTS else evaluation.power_by(weights)
    people = [
        _placed(
            person.id,
            power[person.id],
            evaluation.interests.get(person.id),
            evaluation.supports.get(person.id),
            threshold,
        )
        for person in evaluation.account.people
    ]
    people.sort(key=_order)
    return Matrix(
        threshold=threshold,
        people=tuple(people),
        based_on=MatrixBasis(
            people=len(people),
            placed=sum(person.lane is None for person in people),
            influences=evaluation.network.edges,
            decision_weights=evaluation.network.weights.kind,
            beta=evaluation.network.beta,
            weights=dict(weights),
        ),
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
    return value >= threshold - ROUNDING


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
