"""Long answers: they become bytes in the thread that made them, and some rows at a time.

FastAPI turns what an endpoint returns into JSON in the event loop and in one call, for which all
other requests wait. An encoder keeps the interpreter's lock for as long as one call takes, so that
a thread alone does not help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import orjson
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from relgraph.schema.values import Values

ROWS_AT_ONCE = 100


class ListRoute(APIRoute):
    """A route whose answer may be a long list: a model with `items`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        if "GET" in (more.get("methods") or ()):
            endpoint = _encoding(endpoint, bool(more.get("response_model_exclude_unset")))
        super().__init__(path, endpoint, **more)


def _encoding(endpoint: Callable[..., Any], exclude_unset: bool) -> Callable[..., Any]:
    """The endpoint, with a long list of it as the response itself."""

    @wraps(endpoint)
    def encoding(**values: Any) -> Any:
        answer = endpoint(**values)
        items = getattr(answer, "items", None)
        if not isinstance(answer, BaseModel) or not isinstance(items, list):
            return answer
        if len(items) <= ROWS_AT_ONCE:
            return answer
        body = encoded(members_of(answer, exclude_unset=exclude_unset))
        return Response(body, media_type="application/json")

    return encoding


def members_of(answer: BaseModel, *, exclude_unset: bool) -> Values:
    """The members of an answer by name."""
    names = answer.model_fields_set if exclude_unset else set(type(answer).model_fields)
    return {name: getattr(answer, name) for name in type(answer).model_fields if name in names}


def encoded(members: Values) -> bytes:
    """A JSON object of these members, of which lists may be long."""
    return b"{" + b",".join(_member(name, value) for name, value in members.items()) + b"}"


def _member(name: str, value: Any) -> bytes:
    text = b"[" + b",".join(_rows(value)) + b"]" if isinstance(value, list) else _dumps(value)
    return _dumps(name) + b":" + text


def _rows(rows: list[Any]) -> Iterator[bytes]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield _dumps(rows[start : start + ROWS_AT_ONCE])[1:-1]


def _dumps(value: Any) -> bytes:
    # Times as pydantic writes them, so that short and long answers look alike.
    return orjson.dumps(value, default=to_jsonable_python, option=orjson.OPT_PASSTHROUGH_DATETIME)
