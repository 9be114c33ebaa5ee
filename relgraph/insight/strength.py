"""Relationship strength from contacts (METHODS §5), apart from what people judge.

`E = Σ v · r · 2^(-age / H)` over the contacts of a pair and `R = 1 - exp(-E / κ)`: a contact
weighs by its kind, half as much if it was not answered, and half as much after each H days. The
judged `closeness` and `strength` of KNOWS stand beside it; neither replaces the other.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from relgraph.schema.activity import Contacts
from relgraph.schema.values import age_in_days, is_future
from relgraph.schema.vocabulary import ActivityKind, Contact, Direction

_WRITTEN = frozenset({ActivityKind.EMAIL.value, ActivityKind.MESSAGE.value})
_VALUES = MappingProxyType(
    {
        ActivityKind.VISIT.value: 5.0,
        ActivityKind.MEETING.value: 3.0,
        ActivityKind.CALL.value: 3.0,
        ActivityKind.EVENT.value: 2.0,
        ActivityKind.EMAIL.value: 1.0,
        ActivityKind.MESSAGE.value: 1.0,
        ActivityKind.MEAL.value: 0.0,
        ActivityKind.GIFT.value: 0.0,
    }
)
# A sum of decimal fractions may fall short of a threshold by an ulp; a tie counts as reached.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    """What contacts weigh and how fast they fade; choices of ours, hence named by `version`."""

    version: str = "strength-1"
    half_life_days: float = 90.0
    saturation: float = 5.0
    """κ: with E = κ the strength is 0.63."""
    values: Mapping[str, float] = field(default_factory=lambda: _VALUES)
    """v of each kind; of e-mails and messages, if they went both ways."""
    one_way: float = 0.2
    """v of an e-mail or message that nobody answered."""
    unanswered: float = 0.5
    """r of what was not answered."""
    active: float = 0.4
    """From this strength on a contact counts as active (coverage, threads)."""


DEFAULT = Scale()


@dataclass(frozen=True, slots=True)
class Input:
    """The contacts of one kind. `counted` leaves out what the cap of one mail a day leaves out."""

    kind: str
    number: int
    counted: int
    energy: float
    """Their part of E."""
    last_on: str


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong a relationship is by its contacts, with what that rests on."""

    value: float | None
    """R in [0, 1]; 0 if there was no contact, null if nothing of our person is on record."""
    high: float | None
    """R if everything of which nobody knows had been answered."""
    energy: float
    label: Contact
    first_on: str | None
    last_on: str | None
    inputs: tuple[Input, ...]
    """By kind, the heaviest part first."""
    unknown_answers: int
    """E-mails and messages of which nobody knows whether they were answered."""
    version: str

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not on record: `records` (of our person, at all), `contacts`, `answers`."""
        if self.value is None:
            return ("records",)
        if not self.inputs:
            return ("contacts",)
        return ("answers",) if self.unknown_answers else ()


def strength_of(energy: float, scale: Scale = DEFAULT) -> float:
    """`R = 1 - exp(-E / κ)`, in [0, 1], for E ≥ 0."""
    return -math.expm1(-energy / scale.saturation)


def weight(
    kind: str, direction: str | None, answered: bool | None, scale: Scale = DEFAULT
) -> float:
    """`v · r` of one contact on its day.

    An e-mail or message went both ways if it was answered; of which nobody knows counts as
    unanswered, and so does what is on record as mutual and as not answered: that contradicts
    itself, and import refuses it. What people do together needs no answer: r is ½ only if it is
    on record that the other side did not pick up or accept.
    """
    value = scale.values[kind]
    if kind not in _WRITTEN:
        return value * (scale.unanswered if answered is False else 1.0)
    if answered or (answered is None and direction == Direction.MUTUAL):
        return value
    return min(scale.one_way, value) * scale.unanswered


def relationship(
    contacts: Iterable[Contacts],
    now: datetime,
    *,
    on_record: bool = True,
    scale: Scale = DEFAULT,
) -> Strength:
    """The strength of one pair from all its contacts.

    `on_record`: whether anything of our person is, with whomever; else the strength of a pair
    without contacts is unknown, not 0. Of the e-mails and messages of a day the weightiest one
    counts. Raises ValueError for a contact that lies in the future.
    """
    known = list(contacts)
    for contact in known:
        if is_future(contact.day, now):
            raise ValueError(f"a contact of {contact.day} lies in the future")
    if not known:
        none = Contact.NONE if on_record else Contact.UNKNOWN
        zero = 0.0 if on_record else None
        return Strength(zero, zero, 0.0, none, None, None, (), 0, scale.version)
    inputs = _inputs(known, now, scale)
    energy = math.fsum(part.energy for part in inputs)
    unsure = [contact for contact in known if _is_unsure(contact)]
    high = energy
    if unsure:
        answered = [_answered(contact) if _is_unsure(contact) else contact for contact in known]
        high = math.fsum(part.energy for part in _inputs(answered, now, scale))
    days = sorted(contact.day for contact in known)
    value = strength_of(energy, scale)
    return Strength(
        value=value,
        high=strength_of(high, scale),
        energy=energy,
        label=_label(energy, known, days[-1], scale),
        first_on=days[0],
        last_on=days[-1],
        inputs=inputs,
        unknown_answers=sum(contact.number for contact in unsure),
        version=scale.version,
    )


def relationships(
    contacts: Iterable[Contacts], now: datetime, *, scale: Scale = DEFAULT
) -> dict[tuple[str, str], Strength]:
    """The strength of every pair that had any contact, by the ids of our and their person."""
    by_pair: dict[tuple[str, str], list[Contacts]] = defaultdict(list)
    for contact in contacts:
        by_pair[contact.member_id, contact.stakeholder_id].append(contact)
    return {pair: relationship(some, now, scale=scale) for pair, some in by_pair.items()}


def _inputs(contacts: list[Contacts], now: datetime, scale: Scale) -> tuple[Input, ...]:
    number: dict[str, int] = defaultdict(int)
    counted: dict[str, int] = defaultdict(int)
    energy: dict[str, list[float]] = defaultdict(list)
    last: dict[str, str] = {}
    written: dict[str, tuple[float, str]] = {}
    for contact in contacts:
        number[contact.kind] += contact.number
        last[contact.kind] = max(contact.day, last.get(contact.kind, ""))
        weighs = weight(contact.kind, contact.direction, contact.answered, scale)
        if contact.kind in _WRITTEN:
            written[contact.day] = max((weighs, contact.kind), written.get(contact.day, (-1.0, "")))
            continue
        counted[contact.kind] += contact.number
        energy[contact.kind].append(contact.number * weighs * _fading(contact.day, now, scale))
    for day, (weighs, kind) in written.items():
        counted[kind] += 1
        energy[kind].append(weighs * _fading(day, now, scale))
    inputs = [
        Input(kind, number[kind], counted[kind], math.fsum(energy[kind]), last[kind])
        for kind in number
    ]
    return tuple(sorted(inputs, key=lambda part: (-part.energy, part.kind)))


def _fading(day: str, now: datetime, scale: Scale) -> float:
    """`2^(-age / H)`; a day that has begun elsewhere on Earth is today."""
    age = max(age_in_days(day, now) or 0, 0)
    return float(2.0 ** (-age / scale.half_life_days))


def _is_unsure(contact: Contacts) -> bool:
    mutual = contact.direction == Direction.MUTUAL
    return contact.kind in _WRITTEN and contact.answered is (False if mutual else None)


def _answered(contact: Contacts) -> Contacts:
    return Contacts(
        contact.member_id,
        contact.stakeholder_id,
        contact.kind,
        contact.day,
        contact.direction,
        True,
        contact.number,
    )


def _label(energy: float, contacts: list[Contacts], last_day: str, scale: Scale) -> Contact:
    """Cooling is what was active on the day of the last contact and is so no longer."""
    if strength_of(energy, scale) >= scale.active - _ROUNDING:
        return Contact.ACTIVE
    then = datetime.fromisoformat(last_day).replace(tzinfo=UTC)
    before = math.fsum(part.energy for part in _inputs(contacts, then, scale))
    if strength_of(before, scale) >= scale.active - _ROUNDING:
        return Contact.COOLING
    return Contact.THIN
