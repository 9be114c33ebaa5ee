"""Making, changing and removing nodes of every named kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Query

from relgraph.api.calls import Call, change_node, create_node, remove
from relgraph.api.examples import node_example, written
from relgraph.api.write_routes import WriteRequest, WriteRoute, with_article
from relgraph.records.writes import bodies
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import STAKEHOLDER

_CASCADE = Annotated[
    bool | None,
    Query(description="also remove or detach what hangs on it; else 409 says what does"),
]


def node_routes(kind: NodeKind) -> Iterator[WriteRoute]:
    """POST, PATCH and DELETE of one kind."""

    def create(request: WriteRequest) -> Call:
        return create_node(kind, request.body, place=request.place)

    def change(request: WriteRequest) -> Call:
        id_ = request.path["id"]
        return change_node(kind, id_, request.body, request.versions, place=request.place)

    def delete(request: WriteRequest) -> Call:
        return remove(
            kind,
            (request.path["id"],),
            request.versions,
            cascade=bool(request.query["cascade"]),
            place=request.place,
        )

    example, model = node_example(kind), kind.model_name
    yield WriteRoute(
        method="POST",
        path=f"/{kind.plural}",
        operation_id=f"create_{kind.name}",
        summary=f"Make {with_article(kind.words)}",
        description=f"A new {kind.words}. Without an id it gets one.",
        responses=written(example, 201, 409, name=model),
        make=create,
        body=bodies.creation_body(kind),
        status=201,
    )
    yield WriteRoute(
        method="PATCH",
        path=f"/{kind.plural}/{{id}}",
        operation_id=f"change_{kind.name}",
        summary=f"Change {with_article(kind.words)}",
        description="A JSON merge patch: null clears a member, an absent one is kept.",
        responses=written(example, 200, 404, 412, name=model),
        make=change,
        body=bodies.patch_body(kind),
    )
    leaving = " A person who leaves is not removed: set `until`." if kind is STAKEHOLDER else ""
    yield WriteRoute(
        method="DELETE",
        path=f"/{kind.plural}/{{id}}",
        operation_id=f"remove_{kind.name}",
        summary=f"Remove {with_article(kind.words)}",
        description=f"Says what hangs on it and refuses, unless `cascade`.{leaving}",
        responses=written(None, 204, 404, 409, 412),
        make=delete,
        query={"cascade": _CASCADE},
        status=204,
    )
