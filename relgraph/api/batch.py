"""Many writes in one request: all of them are carried out, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relgraph.api.etags import versions_of
from relgraph.api.examples import node_example, written
from relgraph.api.execute import Context, Requested, Write, execute
from relgraph.api.limits import Limits, refuse_more
from relgraph.api.write_routes import (
    Location,
    Method,
    WriteRequest,
    WriteRoute,
    refuse,
    refuse_body,
)
from relgraph.api.writes import WRITE_ROUTES
from relgraph.schema.kinds import STAKEHOLDER
from relgraph.schema.values import Values
from relgraph.settings import MOST_OPERATIONS

router = APIRouter(prefix="/api/v1", tags=["records"])


class OperationBody(BaseModel):
    """One write as it would be sent alone."""

    model_config = ConfigDict(extra="forbid")
    method: Method
    path: str = Field(max_length=2_000, description="below /api/v1, such as /stakeholders/li")
    body: Values | None = None
    if_match: str | None = Field(None, max_length=1_000, description="as the header If-Match")


class BatchBody(BaseModel):
    """What one request may do."""

    model_config = ConfigDict(extra="forbid")
    operations: list[OperationBody] = Field(min_length=1, max_length=MOST_OPERATIONS)


EXAMPLE = {
    "results": [
        {"status": 200, "body": node_example(STAKEHOLDER)},
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
    requested = [
        _requested(operation, number, context) for number, operation in enumerate(body.operations)
    ]
    return execute(context, requested, batch=True)


def _requested(operation: OperationBody, place: int, context: Context) -> Requested:
    location: Location = ("body", "operations", place)
    try:
        parts = urlsplit(operation.path)
    except ValueError:  # such as a host in brackets that is none
        raise refuse((*location, "path"), "there is nothing at this path", operation.path) from None
    path = parts.path.removeprefix("/api/v1")
    is_known = False
    for route in WRITE_ROUTES:
        match = route.pattern.fullmatch(path)
        if match is None:
            continue
        is_known = True
        if route.method == operation.method:
            names = {name: unquote(part) for name, part in match.groupdict().items()}
            query = parse_qsl(parts.query)
            _refuse_query(route, [name for name, _ in query], (*location, "path"), operation.path)
            return route.requested(_request(operation, route, names, dict(query), context, place))
    if is_known:
        raise refuse(
            (*location, "method"), f"{operation.method} is not allowed here", operation.method
        )
    raise refuse((*location, "path"), "there is nothing at this path", operation.path)


def _request(
    operation: OperationBody,
    route: WriteRoute,
    names: Mapping[str, str],
    query: Mapping[str, str],
    context: Context,
    place: int,
) -> WriteRequest:
    """What the operation names. Raises RequestValidationError with its place."""
    location: Location = ("body", "operations", place)
    try:
        checked_path, checked_query = route.checked_path(names), route.checked_query(query)
    except ValidationError as error:
        raise _refuse_path(error, (*location, "path"), operation.path) from None
    body = None
    if route.body is not None:
        try:
            body = route.body.model_validate(operation.body or {})
        except ValidationError as error:
            raise refuse_body(error, (*location, "body")) from None
    return WriteRequest(
        context,
        checked_path,
        checked_query,
        body,
        versions_of(operation.if_match, (*location, "if_match")),
        place,
        (*location, "body"),
    )


def _refuse_query(route: WriteRoute, names: Sequence[str], location: Location, path: str) -> None:
    """Raise RequestValidationError for parameters that are not there, and for repeated ones."""
    takes = ", ".join(sorted(route.query_parts)) or "—"
    faults: list[tuple[str, str, Values]] = []
    for name, count in Counter(names).items():
        if name not in route.query_parts:
            message = f"{name} is no parameter here; these are: {takes}"
            faults.append((message, "unknown_parameter", {"takes": takes}))
        elif count > 1:
            message = f"{name} is there {count} times; give it once"
            faults.append((message, "repeated_parameter", {"count": count}))
    if faults:
        raise RequestValidationError(
            [
                {"loc": location, "msg": message, "type": kind, "ctx": values, "input": path}
                for message, kind, values in faults
            ]
        )


def _refuse_path(error: ValidationError, location: Location, path: str) -> RequestValidationError:
    first = error.errors(include_url=False)[0]
    return RequestValidationError(
        [
            {
                "loc": location,
                "msg": first["msg"],
                "type": first["type"],
                "ctx": first.get("ctx", {}),
                "input": path,
            }
        ]
    )
