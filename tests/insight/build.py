"""Small accounts for tests, written as tuples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from relgraph.insight.evaluation import Evaluation
from relgraph.schema.account import (
    Account,
    CustomerRow,
    DealRow,
    DepartmentRow,
    Influence,
    Interest,
    Knowing,
    MemberRow,
    Person,
    Report,
    RoleInDeal,
    Support,
)

DEAL = "deal"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def evaluated(of: Account, deal_id: str | None = DEAL) -> Evaluation:
    """An account as it stands at the time of the tests, for its deal unless another is named."""
    return Evaluation(of, deal_id, NOW)


def person(id_: str, **fields: Any) -> Person:
    return Person(**{"id": id_, "name": id_.upper(), "name_en": None, "name_zh": None} | fields)


def influence(from_id: str, to_id: str, strength: float, **fields: Any) -> Influence:
    return Influence(from_id=from_id, to_id=to_id, strength=strength, **fields)


def role(id_: str, word: str, **fields: Any) -> RoleInDeal:
    return RoleInDeal(**{"stakeholder_id": id_, "deal_id": DEAL, "role": word} | fields)


def support(id_: str, stance: int | None, when: str | None = None, deal: str = DEAL) -> Support:
    return Support(stakeholder_id=id_, deal_id=deal, stance=stance, assessed_at=when)


def interest(id_: str, level: float | None, deal: str = DEAL) -> Interest:
    return Interest(stakeholder_id=id_, deal_id=deal, level=level)


def knows(member: str, id_: str, closeness: int | None, **fields: Any) -> Knowing:
    return Knowing(member_id=member, stakeholder_id=id_, closeness=closeness, **fields)


def department(id_: str, function: str | None = None, parent: str | None = None) -> DepartmentRow:
    return DepartmentRow(id_, id_, None, None, function=function, parent_id=parent)


def deal(id_: str = DEAL, **fields: Any) -> DealRow:
    return DealRow(**{"id": id_, "name": id_, "name_en": None, "name_zh": None} | fields)


def account(
    people: Iterable[str | Person],
    reports: Sequence[tuple[str, str] | Report] = (),
    influences: Sequence[tuple[str, str, float] | Influence] = (),
    deals: Sequence[DealRow] | None = None,
    **fields: Any,
) -> Account:
    knowing = tuple(fields.pop("knows", ()))
    members = sorted({row.member_id for row in knowing})
    return Account(
        customer=CustomerRow("c", "Customer", None, None),
        people=tuple(person(p) if isinstance(p, str) else p for p in people),
        reports=tuple(r if isinstance(r, Report) else Report(*r) for r in reports),
        influences=tuple(i if isinstance(i, Influence) else influence(*i) for i in influences),
        deals=tuple((deal(),) if deals is None else deals),
        members=tuple(MemberRow(m, m.capitalize(), None, None) for m in members),
        knows=knowing,
        **{name: tuple(rows) for name, rows in fields.items()},
    )
