"""Draws a map document as one standalone SVG: no script, no outside reference, only text."""

from __future__ import annotations

import re
from html import escape

from relgraph.schema.line_styles import Dash
from relgraph.schema.vocabulary import Stance
from relgraph.viz.document import Card, DrawnLine, DrawnStyle, Group, LegendEntry, MapDocument
from relgraph.viz.groups import (
    COUNT_GAP,
    HEADER_PAD,
    SYMBOL_GAP,
    SYMBOL_SIZE,
    UNDER_SIZE,
    counted,
    counts_width,
    under_name,
)
from relgraph.viz.paths import rounded_path
from relgraph.viz.text import in_lines, is_chinese, width_of
from relgraph.viz.tokens import Theme, stance_token, tokens
from relgraph.words import say

MARGIN, TITLE_H, ANSWER_LINE = 20.0, 34.0, 22.0
LEGEND_TOP, LEGEND_ROW, LEGEND_GAP = 20.0, 20.0, 18.0
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_DASHES: dict[Dash, str] = {
    "": "",
    "dash": ' stroke-dasharray="6 4"',
    "dot": ' stroke-dasharray="1.5 4"',
}


def text_of(value: str) -> str:
    """Text for XML: markup escaped, characters that XML cannot hold left out."""
    return escape(_NOT_XML.sub("", value), quote=True)


def to_svg(document: MapDocument, theme: Theme = "light") -> str:
    """The drawing with title, answer, legend and date. Text is real text."""
    return _Drawing(document, theme).svg()


