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
    answer_parts,
    based_on_text,
    chain_why,
    finding_text,
    passed_over_text,
    requester_text,
    step_reason,
    text_of,
)
from relgraph.schema.account import Account, Knowing, Report
from relgraph.schema.vocabulary import LANGS, Lang
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
from tests.insight.claim import VIEW_ZH, WAY, WAY_ZH, Claim, Z, in_english, names
from tests.insight.claims import ANSWERS, FINDINGS
from tests.insight.claims_of_chain import ASKED, BASIS, REASONS, WHY
from tests.insight.customers import TITLES, accounts
from tests.insight.plain_records import Records

TABLES = (ANSWERS, FINDINGS, REASONS, WHY, ASKED, BASIS)
END = {"en": r"(?<=\.) ", "zh": r"(?<=。)"}
BETWEEN = {"en": "; ", "zh": "；"}
ON_A_WAY = {"en": (WAY, r"(.+?) on it "), "zh": (rf".*{WAY_ZH}", rf"其中{Z}(?:，|{VIEW_ZH})")}
"""How a language names a way, and those on it who are not for us."""


class Reader:
    """Reads sentences of one language against the records and notes which of them came up."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.read: set[Claim] = set()
        self.deals: set[str | None] = set()

    def check(self, table: tuple[Claim, ...], text: str, *values: object) -> None:
        fitting = [
            (claim, groups)
            for claim in table
            if (groups := claim.read(text, self.lang)) is not None
        ]
        assert len(fitting) == 1, f"{text!r} is read by {[claim for claim, _ in fitting]}"
        [(claim, groups)] = fitting
        self.read.add(claim)
        assert claim.check(*values, *groups), f"{text!r} is not so"


def clauses(customer: Account, deal_id: str | None, lang: Lang) -> Iterator[str]:
    for piece in answer(evaluated(customer, deal_id)):
        # As the answer strip puts it, with spaces between Latin and Chinese, without its end.
        yield text_of(answer_parts(customer, [piece], lang)).rstrip(".;。； ")


def check_opponents(reader: Reader, records: Records, spoken: list[str]) -> None:
    """Everybody on a way who is not for us is named after it."""
    way, on_it = ON_A_WAY[reader.lang]
    for index, text in enumerate(spoken):
        if match := re.search(way, text):
            relays = [step.lower() for step in match[1].split(" → ")][1:]
            against = {p for p in relays if (next(iter(records.stances(p))) or 0) < 0}
            following = []
            for clause in spoken[index + 1 :]:
                if not (named := re.match(on_it, clause)):
                    break
                following += names(in_english(named[1]) if reader.lang == "zh" else named[1])
            if len(records.deals) == 1:
                assert set(following) == against, spoken


def check_chain(reader: Reader, records: Records, chain: DecisionChain) -> None:
    customer, lang = records.customer, reader.lang
    for step in chain.steps:
        if step.kind != "function":
            assert step.stakeholder_id in records.line(str(chain.requester))
        reader.check(REASONS, step_reason(step, lang), records, step.stakeholder_id)
    why = chain_why(customer, chain, lang)
    for sentence in filter(None, re.split(END[lang], why)):
        reader.check(WHY, sentence, records, chain)
    for parts in (requester_text(customer, chain, lang), passed_over_text(customer, chain, lang)):
        if parts:
            reader.check(ASKED, text_of(parts), records)
    if chain.requester_source == "deepest":
        depths = [records.depth(p) for p in records.ids if records.roles(p)]
        assert records.depth(str(chain.requester)) == max(d for d in depths if d is not None)


def check_all(reader: Reader, customer: Account, deal_id: str | None) -> None:
    records, evaluation = Records(customer, deal_id), evaluated(customer, deal_id)
    spoken = list(clauses(customer, deal_id, reader.lang))
    for text in spoken:
        reader.check(ANSWERS, text, records)
    check_opponents(reader, records, spoken)
    for finding in findings(evaluation):
        reader.check(FINDINGS, finding_text(customer, finding, reader.lang), records)
    based = based_on(evaluation)
    basis = based_on_text(based, reader.lang)
    only_ties = based.ties and not (based.assessed or based.seats_assessed)
    for text in [basis] if only_ties else basis.split(BETWEEN[reader.lang]):
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


@pytest.fixture(scope="module", params=LANGS)
def reader(request: pytest.FixtureRequest) -> Reader:
    return Reader(request.param)


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
    assert [claim for table in TABLES for claim in table if claim not in reader.read] == []
