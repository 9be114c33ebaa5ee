"""Whatever is on record, insight has an answer that reads well in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relgraph.insight.answer import answer
from relgraph.insight.basis import based_on
from relgraph.insight.chain import decision_chain
from relgraph.insight.findings import findings
from relgraph.insight.matrix import power_interest_matrix
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
    evaluated,
    influence,
    interest,
    knows,
    person,
    role,
    support,
)

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
    people = draw(st.lists(PEOPLE, max_size=7, unique_by=lambda person: person.id))
    customer = account(
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
        return customer
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
        customer,
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
@given(customer=accounts())
def test_everything_has_a_sentence_in_both_languages(
    deal_id: str | None, customer: Account
) -> None:
    known = {person.id for person in customer.people} | {"m", "n"}
    evaluation = evaluated(customer, deal_id)
    pieces = answer(evaluation)
    remarks = findings(evaluation)
    assert pieces
    assert pieces[-1].ends
    assert all(known.issuperset(statement.ids) for statement in (*pieces, *remarks))
    for lang in LANGS:
        texts = [text_of(answer_parts(customer, pieces, lang))]
        texts += [finding_text(customer, finding, lang) for finding in remarks]
        assert all(text.endswith("。" if lang == "zh" else ".") for text in texts)
        texts.append(based_on_text(based_on(evaluation), lang))
        assert all("{" not in text and "None" not in text for text in texts)


@settings(max_examples=150)
@given(customer=accounts())
def test_a_chain_names_nobody_twice_and_is_complete_or_tells_why(customer: Account) -> None:
    chain = decision_chain(evaluated(customer))
    signers = [step.stakeholder_id for step in chain.steps if step.stakeholder_id is not None]
    assert len(signers) == len(set(signers))
    finals = [step for step in chain.steps if step.kind == "final"]
    assert finals == list(chain.steps[-1:]) if finals else chain.incomplete
    for lang in LANGS:
        assert bool(chain_why(customer, chain, lang)) is chain.incomplete
        assert all(step_reason(step, lang) for step in chain.steps)


@pytest.mark.parametrize("deal_id", [DEAL, None])
@settings(max_examples=150)
@given(customer=accounts())
def test_everybody_has_one_place_in_the_matrix(deal_id: str | None, customer: Account) -> None:
    matrix = power_interest_matrix(evaluated(customer, deal_id))
    assert sorted(place.id for place in matrix.people) == sorted(p.id for p in customer.people)
    for place in matrix.people:
        assert place.quadrant is not None or place.lane is not None
        if place.lane is None:
            assert place.interest is not None
            high = {bound >= 0.5 - 1e-9 for bound in (place.power.low, place.power.high)}
            assert high == {place.quadrant in ("manage_closely", "keep_satisfied")}


@settings(max_examples=60)
@given(customer=accounts(), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(customer: Account, shuffle: Any) -> None:
    people = list(customer.people)
    shuffle.shuffle(people)
    other = replace(customer, people=tuple(people), by_id={})
    before, after = evaluated(customer), evaluated(other)
    assert findings(before) == findings(after)
    assert answer(before) == answer(after)
    assert decision_chain(before) == decision_chain(after)
    matrices = [power_interest_matrix(evaluation).people for evaluation in (before, after)]
    first, second = ({p.id: p.quadrant for p in people} for people in matrices)
    assert first == second
