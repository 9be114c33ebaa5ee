"""Random customers for Hypothesis: small, untidy, with a deal and another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from relgraph.schema.account import Account, MemberRow, Report
from relgraph.schema.vocabulary import Role
from tests.insight.build import (
    DEAL,
    account,
    deal,
    department,
    influence,
    interest,
    knows,
    person,
    role,
    support,
)

SHARE = st.sampled_from([None, 0.0, 0.3, 0.5, 1.0])
DEALS = st.sampled_from([DEAL, "other"])
TITLES = {
    "Head of Procurement": "purchasing",
    "General counsel": "legal",
    "财务总监": "finance",
    "Driver": None,
    None: None,
}
"""The titles, with the function that each speaks of."""


@st.composite
def accounts(draw: st.DrawFn, names: bool = False) -> Account:
    """A customer; with `names`, everybody is called by their id in capitals."""
    people = draw(
        st.lists(
            st.builds(
                person,
                st.sampled_from("abcdefg"),
                **({} if names else {"name": st.sampled_from(["Li", "张伟", None])}),
                title=st.sampled_from(list(TITLES)),
                top=st.sampled_from([None, None, None, True]),
                budget=SHARE,
                placeholder=st.sampled_from([None, None, True]),
                department_id=st.sampled_from([None, "d1", "d2", "d3"]),
            ),
            max_size=7,
            unique_by=lambda person: person.id,
        )
    )
    function = st.sampled_from([None, "finance", "Legal", "procurement", "research"])
    customer = account(
        people,
        deals=[
            deal(
                amount=draw(st.sampled_from([None, 0.0, 50.0, 1e6])),
                nonstandard=draw(st.sampled_from([None, True])),
            ),
            deal("other", outcome=draw(st.sampled_from([None, "won"]))),
        ],
        departments=[
            department("d1", "finance"),
            department("d2", draw(function), draw(st.sampled_from([None, "d1", "d3"]))),
            department("d3", draw(function), draw(st.sampled_from([None, "d2"]))),
        ],
    )
    if not people:
        return customer
    who = st.sampled_from([person.id for person in people])

    def some(key: tuple[str, ...], *parts: Any, **named: Any) -> Any:
        """A few rows, one for each key, as the database keeps them."""

        def identity(row: Any) -> tuple[Any, ...]:
            return tuple(getattr(row, name) for name in key)

        return tuple(draw(st.lists(st.builds(*parts, **named), max_size=9, unique_by=identity)))

    judged = st.sampled_from([None, "2026-01-01", "2026-08-20", "2026-11-20"])
    ties = some(
        ("from_id", "to_id", "deal_id"),
        influence,
        who,
        who,
        st.sampled_from([0.1, 0.5, 1.0]),
        nature=st.sampled_from(["positive", "positive", "conflict"]),
        deal_id=st.sampled_from([None, DEAL, "other"]),
    )
    return replace(
        customer,
        by_id={},
        members=tuple(MemberRow(id_, id_.upper(), None, None) for id_ in "mn"),
        reports=some(
            ("from_id", "to_id"),
            Report,
            who,
            who,
            line=st.sampled_from(["solid", "solid", "solid", "dotted"]),
            primary=st.sampled_from([None, True]),
        ),
        influences=tuple(tie for tie in ties if tie.from_id != tie.to_id),
        roles=some(
            ("stakeholder_id", "role"),
            role,
            who,
            st.sampled_from([word.value for word in Role]),
            can_veto=st.sampled_from([None, True, False]),
            approval_limit=st.sampled_from([None, 0.0, 100.0, "unlimited"]),
            decision_weight=SHARE,
        ),
        supports=some(
            ("stakeholder_id", "deal_id"),
            support,
            who,
            st.none() | st.integers(-2, 2),
            judged,
            DEALS,
        ),
        interests=some(("stakeholder_id", "deal_id"), interest, who, SHARE, DEALS),
        knows=some(
            ("member_id", "stakeholder_id"),
            knows,
            st.sampled_from("mn"),
            who,
            st.none() | st.integers(1, 5),
        ),
    )
