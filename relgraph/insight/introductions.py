"""Warm introductions: ways from one of us to a person at the customer (METHODS §3.2, plain)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from relgraph.insight.evaluation import Evaluation
from relgraph.insight.paths import Label, best_paths
from relgraph.insight.scope import knowing_strength
from relgraph.schema.account import Influence, Knowing

_US = "us"
MAX_HOPS = 5
"""Ties of a way, that of us with the first person included."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """A way from us to a person."""

    member_id: str
    people: tuple[str, ...]
    """Their people in order; the last is who is reached."""
    strength: float
    """Product of how well we know the first and the influences from there on, (0, 1]."""
    label: Label
    knowing: Knowing
    edges: tuple[Influence, ...]
    """The influences between `people`, one fewer than these."""


def introductions(evaluation: Evaluation, target: str, k: int = 5) -> list[Introduction]:
    """Our k best ways to `target`, best first.

    A virtual source leads to each of us with weight 1, from there to whom they know (strength,
    else closeness / 5), from there along the positive influences in scope. Who is known without
    a strength or closeness gives no way. Ties as in `best_paths`; k from 1 to 10.
    """
    edges = evaluation.positive_influences
    by_pair = {(edge.from_id, edge.to_id): edge for edge in edges}
    known = {
        (_member(member), _person(person)): knowing
        for (member, person), knowing in evaluation.knows.items()
        if knowing_strength(knowing) and person in evaluation.account.by_id
    }
    ties = [_tie(_person(edge.from_id), _person(edge.to_id), edge.strength) for edge in edges]
    ties += [_tie(*pair, knowing_strength(knowing) or 0.0) for pair, knowing in known.items()]
    ties += [_tie(_US, member, 1.0) for member in sorted({pair[0] for pair in known})]
    ways = []
    for path in best_paths(ties, _US, _person(target), k, MAX_HOPS + 1):
        _, member, *names = path.people
        people = tuple(name[2:] for name in names)
        ways.append(
            Introduction(
                member_id=member[2:],
                people=people,
                strength=path.strength,
                label=path.label,
                knowing=known[member, names[0]],
                edges=tuple(by_pair[pair] for pair in pairwise(people)),
            )
        )
    return ways


# Members and stakeholders may bear the same id.
def _member(id_: str) -> str:
    return f"m:{id_}"


def _person(id_: str) -> str:
    return f"p:{id_}"


def _tie(from_id: str, to_id: str, strength: float) -> Influence:
    return Influence(from_id=from_id, to_id=to_id, strength=strength)
