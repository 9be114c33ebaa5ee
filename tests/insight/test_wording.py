from __future__ import annotations

import pytest

from relgraph.insight.chain import Rule, decision_chain
from relgraph.insight.statement import Finding, Names
from relgraph.insight.wording import (
    chain_why,
    finding_parts,
    money,
    name_of,
    passed_over_text,
    requester_text,
    step_reason,
    text_of,
)
from tests.insight.build import account, deal, department, evaluated, person
from tests.support.fixture_f import DEAL, fixture_f, fixture_f_with_limits


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (800_000.0, "CNY", "¥800,000"),
        (1200.5, "CHF", "CHF 1,200.50"),
        (5.0, None, "5"),
        (None, "CNY", ""),
        ("unlimited", "CNY", ""),
    ],
)
def test_money(amount: float | str | None, currency: str | None, text: str) -> None:
    assert money(amount, currency) == text


def test_reasons_of_the_approval_chain() -> None:
    chain = decision_chain(evaluated(fixture_f_with_limits(), DEAL), "wang")
    assert [step_reason(step, "en") for step in chain.steps] == [
        "Limit ¥200,000, so it goes on up",
        "Purchasing always signs",
        "Finance signs from ¥500,000",
        "Final approval; no limit",
    ]
    assert [step_reason(step, "zh") for step in chain.steps] == [
        "限额 ¥200,000，需继续上报",
        "采购必须会签",
        "¥500,000 起财务需会签",
        "最终审批，无限额",
    ]
    assert chain_why(fixture_f_with_limits(), chain, "en") == ""


def test_an_incomplete_chain_says_why() -> None:
    customer = fixture_f()
    chain = decision_chain(evaluated(customer, DEAL))
    assert chain_why(customer, chain, "en") == (
        "Nobody on the line above has a known limit that covers ¥800,000."
    )
    assert text_of(passed_over_text(customer, chain, "en")) == (
        "Passed over because the limit is not known: Li and Zhou."
    )
    assert text_of(requester_text(customer, chain, "en")) == (
        "Taken to be asked for by Sun, a champion"
    )
    assert text_of(requester_text(customer, chain, "zh")) == "假定由内部推动者孙提出"


@pytest.mark.parametrize(
    ("amount", "requester", "roles", "why"),
    [
        (None, "b", [], "The amount is not known."),
        (5.0, "a", [], "Nobody stands above A."),
        (5.0, "x", [], "Whom X reports to is not known."),
        (5.0, None, [], "Who asks for the purchase is not known."),
        (5.0, "d", [], "The line runs in a circle at C. "
                       "Nobody on the line above has a known limit that covers 5."),
    ],
)  # fmt: skip
def test_each_reason_for_an_incomplete_chain(
    amount: float | None, requester: str | None, roles: list, why: str
) -> None:
    customer = account(
        "abcdefghijx",
        [("b", "a"), *((id_, "a") for id_ in "efghij"), ("c", "d"), ("d", "c")],
        deals=[deal(amount=amount)],
        roles=roles,
    )
    assert chain_why(customer, decision_chain(evaluated(customer), requester, ()), "en") == why


def test_an_empty_step_says_which_function() -> None:
    customer = account(
        "ab",
        [("b", "a")],
        deals=[deal(amount=5.0)],
        departments=[department("l", "Legal"), department("q", "quality")],
    )
    rules = (Rule("legal"), Rule("quality"), Rule("finance"))
    chain = decision_chain(evaluated(customer), "b", rules)
    assert [step_reason(step, "en") for step in chain.steps] == [
        "Nobody in Legal is on record as approver, buyer or veto",
        "Nobody in quality is on record as approver, buyer or veto",
        "No department is on record for Finance, and nobody who signs has a role or title of it",
    ]
    assert step_reason(chain.steps[0], "zh") == "法务中尚无审批者、采购负责人或否决者的记录"


class TestNames:
    def test_in_the_readers_language(self) -> None:
        assert name_of(fixture_f(), "zhou", "zh") == "周"
        assert name_of(fixture_f(), "ann", "zh") == "Ann"
        assert name_of(fixture_f(), "gone", "en") == "gone"

    def test_an_empty_seat(self) -> None:
        customer = account([person("s", name=None, placeholder=True)])
        assert name_of(customer, "s", "en") == "an empty seat"

    def test_latin_names_stand_off_from_chinese(self) -> None:
        customer = account([person("a", name="Eleanor"), person("b", name="王建国")])
        finding = Finding("conflict", "warning", ("a", "b"), {"names": Names(("a", "b"))})
        parts = finding_parts(customer, finding, "zh")
        assert [(part.text, part.ids) for part in parts] == [
            ("Eleanor", ("a",)),
            (" 和", ()),
            ("王建国", ("b",)),
            ("之间关系紧张。", ()),
        ]

    def test_markup_in_a_name_stays_text(self) -> None:
        customer = account([person("a", name="<b>{x}</b>"), "b"])
        finding = Finding("conflict", "warning", ("a", "b"), {"names": Names(("a", "b"))})
        assert text_of(finding_parts(customer, finding, "en")) == (
            "There is tension between <b>{x}</b> and B."
        )
