from __future__ import annotations

import pytest

from relgraph.errors import NotFound
from relgraph.insight.answer import answer
from relgraph.insight.basis import based_on
from relgraph.insight.findings import findings
from relgraph.insight.wording import answer_parts, based_on_text, text_of
from relgraph.schema.account import Account, Knowing
from relgraph.schema.vocabulary import Lang
from relgraph.viz.build import build_map
from tests.insight.build import (
    account,
    deal,
    evaluated,
    influence,
    knows,
    person,
    role,
    support,
)
from tests.support.fixture_f import DEAL, fixture_f


def answer_text(of: Account, deal_id: str | None = "deal", lang: Lang = "en") -> str:
    return text_of(answer_parts(of, answer(evaluated(of, deal_id)), lang))


def test_fixture_f() -> None:
    assert answer_text(fixture_f(), DEAL) == (
        "Zhou decides and is neutral; Chen can veto and is sceptical. "
        "Nobody of us is close to Chen; the best way in is Bob → Wang → Li, strong."
    )
    assert answer_text(fixture_f(), DEAL, "zh") == (
        "周拍板，中立；陈可否决，有疑虑。我方无人与陈熟识，最佳路径是 Bob → 王 → 李（强）。"
    )
    assert answer_text(fixture_f(), None) == (
        "Zhou is at the top. We know 4 of 7 people, best Wang through Bob."
    )


def test_names_carry_the_ids_of_their_cards() -> None:
    parts = answer_parts(fixture_f(), answer(evaluated(fixture_f(), DEAL)), "en")
    linked = [(part.text, part.ids) for part in parts if part.ids]
    assert linked == [
        ("Zhou", ("zhou",)),
        ("Chen", ("chen",)),
        ("Chen", ("chen",)),
        ("Bob", ("bob",)),
        ("Wang", ("wang",)),
        ("Li", ("li",)),
    ]


def test_who_decides_is_grouped_by_where_they_stand() -> None:
    customer = account(
        "abcd",
        roles=[role(id_, "decision_maker") for id_ in "abcd"],
        supports=[support("a", 2), support("b", 1), support("c", -2)],
        knows=[knows("m", "c", 4)],
    )
    assert answer_text(customer) == (
        "A and B decide and are for us; C decides and is against us; "
        "D decides, and where they stand is not known. M knows C well."
    )


def test_an_old_judgement_is_called_old() -> None:
    customer = account(
        "ab",
        roles=[role("a", "veto"), role("b", "decision_maker")],
        supports=[support("a", 0, "2026-08-22"), support("b", 1, "2026-11-01")],
        knows=[knows("m", "a", 1)],
    )
    assert answer_text(customer) == (
        "B decides and is for us; A can veto and was neutral when last judged 94 days ago. "
        "Only M knows A, and not well."
    )


@pytest.mark.parametrize(
    ("knowing", "sentence"),
    [
        ([], "Nobody of us knows A, and no way there is on record."),
        ([knows("m", "a", None)], "We know A, but how well is not on record."),
        ([knows("m", "a", 3)], "M knows A well."),
        ([knows("m", "a", 2)], "Only M knows A, and not well."),
        ([knows("m", "a", 2), knows("n", "a", 1)], "M knows A, but not well."),
        ([knows("m", "a", 2), knows("n", "a", None)], "M knows A, but not well."),
        (
            [knows("m", "b", None)],
            "Nobody of us knows A; how well we know those who lead there is not on record.",
        ),
        (
            [knows("m", "a", None), knows("m", "b", 5)],
            "Nobody of us is known to be close to A; the best way in is M → B, strong.",
        ),
        (
            [knows("m", "a", 2), knows("n", "b", 5)],
            "Nobody of us is close to A; the best way in is N → B, strong.",
        ),
        ([knows("m", "b", 5)], "Nobody of us knows A; the best way in is M → B, strong."),
    ],
)
def test_how_we_reach_the_one_who_matters(knowing: list, sentence: str) -> None:
    customer = account(
        "ab", influences=[("b", "a", 0.5)], roles=[role("a", "decision_maker")], knows=knowing
    )
    assert answer_text(customer).endswith(f". {sentence}")


