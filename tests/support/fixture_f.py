"""The fixture F of METHODS §0: seven people of a customer and three of ours.

`fixture_f()` is the account that the examples of the matrix, the network and the paths rest on.
Approval limits would change those figures, so the approval example has its own account,
`fixture_f_with_limits()`.
"""

from __future__ import annotations

from dataclasses import replace

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

CUSTOMER = "f"
DEAL = "f-deal"
AMOUNT = 800_000.0
ASSESSED = "2026-11-12"

_PEOPLE = (
    # id, name_zh, title, department, manager, budget, interest, stance, adaptability
    ("zhou", "周", "CEO", "management", None, 1.0, 0.4, 0, 0.5),
    ("chen", "陈", "CFO", "finance", "zhou", 0.8, 0.5, -1, 0.4),
    ("li", "李", "CIO", "technology", "zhou", 0.5, 0.8, 1, 0.6),
    ("qian", "钱", "CEO assistant", "management", "zhou", None, None, 0, 0.5),
    ("wang", "王", "Infrastructure head", "technology", "li", 0.1, 0.9, 1, 0.7),
    ("sun", "孙", "User lead", "technology", "li", 0.0, 1.0, 2, 0.3),
    ("zhao", "赵", "Purchasing", "purchasing", "chen", 0.2, 0.6, -1, 0.5),
)
_INFLUENCES = (
    ("sun", "wang", 0.7),
    ("sun", "li", 0.4),
    ("wang", "li", 0.8),
    ("wang", "zhao", 0.3),
    ("li", "zhou", 0.6),
    ("li", "chen", 0.5),
    ("chen", "zhou", 0.7),
    ("zhao", "chen", 0.4),
    ("qian", "zhou", 0.3),
    ("zhou", "li", 0.5),
    ("zhou", "chen", 0.5),
)
_KNOWS = (
    ("ann", "sun", 0.8),
    ("ann", "wang", 0.5),
    ("bob", "wang", 0.9),
    ("cai", "chen", 0.3),
    ("cai", "qian", 0.6),
)
_ROLES = (
    # id, role, can_veto, decision_weight
    ("zhou", "decision_maker", None, 0.5),
    ("chen", "veto", True, 0.3),
    ("li", "approver", None, 0.2),
    ("sun", "champion", None, None),
    ("zhao", "buyer", None, None),
)


def fixture_f() -> Account:
    """F with its deal over 800,000, without approval limits."""
    return Account(
        customer=CustomerRow(CUSTOMER, "Fixture F", None, "样例F", kind="customer"),
        departments=tuple(
            DepartmentRow(id_, name, None, None, function=id_)
            for id_, name in (
                ("finance", "Finance"),
                ("management", "Management"),
                ("purchasing", "Purchasing"),
                ("technology", "Technology"),
            )
        ),
        people=tuple(
            Person(
                id=id_,
                name=id_.capitalize(),
                name_en=None,
                name_zh=name_zh,
                title=title,
                department_id=department,
                budget=budget,
                adaptability=adaptability,
            )
            for id_, name_zh, title, department, _, budget, _, _, adaptability in _PEOPLE
        ),
        reports=tuple(Report(row[0], row[4]) for row in _PEOPLE if row[4] is not None),
        influences=tuple(
            Influence(from_id=u, to_id=v, strength=w, assessed_at=ASSESSED)
            for u, v, w in _INFLUENCES
        ),
        deals=(DealRow(DEAL, "Data centre", None, "数据中心", amount=AMOUNT, currency="CNY"),),
        supports=tuple(
            Support(stakeholder_id=row[0], deal_id=DEAL, stance=row[7], assessed_at=ASSESSED)
            for row in _PEOPLE
        ),
        interests=tuple(
            Interest(stakeholder_id=row[0], deal_id=DEAL, level=row[6], assessed_at=ASSESSED)
            for row in _PEOPLE
            if row[6] is not None
        ),
        roles=tuple(
            RoleInDeal(
                stakeholder_id=id_,
                deal_id=DEAL,
                role=role,
                can_veto=can_veto,
                decision_weight=weight,
            )
            for id_, role, can_veto, weight in _ROLES
        ),
        members=tuple(
            MemberRow(id_, id_.capitalize(), None, None) for id_ in ("ann", "bob", "cai")
        ),
        knows=tuple(
            Knowing(member_id=m, stakeholder_id=p, strength=w, assessed_at=ASSESSED)
            for m, p, w in _KNOWS
        ),
    )


def fixture_f_with_limits() -> Account:
    """F of the approval example: Li approves up to 200,000, Zhou without a limit."""
    limits: dict[str, float | str] = {"li": 200_000.0, "zhou": "unlimited"}
    account = fixture_f()
    return replace(
        account,
        roles=tuple(
            replace(role, approval_limit=limits.get(role.stakeholder_id)) for role in account.roles
        ),
        by_id={},
    )
