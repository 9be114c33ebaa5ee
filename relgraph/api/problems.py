"""Errors as RFC 9457 problem documents for programs and as pages for people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from relgraph.api.context import language, wants_page
from relgraph.api.templates import page
from relgraph.errors import (
    DatabaseError,
    DatabaseLoginRefused,
    DatabaseUnavailable,
    NotFound,
    QueryTimedOut,
    RelgraphError,
)
from relgraph.words import say

MEDIA_TYPE = "application/problem+json"
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "instance"],
    "properties": {
        "type": {"type": "string", "description": "address of the documentation of the code"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what happened and what to do"},
        "code": {"type": "string", "description": "stable word for programs"},
        "instance": {"type": "string", "description": "path of the request"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    headers: dict[str, str] | None = None,
    errors: list[dict[str, Any]] | None = None,
) -> Response:
    """The error as JSON, or as a page in the reader's language if a page was asked for."""
    if wants_page(request):
        lang = language(request)
        key = f"pages.error.{status}"
        known = status in {400, 401, 404, 421, 422, 503}
        title = say(lang, key if known else "pages.error.500")
        return page(
            request, "error.html", status=status, title=title, detail=detail, headers=headers
        )
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": request.url.path,
    }
    if errors is not None:
        body["errors"] = errors
    return Response(orjson.dumps(body), status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error that a request can meet."""

    @app.exception_handler(RelgraphError)
    def relgraph_error(request: Request, error: RelgraphError) -> Response:
        if isinstance(error, DatabaseUnavailable):
            headers = {"Retry-After": str(error.retry_after)}
            return problem(request, 503, error.code, str(error), headers=headers)
        if isinstance(error, QueryTimedOut):
            return problem(request, 503, error.code, str(error), headers={"Retry-After": "5"})
        if isinstance(error, NotFound):
            return problem(request, 404, error.code, str(error))
        if isinstance(error, DatabaseLoginRefused):
            return problem(request, 503, error.code, error.message, headers={"Retry-After": "30"})
        status = 500 if isinstance(error, DatabaseError) else 400
        return problem(request, status, error.code, str(error))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        found = [
            {
                "pointer": "/" + "/".join(str(part) for part in one["loc"]),
                "detail": one["msg"],
                "value": str(one.get("input"))[:200],
            }
            for one in error.errors()
        ]
        detail = "; ".join(f"{one['pointer']}: {one['detail']}" for one in found)
        return problem(request, 422, "request_invalid", detail, errors=found)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        code = "not_found" if error.status_code == 404 else f"http_{error.status_code}"
        detail = str(error.detail)
        if error.status_code == 404:
            detail = "There is nothing at this address."
        headers = dict(error.headers) if error.headers else None
        return problem(request, error.status_code, code, detail, headers=headers)

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:  # noqa: ARG001
        detail = "Something went wrong in the service; its log says what."
        return problem(request, 500, "internal_error", detail)
