"""Layered drawings of a few ways: whatever the ways, lines are sound."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from relgraph.viz.layout.layers import Layered, Size, layered

SIZE = Size(width=148.0, height=54.0, row=82.0)
STARTS = ["m:ann", "m:bob", "m:cai"]
BETWEEN = [f"p:{i}" for i in range(7)]

ways_to_goal = st.lists(
    st.tuples(
        st.sampled_from(STARTS), st.lists(st.sampled_from(BETWEEN), max_size=4, unique=True)
    ).map(lambda way: (way[0], *way[1], "p:goal")),
    min_size=1,
    max_size=6,
    unique=True,
)


def boxes(layout: Layered) -> dict[str, tuple[float, float, float, float]]:
    return {
        node: (x, y, x + SIZE.width, y + SIZE.height) for node, (x, y) in layout.corners.items()
    }


@settings(deadline=None)
@given(ways_to_goal)
def test_cards_stand_apart_and_inside(ways: list[tuple[str, ...]]) -> None:
    layout = layered(ways, SIZE)
    cards = list(boxes(layout).values())
    assert len(cards) == len({node for way in ways for node in way})
    for index, (x0, y0, x1, y1) in enumerate(cards):
        assert x0 >= 0 and x1 <= layout.width + 0.01 and y0 >= 0 and y1 <= layout.height + 0.01
        for a0, b0, a1, b1 in cards[index + 1 :]:
            assert x1 <= a0 or a1 <= x0 or y1 <= b0 or b1 <= y0


@settings(deadline=None)
@given(ways_to_goal)
def test_lines_are_right_angled_join_their_cards_and_cross_none(
    ways: list[tuple[str, ...]],
) -> None:
    layout = layered(ways, SIZE)
    cards = boxes(layout)
    assert set(layout.lines) == {pair for way in ways for pair in pairwise(way)}
    for (tail, head), points in layout.lines.items():
        for node, (x, y) in ((tail, points[0]), (head, points[-1])):
            left, top, right, bottom = cards[node]
            assert x in (left, right) and top < y < bottom, f"{tail} → {head} ends in the air"
        for (x0, y0), (x1, y1) in pairwise(points):
            assert abs(x0 - x1) < 0.01 or abs(y0 - y1) < 0.01
            for node, (left, top, right, bottom) in cards.items():
                through = (
                    max(x0, x1) > left + 1
                    and min(x0, x1) < right - 1
                    and max(y0, y1) > top + 1
                    and min(y0, y1) < bottom - 1
                )
                assert not through, f"{tail} → {head} runs through {node}"


@given(ways_to_goal)
@settings(deadline=None)
def test_the_first_way_is_in_one_row(ways: list[tuple[str, ...]]) -> None:
    layout = layered(ways, SIZE)
    assert len({layout.corners[node][1] for node in ways[0]}) == 1
