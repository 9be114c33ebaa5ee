from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.insight import network
from relgraph.insight.network import Network, decision_weights, katz, network_influence
from relgraph.schema.account import Account, Influence
from tests.insight.build import account, evaluated, influence, role
from tests.support.fixture_f import DEAL, fixture_f

Authority = dict[str, float | None]


def network_of(of: Account, deal_id: str | None, authority: Authority) -> Network:
    """The network where authority is given, whatever the reporting lines."""
    evaluation = evaluated(of, deal_id)
    weights = decision_weights(evaluation.rights, authority)
    people = [person.id for person in of.people]
    return network_influence(people, evaluation.positive_influences, weights)


def test_fixture_f_scores_as_published() -> None:
    result = evaluated(fixture_f(), DEAL).network
    assert result.raw == pytest.approx(
        {"li": 0.7617, "zhou": 0.5785, "chen": 0.5525, "wang": 0.4992, "sun": 0.4071,
         "qian": 0.2368, "zhao": 0.2305},
        abs=5e-5,
    )  # fmt: skip
    assert result.influence == pytest.approx(
        {"li": 1, "zhou": 0.7596, "chen": 0.7254, "wang": 0.6555, "sun": 0.5344,
         "qian": 0.3109, "zhao": 0.3026},
        abs=5e-5,
    )  # fmt: skip
    assert result.radius == pytest.approx(0.9170, abs=5e-5)
    assert result.beta == 0.5
    assert result.edges == 11


@pytest.mark.parametrize("who", ["sun", "wang", "zhao"])
def test_influencing_the_decision_maker_raises_a_score(who: str) -> None:
    """The direction test: with the matrix the wrong way round this fails."""
    before = evaluated(fixture_f(), DEAL).network.raw[who]
    more = replace(
        fixture_f(),
        influences=(*fixture_f().influences, influence(who, "zhou", 0.2)),
        by_id={},
    )
    assert evaluated(more, DEAL).network.raw[who] > before


def test_without_influences_nobody_has_a_score() -> None:
    result = network_of(account("ab"), None, {"a": 1.0, "b": 0.5})
    assert result.influence == {"a": None, "b": None}


def test_a_conflict_is_no_influence() -> None:
    quarrel = account("ab", influences=[influence("b", "a", 0.9, nature="conflict")])
    assert network_of(quarrel, None, {"a": 1.0}).influence == {"a": None, "b": None}


def test_influences_that_lead_to_no_decision_count_zero() -> None:
    customer = account("abc", influences=[("a", "b", 0.9)], roles=[role("c", "decision_maker")])
    result = network_of(customer, "deal", {})
    assert result.influence == {"a": 0.0, "b": 0.0, "c": 0.0}


def test_where_nobodys_authority_is_known_everybody_counts_alike() -> None:
    """As the published sum over walks, with the same weight for all seven people of fixture F."""
    flat = replace(fixture_f(), reports=(), roles=(), by_id={})
    flat = replace(flat, people=tuple(replace(p, top=None) for p in flat.people), by_id={})
    evaluation = evaluated(flat, DEAL)
    result = evaluation.network
    assert (result.weights.kind, result.places_people) == ("equal", False)
    assert result.weights.weights == pytest.approx({p.id: 1 / 7 for p in flat.people})
    order = [p.id for p in flat.people]
    matrix = np.zeros((7, 7))
    for edge in flat.influences:
        matrix[order.index(edge.from_id), order.index(edge.to_id)] = edge.strength
    term, total = matrix @ np.full(7, 1 / 7), np.zeros(7)
    for _ in range(200):
        total += term
        term = result.beta * matrix @ term
    assert evaluation.listened_to == pytest.approx(
        {id_: float(k) for id_, k in zip(order, total / total.max(), strict=True)}
    )
    assert all(inputs.network is None for inputs in evaluation.power_inputs.values())


def test_the_weights_are_not_equal_where_anything_is_known() -> None:
    customer = account("ab", [("b", "a")], influences=[("b", "a", 0.9)])
    assert evaluated(customer).network.weights.kind == "authority"
    assert evaluated(customer).listened_to == {}
    assert evaluated(account("ab")).listened_to == {}
    assert decision_weights({}, {}).kind == "unknown"


def test_of_two_decision_weights_of_a_person_the_larger_counts() -> None:
    roles = [
        role("a", "approver", decision_weight=0.2),
        role("a", "veto", decision_weight=0.6),
        role("b", "approver", decision_weight=0.2),
    ]
    weights = evaluated(account("ab", roles=roles)).decision_weights
    assert weights.weights == pytest.approx({"a": 0.75, "b": 0.25})


