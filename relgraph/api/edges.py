"""One edge: read it, put it in place of what is there, remove it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from relgraph.api.calls import Call, put_edge, remove
from relgraph.api.context import Db
from relgraph.api.etags import IfMatchHeader, Versions, etag, versions_of
from relgraph.api.examples import EDGE_EXAMPLES, answer, written
from relgraph.api.execute import Context, Write, execute
from relgraph.api.schemas import name_of
from relgraph.errors import NotFound
from relgraph.records.reads.states import edge_state
from relgraph.records.rows import Key
from relgraph.records.writes import bodies
from relgraph.records.writes.writer import kind_of
from relgraph.schema.tables import TABLE_BY_NAME, Table
from relgraph.schema.values import MAX_ID
from relgraph.schema.vocabulary import RelationKind, Role

router = APIRouter(prefix="/api/v1", tags=["records"])

IdPart = Annotated[str, Path(min_length=1, max_length=MAX_ID)]
DealQuery = Annotated[
    str | None, Query(max_length=MAX_ID, description="the influence for this deal alone")
]
KindQuery = Annotated[
    RelationKind | None, Query(description="kind of tie; PUT may say it in the body")
]


@dataclass(frozen=True, slots=True)
class EdgePath:
    """Where one kind of edge is found.

    `order` says where each part of its key stands in the path; `further` names a part of the key
    that the path has after both ends, or that a query parameter gives.
    """

    table: str
    path: str
    order: tuple[int, int] = (0, 1)
    further: tuple[str, Any, bool] | None = None
    example: str = ""


EDGES = (
    EdgePath("influences", "/stakeholders/{id}/influences/{other}",
             further=("deal_id", DealQuery, False)),
    EdgePath("relations", "/stakeholders/{id}/relations/{other}",
             further=("kind", KindQuery, False)),
    EdgePath("reports_to", "/stakeholders/{id}/managers/{other}", example="managers"),
    EdgePath("employments", "/stakeholders/{id}/employments/{other}"),
    EdgePath("supports", "/deals/{id}/supports/{other}", order=(1, 0)),
    EdgePath("interests", "/deals/{id}/interests/{other}", order=(1, 0)),
    EdgePath("roles", "/deals/{id}/roles/{other}/{role}", order=(1, 0),
             further=("role", Annotated[Role, Path(description="role")], True)),
    EdgePath("knows", "/members/{id}/knows/{other}"),
)  # fmt: skip


def key_of(edge: EdgePath, ends: tuple[str, str], further: str | None, body: Any = None) -> Key:
    """The key of an edge whose path and body name these.

    Raises RequestValidationError if they do not say which of several ties is meant.
    """
    key = (ends[edge.order[0]], ends[edge.order[1]])
    if edge.further is None:
        return key
    name = edge.further[0]
    further = further or getattr(body, name, None)
    if not further and name != "deal_id":
        raise RequestValidationError(
            [{"loc": ("query", name), "msg": "say which one", "type": "missing", "input": None}]
        )
    return (*key, further or "")


Endpoint = Callable[..., Any]


def _with_further(endpoint: Endpoint, edge: EdgePath) -> Endpoint:
    """The endpoint with the parameter for the third part of the key, where the kind has one."""
    if edge.further is None:

        def plain(**values: Any) -> Any:
            return endpoint(further=None, **values)

        wanted: list[Parameter] = []
    else:
        name, annotation, required = edge.further

        def plain(**values: Any) -> Any:
            return endpoint(further=values.pop(name), **values)

        default = Parameter.empty if required else None
        wanted = [Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)]
    own = [
        one.replace(kind=Parameter.KEYWORD_ONLY)
        for one in signature(endpoint, eval_str=True).parameters.values()
        if one.name != "further"
    ]
    plain.__signature__ = signature(endpoint).replace(  # type: ignore[attr-defined]
        parameters=[*own, *wanted], return_annotation=Parameter.empty
    )
    return plain


def _add(edge: EdgePath) -> None:
    table = TABLE_BY_NAME[edge.table]
    kind = kind_of(table)
    example = EDGE_EXAMPLES[edge.example or edge.table]
    name = kind.replace(" ", "_")
    model = bodies.edge_body(table)

    def read(db: Db, id: IdPart, other: IdPart, response: Response, further: Any) -> dict[str, Any]:
        key = key_of(edge, (id, other), further)
        found = db.read(lambda tx: edge_state(tx, table, key))
        if found is None:
            raise NotFound(kind, " → ".join(part for part in key if part))
        response.headers["ETag"] = etag(found["version"])
        return found

    def put(
        context: Write,
        id: IdPart,
        other: IdPart,
        body: Any,
        further: Any,
        match: IfMatchHeader = None,
    ) -> Response:
        key = key_of(edge, (id, other), further, body)
        return execute(context, [put_call(table, key, body, versions_of(match), context)])

    def delete(
        context: Write, id: IdPart, other: IdPart, further: Any, match: IfMatchHeader = None
    ) -> Response:
        key = key_of(edge, (id, other), further)
        return execute(context, [remove(table, key, versions_of(match))])

    put.__annotations__["body"] = Annotated[model, Body()]
    for method, endpoint, verb, text, responses in (
        (
            "GET",
            read,
            "Read",
            "One edge; its ETag is its version.",
            answer(example, 404, name=name_of(table)),
        ),
        (
            "PUT",
            put,
            "Put",
            "Puts the edge in place of what is there: what the body leaves out becomes unknown. "
            "A judgement without `assessed_at` is of today.",
            written(example, 200, 404, 412, name=name_of(table)),
        ),
        ("DELETE", delete, "Remove", "Removes the edge.", written(None, 204, 404, 412)),
    ):
        router.add_api_route(
            edge.path,
            _with_further(endpoint, edge),
            methods=[method],
            status_code=204 if method == "DELETE" else 200,
            response_model=None,
            summary=f"{verb} one {kind}",
            description=text,
            operation_id=f"{verb.lower()}_{name}",
            responses=responses,
        )


def put_call(
    table: Table,
    key: Key,
    body: bodies.Body,
    versions: Versions,
    context: Context,
    place: int = 0,
) -> Call:
    """An edge to put, judged by whoever sends it unless it says otherwise."""
    today = context.now.date().isoformat()
    return put_edge(table, key, body, versions, today=today, actor=context.actor, place=place)


for _edge in EDGES:
    _add(_edge)
