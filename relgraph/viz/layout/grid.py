"""Bands of blocks with gutters and corridors between them, and the coordinates of it all.

A band is a row of blocks; its columns are counted from the left through all its blocks. Gutter
`g` of a band lies left of column `g`; the last one right of the last column. Corridor `k` lies
above band `k`; one more lies below the last band. Lines run in gutters and corridors alone, so
they never cross a card.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from relgraph.viz.layout.blocks import CARD_H, HEADER, INDENT, PAD, Block, Column, Item, gap_after

ASPECT = 2.1
"""Width by height that the picture aims at: a wide screen less its bars."""
GUTTER, INNER_GUTTER, CORRIDOR = 26.0, 22.0, 26.0
OUTER_CORRIDOR = 4.0
"""Above and below everything, where few lines run; they make it grow."""
TRACK = 8.0
_WIDTHS_TRIED = 48
MARGIN = 16.0


@dataclass(slots=True)
class Place:
    """Where a card stands in the grid."""

    item: Item
    band: int
    column: int


@dataclass(slots=True)
class Band:
    blocks: list[Block]
    columns: list[Column] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    """Index of the block that each column belongs to."""
    gutters: list[float] = field(default_factory=list)
    """Width of each gutter."""
    gutter_x: list[float] = field(default_factory=list)
    """Left edge of each gutter."""
    y: float = 0.0
    height: float = 0.0


@dataclass(slots=True)
class Grid:
    bands: list[Band]
    corridors: list[float]
    corridor_y: list[float] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    shafts: tuple[float, float] = (0.0, 0.0)
    """Widths of the vertical shafts at the left and right of everything."""
    width: float = 0.0
    height: float = 0.0


def make_grid(head: list[Block], blocks: list[Block]) -> Grid:
    """Bands of blocks in the proportion of a screen, the head row first. Nothing placed yet."""
    rows = ([head] if head else []) + _wrapped(blocks)
    bands = [Band(row) for row in rows]
    for band in bands:
        for number, block in enumerate(band.blocks):
            for column in block.columns:
                band.columns.append(column)
                band.owners.append(number)
        band.gutters = [_base_gutter(band, index) for index in range(len(band.columns) + 1)]
    inner = [CORRIDOR] * (len(bands) - 1)
    grid = Grid(bands, [OUTER_CORRIDOR, *inner, OUTER_CORRIDOR])
    for index, band in enumerate(bands):
        for number, column in enumerate(band.columns):
            for item in column.items:
                grid.places[item.id] = Place(item, index, number)
    return grid


def _base_gutter(band: Band, index: int) -> float:
    if 0 < index < len(band.columns) and band.owners[index - 1] == band.owners[index]:
        return INNER_GUTTER
    if index in (0, len(band.columns)):
        return 8.0
    return GUTTER


def _wrapped(blocks: list[Block]) -> list[list[Block]]:
    """Blocks in rows, in order: the breaks with which the map appears largest on a screen."""
    if not blocks:
        return []
    sizes = [(_block_width(block), block.height) for block in blocks]
    widths = [width + GUTTER for width, _ in sizes]
    widest, total = max(widths), sum(widths)
    steps = range(_WIDTHS_TRIED + 1)
    tries = [_rows_of(widths, widest + (total - widest) * k / len(steps)) for k in steps]
    tries.append([range(len(blocks))])
    # Of the ways to fill as many rows, the narrowest fills them most evenly.
    narrowest = {len(rows): rows for rows in reversed(tries)}
    best = max(narrowest.values(), key=lambda rows: (_scale(rows, sizes), -len(rows)))
    return [[blocks[index] for index in row] for row in best]


def _rows_of(widths: list[float], most: float) -> list[range]:
    """The blocks, by number, that stand in each row if it may be so wide."""
    rows: list[range] = []
    start, used = 0, 0.0
    for index, width in enumerate(widths):
        if index > start and used + width > most + 1:
            rows.append(range(start, index))
            start, used = index, 0.0
        used += width
    return [*rows, range(start, len(widths))]


def _scale(rows: list[range], sizes: list[tuple[float, float]]) -> float:
    """How large the rows would be seen, up to a factor; gutters grow with the lines in them."""
    width = max(sum(sizes[index][0] + 2 * GUTTER for index in row) for row in rows)
    height = sum(max(sizes[index][1] for index in row) + 2 * CORRIDOR for row in rows)
    return min(ASPECT / width, 1 / (height + CARD_H + CORRIDOR))


def _block_width(block: Block) -> float:
    inner = sum(column.width for column in block.columns)
    inner += INNER_GUTTER * (len(block.columns) - 1)
    return inner + (2 * PAD if block.framed else 0)


def place(grid: Grid) -> None:
    """Give everything its coordinates, with the gutters and corridors as wide as they are now."""
    left, right = grid.shafts
    widths = [_band_width(band) for band in grid.bands]
    inner = max(widths, default=0.0)
    y = MARGIN / 2
    grid.corridor_y = []
    for index, band in enumerate(grid.bands):
        grid.corridor_y.append(y)
        y += grid.corridors[index]
        band.y = y
        band.height = max((block.height for block in band.blocks), default=0.0)
        spare = inner - widths[index]
        _place_band(band, MARGIN + left, spare)
        y += band.height
    grid.corridor_y.append(y)
    grid.width = inner + left + right + 2 * MARGIN
    grid.height = y + grid.corridors[-1] + MARGIN / 2


def _band_width(band: Band) -> float:
    frames = sum(2 * PAD for block in band.blocks if block.framed)
    return sum(c.width for c in band.columns) + sum(band.gutters) + frames


def _width_from(band: Band, block: int) -> float:
    """Width of a head row's columns from one block on, with the gutters before and after them."""
    start = band.owners.index(block)
    return sum(c.width for c in band.columns[start:]) + sum(band.gutters[start:])


def _place_band(band: Band, left: float, spare: float) -> None:
    """Place a band's columns; a head row is centred with our people at its right end."""
    ours = next((n for n, block in enumerate(band.blocks) if block.ours), None)
    is_head = not any(block.framed for block in band.blocks)
    x = left
    if is_head:
        of_ours = 0.0 if ours is None else _width_from(band, ours)
        theirs = _band_width(band) - of_ours
        full_width = _band_width(band) + spare
        x += max(0.0, min((full_width - theirs) / 2, full_width - of_ours - theirs))
    band.gutter_x = []
    for index, column in enumerate(band.columns):
        owner = band.owners[index]
        first = index == 0 or band.owners[index - 1] != owner
        if owner == ours and first and is_head:
            x = left + full_width - of_ours
        band.gutter_x.append(x)
        x += band.gutters[index]
        framed = band.blocks[owner].framed
        if framed and first:
            x += PAD
        column.x = x
        y = band.y + (HEADER + PAD if framed else 0.0)
        previous: Item | None = None
        for item in column.items:
            if previous is not None:
                y += previous.h + gap_after(previous, item)
            item.x = x + item.indent * INDENT
            item.y = y
            previous = item
        x += column.width
        last = index + 1 == len(band.columns) or band.owners[index + 1] != owner
        if framed and last:
            x += PAD
    band.gutter_x.append(x)


def block_box(band: Band, number: int) -> tuple[float, float, float, float]:
    """x, y, width and height of a block's frame; as high as its band."""
    columns = [c for c, owner in zip(band.columns, band.owners, strict=True) if owner == number]
    x = columns[0].x - PAD
    right = columns[-1].x + columns[-1].width + PAD
    return x, band.y, right - x, band.height
