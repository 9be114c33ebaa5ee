"""Departments round their people: names, counts, and the room that their headers leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from relgraph.schema.account import Account, DepartmentRow, Support
from relgraph.schema.kinds import DEPARTMENT
from relgraph.schema.vocabulary import Lang, Stance
from relgraph.viz.document import Group
from relgraph.viz.layout.blocks import Block
from relgraph.viz.layout.grid import Grid, block_box
from relgraph.viz.text import both_names, width_of
from relgraph.words import say

HEADER_PAD = 12.0
NAME_SIZE, UNDER_SIZE, SYMBOL_SIZE = 13.0, 11.0, 8.0
COUNT_GAP, SYMBOL_GAP = 6.0, 2.0


def measured_groups(
    account: Account, blocks: Iterable[Block], stances: Mapping[str, Support], lang: Lang
) -> dict[str, Group]:
    """The departments with their counts, by id, not placed yet.

    Tells each block how much of its header is text, so that lines can pass beside it.
    """
    groups: dict[str, Group] = {}
    for block in blocks:
        group = groups[str(block.id)] = _group(account, block, stances, lang)
        name = width_of(group.name, NAME_SIZE, bold=True)
        left = max(name, width_of(under_name(group), UNDER_SIZE))
        block.header = HEADER_PAD + left, HEADER_PAD + counts_width(group)
    return groups


def placed_groups(grid: Grid, groups: Mapping[str, Group]) -> list[Group]:
    """The departments where the grid has them, in reading order."""
    placed = []
    for band in grid.bands:
        for number, block in enumerate(band.blocks):
            if block.id is not None:
                group = groups[block.id]
                box = block_box(band, number)
                group.x, group.y, group.w, group.h = (round(value, 1) for value in box)
                placed.append(group)
    return placed


def under_name(group: Group) -> str:
    """The header's second line: the name in the other language and the head count."""
    return f"{group.name_alt} · {group.count}" if group.name_alt else str(group.count)


def counted(group: Group) -> list[tuple[Stance, int]]:
    """The stances that somebody has, with how many have it, the best first."""
    return [(word, group.stances[word.value]) for word in Stance if group.stances[word.value]]


def counts_width(group: Group) -> float:
    """Width of the header's counts: a symbol and a number for each stance."""
    parts = [
        width_of(word.symbol, SYMBOL_SIZE) + SYMBOL_GAP + width_of(str(n), UNDER_SIZE)
        for word, n in counted(group)
    ]
    return sum(parts) + COUNT_GAP * max(0, len(parts) - 1)


def _group(account: Account, block: Block, stances: Mapping[str, Support], lang: Lang) -> Group:
    counts: Counter[str] = Counter()
    for item in (item for column in block.columns for item in column.items):
        if not account.by_id[item.id].placeholder:
            support = stances.get(item.id)
            counts[Stance.of(None if support is None else support.stance).value] += 1
    department = next((row for row in account.departments if row.id == block.id), None)
    name, other = _name(account, str(block.id), department, lang)
    return Group(
        id=str(block.id),
        name=name,
        name_alt=other,
        count=sum(counts.values()),
        stances={word.value: counts[word.value] for word in Stance},
        ref=None if department is None else DEPARTMENT.ref(department.id),
        version=None if department is None else department.version,
    )


def _name(
    account: Account, id_: str, department: DepartmentRow | None, lang: Lang
) -> tuple[str, str]:
    if department is not None:
        return both_names(department, lang)
    if id_ == "none":
        return say(lang, "map.no_department"), ""
    head = account.by_id[id_.removeprefix("under:")]
    title = head.title_in(lang)
    return title or say(lang, "map.under", name=head.name_in(lang)), ""
