from __future__ import annotations

import pytest

from relgraph.errors import NotFound
from relgraph.insight.findings import findings
from relgraph.insight.statement import Finding
from relgraph.insight.wording import finding_text
from relgraph.schema.account import Account, Report
from tests.insight.build import (
    account,
    deal,
    department,
    evaluated,
    influence,
    knows,
    person,
    role,
    support,
)
from tests.support.fixture_f import DEAL, fixture_f


def by_code_of(of: Account, deal_id: str | None = None) -> dict[str, Finding]:
    return {finding.code: finding for finding in findings(evaluated(of, deal_id))}


def texts(of: Account, deal_id: str | None = None) -> list[str]:
    return [finding_text(of, finding, "en") for finding in findings(evaluated(of, deal_id))]


def test_fixture_f() -> None:
    assert texts(fixture_f(), DEAL) == [
        "Chen can veto and is sceptical.",
        "Nobody of us knows Zhou; somebody would have to introduce us.",
        "The deal still lacks a user.",
    ]
    assert texts(fixture_f()) == []


def test_a_tidy_customer_with_a_deal_that_is_all_for_us_has_nothing_to_say() -> None:
    customer = account(
        ["a", "b"],
        [("b", "a")],
        roles=[role("a", "decision_maker"), *(role("b", r) for r in ("champion", "buyer", "user"))],
        supports=[support("a", 1, "2026-11-01")],
        knows=[knows("m", "a", 5)],
    )
    assert texts(customer, "deal") == []


def test_who_decides_or_can_veto_comes_first_by_how_much_they_are_against_us() -> None:
    customer = account(
        "abcde",
        [(id_, "a") for id_ in "bcde"],
        roles=[role("a", "decision_maker"), *(role(id_, "veto") for id_ in "bcd")],
        supports=[support("a", -2), support("b", -1), support("c", -2), support("d", -2)],
        knows=[knows("m", id_, 5) for id_ in "abcd"],
    )
    assert texts(customer, "deal")[:3] == [
        "C and D can veto and are against us.",
        "B can veto and is sceptical.",
        "A decides and is against us.",
    ]


def test_no_way_differs_from_no_acquaintance() -> None:
    customer = account(
        "abc",
        [("b", "a"), ("c", "a")],
        influences=[("c", "b", 0.5)],
        roles=[role("a", "decision_maker"), role("b", "veto")],
        knows=[knows("m", "c", 3)],
    )
    by_code = by_code_of(customer, "deal")
    assert by_code["no_way"].ids == ("a",)
    assert by_code["not_known"].ids == ("b",)
    assert by_code["unjudged"].ids == ("a", "b")


def test_a_way_of_unknown_strength_is_not_no_way() -> None:
    customer = account(
        "abc",
        [("b", "a"), ("c", "a")],
        influences=[("c", "a", 0.5)],
        roles=[role("a", "decision_maker")],
        knows=[knows("m", "c", None)],
    )
    by_code = by_code_of(customer, "deal")
    assert "no_way" not in by_code
    assert finding_text(customer, by_code["way_unrated"], "en") == (
        "Nobody of us knows A; how well we know those who lead there is not on record."
    )


def test_a_stance_judged_unknown_is_said_to_be_unknown() -> None:
    customer = account("a", roles=[role("a", "veto")], supports=[support("a", None, "2026-11-01")])
    assert "Where A stands is not known." in texts(customer, "deal")


def test_a_deal_without_roles() -> None:
    by_code = by_code_of(account("ab", [("b", "a")]), "deal")
    assert list(by_code) == ["no_decider", "missing_roles"]
    assert texts(account("ab", [("b", "a")]), "deal") == [
        "Nobody is on record as the one who decides.",
        "The deal still lacks a champion, a buyer and a user.",
    ]


@pytest.mark.parametrize(
    ("judged", "old"), [("2026-08-26", False), ("2026-08-25", True), (None, False)]
)
def test_a_judgement_is_old_after_90_days(judged: str | None, old: bool) -> None:
    customer = account("ab", [("b", "a")], supports=[support("b", 1, judged)])
    assert ("old" in by_code_of(customer, "deal")) is old


