"""Circles: what stands above itself, over however many others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_LONGEST = 6
"""Members of a circle that are named."""

Line = tuple[str, str, bool, str | None]
"""A solid line: a person, their manager, whether it is the first one, and since when."""


def circles(above: Mapping[str, str | None]) -> list[list[str]]:
    """Every circle once, from each to what is above it; each node is passed once."""
    met: list[list[str]] = []
    done: set[str] = set()
    for start in above:
        way: dict[str, None] = {}
        id_: str | None = start
        while id_ is not None and id_ not in done and id_ not in way:
            way[id_] = None
            id_ = above.get(id_)
        if id_ is not None and id_ in way:
            nodes = list(way)
            met.append(nodes[nodes.index(id_) :])
        done.update(way)
    return met


def way_round(circle: list[str], first: str) -> list[str]:
    """The circle from `first` to itself again; “…” stands for those beyond the first few."""
    start = circle.index(first)
    way = [*circle[start:], *circle[:start]]
    if len(way) > _LONGEST:
        way = [*way[:_LONGEST], "…"]
    return [*way, first]


def first_managers(lines: Iterable[Line]) -> dict[str, str]:
    """Whose line counts for each person: the first by primary, since (unknown last) and id.

    Who reports to themself has no manager (METHODS §0).
    """
    ranks: dict[str, tuple[bool, str, str]] = {}
    for person, manager, primary, since in lines:
        rank = (not primary, since or "~", manager)
        if person != manager and (person not in ranks or rank < ranks[person]):
            ranks[person] = rank
    return {person: manager for person, (_, _, manager) in ranks.items()}
