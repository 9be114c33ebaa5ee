from __future__ import annotations

from relgraph.insight.introductions import introductions
from tests.insight.build import account, influence, knows
from tests.support.fixture_f import DEAL, fixture_f


def test_fixture_f_has_the_published_ways_to_zhou() -> None:
    found = introductions(fixture_f(), DEAL, "zhou")
    assert [(one.member_id, one.people, round(one.strength, 4)) for one in found] == [
        ("bob", ("wang", "li", "zhou"), 0.432),
        ("ann", ("sun", "wang", "li", "zhou"), 0.2688),
        ("bob", ("wang", "li", "chen", "zhou"), 0.252),
        ("ann", ("wang", "li", "zhou"), 0.24),
        ("cai", ("chen", "zhou"), 0.21),
    ]
    assert [edge.strength for edge in found[0].edges] == [0.8, 0.6]
    assert found[0].label == "strong"


def test_a_way_to_somebody_we_know_is_the_tie_itself() -> None:
    found = introductions(fixture_f(), DEAL, "wang")
    assert (found[0].member_id, found[0].people, found[0].edges) == ("bob", ("wang",), ())


def test_one_of_us_may_bear_the_id_of_one_of_them() -> None:
    one = account(["a", "b"], influences=[influence("a", "b", 0.5)], knows=[knows("b", "a", 4)])
    [found] = introductions(one, None, "b")
    assert (found.member_id, found.people, found.strength) == ("b", ("a", "b"), 0.4)


def test_nobody_known_and_unknown_strengths_give_no_way() -> None:
    assert introductions(account(["a"]), None, "a") == []
    assert introductions(account(["a"], knows=[knows("m", "a", None)]), None, "a") == []
