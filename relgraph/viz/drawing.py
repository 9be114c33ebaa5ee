"""What the drawings without a map document share: text, badges, links, their style sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from relgraph.schema.account import Account
from relgraph.schema.vocabulary import Lang
from relgraph.viz.svg import text_of
from relgraph.viz.text import badge_of, is_chinese
from relgraph.viz.tokens import Theme, stance_token, tokens
from relgraph.words import say

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_VARIABLE = re.compile(r"var\(--([a-z0-9-]+)\)")
_MARGIN = 16.0


class Drawing:
    """An SVG in the making; classes of `assets/drawing.css` give it its colours."""

    def __init__(
        self, account: Account, lang: Lang, address: Callable[[str], str] | None = None
    ) -> None:
        self.account, self.lang = account, lang
        self.address = address or (lambda person_id: f"#{person_id}")
        self.parts: list[str] = []

    def add(self, markup: str) -> None:
        """Append markup whose text is escaped already."""
        self.parts.append(markup)

    def text(self, x: float, y: float, text: str, style: str, anchor: str = "start") -> None:
        """One line of text, escaped."""
        self.add(
            f'<text x="{x:g}" y="{y:g}" class="{style}" text-anchor="{anchor}">'
            f"{text_of(text)}</text>"
        )

    def name_of(self, person_id: str) -> str:
        """A person's name, or the word for an empty seat."""
        return self.account.by_id[person_id].name_in(self.lang) or say(self.lang, "map.who")

    def open_person(self, person_id: str, title: str | None = None) -> None:
        """Begin a link to a person; a page opens their figures by `data-person`."""
        name = text_of(title or self.name_of(person_id))
        self.add(
            f'<a href="{text_of(self.address(person_id))}" data-person="{text_of(person_id)}" '
            f'class="person" aria-label="{name}"><title>{name}</title>'
        )

    def badge(self, person_id: str, stance: int | None, x: float, y: float, r: float) -> None:
        """A round badge with initials, its edge in the stance's colour."""
        row = self.account.by_id[person_id]
        letters = badge_of(row, self.lang)
        size = 10 if is_chinese(letters) else 11
        self.add(
            f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" class="badge {bar(stance)}"/>'
            f'<text x="{x:g}" y="{y + 4:g}" font-size="{size}" text-anchor="middle" '
            f'class="initials {ink(stance)}">{text_of(letters)}</text>'
        )

    def svg(self, width: float, height: float, kind: str, label: str, theme: Theme | None) -> str:
        """The complete drawing; with a theme it is a file of its own, on a ground with a margin."""
        body = "".join(self.parts)
        open_tag = '<svg xmlns="http://www.w3.org/2000/svg"'
        name = f'class="drawing {kind}" role="group" aria-label="{text_of(label)}"'
        if theme is None:
            return (
                f'{open_tag} width="{width:g}" height="{height:g}" '
                f'viewBox="0 0 {width:g} {height:g}" {name}>{body}</svg>'
            )
        wide, high = width + 2 * _MARGIN, height + 2 * _MARGIN
        box = f"{-_MARGIN:g} {-_MARGIN:g} {wide:g} {high:g}"
        return (
            f'{open_tag} width="{wide:g}" height="{high:g}" viewBox="{box}" {name}>'
            f"<title>{text_of(label)}</title><style>{style_of(theme)}</style>"
            f'<rect x="{-_MARGIN:g}" y="{-_MARGIN:g}" width="{wide:g}" height="{high:g}" '
            f'class="paper"/>{body}</svg>'
        )


def bar(stance: int | None) -> str:
    """Class that colours an edge by stance."""
    return stance_token(stance).replace("stance", "bar")


def ink(stance: int | None) -> str:
    """Class that colours text by stance."""
    return stance_token(stance).replace("stance", "ink")


@cache
def style_of(theme: Theme) -> str:
    """The style sheet with every colour written out: not all programs know CSS variables."""
    text = files("relgraph.viz").joinpath("assets", "drawing.css").read_text("utf-8")
    known = tokens(theme)
    return _VARIABLE.sub(lambda match: known[match[1]], _COMMENT.sub("", text)).strip()
