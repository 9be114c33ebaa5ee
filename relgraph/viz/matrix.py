"""Draws the power–interest matrix: exact places, names beside them, the lane of the unplaced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from relgraph.insight.power import Matrix, MatrixPerson
from relgraph.schema.account import Account, RoleInDeal
from relgraph.schema.vocabulary import Lang, Quadrant, Role, Stance, label_or_text
from relgraph.viz.svg import text_of
from relgraph.viz.text import initials, is_chinese, width_of
from relgraph.viz.tokens import stance_token
from relgraph.words import say

W, H = 1000.0, 580.0
LEFT, TOP, PLOT_W, PLOT_H = 52.0, 12.0, 700.0, 516.0
INSET = 26.0
LANE_X, LANE_W = 772.0, 220.0
R = 16.0
PILL_H = 36.0
Box = tuple[float, float, float, float]


def matrix_svg(
    matrix: Matrix,
    account: Account,
    roles: Mapping[str, list[RoleInDeal]],
    lang: Lang,
    now: datetime,
) -> str:
    """The drawing, 1000 × 580, coloured by classes of the page's style sheet.

    Each person is a link to `#ID` with `data-person`, so that a page can open the figures.
    """
    drawing = _Drawing(account, roles, lang, now)
    return drawing.svg(matrix)


class _Drawing:
    def __init__(
        self,
        account: Account,
        roles: Mapping[str, list[RoleInDeal]],
        lang: Lang,
        now: datetime,
    ) -> None:
        self.account, self.roles, self.lang, self.now = account, roles, lang, now
        self.parts: list[str] = []
        self.taken: list[Box] = []

    def svg(self, matrix: Matrix) -> str:
        placed = [p for p in matrix.people if p.lane is None and p.power.value is not None]
        lane = [p for p in matrix.people if p.lane is not None]
        height = max(H, TOP + 92 + 62 * len(lane))
        self.parts.append(
            f'<svg xmlns="http://www.w3.org/2000/svg" class="matrix" '
            f'viewBox="0 0 {W:g} {height:g}" role="group" '
            f'aria-label="{text_of(say(self.lang, "pages.matrix"))}">'
        )
        self._ground(matrix, placed)
        spots = {p.id: (_x(p.interest or 0.0), _y(p.power.value or 0.0)) for p in placed}
        self.taken = [(x - R, y - R, x + R, y + R) for x, y in spots.values()]
        for person in placed:
            self._person(person, *spots[person.id])
        self._lane(lane, height, matrix.threshold)
        self.parts.append("</svg>")
        return "".join(self.parts)

    def _text(self, x: float, y: float, text: str, style: str, anchor: str = "start") -> None:
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" class="{style}" text-anchor="{anchor}">'
            f"{text_of(text)}</text>"
        )

    def _ground(self, matrix: Matrix, placed: list[MatrixPerson]) -> None:
        middle_x, middle_y = _x(matrix.threshold), _y(matrix.threshold)
        right, bottom = LEFT + PLOT_W, TOP + PLOT_H
        self.parts.append(
            f'<rect x="{LEFT}" y="{TOP}" width="{PLOT_W}" height="{PLOT_H}" rx="14" '
            f'class="ground"/>'
            f'<rect x="{middle_x:g}" y="{TOP}" width="{right - middle_x:g}" '
            f'height="{middle_y - TOP:g}" class="close"/>'
            f'<path d="M{middle_x:g} {TOP}V{bottom}M{LEFT} {middle_y:g}H{right}" class="half"/>'
        )
        corners = {
            Quadrant.KEEP_SATISFIED: (LEFT + 14, TOP + 22, "start"),
            Quadrant.MANAGE_CLOSELY: (right - 14, TOP + 22, "end"),
            Quadrant.MONITOR: (LEFT + 14, bottom - 12, "start"),
            Quadrant.KEEP_INFORMED: (right - 14, bottom - 12, "end"),
        }
        for quadrant, (x, y, anchor) in corners.items():
            count = sum(p.quadrant == quadrant.value for p in placed)
            tip = say(self.lang, f"pages.{quadrant.value}_tip")
            name = f"{quadrant.label(self.lang)}  {count}"
            self.parts.append(
                f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" class="quadrant">'
                f'{text_of(name)}<tspan dx="8" class="tip">{text_of(tip)}</tspan></text>'
            )
        for step in (0, 0.25, 0.5, 0.75, 1):
            self._text(LEFT - 8, _y(step) + 4, f"{step:g}", "tick", "end")
            self._text(_x(step), bottom + 18, f"{step:g}", "tick", "middle")
        self._text(right - 14, bottom + 36, f"{say(self.lang, 'pages.interest')} →", "axis", "end")
        self.parts.append(
            f'<text transform="translate(12 {TOP + 60}) rotate(-90)" class="axis">'
            f"{text_of(say(self.lang, 'pages.power'))} →</text>"
        )
        line = say(self.lang, "pages.high_from", t=f"{matrix.threshold:g}")
        self._text(right - 8, middle_y - 6, line, "tick", "end")

    def _person(self, person: MatrixPerson, x: float, y: float) -> None:
        name = self.account.by_id[person.id].name_in(self.lang) or say(self.lang, "map.who")
        under = self._under(person)
        width = max(width_of(name, 13, bold=True), width_of(under, 11)) + 22
        box = self._free(x, y, width)
        self.taken.append(box)
        self._open(person, name)
        left = box[0]
        self.parts.append(
            f'<rect x="{left:g}" y="{box[1]:g}" width="{width:g}" height="{PILL_H}" rx="18" '
            f'class="pill"/>'
        )
        self._text(left + 11, box[1] + 16, name, "name")
        self._text(left + 11, box[1] + 30, under, f"under {stance_token(person.stance)}")
        self._badge(person, x, y)
        self.parts.append("</a>")

    def _open(self, person: MatrixPerson, name: str) -> None:
        self.parts.append(
            f'<a href="#{text_of(person.id)}" data-person="{text_of(person.id)}" '
            f'class="person" aria-label="{text_of(name)}"><title>{text_of(name)}</title>'
        )

    def _badge(self, person: MatrixPerson, x: float, y: float) -> None:
        row = self.account.by_id[person.id]
        letters = initials(row.name_zh or row.name_in(self.lang))
        size = 10 if is_chinese(letters) else 11
        self.parts.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="{R:g}" class="badge {stance_token(person.stance)}"/>'
            f'<text x="{x:g}" y="{y + 4:g}" font-size="{size}" text-anchor="middle" '
            f'class="initials {stance_token(person.stance)}">{text_of(letters)}</text>'
        )

    def _under(self, person: MatrixPerson) -> str:
        stance = Stance.of(person.stance)
        found = self.roles.get(person.id, [])
        order = [role.value for role in Role]
        role = min((r.role for r in found), key=order.index, default=None)
        label = label_or_text(Role, role, self.lang)
        return " ".join(p for p in (stance.symbol, stance.label(self.lang), label) if p)

    def _free(self, x: float, y: float, width: float) -> Box:
        """The first place beside the circle that hides nothing; under it if all are taken."""
        around = [
            (x + R + 5, y - PILL_H / 2),
            (x - R - 5 - width, y - PILL_H / 2),
            (x - width / 2, y + R + 5),
            (x - width / 2, y - R - 5 - PILL_H),
            (x + R, y + R),
            (x - R - width, y + R),
            (x + R, y - R - PILL_H),
            (x - R - width, y - R - PILL_H),
        ]
        around += [(x + R + 5, y - PILL_H / 2 + shift * 20) for shift in (2, -2, 3, -3, 4, -4)]
        around += [(x - R - 5 - width, y - PILL_H / 2 + s * 20) for s in (2, -2, 3, -3, 4, -4)]
        boxes = [(a, b, a + width, b + PILL_H) for a, b in around]
        inside = [
            box
            for box in boxes
            if box[0] >= LEFT + 4
            and box[2] <= LEFT + PLOT_W - 4
            and box[1] >= TOP + 28
            and box[3] <= TOP + PLOT_H - 26
        ]
        for box in inside:
            if not any(_overlap(box, other) for other in self.taken):
                return box
        return min(inside or boxes[:1], key=lambda b: sum(_overlap(b, t) for t in self.taken))

    def _lane(self, lane: list[MatrixPerson], height: float, threshold: float) -> None:
        tall = height - TOP - (H - TOP - PLOT_H)
        self.parts.append(
            f'<rect x="{LANE_X}" y="{TOP}" width="{LANE_W}" height="{tall:g}" rx="14" '
            f'class="lane"/>'
        )
        title = f"{say(self.lang, 'pages.lane')}  {len(lane)}"
        self._text(LANE_X + 14, TOP + 22, title, "quadrant")
        y = TOP + 62
        for person in lane:
            name = self.account.by_id[person.id].name_in(self.lang) or say(self.lang, "map.who")
            self._open(person, name)
            self.parts.append(
                f'<rect x="{LANE_X + 8}" y="{y - 24:g}" width="{LANE_W - 16}" height="56" rx="10" '
                f'class="pill"/>'
            )
            self._badge(person, LANE_X + 32, y - 2)
            self._text(LANE_X + 56, y - 6, name, "name")
            low, high = f"{person.power.low:.2f}", f"{person.power.high:.2f}"
            text = say(self.lang, "pages.range", low=low, high=high)
            self._text(LANE_X + 56, y + 9, text, "tick")
            start, wide = LANE_X + 56, LANE_W - 80
            self.parts.append(
                f'<path d="M{start} {y + 21:g}h{wide}" class="rail"/>'
                f'<path d="M{start + wide * person.power.low:g} {y + 21:g}'
                f'h{wide * (person.power.high - person.power.low):g}" class="span"/>'
                f'<path d="M{start + wide * threshold:g} {y + 16:g}v10" class="half"/></a>'
            )
            y += 62


def _x(interest: float) -> float:
    return LEFT + INSET + interest * (PLOT_W - 2 * INSET)


def _y(power: float) -> float:
    return TOP + INSET + (1 - power) * (PLOT_H - 2 * INSET)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
