"""Examples for the description of the API, all of the demo customer Huading."""

from __future__ import annotations

from typing import Any

from relgraph.api.problems import MEDIA_TYPE
from relgraph.api.schemas import ref
from relgraph.schema.kind import EdgeKind, Kind, NodeKind

_STAMPS = {
    "created_at": "2026-11-01T08:00:00.000000Z",
    "updated_at": "2026-11-12T09:30:00.000000Z",
    "version": 2,
}
_ASSESSED = {
    "assessed_at": "2026-11-12",
    "assessed_by": "Bob Lindner",
    "source": "meeting",
    "evidence": "Asked for his view before deciding.",
}


def node_example(kind: NodeKind) -> dict[str, Any]:
    """One node of the kind as an answer shows it."""
    return {**_example(kind), **_STAMPS}


def edge_example(kind: EdgeKind) -> dict[str, Any]:
    """One edge of the kind as an answer shows it."""
    assessed = {name: value for name, value in _ASSESSED.items() if name in kind.columns}
    return {**assessed, **_example(kind), "version": 1}


def _example(kind: Kind) -> dict[str, Any]:
    """What the declaration says, and the reference of each column that must be there."""
    references = {
        reference.column: f"{reference.label.lower()}-1"
        for reference in kind.references
        if reference.required
    }
    own = {"id": f"{kind.name}-1"} if isinstance(kind, NodeKind) else {}
    return {**own, **references, **kind.example}


CHANGE_EXAMPLE: dict[str, Any] = {
    "id": "2026-11-12T09:30:00.000000Z/change-0a1b2c3d4e5f6071/0000000000#0",
    "change_set": "change-0a1b2c3d4e5f6071",
    "at": "2026-11-12T09:30:00.000000Z",
    "actor": "bob",
    "source": "api",
    "note": "after the steering meeting",
    "undoes": None,
    "customer_id": "huading",
    "kind": "supports",
    "key": {"stakeholder_id": "chen", "deal_id": "dc-renewal"},
    "action": "update",
    "before": {"stance": -1},
    "after": {"stance": 0},
    "version": 2,
}


def answer(example: Any, *errors: int, name: str | None = None) -> dict[int | str, dict[str, Any]]:
    """Responses of an operation: an example, and the problems that it may give.

    `name` is the part of the OpenAPI document that describes the answer.
    """
    responses: dict[int | str, dict[str, Any]] = {
        200: {"content": {"application/json": _content(example, name)}}
    }
    return responses | _problems(*errors, 422, 503)


def written(
    example: Any, status: int, *errors: int, name: str | None = None
) -> dict[int | str, dict[str, Any]]:
    """Responses of a write: an example unless nothing is left, and the problems it may give."""
    responses: dict[int | str, dict[str, Any]] = {status: {"description": "done"}}
    if example is not None:
        responses[status]["content"] = {"application/json": _content(example, name)}
        responses[status]["headers"] = {
            "ETag": {"description": "the new version", "schema": {"type": "string"}}
        }
    return responses | _problems(*errors, 400, 403, 413, 415, 422, 503)


def _content(example: Any, name: str | None) -> dict[str, Any]:
    return {"example": example} | ({} if name is None else {"schema": ref(name)})


_TEXTS = {
    400: "not as asked for",
    403: "another site sent this",
    404: "there is no such node or edge",
    409: "something is there already, or hangs on it",
    412: "somebody has changed it since it was read; `current` is its present state",
    413: "more than may be sent at once",
    415: "not JSON",
    422: "a parameter or member is wrong; `errors` names each",
    503: "the database is away",
}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {
            "description": _TEXTS[status],
            "content": {MEDIA_TYPE: {"schema": ref("Problem")}},
        }
        for status in statuses
    }
