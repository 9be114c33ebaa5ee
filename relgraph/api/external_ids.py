"""Nodes by their ids in other systems, so that a copy is kept current without knowing ours."""

from __future__ import annotations

import hashlib
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from relgraph.api.calls import Call
from relgraph.api.context import Db
from relgraph.api.etags import IfMatchHeader, Versions, etag, versions_of
from relgraph.api.examples import NODE_EXAMPLES, answer, written
from relgraph.api.execute import Asked, Made, Write, execute
from relgraph.api.schemas import name_of
from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.reads import directory
from relgraph.records.reads.stored import stored_nodes
from relgraph.records.writes import bodies
from relgraph.records.writes.external_ids import COLUMN, find
from relgraph.records.writes.operations import Upsert
from relgraph.schema.tables import TABLE_BY_NAME, Table
from relgraph.schema.values import MAX_NAME

router = APIRouter(prefix="/api/v1", tags=["records"])

System = Annotated[
    str, Path(min_length=1, max_length=MAX_NAME, description="name of the other system")
]
TheirId = Annotated[
    str, Path(min_length=1, max_length=MAX_NAME, description="the record's id there")
]


def put_by_external_id(
    table: Table,
    system: str,
    theirs: str,
    body: bodies.Body,
    versions: Versions,
    *,
    place: int = 0,
    where: tuple[str | int, ...] = ("body",),
) -> Asked:
    """The node of this external id, changed, or made if there is none. `where` is the body."""
    values = body.model_dump(exclude_unset=True)
    values[COLUMN] = {**(values.get(COLUMN) or {}), system: theirs}

    def resolve(tx: Transaction, made: Made) -> Call:
        id_ = find(tx, table, system, theirs)
        if id_ is None and values.get("id"):
            id_ = values["id"]
        elif id_ is None:
            id_ = _new_id(tx, table, system, theirs)
        created = (table.name, id_) not in made and not stored_nodes(table, [id_], tx)
        if created:
            _check_new(table, values, where)
            made.add((table.name, id_))
        operation = Upsert(table, (id_,), {"id": id_} | values, "either", versions, place)
        return Call((operation,), table, (id_,), created=created)

    return resolve


def _new_id(tx: Transaction, table: Table, system: str, theirs: str) -> str:
    """The same for everybody who makes the node at the same time, so that they make one."""
    digest = hashlib.sha256(f"{system}\n{theirs}".encode()).hexdigest()
    for name in (digest, uuid.uuid4().hex):
        id_ = f"{table.kind}-{name[:16]}"
        if not stored_nodes(table, [id_], tx):
            return id_
    raise AssertionError("unreachable")


def _check_new(table: Table, values: dict[str, Any], where: tuple[str | int, ...]) -> None:
    """A node that is made needs more than one that is changed."""
    try:
        bodies.creation_body(table).model_validate(
            {name: value for name, value in values.items() if value is not None}
        )
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        raise RequestValidationError(
            [{**one, "loc": (*where, *one["loc"])} for one in found]
        ) from None


def _add(kind: str, table: Table) -> None:
    path = f"/{kind}s/by-external-id/{{system}}/{{external_id:path}}"
    model = bodies.patch_body(table)

    def read(db: Db, system: System, external_id: TheirId, response: Response) -> dict[str, Any]:
        id_ = db.read(lambda tx: find(tx, table, system, external_id))
        if id_ is None:
            raise NotFound(kind, f"{system}: {external_id}")
        found = directory.get_node(db, kind, id_)
        response.headers["ETag"] = etag(found.get("version", 0))
        return found

    def put(
        context: Write,
        system: System,
        external_id: TheirId,
        body: Any,
        match: IfMatchHeader = None,
    ) -> Response:
        call = put_by_external_id(table, system, external_id, body, versions_of(match))
        return execute(context, [call])

    put.__annotations__["body"] = Annotated[model, Body()]
    router.add_api_route(
        path,
        read,
        methods=["GET"],
        summary=f"Find a {kind} by its id in another system",
        description=f"The {kind} whose `external_ids` name this system and id.",
        operation_id=f"get_{kind}_by_external_id",
        responses=answer(NODE_EXAMPLES[kind], 404, name=name_of(table)),
    )
    router.add_api_route(
        path,
        put,
        methods=["PUT"],
        summary=f"Make or change a {kind} by its id in another system",
        description="What the body leaves out is kept, null clears. Without a node of this id one "
        "is made (201), or the one that `id` names gets it.",
        operation_id=f"put_{kind}_by_external_id",
        responses={
            **written(NODE_EXAMPLES[kind], 200, 404, 409, 412, name=name_of(table)),
            201: written(NODE_EXAMPLES[kind], 201, name=name_of(table))[201],
        },
    )


for _kind in directory.KINDS:
    _add(_kind, TABLE_BY_NAME[f"{_kind}s"])
