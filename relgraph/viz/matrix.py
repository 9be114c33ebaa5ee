"""Draws the power–interest matrix: exact places, names beside them, the lane of the unplaced."""

from __future__ import annotations

from relgraph.insight.basis import is_stale
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.matrix import Matrix, MatrixPerson
from relgraph.schema.values import age_in_days
from relgraph.schema.vocabulary import Lang, Quadrant, Role, Stance, label_or_text
from relgraph.viz.drawing import Drawing, ink
from relgraph.viz.labels import Box, Labels, nearest_point
from relgraph.viz.svg import text_of
from relgraph.viz.text import shortened, width_of
from relgraph.viz.tokens import Theme
from relgraph.words import say

W = 1000.0
LEFT, TOP, PLOT_H, EMPTY_PLOT_H = 52.0, 4.0, 540.0, 260.0
BELOW = 44.0
INSET = 26.0
BESIDE_W, GAP = 228.0, 16.0
R, DOT = 16.0, 5.0
PILL_H, PILL_MOST = 36.0, 220.0
ROW_H, HEAD_H = 26.0, 50.0
COLUMNS = 4
BESIDE_AT_MOST = int((PLOT_H - HEAD_H - 8) // ROW_H)


def matrix_svg(
    matrix: Matrix, evaluation: Evaluation, lang: Lang, theme: Theme | None = None
) -> str:
    """The drawing of a matrix, 1000 wide, coloured by classes of `assets/drawing.css`.

    Each person is a link to `#ID` with `data-person`, so that a page can open the figures. Who
    needs assessment stands in a lane at the right, or, where they are many, below. With a theme
    the drawing is a file of its own.
    """
    placed = [p for p in matrix.people if p.lane is None]
    lane = [p for p in matrix.people if p.lane is not None]
    return _Drawing(matrix, evaluation, lang, len(placed), len(lane)).render(placed, lane, theme)


class _Drawing(Drawing):
    def __init__(
        self, matrix: Matrix, evaluation: Evaluation, lang: Lang, placed: int, unplaced: int
    ) -> None:
        super().__init__(evaluation.account, lang)
        self.matrix, self.evaluation = matrix, evaluation
        self.lane_beside = 0 < unplaced <= BESIDE_AT_MOST
        self.right = W - 4 - (BESIDE_W + GAP if self.lane_beside else 0)
        # With nobody in it the plot makes room for the lane.
        self.high = PLOT_H if placed or self.lane_beside else EMPTY_PLOT_H
        self.bottom = TOP + self.high
        self.labels = Labels((LEFT + 4, TOP + 30, self.right - 4, self.bottom - 28))

    def render(
        self, placed: list[MatrixPerson], lane: list[MatrixPerson], theme: Theme | None
    ) -> str:
        self._ground(placed)
        marks = self._marks(placed)
        self.labels.occupied = [(x - r, y - r, x + r, y + r) for x, y, r in marks.values()]
        for person in placed:
            self._person(person, *marks[person.id])
        height = self.bottom + BELOW
        if self.lane_beside:
            self._lane(lane, (self.right + GAP, TOP, W - 4, self.bottom), 1)
        elif lane:
            rows = -(-len(lane) // COLUMNS)
            top = height + 8
            height = top + HEAD_H + rows * ROW_H + 8
            self._lane(lane, (LEFT, top, self.right, height), COLUMNS)
        return self.svg(W, height + 2, "matrix", say(self.lang, "pages.matrix"), theme)

    def _x(self, interest: float) -> float:
        return LEFT + INSET + interest * (self.right - LEFT - 2 * INSET)

    def _y(self, power: float) -> float:
        return TOP + INSET + (1 - power) * (self.high - 2 * INSET)

    def _ground(self, placed: list[MatrixPerson]) -> None:
        threshold = self.matrix.threshold
        middle_x, middle_y = self._x(threshold), self._y(threshold)
        right, bottom = self.right, self.bottom
        self.add(
            f'<rect x="{LEFT}" y="{TOP}" width="{right - LEFT:g}" height="{self.high:g}" rx="14" '
            f'class="ground"/>'
            f'<path d="M{middle_x:g} {middle_y:g}V{TOP + 1}H{right - 14:g}'
            f'q13 0 13 13V{middle_y:g}z" class="close"/>'
            f'<path d="M{middle_x:g} {TOP}V{bottom}M{LEFT} {middle_y:g}H{right:g}" class="half"/>'
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
            self.add(
                f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" class="quadrant">'
                f'{text_of(name)}<tspan dx="8" class="tip">{text_of(tip)}</tspan></text>'
            )
        for step in (0, 0.25, 0.5, 0.75, 1):
            self.text(LEFT - 8, self._y(step) + 4, f"{step:g}", "tick", "end")
            self.text(self._x(step), bottom + 18, f"{step:g}", "tick", "middle")
        self.text(right - 14, bottom + 36, f"{say(self.lang, 'pages.interest')} →", "axis", "end")
        self.add(
            f'<text transform="translate(12 {TOP + 60}) rotate(-90)" class="axis">'
            f"{text_of(say(self.lang, 'pages.power'))} →</text>"
        )
        line = say(self.lang, "pages.high_from", t=f"{threshold:g}")
        self.text(LEFT + 14, middle_y - 6, line, "tick")

    def _marks(self, placed: list[MatrixPerson]) -> dict[str, tuple[float, float, float]]:
        """Place and radius of each mark: a badge, or a dot where badges would hide each other."""
        spots = {p.id: (self._x(p.interest or 0.0), self._y(_height(p))) for p in placed}
        marks: dict[str, tuple[float, float, float]] = {}
        dots: set[tuple[int, int]] = set()
        for person, (x, y) in spots.items():
            crowded = any(
                (x - a) ** 2 + (y - b) ** 2 < (1.7 * R) ** 2
                for other, (a, b) in spots.items()
                if other != person
            )
            if not crowded:
                marks[person] = (x, y, R)
                continue
            # People of equal figures stand side by side: a dot must never hide another.
            while (cell := (round(x / DOT / 2), round(y / DOT / 2))) in dots:
                x += 2 * DOT
            dots.add(cell)
            marks[person] = (x, y, DOT)
        return marks

    def _person(self, person: MatrixPerson, x: float, y: float, r: float) -> None:
        name = shortened(self.name_of(person.id), 13, PILL_MOST, bold=True)
        under, age = self._under(person), self._age(person)
        below = f"{under}  {age}" if age else under
        width = max(width_of(name, 13, bold=True), width_of(below, 11)) + 22
        box = self.labels.place(x, y, r, width, PILL_H)
        self.open_person(person.id)
        if person.power.value is None:
            # On this side of the line for certain, but without a number: the range is drawn.
            low, high = self._y(person.power.low), self._y(person.power.high)
            self.add(f'<path d="M{x:g} {low:g}V{high:g}" class="span"/>')
            self.add(f'<path d="M{x:g} {y:g}V{self.bottom:g}" class="guide"/>')
        else:
            self.add(f'<path d="M{LEFT} {y:g}H{x:g}V{self.bottom:g}" class="guide"/>')
        if box is None:
            left = min(max(x - width / 2, LEFT + 4), self.right - 4 - width)
            spot = (left, y + r + 4, left + width, y + r + 4 + PILL_H)
            self.add('<g class="late">')
            self._pill(spot, name, under, age, person.stance)
            self.add("</g>")
        else:
            self._pill(box, name, under, age, person.stance, (x, y))
        if r == R:
            self.badge(person.id, person.stance, x, y, R)
        else:
            edge = ink(person.stance).replace("ink", "bar")
            self.add(f'<circle cx="{x:g}" cy="{y:g}" r="{DOT:g}" class="badge {edge}"/>')
        self.add("</a>")

    def _pill(
        self,
        box: Box,
        name: str,
        under: str,
        age: str,
        stance: int | None,
        mark: tuple[float, float] | None = None,
    ) -> None:
        if mark is not None:
            end_x, end_y = nearest_point(box, *mark)
            self.add(f'<path d="M{mark[0]:g} {mark[1]:g}L{end_x:g} {end_y:g}" class="leader"/>')
        self.add(
            f'<rect x="{box[0]:g}" y="{box[1]:g}" width="{box[2] - box[0]:g}" '
            f'height="{PILL_H}" rx="18" class="pill"/>'
        )
        self.text(box[0] + 11, box[1] + 16, name, "name")
        old = f'<tspan dx="6" class="old">{text_of(age)}</tspan>' if age else ""
        self.add(
            f'<text x="{box[0] + 11:g}" y="{box[1] + 30:g}" class="under {ink(stance)}">'
            f"{text_of(under)}{old}</text>"
        )

    def _under(self, person: MatrixPerson) -> str:
        stance = Stance.of(person.stance)
        roles = self.evaluation.roles.get(person.id, ())
        order = [role.value for role in Role]
        role = min((r.role for r in roles), key=order.index, default=None)
        label = label_or_text(Role, role, self.lang)
        return " ".join(p for p in (stance.symbol, stance.label(self.lang), label) if p)

    def _age(self, person: MatrixPerson) -> str:
        """How old the stance is, if that is much; what nobody knows has no age."""
        if person.stance is None or not is_stale(person.assessed_at, self.evaluation.now):
            return ""
        days = age_in_days(person.assessed_at, self.evaluation.now)
        return say(self.lang, "pages.days_short", n=days)

    def _lane(self, lane: list[MatrixPerson], box: Box, columns: int) -> None:
        """Who cannot be placed, and why: the range of their power, the line marked on it."""
        left, top, right, bottom = box
        self.add(
            f'<rect x="{left:g}" y="{top:g}" width="{right - left:g}" '
            f'height="{bottom - top:g}" rx="14" class="lane"/>'
        )
        title = f"{say(self.lang, 'pages.lane')}  {len(lane)}"
        self.text(left + 14, top + 22, title, "quadrant")
        reasons = {reason for person in lane for reason in person.unsure}
        hint = "both" if len(reasons) > 1 else next(iter(reasons))
        self.text(left + 14, top + 38, say(self.lang, f"pages.lane_because.{hint}"), "tick")
        wide = (right - left - 12) / columns
        rows = -(-len(lane) // columns)
        for index, person in enumerate(lane):
            column, row = divmod(index, rows)
            self._lane_row(person, left + 6 + column * wide, top + HEAD_H + row * ROW_H, wide)

    def _lane_row(self, person: MatrixPerson, x: float, y: float, wide: float) -> None:
        low, high = person.power.low, person.power.high
        self.open_person(person.id, f"{self.name_of(person.id)}: {self._what_is_known(person)}")
        self.add(
            f'<rect x="{x:g}" y="{y:g}" width="{wide - 4:g}" height="{ROW_H - 3:g}" rx="8" '
            f'class="pill"/>'
        )
        middle = y + (ROW_H - 3) / 2
        stance = Stance.of(person.stance)
        self.text(x + 15, middle + 4, stance.symbol, f"under {ink(person.stance)}", "middle")
        rail = 62.0
        name = shortened(self.name_of(person.id), 12, wide - rail - 50)
        self.add(f'<text x="{x + 28:g}" y="{middle + 4:g}" font-size="12">{text_of(name)}</text>')
        start = x + wide - rail - 14
        self.add(
            f'<path d="M{start:g} {middle:g}h{rail:g}" class="rail"/>'
            f'<path d="M{start + rail * low:g} {middle:g}h{rail * max(high - low, 0.03):g}" '
            f'class="span"/>'
            f'<path d="M{start + rail * self.matrix.threshold:g} {middle - 5:g}v10" '
            f'class="half"/></a>'
        )

    def _what_is_known(self, person: MatrixPerson) -> str:
        """Power, or its range, of somebody in the lane, and what is missing."""
        low, high = person.power.low, person.power.high
        words = [say(self.lang, "pages.range", low=f"{low:.2f}", high=f"{high:.2f}")]
        if low == high:
            words = [f"{say(self.lang, 'pages.power')} {low:.2f}"]
        if person.listened_to is not None:
            words.append(f"{say(self.lang, 'pages.listened_to')} {person.listened_to:.2f}")
        if "interest" in person.unsure:
            words.append(say(self.lang, "pages.lane_because.interest"))
        return " · ".join(words)


def _height(person: MatrixPerson) -> float:
    """Power in [0, 1]; the middle of its range where it has no number."""
    power = person.power
    return (power.low + power.high) / 2 if power.value is None else power.value
