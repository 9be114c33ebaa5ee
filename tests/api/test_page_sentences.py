"""What pages claim beside the sentences of insight is so, looked up by another way."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from relgraph.api.pages.chain import no_way_words, reach_of
from relgraph.database import Database
from relgraph.insight.basis import based_on
from relgraph.insight.introductions import MAX_HOPS, introductions
from relgraph.insight.paths import best_paths
from relgraph.records.imports.load import import_records
from relgraph.schema.account import Account
from relgraph.schema.vocabulary import LANGS
from relgraph.words import say
from tests.insight.build import DEAL, account, evaluated, knows
from tests.insight.customers import accounts
from tests.insight.plain_records import Records
from tests.support.access import access_to
from tests.support.service import app_of, client_of


def fewest_steps(records: Records, start: str, goal: str) -> int | None:
    """Steps of the shortest way of influence; null if there is none."""
    reached, steps = {start}, 0
    while goal not in reached:
        further = {b for a in reached for b in records.ids if records.strength(a, b)} - reached
        if not further:
            return None
        reached, steps = reached | further, steps + 1
    return steps


def check_reach(customer: Account, deal_id: str | None) -> None:
    records, evaluation = Records(customer, deal_id), evaluated(customer, deal_id)
    based = based_on(evaluation)
    judged = [p for p in records.people if records.stances(p) != {None}]
    assert (based.assessed, based.people) == (len(judged), len(records.people))
    assert based.old == sum(map(records.is_old, records.people))
    for goal in records.ids:
        rated, some = list(records.ways(goal)), any(True for _ in records.ways(goal, rated=False))
        assert reach_of(evaluation, goal) == ("rated" if rated else "unrated" if some else "none")
        if not introductions(evaluation, goal):
            key, values = no_way_words(evaluation, "", goal, 6)
            assert key == ("way_too_long" if rated else "way_unrated" if some else "no_way_of_ours")
            assert all(len(steps) - 1 > values["hops"] for _, steps in rated)
        for start in set(records.ids) - {goal}:
            if not best_paths(evaluation.positive_influences, start, goal, max_hops=1):
                key, values = no_way_words(evaluation, start, goal, 1)
                steps = fewest_steps(records, start, goal)
                assert key == "no_way" and (steps is None or steps > values["hops"])


@pytest.mark.parametrize("deal_id", [DEAL, None])
def test_counts_and_ways_of_random_customers(deal_id: str | None) -> None:
    @settings(
        max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(customer=accounts(names=True))
    def on_random_customers(customer: Account) -> None:
        check_reach(customer, deal_id)

    on_random_customers()


def test_a_way_of_ours_that_is_too_long_to_list() -> None:
    line = "abcdefg"
    customer = account(
        line,
        influences=[(line[i], line[i + 1], 0.5) for i in range(len(line) - 1)],
        knows=[knows("m", "a", 5)],
    )
    check_reach(customer, DEAL)
    reasons = [no_way_words(evaluated(customer, DEAL), "", p, 6)[0] for p in "ag"]
    assert reasons == ["way_too_long"] * 2  # of "a" it is asked only where no way is listed
    assert introductions(evaluated(customer, DEAL), line[MAX_HOPS - 1])
    assert not introductions(evaluated(customer, DEAL), line[MAX_HOPS])


def test_without_a_goal_nothing_is_claimed_of_ways() -> None:
    assert no_way_words(evaluated(account("a"), DEAL), "", None, 6) == ("no_goal", {})


TABLES = {
    "customers": "id,name\nc,C\n",
    "deals": "id,customer_id,name,outcome\n"
    + "".join(f"d{number},c,D{number},{'won' if number == 13 else ''}\n" for number in range(14)),
    "members": "id,name\nm,Mia\n",
    "stakeholders": "id,customer_id,name\na,c,Anna\nb,c,Bo\n",
    "knows": "member_id,stakeholder_id,closeness\nm,a,\n",
    "roles": "stakeholder_id,deal_id,role\na,d1,decision_maker\n",
}


def test_pages_of_a_customer_and_of_today(database: Database, tmp_path: Path) -> None:
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    import_records(access_to(database), tmp_path)
    with client_of(app_of(database)) as client:
        for lang in LANGS:
            # More deals are open than the page lists.
            today = client.get("/", params={"lang": lang}).text
            assert say(lang, "pages.today_sentence", deals=13, customers=1) in today
            chain = client.get("/customers/c/chain", params={"deal": "d1", "lang": lang}).text
            assert say(lang, "pages.way_unrated") in chain
            known, unknown = (
                chain.index(say(lang, f"pages.{key}")) for key in ("unrated", "out_of_reach")
            )
            assert known < chain.index("Anna</a>", known) < unknown < chain.index("Bo</a>", unknown)
            assert say(lang, "pages.no_way_of_ours") not in chain
