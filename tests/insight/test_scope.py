from __future__ import annotations

from collections.abc import Iterable

import pytest

from relgraph.errors import NotFound
from relgraph.insight.scope import DecisionRights, decision_rights, knowing_strength
from relgraph.schema.account import Influence
from tests.insight.build import (
    account,
    deal,
    evaluated,
    influence,
    interest,
    knows,
    role,
    support,
)


def strengths(influences: Iterable[Influence]) -> dict[tuple[str, str], float]:
    return {(edge.from_id, edge.to_id): edge.strength for edge in influences}


def test_an_influence_of_the_deal_replaces_the_general_one_of_the_pair() -> None:
    customer = account(
        "abc",
        influences=[
            influence("a", "b", 0.9),
            influence("a", "b", 0.2, deal_id="deal"),
            influence("b", "a", 0.5),
            influence("b", "c", 0.7, deal_id="other"),
        ],
    )
    assert strengths(evaluated(customer).positive_influences) == {("a", "b"): 0.2, ("b", "a"): 0.5}
    assert strengths(evaluated(customer, None).positive_influences) == {
        ("a", "b"): 0.9,
        ("b", "a"): 0.5,
    }


def test_of_several_judgements_the_latest_stands_and_never_their_sum() -> None:
    customer = account(
        "ab",
        influences=[
            influence("a", "b", 0.3, assessed_at="2026-01-01"),
            influence("a", "b", 0.2, assessed_at="2026-06-01T08:00:00Z"),
            influence("a", "b", 0.9),
        ],
    )
    assert strengths(evaluated(customer, None).positive_influences) == {("a", "b"): 0.2}


def test_a_conflict_in_the_deal_takes_the_influence_away() -> None:
    customer = account(
        "ab",
        influences=[
            influence("a", "b", 0.9),
            influence("a", "b", 0.4, nature="conflict", deal_id="deal"),
        ],
    )
    assert evaluated(customer).positive_influences == ()
    assert strengths(evaluated(customer).conflicts) == {("a", "b"): 0.4}
    assert evaluated(customer, None).conflicts == ()


def test_interest_without_a_deal_is_the_highest_over_the_open_deals() -> None:
    customer = account(
        "ab",
        deals=[deal("x"), deal("y"), deal("gone", outcome="lost")],
        interests=[
            interest("a", 0.3, "x"),
            interest("a", 0.6, "y"),
            interest("a", 1.0, "gone"),
            interest("b", None, "x"),
        ],
    )
    interests = evaluated(customer, None).interests
    assert {person: (row.level, row.deal_id) for person, row in interests.items()} == {
        "a": (0.6, "y")
    }
    assert evaluated(customer, "gone").interests["a"].level == 1.0


def test_the_latest_stance_stands() -> None:
    customer = account(
        "a",
        supports=[
            support("a", 2, "2026-02-01"),
            support("a", -1, "2026-03-01"),
            support("a", 1),
        ],
    )
    assert evaluated(customer).supports["a"].stance == evaluated(customer).stance_of("a") == -1
    assert evaluated(customer, None).supports == {}


def test_a_deal_of_another_customer_is_not_found() -> None:
    with pytest.raises(NotFound):
        evaluated(account("a"), "elsewhere")
    assert evaluated(account("a"), None).deal is None


def test_strength_of_knowing_is_as_given_else_from_closeness() -> None:
    assert knowing_strength(knows("m", "a", 1, strength=0.9)) == 0.9
    assert knowing_strength(knows("m", "a", 4)) == 0.8
    assert knowing_strength(knows("m", "a", None)) is None


def test_what_roles_let_a_person_do() -> None:
    assert decision_rights([]) == DecisionRights()
    assert decision_rights([role("a", "veto")]).can_veto is True
    assert decision_rights([role("a", "user", can_veto=False)]).can_veto is False
    assert decision_rights(
        [role("a", "user", can_veto=False), role("a", "buyer", can_veto=True)]
    ).can_veto
    assert decision_rights([role("a", "decision_maker")]) == DecisionRights(decides=True)
    limits = [role("a", "approver", approval_limit=5.0), role("a", "buyer", approval_limit=9.0)]
    assert decision_rights(limits).limit == 9.0
    assert (
        decision_rights([*limits, role("a", "user", approval_limit="unlimited")]).limit
        == "unlimited"
    )
