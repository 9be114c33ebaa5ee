"""Writes a map document as one offline HTML file: it asks for nothing outside itself."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import orjson

from relgraph.viz.bundle import bundle
from relgraph.viz.document import AnswerPart, MapDocument
from relgraph.words import say

COLUMNAR = ("cards", "lines")
ONLINE_ONLY = frozenset({"ref", "version", "stance_ref", "stance_version"})
"""Members of cards and lines that serve to change records, which a file cannot do."""
STYLES = ("tokens", "map", "offline")

_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_CSS_SPACE = re.compile(r"\s*([{};,])\s*|(?<=[a-z0-9]): ")


def to_html(document: MapDocument) -> str:
    """The file as text. It pans, zooms and searches from a disk, without a network.

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
        f"default-src 'none'; script-src {hash_source(_script())}; "
        f"style-src {hash_source(_style())}; img-src data:; base-uri 'none'; form-action 'none'"
    )


def answer_html(parts: list[AnswerPart]) -> str:
    """The answer strip's sentence; what names people is a link that carries their ids."""
    pieces = []
    for part in parts:
        if part.ids:
            ids = escape(orjson.dumps(part.ids).decode(), quote=True)
            pieces.append(f'<a href="#" role="button" data-ids="{ids}">{escape(part.text)}</a>')
        else:
            pieces.append(escape(part.text))
    return "".join(pieces)


def _people(document: MapDocument) -> str:
    """Names for a reader without scripts."""
    return ", ".join(escape(card.name) for card in document.cards)


def _embedded(document: MapDocument) -> str:
    """The document as JSON that no text in it can end: markup and line separators escaped."""
    data: dict[str, Any] = _short_numbers(orjson.loads(orjson.dumps(document)))
    for line in data["lines"]:
        del line["id"]  # the drawing numbers them anew
    for part in COLUMNAR:
        for item in data[part]:
            for name in ONLINE_ONLY & item.keys():
                del item[name]
        data[part] = _columnar(data[part])
    text = orjson.dumps(data).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _short_numbers(value: Any) -> Any:
    """The same value with 4 for 4.0, which is the same number in a browser."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {key: _short_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_short_numbers(item) for item in value]
    return value


def _columnar(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The items as columns and rows, so that a member's name stands in the file once.

    A column in which all values are equal stands once, in `same`. Of a text that comes again in
    its column there is only the place of its first appearance in `texts`, as a number: a column
    of `texts` holds numbers and nulls alone.
    """
    names = list(items[0]) if items else []
    same = {n: items[0][n] for n in names if all(item[n] == items[0][n] for item in items)}
    columns = [name for name in names if name not in same]
    texts: dict[str, dict[str, int]] = {}
    for name in columns:
        values = [item[name] for item in items if item[name] is not None]
        if all(isinstance(value, str) for value in values):
            distinct = dict.fromkeys(values)
            if len(values) >= 2 * len(distinct):
                texts[name] = {text: place for place, text in enumerate(distinct)}
    rows = [[texts[n].get(item[n]) if n in texts else item[n] for n in columns] for item in items]
    places = {name: list(distinct) for name, distinct in texts.items()}
    return {"same": same, "columns": columns, "texts": places, "rows": rows}


def hash_source(text: str) -> str:
    """What lets a policy allow this very script or style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _script() -> str:
    return "\n" + bundle("offline.js", _asset)


@cache
def _style() -> str:
    """The style sheets without comments and without spaces that mean nothing."""
    text = _CSS_COMMENT.sub("", "\n".join(_asset(f"{name}.css") for name in STYLES))
    return _CSS_SPACE.sub(lambda match: match[1] or ":", text).strip()


def _asset(name: str) -> str:
    return files("relgraph.viz").joinpath("assets", name).read_text("utf-8")
