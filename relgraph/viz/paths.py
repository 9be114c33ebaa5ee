"""Path data of right-angled lines; `assets/lines.js` writes the same for the browser."""

from __future__ import annotations

_ROUND = 6.0


def rounded_path(points: list[tuple[float, float]]) -> str:
    """Path data of a right-angled line with corners rounded by up to 6 px."""
    if not points:
        return ""
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        first = abs(before[0] - corner[0]) + abs(before[1] - corner[1])
        second = abs(after[0] - corner[0]) + abs(after[1] - corner[1])
        radius = min(_ROUND, first / 2, second / 2)
        start = _toward(corner, before, radius)
        end = _toward(corner, after, radius)
        parts.append(
            f"L{start[0]:g} {start[1]:g}Q{corner[0]:g} {corner[1]:g} {end[0]:g} {end[1]:g}"
        )
    parts.append(f"L{points[-1][0]:g} {points[-1][1]:g}")
    return "".join(parts)


def _toward(
    start: tuple[float, float], goal: tuple[float, float], distance: float
) -> tuple[float, float]:
    length = abs(goal[0] - start[0]) + abs(goal[1] - start[1])
    if length == 0:
        return start
    share = distance / length
    return (
        round(start[0] + (goal[0] - start[0]) * share, 1),
        round(start[1] + (goal[1] - start[1]) * share, 1),
    )
