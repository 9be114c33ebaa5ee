"""Labels beside marks: none hides another, no leader runs through one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from relgraph.viz.labels import Labels, overlap

RADIUS, WIDTH, HEIGHT = 16.0, 120.0, 36.0
spots = st.tuples(st.integers(40, 760), st.integers(40, 460))


@settings(deadline=None)
@given(st.lists(spots, min_size=1, max_size=25, unique=True))
def test_labels_lie_apart_and_their_leaders_cross_none(marks: list[tuple[int, int]]) -> None:
    labels = Labels((0.0, 0.0, 800.0, 500.0))
    around = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in marks]
    labels.occupied = list(around)
    placed = [labels.place(x, y, RADIUS, WIDTH, HEIGHT) for x, y in marks]
    boxes = [box for box in placed if box is not None]
    for index, box in enumerate(boxes):
        assert not any(overlap(box, mark) for mark in around)
        assert not any(overlap(box, other) for other in boxes[index + 1 :])
    for (x0, y0), (x1, y1) in labels.leaders:
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        for left, top, right, bottom in boxes:
            assert not (left < middle[0] < right and top < middle[1] < bottom)


def test_a_mark_in_a_crowd_goes_without_a_label() -> None:
    labels = Labels((0.0, 0.0, 100.0, 60.0))
    assert labels.place(50, 30, RADIUS, WIDTH, HEIGHT) is None
