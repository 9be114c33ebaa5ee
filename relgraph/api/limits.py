"""Limits of a request that settings set: rows of a page, ways, operations sent at once.

The models of the requests know the largest values that a setting may have; what the service was
started with is looked at here, and stands in its description of the API.
"""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from relgraph.settings import Settings

_NUMBER = TypeAdapter(int)


async def settings(request: Request) -> Settings:
    """What the service was started with."""
    return cast(Settings, request.app.state.settings)


Limits = Annotated[Settings, Depends(settings)]


def of_query(limits: Settings) -> dict[str, int]:
    """The largest values of parameters, by name."""
    return {"limit": limits.max_page, "k": limits.max_paths}


async def refuse_larger(request: Request, limits: Limits) -> None:
    """Raise RequestValidationError if a number of the query is above its limit."""
    for name, most in of_query(limits).items():
        value = request.query_params.get(name, "")
        if _number(value) > most:
            raise RequestValidationError(
                [
                    {
                        "loc": ("query", name),
                        "type": "less_than_equal",
                        "msg": f"must be {most} at most",
                        "ctx": {"le": most},
                        "input": value,
                    }
                ]
            )


def _number(text: str) -> int:
    """The number that the models of requests take a text for (` 7 ` and `7.0`, too); else 0."""
    try:
        return _NUMBER.validate_python(text)
    except ValidationError:
        return 0


def refuse_more(place: tuple[str, ...], count: int, limits: Settings) -> None:
    """Raise RequestValidationError if more is sent at once than may be."""
    most = limits.max_operations
    if count > most:
        raise RequestValidationError(
            [
                {
                    "loc": ("body", *place),
                    "type": "too_long",
                    "msg": f"has more than {most} entries",
                    "ctx": {"max_length": most},
                    "input": count,
                }
            ]
        )


def describe(document: dict[str, Any], limits: Settings) -> None:
    """Write the limits into the description of the API."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                most = of_query(limits).get(parameter["name"])
                if most is not None:
                    schema = parameter["schema"]
                    schema["maximum"] = min(schema["maximum"], most)
                    schema["default"] = min(schema["default"], schema["maximum"])
    batch = document["components"]["schemas"]["BatchBody"]["properties"]["operations"]
    batch["maxItems"] = limits.max_operations
    body = document["paths"]["/api/v1/activities"]["post"]["requestBody"]
    for variant in body["content"]["application/json"]["schema"]["oneOf"]:
        if variant.get("type") == "array":
            variant["maxItems"] = limits.max_operations
