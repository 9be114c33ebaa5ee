"""Writes a map document as one offline HTML file: nothing outside it is ever asked for."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import orjson

from relgraph.viz.document import AnswerPart, MapDocument
from relgraph.words import say

MODULES = ("dom", "cards", "lines", "panel", "list", "view", "map", "offline")
"""The browser modules in the order in which they need each other."""
COLUMNAR = ("cards", "lines")
STYLES = ("tokens", "map", "offline")

_IMPORT = re.compile(r"^import\s[^;]*;\n", re.M)
_EXPORT = re.compile(r"^export\s+", re.M)
_LINE_COMMENT = re.compile(r"^\s*//[^\n]*\n", re.M)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_INDENT = re.compile(r"^[ \t]+", re.M)


def to_html(document: MapDocument) -> str:
    """The whole file. It pans, zooms and searches from a disk, without a network.

    Its own content security policy allows this script and this style alone.
    """
    script, style = _script(), _style()
    data = _embedded(document)
    policy = content_policy()
    lang = document.lang
    customer = document.customer
    title = say(lang, "map.title", name=customer["name"])
    copy = say(lang, "viewer.offline", date=document.now)
    deal = document.deal["name"] if document.deal else ""
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(customer['name'])} <small>{escape(customer['name_alt'])}</small>"
        f'</h1><p>{escape(deal)}</p><p class="copy">{escape(copy)}</p></header>\n'
        f'<div class="answer"><span>{answer_html(document.answer)}</span>'
        f"<small>{escape(document.based_on['text'])}</small></div>\n"
        f'<main id="map"></main>\n<noscript><p>{_people(document)}</p></noscript>\n'
        f'<script type="application/json" id="document">{data}</script>\n'
        f'<script type="module">{script}</script>\n</body>\n</html>\n'
    )


def content_policy() -> str:
    """What the file may do: run its own script, use its own style, ask for nothing."""
    return (
        f"default-src 'none'; script-src {_hash(_script())}; "
        f"style-src {_hash(_style())}; img-src data:; base-uri 'none'; form-action 'none'"
    )


def answer_html(parts: list[AnswerPart]) -> str:
    """The answer strip's sentence; what names people is a link that carries their ids."""
    found = []
    for part in parts:
        if part.ids:
            ids = escape(orjson.dumps(part.ids).decode(), quote=True)
            found.append(f'<a href="#" role="button" data-ids="{ids}">{escape(part.text)}</a>')
        else:
            found.append(escape(part.text))
    return "".join(found)


def _people(document: MapDocument) -> str:
    """Names for a reader without scripts."""
    return ", ".join(escape(card.name) for card in document.cards)


def _embedded(document: MapDocument) -> str:
    """The document as JSON that no text in it can end: markup and line separators escaped."""
    data = document.to_dict()
    for line in data["lines"]:
        del line["id"]  # the drawing numbers them anew
    for part in COLUMNAR:
        data[part] = _columnar(data[part])
    text = orjson.dumps(data).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _columnar(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The items as columns and rows, so that a member's name stands in the file once.

    A column in which all values are equal stands once as a whole.
    """
    names = list(items[0]) if items else []
    same = {n: items[0][n] for n in names if all(item[n] == items[0][n] for item in items)}
    columns = [name for name in names if name not in same]
    return {"same": same, "columns": columns, "rows": [[i[n] for n in columns] for i in items]}


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _script() -> str:
    """All modules as one: imports left out, every top-level name is used once only."""
    parts = []
    for name in MODULES:
        text = _asset(f"{name}.js")
        text = _EXPORT.sub("", _IMPORT.sub("", _LINE_COMMENT.sub("", text)))
        parts.append(_INDENT.sub("", text).strip())
    return "\n" + "\n".join(parts) + "\n"


@cache
def _style() -> str:
    text = "\n".join(_asset(f"{name}.css") for name in STYLES)
    return _INDENT.sub("", _CSS_COMMENT.sub("", text)).replace("\n\n", "\n")


def _asset(name: str) -> str:
    return files("relgraph.viz").joinpath("assets", name).read_text("utf-8")
