"""What counts for one deal, or for the customer as a whole (METHODS §0), out of plain rows.

Of several judgements on the same thing the most recently assessed one stands; one without a
date is the oldest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from relgraph.schema.account import DealRow, Influence, Interest, Knowing, RoleInDeal, Support


class _Assessed(Protocol):
    @property
    def assessed_at(self) -> str | None: ...


_Item = TypeVar("_Item", bound=_Assessed)
_Key = TypeVar("_Key", bound=Hashable)


def deals_in_scope(deals: Iterable[DealRow], deal_id: str | None) -> frozenset[str]:
    """The deal, or without one all open deals."""
    if deal_id is not None:
        return frozenset({deal_id})
    return frozenset(deal.id for deal in deals if deal.is_open)


def influences_in_scope(
    influences: Iterable[Influence], deal_id: str | None
) -> tuple[Influence, ...]:
    """One influence for each ordered pair of people, of either nature, sorted by pair.

    An edge of the deal replaces the general edge of its pair; edges of other deals do not
    count. Without a deal only general edges count.
    """
    best: dict[tuple[str, str], tuple[tuple[bool, str, float], Influence]] = {}
    for edge in influences:
        if edge.deal_id is not None and edge.deal_id != deal_id:
            continue
        pair = (edge.from_id, edge.to_id)
        rank = (edge.deal_id is not None, edge.assessed_at or "", edge.strength)
        if pair not in best or rank > best[pair][0]:
            best[pair] = rank, edge
    return tuple(best[pair][1] for pair in sorted(best))


def latest_supports(supports: Iterable[Support], deal_id: str | None) -> dict[str, Support]:
    """Latest judgement of each person's support for the deal, "not known" too; {} without one."""
    rows = (support for support in supports if support.deal_id == deal_id)
    return _latest((support.stakeholder_id, support) for support in rows)


def stances_in_scope(supports: Iterable[Support], deals: Container[str]) -> dict[str, Support]:
    """Latest known stance of each person on any of the deals."""
    by_deal = _latest(
        ((row.stakeholder_id, row.deal_id), row) for row in supports if row.deal_id in deals
    )
    known = ((person, row) for (person, _), row in by_deal.items() if row.stance is not None)
    return _latest(known)


def interests_in_scope(interests: Iterable[Interest], deals: Container[str]) -> dict[str, Interest]:
    """Each person's highest known interest over the deals."""
    by_deal = _latest(
        ((row.stakeholder_id, row.deal_id), row) for row in interests if row.deal_id in deals
    )
    highest: dict[str, Interest] = {}
    for (person, _), row in sorted(by_deal.items()):
        known = highest.get(person)
        if row.level is None:
            continue
        if known is None or known.level is None or row.level > known.level:
            highest[person] = row
    return highest


def roles_in_scope(
    roles: Iterable[RoleInDeal], deals: Container[str]
) -> dict[str, tuple[RoleInDeal, ...]]:
    """Roles of each person in any of the deals."""
    by_person: dict[str, list[RoleInDeal]] = defaultdict(list)
    for role in roles:
        if role.deal_id in deals:
            by_person[role.stakeholder_id].append(role)
    return {person: tuple(rows) for person, rows in by_person.items()}


def latest_knows(knows: Iterable[Knowing]) -> dict[tuple[str, str], Knowing]:
    """Latest judgement for each pair of (member, person)."""
    return _latest(((row.member_id, row.stakeholder_id), row) for row in knows)


def knowing_strength(knowing: Knowing) -> float | None:
    """How well one of us knows one of them, (0, 1]: as given, else closeness / 5, else null."""
    if knowing.strength is not None:
        return knowing.strength
    return None if knowing.closeness is None else knowing.closeness / 5


def acquaintances_of(
    knows: Mapping[tuple[str, str], Knowing], people: Container[str]
) -> dict[str, float | None]:
    """Everybody of `people` whom one of us knows, with the greatest known strength."""
    strongest: dict[str, float | None] = {}
    for (_, person), knowing in knows.items():
        if person in people:
            strengths = (strongest.get(person), knowing_strength(knowing))
            strongest[person] = max((s for s in strengths if s is not None), default=None)
    return strongest


@dataclass(frozen=True, slots=True)
class DecisionRights:
    """What a person's roles in a deal let them do."""

    decides: bool = False
    approves: bool = False
    """Whether they have the role of an approver."""
    can_veto: bool | None = None
    limit: float | str | None = None
    """Highest approval limit on record: a number, `unlimited`, or null if unknown."""
    weight: float | None = None
    """Highest decision weight on record; null if none."""


NO_RIGHTS = DecisionRights()


def decision_rights(roles: Iterable[RoleInDeal]) -> DecisionRights:
    """What a person's roles come to. A veto is a role of that name or a mark on any role."""
    roles = tuple(roles)
    if not roles:
        return NO_RIGHTS
    vetoes = {role.can_veto or role.role == "veto" for role in roles if _speaks_of_veto(role)}
    weights = [role.decision_weight for role in roles if role.decision_weight is not None]
    return DecisionRights(
        decides=any(role.role == "decision_maker" for role in roles),
        approves=any(role.role == "approver" for role in roles),
        can_veto=(True in vetoes) if vetoes else None,
        limit=_highest([r.approval_limit for r in roles if r.approval_limit is not None]),
        weight=max(weights, default=None),
    )


def _speaks_of_veto(role: RoleInDeal) -> bool:
    return role.can_veto is not None or role.role == "veto"


def _highest(limits: list[float | str]) -> float | str | None:
    if "unlimited" in limits:
        return "unlimited"
    return max((limit for limit in limits if not isinstance(limit, str)), default=None)


def _latest(rows: Iterable[tuple[_Key, _Item]]) -> dict[_Key, _Item]:
    latest: dict[_Key, _Item] = {}
    for key, row in rows:
        known = latest.get(key)
        if known is None or (row.assessed_at or "") > (known.assessed_at or ""):
            latest[key] = row
    return latest
