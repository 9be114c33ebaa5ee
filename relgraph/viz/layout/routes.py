"""Leads lines through gutters and corridors: right angles, no card crossed, tracks side by side.

Each line is first routed through the grid in words: which side it leaves a card, which gutters and
corridors it takes. Then the pieces that share a gutter or corridor get tracks beside each other
(interval colouring), the channels grow to hold their tracks, and only then come coordinates. The
cost is that of sorting the pieces.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from relgraph.viz.layout.blocks import HEADER, INDENT, PAD
from relgraph.viz.layout.grid import GUTTER, TRACK, Grid, Place, block_box, place

Point = tuple[float, float]
Channel = tuple[Literal["gutter", "corridor", "shaft"], int, int]
"""("gutter", band, index), ("corridor", index, 0) or ("shaft", 0 left or 1 right, 0)."""
Side = Literal["left", "right"]

SHARED_TRACKS = 4
"""Lines that are shown only when selected share this many tracks of a channel."""
HEADER_GAP = 8.0
"""Space between a line and the texts of a department's header."""
HIGHEST_CORRIDOR = 14
"""Tracks that make a corridor or gutter grow; further ones share its width."""


@dataclass(slots=True)
class Connection:
    """A line to route. `weight` is its width: the heavier, the nearer to the card's middle."""

    id: str
    from_id: str
    to_id: str
    shared: bool = False
    tree: bool = False
    weight: float = 1.0
    points: list[Point] = field(default_factory=list)
    sides: tuple[Side, Side] = ("right", "right")
    channels: list[Channel] = field(default_factory=list)
    tracks: list[float] = field(default_factory=list)
    """Offset of its track in each channel, in px from the channel's middle."""
    ports: tuple[float, float] = (0.5, 0.5)


def route(grid: Grid, connections: list[Connection]) -> None:
    """Place the grid and give every connection its points."""
    place(grid)
    direct = [
        connection for connection in connections if connection.tree and _hangs(grid, connection)
    ]
    hung = {id(connection) for connection in direct}
    routed = [connection for connection in connections if id(connection) not in hung]
    for connection in routed:
        _choose_channels(grid, connection)
    _spread_ports(grid, routed)
    _assign_tracks(grid, routed)
    place(grid)
    for connection in routed:
        connection.points = _simplified(_points(grid, connection))
    for connection in direct:
        connection.points = _hanging(grid, connection)


def route_over(grid: Grid, connections: list[Connection]) -> None:
    """Give further connections their points in a grid that stands: nothing moves for them."""
    for connection in connections:
        _choose_channels(grid, connection)
        connection.tracks = [0.0] * len(connection.channels)
    turns: dict[Channel, int] = defaultdict(int)
    for connection in connections:
        for index, channel in enumerate(connection.channels):
            width = min(TRACK, (_width(grid, channel) - 8) / (SHARED_TRACKS - 1))
            lane = turns[channel] % SHARED_TRACKS
            connection.tracks[index] = (lane - (SHARED_TRACKS - 1) / 2) * max(width, 0.0)
            turns[channel] += 1
        connection.points = _simplified(_points(grid, connection))


# the way in words ---------------------------------------------------------------------------


def _hangs(grid: Grid, connection: Connection) -> bool:
    """Whether a reporting line can run down the left side: same column, child below."""
    child, manager = grid.places[connection.from_id], grid.places[connection.to_id]
    if child.band == manager.band and child.column == manager.column:
        return child.item.indent > manager.item.indent and child.item.y > manager.item.y
    return _flows_on(grid, child, manager) or _drops(grid, child, manager)


def _flows_on(grid: Grid, child: Place, manager: Place) -> bool:
    """Whether the child stands in a further column of the manager's own department."""
    owners = grid.bands[manager.band].owners
    return (
        child.band == manager.band
        and child.column > manager.column
        and owners[child.column] == owners[manager.column]
    )


def _drops(grid: Grid, child: Place, manager: Place) -> bool:
    """Whether it falls from a card of the head row to the first card of a column below it."""
    return (
        manager.band == 0
        and child.band == 1
        and not grid.bands[0].blocks[grid.bands[0].owners[manager.column]].framed
        and grid.bands[1].columns[child.column].items[0] is child.item
    )


def _hanging(grid: Grid, connection: Connection) -> list[Point]:
    child, manager = grid.places[connection.from_id].item, grid.places[connection.to_id].item
    if _drops(grid, grid.places[connection.from_id], grid.places[connection.to_id]):
        x, top = manager.x + manager.w / 2, _entry(grid, grid.places[connection.from_id])
        y = grid.corridor_y[1] + 10
        points = [(x, manager.y + manager.h), (x, y), (top, y), (top, child.y)]
        return _simplified(points)
    middle = child.y + child.h / 2
    if _flows_on(grid, grid.places[connection.from_id], grid.places[connection.to_id]):
        band = grid.bands[grid.places[connection.from_id].band]
        out = band.columns[grid.places[connection.to_id].column].x - 5
        down = band.columns[grid.places[connection.from_id].column].x - 5
        over, own = band.y + HEADER + PAD / 2, manager.y + manager.h / 2
        return [
            (manager.x, own),
            (out, own),
            (out, over),
            (down, over),
            (down, middle),
            (child.x, middle),
        ]
    x = manager.x + INDENT / 2
    return [(x, manager.y + manager.h), (x, middle), (child.x, middle)]


