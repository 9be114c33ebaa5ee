"""Lays text out for a terminal: wrapped by what is seen, Chinese characters being two wide."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence

NARROWEST, WIDEST = 40, 100
"""Columns that help is laid out for, whatever the terminal says."""
WIDEST_TERM = 28
"""Columns of the terms of a list; what is explained by a longer one begins below it."""
_WIDE = "\u2e80-\u9fff\uff00-\uffef"
_PIECE = re.compile(rf"[ \n]+|[{_WIDE}]|[^ \n{_WIDE}]+")
_CLOSING = frozenset("，。；：！？、）》”’」』…,.;:!?)")
"""Signs that no line begins with."""


def screen_width() -> int:
    """Columns to lay out for."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns))


def seen_width(text: str) -> int:
    """Columns that a text fills."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns; a word that is longer stays whole.

    Lines break at spaces and between Chinese characters, never before a closing sign. Blanks at
    the beginning stand before the other lines, too.
    """
    indent = text[: len(text) - len(text.lstrip(" "))]
    lines: list[str] = []
    line, gap = indent, ""
    for piece in _PIECE.findall(text.strip()):
        if piece.isspace():
            gap = " "
            continue
        fits = seen_width(line + gap + piece) <= width
        if fits or not line.strip() or piece[0] in _CLOSING:
            line += (gap if line.strip() else "") + piece
        else:
            lines.append(line)
            line = indent + piece
        gap = ""
    return [*lines, line]


def paragraphs(text: str, width: int, indent: str = "") -> list[str]:
    """The lines of each paragraph; a blank line between two of them stays."""
    return [
        line.rstrip()
        for paragraph in text.split("\n")
        for line in (wrapped(indent + paragraph, width) if paragraph.strip() else [""])
    ]


def definitions(rows: Sequence[tuple[str, str]], width: int) -> Iterable[str]:
    """A list of terms and what they mean, in two columns."""
    lengths = [seen_width(term) for term, _ in rows]
    column = max([length for length in lengths if length <= WIDEST_TERM], default=WIDEST_TERM) + 4
    for (term, text), length in zip(rows, lengths, strict=True):
        lines = wrapped(text, width - column)
        first = "  " + term
        if length > WIDEST_TERM:
            yield first
        else:
            yield (first + " " * (column - 2 - length) + lines.pop(0)).rstrip()
        yield from (" " * column + line for line in lines)
