"""Refuses query parameters that an operation does not have, so that a slip does not go unseen."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

EVERYWHERE = frozenset({"lang"})
"""Parameters of every operation."""


def refuse_unknown(request: Request) -> None:
    """Raise RequestValidationError that names each parameter that the operation does not have."""
    known = names_of(request.scope["route"])
    if unknown := [name for name in request.query_params if name not in known]:
        takes = ", ".join(sorted(known - EVERYWHERE)) or "—"
        raise RequestValidationError(
            [
                {
                    "loc": ("query", name),
                    "msg": f"is no parameter here; these are: {takes}",
                    "type": "unknown_parameter",
                    "ctx": {"takes": takes},
                    "input": request.query_params[name],
                }
                for name in unknown
            ]
        )


def wrong_parameter(name: str, message: str, value: object) -> RequestValidationError:
    """A refusal of a query parameter in a sentence of our own."""
    return RequestValidationError(
        [{"loc": ("query", name), "msg": message, "type": "value_error", "input": value}]
    )


def names_of(route: APIRoute) -> frozenset[str]:
    """The names of the query parameters of an operation."""
    names = set(EVERYWHERE)
    for field in _parameters(route.dependant):
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            names |= set(model.model_fields)
        else:
            names.add(field.alias)
    return frozenset(names)


def _parameters(dependant: Dependant) -> Iterator[ModelField]:
    yield from dependant.query_params
    for other in dependant.dependencies:
        yield from _parameters(other)
