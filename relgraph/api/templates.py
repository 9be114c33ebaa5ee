"""Renders pages: templates with the reader's language, and addresses that keep it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from relgraph import __version__
from relgraph.api.addresses import path_of
from relgraph.api.context import language
from relgraph.insight.wording import money
from relgraph.schema.account import in_language
from relgraph.schema.vocabulary import (
    ActivityKind,
    CustomerKind,
    Function,
    Grade,
    Industry,
    Lang,
    Line,
    Motive,
    Outcome,
    Quadrant,
    Region,
    RelationKind,
    Role,
    Stage,
    Stance,
    label_or_text,
)
from relgraph.viz.text import badge_letters
from relgraph.viz.tokens import stance_token
from relgraph.words import say

VOCABULARIES = {
    "kind": CustomerKind,
    "grade": Grade,
    "industry": Industry,
    "region": Region,
    "role": Role,
    "stage": Stage,
    "outcome": Outcome,
    "motive": Motive,
    "quadrant": Quadrant,
    "function": Function,
    "line": Line,
    "relation": RelationKind,
    "source": ActivityKind,
}


@cache
def environment() -> Environment:
    """Templates with everything that they may call."""
    env = Environment(
        loader=PackageLoader("relgraph.api", "pages/templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        money=money, stance=Stance.of, token=stance_token, quote=quote_id, badge=badge_letters
    )
    return env


def quote_id(id_: str) -> str:
    """An id as one segment of a path."""
    return quote(id_, safe="")


def person_address(id_: str) -> str:
    """Address of a person's page."""
    return f"/people/{quote_id(id_)}"


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **values: Any,
) -> Response:
    """A page in the reader's language."""
    lang = language(request)

    def t(key: str, **gaps: object) -> str:
        return say(lang, f"pages.{key}", **gaps)

    def label(vocabulary: str, value: str | None) -> str:
        return label_or_text(VOCABULARIES[vocabulary], value, lang)

    def named(row: Any, prefix: str = "") -> str:
        """Name of a row (dict or read model) in the reader's language."""
        if hasattr(row, "name_in"):
            return str(row.name_in(lang))
        texts = (row.get(f"{prefix}name"), row.get(f"{prefix}name_en"), row.get(f"{prefix}name_zh"))
        return in_language(lang, *texts)

    def other_language() -> str:
        query = dict(request.query_params) | {"lang": "en" if lang == "zh" else "zh"}
        return f"{path_of(request)}?{urlencode(query)}"

    text = (
        environment()
        .get_template(template)
        .render(
            lang=lang,
            t=t,
            label=label,
            named=named,
            titled=lambda row: in_language(
                lang, _get(row, "title"), _get(row, "title_en"), _get(row, "title_zh")
            ),
            other_language=other_language(),
            asset=asset_address,
            version=__version__,
            path=request.url.path,
            address=_address(request),
            **values,
        )
    )
    return HTMLResponse(text, status, headers)


def _address(request: Request) -> str:
    """The page with its query, to come back to."""
    query = f"?{request.url.query}" if request.url.query else ""
    return path_of(request) + query


def _get(row: Any, name: str) -> str | None:
    value = row.get(name) if isinstance(row, dict) else getattr(row, name)
    return None if value is None else str(value)


def answer_markup(html: str) -> Markup:
    """Marks text that `relgraph.viz.html` has escaped as safe."""
    return Markup(html)  # noqa: S704


def svg_markup(svg: str) -> Markup:
    """Marks a drawing, whose text `relgraph.viz` has escaped, as safe."""
    return Markup(svg)  # noqa: S704


@cache
def asset_address(name: str) -> str:
    """Address of a file of the pages or the map, with its content's mark for the cache."""
    package, folder, prefix = {
        True: ("relgraph.viz", ("assets",), "/assets/"),
        False: ("relgraph.api", ("pages", "static"), "/static/"),
    }[(files("relgraph.viz") / "assets" / name).is_file()]
    content = files(package).joinpath(*folder, name).read_bytes()
    return f"{prefix}{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


def lang_code(lang: Lang) -> str:
    """Value of an HTML lang attribute."""
    return "zh-CN" if lang == "zh" else "en"
