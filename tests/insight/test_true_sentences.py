"""Whatever insight says of random customers is so: each sentence is read and looked up.

The sentences are read as text, so that words and meaning are checked together; what they claim is
looked up in the records by `Records`, which shares nothing with insight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from relgraph.insight.answer import answer
from relgraph.insight.basis import based_on
from relgraph.insight.chain import DecisionChain, decision_chain
from relgraph.insight.findings import findings
from relgraph.insight.wording import (
    based_on_text,
    chain_why,
    finding_text,
    passed_over_text,
    requester_text,
    statement_parts,
    step_reason,
    text_of,
)
from relgraph.schema.account import Account, Knowing, Report
from tests.insight.build import (
    DEAL,
    account,
    deal,
    department,
    evaluated,
    knows,
    person,
    role,
    support,
)
from tests.insight.claims import (
    ANSWERS,
    ASKED,
    BASIS,
    FINDINGS,
    REASONS,
    TABLES,
    WAY,
    WHY,
    Check,
    names,
)
from tests.insight.customers import TITLES, accounts
from tests.insight.plain_records import Records


class Reader:
    """Reads sentences against the records and notes which of them came up."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.deals: set[str | None] = set()

    def check(self, table: dict[str, Check], text: str, *values: object) -> None:
        fitting = [(p, match) for p in table if (match := re.fullmatch(p, text))]
        assert len(fitting) == 1, f"{text!r} is read by {[p for p, _ in fitting]}"
        [(pattern, match)] = fitting
        self.read.add(pattern)
        assert table[pattern](*values, *match.groups()), f"{text!r} is not so"


def clauses(customer: Account, deal_id: str | None) -> Iterator[str]:
    for piece in answer(evaluated(customer, deal_id)):
        yield text_of(statement_parts(customer, f"answer.{piece.key}", piece.values, "en"))


def check_opponents(records: Records, spoken: list[str]) -> None:
    """Everybody on a way who is not for us is named after it."""
    for index, text in enumerate(spoken):
        if match := re.search(WAY, text):
            relays = [step.lower() for step in match[1].split(" → ")][1:]
            against = {p for p in relays if (next(iter(records.stances(p))) or 0) < 0}
            following = []
            for clause in spoken[index + 1 :]:
                if " on it " not in clause:
                    break
                following += names(clause.split(" on it ")[0])
            if len(records.deals) == 1:
                assert set(following) == against, spoken


def check_chain(reader: Reader, records: Records, chain: DecisionChain) -> None:
    customer = records.customer
    for step in chain.steps:
        if step.kind != "function":
            assert step.stakeholder_id in records.line(str(chain.requester))
        reader.check(REASONS, step_reason(step, "en"), records, step.stakeholder_id)
    why = chain_why(customer, chain, "en")
    for sentence in re.split(r"(?<=\.) ", why) if why else []:
        reader.check(WHY, sentence, records, chain)
    for parts in (requester_text(customer, chain, "en"), passed_over_text(customer, chain, "en")):
        if parts:
            reader.check(ASKED, text_of(parts), records)
    if chain.requester_source == "deepest":
        depths = [records.depth(p) for p in records.ids if records.roles(p)]
        assert records.depth(str(chain.requester)) == max(d for d in depths if d is not None)


def check_all(reader: Reader, customer: Account, deal_id: str | None) -> None:
    records, evaluation = Records(customer, deal_id), evaluated(customer, deal_id)
    spoken = list(clauses(customer, deal_id))
    for text in spoken:
        reader.check(ANSWERS, text, records)
    check_opponents(records, spoken)
    for finding in findings(evaluation):
        reader.check(FINDINGS, finding_text(customer, finding, "en"), records)
    basis = based_on_text(based_on(evaluation), "en")
    for text in [basis] if "ties" in basis else basis.split("; "):
        reader.check(BASIS, text, records)
    if deal_id is not None:
        check_chain(reader, records, decision_chain(evaluation))


def decided(*knowing: Knowing, when: str = "2026-11-20") -> Account:
    """Two who matter and two who do not, all judged on one day; B leads to A."""
    return account(
        "abcd",
        [("b", "a"), ("c", "a"), ("d", "a")],
        influences=[("b", "a", 0.5)],
        roles=[role("a", "decision_maker"), role("c", "veto")],
        supports=[support(id_, -1, when) for id_ in "abcd"],
        knows=[knows("n", "c", 5), *knowing],
    )


def asked(amount: float | None, title: str | None = None) -> Account:
    """Who asks is at the bottom of a line on which two have limits; one beside it can veto."""
    return account(
        [person(id_, title=title) for id_ in "abcde"],
        [("d", "c"), ("c", "b"), ("b", "a"), ("e", "a")],
        deals=[deal(amount=amount, nonstandard=True)],
        departments=[department("x", "legal")] if title else (),
        roles=[
            role("d", "champion"),
            role("b", "veto", approval_limit=100.0),
            role("a", "approver", approval_limit=1e6),
            role("e", "veto"),
        ],
    )


RARE = (
    account(
        "abcdefg",
        [("g", "f"), ("f", "e")],
        influences=[("d", "c", 1.0), ("c", "b", 1.0), ("b", "a", 1.0), ("e", "d", 1.0)],
        roles=[role("a", "decision_maker")],
        supports=[
            support("a", -2, "2026-01-01"),
            support("b", -1, "2026-01-02"),
            support("c", -2, "2026-11-20"),
            support("d", -1, "2026-11-20"),
        ],
        knows=[knows("m", "e", 5)],
    ),
    decided(when="2026-01-01"),
    decided(knows("m", "b", None)),
    decided(knows("m", "b", 5)),
    decided(knows("m", "b", 5), knows("m", "a", 2)),
    decided(knows("m", "b", 5), knows("m", "a", None)),
    decided(knows("m", "a", 2)),
    decided(knows("m", "a", 2), knows("n", "a", 1)),
    decided(knows("m", "a", None)),
    decided(knows("m", "a", 4)),
    *(asked(amount) for amount in (None, 50.0, 900_000.0, 9e6)),
    *(asked(9e6, title) for title in TITLES if title),
    account("abcd", [("b", "a"), ("a", "b"), ("c", "b"), ("d", "c")], roles=[role("d", "user")]),
    account("ab", roles=[role("b", "buyer")], deals=[deal(amount=5.0)]),
    account("ab", [Report("b", "a", line="dotted")]),
)
"""What random customers rarely have."""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize("deal_id", [DEAL, None])
@pytest.mark.xdist_group("sentences")
def test_every_sentence_is_true(reader: Reader, deal_id: str | None) -> None:
    @settings(
        max_examples=100,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(customer=accounts(names=True))
    def on_random_customers(customer: Account) -> None:
        check_all(reader, customer, deal_id)

    on_random_customers()
    for customer in RARE:
        check_all(reader, customer, deal_id)
    reader.deals.add(deal_id)


@pytest.mark.xdist_group("sentences")
def test_every_sentence_came_up(reader: Reader) -> None:
    for deal_id in {DEAL, None} - reader.deals:
        test_every_sentence_is_true(reader, deal_id)
    assert [p for table in TABLES for p in table if p not in reader.read] == []
