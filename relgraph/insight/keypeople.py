"""The few people whom a deal depends on."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from relgraph.insight.scope import DecisionRights


@dataclass(frozen=True, slots=True)
class KeyPeople:
    """Who decides or can veto in a deal, by id, without empty seats."""

    deciders: tuple[str, ...]
    vetoes: tuple[str, ...]
    """Who can veto and does not decide."""

    @property
    def everybody(self) -> tuple[str, ...]:
        """Deciders, then vetoes."""
        return self.deciders + self.vetoes


def key_people(rights: Mapping[str, DecisionRights], seats: Container[str]) -> KeyPeople:
    """Who decides or can veto by the rights of each person; `seats` are the empty ones."""
    people = sorted(person for person in rights if person not in seats)
    return KeyPeople(
        deciders=tuple(p for p in people if rights[p].decides),
        vetoes=tuple(p for p in people if rights[p].can_veto and not rights[p].decides),
    )
