"""What every map must hold, whatever the organisation looks like."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relgraph.insight.evaluation import Evaluation
from relgraph.schema.account import Account
from relgraph.viz.build import build_map
from relgraph.viz.document import Card, MapDocument
from relgraph.viz.groups import HEADER_PAD, counts_width
from relgraph.viz.html import to_html
from relgraph.viz.svg import to_svg
from relgraph.viz.text import width_of
from tests.support.accounts import MARKUP, awkward, person
from tests.support.accounts import account as make
from tests.support.fixture_f import fixture_f

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CASES = awkward() | {"fixture F": fixture_f()}


def drawn(account: Account) -> MapDocument:
    deal_id = account.deals[0].id if account.deals else None
    return build_map(Evaluation(account, deal_id, NOW))


@pytest.fixture(params=CASES, scope="module")
def document(request: pytest.FixtureRequest) -> MapDocument:
    return drawn(CASES[request.param])


def box(card: Card) -> tuple[float, float, float, float]:
    return card.x, card.y, card.x + card.w, card.y + card.h


def check_cards(document: MapDocument, account: Account) -> None:
    ids = [card.id for card in document.cards if card.kind != "member"]
    assert sorted(ids) == sorted(p.id for p in account.people), "everybody has exactly one card"
    boxes = sorted(map(box, document.cards))
    for i, (x0, y0, x1, y1) in enumerate(boxes):
        assert x0 >= 0 and y0 >= 0 and x1 <= document.width and y1 <= document.height
        for a0, b0, _, b1 in boxes[i + 1 :]:
            if a0 >= x1:
                break
            assert b0 >= y1 or b1 <= y0, "two cards overlap"


def check_groups(document: MapDocument) -> None:
    groups = {group.id: group for group in document.groups}
    first = min((group.y for group in document.groups), default=0)
    for card in document.cards:
        if card.y + card.h <= first:
            continue  # who heads it all stands above the departments
        if card.department_id in groups:
            group = groups[card.department_id]
            assert group.x <= card.x and card.x + card.w <= group.x + group.w, card.name
            assert group.y <= card.y and card.y + card.h <= group.y + group.h, card.name
    for group in document.groups:
        for other in document.groups:
            if group is not other:
                apart = (
                    group.x + group.w <= other.x
                    or other.x + other.w <= group.x
                    or group.y + group.h <= other.y
                    or other.y + other.h <= group.y
                )
                assert apart, f"{group.name} and {other.name} overlap"


def check_lines(document: MapDocument) -> None:
    cards = {card.id: card for card in document.cards}
    boxes = {card.id: box(card) for card in document.cards}
    for line in document.lines:
        for (x, y), end in ((line.points[0], line.from_id), (line.points[-1], line.to_id)):
            ends = {line.from_id, line.to_id} if line.kind == "reports_to" else {end}
            assert any(on_border(cards[id_], x, y) for id_ in ends), f"{line.id} starts in the air"
        for (x0, y0), (x1, y1) in zip(line.points, line.points[1:], strict=False):
            assert x0 == x1 or y0 == y1, f"{line.id} is not right-angled"
            low_x, high_x, low_y, high_y = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
            for id_, (a, b, c, d) in boxes.items():
                if low_x < c - 0.5 and high_x > a + 0.5 and low_y < d - 0.5 and high_y > b + 0.5:
                    pytest.fail(f"{line.id} crosses the card of {id_}")


def on_border(card: Card, x: float, y: float) -> bool:
    left, top, right, bottom = box(card)
    inside = left - 0.6 <= x <= right + 0.6 and top - 0.6 <= y <= bottom + 0.6
    edge = min(abs(x - left), abs(x - right), abs(y - top), abs(y - bottom))
    return inside and edge <= 0.6


def check_ids(document: MapDocument) -> None:
    """What is drawn by key needs a key of its own."""
    for items in (document.cards, document.groups, document.lines):
        ids = [item.id for item in items]
        assert len(set(ids)) == len(ids), [id_ for id_ in ids if ids.count(id_) > 1]


def check_labels(document: MapDocument) -> None:
    for line in document.lines:
        if line.label is None:
            continue
        half = (12 + 7 * len(line.label.text)) / 2
        for card in document.cards:
            x0, y0, x1, y1 = box(card)
            hides = (
                line.label.x - half < x1
                and line.label.x + half > x0
                and line.label.y - 8 < y1
                and line.label.y + 8 > y0
            )
            assert not hides, f"the label of {line.id} hides {card.name}"


@pytest.mark.parametrize("case", CASES)
def test_a_map_is_sound(case: str) -> None:
    document = drawn(CASES[case])
    check_cards(document, CASES[case])
    check_groups(document)
    check_lines(document)
    check_labels(document)
    check_ids(document)


@pytest.mark.parametrize("case", CASES)
def test_reporting_lines_pass_beside_the_texts_of_a_header(case: str) -> None:
    document = drawn(CASES[case])
    for group in document.groups:
        name = width_of(group.name, 13, bold=True)
        if HEADER_PAD + name + counts_width(group) > group.w / 2:
            continue  # there is not always room for name, line and counts
        for line in document.lines:
            for (x0, y0), (x1, y1) in pairwise(line.points):
                enters = x0 == x1 and min(y0, y1) < group.y < max(y0, y1)
                if enters and group.x < x0 < group.x + group.w:
                    assert x0 > group.x + HEADER_PAD + name, f"{line.id} crosses {group.name}"


def test_the_same_input_gives_the_same_picture(document: MapDocument) -> None:
    case = next(a for a in CASES.values() if a.customer.id == document.customer["id"])
    assert drawn(case).to_dict() == drawn(case).to_dict()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_svg_is_well_formed_and_holds_every_name(case: str, lang: str) -> None:
    account = CASES[case]
    svg = to_svg(build_map(Evaluation(account, None, NOW), lang), "dark")  # type: ignore[arg-type]
    root = ET.fromstring(svg)
    texts = {"".join(node.itertext()) for node in root.iter() if node.tag.endswith("text")}
    text = " ".join(texts)
    for row in account.people:
        if row.name and "\x07" not in row.name:
            assert row.name.strip() in text
    assert not [node for node in root.iter() if node.tag.endswith(("script", "foreignObject"))]


def test_markup_in_a_name_stays_text() -> None:
    account = make([person("a", MARKUP)], [])
    document = drawn(account)
    assert "<script>alert" not in to_svg(document)
    html = to_html(document)
    assert "<script>alert" not in html and "<img" not in html


def test_forty_people_fit_a_screen() -> None:
    document = drawn(CASES["forty"])
    scale = min(1888 / document.width, 760 / document.height)
    assert scale > 0.8, "names would be too small to read at 1920×1080"


def test_the_offline_file_is_small() -> None:
    assert len(to_html(drawn(CASES["forty"])).encode()) <= 100_000


def test_the_document_has_the_shape_that_programs_rely_on() -> None:
    document = drawn(CASES["fixture F"]).to_dict()
    assert {"customer", "deal", "cards", "groups", "lines", "legend", "findings", "based_on"} <= (
        document.keys()
    )
    card = next(card for card in document["cards"] if card["id"] == "chen")
    assert {"id", "kind", "name", "title", "x", "y", "w", "h", "stance", "roles"} <= card.keys()
    line = next(line for line in document["lines"] if line["kind"] == "influence")
    assert {"kind", "from_id", "to_id", "points", "strength"} <= line.keys()


ids = st.integers(0, 11).map(lambda i: f"p{i}")


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 12),
    st.lists(st.tuples(ids, ids), max_size=20),
    st.lists(st.sampled_from([None, "d1", "d2", "d3"]), min_size=12, max_size=12),
    st.lists(st.tuples(ids, ids), max_size=12),
)
def test_any_organisation_is_drawn_soundly(
    size: int,
    reports: list[tuple[str, str]],
    departments: list[str | None],
    influences: list[tuple[str, str]],
) -> None:
    from relgraph.schema.account import DepartmentRow, Influence

    people = [person(f"p{i}", department=departments[i]) for i in range(size)]
    known = {p.id for p in people}
    account = make(
        people,
        [(a, b) for a, b in reports if a in known and b in known],
        departments=tuple(
            DepartmentRow(d, d, None, None) for d in sorted({d for d in departments if d})
        ),
        influences=tuple(
            Influence(from_id=a, to_id=b, strength=0.5)
            for a, b in dict.fromkeys(influences)
            if a in known and b in known and a != b
        ),
    )
    document = drawn(account)
    check_cards(document, account)
    check_groups(document)
    check_lines(document)
    check_ids(document)
