"""One evaluation of a deal: each part once, when asked for; a scenario changes nothing of it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relgraph.errors import NotFound
from relgraph.insight import hierarchy, keypeople, network, paths, power, scope
from relgraph.insight.answer import answer
from relgraph.insight.basis import based_on
from relgraph.insight.chain import decision_chain
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.findings import findings
from relgraph.insight.introductions import introductions
from relgraph.insight.matrix import power_interest_matrix
from relgraph.schema.account import Account
from relgraph.viz.build import build_map
from tests.insight.build import DEAL, account, deal, evaluated, influence, role, support
from tests.insight.test_any_account import accounts
from tests.support.calls import count_calls
from tests.support.fixture_f import DEAL as F_DEAL
from tests.support.fixture_f import fixture_f, fixture_f_with_limits

FORMULAS = (
    hierarchy.build_hierarchy,
    keypeople.key_people,
    network.decision_weights,
    network.katz,
    network.network_influence,
    paths.best_access,
    scope.acquaintances_of,
    scope.deals_in_scope,
    scope.influences_in_scope,
    scope.interests_in_scope,
    scope.latest_knows,
    scope.latest_supports,
    scope.roles_in_scope,
    scope.stances_in_scope,
)
"""What must not be computed twice for the same account, deal and time."""


def evaluated_f() -> Evaluation:
    return evaluated(fixture_f(), F_DEAL)


def everything(evaluation: Evaluation) -> dict[str, Any]:
    """All that insight and the map make of an evaluation."""
    conclusions = {
        "answer": answer(evaluation),
        "based_on": based_on(evaluation),
        "findings": findings(evaluation),
        "matrix": power_interest_matrix(evaluation),
        "map": build_map(evaluation).to_dict(),
        "introductions": [introductions(evaluation, p.id) for p in evaluation.account.people],
    }
    if evaluation.deal is not None:
        conclusions["chain"] = decision_chain(evaluation)
    return conclusions


class TestOnce:
    def test_every_part_is_computed_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        evaluation = evaluated_f()
        calls = count_calls(monkeypatch, *FORMULAS, power.power_of, scope.decision_rights)
        for _ in range(2):
            everything(evaluation)
        once = {formula.__name__: 1 for formula in FORMULAS}
        assert calls == once | {"power_of": 7, "decision_rights": 5}, "7 people, 5 with a role"

    def test_what_nobody_asks_for_is_not_computed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calls = count_calls(monkeypatch, *FORMULAS)
        evaluation = evaluated_f()
        assert not calls
        assert evaluation.stance_of("chen") == -1
        assert set(calls) == {"deals_in_scope", "stances_in_scope"}

    def test_nothing_of_it_can_be_replaced(self) -> None:
        with pytest.raises(FrozenInstanceError):
            evaluated_f().deal_id = None  # type: ignore[misc]


class TestStances:
    def test_a_moved_stance_changes_what_follows_and_the_base_stays(self) -> None:
        base = evaluated_f()
        before = everything(base)
        moved = base.with_stances({"chen": 2})
        assert moved.stance_of("chen") == 2
        assert [f.code for f in findings(base)] == ["veto_sceptical", "not_known", "missing_roles"]
        assert [f.code for f in findings(moved)] == ["not_known", "missing_roles"]
        assert answer(moved)[1].values != answer(base)[1].values
        chain = decision_chain(moved, "wang")
        assert next(s.stance for s in chain.steps if s.stakeholder_id == "chen") == 2
        card = next(card for card in build_map(moved).cards if card.id == "chen")
        assert (card.stance, card.stale, card.evidence) == (2, False, None)
        assert everything(base) == before == everything(evaluated_f())

    def test_it_stands_whenever_the_base_was_judged(self) -> None:
        customer = account("a", supports=[support("a", -2, "2026-12-31"), support("a", 1)])
        assert evaluated(customer).with_stances({"a": 1}).stance_of("a") == 1

    def test_a_stance_can_become_unknown(self) -> None:
        unknown = evaluated_f().with_stances({"zhou": None, "chen": None})
        assert unknown.stance_of("zhou") is None
        assert "zhou" not in unknown.stances
        assert [f.code for f in findings(unknown)][1] == "unjudged"

    def test_another_deal_keeps_its_stances(self) -> None:
        customer = account(
            "a", deals=[deal(), deal("other")], supports=[support("a", -1, deal="other")]
        )
        moved = evaluated(customer).with_stances({"a": 2})
        assert evaluated(moved.account, "other").stance_of("a") == -1

    @pytest.mark.parametrize("stance", [-3, 3])
    def test_a_stance_out_of_range_is_refused(self, stance: int) -> None:
        with pytest.raises(ValueError, match="it must be from -2 to 2"):
            evaluated_f().with_stances({"chen": stance})

    def test_without_a_deal_there_is_none_to_move(self) -> None:
        with pytest.raises(ValueError, match="choose a deal first"):
            evaluated(fixture_f(), None).with_stances({"chen": 1})


class TestInfluences:
    def test_a_drawn_influence_changes_what_follows_and_the_base_stays(self) -> None:
        base = evaluated_f()
        before = everything(base)
        drawn = base.with_influences({("sun", "zhou"): 0.5})
        assert drawn.access["zhou"].strength == 0.432
        assert drawn.network.raw["sun"] > base.network.raw["sun"]
        assert drawn.with_influences({("sun", "zhou"): 1.0}).access["zhou"].people == (
            "sun",
            "zhou",
        )
        assert base.access["zhou"].people == ("wang", "li", "zhou")
        assert drawn.hierarchy == base.hierarchy
        assert everything(base) == before

    def test_it_replaces_what_stands_between_the_two(self) -> None:
        customer = account(
            "ab",
            deals=[deal(), deal("other")],
            influences=[
                influence("a", "b", 0.9, assessed_at="2027-01-01"),
                influence("a", "b", 0.4, nature="conflict", deal_id=DEAL),
                influence("a", "b", 0.3, deal_id="other"),
                influence("b", "a", 0.2),
            ],
        )
        drawn = evaluated(customer).with_influences({("a", "b"): 0.6})
        assert [e.strength for e in drawn.positive_influences] == [0.6, 0.2]
        assert drawn.conflicts == ()
        gone = evaluated(customer).with_influences({("a", "b"): None})
        assert [e.strength for e in gone.influences] == [0.2]
        assert [e.strength for e in evaluated(gone.account, "other").influences] == [0.3, 0.2]

    def test_without_a_deal_it_is_a_general_one(self) -> None:
        drawn = evaluated(fixture_f(), None).with_influences({("sun", "zhou"): 0.5})
        assert ("sun", "zhou", 0.5) in {(e.from_id, e.to_id, e.strength) for e in drawn.influences}

    @pytest.mark.parametrize(
        ("pair", "strength", "reason"),
        [
            (("sun", "zhou"), 0.0, "above 0 and at most 1"),
            (("sun", "zhou"), 1.5, "above 0 and at most 1"),
            (("sun", "sun"), 0.5, "cannot influence themself"),
        ],
    )
    def test_what_is_no_influence_is_refused(
        self, pair: tuple[str, str], strength: float, reason: str
    ) -> None:
        with pytest.raises(ValueError, match=reason):
            evaluated_f().with_influences({pair: strength})


class TestRoles:
    def test_other_roles_change_what_follows_and_the_base_stays(self) -> None:
        base = evaluated(fixture_f_with_limits(), F_DEAL)
        before = everything(base)
        decides = role("li", "decision_maker", deal_id=F_DEAL, approval_limit="unlimited")
        changed = base.with_roles({"li": [decides], "zhou": []})
        assert changed.key_people.deciders == ("li",)
        assert decision_chain(changed, "wang").steps[-1].stakeholder_id == "li"
        assert changed.power["li"].floor == 0.8
        assert "zhou" not in changed.roles
        assert base.key_people.deciders == ("zhou",)
        assert everything(base) == before

    def test_a_role_must_be_of_that_person_and_deal(self) -> None:
        for wrong in (role("sun", "user", deal_id=F_DEAL), role("li", "user", deal_id="other")):
            with pytest.raises(ValueError, match=f"in {wrong.deal_id} was given for li in"):
                evaluated_f().with_roles({"li": [wrong]})


def test_scenarios_build_on_each_other() -> None:
    base = evaluated_f()
    both = base.with_stances({"chen": 1}).with_influences({("sun", "chen"): 0.9})
    assert (both.stance_of("chen"), both.access["chen"].people) == (1, ("sun", "chen"))
    assert everything(both) == everything(
        base.with_influences({("sun", "chen"): 0.9}).with_stances({"chen": 1})
    )


def test_a_stranger_is_not_found() -> None:
    base = evaluated_f()
    for scenario in (
        lambda: base.with_stances({"nobody": 1}),
        lambda: base.with_influences({("sun", "nobody"): 0.5}),
        lambda: base.with_roles({"nobody": []}),
    ):
        with pytest.raises(NotFound):
            scenario()


@settings(max_examples=80, deadline=None)
@given(customer=accounts(), data=st.data())
def test_a_scenario_is_the_evaluation_of_the_replaced_records(customer: Account, data: Any) -> None:
    if not customer.people:
        return
    base = evaluated(customer)
    before = everything(base)
    person = data.draw(st.sampled_from([person.id for person in customer.people]))
    stance = data.draw(st.none() | st.integers(-2, 2))
    others = tuple(s for s in customer.supports if (s.stakeholder_id, s.deal_id) != (person, DEAL))
    moved = base.with_stances({person: stance})
    row = support(person, stance, base.now.date().isoformat())
    assert everything(moved) == everything(
        evaluated(replace(customer, supports=(*others, row), by_id={}))
    )
    assert {p: s for p, s in moved.stances.items() if p != person} == {
        p: s for p, s in base.stances.items() if p != person
    }
    assert everything(base) == before
