"""A large customer's map: what it leaves out is counted, can be had, and nothing else changes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import orjson
import pytest

from benchmarks.data import large_customer
from relgraph.errors import NotFound
from relgraph.insight.evaluation import Evaluation
from relgraph.viz.build import build_map, lines_of_person
from relgraph.viz.compact import OMITTED, completed, to_json
from relgraph.viz.document import MapDocument
from relgraph.viz.html import to_html
from relgraph.viz.left_out import COMPLETE_UP_TO, KEPT_OF_MORE
from relgraph.viz.svg import to_svg
from tests.viz.test_map import box

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def evaluated(people: int, ties: int) -> Evaluation:
    account = large_customer(people, ties)
    return Evaluation(account, account.deals[0].id, NOW)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluated(200, 3_000)


@pytest.fixture(scope="module")
def document(evaluation: Evaluation) -> MapDocument:
    return build_map(evaluation)


def ends(document: MapDocument) -> Counter[tuple[str, str]]:
    """How many lines of each kind the document has at each card."""
    return Counter(
        (end, line.kind)
        for line in document.lines
        if line.kind != "reports_to"
        for end in (line.from_id, line.to_id)
    )


def test_a_map_of_few_ties_holds_every_line() -> None:
    account = large_customer(150, 900)
    document = build_map(Evaluation(account, None, NOW))
    ties = len(account.influences) + len(account.relations) + len(account.knows)
    assert len(document.lines) == ties + len(account.reports)
    assert document.left_out == {} and not any(card.left_out for card in document.cards)
    assert OMITTED not in orjson.loads(to_json(document))


def test_the_limit_is_where_it_is_said() -> None:
    evaluation = evaluated(100, COMPLETE_UP_TO - 10)  # and ten of ours who know somebody
    assert len(evaluation.knows) == 10
    assert build_map(evaluation).left_out == {}
    evaluation = evaluated(100, COMPLETE_UP_TO - 9)
    document = build_map(evaluation)
    kept = sum(line.kind != "reports_to" for line in document.lines)
    assert kept == KEPT_OF_MORE and sum(document.left_out.values()) == COMPLETE_UP_TO + 1 - kept


def test_what_is_left_out_is_counted_and_can_be_had(
    evaluation: Evaluation, document: MapDocument
) -> None:
    account, held = evaluation.account, ends(document)
    wanted = Counter(
        (end, kind)
        for kind, edges in (("influence", account.influences), ("relation", account.relations))
        for edge in edges
        for end in (edge.from_id, edge.to_id)
    )
    known = {line.id for line in document.lines}
    for card in document.cards[:40]:
        more = lines_of_person(evaluation, card.id)
        counted = Counter(line.kind for line in more)
        assert dict(counted) == card.left_out, card.id
        assert all(card.id in (line.from_id, line.to_id) for line in more)
        assert not known.intersection(line.id for line in more)
        for kind in ("influence", "relation"):
            assert counted[kind] + held[card.id, kind] == wanted[card.id, kind]
    assert (
        sum(document.left_out.values())
        == sum(n for card in document.cards for n in card.left_out.values()) / 2
    )


def test_what_matters_most_stays(evaluation: Evaluation, document: MapDocument) -> None:
    reports = [line for line in document.lines if line.kind == "reports_to"]
    assert len(reports) == len(evaluation.account.reports)
    cards = {card.id: card for card in document.cards}
    assert evaluation.key_people.everybody
    for person in evaluation.key_people.everybody:
        assert not cards[person].left_out, "all ties of who decides or can veto are there"
        way = evaluation.access[person]
        held = {(line.from_id, line.to_id) for line in document.lines}
        assert held.issuperset(pairwise((way.member_id, *way.people)))


def test_fetched_lines_cross_no_card_and_stay_inside(
    evaluation: Evaluation, document: MapDocument
) -> None:
    boxes = [box(card) for card in document.cards]
    busiest = max(document.cards, key=lambda card: sum(card.left_out.values()))
    lines = lines_of_person(evaluation, busiest.id)
    assert lines
    for line in lines:
        assert line.shown == "selected" and line.ref.startswith("/api/v1/")
        for (x0, y0), (x1, y1) in pairwise(line.points):
            assert x0 == x1 or y0 == y1
            assert min(x0, x1) >= 0 and max(x0, x1) <= document.width
            assert min(y0, y1) >= 0 and max(y0, y1) <= document.height
            left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
            for a0, b0, a1, b1 in boxes:
                crossed = left < a1 - 1 and right > a0 + 1 and top < b1 - 1 and bottom > b0 + 1
                assert not crossed, line.id


def test_nobody_is_asked_about_who_is_not_on_the_map(evaluation: Evaluation) -> None:
    with pytest.raises(NotFound):
        lines_of_person(evaluation, "nobody")


def test_the_json_of_a_large_map_comes_back_complete(document: MapDocument) -> None:
    sent = orjson.loads(to_json(document))
    assert completed(sent) == orjson.loads(orjson.dumps(document))
    assert completed(orjson.loads(orjson.dumps(document))) == orjson.loads(orjson.dumps(document))


def test_a_map_of_a_thousand_people_with_25000_ties_is_below_one_megabyte() -> None:
    document = build_map(evaluated(1_000, 25_000))
    assert len(to_json(document)) < 1_000_000
    assert len(to_html(document)) < 1_000_000
    assert len(to_svg(document)) < 1_000_000
