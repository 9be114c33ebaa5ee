"""The parts of the OpenAPI document that answers refer to: nodes, edges, pages of them, problems.

Generated clients make a class of each, so an answer is referred to by its name and not
spelt out again at every operation.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from relgraph.records.writes.bodies import answer_body, creation_body
from relgraph.schema.kind import Kind
from relgraph.schema.kinds import ACTIVITY, KINDS

_REF = "#/components/schemas/{model}"

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error as RFC 9457 has it.",
    "required": ["type", "title", "status", "detail", "code", "instance"],
    "properties": {
        "type": {"type": "string", "description": "address of the documentation of the code"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what happened and what to do"},
        "code": {"type": "string", "description": "stable word for programs"},
        "instance": {"type": "string", "description": "path of the request"},
        "errors": {
            "type": "array",
            "description": "each member that is wrong",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the request"},
                    "detail": {"type": "string"},
                    "value": {"type": "string"},
                },
            },
        },
    },
}


def ref(name: str) -> dict[str, str]:
    """A reference to a part."""
    return {"$ref": _REF.format(model=name)}


def components() -> dict[str, Any]:
    """All parts by name."""
    models: list[tuple[type[BaseModel], Any]] = [
        (answer_body(kind), "serialization") for kind in KINDS
    ]
    models.append((creation_body(ACTIVITY), "validation"))
    _, top = models_json_schema(models, ref_template=_REF)
    definitions: dict[str, Any] = top["$defs"]
    definitions |= {f"{kind.model_name}List": _page(kind) for kind in KINDS}
    return definitions | {"Problem": PROBLEM}


def _page(kind: Kind) -> dict[str, Any]:
    gone = "Deleted" if kind.is_node else "DeletedEdge"
    return {
        "type": "object",
        "description": "One page of a list.",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": {"type": "array", "items": ref(kind.model_name)},
            "next_cursor": {
                "anyOf": [{"type": "string"}, {"type": "null"}],
                "description": "cursor of the next page; null on the last",
            },
            "deleted": {
                "type": "array",
                "items": ref(gone),
                "description": "with updated_since or resume, on the first page: what was removed",
            },
            "resume": {
                "type": "string",
                "description": "with resume, on the first page: the mark to go on from",
            },
        },
    }


def complete(document: dict[str, Any], *, token: bool) -> dict[str, Any]:
    """The document with the parts, and with the token if the service has one."""
    parts = document.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name, schema in components().items():
        schemas.setdefault(name, schema)
    parts["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "RELGRAPH_TOKEN, where the service has one",
        }
    }
    document["security"] = [{"token": []}] if token else [{}, {"token": []}]
    return document
