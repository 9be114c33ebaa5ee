"""Places a few ways to one goal in columns: the best way straight, no line through a card.

Longest-path layers and one slot per column that a line passes, as Sugiyama, Tagawa and Toda
(1981) do it; then slots change places in their columns as long as the drawing gains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

Point = tuple[float, float]
Pair = tuple[str, str]

_CROSSING, _SPREAD, _ROUNDS = 3.0, 0.1, 8
_FEW = 6
"""Up to this many lines in one gutter their best order is found by trying all."""


@dataclass(frozen=True, slots=True)
class Size:
    """Measures in px."""

    width: float
    height: float
    row: float
    """Distance from one row to the next."""
    track: float = 11.0
    """Distance of two lines in a gutter."""
    label: float = 40.0
    """Room before a card, where the strength of an arriving line stands."""
    lead: float = 12.0


@dataclass(frozen=True, slots=True)
class Layered:
    """The layout: left upper corners of the nodes and right-angled lines between them."""

    corners: dict[str, Point]
    lines: dict[Pair, list[Point]]
    width: float
    height: float


@dataclass(slots=True)
class _Hop:
    """A stretch of a line across one gutter, between two slots."""

    pair: Pair
    left: str
    right: str


def layered(ways: Sequence[Sequence[str]], size: Size) -> Layered:
    """Layout of `ways`, each a list of at least two nodes from a start to the common goal."""
    pairs = list(dict.fromkeys(pair for way in ways for pair in pairwise(way)))
    columns = _columns(ways, pairs)
    hops = {pair: _hops(pair, columns) for pair in pairs}
    slots = columns | {
        hop.left: columns[pair[0]] + _step(pair, columns) * index
        for pair, pair_hops in hops.items()
        for index, hop in enumerate(pair_hops)
        if index
    }
    rows = _rows(ways, hops, slots)
    return _drawn(columns, hops, slots, rows, size)


def _columns(ways: Sequence[Sequence[str]], pairs: Sequence[Pair]) -> dict[str, int]:
    """Column of each node: after all that lead to it; ties that close a circle are left out."""
    forward: list[Pair] = []
    for tail, head in pairs:
        if not _reaches(head, tail, forward):
            forward.append((tail, head))
    columns = {node: 0 for way in ways for node in way}
    for _ in columns:
        for tail, head in forward:
            columns[head] = max(columns[head], columns[tail] + 1)
    goal = ways[0][-1]
    columns[goal] = max(columns.values()) if len(columns) > 1 else 0
    return columns


def _reaches(start: str, goal: str, pairs: Sequence[Pair]) -> bool:
    seen, stack = {start}, [start]
    while stack:
        node = stack.pop()
        if node == goal:
            return True
        for tail, head in pairs:
            if tail == node and head not in seen:
                seen.add(head)
                stack.append(head)
    return False


def _step(pair: Pair, columns: dict[str, int]) -> int:
    return 1 if columns[pair[1]] >= columns[pair[0]] else -1


def _hops(pair: Pair, columns: dict[str, int]) -> list[_Hop]:
    """The line cut at every column that it passes."""
    tail, head = pair
    between = abs(columns[head] - columns[tail]) - 1
    names = [tail, *(f"{tail}\n{head}\n{i}" for i in range(max(between, 0))), head]
    return [_Hop(pair, left, right) for left, right in pairwise(names)]


def _rows(
    ways: Sequence[Sequence[str]], hops: dict[Pair, list[_Hop]], slots: dict[str, int]
) -> dict[str, int]:
    """Row of each slot: few crossings first, then short verticals; the first way is straight."""
    first = {ways[0][0]} | {hop.right for pair in pairwise(ways[0]) for hop in hops[pair]}
    rows_used = [0] * (max(slots.values()) + 1)
    rows = dict.fromkeys(first, 0)
    for slot, column in slots.items():
        if slot not in first:
            rows_used[column] += 1
            rows[slot] = rows_used[column]
    # A node moves alone, what a line needs in the columns that it passes moves together.
    threads = [[slot] for slot in slots if "\n" not in slot and slot not in first]
    threads += [
        [hop.left for hop in pair_hops[1:]] for pair_hops in hops.values() if len(pair_hops) > 1
    ]
    threads = [thread for thread in threads if first.isdisjoint(thread)]
    every = [hop for pair_hops in hops.values() for hop in pair_hops]
    gutters: dict[int, list[_Hop]] = {}
    for hop in every:
        gutters.setdefault(min(slots[hop.left], slots[hop.right]), []).append(hop)
    most = max(rows_used) + 1

    def cost() -> float:
        spread = sum(abs(row) for row in rows.values())
        return sum(_gutter_cost(gutter, rows) for gutter in gutters.values()) + _SPREAD * spread

    best = cost()
    for _ in range(_ROUNDS):
        before = best
        for thread in threads:
            for row in range(-most, most + 1):
                kept = dict(rows)
                if _put(thread, row, rows, slots, first) and cost() < best - 1e-9:
                    best = cost()
                else:
                    rows.update(kept)
        if best == before:
            break
    return rows


def _put(
    thread: Sequence[str], row: int, rows: dict[str, int], slots: dict[str, int], first: set[str]
) -> bool:
    """Put slots into a row; who is there goes to the row that is left. False if it is fixed."""
    for slot in thread:
        there = next((o for o in rows if rows[o] == row and slots[o] == slots[slot]), None)
        if there in first:
            return False
        if there is not None:
            rows[there] = rows[slot]
        rows[slot] = row
    return True


def _gutter_cost(gutter: Sequence[_Hop], rows: dict[str, int]) -> float:
    """Crossings of the lines of one gutter, and how far they go up and down."""
    total = 0.0
    for index, hop in enumerate(gutter):
        a0, a1 = rows[hop.left], rows[hop.right]
        total += abs(a0 - a1)
        for other in gutter[index + 1 :]:
            if (a0 - rows[other.left]) * (a1 - rows[other.right]) < 0:
                total += _CROSSING
    return total


def _drawn(
    columns: dict[str, int],
    hops: dict[Pair, list[_Hop]],
    slots: dict[str, int],
    rows: dict[str, int],
    size: Size,
) -> Layered:
    top = min(rows.values())
    middle = {slot: (row - top) * size.row + size.height / 2 for slot, row in rows.items()}
    leaves, arrives = _ports(columns, hops, middle, size)
    last = max(columns.values())
    gutters: list[list[tuple[_Hop, float, float]]] = [[] for _ in range(last + 1)]
    for pair, pair_hops in hops.items():
        for index, hop in enumerate(pair_hops):
            y0 = leaves[pair] if index == 0 else middle[hop.left]
            y1 = arrives[pair] if index == len(pair_hops) - 1 else middle[hop.right]
            gutters[min(slots[hop.left], slots[hop.right])].append((hop, y0, y1))
    lefts, x = [], 0.0
    tracks: dict[tuple[Pair, str], float] = {}
    for gutter in gutters:
        lefts.append(x)
        x += size.width
        bent = [item for item in gutter if abs(item[1] - item[2]) > 0.5]
        for number, (hop, _, _) in enumerate(_in_order(bent)):
            tracks[hop.pair, hop.left] = x + size.lead + number * size.track
        x += size.lead + max(len(bent) - 1, 0) * size.track + size.label
    width = lefts[last] + size.width
    if gutters[last]:
        width += size.lead + len(gutters[last]) * size.track
    lines = {
        pair: _line(pair_hops, slots, leaves[pair], arrives[pair], middle, lefts, tracks, size)
        for pair, pair_hops in hops.items()
    }
    corners = {
        node: (lefts[column], middle[node] - size.height / 2) for node, column in columns.items()
    }
    height = max(middle.values()) + size.height / 2
    return Layered(corners, lines, width, height)


def _ports(
    columns: dict[str, int],
    hops: dict[Pair, list[_Hop]],
    middle: dict[str, float],
    size: Size,
) -> tuple[dict[Pair, float], dict[Pair, float]]:
    """Heights at which the lines leave and arrive, spread along a card's sides."""
    sides: dict[tuple[str, bool], list[tuple[float, bool, Pair]]] = {}
    for pair, pair_hops in hops.items():
        forward = columns[pair[1]] > columns[pair[0]]
        leaves_right = columns[pair[1]] >= columns[pair[0]]
        after, before = middle[pair_hops[0].right], middle[pair_hops[-1].left]
        sides.setdefault((pair[0], leaves_right), []).append((after, True, pair))
        sides.setdefault((pair[1], not forward), []).append((before, False, pair))
    leaves: dict[Pair, float] = {}
    arrives: dict[Pair, float] = {}
    for (node, _), ends in sides.items():
        ends.sort(key=lambda end: (end[0], end[1], end[2]))
        straight = [i for i, end in enumerate(ends) if abs(end[0] - middle[node]) < 0.5]
        centre = straight[0] if straight else (len(ends) - 1) / 2
        gap = min(14.0, (size.height / 2 - 5) / max(centre, len(ends) - 1 - centre, 1))
        for index, (_, leaving, pair) in enumerate(ends):
            (leaves if leaving else arrives)[pair] = middle[node] + (index - centre) * gap
    return leaves, arrives


