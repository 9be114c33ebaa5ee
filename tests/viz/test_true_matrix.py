"""Whatever the matrix of random customers draws is so: each text and figure is read and looked up.

The drawing is read as a reader sees it, by its texts and by where marks stand against the axes;
what it claims is looked up in the records by `Records`, which shares nothing with insight.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from xml.etree import ElementTree

from hypothesis import HealthCheck, Phase, given, settings

from relgraph.insight.matrix import power_interest_matrix
from relgraph.schema.account import Account
from relgraph.schema.vocabulary import LANGS, Lang, Quadrant, Role, Stance, label_or_text
from relgraph.viz.matrix import matrix_svg
from relgraph.words import say
from tests.insight.build import DEAL, evaluated
from tests.insight.customers import accounts
from tests.insight.plain_records import Records

EXACT = 1e-5
"""What a figure may be off by for the digits of the drawing."""
DOT = 5.0


@dataclass
class Person:
    """A person as drawn: in the plot with a mark, or in the lane."""

    label: str
    texts: dict[str, str] = field(default_factory=dict)
    """By class."""
    mark: tuple[float, float, float] | None = None


class Drawn:
    """A matrix as its reader sees it."""

    def __init__(self, svg: str) -> None:
        self.people: dict[str, Person] = {}
        self.texts: list[tuple[str, str, float, float]] = []
        self._read(ElementTree.fromstring(svg), None)
        across = {text: x for kind, text, x, y in self.texts if kind == "tick middle"}
        down = {text: y - 4 for kind, text, x, y in self.texts if kind == "tick end"}
        self.x0, self.x1, self.y0, self.y1 = across["0"], across["1"], down["0"], down["1"]

    def _read(self, element: ElementTree.Element, person: Person | None) -> None:
        tag, kind = element.tag.rpartition("}")[2], element.get("class", "")
        if "data-person" in element.attrib:
            assert element.attrib["data-person"] not in self.people, "drawn once"
            person = Person(element.attrib["aria-label"])
            self.people[element.attrib["data-person"]] = person
        elif tag == "circle" and person is not None and kind.startswith("badge"):
            person.mark = tuple(float(element.attrib[name]) for name in ("cx", "cy", "r"))  # type: ignore[assignment]
        elif tag == "text" and person is not None:
            person.texts[kind.split(" ")[0]] = element.text or ""
            if kind.startswith("under"):
                person.texts["age"] = " ".join(part.text or "" for part in element)
        elif tag == "text" and element.get("x") is not None:
            place = float(element.attrib["x"]), float(element.attrib["y"])
            end = f" {element.get('text-anchor')}" if kind == "tick" else ""
            self.texts.append((kind + end, element.text or "", *place))
        for child in element:
            self._read(child, person)

    def power(self, person: Person) -> float:
        assert person.mark is not None
        return (person.mark[1] - self.y0) / (self.y1 - self.y0)

    def interest(self, person: Person) -> float:
        assert person.mark is not None
        return (person.mark[0] - self.x0) / (self.x1 - self.x0)


def level(records: Records, id_: str) -> float | None:
    """The highest known interest in what is looked at."""
    rows = records.customer.interests
    known = [
        row.level
        for row in rows
        if row.stakeholder_id == id_ and row.deal_id in records.deals and row.level is not None
    ]
    return max(known, default=None)


def floor(records: Records, id_: str, deal_id: str | None) -> float:
    """The least power of who decides, or can veto, for a deal."""
    if deal_id is None:
        return 0.0
    if records.plays(id_, "decision_maker"):
        return 0.8
    return 0.6 if records.can_veto(id_) else 0.0


@settings(
    max_examples=50,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(accounts(names=True))
def test_whatever_a_matrix_draws_is_so(customer: Account) -> None:
    for deal_id in (DEAL, None):
        evaluation, records = evaluated(customer, deal_id), Records(customer, deal_id)
        for lang in LANGS:
            drawn = Drawn(matrix_svg(power_interest_matrix(evaluation), evaluation, lang))
            assert drawn.people.keys() == set(records.ids)
            placed = {id_: p for id_, p in drawn.people.items() if p.mark is not None}
            for id_, person in placed.items():
                check_placed(drawn, records, id_, person, deal_id, lang)
            lane = {id_: p for id_, p in drawn.people.items() if p.mark is None}
            for id_, person in lane.items():
                check_waiting(records, id_, person, deal_id, lang)
            check_counts(drawn, records, placed, lang)
            check_lane(drawn, records, list(lane), lang)


def check_placed(
    drawn: Drawn, records: Records, id_: str, person: Person, deal_id: str | None, lang: Lang
) -> None:
    """Their place, stance, role, and how old the stance is."""
    interest, power = level(records, id_), drawn.power(person)
    assert interest is not None, "who is placed has a known interest"
    if person.mark is not None and person.mark[2] > DOT:
        assert abs(drawn.interest(person) - interest) < EXACT
    else:  # beside others of the same figures
        assert drawn.interest(person) > interest - EXACT
    assert floor(records, id_, deal_id) - EXACT <= power <= 1 + EXACT
    stances = records.stances(id_) if deal_id is not None else {None}
    begins = {f"{Stance.of(s).symbol} {Stance.of(s).label(lang)}": s for s in stances}
    [begin] = [text for text in begins if person.texts["under"].startswith(text)]
    role = person.texts["under"].removeprefix(begin).strip()
    assert role in ({label_or_text(Role, r.role, lang) for r in records.roles(id_)} or {""})
    age = re.search(r"\d+", person.texts["age"])
    assert (age is not None) == (deal_id is not None and records.is_old(id_))
    assert age is None or int(age[0]) == records.age(id_)


def check_waiting(
    records: Records, id_: str, person: Person, deal_id: str | None, lang: Lang
) -> None:
    """What the lane tells of somebody: the range of their power, and what is missing."""
    figures = [float(figure) for figure in re.findall(r"\d\.\d\d", person.label)]
    low, high = figures[0], figures[min(1, len(figures) - 1)]
    if say(lang, "pages.power") in person.label:
        high = low
    assert floor(records, id_, deal_id) <= low <= high <= 1
    is_unknown = say(lang, "pages.lane_because.interest") in person.label
    assert is_unknown == (level(records, id_) is None)
    assert is_unknown or low < 0.5 <= high, "else they could be placed"


def check_counts(drawn: Drawn, records: Records, placed: dict[str, Person], lang: Lang) -> None:
    """How many stand in each quadrant."""
    counts = Counter(
        (drawn.power(person) >= 0.5 - EXACT, (level(records, id_) or 0) >= 0.5)
        for id_, person in placed.items()
    )
    corners = {
        Quadrant.MANAGE_CLOSELY: (True, True),
        Quadrant.KEEP_SATISFIED: (True, False),
        Quadrant.KEEP_INFORMED: (False, True),
        Quadrant.MONITOR: (False, False),
    }
    texts = [text for kind, text, *_ in drawn.texts if kind == "quadrant"]
    for quadrant, sides in corners.items():
        assert f"{quadrant.label(lang)}  {counts[sides]}" in texts


def check_lane(drawn: Drawn, records: Records, lane: list[str], lang: Lang) -> None:
    """How many wait, and why."""
    title = say(lang, "pages.lane")
    titles = [text for kind, text, *_ in drawn.texts if kind == "quadrant" and title in text]
    assert titles == ([f"{title}  {len(lane)}"] if lane else [])
    hints = {
        say(lang, f"pages.lane_because.{word}"): word for word in ("power", "interest", "both")
    }
    because = {hints[text] for _, text, *_ in drawn.texts if text in hints}
    unknown = {level(records, id_) is None for id_ in lane}
    assert len(because) == bool(lane)
    if because == {"power"}:
        assert unknown == {False}
    elif because == {"interest"}:
        assert unknown == {True}
    elif because:
        assert True in unknown
