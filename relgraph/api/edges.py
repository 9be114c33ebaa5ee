"""One edge: read it, put it in place of what is there, change it, remove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from fastapi import Path

from relgraph.api.calls import Call, change_edge, put_edge, remove
from relgraph.api.examples import edge_example, written
from relgraph.api.write_routes import (
    Location,
    Method,
    WriteRequest,
    WriteRoute,
    query_parameter,
    refuse,
    refuse_parameter,
)
from relgraph.records.rows import Key
from relgraph.records.writes import bodies
from relgraph.schema.kind import EdgeKind
from relgraph.schema.values import Values

_VERBS: dict[Method, tuple[str, str]] = {
    "PUT": (
        "Put",
        "Puts the edge in place of what is there: what the body leaves out becomes unknown. A "
        "judgement without `assessed_at` is of today.",
    ),
    "PATCH": (
        "Change",
        "A JSON merge patch: null clears a member, an absent one is kept, `assessed_at` too.",
    ),
    "DELETE": ("Remove", "Removes the edge."),
}


MakeCall = Callable[[WriteRequest], Call]


def edge_routes(kind: EdgeKind) -> Iterator[WriteRoute]:
    """PUT, PATCH and DELETE of one kind."""
    put, change = put_and_change(kind, _key_of)

    def delete(request: WriteRequest) -> Call:
        return remove(kind, _key_of(kind, request), request.versions, place=request.place)

    makers = {"PUT": put, "PATCH": change, "DELETE": delete}
    models = {"PUT": bodies.edge_body(kind), "PATCH": bodies.patch_body(kind), "DELETE": None}
    for method, (verb, text) in _VERBS.items():
        gone = method == "DELETE"
        example = None if gone else edge_example(kind)
        yield WriteRoute(
            method=method,
            path=kind.path,
            operation_id=f"{verb.lower()}_{kind.name}",
            summary=f"{verb} one {kind.words}",
            description=text,
            responses=written(
                example, 204 if gone else 200, 404, 412, name=None if gone else kind.model_name
            ),
            make=makers[method],
            body=models[method],
            path_types=path_types(kind),
            query=query_types(kind),
            status=204 if gone else 200,
        )


def put_and_change(
    kind: EdgeKind, key_of: Callable[[EdgeKind, WriteRequest], Key]
) -> tuple[MakeCall, MakeCall]:
    """What puts and what changes the edge that a request names, wherever its key stands."""

    def put(request: WriteRequest) -> Call:
        return put_edge(
            kind,
            key_of(kind, request),
            request.body,
            request.versions,
            today=request.today,
            actor=request.context.access.viewer.name,
            place=request.place,
        )

    def change(request: WriteRequest) -> Call:
        key = key_of(kind, request)
        return change_edge(kind, key, request.body, request.versions, place=request.place)

    return put, change


def path_types(kind: EdgeKind) -> Values:
    """Annotations of those parts of the key that stand in the path behind both ends."""
    return {
        name: Annotated[type_of(kind, name), Path(description=kind.description(name))]
        for name in kind.key
        if f"{{{name}}}" in kind.path
    }


def query_types(kind: EdgeKind) -> Values:
    """Annotations of those parts of the key that a query parameter gives."""
    return {
        name: query_parameter(type_of(kind, name), kind.description(name))
        for name in kind.key
        if f"{{{name}}}" not in kind.path
    }


def type_of(kind: EdgeKind, name: str) -> Any:
    """The type of a part of the key where it is given."""
    annotation = kind.model.model_fields[name].annotation
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    return next(option for option in get_args(annotation) if option is not type(None))


def _key_of(kind: EdgeKind, request: WriteRequest) -> Key:
    body = request.body.model_dump() if request.body is not None else {}
    key = key_of(kind, request.path, request.query, body, request.location)
    if request.body is not None:
        _refuse_other_key(kind, key, request)
    return key


def _refuse_other_key(kind: EdgeKind, key: Key, request: WriteRequest) -> None:
    """Raise RequestValidationError if the body names another edge than the address does.

    What was read may be sent back, so a tie may be named from its other end. Null would clear in
    a patch; in an edge that is put it says no more than a member that is left out.
    """
    turned = kind.turned(key) if kind.may_be_symmetric else key
    is_patch = isinstance(request.body, bodies.patch_body(kind))
    for name, part, other in zip(kind.row_key, key, turned, strict=True):
        value = getattr(request.body, name)
        is_sent = name in request.body.model_fields_set and (is_patch or value is not None)
        if is_sent and (value or "") not in {part, other}:
            raise refuse(
                (*request.location, name),
                "is part of the address and cannot be changed; leave it out",
                value,
            )


def key_of(
    kind: EdgeKind,
    path: Mapping[str, str],
    query: Mapping[str, Any],
    body: Mapping[str, Any],
    location: Location = ("body",),
) -> Key:
    """The key of the edge that path, query and body name.

    Raises RequestValidationError if they do not say which of several edges is meant.
    """
    ends = [path["id"], path["other"]]
    if kind.owner_end == 1:
        ends.reverse()
    further = []
    for name in kind.key:
        part = path.get(name) or query.get(name) or body.get(name)
        if not part and name in kind.required:
            raise refuse_parameter(location, name)
        further.append(str(part or ""))
    return (*ends, *further)
