"""Widths of text without a browser, and short forms of names."""

from __future__ import annotations

import unicodedata

from relgraph.schema.account import Named
from relgraph.schema.vocabulary import Lang

# Advance widths of Inter in thousandths of an em, by groups of letters of like width. They are
# figures of the font (SIL Open Font License); other fonts of the family list are close to it.
_GROUPS = {
    240: "ijl.,:;'|!",
    330: 'ftrI()[]{}-" ',
    470: "/\\*",
    560: "zxcvksyJ?",
    600: "abdeghnopqu0123456789L_+=<>~^–",
    650: "FETBKPSXYZ&",
    730: "ACDGHNORUVQ",
    880: "mwM%@W—●",
    1000: "▲▼◷",
}
_WIDTHS = {letter: width for width, letters in _GROUPS.items() for letter in letters}
_OTHER, _WIDE, _BOLD = 600, 1000, 1.06


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Width of `text` in px at a font size in px."""
    total = 0
    for letter in text:
        width = _WIDTHS.get(letter)
        if width is None:
            if unicodedata.combining(letter):
                continue
            base = unicodedata.normalize("NFD", letter)[0]
            wide = unicodedata.east_asian_width(letter) in "WF"
            width = _WIDE if wide else _WIDTHS.get(base, _OTHER)
        total += width
    return total * size / 1000 * (_BOLD if bold else 1.0)


def is_chinese(text: str) -> bool:
    """Whether a name is written in Chinese characters."""
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def initials(name: str) -> str:
    """Up to two letters for a round badge; of a Chinese name the given name's characters."""
    letters = "".join(ch for ch in name if ch.isalnum() or ch.isspace() or ch in "-'’")
    if is_chinese(letters):
        chinese = "".join(ch for ch in letters if "\u4e00" <= ch <= "\u9fff")
        return chinese[-2:] if len(chinese) > 2 else chinese[-1:]
    words = letters.replace("-", " ").split()
    if not words:
        return "?"
    ends = [words[0]] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


def badge_of(named: Named, lang: Lang) -> str:
    """Letters of a person's badge."""
    return badge_letters(named.name_in(lang), named.name_zh, named.name)


def badge_letters(own: str, name_zh: str | None, name: str | None) -> str:
    """Letters of a badge: the Chinese name's where there is one.

    A transliterated name (安·贝格) says less than the initials of the name itself.
    """
    if name_zh and "·" not in name_zh:
        return initials(name_zh)
    return initials(name or own if "·" in own else own)


def both_names(named: Named, lang: Lang) -> tuple[str, str]:
    """The name in the reader's language, and the one in the other language if it differs."""
    own = named.name_in(lang)
    other = named.name_in("en" if lang == "zh" else "zh")
    return own, other if other != own else ""


def shortened(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits into `width` px, with an ellipsis."""
    if width_of(text, size, bold=bold) <= width:
        return text
    while text and width_of(text + "…", size, bold=bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def in_lines(text: str, size: float, width: float, *, most: int, bold: bool = False) -> list[str]:
    """Text broken into at most `most` lines; the last may still be too long."""
    lines: list[str] = [""]
    for word in _words(text):
        longer = lines[-1] + word
        if lines[-1] and width_of(longer.rstrip(), size, bold=bold) > width and len(lines) < most:
            lines.append(word.lstrip())
        else:
            lines[-1] = longer
    return [line.rstrip() for line in lines]


def _words(text: str) -> list[str]:
    """Pieces at which a line may break: after spaces, and after each Chinese character."""
    pieces: list[str] = []
    current = ""
    for letter in text:
        current += letter
        if letter.isspace() or unicodedata.east_asian_width(letter) in "WF":
            pieces.append(current)
            current = ""
    return [*pieces, current] if current else pieces