def _entry(grid: Grid, child: Place) -> float:
    """Where a line from above enters a card: its middle, or beside the texts of the header."""
    item, band = child.item, grid.bands[child.band]
    middle = item.x + item.w / 2
    number = band.owners[child.column]
    block = band.blocks[number]
    if not block.framed:
        return middle
    x, _, width, _ = block_box(band, number)
    left, right = block.header
    free_from, free_to = x + left + HEADER_GAP, x + width - right - HEADER_GAP
    wanted = min(max(middle, free_from), max(free_from, free_to))
    return min(max(wanted, item.x + HEADER_GAP), item.x + item.w - HEADER_GAP)


def _choose_channels(grid: Grid, connection: Connection) -> None:
    a, b = grid.places[connection.from_id], grid.places[connection.to_id]
    if a.band == b.band:
        _choose_channels_in_band(a, b, connection)
        return
    below = b.band > a.band
    side_a: Side = "right" if _x(b) >= _x(a) else "left"
    side_b: Side = "left" if _x(b) > _x(a) else "right"
    connection.sides = (side_a, side_b)
    first = a.band + 1 if below else a.band
    last = b.band if below else b.band + 1
    connection.channels = [_gutter(a, side_a), ("corridor", first, 0)]
    if first != last:
        middle = (_x(a) + _x(b)) / 2
        connection.channels += [
            ("shaft", 0 if middle < grid.width / 2 else 1, 0),
            ("corridor", last, 0),
        ]
    connection.channels.append(_gutter(b, side_b))


def _choose_channels_in_band(a: Place, b: Place, connection: Connection) -> None:
    if a.column == b.column:
        connection.sides = ("right", "right")
        connection.channels = [_gutter(a, "right")]
    elif abs(a.column - b.column) == 1:
        connection.sides = ("right", "left") if b.column > a.column else ("left", "right")
        connection.channels = [_gutter(a, connection.sides[0])]
    else:
        connection.sides = ("right", "left") if b.column > a.column else ("left", "right")
        # Over the band, or under it for the head row, whose people are reached from below.
        corridor = a.band if a.band else 1
        connection.channels = [
            _gutter(a, connection.sides[0]),
            ("corridor", corridor, 0),
            _gutter(b, connection.sides[1]),
        ]


def _x(spot: Place) -> float:
    return spot.item.x


def _gutter(spot: Place, side: Side) -> Channel:
    return ("gutter", spot.band, spot.column + (1 if side == "right" else 0))


# ports --------------------------------------------------------------------------------------


def _spread_ports(grid: Grid, connections: list[Connection]) -> None:
    """Spread the ends on each side of a card, so that arrows do not land on each other."""
    ends: dict[tuple[str, Side], list[tuple[float, int, int]]] = defaultdict(list)
    for number, connection in enumerate(connections):
        if connection.shared:
            continue
        a, b = grid.places[connection.from_id], grid.places[connection.to_id]
        for end, own, other in ((0, a, b), (1, b, a)):
            if connection.tree and end == 1:
                continue  # the lines of all reports meet the manager in one point
            up = other.item.y - own.item.y if other.band == own.band else other.band - own.band
            if len(connection.channels) > 1:
                corridor = next(c for c in connection.channels if c[0] == "corridor")
                up = -1e6 if corridor[1] <= own.band else 1e6
            ends[(own.item.id, connection.sides[end])].append((up, number, end))
    for side_ends in ends.values():
        side_ends.sort()
        for place_, (_, number, end) in enumerate(side_ends, 1):
            port = place_ / (len(side_ends) + 1)
            ports = connections[number].ports
            connections[number].ports = (port, ports[1]) if end == 0 else (ports[0], port)


# tracks -------------------------------------------------------------------------------------


def _assign_tracks(grid: Grid, connections: list[Connection]) -> None:
    """Give each piece a track that no piece beside it has, and the channels their widths."""
    pieces: dict[Channel, list[tuple[float, float, int, int]]] = defaultdict(list)
    for number, connection in enumerate(connections):
        connection.tracks = [0.0] * len(connection.channels)
        points = _points(grid, connection)
        for index, channel in enumerate(connection.channels):
            a, b = points[index + 1], points[index + 2]
            low, high = (a[0], b[0]) if channel[0] == "corridor" else (a[1], b[1])
            pieces[channel].append((min(low, high), max(low, high), number, index))
    for channel, channel_pieces in pieces.items():
        own = [piece for piece in channel_pieces if not connections[piece[2]].shared]
        count = _colour(own, connections, channel)
        shared = len(channel_pieces) - len(own)
        lanes = count + (min(SHARED_TRACKS, shared) if shared else 0)
        for turn, (_, _, number, index) in enumerate(
            sorted(piece for piece in channel_pieces if connections[piece[2]].shared)
        ):
            connections[number].tracks[index] = float(count + turn % SHARED_TRACKS)
        _grow(grid, channel, lanes)
        width = min(TRACK, (_width(grid, channel) - 8) / max(1, lanes - 1)) if lanes > 1 else 0
        for _, _, number, index in channel_pieces:
            connections[number].tracks[index] = (
                connections[number].tracks[index] - (lanes - 1) / 2
            ) * width


