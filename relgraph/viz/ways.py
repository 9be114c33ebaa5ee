"""Draws ways of influence to one person in layers, from left to right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from relgraph.insight.basis import is_stale
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.introductions import Introduction
from relgraph.insight.paths import Path
from relgraph.insight.scope import knowing_strength
from relgraph.schema.line_styles import INFLUENCE, KNOWS
from relgraph.schema.values import age_in_days
from relgraph.schema.vocabulary import Lang, Stance
from relgraph.viz.drawing import Drawing, bar, ink
from relgraph.viz.layout.layers import Layered, Point, Size, layered
from relgraph.viz.paths import rounded_path
from relgraph.viz.svg import text_of
from relgraph.viz.text import badge_of, in_lines, shortened, width_of
from relgraph.viz.tokens import Theme
from relgraph.words import say

NARROWEST, WIDEST = 148.0, 190.0
LINE_H = 14.0
NAME, UNDER = 12, 11
BESIDE = 52.0
"""What of a card's width is no text: its edges and the badge."""
PAD = 18.0
LEAST_W = 520.0
_OURS = "m:"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to draw: nodes (`m:ID` one of us, `p:ID` one of theirs) and the ties between."""

    nodes: tuple[str, ...]
    strengths: tuple[float, ...]


def way_of_path(path: Path) -> Way:
    """A way among their people."""
    return Way(tuple(f"p:{p}" for p in path.people), tuple(e.strength for e in path.edges))


def way_of_introduction(introduction: Introduction) -> Way:
    """A way that begins with one of us."""
    first = knowing_strength(introduction.knowing) or 0.0
    nodes = (f"{_OURS}{introduction.member_id}", *(f"p:{p}" for p in introduction.people))
    return Way(nodes, (first, *(e.strength for e in introduction.edges)))


def ways_svg(
    ways: Sequence[Way],
    evaluation: Evaluation,
    lang: Lang,
    theme: Theme | None = None,
    address: Callable[[str], str] | None = None,
) -> str:
    """The drawing; the first way is the chosen one. Give at least one way.

    `address` makes the link of a person's card out of their id.

    Every line names its ways in `data-ways` and each way's numbers are a group `data-way`, so
    that a page can choose another.
    """
    return _Drawing(evaluation, lang, address).render(ways, theme)


class _Drawing(Drawing):
    def __init__(
        self, evaluation: Evaluation, lang: Lang, address: Callable[[str], str] | None
    ) -> None:
        super().__init__(evaluation.account, lang, address)
        self.evaluation = evaluation
        self.members = {member.id: member for member in evaluation.account.members}

    def render(self, ways: Sequence[Way], theme: Theme | None) -> str:
        self._measure({node for way in ways for node in way.nodes})
        layout = layered([way.nodes for way in ways], self.size)
        strengths = {
            pair: strength
            for way in ways
            for pair, strength in zip(pairwise(way.nodes), way.strengths, strict=True)
        }
        used = {
            pair: [i for i, way in enumerate(ways) if pair in set(pairwise(way.nodes))]
            for pair in strengths
        }
        width = max(layout.width + 2 * PAD, LEAST_W)
        self._arrows()
        self.add(f'<g transform="translate({(width - layout.width) / 2:g} {PAD})">')
        # The chosen way is drawn last, over the others.
        for pair in sorted(strengths, key=lambda pair: (0 in used[pair], pair)):
            self._line(pair, layout.lines[pair], strengths[pair], used[pair])
        for node, corner in layout.corners.items():
            ours = node.startswith(_OURS)
            draw = self._member if ours else self._person
            draw(node[2:], corner, node == ways[0].nodes[-1])
        for pair, points in layout.lines.items():
            self._strength(points, strengths[pair])
        for index, way in enumerate(ways):
            self._numbers(index, way, layout)
        self.add("</g>")
        label = say(self.lang, "pages.ways_to", name=self.name_of(ways[0].nodes[-1][2:]))
        return self.svg(width, layout.height + 2 * PAD, "ways-drawing", label, theme)

    def _measure(self, nodes: set[str]) -> None:
        """Cards as wide as the longest name asks, as high as the longest title."""
        names = [self._name(node) for node in nodes]
        longest = max(width_of(name, NAME, bold=True) for name in names)
        width = min(max(NARROWEST, longest + BESIDE), WIDEST)
        self.titles = {node: self._title_lines(node, width - BESIDE) for node in nodes}
        height = 40.0 + LINE_H * max(len(lines) for lines in self.titles.values())
        self.size = Size(width=width, height=height, row=height + 28.0)

    def _name(self, node: str) -> str:
        if node.startswith(_OURS):
            return self.members[node[2:]].name_in(self.lang)
        return self.name_of(node[2:])

    def _title_lines(self, node: str, room: float) -> list[str]:
        """A title in one or two lines, the first beside the stance; the last is cut to fit."""
        if node.startswith(_OURS):
            return [""]
        title = self.account.by_id[node[2:]].title_in(self.lang)
        beside = room - width_of("▲▲", UNDER) - 6
        lines = in_lines(title, UNDER, beside, most=2)
        return [*lines[:-1], shortened(lines[-1], UNDER, beside if len(lines) == 1 else room)]

    def _arrows(self) -> None:
        for kind in ("influence", "knows"):
            self.add(
                f'<marker id="ways-{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" '
                f'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">'
                f'<path d="M0 0.5L8 4L0 7.5z" class="head-{kind}"/></marker>'
            )

    def _line(
        self, pair: tuple[str, str], points: list[Point], strength: float, ways: list[int]
    ) -> None:
        style = KNOWS if pair[0].startswith(_OURS) else INFLUENCE
        chosen = " chosen" if 0 in ways else ""
        self.add(
            f'<path d="{rounded_path(points)}" class="tie {style.kind}{chosen}" '
            f'data-ways="{" ".join(map(str, ways))}" '
            f'stroke-width="{style.width(strength):g}" marker-end="url(#ways-{style.kind})"/>'
        )

    def _strength(self, points: list[Point], strength: float) -> None:
        """The figure stands on the line's end, where no other line runs."""
        (x0, _), (x1, y1) = points[-2:]
        text = f"{strength:g}"
        width = width_of(text, 11, bold=True) + 6
        left = x1 - 12 - width if x1 > x0 else x1 + 12
        self.add(
            f'<rect x="{left:g}" y="{y1 - 7:g}" width="{width:g}" height="14" rx="7" '
            f'class="figure-ground"/>'
        )
        self.text(left + width / 2, y1 + 4, text, "figure", "middle")

    def _numbers(self, index: int, way: Way, layout: Layered) -> None:
        """Which step of the way each line is: a numbered tag where the line leaves."""
        hidden = "" if index == 0 else " unchosen"
        self.add(f'<g class="numbers{hidden}" data-way="{index}">')
        for number, pair in enumerate(pairwise(way.nodes), 1):
            (x0, y0), (x1, _) = layout.lines[pair][:2]
            x = x0 + (9.0 if x1 >= x0 else -9.0)
            self.add(
                f'<circle cx="{x:g}" cy="{y0:g}" r="7.5" class="number"/>'
                f'<text x="{x:g}" y="{y0 + 4:g}" text-anchor="middle" class="count">{number}</text>'
            )
        self.add("</g>")

    def _person(self, id_: str, corner: Point, goal: bool) -> None:
        x, y = corner
        width, height = self.size.width, self.size.height
        support = self.evaluation.stances.get(id_)
        stance = support.stance if support else None
        self.open_person(id_)
        self.add(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8" '
            f'class="pill{" goal" if goal else ""}"/>'
            f'<path d="M{x + 2.5:g} {y + 5:g}v{height - 10:g}" class="edge {bar(stance)}"/>'
        )
        self.badge(id_, stance, x + 24, y + height / 2, 14)
        first, *further = self.titles[f"p:{id_}"]
        top = y + (height - 40 - LINE_H * (1 + len(further))) / 2
        name = shortened(self.name_of(id_), NAME, width - BESIDE, bold=True)
        self.text(x + 44, top + 22, name, "name small")
        self.add(
            f'<text x="{x + 44:g}" y="{top + 38:g}" class="under {ink(stance)}">'
            f'{Stance.of(stance).symbol}<tspan dx="4" class="tip">{text_of(first)}</tspan></text>'
        )
        for line in further:
            self.text(x + 44, top + 38 + LINE_H, line, "tip")
        now = self.evaluation.now
        if support is not None and is_stale(support.assessed_at, now):
            days = age_in_days(support.assessed_at, now)
            self._tag(x + width - 8, y, say(self.lang, "pages.days_short", n=days))
        self.add("</a>")

    def _tag(self, right: float, y: float, text: str) -> None:
        """A small tag upon the upper edge of a card."""
        width = width_of(text, 11) + 14
        self.add(
            f'<rect x="{right - width:g}" y="{y - 9:g}" width="{width:g}" height="18" rx="9" '
            f'class="tag"/>'
        )
        self.text(right - width / 2, y + 4, text, "under old", "middle")

    def _member(self, id_: str, corner: Point, _goal: bool) -> None:
        x, y = corner
        member = self.members[id_]
        name = member.name_in(self.lang)
        width, height = self.size.width, 36.0
        middle = y + self.size.height / 2
        self.add(
            f'<g class="ours"><title>{text_of(name)}</title>'
            f'<rect x="{x:g}" y="{middle - height / 2:g}" width="{width:g}" height="{height:g}" '
            f'rx="18"/><circle cx="{x + 19:g}" cy="{middle:g}" r="13"/>'
        )
        letters = badge_of(member, self.lang)
        self.text(x + 19, middle + 4, letters, "initials", "middle")
        short_name = shortened(name, NAME, width - BESIDE, bold=True)
        self.text(x + 38, middle + 4, short_name, "name small")
        self.add("</g>")