class _Drawing:
    def __init__(self, document: MapDocument, theme: Theme) -> None:
        self.document = document
        self.color = tokens(theme)
        self.lang = document.lang
        self.styles = document.line_styles()
        self.width = max(document.width, 640.0) + 2 * MARGIN
        self.parts: list[str] = []

    def svg(self) -> str:
        document = self.document
        answer = "".join(part.text for part in document.answer)
        lines = in_lines(answer, 15, self.width - 2 * MARGIN, most=4)
        top = MARGIN + TITLE_H + ANSWER_LINE * len(lines) + 24
        legend = self._legend_rows()
        height = top + document.height + LEGEND_TOP + LEGEND_ROW * len(legend) + MARGIN
        title = say(self.lang, "map.title", name=document.customer["name"])
        self.parts.append(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:g}" height="{height:g}" '
            f'viewBox="0 0 {self.width:g} {height:g}" font-family="{text_of(self.color["font"])}" '
            f'font-size="13" lang="{document.lang}" role="img">'
            f"<title>{text_of(title)}</title>"
        )
        self._markers()
        self.parts.append(f'<rect width="100%" height="100%" fill="{self.color["page"]}"/>')
        self._head(lines)
        x = MARGIN + (self.width - 2 * MARGIN - document.width) / 2
        self.parts.append(f'<g transform="translate({x:g} {top:g})">')
        for group in document.groups:
            self._group(group)
        for line in document.lines:
            if line.shown == "always":
                self._line(line)
        for card in document.cards:
            self._card(card)
        for line in document.lines:
            if line.label is not None and line.shown == "always":
                self._label(line)
        self.parts.append("</g>")
        self._legend(legend, top + document.height + 8)
        self.parts.append("</svg>")
        return "".join(self.parts)

    # pieces -----------------------------------------------------------------------------

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        fill: str = "text",
        size: float = 13,
        bold: bool = False,
        anchor: str = "start",
        width: float | None = None,
    ) -> None:
        """One text node; what is wider than `width` is squeezed a little, then cut by its frame."""
        if not text:
            return
        more = ' font-weight="600"' if bold else ""
        if anchor != "start":
            more += f' text-anchor="{anchor}"'
        clip = ""
        if width is not None:
            natural = width_of(text, size, bold=bold)
            if natural > width:
                more += (
                    f' textLength="{width:g}" lengthAdjust="spacingAndGlyphs"'
                    if (natural < width * 1.35)
                    else ""
                )
                if natural >= width * 1.35:
                    clip = (
                        f'<svg x="{x:g}" y="{y - size:g}" width="{width:g}" '
                        f'height="{size * 1.5:g}">'
                    )
                    self.parts.append(clip)
                    x, y = 0, size
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{self.color[fill]}"{more}>'
            f"<title>{text_of(text)}</title>{text_of(text)}</text>"
            if clip
            else f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{self.color[fill]}"{more}>'
            f"{text_of(text)}</text>"
        )
        if clip:
            self.parts.append("</svg>")

    def _markers(self) -> None:
        self.parts.append("<defs>")
        for style in self.styles.values():
            if not style.arrow:
                continue
            self.parts.append(
                f'<marker id="arrow-{style.kind}" viewBox="0 0 8 8" refX="7" refY="4" '
                f'markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">'
                f'<path d="M0 0.5 8 4 0 7.5z" fill="{self.color[style.color]}"/></marker>'
            )
        self.parts.append(
            f'<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)">'
            f'<rect width="5" height="5" fill="{self.color["surface"]}"/>'
            f'<rect width="2" height="5" fill="{self.color["stance-unknown-bar"]}"/>'
            f"</pattern></defs>"
        )

    def _head(self, lines: list[str]) -> None:
        document = self.document
        customer = document.customer
        name = " ".join(part for part in (customer["name"], customer["name_alt"]) if part)
        self._text(MARGIN, MARGIN + 18, name, size=18, bold=True, width=self.width * 0.6)
        deal = document.deal["name"] if document.deal else ""
        date = say(self.lang, "map.as_of", date=document.now)
        right = " · ".join(part for part in (deal, date) if part)
        self._text(self.width - MARGIN, MARGIN + 18, right, fill="text-2", size=12, anchor="end")
        y = MARGIN + TITLE_H + 8
        for line in lines:
            self._text(MARGIN, y, line, size=15)
            y += ANSWER_LINE
        self._text(MARGIN, y, document.based_on["text"], fill="text-2", size=12)

    def _group(self, group: Group) -> None:
        color = self.color
        self.parts.append(
            f'<rect x="{group.x:g}" y="{group.y:g}" width="{group.w:g}" height="{group.h:g}" '
            f'rx="14" fill="{color["surface"]}" fill-opacity=".55" stroke="{color["line"]}"/>'
        )
        room = group.w - 2 * HEADER_PAD
        left, base = group.x + HEADER_PAD, group.y + 34
        counts = counts_width(group)
        self._text(left, group.y + 18, group.name, bold=True, width=room)
        under = under_name(group)
        self._text(left, base, under, fill="text-2", size=UNDER_SIZE, width=room - counts - 8)
        x, bar_x = left + room - counts, left
        for word, count in counted(group):
            stance = None if word is Stance.UNKNOWN else int(word.value)
            token = stance_token(stance)
            self._text(x, base - 1, word.symbol, fill=f"{token}-ink", size=SYMBOL_SIZE)
            x += width_of(word.symbol, SYMBOL_SIZE) + SYMBOL_GAP
            self._text(x, base, str(count), fill="text-2", size=UNDER_SIZE)
            x += width_of(str(count), UNDER_SIZE) + COUNT_GAP
            width = room * count / group.count
            fill = "url(#hatch)" if stance is None else color[f"{token}-bar"]
            self.parts.append(
                f'<rect x="{bar_x:.1f}" y="{group.y + 42:g}" width="{width:.1f}" height="4" '
                f'fill="{fill}"/>'
            )
            bar_x += width

    def _line(self, line: DrawnLine) -> None:
        style = self.styles[line.kind]
        path = rounded_path(line.points)
        if style.casing:
            self.parts.append(
                f'<path d="{path}" fill="none" stroke="{self.color["page"]}" '
                f'stroke-width="{line.width + 4:g}"/>'
            )
        head = f' marker-end="url(#arrow-{style.kind})"' if style.arrow and line.directed else ""
        self.parts.append(
            f'<path d="{path}" fill="none" stroke="{self.color[style.color]}" '
            f'stroke-width="{line.width:g}"{_DASHES[line.dashed]}{head}/>'
        )

    def _label(self, line: DrawnLine) -> None:
        label = line.label
        if label is None:
            return
        ink = self.color[self.styles[line.kind].color]
        width = 12 + 7 * len(label.text)
        self.parts.append(
            f'<rect x="{label.x - width / 2:g}" y="{label.y - 8:g}" width="{width:g}" height="16" '
            f'rx="8" fill="{self.color["surface"]}" stroke="{ink}"/>'
            f'<text x="{label.x:g}" y="{label.y + 4:g}" font-size="11" font-weight="600" '
            f'text-anchor="middle" fill="{ink}">{text_of(label.text)}</text>'
        )

    def _card(self, card: Card) -> None:
        if card.kind == "member":
            self._pill(card)
            return
        color = self.color
        dashed = card.kind == "seat" or card.stance is None
        edge = color["text-3"] if dashed else color["line"]
        radius = 10 if card.shape == "card" else 6
        dashes = ' stroke-dasharray="4 3"' if dashed else ""
        self.parts.append(
            f'<rect x="{card.x:g}" y="{card.y:g}" width="{card.w:g}" height="{card.h:g}" '
            f'rx="{radius}" fill="{color["surface"]}" stroke="{edge}"'
            f"{dashes}/>"
        )
        if card.kind != "seat":
            fill = (
                "url(#hatch)" if card.stance is None else color[f"{stance_token(card.stance)}-bar"]
            )
            self.parts.append(
                f'<path d="M{card.x + 5:g} {card.y:g}h-{5 - min(radius, 5):g}'
                f"a{min(radius, 5)} {min(radius, 5)} 0 0 0 -{min(radius, 5)} {min(radius, 5)}"
                f"v{card.h - 2 * min(radius, 5):g}a{min(radius, 5)} {min(radius, 5)} 0 0 0 "
                f'{min(radius, 5)} {min(radius, 5)}h{5 - min(radius, 5):g}z" fill="{fill}"/>'
            )
        if card.shape == "row":
            self._row(card)
        else:
            self._full(card)

    def _symbol(self, card: Card) -> str:
        entry = next(
            e
            for e in self.document.legend
            if e.kind == "stance"
            and e.key == ("unknown" if card.stance is None else str(card.stance))
        )
        return entry.symbol

    def _row(self, card: Card) -> None:
        ink = f"{stance_token(card.stance)}-ink"
        name = " ".join(part for part in (card.name, card.name_alt) if part)
        self._text(card.x + 14, card.y + 19, name, width=card.w - 52)
        self._text(
            card.x + card.w - 10, card.y + 18, self._symbol(card), fill=ink, size=10, anchor="end"
        )

    def _full(self, card: Card) -> None:
        color = self.color
        token = stance_token(card.stance)
        cx, cy = card.x + 28, card.y + 29
        self.parts.append(
            f'<circle cx="{cx:g}" cy="{cy:g}" r="16" fill="{color[token + "-bar"]}" '
            f'fill-opacity=".16"/>'
        )
        size = 10 if is_chinese(card.initials) else 11
        self._text(
            cx, cy + 4, card.initials, fill=f"{token}-ink", size=size, bold=True, anchor="middle"
        )
        left = card.x + 52
        room = card.x + card.w - 10 - left
        age = f"◷ {card.age_days} d" if card.stale and card.age_days is not None else ""
        name_room = room - (width_of(age, 11) + 8 if age else 0)
        self._text(left, card.y + 23, card.name, bold=True, width=name_room)
        name_width = width_of(card.name, 13, bold=True)
        if card.name_alt and name_width + width_of(card.name_alt, 12) + 6 <= name_room:
            self._text(left + name_width + 5, card.y + 23, card.name_alt, fill="text-2", size=12)
        if age:
            self._text(card.x + card.w - 9, card.y + 22, age, fill="warning", size=11, anchor="end")
        self._text(left, card.y + 40, card.title, fill="text-2", size=12, width=room)
        self._last_row(card)

    def _last_row(self, card: Card) -> None:
        color = self.color
        x, y = card.x + 12, card.y + 52
        if card.chip is not None:
            width = width_of(card.chip.text, 11, bold=True) + 16
            dark = card.chip.tone == "dark"
            self.parts.append(
                f'<rect x="{x:g}" y="{y:g}" width="{width:.1f}" height="18" rx="9" '
                f'fill="{color["chip-dark" if dark else "line"]}"/>'
            )
            ink = "on-chip-dark" if dark else "text-2"
            self._text(x + 8, y + 13, card.chip.text, fill=ink, size=11, bold=True)
            x += width + 8
        if card.closeness is not None and card.kind == "person":
            for dot in range(5):
                fill = color["knows" if dot < card.closeness else "line-strong"]
                self.parts.append(
                    f'<circle cx="{x + 3 + dot * 7:g}" cy="{y + 9:g}" r="2.5" fill="{fill}"/>'
                )
        if card.kind == "person":
            self._text(
                card.x + card.w - 9,
                y + 13,
                f"{self._symbol(card)} {card.stance_label}",
                fill=f"{stance_token(card.stance)}-ink",
                size=11,
                anchor="end",
            )

    def _pill(self, card: Card) -> None:
        color = self.color
        self.parts.append(
            f'<rect x="{card.x:g}" y="{card.y:g}" width="{card.w:g}" height="{card.h:g}" '
            f'rx="{card.h / 2:g}" fill="{color["surface"]}" stroke="{color["accent"]}"/>'
            f'<circle cx="{card.x + 18:g}" cy="{card.y + card.h / 2:g}" r="12" '
            f'fill="{color["accent-soft"]}"/>'
        )
        self._text(
            card.x + 18,
            card.y + card.h / 2 + 4,
            card.initials,
            fill="accent",
            size=10,
            bold=True,
            anchor="middle",
        )
        self._text(card.x + 37, card.y + 15, card.name, size=12, bold=True, width=card.w - 50)
        self._text(card.x + 37, card.y + 28, card.title, fill="text-2", size=11, width=card.w - 50)

    def _legend_rows(self) -> list[list[LegendEntry]]:
        """The legend's entries, in as many rows as their labels need."""
        rows: list[list[LegendEntry]] = [[]]
        x = MARGIN
        for entry in self.document.legend:
            width = _mark_width(entry) + width_of(entry.label, 12)
            if rows[-1] and x + width > self.width - MARGIN:
                rows.append([])
                x = MARGIN
            rows[-1].append(entry)
            x += width + LEGEND_GAP
        return rows

    def _legend(self, rows: list[list[LegendEntry]], top: float) -> None:
        for number, row in enumerate(rows):
            x, y = MARGIN, top + number * LEGEND_ROW
            for entry in row:
                if entry.style is None:
                    stance = None if entry.key == "unknown" else int(entry.key)
                    ink = f"{stance_token(stance)}-ink"
                    self._text(x, y + 18, entry.symbol, fill=ink, size=11)
                else:
                    self._sample(x, y + 14, entry.style)
                x += _mark_width(entry)
                self._text(x, y + 18, entry.label, fill="text-2", size=12)
                x += width_of(entry.label, 12) + LEGEND_GAP

    def _sample(self, x: float, y: float, style: DrawnStyle) -> None:
        self.parts.append(
            f'<path d="M{x:g} {y:g}h26" stroke="{self.color[style.color]}" '
            f'stroke-width="{style.width:g}"{_DASHES[style.dash]}/>'
        )


def _mark_width(entry: LegendEntry) -> float:
    """Width of a legend entry before its label."""
    return 34.0 if entry.style else width_of(entry.symbol, 11) + 10