def _colour(
    pieces: list[tuple[float, float, int, int]], connections: list[Connection], channel: Channel
) -> int:
    """Tracks by the greedy colouring of intervals; the number of tracks used.

    The reporting lines to one manager run on one track: they are a trunk.
    """
    bundles: dict[object, list[tuple[float, float, int, int]]] = defaultdict(list)
    for piece in pieces:
        connection = connections[piece[2]]
        bundles[("tree", connection.to_id) if connection.tree else piece[2:]].append(piece)
    spans = [(min(p[0] for p in b), max(p[1] for p in b), b) for b in bundles.values()]
    # Short pieces stay near the cards that they join, long ones go round them.
    spans.sort(key=lambda span: (span[1] - span[0], span[0], span[2][0][2]))
    tracks_in_use: list[list[tuple[float, float]]] = []
    for low, high, bundle in spans:
        free = (
            track
            for track, others in enumerate(tracks_in_use)
            if all(high + 6 < start or low - 6 > end for start, end in others)
        )
        track = next(free, len(tracks_in_use))
        if track == len(tracks_in_use):
            tracks_in_use.append([])
        tracks_in_use[track].append((low, high))
        for _, _, number, index in bundle:
            connections[number].tracks[index] = float(track)
    if channel[0] == "corridor":
        for _, _, number, index in pieces:
            connections[number].tracks[index] = (
                len(tracks_in_use) - 1 - connections[number].tracks[index]
            )
    return len(tracks_in_use)


def _grow(grid: Grid, channel: Channel, lanes: int) -> None:
    kind, first, second = channel
    wanted = 18.0 + min(lanes, HIGHEST_CORRIDOR) * TRACK
    if kind == "corridor":
        extra = 10.0 if first == 1 else 0.0  # the tree's own line runs at its top
        grid.corridors[first] = max(grid.corridors[first], wanted + extra)
    elif kind == "gutter":
        gutters = grid.bands[first].gutters
        gutters[second] = max(gutters[second], wanted, GUTTER)
    else:
        left, right = grid.shafts
        grid.shafts = (max(left, wanted), right) if first == 0 else (left, max(right, wanted))


def _width(grid: Grid, channel: Channel) -> float:
    kind, first, second = channel
    if kind == "corridor":
        return grid.corridors[first] - (10.0 if first == 1 else 0.0)
    if kind == "gutter":
        return grid.bands[first].gutters[second]
    return grid.shafts[first]


# coordinates --------------------------------------------------------------------------------


def _points(grid: Grid, connection: Connection) -> list[Point]:
    """Corners of a connection routed through channels: its start, one after each turn, its end."""
    a, b = grid.places[connection.from_id].item, grid.places[connection.to_id].item
    start_y, end_y = a.y + a.h * connection.ports[0], b.y + b.h * connection.ports[1]
    start = (a.x + (a.w if connection.sides[0] == "right" else 0.0), start_y)
    end = (b.x + (b.w if connection.sides[1] == "right" else 0.0), end_y)
    points = [start]
    x, y = start
    for index, channel in enumerate(connection.channels):
        at = _middle(grid, channel) + connection.tracks[index]
        if channel[0] == "corridor":
            y = at
        else:
            x = at
        points.append((x, y))
    points.append((x, end_y))
    points.append(end)
    return points


def _middle(grid: Grid, channel: Channel) -> float:
    kind, first, second = channel
    if kind == "corridor":
        extra = 10.0 if first == 1 else 0.0
        return grid.corridor_y[first] + extra + (grid.corridors[first] - extra) / 2
    if kind == "gutter":
        band = grid.bands[first]
        return band.gutter_x[second] + band.gutters[second] / 2
    if first == 0:
        return 8.0 + grid.shafts[0] / 2
    return grid.width - 8.0 - grid.shafts[1] / 2


def _simplified(points: list[Point]) -> list[Point]:
    """Without repeated points and without points in the middle of a straight piece."""
    kept: list[Point] = []
    for point in points:
        rounded = (round(point[0], 1), round(point[1], 1))
        if kept and kept[-1] == rounded:
            continue
        if len(kept) > 1:
            (x0, y0), (x1, y1) = kept[-2], kept[-1]
            if x0 == x1 == rounded[0] or y0 == y1 == rounded[1]:
                kept[-1] = rounded
                continue
        kept.append(rounded)
    return kept
