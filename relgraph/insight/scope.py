"""What counts for one deal, or for the customer as a whole (METHODS §0).

Of several judgements on the same thing the most recently assessed one stands; one without a
date is the oldest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from relgraph.errors import NotFound
from relgraph.schema.account import (
    Account,
    DealRow,
    Influence,
    Interest,
    Knowing,
    RoleInDeal,
    Support,
)


class _Assessed(Protocol):
    @property
    def assessed_at(self) -> str | None: ...


_Item = TypeVar("_Item", bound=_Assessed)
_Key = TypeVar("_Key", bound=Hashable)


def deal_in(account: Account, deal_id: str | None) -> DealRow | None:
    """The deal asked for; None if none was. Raises NotFound if the customer has no such deal."""
    if deal_id is None:
        return None
    deal = account.deal(deal_id)
    if deal is None:
        raise NotFound("deal", deal_id)
    return deal


def deals_in_scope(account: Account, deal_id: str | None) -> frozenset[str]:
    """The deal, or without one all open deals."""
    if deal_id is not None:
        return frozenset({deal_id})
    return frozenset(deal.id for deal in account.deals if deal.is_open)


def influences_in_scope(account: Account, deal_id: str | None) -> list[Influence]:
    """One influence for each ordered pair of people, of either nature, sorted by pair.

    An edge of the deal replaces the general edge of its pair; edges of other deals do not
    count. Without a deal only general edges count.
    """
    best: dict[tuple[str, str], tuple[tuple[bool, str, float], Influence]] = {}
    for edge in account.influences:
        if edge.deal_id is not None and edge.deal_id != deal_id:
            continue
        pair = (edge.from_id, edge.to_id)
        rank = (edge.deal_id is not None, edge.assessed_at or "", edge.strength)
        if pair not in best or rank > best[pair][0]:
            best[pair] = rank, edge
    return [best[pair][1] for pair in sorted(best)]


def positive_influences(account: Account, deal_id: str | None) -> list[Influence]:
    """The influences that move people, without conflicts. See `influences_in_scope`."""
    return [e for e in influences_in_scope(account, deal_id) if e.nature == "positive"]


def conflicts(account: Account, deal_id: str | None) -> list[Influence]:
    """Tensions between two people. See `influences_in_scope`."""
    return [e for e in influences_in_scope(account, deal_id) if e.nature == "conflict"]


def supports_of(account: Account, deal_id: str | None) -> dict[str, Support]:
    """Latest judgement of each person's support for the deal; {} without a deal."""
    rows = (support for support in account.supports if support.deal_id == deal_id)
    return _latest((support.stakeholder_id, support) for support in rows)


def interests_of(account: Account, deal_id: str | None) -> dict[str, Interest]:
    """Each person's known interest in the deal; without a deal the highest over open deals."""
    deals = deals_in_scope(account, deal_id)
    rows = (i for i in account.interests if i.deal_id in deals)
    found: dict[str, Interest] = {}
    latest = _latest(((row.stakeholder_id, row.deal_id), row) for row in rows)
    for (person, _), row in sorted(latest.items()):
        known = found.get(person)
        if row.level is None:
            continue
        if known is None or known.level is None or row.level > known.level:
            found[person] = row
    return found


def roles_of(account: Account, deal_id: str | None) -> dict[str, list[RoleInDeal]]:
    """Roles of each person in the deal; without a deal their roles in open deals."""
    deals = deals_in_scope(account, deal_id)
    found: dict[str, list[RoleInDeal]] = defaultdict(list)
    for role in account.roles:
        if role.deal_id in deals:
            found[role.stakeholder_id].append(role)
    return dict(found)


def knows_of(account: Account) -> dict[tuple[str, str], Knowing]:
    """Latest judgement for each pair of (member, person)."""
    return _latest(((row.member_id, row.stakeholder_id), row) for row in account.knows)


def knowing_strength(knowing: Knowing) -> float | None:
    """How well one of us knows one of them, (0, 1]: as given, else closeness / 5, else null."""
    if knowing.strength is not None:
        return knowing.strength
    return None if knowing.closeness is None else knowing.closeness / 5


@dataclass(frozen=True, slots=True)
class Say:
    """What a person's roles in a deal let them do."""

    decides: bool = False
    can_veto: bool | None = None
    limit: float | str | None = None
    """Highest approval limit on record: a number, `unlimited`, or null if unknown."""
    weight: float | None = None
    """Highest decision weight on record; null if none."""


_NOTHING = Say()


def say_of(roles: Iterable[RoleInDeal]) -> Say:
    """What one person's roles come to. A veto is a role of that name or a mark on any role."""
    roles = tuple(roles)
    if not roles:
        return _NOTHING
    vetoes = {role.can_veto or role.role == "veto" for role in roles if _says_veto(role)}
    weights = [role.decision_weight for role in roles if role.decision_weight is not None]
    return Say(
        decides=any(role.role == "decision_maker" for role in roles),
        can_veto=(True in vetoes) if vetoes else None,
        limit=_highest([r.approval_limit for r in roles if r.approval_limit is not None]),
        weight=max(weights, default=None),
    )


def _says_veto(role: RoleInDeal) -> bool:
    return role.can_veto is not None or role.role == "veto"


def _highest(limits: list[float | str]) -> float | str | None:
    if "unlimited" in limits:
        return "unlimited"
    return max((limit for limit in limits if not isinstance(limit, str)), default=None)


def _latest(rows: Iterable[tuple[_Key, _Item]]) -> dict[_Key, _Item]:
    found: dict[_Key, _Item] = {}
    for key, row in rows:
        known = found.get(key)
        if known is None or (row.assessed_at or "") > (known.assessed_at or ""):
            found[key] = row
    return found
