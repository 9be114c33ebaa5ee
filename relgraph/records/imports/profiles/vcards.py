"""Reads vCard files as rows: versions 2.1, 3.0 and 4.0 (RFC 6350), several cards in one file.

Version 2.1 is what older phones and Outlook write: parameters without names, and
quoted-printable text in an encoding of its own.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator

from relgraph.records.problems import Problem, coded_problem
from relgraph.records.tables.cells import excerpt

HEADER = (
    "UID", "FN", "FAMILY", "GIVEN", "ORG", "UNIT", "TITLE", "ROLE", "EMAIL", "TEL", "URL", "KIND",
)  # fmt: skip
_TYPE_WORDS = ("PREF", "WORK", "CELL")
"""Which of several addresses or numbers counts first."""
_ESCAPE = re.compile(r"\\(.)")
_COMPONENTS = re.compile(r"(?<!\\);")
_NAME = re.compile(r'(?<![\w.-])(?:[\w-]++\.)?([\w-]++)((?:;(?:"[^"]*+"|[^":;])*+)*+):(.*)', re.S)


def read_cards(name: str, text: str) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    """Cards as rows, each with the line on which it begins; what cannot be read is a problem."""
    cards: list[tuple[int, dict[str, str]]] = []
    problems: list[Problem] = []
    begun: int | None = None
    values: dict[str, list[tuple[int, str]]] = {}
    for number, line in _lines(text):
        match = _NAME.fullmatch(line)
        if match is None:
            if begun is not None:
                problems.append(coded_problem(name, number, "", line[:80], "card_line"))
            continue
        key, value = match[1].upper(), match[3]
        if key == "BEGIN" and value.strip().upper() == "VCARD":
            if begun is not None:
                problems.append(coded_problem(name, begun, "", _title(values), "card_open"))
            begun, values = number, {}
        elif key == "END" and value.strip().upper() == "VCARD":
            if begun is not None:
                cards.append((begun, _row(values)))
            begun = None
        elif begun is not None:
            types, decoded = _decoded(match[2], value)
            values.setdefault(key, []).append((_rank(types), decoded))
    if begun is not None:
        problems.append(coded_problem(name, begun, "", _title(values), "card_open"))
    return cards, problems


def _title(values: dict[str, list[tuple[int, str]]]) -> str:
    """What a card is called; "" if it has no name yet."""
    named = values.get("FN") or values.get("N") or [(0, "")]
    return excerpt(named[0][1].replace(";", " "))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; those that were folded are put together."""
    number, current = 0, ""
    for line_number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        head = current.partition(":")[0].upper()
        if "QUOTED-PRINTABLE" in head and current.endswith("="):
            current += "\n" + line
        elif line[:1] in (" ", "\t") and current:
            current += line[1:]
        else:
            if current.strip():
                yield number, current
            number, current = line_number, line
    if current.strip():
        yield number, current


def _decoded(parameters: str, value: str) -> tuple[set[str], str]:
    """The words of a line's parameters, and its text; an encoding that is not known is UTF-8."""
    words: set[str] = set()
    charset = "utf-8"
    for parameter in parameters.split(";"):
        key, equals, word = parameter.partition("=")
        if key.strip().upper() == "CHARSET":
            charset = word.strip('" ')
        words |= {part.strip().upper() for part in (word if equals else key).strip('"').split(",")}
    if "QUOTED-PRINTABLE" in words:
        content = quopri.decodestring(value.encode("utf-8"))
        try:
            value = content.decode(charset, "replace")
        except LookupError:
            value = content.decode("utf-8", "replace")
    return words, value


def _rank(types: set[str]) -> int:
    hits = [rank for rank, word in enumerate(_TYPE_WORDS) if word in types]
    return min(hits, default=len(_TYPE_WORDS))


def _row(values: dict[str, list[tuple[int, str]]]) -> dict[str, str]:
    def parts(key: str) -> list[str]:
        ranked = sorted(values.get(key, []), key=lambda pair: pair[0])
        pieces = _COMPONENTS.split(ranked[0][1]) if ranked else []
        return [_plain(piece) for piece in pieces]

    def text(key: str) -> str:
        ranked = sorted(values.get(key, []), key=lambda pair: pair[0])
        return next((plain for _, value in ranked if (plain := _plain(value))), "")

    family, given = [*parts("N"), "", ""][:2]
    org, unit = [*parts("ORG"), "", ""][:2]
    kind = text("KIND").lower() or "individual"
    if text("X-ABSHOWAS").upper() == "COMPANY" or kind in ("org", "organization"):
        kind, org = "org", org or text("FN")
    row = {key: text(key) for key in ("FN", "TITLE", "ROLE", "URL")}
    return row | {
        "UID": text("UID").removeprefix("urn:uuid:"),
        "FAMILY": family,
        "GIVEN": given,
        "ORG": org,
        "UNIT": unit,
        "EMAIL": text("EMAIL").removeprefix("mailto:"),
        "TEL": text("TEL").removeprefix("tel:"),
        "KIND": kind,
    }


def _plain(text: str) -> str:
    """Text without the signs that protect commas, semicolons and line ends."""
    unescaped = _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)
    return " ".join(unescaped.split())