def test_old_judgements_of_who_decides_stand_apart() -> None:
    customer = account(
        "ab",
        [("b", "a")],
        roles=[role("a", "decision_maker")],
        supports=[support("a", 0, "2026-08-01"), support("b", 0, "2026-07-01")],
    )
    by_code = by_code_of(customer, "deal")
    assert (
        finding_text(customer, by_code["old_key"], "en")
        == "Where A stands was judged 115 days ago."
    )
    assert by_code["old"].ids == ("b",)


def test_empty_seats() -> None:
    lawyer = person(
        "seat", name=None, title="Legal approver", title_zh="法务审批", placeholder=True
    )
    customer = account(
        ["a", lawyer, person("other", name=None, placeholder=True)],
        [("seat", "a"), ("other", "a")],
        roles=[role("seat", "approver")],
    )
    by_code = by_code_of(customer, "deal")
    with_role = by_code["empty_seat_with_role"]
    assert finding_text(customer, with_role, "en") == (
        "Nobody is known yet for the empty seat “Legal approver”: an approver."
    )
    assert finding_text(customer, with_role, "zh") == "“法务审批”一职（审批者）尚无人选。"
    assert by_code["empty_seat"].ids == ("other",)


def test_tension_is_mentioned_once_for_two_people() -> None:
    customer = account(
        "ab",
        [("b", "a")],
        influences=[
            influence("b", "a", 0.5, nature="conflict"),
            influence("a", "b", 0.5, nature="conflict"),
        ],
    )
    assert texts(customer) == ["There is tension between A and B."]


def test_what_does_not_fit_into_the_tree() -> None:
    customer = account(
        "abcdefghxy",
        [
            ("b", "a"), ("c", "a"), ("d", "a"),
            ("c", "b"), ("d", "d"), Report("e", "a", line="dotted"),
            ("f", "g"), ("g", "f"), ("y", "x"),
        ],
    )  # fmt: skip
    assert texts(customer) == [
        "F and G report to each other in a circle.",
        "C reports to A and B at once; the first stands in the chart.",
        "The record says that D reports to themself.",
        "Whom E, H and X report to is not known.",
        "No known line leads from F, G and Y to the top.",
    ]


def test_marked_tops() -> None:
    customer = account(
        [person("a", top=True), person("b", top=True), "c"], [("b", "c"), ("c", "a")]
    )
    assert texts(customer) == [
        "A and B are all marked as the top.",
        "B is marked as the top and also reports to somebody.",
    ]


def test_the_highest_in_a_circle_is_not_marked_as_the_top() -> None:
    customer = account("abc", [("a", "b"), ("b", "a"), ("c", "b")])
    assert texts(customer) == ["B and A report to each other in a circle."]


def test_two_managers_of_whom_none_stands_in_the_chart() -> None:
    customer = account(["a", person("b", top=True), "c"], [("b", "a"), ("b", "c"), ("c", "b")])
    assert "B reports to A and C at once; none of these lines stands in the chart." in texts(
        customer
    )


def test_a_line_to_a_second_manager_is_a_line() -> None:
    customer = account(
        "abcdxy",
        [
            ("b", "a"), ("c", "a"), ("d", "a"), ("x", "y"), ("y", "x"),
            Report("x", "a", since="2026-01-01"), Report("x", "y", primary=True),
        ],
    )  # fmt: skip
    assert texts(customer)[-1] == "From X and Y only a line to a second manager leads to the top."


def test_matrix_lines_are_lines() -> None:
    customer = account("ab", [Report("b", "a", line="dotted")])
    assert texts(customer) == ["No solid line from one person to another is on record."]


def test_without_any_line_one_finding_says_so() -> None:
    assert texts(account("abcdef")) == ["No reporting lines are on record."]


def test_somebody_alone_is_nothing_to_remark_on() -> None:
    assert texts(account("a")) == []
    assert texts(account("")) == []


def test_without_a_department_only_where_there_are_departments() -> None:
    people = [person("a", department_id="d"), person("b")]
    customer = account(people, [("b", "a")], departments=[department("d")])
    assert texts(customer) == ["Without a department: B."]
    assert texts(account(people, [("b", "a")])) == []


def test_a_deal_of_another_customer_is_not_found() -> None:
    with pytest.raises(NotFound):
        findings(evaluated(account("a", deals=[deal("x")]), "y"))
