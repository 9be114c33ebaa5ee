"""Making, changing and removing nodes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from fastapi.responses import Response

from relgraph.api.calls import change_node, create_node, remove
from relgraph.api.etags import IfMatchHeader, versions_of
from relgraph.api.examples import NODE_EXAMPLES, written
from relgraph.api.execute import Write, execute
from relgraph.api.schemas import name_of
from relgraph.records.reads import directory
from relgraph.records.writes import bodies
from relgraph.schema.tables import TABLE_BY_NAME, Table
from relgraph.schema.values import MAX_ID

router = APIRouter(prefix="/api/v1", tags=["records"])

Id = Annotated[str, Path(min_length=1, max_length=MAX_ID, description="stable id")]
CascadeQuery = Annotated[
    bool, Query(description="also remove or detach what hangs on it; else 409 says what does")
]


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _add_create(kind: str, table: Table) -> None:
    model = bodies.creation_body(table)

    def endpoint(context: Write, body: Any) -> Response:
        return execute(context, [create_node(table, body)])

    endpoint.__annotations__["body"] = Annotated[model, Body()]
    router.add_api_route(
        f"/{kind}s",
        endpoint,
        methods=["POST"],
        status_code=201,
        summary=f"Make {_a(kind)}",
        description=f"A new {kind}. Without an id it gets one.",
        operation_id=f"create_{kind}",
        responses=written(NODE_EXAMPLES[kind], 201, 409, name=name_of(table)),
    )


def _add_change(kind: str, table: Table) -> None:
    model = bodies.patch_body(table)

    def endpoint(context: Write, id: Id, body: Any, match: IfMatchHeader = None) -> Response:
        return execute(context, [change_node(table, id, body, versions_of(match))])

    endpoint.__annotations__["body"] = Annotated[model, Body()]
    router.add_api_route(
        f"/{kind}s/{{id}}",
        endpoint,
        methods=["PATCH"],
        summary=f"Change {_a(kind)}",
        description="A JSON merge patch: null clears a member, an absent one is kept.",
        operation_id=f"change_{kind}",
        responses=written(NODE_EXAMPLES[kind], 200, 404, 412, name=name_of(table)),
    )


def _add_remove(kind: str, table: Table) -> None:
    def endpoint(
        context: Write, id: Id, cascade: CascadeQuery = False, match: IfMatchHeader = None
    ) -> Response:
        return execute(context, [remove(table, (id,), versions_of(match), cascade=cascade)])

    router.add_api_route(
        f"/{kind}s/{{id}}",
        endpoint,
        methods=["DELETE"],
        status_code=204,
        summary=f"Remove {_a(kind)}",
        description="Says what hangs on it and refuses, unless `cascade`. A person who leaves is "
        "not removed: set `until`."
        if kind == "stakeholder"
        else "Says what hangs on it and refuses, unless `cascade`.",
        operation_id=f"remove_{kind}",
        responses=written(None, 204, 404, 409, 412),
    )


for _kind in directory.KINDS:
    _table = TABLE_BY_NAME[f"{_kind}s"]
    _add_create(_kind, _table)
    _add_change(_kind, _table)
    _add_remove(_kind, _table)
