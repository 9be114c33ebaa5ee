"""Errors as RFC 9457 problem documents for programs and as pages for people."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from relgraph.api.addresses import encoded_path
from relgraph.api.conditional import is_tagged
from relgraph.api.context import language, wants_page
from relgraph.api.templates import page
from relgraph.errors import (
    AlreadyThere,
    BookmarkRefused,
    DatabaseError,
    DatabaseFull,
    DatabaseLoginRefused,
    DatabaseUnavailable,
    HasDependents,
    KeyReused,
    NotFound,
    QueryTimedOut,
    RelgraphError,
    SharedRecord,
    TransactionTooLarge,
    UndoRefused,
    VersionConflict,
    WriteRefused,
)
from relgraph.records.problems import Problem
from relgraph.schema.values import Values
from relgraph.words import say
from relgraph.words.faults import Fault

log = logging.getLogger("relgraph")

MEDIA_TYPE = "application/problem+json"
LOCALIZED = "localized"
"""Kind of a fault whose message is in the reader's language already."""
MOST_FAULTS = 1_000
"""Faults that an answer lists; where there are more, `errors_total` says how many."""


def refuse(request: Request, status: int, code: str, **values: object) -> Response:
    """A problem that the service itself has with a request, in the reader's language."""
    return problem(request, status, code, say(language(request), f"error.{code}", **values))


_STATUS: tuple[tuple[type[RelgraphError], int], ...] = (
    (DatabaseUnavailable, 503),
    (QueryTimedOut, 503),
    (DatabaseLoginRefused, 503),
    (NotFound, 404),
    (AlreadyThere, 409),
    (HasDependents, 409),
    (SharedRecord, 409),
    (UndoRefused, 409),
    (VersionConflict, 412),
    (WriteRefused, 422),
    (KeyReused, 422),
    (TransactionTooLarge, 413),
    (BookmarkRefused, 400),
    (DatabaseFull, 507),
    (DatabaseError, 500),
)
"""The first that fits counts."""
_MEMBERS = ("current", "dependents", "merged_into", "reasons")
"""Details of an error that are members of its document."""


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    headers: dict[str, str] | None = None,
    errors: list[Values] | None = None,
    **more: Any,
) -> Response:
    """The error as JSON, or as a page in the reader's language if a page was asked for."""
    if wants_page(request):
        lang = language(request)
        key = f"pages.error.{status}"
        known = status in {400, 401, 404, 421, 422, 503, 507}
        title = say(lang, key if known else "pages.error.500")
        return page(
            request, "error.html", status=status, title=title, detail=detail, headers=headers
        )
    body: Values = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": encoded_path(request),
    }
    if errors is not None:
        body["errors"] = errors
    body |= more
    return Response(orjson.dumps(body), status, headers, MEDIA_TYPE)


def _allowed(request: Request) -> str:
    """The methods that the address allows: each of its routes knows its own alone."""
    methods: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        pattern = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(request.url.path):
            methods |= route.methods or set()
    if "GET" in methods and is_tagged(request.url.path):
        methods.add("HEAD")
    return ", ".join(sorted(methods))


def _detail(request: Request, fault: Values) -> str:
    """What is wrong with one member, in the reader's language."""
    if fault["type"] == LOCALIZED:
        return str(fault["msg"])
    return Fault(fault).text(language(request))


def _writable(text: str) -> str:
    """Text of a request as an answer can hold it: halves of characters become question marks."""
    return text.encode("utf-8", "replace").decode()


def _pointer(loc: Sequence[str | int]) -> str:
    """A JSON pointer into the body, or the place and name of a parameter."""
    parts = loc[1:] if loc and loc[0] == "body" else loc
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _is_batch(request: Request) -> bool:
    return request.url.path == "/api/v1/batch"  # a record may be called so, too


def _written(request: Request, fault: Problem) -> dict[str, str]:
    """A problem of what was to be written, with the place in the request."""
    place = ("operations", fault.line, "body") if _is_batch(request) else ()
    return {
        "pointer": _pointer(("body", *place, fault.column)),
        "detail": fault.text(language(request)),
        "value": fault.value,
    }


def answer_to(request: Request, error: RelgraphError) -> Response:
    """The answer to a request that met an error of relgraph."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 400)
    headers = None
    if status in {500, 507}:  # nobody else will tell who runs the service
        log.error("%s %s: %s (%s)", request.method, request.url.path, error, error.code)
    if status == 503:
        headers = {"Retry-After": str(getattr(error, "retry_after", 5))}
    lang = language(request)
    more = {n: error.details[n] for n in _MEMBERS if error.details.get(n) is not None}
    if "reasons" in more:
        more["reasons"] = [reason.to_dict(lang) for reason in more["reasons"]]
    errors = [_written(request, fault) for fault in getattr(error, "problems", [])]
    if not errors and _is_batch(request) and error.details.get("place") is not None:
        pointer = _pointer(("body", "operations", error.details["place"]))
        errors = [{"pointer": pointer, "detail": error.text(lang)}]
    return problem(
        request,
        status,
        error.code,
        error.text(lang),
        headers=headers,
        errors=errors or None,
        **more,
    )


def install(app: FastAPI) -> None:
    """Answer every error that a request can meet."""
    app.add_exception_handler(RelgraphError, answer_to)  # type: ignore[arg-type]

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        everything = error.errors()
        faults = [
            {
                "pointer": _writable(_pointer(fault["loc"])),
                "detail": _writable(_detail(request, fault)),
                "value": _writable(str(fault.get("input"))[:200]),
            }
            for fault in everything[:MOST_FAULTS]
        ]
        more: Values = {} if len(faults) == len(everything) else {"errors_total": len(everything)}
        detail = "; ".join(f"{fault['pointer']}: {fault['detail']}" for fault in faults)[:2_000]
        if language(request) != "en":
            detail = say(language(request), "error.request_invalid")
        return problem(request, 422, "request_invalid", detail, errors=faults, **more)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers) if error.headers else {}
        if error.status_code == 405:
            headers["Allow"] = _allowed(request)
        known = {
            400: ("http_400", "http_400"),
            404: ("not_found", "nothing_here"),
            405: ("method_not_allowed", "method_not_allowed"),
        }
        code, words = known.get(error.status_code, (f"http_{error.status_code}", ""))
        detail = say(language(request), f"error.{words}") if words else str(error.detail)
        return problem(request, error.status_code, code, detail, headers=headers)

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:  # noqa: ARG001
        return refuse(request, 500, "internal_error")