def _in_order(
    items: list[tuple[_Hop, float, float]],
) -> list[tuple[_Hop, float, float]]:
    """The lines of a gutter from left to right, so that they cross as little as can be."""
    if len(items) > _FEW:
        return sorted(items, key=lambda item: (item[2] > item[1], -item[1], item[0].pair))
    best = min(permutations(items), key=_crossings, default=())
    return list(best)


def _crossings(order: Sequence[tuple[_Hop, float, float]]) -> int:
    """Crossings of lines that turn down or up at tracks in this order."""
    count = 0
    for i, (_, a0, a1) in enumerate(order):
        for _, b0, b1 in order[i + 1 :]:
            # Left of its own track a line is at its start, right of it at its end.
            count += min(a0, a1) < b0 < max(a0, a1)
            count += min(b0, b1) < a1 < max(b0, b1)
            # Two verticals that share a height would touch where one's start is the other's end.
            count += abs(b0 - a1) < 1.0
    return count


def _line(
    hops: list[_Hop],
    slots: dict[str, int],
    leave: float,
    arrive: float,
    middle: dict[str, float],
    lefts: list[float],
    tracks: dict[tuple[Pair, str], float],
    size: Size,
) -> list[Point]:
    start, end = slots[hops[0].left], slots[hops[-1].right]
    points = [(lefts[start] + (size.width if end >= start else 0.0), leave)]
    for index, hop in enumerate(hops):
        y = arrive if index == len(hops) - 1 else middle[hop.right]
        track = tracks.get((hop.pair, hop.left))
        if track is not None:
            points += [(track, points[-1][1]), (track, y)]
    points.append((lefts[end] + (0.0 if end > start else size.width), arrive))
    return points
