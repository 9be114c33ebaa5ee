"""Sorts the people of a customer into a head row, departments, and columns of cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from relgraph.insight.hierarchy import Hierarchy
from relgraph.schema.account import Account

CARD_W, CARD_H, ROW_H = 212.0, 78.0, 28.0
PILL_W, PILL_H = 178.0, 34.0
INDENT = 12.0
DEEPEST_INDENT = 3
GAP_CARD, GAP_ROW = 12.0, 5.0
PAD, HEADER = 8.0, 44.0
TALLEST_COLUMN = 700.0
"""A department whose people would stand higher than this flows into several columns."""

Shape = Literal["card", "row", "pill"]


@dataclass(slots=True)
class Item:
    """One card in a column. `indent` counts levels below the head of its department."""

    id: str
    shape: Shape
    indent: int = 0
    x: float = 0.0
    y: float = 0.0

    @property
    def w(self) -> float:
        return PILL_W if self.shape == "pill" else CARD_W

    @property
    def h(self) -> float:
        return {"card": CARD_H, "row": ROW_H, "pill": PILL_H}[self.shape]


@dataclass(slots=True)
class Column:
    """Cards under each other."""

    items: list[Item] = field(default_factory=list)
    x: float = 0.0

    @property
    def width(self) -> float:
        return max((item.indent * INDENT + item.w for item in self.items), default=CARD_W)

    @property
    def height(self) -> float:
        return column_height(self.items)


@dataclass(slots=True)
class Block:
    """A department, or a single card of the head row (`id` null): columns side by side."""

    id: str | None
    columns: list[Column]
    ours: bool = False
    header: tuple[float, float] = (0.0, 0.0)
    """Width of the texts in its header at the left and the right edge; lines pass between."""

    @property
    def framed(self) -> bool:
        return self.id is not None

    @property
    def height(self) -> float:
        tallest = max((column.height for column in self.columns), default=0.0)
        return tallest + (HEADER + 2 * PAD if self.framed else 0.0)


def gap_after(item: Item, following: Item) -> float:
    """Space between two cards of a column."""
    return GAP_ROW if item.shape == following.shape == "row" else GAP_CARD


def column_height(items: list[Item]) -> float:
    """Height of cards under each other with their gaps."""
    gaps = sum(gap_after(above, below) for above, below in pairwise(items))
    return sum(item.h for item in items) + gaps


def sort_into_blocks(
    account: Account, hierarchy: Hierarchy, important: Collection[str], members: list[str]
) -> tuple[list[Block], list[Block]]:
    """The head row and the departments.

    `important` are the people who get a full card whatever their place, `members` those of us
    who are shown. Everybody stands in exactly one block.
    """
    home = _homes(account, hierarchy)
    groups: dict[str, list[str]] = defaultdict(list)
    head: list[str] = []
    for person in account.people:
        group = home[person.id]
        if group is None:
            head.append(person.id)
        else:
            groups[group].append(person.id)
    tops = [id_ for id_ in hierarchy.tops if home[id_] is None]
    head.sort(key=lambda id_: (id_ not in tops, -hierarchy.below[id_], id_))
    blocks = [
        Block(group, _columns(groups[group], hierarchy, important))
        for group in _group_order(account, hierarchy, groups)
    ]
    row = [Block(None, [Column([Item(id_, "card")])]) for id_ in head]
    for start in range(0, len(members), 2):
        pills = [Item(id_, "pill") for id_ in members[start : start + 2]]
        row.append(Block(None, [Column(pills)], ours=True))
    return row, blocks


def _homes(account: Account, hierarchy: Hierarchy) -> dict[str, str | None]:
    """The department that each person is drawn in; null for the head row.

    Without departments the people under each of the top's direct reports form one, named
    `under:ID`. Who has no department is drawn with the manager; who has neither stands in the
    head row while it is short, else in a group of their own, `none`.
    """
    if not account.departments:
        return _homes_by_manager(account, hierarchy)
    known = {department.id for department in account.departments}
    home: dict[str, str | None] = {}
    stray: list[str] = []
    heads = {id_ for id_ in hierarchy.tops if _heads_it_all(id_, account, hierarchy)}
    for person in account.people:
        if person.id in heads:
            home[person.id] = None
            continue
        if person.department_id in known:
            home[person.id] = person.department_id
            continue
        above = next(
            (
                account.by_id[manager].department_id
                for manager in hierarchy.line_up(person.id)
                if account.by_id[manager].department_id in known
            ),
            None,
        )
        home[person.id] = above
        if above is None and person.id not in hierarchy.tops:
            stray.append(person.id)
    if len(stray) > 3:
        leads_others = {id_ for id_ in stray if hierarchy.below[id_] > len(account.people) / 10}
        home.update((id_, "none") for id_ in stray if id_ not in leads_others)
    return home


def _heads_it_all(id_: str, account: Account, hierarchy: Hierarchy) -> bool:
    """Whether a top leads other departments than their own: then they stand above them all."""
    own = account.by_id[id_].department_id
    leads_others = any(account.by_id[c].department_id != own for c in hierarchy.children[id_])
    return leads_others and hierarchy.below[id_] > len(account.people) / 3


def _homes_by_manager(account: Account, hierarchy: Hierarchy) -> dict[str, str | None]:
    home: dict[str, str | None] = {}
    for top in hierarchy.tops:
        home[top] = None
    roots = [child for top in hierarchy.tops for child in hierarchy.children[top]]
    direct = [child for child in roots if not hierarchy.children[child]]
    for root in roots:
        group = f"under:{root}" if hierarchy.children[root] else f"under:{hierarchy.tops[0]}"
        stack = [root]
        while stack:
            id_ = stack.pop()
            home[id_] = group
            stack.extend(hierarchy.children[id_])
    if len(direct) <= 3 and len(roots) == len(direct):
        home.update((id_, None) for id_ in direct)
    loose = [person.id for person in account.people if person.id not in home]
    heads = [id_ for id_ in loose if hierarchy.manager[id_] is None and hierarchy.children[id_]]
    for head in heads:
        stack = [head]
        while stack:
            id_ = stack.pop()
            home[id_] = f"under:{head}"
            stack.extend(hierarchy.children[id_])
    rest = [id_ for id_ in loose if id_ not in home]
    few = len(rest) <= 3
    home.update((id_, None if few else "none") for id_ in rest)
    return home


def _group_order(account: Account, hierarchy: Hierarchy, groups: dict[str, list[str]]) -> list[str]:
    """Departments in the order of the chart: each followed by the departments below it."""
    of_heads = {account.by_id[top].department_id for top in hierarchy.tops}
    listed = [department.id for department in account.departments]
    listed.sort(key=lambda id_: id_ not in of_heads)
    parents = {d.id: d.parent_id for d in account.departments}
    below: dict[str | None, list[str]] = defaultdict(list)
    for id_ in listed:
        parent = parents[id_]
        below[parent if parent in parents and parent != id_ else None].append(id_)
    ordered: list[str] = []
    seen: set[str] = set()
    stack = below[None][::-1]
    while stack:
        id_ = stack.pop()
        if id_ not in seen:
            seen.add(id_)
            ordered.append(id_)
            stack.extend(below[id_][::-1])
    ordered += [id_ for id_ in listed if id_ not in seen]  # departments in a circle
    synthetic = [id_ for id_ in groups if id_ not in parents and id_ != "none"]
    synthetic.sort(key=lambda id_: (-hierarchy.below.get(id_.removeprefix("under:"), 0), id_))
    return [id_ for id_ in [*ordered, *synthetic, "none"] if groups.get(id_)]


def _columns(ids: list[str], hierarchy: Hierarchy, important: Collection[str]) -> list[Column]:
    """The people of one department in reading order, in as many columns as their number asks."""
    inside = set(ids)
    roots = [id_ for id_ in ids if hierarchy.manager[id_] not in inside]
    roots.sort(key=lambda id_: (-hierarchy.below[id_], id_))
    items: list[Item] = []
    stack = [(id_, 0) for id_ in reversed(roots)]
    placed: set[str] = set()
    while stack:
        id_, indent = stack.pop()
        placed.add(id_)
        children = [c for c in hierarchy.children[id_] if c in inside]
        leads = bool(children)
        shape: Shape = "card" if leads or id_ in important else "row"
        if indent == 0 and len(roots) <= 2:
            shape = "card"
        items.append(Item(id_, shape, min(indent, DEEPEST_INDENT)))
        # Plain staff hang directly under their manager; people with staff of their own follow.
        children.sort(
            key=lambda c: (bool(set(hierarchy.children[c]) & inside), c not in important, c)
        )
        stack.extend((child, indent + 1) for child in reversed(children))
    height = column_height(items)
    count = max(1, -int(-height // TALLEST_COLUMN))
    return _split(items, height / count) if count > 1 else [Column(items)]


def _split(items: list[Item], height: float) -> list[Column]:
    columns = [Column()]
    used = 0.0
    for item in items:
        step = item.h + (GAP_ROW if item.shape == "row" else GAP_CARD)
        if columns[-1].items and used + item.h > height + GAP_CARD:
            columns.append(Column())
            used = 0.0
        columns[-1].items.append(item)
        used += step
    return columns
