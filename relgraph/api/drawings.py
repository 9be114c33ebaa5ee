"""The map document and what is drawn from it."""

from __future__ import annotations

from typing import Annotated, cast
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from relgraph.api.context import Asking, LangQuery, Language
from relgraph.api.examples import answer
from relgraph.api.kept.shows import account_of, kept
from relgraph.api.maps import MapCache
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.matrix import power_interest_matrix
from relgraph.schema.values import MAX_ID, Values
from relgraph.viz.build import lines_of_person
from relgraph.viz.compact import to_json
from relgraph.viz.document import MapDocument
from relgraph.viz.html import content_policy, to_html
from relgraph.viz.matrix import matrix_svg
from relgraph.viz.svg import to_svg
from relgraph.viz.tokens import Theme

router = APIRouter(prefix="/api/v1/customers", tags=["drawings"])

Id = Annotated[str, Path(max_length=MAX_ID, description="stable id")]
DealQuery = Annotated[str | None, Query(max_length=MAX_ID, description="for this deal")]
ThemeQuery = Annotated[Theme, Query(description="colours")]
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
EXAMPLE: Values = {
    "customer": {"id": "huading", "name": "Huading Infrastructure"},
    "deal": {"id": "dc-renewal", "name": "Data centre renewal"},
    "cards": [
        {
            "id": "chen",
            "kind": "person",
            "name": "Chen Peilan",
            "title": "CFO",
            "x": 320.0,
            "y": 180.0,
            "w": 212.0,
            "h": 78.0,
            "stance": -1,
            "roles": [{"role": "veto"}],
        }
    ],
    "groups": [],
    "lines": [],
    "legend": [],
    "findings": [],
    "based_on": {},
}


LINES_EXAMPLE: Values = {
    "lines": [
        {
            "id": "influence:wang:li",
            "kind": "influence",
            "from_id": "wang",
            "to_id": "li",
            "points": [[532.0, 219.0], [560.0, 219.0], [560.0, 90.0], [600.0, 90.0]],
            "strength": 0.8,
            "shown": "selected",
            "ref": "/api/v1/stakeholders/wang/influences/li",
            "version": 2,
        }
    ]
}


def _document(
    request: Request, access: Asking, lang: Language, id_: str, deal_id: str | None
) -> MapDocument:
    evaluation = Evaluation(account_of(access, id_), deal_id, access.now)
    return cast(MapCache, request.app.state.maps).get(evaluation, lang)


# The longer paths come first: an id may hold a dot, so `{id}/map` would not take them anyway.


@router.get(
    "/{id}/map.html",
    summary="The map as one offline HTML file",
    operation_id="customer_map_html",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}, **answer(None, 404)},
)
@kept
def map_html(
    request: Request,
    access: Asking,
    language: Language,
    id: Id,
    deal_id: DealQuery = None,
    lang: LangQuery = None,  # noqa: ARG001
) -> Response:
    """To be saved: it pans, zooms and searches without a network."""
    text = to_html(_document(request, access, language, id, deal_id))
    return Response(text, media_type="text/html", headers=_named(id))


@router.get(
    "/{id}/map.svg",
    summary="The map as SVG",
    operation_id="customer_map_svg",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}}, **answer(None, 404)},
)
@kept
def map_svg(
    request: Request,
    access: Asking,
    language: Language,
    id: Id,
    deal_id: DealQuery = None,
    lang: LangQuery = None,  # noqa: ARG001
    theme: ThemeQuery = "light",
) -> Response:
    """Text is text; there is no script and no outside reference in it."""
    text = to_svg(_document(request, access, language, id, deal_id), theme)
    headers = {"Content-Security-Policy": SVG_POLICY}
    return Response(text, media_type="image/svg+xml", headers=headers)


@router.get(
    "/{id}/matrix.svg",
    summary="The power–interest matrix as SVG",
    operation_id="customer_matrix_svg",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}}, **answer(None, 404)},
)
@kept
def matrix_drawing(
    access: Asking,
    language: Language,
    id: Id,
    deal_id: DealQuery = None,
    lang: LangQuery = None,  # noqa: ARG001
    theme: ThemeQuery = "light",
) -> Response:
    """Text is text; there is no script and no outside reference in it."""
    evaluation = Evaluation(account_of(access, id), deal_id, access.now)
    text = matrix_svg(power_interest_matrix(evaluation), evaluation, language, theme)
    headers = {"Content-Security-Policy": SVG_POLICY}
    return Response(text, media_type="image/svg+xml", headers=headers)


@router.get(
    "/{id}/map/people/{person_id}/lines",
    summary="The lines at a person that the map leaves out",
    operation_id="customer_map_lines",
    response_class=Response,
    responses=answer(LINES_EXAMPLE, 404),
)
@kept
def map_lines(
    access: Asking,
    language: Language,
    id: Id,
    person_id: Id,
    deal_id: DealQuery = None,
    lang: LangQuery = None,  # noqa: ARG001
) -> Response:
    """Routed lines as in the map document, led through the map as it is drawn.

    [] for a customer whose map has every line. 404 for somebody who is not on the map.
    """
    evaluation = Evaluation(account_of(access, id), deal_id, access.now)
    lines = lines_of_person(evaluation, person_id, language)
    return Response(orjson.dumps({"lines": lines}), media_type="application/json")


@router.get(
    "/{id}/map",
    summary="The map document",
    operation_id="customer_map",
    response_class=Response,
    responses=answer(EXAMPLE, 404),
)
@kept
def map_document(
    request: Request,
    access: Asking,
    language: Language,
    id: Id,
    deal_id: DealQuery = None,
    lang: LangQuery = None,  # noqa: ARG001
) -> Response:
    """Cards with places, groups, routed lines, legend, findings, and what it all rests on.

    Of a customer with more than 1,500 ties those that matter most are in it; `left_out` counts
    the others, by kind, in all and at each card. Members of cards and lines that are not there
    then have the values that `omitted` says.
    """
    document = _document(request, access, language, id, deal_id)
    return Response(to_json(document), media_type="application/json")


def _named(id_: str) -> dict[str, str]:
    """Shown by a browser; saved under a name of its own; only its own script may run."""
    name = quote(f"map-{id_}.html", safe="")
    return {
        "Content-Disposition": f"inline; filename*=UTF-8''{name}",
        "Content-Security-Policy": f"{content_policy()}; frame-ancestors 'none'",
    }