def test_who_is_close_is_named_though_another_way_is_stronger() -> None:
    customer = account(
        "ab",
        influences=[("b", "a", 0.9)],
        roles=[role("a", "decision_maker")],
        knows=[knows("m", "a", 3), knows("n", "b", 5)],
    )
    assert answer_text(customer).endswith(". M knows A well.")


def test_a_way_through_somebody_who_opposes_us_says_so() -> None:
    customer = account(
        "abcd",
        influences=[("d", "c", 1.0), ("c", "b", 1.0), ("b", "a", 1.0)],
        roles=[role("a", "decision_maker")],
        supports=[
            support("a", -1, "2026-11-01"),
            support("b", -2, "2026-11-01"),
            support("c", -1, "2026-08-22"),
            support("d", 1, "2026-11-01"),
        ],
        knows=[knows("m", "d", 5)],
    )
    assert answer_text(customer).endswith(
        ". Nobody of us knows A; the best way in is M → D → C → B, strong; "
        "C on it was sceptical when last judged 94 days ago; B on it is against us."
    )
    assert answer_text(customer, lang="zh").endswith(
        "最佳路径是 M → D → C → B（强）；其中 C，94 天前评估为有疑虑；其中 B 反对我们。"
    )


def test_the_decider_whom_nobody_knows_comes_before_the_veto_holder_whom_nobody_knows() -> None:
    def strip(*knowing: Knowing) -> str:
        customer = account(
            "abc",
            influences=[("c", "a", 0.5)],
            roles=[role("a", "decision_maker"), role("b", "veto")],
            supports=[support("a", 0, "2026-11-01"), support("b", -2, "2026-11-01")],
            knows=[knows("m", "c", 4), *knowing],
        )
        return answer_text(customer).split(". ", 1)[1]

    blind = "Nobody of us knows B, and no way there is on record."
    way = "Nobody of us knows A; the best way in is M → C, strong."
    assert strip() == f"{way} {blind}"
    assert strip(knows("m", "a", 1)) == blind
    assert strip(knows("m", "b", 3)) == "M knows B well."


def test_the_highest_in_a_circle_is_not_simply_at_the_top() -> None:
    customer = account("abc", [("a", "b"), ("b", "a"), ("c", "b")])
    assert answer_text(customer, None).startswith(
        "B stands highest, in a circle of reporting lines. "
    )


def test_whom_we_know_best_is_not_an_empty_seat() -> None:
    seat = person("s", name=None, placeholder=True)
    customer = account(["a", seat], knows=[knows("m", "s", 5), knows("m", "a", 2)])
    assert answer_text(customer, None).endswith("We know 1 of 1 people, best A through M.")


def test_a_deal_nobody_is_known_to_decide() -> None:
    customer = account("ab", knows=[knows("m", "b", 4)])
    assert answer_text(customer) == (
        "Nobody is on record as the one who decides. We know 1 of 2 people, best B through M."
    )


def test_nothing_known() -> None:
    assert answer_text(account("")) == "Nobody is on record here yet."
    assert answer_text(account("", deals=[]), None) == "Nobody is on record here yet."
    assert answer_text(account("ab"), None) == (
        "Who is at the top is not on record. Nobody of us knows anybody here yet."
    )


def test_an_empty_seat_does_not_decide() -> None:
    customer = account(["a", person("s", placeholder=True)], roles=[role("s", "decision_maker")])
    assert answer_text(customer).startswith("Nobody is on record as the one who decides.")


def test_a_long_list_of_names_is_counted() -> None:
    customer = account("abcdef", roles=[role(id_, "decision_maker") for id_ in "abcdef"])
    assert answer_text(customer).startswith("A, B, C and 3 others decide, and")
    assert answer_text(customer, lang="zh").startswith("A、B、C 和另外 3 人拍板，态度未知。")


