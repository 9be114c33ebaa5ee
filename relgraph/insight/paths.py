"""Best ways of influence from one person to another, and our own access (METHODS §3.1, §3.2)."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from relgraph.insight.hierarchy import Hierarchy
from relgraph.insight.network import check_influences
from relgraph.insight.scope import knowing_strength
from relgraph.schema.account import Influence, Knowing

Label = Literal["strong", "medium", "weak"]
MAX_PATHS = 10
MAX_HOPS = 6
STRONG = 0.3
MEDIUM = 0.1


@dataclass(frozen=True, slots=True)
class Path:
    """One way, from its first person to its last."""

    people: tuple[str, ...]
    strength: float
    """Product of the strengths of its edges, (0, 1]. An ordinal score, not a probability."""
    label: Label
    edges: tuple[Influence, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """How we reach a person."""

    strength: float
    """Best product along one of us → somebody they know → influences → the person, (0, 1]."""
    member_id: str
    people: tuple[str, ...]
    """Their people on the way; the last is the one who is reached."""


def label_of(strength: float) -> Label:
    """Word for the strength of a way: strong from 0.3, medium from 0.1, else weak."""
    return "strong" if strength >= STRONG else "medium" if strength >= MEDIUM else "weak"


def best_paths(
    influences: Iterable[Influence], source: str, target: str, k: int = 5, max_hops: int = MAX_HOPS
) -> list[Path]:
    """The k best simple paths of at most `max_hops` edges, best first (METHODS §3.1).

    Ties go to fewer hops, then to the lexicographically smaller ids; strengths are multiplied
    exactly, so that equal products are equal. Give one positive edge for each ordered pair
    (`Evaluation.positive_influences`). Empty if there is no way, and from a person to themself.
    Raises ValueError for a strength outside (0, 1], k outside 1…10 or max_hops outside 1…6.

    The set of paths is split as Yen (1971) and Lawler (1972) do. The best path of each part comes
    out of tables by number of hops, because a Dijkstra search does not bound the hops.
    """
    if not 1 <= k <= MAX_PATHS:
        raise ValueError(f"k is {k}; it must be from 1 to {MAX_PATHS}")
    if not 1 <= max_hops <= MAX_HOPS:
        raise ValueError(f"max_hops is {max_hops}; it must be from 1 to {MAX_HOPS}")
    edges = list(influences)
    check_influences(edges)
    if source == target:
        return []
    search = _Search(edges, target, max_hops)
    queue: list[tuple[int, int, tuple[str, ...], int, frozenset[str]]] = []

    def add(prefix: tuple[str, ...], forbidden: frozenset[str]) -> None:
        people = search.best(prefix, forbidden)
        if people is not None:
            rank = -search.score(people)
            heapq.heappush(queue, (rank, len(people), people, len(prefix), forbidden))

    add((source,), frozenset())
    best: list[Path] = []
    while queue and len(best) < k:
        _, _, people, fixed, forbidden = heapq.heappop(queue)
        best.append(search.path(people))
        for length in range(fixed, len(people)):
            ruled_out = forbidden if length == fixed else frozenset()
            add(people[:length], ruled_out | {people[length]})
    return best


Table = list[dict[str, int]]


class _Search:
    """Best completions of a path to one target.

    Strengths are decimal fractions with at most `digits` places, held as whole numbers; the
    score of h hops is a whole number in units of 10^(-digits·h).
    """

    def __init__(self, edges: Sequence[Influence], target: str, max_hops: int) -> None:
        self.target = target
        self.max_hops = max_hops
        self.by_pair = {(edge.from_id, edge.to_id): edge for edge in edges}
        exact = {pair: _decimal(edge.strength) for pair, edge in self.by_pair.items()}
        places = max((-int(value.as_tuple().exponent) for value in exact.values()), default=0)
        self.unit: int = 10**places
        self.weight = {pair: int(value.scaleb(places)) for pair, value in exact.items()}
        self.into: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.out_of: dict[str, list[str]] = defaultdict(list)
        for (tail, head), weight in sorted(self.weight.items()):
            self.into[head].append((tail, weight))
            self.out_of[tail].append(head)
        self.open_table = self._table(frozenset())

    def _table(self, blocked: frozenset[str]) -> Table:
        """Score of the best walk with exactly h hops to the target, for h from 0 to max_hops.

        No walk leaves the target or visits somebody who is blocked.
        """
        table: Table = [{self.target: 1}]
        for _ in range(self.max_hops):
            scores: dict[str, int] = {}
            for head, score in table[-1].items():
                for tail, weight in self.into[head]:
                    if tail == self.target or tail in blocked:
                        continue
                    if weight * score > scores.get(tail, 0):
                        scores[tail] = weight * score
            table.append(scores)
        return table

    def best(self, prefix: tuple[str, ...], forbidden: frozenset[str]) -> tuple[str, ...] | None:
        """Best simple path that begins with `prefix` and goes on to nobody in `forbidden`.

        The best walk without regard to the prefix is the best path if it happens to stay clear
        of it; only else the table is made again without the prefix. A best walk with the fewest
        hops never meets a person twice, since leaving out the loop would be no worse.
        """
        blocked = frozenset(prefix)
        rest = self._follow(self.open_table, prefix, forbidden, frozenset())
        if rest is not None and not blocked.isdisjoint(rest):
            rest = self._follow(self._table(blocked), prefix, forbidden, blocked)
        return None if rest is None else prefix + rest

    def _follow(
        self,
        table: Table,
        prefix: tuple[str, ...],
        forbidden: frozenset[str],
        blocked: frozenset[str],
    ) -> tuple[str, ...] | None:
        last = prefix[-1]
        hops_left = self.max_hops - len(prefix) + 1
        choices = []
        for person in self.out_of[last]:
            if person in forbidden or person in blocked:
                continue
            for hops in range(hops_left):
                if person in table[hops]:
                    score = self.weight[last, person] * table[hops][person]
                    scaled = score * self.unit ** (self.max_hops - hops - 1)
                    choices.append((-scaled, hops, person))
        if not choices:
            return None
        _, hops, person = min(choices)
        people = [person]
        while hops > 0:
            wanted = table[hops][person]
            hops -= 1
            person = next(
                after
                for after in self.out_of[person]
                if self.weight[person, after] * table[hops].get(after, 0) == wanted
            )
            people.append(person)
        return tuple(people)

    def score(self, people: Sequence[str]) -> int:
        """Product of the strengths, in units that are the same for every number of hops."""
        hops = len(people) - 1
        product = math.prod(self.weight[pair] for pair in pairwise(people))
        return int(product * self.unit ** (self.max_hops - hops))

    def path(self, people: tuple[str, ...]) -> Path:
        strength = self.score(people) / self.unit**self.max_hops
        edges = tuple(self.by_pair[pair] for pair in pairwise(people))
        return Path(people, strength, label_of(strength), edges)


def nearest_manager(
    hierarchy: Hierarchy,
    influences: Iterable[Influence],
    source: str,
    target: str,
    max_hops: int = MAX_HOPS,
) -> str | None:
    """The first manager above `target` whom `source` reaches; null if there is none.

    This is what to show where there is no path (METHODS §3.1). A source that is itself a manager
    above the target counts as reached.
    """
    heads: dict[str, list[str]] = defaultdict(list)
    for edge in influences:
        heads[edge.from_id].append(edge.to_id)
    reached = level = {source}
    for _ in range(max_hops):
        level = {head for person in level for head in heads[person]} - reached
        reached = reached | level
    return next((above for above in hierarchy.line_on_record(target) if above in reached), None)


def best_access(
    knows: Mapping[tuple[str, str], Knowing],
    influences: Sequence[Influence],
    people: Container[str],
) -> dict[str, Access]:
    """Our best way to each of `people` (METHODS §3.2); who is missing has no way.

    The product of how well one of us knows somebody (strength, else closeness / 5) and the
    positive influences in scope from there on. Ties: fewer people, then smaller ids. Someone who
    is known to us without a strength or closeness gives no way.
    """
    check_influences(influences)
    heads: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for edge in influences:
        heads[edge.from_id].append((edge.to_id, _decimal(edge.strength)))
    queue: list[tuple[Decimal, int, tuple[str, ...]]] = []
    for (member, person), knowing in knows.items():
        strength = knowing_strength(knowing)
        if strength is not None and person in people:
            queue.append((-_decimal(strength), 1, (member, person)))
    heapq.heapify(queue)
    reached: dict[str, Access] = {}
    while queue:
        negative, length, way = heapq.heappop(queue)
        person = way[-1]
        if person in reached:
            continue
        reached[person] = Access(float(-negative), way[0], way[1:])
        for head, weight in heads[person]:
            if head not in reached:
                heapq.heappush(queue, (negative * weight, length + 1, (*way, head)))
    return reached


def _decimal(strength: float) -> Decimal:
    """The strength as it was written, so that equal products come out equal."""
    return Decimal(repr(float(strength)))
