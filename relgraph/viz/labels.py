"""Finds places for labels beside their marks, so that none hides another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import cos, pi, sin

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_GAP = 5.0
_RINGS = (44.0, 62.0, 84.0, 108.0, 136.0)
_DIRECTIONS = 16


@dataclass(slots=True)
class Labels:
    """The labels of one drawing; those placed first have the best places."""

    inside: Box
    """Where labels may lie."""
    taken: list[Box] = field(default_factory=list)
    """Marks and labels that may not be covered."""

    def place(self, x: float, y: float, radius: float, width: float, height: float) -> Box | None:
        """The nearest free place for the label of a mark at `(x, y)`; None if there is none."""
        for box in _candidates(x, y, radius, width, height):
            if _within(box, self.inside) and not any(overlap(box, other) for other in self.taken):
                self.taken.append(box)
                return box
        return None


def _candidates(x: float, y: float, r: float, w: float, h: float) -> Iterator[Box]:
    """Beside the mark, under and over it, at its corners, then in rings around it."""
    beside = r + _GAP
    for left, top in (
        (x + beside, y - h / 2),
        (x - beside - w, y - h / 2),
        (x - w / 2, y + beside),
        (x - w / 2, y - beside - h),
        (x + r, y + r),
        (x - r - w, y + r),
        (x + r, y - r - h),
        (x - r - w, y - r - h),
    ):
        yield left, top, left + w, top + h
    for ring in _RINGS:
        for step in range(_DIRECTIONS):
            angle = 2 * pi * step / _DIRECTIONS
            # The label's near edge, not its middle, is on the ring: it is much wider than high.
            left = x + ring * cos(angle) + (cos(angle) - 1) * w / 2
            top = y + ring * sin(angle) - h / 2
            yield left, top, left + w, top + h


def _within(box: Box, outer: Box) -> bool:
    return box[0] >= outer[0] and box[1] >= outer[1] and box[2] <= outer[2] and box[3] <= outer[3]


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share an area."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def nearest_point(box: Box, x: float, y: float) -> tuple[float, float]:
    """The point of a box nearest to `(x, y)`: where a leader ends."""
    return min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