def test_a_deal_of_another_customer_is_not_found() -> None:
    for ask in (answer, based_on):
        with pytest.raises(NotFound):
            ask(evaluated(account("a"), "elsewhere"))


class TestBasedOn:
    def test_it_counts_seats_of_the_deal(self) -> None:
        customer = account(
            ["a", "b", "c", person("s", placeholder=True)],
            roles=[role("a", "decision_maker"), role("a", "approver"), role("b", "veto"),
                   role("s", "buyer")],
            supports=[
                support("a", 1, "2026-08-25"),
                support("a", 2, "2026-01-01"),
                support("b", None, "2026-11-01"),
                support("c", 0, "2026-05-01"),
            ],
        )  # fmt: skip
        based = based_on(evaluated(customer))
        assert (based.people, based.assessed, based.old) == (3, 2, 2)
        assert (based.seats, based.seats_assessed, based.seats_old) == (3, 1, 1)
        assert (based.oldest, based.newest, based.undated) == ("2026-05-01", "2026-08-25", 0)
        assert based_on_text(based, "en") == (
            "Based on 1 of 3 seats; of 2 people judged, 2 more than 90 days ago"
        )
        assert based_on_text(based, "zh") == (
            "依据 3 个席位中的 1 个；已评估 2 人，其中 2 人超过 90 天"
        )

    def test_without_roles_it_counts_people(self) -> None:
        customer = account("ab", supports=[support("a", 1)])
        based = based_on(evaluated(customer))
        assert (based.undated, based.oldest) == (1, None)
        assert based_on_text(based, "en") == "Based on 1 of 2 people"

    def test_without_a_stance_it_counts_ties(self) -> None:
        customer = account(
            "abc",
            [("b", "a")],
            influences=[("c", "a", 0.9), influence("b", "a", 0.5, deal_id="elsewhere")],
            knows=[knows("m", "a", 3), knows("m", "a", 4)],
        )
        based = based_on(evaluated(customer))
        assert based_on_text(based, "en") == "Based on 3 recorded ties; nobody’s stance is known"
        assert based_on_text(based, "zh") == "依据已记录的 3 条关系；所有人的态度均未知"
        assert based_on_text(based_on(evaluated(account("ab"))), "en") == "Based on 0 of 2 people"

    def test_whatever_is_old_is_counted_alike(self) -> None:
        """The header, the strip, the cards and the findings of one page."""
        customer = account(
            ["a", "b", "c", "d", person("s", placeholder=True)],
            roles=[role("a", "veto"), role("s", "buyer")],
            supports=[
                *(support(id_, 0, "2026-01-01") for id_ in "abs"),
                support("c", None, "2026-01-01"),
                support("d", 1, "2026-11-01"),
            ],
        )
        evaluation = evaluated(customer)
        based = based_on(evaluation)
        assert (based.assessed, based.old) == (3, 2)
        assert based_on_text(based, "en").endswith("of 3 people judged, 2 more than 90 days ago")
        old = [f.ids for f in findings(evaluation) if f.code.startswith("old")]
        assert old == [("a",), ("b",)]
        stale = [card.id for card in build_map(evaluation, "en").cards if card.stale]
        assert sorted(stale) == ["a", "b"]

    def test_without_a_deal_any_open_deal_counts_and_the_latest_judgement_dates_it(self) -> None:
        customer = account(
            "ab",
            deals=[deal("x"), deal("y"), deal("z", outcome="won")],
            supports=[
                support("a", 1, "2026-01-01", "x"),
                support("a", 0, "2026-11-01", "y"),
                support("b", 1, "2026-11-01", "z"),
            ],
        )
        based = based_on(evaluated(customer, None))
        assert (based.assessed, based.old, based.newest) == (1, 0, "2026-11-01")
