"""Nodes by their ids in other systems, so that a copy is kept current without knowing ours."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from typing import Annotated

from fastapi import Path
from pydantic import ValidationError

from relgraph.api.calls import Call
from relgraph.api.examples import node_example, written
from relgraph.api.execute import Pending, Requested
from relgraph.api.write_routes import Location, WriteRequest, WriteRoute, refuse_body, with_article
from relgraph.database import Transaction
from relgraph.records.reads.stored import stored_nodes
from relgraph.records.writes import bodies
from relgraph.records.writes.external_ids import COLUMN
from relgraph.records.writes.names import Names, TheirId
from relgraph.records.writes.operations import Upsert
from relgraph.schema.kind import NodeKind
from relgraph.schema.values import BY_EXTERNAL_ID, MAX_NAME, Values

SYSTEM_PART = Annotated[
    str, Path(min_length=1, max_length=MAX_NAME, description="name of the other system")
]
THEIR_ID_PART = Annotated[
    str, Path(min_length=1, max_length=MAX_NAME, description="the record's id there")
]


def path_of(kind: NodeKind) -> str:
    """Where a node of this kind stands by its id in another system."""
    return f"/{kind.plural}/{BY_EXTERNAL_ID}/{{system}}/{{external_id:path}}"


def external_id_route(kind: NodeKind) -> WriteRoute:
    """PUT by an external id."""

    def put(request: WriteRequest) -> Requested:
        return _put(kind, request)

    def their_ids(request: WriteRequest) -> tuple[TheirId, ...]:
        return ((kind, request.path["system"], request.path["external_id"]),)

    example, model = node_example(kind), kind.model_name
    return WriteRoute(
        method="PUT",
        path=path_of(kind),
        operation_id=f"put_{kind.name}_by_external_id",
        summary=f"Make or change {with_article(kind.words)} by its id in another system",
        description="What the body leaves out is kept, null clears. Without a node of this id one "
        "is made (201), or the one that `id` names gets it.",
        responses={
            **written(example, 200, 404, 409, 412, name=model),
            201: written(example, 201, name=model)[201],
        },
        make=put,
        body=bodies.patch_body(kind),
        path_types={"system": SYSTEM_PART, "external_id": THEIR_ID_PART},
        their_ids=their_ids,
    )


def external_id_routes(kinds: tuple[NodeKind, ...]) -> Iterator[WriteRoute]:
    """The route of each kind."""
    for kind in kinds:
        yield external_id_route(kind)


def _put(kind: NodeKind, request: WriteRequest) -> Requested:
    """The node of this external id, changed, or made if there is none."""
    system, theirs = request.path["system"], request.path["external_id"]
    values = request.body.model_dump(exclude_unset=True)
    values[COLUMN] = {**(values.get(COLUMN) or {}), system: theirs}

    def make(names: Names) -> Call:
        id_ = names.find((kind, system, theirs))
        is_new = id_ is None
        if id_ is None and values.get("id"):
            id_ = str(values["id"])
            is_new = (kind.plural, id_) not in names.created and not stored_nodes(
                kind, [id_], names.tx
            )
        elif id_ is None:
            id_ = _new_id(names.tx, kind, system, theirs)
        if is_new:
            _check_new(kind, values, request.location)
        operation = Upsert(
            kind, (id_,), {"id": id_} | values, "either", request.versions, request.place
        )
        return Call((operation,), kind, (id_,), created=is_new)

    return Pending(make)


def _new_id(tx: Transaction, kind: NodeKind, system: str, theirs: str) -> str:
    """The same for everybody who makes the node at the same time, so that they make one."""
    digest = hashlib.sha256(f"{system}\n{theirs}".encode()).hexdigest()
    for name in (digest, uuid.uuid4().hex):
        id_ = f"{kind.name}-{name[:16]}"
        if not stored_nodes(kind, [id_], tx):
            return id_
    raise AssertionError("unreachable")


def _check_new(kind: NodeKind, values: Values, location: Location) -> None:
    """A node that is made needs more than one that is changed."""
    try:
        bodies.creation_body(kind).model_validate(
            {name: value for name, value in values.items() if value is not None}
        )
    except ValidationError as error:
        raise refuse_body(error, location) from None
