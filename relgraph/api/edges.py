"""One edge: read it, put it in place of what is there, change it, remove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from fastapi import Path, Query
from pydantic import BaseModel

from relgraph.api.calls import Call, change_edge, put_edge, remove
from relgraph.api.examples import edge_example, written
from relgraph.api.their_ids import kinds_in_key, kinds_in_path
from relgraph.api.write_routes import (
    Location,
    Method,
    Responses,
    WriteRequest,
    WriteRoute,
    query_parameter,
    refuse,
    refuse_parameter,
    with_article,
)
from relgraph.records.rows import Key
from relgraph.records.writes import bodies
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.values import MAX_ID, MAX_NAME, Values

_LONGEST = max(MAX_ID, MAX_NAME)
"""Ours or another system's."""
_ID_IN_PATH = Annotated[
    str, Path(min_length=1, max_length=_LONGEST, description="stable id; with system its id there")
]
_ID_IN_QUERY = Annotated[str | None, Query(min_length=1, max_length=_LONGEST)]
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
_BODIES: dict[Method, Callable[[EdgeKind], type[BaseModel]]] = {
    "PUT": bodies.edge_body,
    "PATCH": bodies.patch_body,
}
KeyOf = Callable[[EdgeKind, WriteRequest], Key]


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a request names an edge of a kind; its routes are alike everywhere."""

    path: str
    key_of: KeyOf
    ids: Mapping[str, NodeKind]
    path_types: Values
    query: Values
    is_list: bool = False
    """Whether it is the list of the kind, where body or query have all of the key."""


def edge_routes(kind: EdgeKind) -> Iterator[WriteRoute]:
    """PUT, PATCH and DELETE of one kind: at the edge's own address, and where its list is.

    There a request names it by its key, so that a program that knows both ends by the ids of its
    own system need not look ours up first.
    """
    own = _Address(kind.path, _key_of, kinds_in_path(kind), path_types(kind), query_types(kind))
    key_types = {name: _query_type(kind, name) for name in kind.row_key}
    keyed = _Address(f"/{kind.plural}", _listed_key, kinds_in_key(kind), {}, key_types, True)
    for address in (own, keyed):
        for method in _VERBS:
            yield _route(kind, method, address)


def _route(kind: EdgeKind, method: Method, address: _Address) -> WriteRoute:
    verb, text = _VERBS[method]
    summary, suffix, query = f"{verb} one {kind.words}", "", address.query
    body = _BODIES[method](kind) if method in _BODIES else None
    if address.is_list:
        suffix = "_by_key"
        named = ", ".join(kind.row_key)
        summary = f"{verb} {with_article(kind.words)} that its {'body' if body else 'query'} names"
        text = f"{text} The {'body' if body else 'query'} names it ({named})."
        query = {} if body else query
        body = body and bodies.keyed_body(kind, body)
    return WriteRoute(
        method=method,
        path=address.path,
        operation_id=f"{verb.lower()}_{kind.name}{suffix}",
        summary=summary,
        description=text,
        responses=_responses(kind, has_body=body is not None),
        make=_maker(kind, method, address.key_of),
        body=body,
        path_types=address.path_types,
        query=query,
        status=204 if body is None else 200,
        # In a body each of them says by itself whose id it is.
        ids=None if address.is_list and body is not None else address.ids,
    )


def _responses(kind: EdgeKind, *, has_body: bool) -> Responses:
    if not has_body:
        return written(None, 204, 404, 412)
    return written(edge_example(kind), 200, 404, 412, name=kind.model_name)


def _maker(kind: EdgeKind, method: Method, key_of: KeyOf) -> Callable[[WriteRequest], Call]:
    """What writes the edge that a request names, wherever its key stands."""

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

    def delete(request: WriteRequest) -> Call:
        return remove(kind, key_of(kind, request), request.versions, place=request.place)

    return {"PUT": put, "PATCH": change, "DELETE": delete}[method]


def path_types(kind: EdgeKind) -> Values:
    """Annotations of the ends, and of what else of the key stands in the path."""
    further = {
        name: Annotated[type_of(kind, name), Path(description=kind.description(name))]
        for name in kind.key
        if f"{{{name}}}" in kind.path
    }
    return {"id": _ID_IN_PATH, "other": _ID_IN_PATH, **further}


def query_types(kind: EdgeKind) -> Values:
    """Annotations of those parts of the key that a query parameter gives."""
    named = (name for name in kind.key if f"{{{name}}}" not in kind.path)
    return {name: _query_type(kind, name) for name in named}


def _query_type(kind: EdgeKind, name: str) -> Any:
    about = kind.description(name)
    if name in kind.refs:
        return Annotated[_ID_IN_QUERY, Query(description=about)]
    return query_parameter(type_of(kind, name), about)


def _listed_key(kind: EdgeKind, request: WriteRequest) -> Key:
    """The key in the body, or else in the query.

    Raises RequestValidationError for the first part that is missing.
    """
    parts = request.query if request.body is None else dict(request.body)
    for name in kind.row_key:
        if name in kind.required and not parts.get(name):
            raise refuse_parameter(request.location, name)
    return tuple(str(parts.get(name) or "") for name in kind.row_key)


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
