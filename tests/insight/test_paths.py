from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise, permutations
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relgraph.insight.hierarchy import build_hierarchy
from relgraph.insight.paths import Access, best_paths, label_of, nearest_manager
from relgraph.schema.account import Account, Influence
from tests.insight.build import account, evaluated, influence, knows
from tests.support.fixture_f import DEAL, fixture_f


def short(edges: list[Influence], *asked: object, **options: int) -> list[tuple[str, float]]:
    return [("".join(p.people), p.strength) for p in best_paths(edges, *asked, **options)]  # type: ignore[arg-type]


def test_fixture_f_has_the_published_paths_from_sun_to_zhou() -> None:
    edges = evaluated(fixture_f(), DEAL).positive_influences
    ways = best_paths(edges, "sun", "zhou", k=10)
    assert [(path.people, path.strength, path.label) for path in ways] == [
        (("sun", "wang", "li", "zhou"), 0.336, "strong"),
        (("sun", "li", "zhou"), 0.24, "medium"),
        (("sun", "wang", "li", "chen", "zhou"), 0.196, "medium"),
        (("sun", "li", "chen", "zhou"), 0.14, "medium"),
        (("sun", "wang", "zhao", "chen", "zhou"), 0.0588, "weak"),
    ]
    assert [edge.strength for edge in ways[0].edges] == [0.7, 0.8, 0.6]


def test_the_first_k_only() -> None:
    edges = evaluated(fixture_f(), DEAL).positive_influences
    assert len(best_paths(edges, "sun", "zhou", k=2)) == 2


@pytest.mark.parametrize(
    ("strength", "label"),
    [(1.0, "strong"), (0.3, "strong"), (0.29, "medium"), (0.1, "medium"), (0.09, "weak")],
)
def test_words_for_strengths(strength: float, label: str) -> None:
    assert label_of(strength) == label


def test_a_product_on_the_border_is_strong() -> None:
    tenths = [influence("a", "b", 0.1), influence("b", "c", 0.7), influence("c", "d", 0.3)]
    assert 0.1 * 0.7 * 0.3 != 0.021
    assert best_paths(tenths, "a", "d")[0].strength == 0.021
    path = best_paths([influence("a", "b", 0.75), influence("b", "c", 0.4)], "a", "c")[0]
    assert (path.strength, path.label) == (0.3, "strong")


def test_equal_products_go_to_fewer_hops_then_to_smaller_ids() -> None:
    edges = [
        influence("a", "x", 0.3), influence("x", "z", 0.4),
        influence("a", "w", 0.2), influence("w", "z", 0.6),
        influence("a", "b", 1.0), influence("b", "y", 0.6), influence("y", "z", 0.2),
        influence("a", "z", 0.12),
    ]  # fmt: skip
    assert short(edges, "a", "z") == [("az", 0.12), ("awz", 0.12), ("axz", 0.12), ("abyz", 0.12)]


def test_a_better_path_with_too_many_hops_does_not_hide_a_shorter_one() -> None:
    """A search without regard to hops would reach c over b and then find no hop left."""
    edges = [
        influence("a", "b", 1.0), influence("b", "c", 1.0), influence("a", "c", 0.1),
        influence("c", "d", 1.0),
    ]  # fmt: skip
    assert short(edges, "a", "d", max_hops=2) == [("acd", 0.1)]
    assert short(edges, "a", "d", max_hops=3) == [("abcd", 1.0), ("acd", 0.1)]


def test_no_path_of_more_than_six_hops() -> None:
    line = [influence(u, v, 1.0) for u, v in zip("abcdefg", "bcdefgh", strict=True)]
    assert short(line, "a", "g") == [("abcdefg", 1.0)]
    assert short(line, "a", "h") == []


def test_no_way_to_oneself_or_to_a_stranger() -> None:
    edges = [influence("a", "b", 0.5)]
    assert best_paths(edges, "a", "a") == []
    assert best_paths(edges, "b", "a") == []
    assert best_paths(edges, "a", "nobody") == []


@pytest.mark.parametrize(("k", "hops"), [(0, 6), (11, 6), (5, 0), (5, 7)])
def test_bounds_are_kept(k: int, hops: int) -> None:
    with pytest.raises(ValueError, match="must be from 1 to"):
        best_paths([], "a", "b", k=k, max_hops=hops)


