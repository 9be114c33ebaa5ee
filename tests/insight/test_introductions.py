from __future__ import annotations

from relgraph.insight.introductions import introductions
from tests.insight.build import account, evaluated, influence, knows
from tests.support.fixture_f import DEAL, fixture_f


def test_fixture_f_has_the_published_ways_to_zhou() -> None:
    ways = introductions(evaluated(fixture_f(), DEAL), "zhou")
    assert [(way.member_id, way.people, round(way.strength, 4)) for way in ways] == [
        ("bob", ("wang", "li", "zhou"), 0.432),
        ("ann", ("sun", "wang", "li", "zhou"), 0.2688),
        ("bob", ("wang", "li", "chen", "zhou"), 0.252),
        ("ann", ("wang", "li", "zhou"), 0.24),
        ("cai", ("chen", "zhou"), 0.21),
    ]
    assert [edge.strength for edge in ways[0].edges] == [0.8, 0.6]
    assert ways[0].label == "strong"


def test_a_way_to_somebody_we_know_is_the_tie_itself() -> None:
    ways = introductions(evaluated(fixture_f(), DEAL), "wang")
    assert (ways[0].member_id, ways[0].people, ways[0].edges) == ("bob", ("wang",), ())


def test_one_of_us_may_bear_the_id_of_one_of_them() -> None:
    customer = account(
        ["a", "b"], influences=[influence("a", "b", 0.5)], knows=[knows("b", "a", 4)]
    )
    [way] = introductions(evaluated(customer, None), "b")
    assert (way.member_id, way.people, way.strength) == ("b", ("a", "b"), 0.4)


def test_nobody_known_and_unknown_strengths_give_no_way() -> None:
    assert introductions(evaluated(account(["a"]), None), "a") == []
    assert introductions(evaluated(account(["a"], knows=[knows("m", "a", None)]), None), "a") == []
