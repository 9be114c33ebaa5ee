"""Relationship strength (METHODS §5): its example, its rules, and what never lowers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.insight.strength import (
    DEFAULT,
    Strength,
    relationship,
    relationships,
    strength_of,
    weight,
)
from relgraph.schema.activity import Contacts
from relgraph.schema.vocabulary import ActivityKind, Contact, Direction

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
WRITTEN = {"email", "message"}


def ago(days: int, kind: str, answered: bool | None = True, **more: object) -> Contacts:
    day = (NOW.date() - timedelta(days=days)).isoformat()
    return Contacts("ann", "sun", kind, day, answered=answered, **more)  # type: ignore[arg-type]


EXAMPLE = [ago(10, "call"), ago(40, "email"), ago(200, "event")]


def value(strength: Strength) -> float:
    assert strength.value is not None
    return strength.value


def test_the_worked_example() -> None:
    strength = relationship(EXAMPLE, NOW)
    assert [round(part.energy, 4) for part in strength.inputs] == [2.7776, 0.7349, 0.4286]
    assert [part.kind for part in strength.inputs] == ["call", "email", "event"]
    assert strength.energy == pytest.approx(3.9411, abs=5e-5)
    assert strength.value == pytest.approx(0.5453, abs=5e-5)
    assert (strength.first_on, strength.last_on) == ("2026-05-08", "2026-11-14")
    assert (strength.label, strength.missing, strength.version) == (
        Contact.ACTIVE,
        (),
        "strength-1",
    )


def test_after_ninety_silent_days_the_energy_has_halved() -> None:
    before, after = relationship(EXAMPLE, NOW), relationship(EXAMPLE, NOW + timedelta(days=90))
    assert after.energy == pytest.approx(before.energy / 2, rel=1e-12)
    assert after.energy == pytest.approx(1.9706, abs=5e-5)
    assert after.value == pytest.approx(0.3257, abs=5e-5)
    assert after.label == Contact.COOLING, "it was active, and is not lost"


@pytest.mark.parametrize(
    ("kind", "answered", "weighs"),
    [
        ("visit", None, 5), ("meeting", None, 3), ("call", None, 3), ("event", None, 2),
        ("meeting", True, 3), ("meeting", False, 1.5), ("call", False, 1.5), ("visit", False, 2.5),
        ("email", True, 1), ("email", False, 0.1), ("email", None, 0.1),
        ("message", True, 1), ("message", False, 0.1),
        ("meal", True, 0), ("gift", None, 0),
    ],
)  # fmt: skip
def test_what_each_kind_weighs(kind: str, answered: bool | None, weighs: float) -> None:
    assert weight(kind, None, answered) == pytest.approx(weighs)


def test_what_went_both_ways_needs_no_answer() -> None:
    assert weight("email", Direction.MUTUAL.value, None) == 1
    assert weight("email", Direction.INBOUND.value, None) == pytest.approx(0.1)


def test_mutual_and_not_answered_contradicts_itself_and_makes_a_range() -> None:
    """Import refuses it; of what an older relgraph has stored nobody knows which is right."""
    assert weight("email", Direction.MUTUAL.value, False) == 0.1
    [contact] = [Contacts("m", "s", "email", "2026-11-20", "mutual", False, 1)]
    strength = relationship([contact], NOW)
    assert (strength.unknown_answers, strength.missing) == (1, ("answers",))
    assert strength.value is not None and strength.high is not None
    assert strength.value < strength.high


def test_one_mail_a_day_counts_and_it_is_the_weightiest() -> None:
    single = relationship([ago(3, "email")], NOW)
    many = relationship(
        [ago(3, "email", False, number=9), ago(3, "email"), ago(3, "message", number=4)], NOW
    )
    assert many.energy == single.energy
    assert sum(part.number for part in many.inputs) == 14
    assert sum(part.counted for part in many.inputs) == 1
    assert relationship([ago(3, "call", number=2)], NOW).inputs[0].counted == 2


def test_never_contacted_is_nothing_and_nothing_on_record_is_unknown() -> None:
    never = relationship([], NOW)
    assert (never.value, never.label, never.missing) == (0, Contact.NONE, ("contacts",))
    unknown = relationship([], NOW, on_record=False)
    assert (unknown.value, unknown.high) == (None, None)
    assert (unknown.label, unknown.missing) == (Contact.UNKNOWN, ("records",))


def test_what_nobody_knows_makes_a_range() -> None:
    strength = relationship([ago(0, "email", None, number=3), ago(5, "call", None)], NOW)
    assert strength.unknown_answers == 3 and strength.missing == ("answers",)
    assert strength.high == relationship([ago(0, "email"), ago(5, "call")], NOW).value
    assert value(strength) < (strength.high or 0)
    assert relationship([ago(5, "call", None)], NOW).missing == ()


def test_gifts_and_meals_are_on_record_and_weigh_nothing() -> None:
    strength = relationship([ago(1, "gift"), ago(2, "meal")], NOW)
    assert (strength.value, strength.label, strength.last_on) == (0, Contact.THIN, "2026-11-23")


def test_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-11-26 lies in the future"):
        relationship([ago(-2, "call")], NOW)
    begun = relationship([ago(-1, "call")], NOW.replace(hour=11))
    assert begun.energy == 3, "that day has begun in the east already; it has no age yet"


def test_the_label_changes_at_two_fifths() -> None:
    # 1 - exp(-3 / κ) = .4 for κ = 3 / -ln .6; a call weighs 3 on its day.
    scale = replace(DEFAULT, saturation=3 / 0.5108256237659907)
    assert relationship([ago(0, "call")], NOW, scale=scale).label == Contact.ACTIVE
    assert relationship([ago(1, "call")], NOW, scale=scale).label == Contact.COOLING
    assert relationship([ago(0, "email")], NOW, scale=scale).label == Contact.THIN


def test_contacts_of_centuries_ago_are_no_trouble() -> None:
    old = Contacts("ann", "sun", "visit", "0001-01-01", number=10)
    assert relationship([old], NOW).value == 0


def test_every_pair_by_itself() -> None:
    other = replace(EXAMPLE[0], member_id="bob")
    strengths = relationships([*EXAMPLE, other], NOW)
    assert set(strengths) == {("ann", "sun"), ("bob", "sun")}
    assert strengths["ann", "sun"] == relationship(EXAMPLE, NOW)


contact = st.builds(
    Contacts,
    member_id=st.just("ann"),
    stakeholder_id=st.just("sun"),
    kind=st.sampled_from([kind.value for kind in ActivityKind]),
    day=st.dates(date(2023, 1, 1), NOW.date()).map(str),
    direction=st.sampled_from([None, "inbound", "outbound", "mutual"]),
    answered=st.sampled_from([None, True, False]),
    number=st.integers(1, 5),
)
several = st.lists(contact, max_size=12)


@given(several, contact)
def test_one_more_never_lowers_it(some: list[Contacts], more: Contacts) -> None:
    assert value(relationship([*some, more], NOW)) >= value(relationship(some, NOW))


@given(several, contact, st.integers(1, 400))
def test_a_later_one_never_lowers_it(some: list[Contacts], more: Contacts, days: int) -> None:
    """Of what is written one a day counts, so it must not move onto a day that has one."""
    day = min(date.fromisoformat(more.day) + timedelta(days=days), NOW.date()).isoformat()
    if more.kind in WRITTEN:
        some = [other for other in some if other.kind not in WRITTEN or other.day != day]
    later = replace(more, day=day)
    before, after = relationship([*some, more], NOW), relationship([*some, later], NOW)
    assert value(after) >= value(before) - 1e-12


@given(several, contact)
def test_an_answer_never_lowers_it(some: list[Contacts], more: Contacts) -> None:
    values = [
        value(relationship([*some, replace(more, answered=answered)], NOW))
        for answered in (False, None, True)
    ]
    assert values == sorted(values)


@given(several, st.integers(0, 2000))
def test_silence_never_raises_it(some: list[Contacts], days: int) -> None:
    now, later = relationship(some, NOW), relationship(some, NOW + timedelta(days=days))
    assert value(later) <= value(now)
    assert value(now) <= (now.high or 0) + 1e-12 and 0 <= value(now) <= 1


@given(several)
def test_the_order_of_contacts_does_not_matter(some: list[Contacts]) -> None:
    assert relationship(some, NOW) == relationship(some[::-1], NOW)


@given(several)
def test_the_parts_add_up(some: list[Contacts]) -> None:
    strength = relationship(some, NOW)
    assert strength.value == strength_of(strength.energy)
    assert sum(part.energy for part in strength.inputs) == pytest.approx(strength.energy)
    assert sum(part.number for part in strength.inputs) == sum(contacts.number for contacts in some)
