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
from relgraph.schema.account import Account
from relgraph.schema.vocabulary import LANGS
from tests.insight.build import DEAL, evaluated
from tests.insight.customers import accounts


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
