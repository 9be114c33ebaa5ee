"""Refuses query parameters that an operation does not have, so that a slip does not go unseen."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

from fastapi import Request
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

EVERYWHERE = frozenset({"lang"})
"""Parameters of every operation."""


async def refuse_unknown(request: Request) -> None:
    """Raise RequestValidationError for parameters that are not there, and for repeated ones.

    It names each that the operation does not have, and each that it has once.
    """
    once, many = names_of(request.scope["route"])
    faults = []
    for name in request.query_params:
        values = request.query_params.getlist(name)
        if name not in once | many:
            takes = ", ".join(sorted((once | many) - EVERYWHERE)) or "—"
            message = f"is no parameter here; these are: {takes}"
            faults.append(_fault(name, message, values[-1], "unknown_parameter", takes=takes))
        elif name in once and len(values) > 1:
            message = f"is there {len(values)} times; give it once"
            faults.append(_fault(name, message, values, "repeated_parameter", count=len(values)))
    if faults:
        raise RequestValidationError(faults)


def wrong_parameter(name: str, message: str, value: object) -> RequestValidationError:
    """A refusal of a query parameter in a sentence of our own."""
    return RequestValidationError([_fault(name, message, value, "value_error")])


def _fault(name: str, message: str, value: object, kind: str, **values: object) -> dict[str, Any]:
    return {
        "loc": ("query", name),
        "msg": message,
        "type": kind,
        "ctx": values,
        "input": value,
    }


def names_of(route: APIRoute) -> tuple[frozenset[str], frozenset[str]]:
    """The names of an operation's query parameters: those that come once, and lists."""
    once = set(EVERYWHERE)
    many: set[str] = set()
    for field in _parameters(route.dependant):
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            types = {name: info.annotation for name, info in model.model_fields.items()}
        else:
            types = {field.alias: model}
        for name, annotation in types.items():
            (many if _is_list(annotation) else once).add(name)
    return frozenset(once), frozenset(many)


def _parameters(dependant: Dependant) -> Iterator[ModelField]:
    yield from dependant.query_params
    for other in dependant.dependencies:
        yield from _parameters(other)


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return any(_is_list(option) for option in get_args(annotation))
    return get_origin(annotation) is list
