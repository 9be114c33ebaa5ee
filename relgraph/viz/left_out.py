"""Which ties of a large customer its map leaves out: they are counted, and fetched when asked for.

A map of a thousand people with 25,000 ties would be 14 MB, of which a reader looks at the ties of
a few people. Up to `COMPLETE_UP_TO` ties a map holds all of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from relgraph.insight.evaluation import Evaluation
from relgraph.viz.lines import Tie

COMPLETE_UP_TO = 1_500
"""Ties up to which a map holds every one; 150 people have some 900."""
KEPT_OF_MORE = 250
"""Ties that a map of more holds."""


@dataclass(frozen=True, slots=True)
class TieChoice:
    """The ties that a map holds, in their order, and those that it leaves out."""

    kept: tuple[Tie, ...]
    left_out: tuple[Tie, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many are left out, by kind of line."""
        return dict(Counter(tie.style.kind for tie in self.left_out))

    def counts_by_person(self) -> Mapping[str, dict[str, int]]:
        """How many are left out at each person, by kind of line."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for tie in self.left_out:
            for person in (tie.from_id, tie.to_id):
                of_person = counts[person]
                of_person[tie.style.kind] = of_person.get(tie.style.kind, 0) + 1
        return counts

    def at(self, person_id: str) -> tuple[Tie, ...]:
        """The left out ones that begin or end at a person."""
        return tuple(tie for tie in self.left_out if person_id in (tie.from_id, tie.to_id))


def choose_ties(evaluation: Evaluation, ties: Sequence[Tie]) -> TieChoice:
    """What the map holds: all of a few ties; of many those that matter most, then the strongest.

    First stay the influences that are always drawn, then the steps of our ways to those who decide
    or can veto, then the ties of these people, then of everybody with a role. A tie of unknown
    strength goes before a known one.
    """
    if len(ties) <= COMPLETE_UP_TO:
        return TieChoice(tuple(ties))
    key_people = frozenset(evaluation.key_people.everybody)
    steps = set(_steps_of_ways(evaluation, key_people))
    roles = evaluation.roles

    def rank(place: int) -> tuple[int, float, int]:
        tie = ties[place]
        if tie.always:
            group = 0
        elif (tie.from_id, tie.to_id) in steps:
            group = 1
        elif tie.from_id in key_people or tie.to_id in key_people:
            group = 2
        elif tie.from_id in roles or tie.to_id in roles:
            group = 3
        else:
            group = 4
        return group, -(tie.strength or 0.0), place

    order = sorted(range(len(ties)), key=rank)
    kept = frozenset(order[:KEPT_OF_MORE])
    return TieChoice(
        tuple(tie for place, tie in enumerate(ties) if place in kept),
        tuple(tie for place, tie in enumerate(ties) if place not in kept),
    )


def _steps_of_ways(evaluation: Evaluation, people: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Ends of the steps on our best ways to these people."""
    ways = (evaluation.access[person] for person in people if person in evaluation.access)
    return chain.from_iterable(pairwise((way.member_id, *way.people)) for way in ways)
