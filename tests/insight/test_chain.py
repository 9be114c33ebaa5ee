from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from relgraph.errors import NotFound
from relgraph.insight.chain import DEFAULT_RULES, DecisionChain, Rule, decision_chain
from relgraph.insight.wording import chain_why, step_reason
from relgraph.schema.account import Account, Person
from tests.insight.build import account, deal, department, evaluated, person, role
from tests.support.fixture_f import DEAL, fixture_f, fixture_f_with_limits

FINANCE_ONLY = (Rule("finance", minimum_amount=500_000),)


def signers(chain: DecisionChain) -> list[str | None]:
    return [step.stakeholder_id for step in chain.steps]


def test_the_published_example_by_the_finance_rule_alone() -> None:
    chain = decision_chain(evaluated(fixture_f_with_limits(), DEAL), "wang", FINANCE_ONLY)
    assert signers(chain) == ["li", "chen", "zhou"]
    assert not chain.incomplete


def test_the_published_example_with_purchasing_always() -> None:
    chain = decision_chain(evaluated(fixture_f_with_limits(), DEAL), "wang")
    assert signers(chain) == ["li", "zhao", "chen", "zhou"]
    li, zhao, chen, zhou = chain.steps
    assert [step.reason_code for step in chain.steps] == [
        "limit_below", "always", "amount", "unlimited",
    ]  # fmt: skip
    assert (li.approval_limit, li.stance, li.can_veto) == (200_000, 1, None)
    assert (chen.can_veto, chen.stance, chen.reason_values["minimum"]) == (True, -1, 500_000)
    assert [step.access.strength for step in (li, zhao, chen, zhou) if step.access] == [
        0.72, 0.27, 0.36, 0.432,
    ]  # fmt: skip


def test_managers_without_a_known_limit_are_passed_over_and_named() -> None:
    chain = decision_chain(evaluated(fixture_f(), DEAL), "wang")
    assert chain.passed_over == ("li", "zhou")
    assert signers(chain) == ["zhao", "chen"]
    assert (chain.incomplete, chain.why, chain.last_manager) == (True, ("nobody_covers",), "zhou")


def company(amount: float | None, **limits: float | str) -> Account:
    """A line a ← b ← c ← d; who has a limit approves."""
    return account(
        "abcd",
        [("b", "a"), ("c", "b"), ("d", "c")],
        deals=[deal(amount=amount)],
        roles=[role(id_, "approver", approval_limit=limit) for id_, limit in limits.items()],
    )


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(100.0, ["c"]), (100.5, ["c", "b"]), (500.0, ["c", "b"]), (501.0, ["c", "b", "a"])],
)
def test_the_line_ends_with_the_first_who_covers_the_amount(
    amount: float, expected: list[str]
) -> None:
    chain = decision_chain(evaluated(company(amount, c=100.0, b=500.0, a=9e9)), "d", ())
    assert signers(chain) == expected
    assert [step.kind for step in chain.steps] == ["line"] * (len(expected) - 1) + ["final"]


def test_nobody_covers_the_amount() -> None:
    chain = decision_chain(evaluated(company(1000.0, c=100.0, a=900.0)), "d", ())
    assert signers(chain) == ["c", "a"]
    assert (chain.passed_over, chain.incomplete) == (("b",), True)
    assert (chain.why, chain.last_manager) == (("nobody_covers",), "a")


def test_an_unknown_amount_is_not_zero() -> None:
    chain = decision_chain(evaluated(company(None, c=100.0, a="unlimited")), "d", ())
    assert signers(chain) == ["c", "a"]
    assert (chain.incomplete, chain.why) == (True, ("amount_unknown",))
    assert [step.reason_code for step in chain.steps] == ["limit_unsure", "unlimited"]


def test_rules_that_depend_on_an_unknown_amount_are_undecided() -> None:
    customer = company(None, a="unlimited")
    chain = decision_chain(evaluated(customer), "d")
    assert (chain.incomplete, chain.undecided) == (True, ("finance",))
    assert chain.why == ("amount_unknown", "undecided")
    assert chain_why(customer, chain, "en") == (
        "The amount is not known. Whether Finance has to sign depends on the amount."
    )
    assert decision_chain(evaluated(company(0.0, a=1.0)), "d").undecided == ()


def test_any_limit_covers_an_amount_of_zero() -> None:
    chain = decision_chain(evaluated(company(0.0, c=0.0, a=9.0)), "d", ())
    assert signers(chain) == ["c"]
    assert (chain.steps[0].reason_code, chain.incomplete) == ("limit_covers", False)


