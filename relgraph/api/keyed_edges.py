"""Edges that a request names by their key, where the list of their kind is (/influences).

So a program that knows both ends by the ids of its own system need not look ours up first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Query

from relgraph.api.calls import Call, remove
from relgraph.api.edges import put_and_change, type_of
from relgraph.api.examples import edge_example, written
from relgraph.api.execute import Pending, Requested
from relgraph.api.write_routes import (
    WriteRequest,
    WriteRoute,
    query_parameter,
    refuse_parameter,
    with_article,
)
from relgraph.errors import NotFound
from relgraph.records.rows import Key
from relgraph.records.writes import bodies
from relgraph.records.writes.names import Names, TheirId
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import kind_with_label
from relgraph.schema.values import MAX_ID, MAX_NAME, Values

SYSTEM = "system"
_SYSTEM = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=MAX_NAME,
        description="the other system whose ids all of these are",
    ),
]
_THEIRS = Annotated[str | None, Query(min_length=1, max_length=max(MAX_ID, MAX_NAME))]


def keyed_routes(kind: EdgeKind) -> Iterator[WriteRoute]:
    """PUT, PATCH and DELETE of one kind, where its list is."""
    example, model = edge_example(kind), kind.model_name
    words = with_article(kind.words)
    named = ", ".join(kind.row_key)

    put, change = put_and_change(kind, _key_in_body)

    def delete(request: WriteRequest) -> Requested:
        return _remove(kind, request)

    def their_ids(request: WriteRequest) -> tuple[TheirId, ...]:
        return tuple(_their_ids(kind, request).values())

    yield WriteRoute(
        method="PUT",
        path=f"/{kind.plural}",
        operation_id=f"put_{kind.name}_by_key",
        summary=f"Put {words} that its body names",
        description=f"As at its own address; the body names it ({named}).",
        responses=written(example, 200, 404, 412, name=model),
        make=put,
        body=bodies.keyed_body(kind, bodies.edge_body(kind)),
    )
    yield WriteRoute(
        method="PATCH",
        path=f"/{kind.plural}",
        operation_id=f"change_{kind.name}_by_key",
        summary=f"Change {words} that its body names",
        description=f"A JSON merge patch as at its own address; the body names it ({named}).",
        responses=written(example, 200, 404, 412, name=model),
        make=change,
        body=bodies.keyed_body(kind, bodies.patch_body(kind)),
    )
    yield WriteRoute(
        method="DELETE",
        path=f"/{kind.plural}",
        operation_id=f"remove_{kind.name}_by_key",
        summary=f"Remove {words} by its key",
        description=f"The query names it ({named}), with `system` by the ids of another system.",
        responses=written(None, 204, 404, 412),
        make=delete,
        query=_query(kind),
        status=204,
        their_ids=their_ids,
    )


def _query(kind: EdgeKind) -> Values:
    types: dict[str, Any] = {}
    for name in kind.row_key:
        about = kind.description(name)
        if name in kind.refs:
            types[name] = Annotated[_THEIRS, Query(description=about)]
        else:
            types[name] = query_parameter(type_of(kind, name), about)
    return {**types, SYSTEM: _SYSTEM}


def _key_in_body(kind: EdgeKind, request: WriteRequest) -> Key:
    return tuple(str(getattr(request.body, name) or "") for name in kind.row_key)


def _key_in_query(kind: EdgeKind, request: WriteRequest) -> Key:
    """Raises RequestValidationError for the first part that is missing."""
    for name in kind.row_key:
        if name in kind.required and not request.query[name]:
            raise refuse_parameter(request.location, name)
    return tuple(str(request.query[name] or "") for name in kind.row_key)


def _their_ids(kind: EdgeKind, request: WriteRequest) -> dict[str, TheirId]:
    """The external ids in a query, by parameter."""
    system = request.query[SYSTEM]
    if system is None:
        return {}
    return {
        name: (kind_with_label(kind.refs[name]), system, request.query[name])
        for name in kind.row_key
        if name in kind.refs and request.query[name]
    }


def _remove(kind: EdgeKind, request: WriteRequest) -> Requested:
    key = _key_in_query(kind, request)
    their_ids = _their_ids(kind, request)
    if not their_ids:
        return remove(kind, key, request.versions, place=request.place)

    def make(names: Names) -> Call:
        ours = {name: _our_id(their_id, names, request) for name, their_id in their_ids.items()}
        parts = (ours.get(name, part) for name, part in zip(kind.row_key, key, strict=True))
        return remove(kind, tuple(parts), request.versions, place=request.place)

    return Pending(make)


def _our_id(their_id: TheirId, names: Names, request: WriteRequest) -> str:
    id_ = names.find(their_id)
    if id_ is None:
        kind, system, theirs = their_id
        raise NotFound(kind.words, f"{system}: {theirs}", request.place)
    return id_
