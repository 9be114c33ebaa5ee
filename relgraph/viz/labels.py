"""Finds places for labels beside their marks, so that none hides another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import cos, hypot, pi, sin

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

Point = tuple[float, float]

_GAP = 5.0
_RINGS = (44.0, 62.0, 84.0, 108.0, 136.0, 170.0, 210.0)
_DIRECTIONS = 16


@dataclass(slots=True)
class Labels:
    """The labels of one drawing; those placed first have the best places."""

    inside: Box
    """Where labels may lie."""
    occupied: list[Box] = field(default_factory=list)
    """Marks and labels that may not be covered."""
    leaders: list[tuple[Point, Point]] = field(default_factory=list)
    """Lines from the edges of marks to their labels; they pass through no other mark or label."""

    def place(self, x: float, y: float, radius: float, width: float, height: float) -> Box | None:
        """The nearest free place for the label of a mark at `(x, y)`; None if there is none."""
        for box in _candidates(x, y, radius, width, height):
            if self._is_free(box) and self._leads(x, y, radius, box):
                self.occupied.append(box)
                return box
        return None

    def _is_free(self, box: Box) -> bool:
        return (
            _within(box, self.inside)
            and not any(overlap(box, other) for other in self.occupied)
            and not any(_crosses(leader, box) for leader in self.leaders)
        )

    def _leads(self, x: float, y: float, radius: float, box: Box) -> bool:
        """Whether a line can lead from the mark to its label; if so it is noted."""
        end = nearest_point(box, x, y)
        away = hypot(end[0] - x, end[1] - y)
        if away <= radius + 2 * _GAP:
            return True
        start = (x + (end[0] - x) * (radius + 1) / away, y + (end[1] - y) * (radius + 1) / away)
        if any(_crosses((start, end), other) for other in self.occupied):
            return False
        self.leaders.append((start, end))
        return True


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


def _crosses(line: tuple[Point, Point], box: Box) -> bool:
    """Whether a straight line passes through the inside of a box (Liang and Barsky, 1984)."""
    (x0, y0), (x1, y1) = line
    entry_at, exit_at = 0.0, 1.0
    for start, step, low, high in ((x0, x1 - x0, box[0], box[2]), (y0, y1 - y0, box[1], box[3])):
        if step == 0:
            if not low < start < high:
                return False
            continue
        near, far = sorted(((low - start) / step, (high - start) / step))
        entry_at, exit_at = max(entry_at, near), min(exit_at, far)
    return entry_at < exit_at


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share an area."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def nearest_point(box: Box, x: float, y: float) -> tuple[float, float]:
    """The point of a box nearest to `(x, y)`: where a leader ends."""
    return min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
