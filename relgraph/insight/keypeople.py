"""The few people whom a deal depends on, and what is known about each."""

from __future__ import annotations

from dataclasses import dataclass

from relgraph.insight.basis import stances_in_scope
from relgraph.insight.paths import Access, access
from relgraph.insight.scope import knowing_strength, knows_of, roles_of, say_of
from relgraph.schema.account import Account, Support


@dataclass(frozen=True, slots=True)
class KeyPeople:
    """Who decides or can veto in one deal, by id, without empty seats."""

    deciders: tuple[str, ...]
    vetoes: tuple[str, ...]
    """Who can veto and does not decide."""
    stances: dict[str, Support]
    """Known stances on the deal, of everybody."""
    access: dict[str, Access]
    """Our best way to each person, of everybody; who is missing has none."""
    acquainted: dict[str, float | None]
    """Everybody whom one of us knows, with the greatest strength on record."""

    @property
    def everybody(self) -> tuple[str, ...]:
        """Deciders, then vetoes."""
        return self.deciders + self.vetoes

    def stance(self, person: str) -> int | None:
        """Stance on the deal; null if unknown."""
        support = self.stances.get(person)
        return None if support is None else support.stance


def key_people(account: Account, deal_id: str) -> KeyPeople:
    """Who decides or can veto in a deal, and how we stand with them."""
    says = {
        person: say_of(roles)
        for person, roles in sorted(roles_of(account, deal_id).items())
        if not account.by_id[person].placeholder
    }
    return KeyPeople(
        deciders=tuple(person for person, say in says.items() if say.decides),
        vetoes=tuple(p for p, say in says.items() if say.can_veto and not say.decides),
        stances=stances_in_scope(account, deal_id),
        access=access(account, deal_id),
        acquainted=acquaintances(account),
    )


def acquaintances(account: Account) -> dict[str, float | None]:
    """Everybody at the customer whom one of us knows, with the greatest known strength."""
    found: dict[str, float | None] = {}
    for (_, person), knowing in knows_of(account).items():
        if person in account.by_id:
            strengths = (found.get(person), knowing_strength(knowing))
            found[person] = max((s for s in strengths if s is not None), default=None)
    return found
