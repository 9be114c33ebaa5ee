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
Unsure = Literal["power", "interest"]


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
    unsure: tuple[Unsure, ...]
    """Why they stand in the lane: power that may lie on either side, interest that is unknown."""
    listened_to: float | None
    """Network influence by equal weights, in [0, 1], where nobody's authority is known."""
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
    """By quadrant, the lane last; inside each by power, then interest, then id. Who is listened
    to comes before interest where that is all that is known of power."""
    based_on: MatrixBasis


def power_interest_matrix(
    evaluation: Evaluation,
    threshold: float = THRESHOLD,
    weights: Mapping[str, float] = WEIGHTS,
) -> Matrix:
    """Where everybody at the customer stands by power and interest.

    `power = Σ a·v / Σ a` over the known of authority `2^(-depth)`, budget and network
    influence, with a floor for who decides (0.8) or can veto (0.6); `>= threshold` is high on
    both axes. Who might stand on either side of it, or whose interest is unknown, is put into the
    lane of those who need assessment; where the whole range of power lies on one side, the
    quadrant stands even if power has no number. Without a deal the interest is the highest known
    one over the open deals, and no stance or floor counts. Where nobody's authority, role or
    decision weight is known, the network places nobody and only orders the lane. Mendelow
    (1991), as presented by Johnson and Scholes.
    """
    power = evaluation.power if weights is WEIGHTS else evaluation.power_by(weights)
    people = [
        _placed(
            person.id,
            power[person.id],
            evaluation.interests.get(person.id),
            evaluation.supports.get(person.id),
            evaluation.listened_to.get(person.id),
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
    id_: str,
    power: Power,
    interest: Interest | None,
    support: Support | None,
    listened_to: float | None,
    threshold: float,
) -> MatrixPerson:
    level = None if interest is None else interest.level
    straddles = _high(power.high, threshold) and not _high(power.low, threshold)
    unsure: tuple[Unsure, ...] = (
        *(("power",) if straddles else ()),
        *(("interest",) if level is None else ()),
    )
    quadrant: Quadrant | None = None
    likely = power.value if straddles else power.low
    if level is not None and likely is not None:
        quadrant = _QUADRANTS[_high(likely, threshold), _high(level, threshold)]
    return MatrixPerson(
        id=id_,
        power=power,
        interest=level,
        interest_source=None if interest is None else interest.deal_id,
        interest_assessed_at=None if interest is None else interest.assessed_at,
        quadrant=None if quadrant is None else quadrant.value,
        lane="needs_assessment" if unsure else None,
        unsure=unsure,
        listened_to=listened_to,
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


def _order(person: MatrixPerson) -> tuple[int, float, float, float, str]:
    """By quadrant as they stand in the vocabulary, then the lane; unknown values last."""
    block = len(_QUADRANT_ORDER)
    if person.lane is None and person.quadrant is not None:
        block = _QUADRANT_ORDER.index(person.quadrant)
    power = -1.0 if person.power.value is None else person.power.value
    interest = -1.0 if person.interest is None else person.interest
    return block, -power, -(person.listened_to or 0.0), -interest, person.id