@pytest.mark.parametrize("requester", ["b", "c"])
def test_a_marked_top_with_a_manager_still_goes_up_to_the_manager(requester: str) -> None:
    customer = account(
        ["a", person("b", top=True), "c"],
        [("b", "a"), ("c", "b")],
        deals=[deal(amount=5.0)],
        roles=[role("a", "approver", approval_limit=9.0)],
    )
    chain = decision_chain(evaluated(customer), requester, ())
    assert (signers(chain), chain.incomplete, chain.why) == (["a"], False, ())


def test_in_a_circle_everybody_on_it_may_sign() -> None:
    customer = account(
        "abc",
        [("a", "b"), ("b", "c"), ("c", "a")],
        deals=[deal(amount=5.0)],
        roles=[role("c", "approver", approval_limit=9.0)],
    )
    for requester in "ab":
        chain = decision_chain(evaluated(customer), requester, ())
        assert (signers(chain), chain.incomplete) == (["c"], False)


def test_the_chain_does_not_run_round_in_a_circle() -> None:
    customer = account(
        "abcx", [("a", "b"), ("b", "c"), ("c", "a"), ("x", "a")], deals=[deal(amount=5.0)]
    )
    chain = decision_chain(evaluated(customer), "x", ())
    assert (chain.passed_over, chain.last_manager) == (("a", "b", "c"), "c")
    assert chain.why == ("circle", "nobody_covers")


def test_an_unknown_manager_is_reported() -> None:
    customer = account("abxy", [("b", "a"), ("y", "x")], deals=[deal(amount=5.0)])
    assert decision_chain(evaluated(customer), "y", ()).why == ("manager_unknown", "nobody_covers")


def test_who_asks_at_the_top_has_nobody_above() -> None:
    assert decision_chain(evaluated(company(5.0)), "a", ()).why == ("nobody_above",)


def test_a_function_without_a_holder_is_an_empty_step() -> None:
    chain = decision_chain(evaluated(company(600_000.0, a="unlimited")), "d")
    assert signers(chain) == [None, None, "a"]
    empty = chain.steps[0]
    assert (empty.reason_code, empty.reason_values["function"]) == ("no_department", "purchasing")


def staffed(**fields: object) -> Account:
    """Two buyers at different depths, a lawyer in a part of legal, and the finance head above."""
    people = [
        person("top", top=True),
        person("fin", department_id="money"),
        person("buy1", department_id="buying"),
        person("buy2", department_id="buying"),
        person("law", department_id="contracts"),
        person("ask"),
    ]
    return account(
        people,
        [("fin", "top"), ("buy1", "top"), ("buy2", "buy1"), ("law", "top"), ("ask", "fin")],
        deals=[deal(**{"amount": 900_000.0} | fields)],  # type: ignore[arg-type]
        departments=[
            department("money", "Finance"),
            department("buying", "purchasing"),
            department("legal", "legal"),
            department("contracts", None, "legal"),
        ],
        roles=[
            role("top", "decision_maker", approval_limit="unlimited"),
            role("fin", "approver", approval_limit=100.0),
            role("buy1", "buyer"),
            role("buy2", "veto"),
            role("law", "approver"),
        ],
    )


def test_all_holders_sign_the_deeper_first_and_nobody_twice() -> None:
    chain = decision_chain(evaluated(staffed(nonstandard=True)), "ask")
    assert signers(chain) == ["fin", "buy2", "buy1", "law", "top"]


@pytest.mark.parametrize("nonstandard", [None, False])
def test_legal_signs_only_what_is_marked_nonstandard(nonstandard: bool | None) -> None:
    assert "law" not in signers(decision_chain(evaluated(staffed(nonstandard=nonstandard)), "ask"))


@pytest.mark.parametrize(
    ("amount", "signs"), [(500_000.0, True), (499_999.0, False), (None, False)]
)
def test_finance_signs_from_its_minimum(amount: float | None, signs: bool) -> None:
    chain = decision_chain(evaluated(staffed(amount=amount)), "buy2", DEFAULT_RULES)
    assert ("fin" in signers(chain)) is signs


def test_another_role_in_the_function_does_not_approve() -> None:
    customer = replace(staffed(), roles=(role("buy1", "user"),), by_id={})
    assert "buy1" not in signers(decision_chain(evaluated(customer), "ask"))


def offices(*people: Person, **fields: Any) -> Account:
    """The people under one boss who signs everything; no department has a function."""
    boss = role("boss", "decision_maker", approval_limit="unlimited")
    return account(
        [person("boss", top=True), *people],
        [(p.id, "boss") for p in people],
        deals=[deal(amount=900_000.0, nonstandard=True)],
        **fields | {"roles": [boss, *fields.get("roles", ())]},
    )


