"""Many writes in one request: all of them are carried out, or none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relgraph.api.calls import Call, change_node, create_node, put_manager, remove
from relgraph.api.edges import EDGES, EdgePath, key_of, put_call
from relgraph.api.etags import Versions, versions_of
from relgraph.api.examples import NODE_EXAMPLES, written
from relgraph.api.execute import Asked, Context, Write, execute
from relgraph.api.external_ids import put_by_external_id
from relgraph.api.limits import Limits, refuse_more
from relgraph.api.managers import ManagerBody
from relgraph.api.merges import MergeBody, merge_call
from relgraph.records.reads import directory
from relgraph.records.writes import bodies
from relgraph.schema.tables import TABLE_BY_NAME, Table
from relgraph.schema.values import MAX_ID
from relgraph.settings import MOST_OPERATIONS

router = APIRouter(prefix="/api/v1", tags=["records"])


class OperationBody(BaseModel):
    """One write as it would be sent alone."""

    model_config = ConfigDict(extra="forbid")
    method: Literal["POST", "PATCH", "PUT", "DELETE"]
    path: str = Field(max_length=2_000, description="below /api/v1, such as /stakeholders/li")
    body: dict[str, Any] | None = None
    if_match: str | None = Field(None, max_length=1_000, description="as the header If-Match")


class BatchBody(BaseModel):
    """What one request may do."""

    model_config = ConfigDict(extra="forbid")
    operations: list[OperationBody] = Field(min_length=1, max_length=MOST_OPERATIONS)


EXAMPLE = {
    "results": [
        {"status": 200, "body": NODE_EXAMPLES["stakeholder"]},
        {"status": 204, "body": None},
    ]
}


@router.post(
    "/batch",
    summary="Many writes at once",
    operation_id="batch",
    response_model=None,
    responses=written(EXAMPLE, 200, 404, 409, 412),
)
def batch(context: Write, limits: Limits, body: BatchBody) -> Response:
    """Up to 1,000 writes in their order, all or none. A problem names the operation by its number.

    Later operations may name what earlier ones make. The answer has one result for each.
    """
    refuse_more(("operations",), len(body.operations), limits)
    asked = [_call(one, number, context) for number, one in enumerate(body.operations)]
    return execute(context, asked, batch=True)


Maker = Callable[["_Asked"], Asked]


class _Asked:
    """An operation with what its path names."""

    def __init__(self, one: OperationBody, place: int, context: Context) -> None:
        self.operation = one
        self.place = place
        self.context = context
        parts = urlsplit(one.path)
        self.path = parts.path.removeprefix("/api/v1")
        self.query = dict(parse_qsl(parts.query))
        self.names: dict[str, str] = {}

    @property
    def versions(self) -> Versions:
        where = ("body", "operations", self.place, "if_match")
        return versions_of(self.operation.if_match, where)

    def body(self, model: type[BaseModel]) -> Any:
        """The body as its model. Raises RequestValidationError with the operation's place."""
        try:
            return model.model_validate(self.operation.body or {})
        except ValidationError as error:
            found = [
                {**one, "loc": ("body", "operations", self.place, "body", *one["loc"])}
                for one in error.errors(include_url=False, include_context=False)
            ]
            raise RequestValidationError(found) from None

    def refuse(self, member: str, message: str) -> RequestValidationError:
        loc = ("body", "operations", self.place, member)
        value = getattr(self.operation, member)
        return RequestValidationError(
            [{"loc": loc, "msg": message, "type": "operation", "input": value}]
        )


def _call(one: OperationBody, place: int, context: Context) -> Asked:
    asked = _Asked(one, place, context)
    allowed = False
    for pattern, makers in _ROUTES:
        found = pattern.fullmatch(asked.path)
        if found is None:
            continue
        allowed = True
        if one.method in makers:
            asked.names = {name: unquote(part) for name, part in found.groupdict().items()}
            if any(len(part) > MAX_ID for part in asked.names.values()):
                raise asked.refuse("path", f"an id has {MAX_ID} characters at most")
            return makers[one.method](asked)
    raise asked.refuse(
        "method" if allowed else "path",
        f"{one.method} is not allowed here" if allowed else "there is nothing at this path",
    )


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


def _node_routes(table: Table) -> list[tuple[re.Pattern[str], dict[str, Maker]]]:
    def create(asked: _Asked) -> Call:
        return create_node(table, asked.body(bodies.creation_body(table)), place=asked.place)

    def change(asked: _Asked) -> Call:
        body = asked.body(bodies.patch_body(table))
        return change_node(table, asked.names["id"], body, asked.versions, place=asked.place)

    def take_out(asked: _Asked) -> Call:
        cascade = asked.query.get("cascade", "").lower() in {"true", "1"}
        key = (asked.names["id"],)
        return remove(table, key, asked.versions, cascade=cascade, place=asked.place)

    def put(asked: _Asked) -> Asked:
        return put_by_external_id(
            table,
            asked.names["system"],
            asked.names["external_id"],
            asked.body(bodies.patch_body(table)),
            asked.versions,
            place=asked.place,
            where=("body", "operations", asked.place, "body"),
        )

    return [
        (_pattern(f"/{table.name}/by-external-id/{{system}}/{{external_id}}"), {"PUT": put}),
        (_pattern(f"/{table.name}"), {"POST": create}),
        (_pattern(f"/{table.name}/{{id}}"), {"PATCH": change, "DELETE": take_out}),
    ]


def _edge_route(edge: EdgePath) -> tuple[re.Pattern[str], dict[str, Maker]]:
    table = TABLE_BY_NAME[edge.table]

    def key(asked: _Asked, body: Any = None) -> tuple[str, ...]:
        name = edge.further[0] if edge.further else ""
        further = asked.names.get(name) or asked.query.get(name)
        try:
            return key_of(edge, (asked.names["id"], asked.names["other"]), further, body)
        except RequestValidationError:
            raise asked.refuse("path", f"add ?{name}= to say which one") from None

    def put(asked: _Asked) -> Call:
        body = asked.body(bodies.edge_body(table))
        return put_call(table, key(asked, body), body, asked.versions, asked.context, asked.place)

    def take_out(asked: _Asked) -> Call:
        return remove(table, key(asked), asked.versions, place=asked.place)

    return _pattern(edge.path), {"PUT": put, "DELETE": take_out}


def _manager(asked: _Asked) -> Call:
    body = asked.body(ManagerBody)
    manager = body.manager_id or body.to_id
    return put_manager(asked.names["id"], manager, body.since, place=asked.place)


def _merge(asked: _Asked) -> Call:
    body = asked.body(MergeBody)
    return merge_call(asked.names["id"], body, asked.versions, place=asked.place)


_ROUTES: list[tuple[re.Pattern[str], dict[str, Maker]]] = [
    *(route for kind in directory.KINDS for route in _node_routes(TABLE_BY_NAME[f"{kind}s"])),
    *(_edge_route(edge) for edge in EDGES),
    (_pattern("/stakeholders/{id}/manager"), {"PUT": _manager}),
    (_pattern("/stakeholders/{id}/merge"), {"POST": _merge}),
]
