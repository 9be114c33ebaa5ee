"""The reporting tree of a customer: who is above whom, however untidy the records are.

Nothing is rejected (METHODS §0): circles, second managers, people who report to themself and
unknown managers are accepted, named, and the rest still becomes a tree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from relgraph.schema.account import Person, Report

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Solid reporting lines as a forest, and everything that did not fit into it.

    Every id of the customer's people is a key of `manager`, `depth`, `children` and `below`.
    """

    manager: dict[str, str | None]
    """Manager in the tree; null where there is none, none known, or the line was left out."""
    first_manager: dict[str, str | None]
    """Manager on record, of several the first choice, whether or not the line is in the tree."""
    depth: dict[str, int | None]
    """Hops from the top of the organisation, which is 0; null if no known line leads there."""
    children: dict[str, list[str]]
    """Direct reports in the tree, by id."""
    below: dict[str, int]
    """How many people are below in the tree, direct or not."""
    tops: tuple[str, ...] = ()
    """Top of the organisation: everybody marked so, else one person at most."""
    unknown_manager: tuple[str, ...] = ()
    """People who are not the top and have no manager on record."""
    cycles: tuple[tuple[str, ...], ...] = ()
    """Circles, each from the member where it was cut, upwards along the managers."""
    second_managers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Further solid managers of a person, beside the one in the tree."""
    dotted: tuple[Pair, ...] = ()
    """Matrix lines as (who, to whom)."""
    self_reports: tuple[str, ...] = ()
    """People whose record says that they report to themself."""
    left_out: tuple[Pair, ...] = ()
    """Solid lines between two people that are not in the tree."""

    def line_on_record(self, person: str) -> list[str]:
        """Managers above a person as recorded, nearest first, until nobody new follows.

        Other than the tree it goes on above a marked top, and round a circle once.
        """
        managers: list[str] = []
        passed = {person}
        above = self.first_manager.get(person)
        while above is not None and above not in passed:
            managers.append(above)
            passed.add(above)
            above = self.first_manager[above]
        return managers

    def line_up(self, person: str) -> list[str]:
        """Managers above a person in the tree, nearest first."""
        managers: list[str] = []
        above = self.manager.get(person)
        while above is not None:
            managers.append(above)
            above = self.manager[above]
        return managers


def build_hierarchy(people: Iterable[Person], reports: Iterable[Report]) -> Hierarchy:
    """Reporting tree of METHODS §0, in O(n log n) time and without recursion.

    Of several solid managers the first by primary, then since (earliest first, unknown last),
    then id stands in the tree. A circle is cut at the member with the most people below who are
    reached without it (ties: smallest id), but at its marked top if it has one. Lines to people
    who are not among `people` are passed over.
    """
    people = tuple(people)
    ids = sorted(person.id for person in people)
    marked = tuple(sorted(person.id for person in people if person.top))
    solid, dotted, self_reports = _sort_lines(set(ids), reports)
    chosen: dict[str, str | None] = {id_: solid[id_][0] if id_ in solid else None for id_ in ids}
    manager = dict(chosen)
    below, cycles = _cut_cycles(manager, set(marked))
    if any(manager[id_] is not None for id_ in marked):
        manager |= dict.fromkeys(marked)
        below, _ = _cut_cycles(manager, set())
    children: dict[str, list[str]] = {id_: [] for id_ in ids}
    for id_ in ids:
        above = manager[id_]
        if above is not None:
            children[above].append(id_)
    tops = marked or _largest_root(manager, below)
    return Hierarchy(
        manager=manager,
        first_manager=chosen,
        depth=_depths(ids, children, tops),
        children=children,
        below=below,
        tops=tops,
        unknown_manager=tuple(i for i in ids if chosen[i] is None and i not in tops),
        cycles=cycles,
        second_managers={
            id_: tuple(managers[1:]) for id_, managers in solid.items() if managers[1:]
        },
        dotted=dotted,
        self_reports=self_reports,
        left_out=tuple((i, to) for i in ids for to in solid.get(i, ()) if manager[i] != to),
    )


def _sort_lines(
    ids: set[str], reports: Iterable[Report]
) -> tuple[dict[str, list[str]], tuple[Pair, ...], tuple[str, ...]]:
    """Solid managers of each person, first choice first; matrix lines; people on themself."""
    ranked: dict[str, list[tuple[bool, str, str]]] = defaultdict(list)
    dotted: set[Pair] = set()
    self_reports: set[str] = set()
    for report in reports:
        if report.from_id not in ids or report.to_id not in ids:
            continue
        if report.from_id == report.to_id:
            self_reports.add(report.from_id)
        elif report.line == "solid":
            # A date sorts before the tilde, so an unknown date comes last.
            rank = (not report.primary, report.since or "~", report.to_id)
            ranked[report.from_id].append(rank)
        else:
            dotted.add((report.from_id, report.to_id))
    solid = {
        id_: list(dict.fromkeys(to_id for _, _, to_id in sorted(ranks)))
        for id_, ranks in ranked.items()
    }
    return solid, tuple(sorted(dotted)), tuple(sorted(self_reports))


def _cut_cycles(
    manager: dict[str, str | None], marked: set[str]
) -> tuple[dict[str, int], tuple[tuple[str, ...], ...]]:
    """Count the people below everybody and cut the circles, in place.

    Everybody has one manager at most, so removing leaves again and again ends at the
    circles, whose members have by then been credited with everybody who hangs on them.
    """
    below = dict.fromkeys(manager, 0)
    waiting = dict.fromkeys(manager, 0)
    for above in manager.values():
        if above is not None:
            waiting[above] += 1
    leaves = [id_ for id_, count in waiting.items() if count == 0]

    def remove_leaves() -> None:
        while leaves:
            id_ = leaves.pop()
            above = manager[id_]
            if above is not None:
                below[above] += below[id_] + 1
                waiting[above] -= 1
                if waiting[above] == 0:
                    leaves.append(above)

    remove_leaves()
    cycles: list[tuple[str, ...]] = []
    for start in manager:
        if waiting[start] == 0:
            continue
        circle = [start]
        above = manager[start]
        while above is not None and above != start:
            circle.append(above)
            above = manager[above]
        cut = min(circle, key=lambda id_: (id_ not in marked, -below[id_], id_))
        at = circle.index(cut)
        cycles.append((*circle[at:], *circle[:at]))
        freed = manager[cut]
        manager[cut] = None
        if freed is not None:
            waiting[freed] -= 1
            leaves.append(freed)
        remove_leaves()
    return below, tuple(sorted(cycles))


def _largest_root(manager: dict[str, str | None], below: dict[str, int]) -> tuple[str, ...]:
    """Who has no manager in the tree and most people below, if anyone has anybody below."""
    roots = [id_ for id_, above in manager.items() if above is None and below[id_] > 0]
    return (min(roots, key=lambda id_: (-below[id_], id_)),) if roots else ()


def _depths(
    ids: list[str], children: dict[str, list[str]], tops: tuple[str, ...]
) -> dict[str, int | None]:
    depth: dict[str, int | None] = dict.fromkeys(ids)
    level = list(tops)
    hops = 0
    while level:
        for id_ in level:
            depth[id_] = hops
        level = [child for id_ in level for child in children[id_]]
        hops += 1
    return depth