def matched(of: Account) -> dict[str, tuple[str | None, str]]:
    """Who signs for each function, and what tells so or that nobody does."""
    steps = decision_chain(evaluated(of), "boss").steps
    return {
        str(step.reason_values["function"]): (
            step.stakeholder_id,
            str(step.reason_values.get("matched") or step.reason_code),
        )
        for step in steps
        if step.kind == "function"
    }


class TestWhoSignsForAFunction:
    def test_a_department_by_another_word_for_the_function(self) -> None:
        customer = offices(
            person("p", department_id="d"),
            departments=[department("d", " Procurement")],
            roles=[role("p", "approver")],
        )
        assert matched(customer)["purchasing"] == ("p", "department")
        assert matched(customer)["legal"] == (None, "no_department")

    def test_else_the_role_and_the_title(self) -> None:
        customer = offices(
            person("p", title="Head of Procurement", department_id="d"),
            person("l", title="总法律顾问"),
            person("f", title_en="Chief Financial Officer"),
            departments=[department("d", "operations")],
            roles=[role("p", "buyer"), role("l", "veto"), role("f", "user", can_veto=True)],
        )
        assert matched(customer) == {
            "purchasing": ("p", "role"), "legal": ("l", "title"), "finance": ("f", "title"),
        }  # fmt: skip
        step = decision_chain(evaluated(customer), "boss").steps[0]
        assert step_reason(step, "en") == "Purchasing always signs, taken from the role"
        assert step_reason(step, "zh") == "采购必须会签（据角色判断）"

    def test_else_an_empty_seat_with_the_title(self) -> None:
        seat = person("s", name=None, title="Legal approver", placeholder=True)
        for roles in ([], [role("s", "approver")]):
            customer = offices(seat, roles=roles)
            assert matched(customer)["legal"] == ("s", "title" if roles else "seat")

    def test_a_department_of_the_function_comes_first(self) -> None:
        customer = offices(
            person("p", department_id="d"),
            person("q", title="Purchasing"),
            departments=[department("d", "purchasing")],
            roles=[role("p", "approver"), role("q", "buyer")],
        )
        assert matched(customer)["purchasing"] == ("p", "department")

    def test_the_title_alone_is_no_role(self) -> None:
        customer = offices(person("l", title="General counsel"), roles=[role("l", "user")])
        assert matched(customer)["legal"] == (None, "no_department")

    @pytest.mark.parametrize("title", ["Paralegal", "Lawn keeper", "In-house chef", None])
    def test_only_whole_words_of_a_title_count(self, title: str | None) -> None:
        customer = offices(person("l", title=title), roles=[role("l", "veto")])
        assert matched(customer)["legal"] == (None, "no_department")

    def test_a_department_without_a_signer_is_said_to_be_so(self) -> None:
        customer = offices(person("l"), departments=[department("d", "legal")])
        assert matched(customer)["legal"] == (None, "no_holder")


class TestRequester:
    def test_the_champion_asks(self) -> None:
        chain = decision_chain(evaluated(fixture_f_with_limits(), DEAL))
        assert (chain.requester, chain.requester_source) == ("sun", "champion")

    def test_else_the_deepest_user(self) -> None:
        customer = replace(company(5.0), roles=tuple(role(i, "user") for i in "bca"), by_id={})
        chain = decision_chain(evaluated(customer))
        assert (chain.requester, chain.requester_source) == ("c", "user")

    def test_else_the_deepest_person_with_a_role(self) -> None:
        chain = decision_chain(evaluated(company(5.0, a=1.0, b=1.0)))
        assert (chain.requester, chain.requester_source) == ("b", "deepest")

    def test_nobody_is_called_the_lowest_where_nobodys_place_is_known(self) -> None:
        customer = account("ab", roles=[role("b", "buyer")], deals=[deal(amount=5.0)])
        chain = decision_chain(evaluated(customer))
        assert (chain.requester, chain.requester_source) == ("b", "unplaced")

    def test_else_nobody(self) -> None:
        chain = decision_chain(evaluated(company(5.0)), rules=())
        assert (chain.steps, chain.requester, chain.requester_source) == ((), None, "none")
        assert chain.why == ("no_requester",)

    def test_a_stranger_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            decision_chain(evaluated(company(5.0)), "stranger")
        with pytest.raises(NotFound):
            evaluated(company(5.0), "no-deal")

    def test_without_a_deal_there_is_no_chain(self) -> None:
        with pytest.raises(ValueError, match="choose a deal first"):
            decision_chain(evaluated(company(5.0), None))