def test_a_strength_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        best_paths([influence("a", "b", 0.0)], "a", "b")


IDS = "abcdef"
TENTHS = st.integers(1, 10).map(lambda tenths: tenths / 10)


@st.composite
def graphs(draw: st.DrawFn) -> list[Influence]:
    pairs = [(u, v) for u in IDS for v in IDS if u != v]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=25))
    return [influence(u, v, draw(TENTHS)) for u, v in chosen]


@settings(max_examples=150)
@given(edges=graphs(), max_hops=st.integers(1, 6), k=st.integers(1, 10))
def test_the_k_best_are_those_of_trying_every_path(
    edges: list[Influence], max_hops: int, k: int
) -> None:
    tenths = {(e.from_id, e.to_id): round(e.strength * 10) for e in edges}
    every = []
    for between in range(max_hops):
        for middle in permutations("bcde", between):
            way = ("a", *middle, "f")
            steps = list(pairwise(way))
            if all(step in tenths for step in steps):
                scaled = prod(tenths[step] for step in steps) * 10 ** (6 - len(steps))
                every.append((-scaled, len(way), way))
    expected = [(way, -scaled / 10**6) for scaled, _, way in sorted(every)[:k]]
    ways = best_paths(edges, "a", "f", k=k, max_hops=max_hops)
    assert [(path.people, path.strength) for path in ways] == expected


class TestNearestManager:
    def test_the_first_above_the_target_who_is_reached(self) -> None:
        tree = build_hierarchy(*_line("dcba"))
        edges = [influence("s", "b", 0.5), influence("b", "a", 0.5)]
        assert nearest_manager(tree, edges, "s", "d") == "b"

    def test_nobody_if_no_manager_is_reached(self) -> None:
        tree = build_hierarchy(*_line("dcba"))
        assert nearest_manager(tree, [influence("s", "d", 0.5)], "s", "d") is None


def _line(ids: str) -> tuple:
    customer = account(ids, [(u, v) for u, v in pairwise(ids)])
    return customer.people, customer.reports


def access_to(of: Account) -> Mapping[str, Access]:
    """Access by the general influences."""
    return evaluated(of, None).access


class TestAccess:
    def test_fixture_f_is_reached_as_published(self) -> None:
        ways = evaluated(fixture_f(), DEAL).access
        assert {person: way.strength for person, way in ways.items()} == {
            "wang": 0.9, "sun": 0.8, "li": 0.72, "qian": 0.6, "zhou": 0.432, "chen": 0.36,
            "zhao": 0.27,
        }  # fmt: skip
        assert (ways["zhou"].member_id, ways["zhou"].people) == ("bob", ("wang", "li", "zhou"))

    def test_who_is_known_without_a_closeness_opens_no_way(self) -> None:
        customer = account("ab", influences=[("a", "b", 0.5)], knows=[knows("m", "a", None)])
        assert access_to(customer) == {}

    def test_closeness_counts_in_fifths(self) -> None:
        customer = account("ab", influences=[("a", "b", 0.5)], knows=[knows("m", "a", 2)])
        assert {p: way.strength for p, way in access_to(customer).items()} == {"a": 0.4, "b": 0.2}

    def test_ties_go_to_fewer_people_then_to_smaller_ids(self) -> None:
        customer = account(
            "abc",
            influences=[("a", "c", 0.5), ("b", "c", 0.25)],
            knows=[knows("n", "c", 1), knows("m", "a", 2), knows("m", "b", 4), knows("k", "c", 1)],
        )
        assert (access_to(customer)["c"].member_id, access_to(customer)["c"].people) == (
            "k",
            ("c",),
        )

    @given(edges=graphs(), closeness=st.integers(1, 5))
    def test_it_is_the_best_path_times_the_closeness(
        self, edges: list[Influence], closeness: int
    ) -> None:
        customer = account(IDS, influences=edges, knows=[knows("m", "a", closeness)])
        ways = access_to(customer)
        for target in IDS[1:]:
            paths = best_paths(edges, "a", target, k=1)
            assert (target in ways) == bool(paths)
            if paths:
                expected = closeness / 5 * paths[0].strength
                assert ways[target].strength == pytest.approx(expected)