def test_one_person_alone_scores_nothing() -> None:
    assert katz(["a"], [], {"a": 1.0}) == ({"a": 0.0}, 0.5, 0.0)


def test_the_discount_shrinks_where_influence_runs_in_strong_circles() -> None:
    people = list("abcd")
    edges = [influence(u, v, 1.0) for u in people for v in people if u != v]
    _, beta, radius = katz(people, edges, {"a": 1.0})
    assert radius == pytest.approx(3.0)
    assert beta == pytest.approx(0.85 / 3)


@pytest.mark.parametrize("strength", [0.0, -0.1, 1.1, float("nan")])
def test_a_strength_out_of_range_is_refused(strength: float) -> None:
    with pytest.raises(ValueError, match="strength of a → b"):
        katz(["a", "b"], [influence("a", "b", strength)], {"b": 1.0})


def test_self_influence_is_refused() -> None:
    with pytest.raises(ValueError, match="a cannot influence themself"):
        katz(["a"], [influence("a", "a", 0.5)], {"a": 1.0})


class TestDecisionWeights:
    def test_given_weights_are_normalised(self) -> None:
        given = account(
            "abc",
            roles=[
                role("a", "approver", decision_weight=0.6),
                role("b", "veto", decision_weight=0.2),
                role("c", "decision_maker"),
            ],
        )
        result = decision_weights(evaluated(given).rights, {})
        assert result.kind == "given"
        assert result.weights == pytest.approx({"a": 0.75, "b": 0.25})

    def test_else_deciders_and_approvers_share_alike(self) -> None:
        roles = [role("a", "decision_maker"), role("a", "approver"), role("b", "approver"),
                 role("c", "veto")]  # fmt: skip
        result = decision_weights(evaluated(account("abc", roles=roles)).rights, {})
        assert result.kind == "deciders"
        assert result.weights == {"a": 0.5, "b": 0.5}

    def test_else_authority_decides(self) -> None:
        result = decision_weights({}, {"a": 1.0, "b": 0.25, "c": None})
        assert result.kind == "authority"
        assert result.weights == {"a": 0.8, "b": 0.2}

    def test_without_a_deal_authority_decides_whatever_the_roles(self) -> None:
        roles = [role("b", "decision_maker", decision_weight=1.0)]
        result = decision_weights(evaluated(account("ab", roles=roles), None).rights, {"a": 1.0})
        assert (result.kind, result.weights) == ("authority", {"a": 1.0})


PEOPLE = [f"p{number}" for number in range(9)]
STRENGTHS = st.floats(0.01, 1)


@st.composite
def networks(draw: st.DrawFn) -> list[Influence]:
    pairs = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
    chosen = draw(st.lists(pairs.filter(lambda p: p[0] != p[1]), unique=True, max_size=40))
    return [influence(u, v, draw(STRENGTHS)) for u, v in chosen]


@given(edges=networks())
def test_the_score_is_the_sum_over_all_walks_to_a_decision(edges: list[Influence]) -> None:
    weights = {"p0": 0.7, "p1": 0.3}
    result, beta, radius = katz(PEOPLE, edges, weights)
    matrix = np.zeros((9, 9))
    for edge in edges:
        matrix[PEOPLE.index(edge.from_id), PEOPLE.index(edge.to_id)] = edge.strength
    # Without a circle the true radius is 0, where numpy may find some 1e-4.
    assert radius == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), abs=1e-3)
    assert beta * radius <= 0.85 + 1e-9
    q = np.array([weights.get(person, 0.0) for person in PEOPLE])
    term, total = matrix @ q, np.zeros(9)
    for _ in range(400):
        total += term
        term = beta * matrix @ term
    assert [result[person] for person in PEOPLE] == pytest.approx(list(total), abs=1e-9)


def test_large_networks_are_summed_to_the_same_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    people = [f"p{number}" for number in range(300)]
    pairs = {(int(u), int(v)) for u, v in random.integers(0, 300, (900, 2)) if u != v}
    edges = [
        influence(people[u], people[v], float(random.uniform(0.1, 1))) for u, v in sorted(pairs)
    ]
    weights = dict.fromkeys(people[:5], 0.2)
    summed, _, radius = katz(people, edges, weights)
    monkeypatch.setattr(network, "DENSE_UP_TO", 1000)
    solved, _, _ = katz(people, edges, weights)
    assert summed == pytest.approx(solved, abs=1e-11)
    matrix = np.zeros((300, 300))
    for edge in edges:
        matrix[people.index(edge.from_id), people.index(edge.to_id)] = edge.strength
    assert radius == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), rel=1e-9)
