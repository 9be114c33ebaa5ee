"""The matrix and the ways as drawings."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from relgraph.insight.introductions import introductions
from relgraph.insight.matrix import power_interest_matrix
from relgraph.schema.account import Account
from relgraph.viz.labels import overlap
from relgraph.viz.matrix import matrix_svg
from relgraph.viz.ways import way_of_introduction, ways_svg
from tests.insight.build import account, evaluated, interest, person, role, support
from tests.support.fixture_f import DEAL, fixture_f

NS = "{http://www.w3.org/2000/svg}"


def drawn(of: Account, deal: str | None = DEAL) -> ElementTree.Element:
    evaluation = evaluated(of, deal)
    text = matrix_svg(power_interest_matrix(evaluation), evaluation, "en")
    return ElementTree.fromstring(text)


def crowd(size: int) -> Account:
    people = [person(f"p{i}", budget=(i % 7) / 6, top=i == 0) for i in range(size)]
    return account(
        people,
        reports=[(f"p{i}", "p0") for i in range(1, size)],
        interests=[interest(f"p{i}", (i % 11) / 10) for i in range(size)],
        supports=[support(f"p{i}", i % 5 - 2, "2026-11-01") for i in range(size)],
    )


def test_the_circle_is_the_exact_place() -> None:
    root = drawn(fixture_f())
    [chen] = [a for a in root.iter(f"{NS}a") if a.get("data-person") == "chen"]
    circle = chen.find(f"{NS}circle")
    assert circle is not None
    guide = next(p for p in chen.iter(f"{NS}path") if p.get("class") == "guide")
    x, y = float(circle.get("cx") or 0), float(circle.get("cy") or 0)
    half = next(p for p in root.iter(f"{NS}path") if p.get("class") == "half").get("d") or ""
    middle_x, middle_y = map(float, re.findall(r"^M([\d.]+).*?([\d.]+)H", half)[0])
    assert x == pytest.approx(middle_x, abs=0.1), "interest 0.5 lies on the line"
    assert y < middle_y, "power 0.66 lies above the line"
    assert guide.get("d") == f"M52.0 {y:g}H{x:g}V544"


@pytest.mark.parametrize("size", [7, 40, 200])
def test_no_name_covers_another(size: int) -> None:
    root = drawn(crowd(size), "deal")
    late = {id(r) for g in root.iter(f"{NS}g") if g.get("class") == "late" for r in g.iter()}
    pills = [
        tuple(float(rect.get(k) or 0) for k in ("x", "y", "width", "height"))
        for rect in root.iter(f"{NS}rect")
        if rect.get("class") == "pill" and id(rect) not in late
    ]
    boxes = [(x, y, x + w, y + h) for x, y, w, h in pills]
    assert len(boxes) >= min(size, 12)
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]


@pytest.mark.parametrize("size", [1, 7, 40, 200])
def test_everybody_is_in_it_once(size: int) -> None:
    root = drawn(crowd(size), "deal")
    ids = [a.get("data-person") for a in root.iter(f"{NS}a")]
    assert sorted(ids) == sorted(f"p{i}" for i in range(size))  # type: ignore[type-var]


def test_a_certain_place_without_a_number_shows_the_range() -> None:
    customer = account("ab", roles=[role("a", "decision_maker")], interests=[interest("a", 0.9)])
    root = drawn(customer, "deal")
    [decider] = [a for a in root.iter(f"{NS}a") if a.get("data-person") == "a"]
    [span] = [p.get("d") or "" for p in decider.iter(f"{NS}path") if p.get("class") == "span"]
    low, high = map(float, re.findall(r"M[\d.]+ ([\d.]+)V([\d.]+)", span)[0])
    circle = decider.find(f"{NS}circle")
    assert circle is not None and float(circle.get("cy") or 0) == pytest.approx((low + high) / 2)
    half = next(p for p in root.iter(f"{NS}path") if p.get("class") == "half").get("d") or ""
    assert high < low < float(re.findall(r" ([\d.]+)H", half)[0])


@pytest.mark.parametrize(
    ("levels", "budget", "hint"),
    [
        ({}, 1.0, "Interest is not known"),
        ({"a": 0.9}, 0.0, "Power may lie on either side"),
        ({}, 0.0, "Power or interest is not known"),
    ],
)
def test_the_lane_says_only_what_is_missing(
    levels: dict[str, float], budget: float, hint: str
) -> None:
    head = person("a", top=True, budget=budget)
    customer = account([head], interests=[interest(*row) for row in levels.items()])
    texts = [text.text for text in drawn(customer, "deal").iter(f"{NS}text")]
    hints = ("Interest is not", "Power may", "Power or interest")
    assert [text for text in texts if (text or "").startswith(hints)] == [hint]


def test_the_lane_tells_who_is_listened_to() -> None:
    root = drawn(account("ab", influences=[("b", "a", 0.9)]), "deal")
    labels = [a.get("aria-label") for a in root.iter(f"{NS}a")]
    assert labels == [
        "B: between 0.00 and 1.00 · Listened to 1.00 · Interest is not known",
        "A: between 0.00 and 1.00 · Listened to 0.00 · Interest is not known",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_file_of_its_own_carries_its_colours(theme: str) -> None:
    evaluation = evaluated(fixture_f(), DEAL)
    text = matrix_svg(power_interest_matrix(evaluation), evaluation, "zh", theme)  # type: ignore[arg-type]
    assert "<style>" in text and "var(" not in text and "/*" not in text
    ElementTree.fromstring(text)


def test_ways_show_each_tie_once_and_the_chosen_way_in_steps() -> None:
    evaluation = evaluated(fixture_f(), DEAL)
    ways = [way_of_introduction(row) for row in introductions(evaluation, "zhou")]
    root = ElementTree.fromstring(ways_svg(ways, evaluation, "en"))
    ties = [p for p in root.iter(f"{NS}path") if (p.get("class") or "").startswith("tie")]
    pairs = {pair for way in ways for pair in zip(way.nodes, way.nodes[1:], strict=False)}
    assert len(ties) == len(pairs)
    assert sum("chosen" in (tie.get("class") or "") for tie in ties) == 3
    numbers = [g for g in root.iter(f"{NS}g") if g.get("class") == "numbers"]
    assert [t.text for t in numbers[0].iter(f"{NS}text")] == ["1", "2", "3"]


def test_markup_in_names_stays_text() -> None:
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    people = [person("p0", name=nasty, top=True), person("p1", name=nasty)]
    evaluation = evaluated(account(people, [("p1", "p0")]))
    text = matrix_svg(power_interest_matrix(evaluation), evaluation, "en", "light")
    root = ElementTree.fromstring(text)
    assert not list(root.iter(f"{NS}script")) and not list(root.iter(f"{NS}img"))
