"""Whatever is on record, insight has an answer that reads well in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relgraph.insight.answer import answer
from relgraph.insight.basis import based_on
from relgraph.insight.chain import decision_chain
from relgraph.insight.findings import findings
from relgraph.insight.power import power_interest_matrix
from relgraph.insight.wording import (
    answer_parts,
    based_on_text,
    chain_why,
    finding_text,
    step_reason,
    text_of,
)
from relgraph.schema.account import Account, Report
from relgraph.schema.vocabulary import LANGS, Role
from tests.insight.build import (
    DEAL,
    account,
    deal,
    department,
    influence,
    interest,
    knows,
    person,
    role,
    support,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SHARE = st.sampled_from([None, 0.0, 0.3, 0.5, 1.0])
DEALS = st.sampled_from([DEAL, "other"])
PEOPLE = st.builds(
    person,
    st.sampled_from("abcdefg"),
    name=st.sampled_from(["Li", "张伟", None]),
    top=st.sampled_from([None, None, True]),
    budget=SHARE,
    placeholder=st.sampled_from([None, None, True]),
    department_id=st.sampled_from([None, "d1", "d2"]),
)


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    people = draw(st.lists(PEOPLE, max_size=7, unique_by=lambda one: one.id))
    one = account(
        people,
        deals=[
            deal(
                amount=draw(st.sampled_from([None, 0.0, 50.0, 1e6])),
                nonstandard=draw(st.sampled_from([None, True])),
            ),
            deal("other", outcome=draw(st.sampled_from([None, "won"]))),
        ],
        departments=[department("d1", "finance"), department("d2")],
    )
    if not people:
        return one
    who = st.sampled_from([person.id for person in people])

    def some(*parts: Any, **named: Any) -> Any:
        return tuple(draw(st.lists(st.builds(*parts, **named), max_size=9)))

    ties = some(
        influence,
        who,
        who,
        st.sampled_from([0.1, 0.5, 1.0]),
        nature=st.sampled_from(["positive", "conflict"]),
        deal_id=st.sampled_from([None, DEAL, "other"]),
    )
    return replace(
        one,
        by_id={},
        reports=some(Report, who, who),
        influences=tuple(tie for tie in ties if tie.from_id != tie.to_id),
        roles=some(
            role,
            who,
            st.sampled_from([word.value for word in Role]),
            can_veto=st.sampled_from([None, True, False]),
            approval_limit=st.sampled_from([None, 0.0, 100.0, "unlimited"]),
            decision_weight=SHARE,
        ),
        supports=some(
            support,
            who,
            st.none() | st.integers(-2, 2),
            st.sampled_from([None, "2026-01-01", "2026-11-20"]),
            DEALS,
        ),
        interests=some(interest, who, SHARE, DEALS),
        knows=some(knows, st.sampled_from("mn"), who, st.none() | st.integers(1, 5)),
    )


@pytest.mark.parametrize("deal_id", [DEAL, None])
@settings(max_examples=150)
@given(one=accounts())
def test_everything_is_said_in_both_languages(deal_id: str | None, one: Account) -> None:
    known = {person.id for person in one.people} | {"m", "n"}
    pieces = answer(one, deal_id, NOW)
    found = findings(one, deal_id, NOW)
    assert pieces
    assert pieces[-1].ends
    assert all(known.issuperset(statement.ids) for statement in (*pieces, *found))
    for lang in LANGS:
        said = [text_of(answer_parts(one, pieces, lang))]
        said += [finding_text(one, finding, lang) for finding in found]
        assert all(text.endswith("。" if lang == "zh" else ".") for text in said)
        said.append(based_on_text(based_on(one, deal_id, NOW), lang))
        assert all("{" not in text and "None" not in text for text in said)


@settings(max_examples=150)
@given(one=accounts())
def test_a_chain_names_nobody_twice_and_is_whole_or_says_why(one: Account) -> None:
    chain = decision_chain(one, DEAL)
    signers = [step.stakeholder_id for step in chain.steps if step.stakeholder_id is not None]
    assert len(signers) == len(set(signers))
    finals = [step for step in chain.steps if step.kind == "final"]
    assert finals == list(chain.steps[-1:]) if finals else chain.incomplete
    for lang in LANGS:
        assert bool(chain_why(one, chain, lang)) is chain.incomplete
        assert all(step_reason(step, lang) for step in chain.steps)


@pytest.mark.parametrize("deal_id", [DEAL, None])
@settings(max_examples=150)
@given(one=accounts())
def test_everybody_has_one_place_in_the_matrix(deal_id: str | None, one: Account) -> None:
    matrix = power_interest_matrix(one, deal_id)
    assert sorted(place.id for place in matrix.people) == sorted(p.id for p in one.people)
    for place in matrix.people:
        assert place.quadrant is not None or place.lane is not None
        if place.lane is None:
            assert place.interest is not None
            assert place.power.value is not None
            high = place.power.value >= 0.5 - 1e-9
            assert high == (place.quadrant in ("manage_closely", "keep_satisfied"))


@settings(max_examples=60)
@given(one=accounts(), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(one: Account, shuffle: Any) -> None:
    people = list(one.people)
    shuffle.shuffle(people)
    other = replace(one, people=tuple(people), by_id={})
    assert findings(one, DEAL, NOW) == findings(other, DEAL, NOW)
    assert answer(one, DEAL, NOW) == answer(other, DEAL, NOW)
    assert decision_chain(one, DEAL) == decision_chain(other, DEAL)
    before, after = (power_interest_matrix(each, DEAL).people for each in (one, other))
    assert {p.id: p.quadrant for p in before} == {p.id: p.quadrant for p in after}
