"""What a program sends and gets, as pydantic models made from those of the nodes and edges.

A node is made from its whole model, without an id if relgraph shall give one; it is changed by a
JSON merge patch (RFC 7396), whose members are all optional and may be null. An edge is put
whole: what it does not say is unknown, except that a judgement without a date is of today.
"""

from __future__ import annotations

import types
import typing
import uuid
from functools import cache
from typing import Annotated, Any, Union

from pydantic import BaseModel, ConfigDict, Field, create_model

from relgraph.records.rows import Key, defaults
from relgraph.records.writes.operations import Must, Upsert
from relgraph.schema.edges import Judgement
from relgraph.schema.tables import Table

READ_ONLY = frozenset({"created_at", "updated_at", "version"})
"""Members that an answer has and that may be sent back; they change nothing."""

_CONFIG = ConfigDict(extra="forbid", use_enum_values=True, str_strip_whitespace=True)


class Body(BaseModel):
    """What every body allows: members of an answer that relgraph keeps itself."""

    model_config = _CONFIG
    created_at: str | None = Field(None, exclude=True, description="read only")
    updated_at: str | None = Field(None, exclude=True, description="read only")
    version: int | None = Field(None, exclude=True, description="read only; send If-Match instead")


@cache
def creation_body(table: Table) -> type[Body]:
    """The model of a new node; without an id it gets one."""
    fields: dict[str, Any] = {}
    for name, field in table.model.model_fields.items():
        inner = _with_metadata(field)
        if name == "id":
            fields[name] = (inner | None, Field(None, description=field.description))
        else:
            fields[name] = (inner, _described(field, required=field.is_required()))
    return create_model(f"New{table.model.__name__}", __base__=Body, **fields)


@cache
def patch_body(table: Table) -> type[Body]:
    """The model of a merge patch for a node: null clears, absent keeps."""
    fields = {
        name: (_nullable(_with_metadata(field)), Field(None, description=field.description))
        for name, field in table.model.model_fields.items()
    }
    return create_model(f"{table.model.__name__}Patch", __base__=Body, **fields)  # type: ignore[call-overload,no-any-return]


@cache
def edge_body(table: Table) -> type[Body]:
    """The model of an edge whose ends stand in the path; they may be sent back, too."""
    ends = table.model.ends  # type: ignore[union-attr]
    key = () if table.name == "influences" else table.model.key  # type: ignore[union-attr]
    fields: dict[str, Any] = {}
    for name, field in table.model.model_fields.items():
        inner = _with_metadata(field)
        in_path = name in ends or name in key
        required = field.is_required() and not in_path
        fields[name] = (
            inner if required or not in_path else inner | None,
            Field(None, description=field.description)
            if in_path
            else _described(field, required=required),
        )
    return create_model(f"{table.model.__name__}Body", __base__=Body, **fields)


class Shown(BaseModel):
    """What every node and edge of an answer has; a member without a value may be left out."""

    model_config = ConfigDict(extra="allow", use_enum_values=True)
    created_at: str | None = Field(None, description="instant, UTC")
    updated_at: str | None = Field(None, description="instant, UTC")
    version: int | None = Field(None, description="goes up by one with each write; the ETag")


@cache
def answer_body(table: Table) -> type[Shown]:
    """The model of a node or edge in an answer: unknown is null or left out."""
    fields: dict[str, Any] = {
        name: (_with_metadata(field), Field(description=field.description))
        if name == "id"
        else (_with_metadata(field) | None, Field(None, description=field.description))
        for name, field in table.model.model_fields.items()
    }
    return create_model(table.model.__name__, __base__=Shown, **fields)


def creation(table: Table, body: Body, *, place: int = 0) -> Upsert:
    """A node to make; its id stands in the operation's key."""
    values = body.model_dump(exclude_none=True)
    id_ = values.setdefault("id", f"{table.name.removesuffix('s')}-{uuid.uuid4().hex[:16]}")
    return Upsert(table, (id_,), values, "create", None, place)


def patch(
    table: Table, id_: str, body: Body, *, versions: frozenset[int] | None = None, place: int = 0
) -> Upsert:
    """A change of a node: what the patch names, and nothing else."""
    values = body.model_dump(exclude_unset=True)
    return Upsert(table, (id_,), {"id": id_} | values, "change", versions, place)


def edge(
    table: Table,
    key: Key,
    body: Body,
    *,
    today: str,
    actor: str,
    versions: frozenset[int] | None = None,
    must: Must = "either",
    place: int = 0,
) -> Upsert:
    """An edge to put in place of what is there: what the body leaves out becomes unknown."""
    model = table.model
    said = body.model_dump(exclude_unset=True)
    values: dict[str, Any] = dict.fromkeys(model.model_fields)
    values |= defaults(table)
    if issubclass(model, Judgement) or "assessed_at" in model.model_fields:
        values |= {"assessed_at": today, "assessed_by": actor or None}
    values |= said
    for name, value in zip(model.ends + model.key, key, strict=True):  # type: ignore[union-attr]
        values[name] = value or None
    return Upsert(table, key, values, must, versions, place)


def _with_metadata(field: Any) -> Any:
    """A field's type with its constraints."""
    if not field.metadata:
        return field.annotation
    return Annotated[(field.annotation, *field.metadata)]


def _described(field: Any, *, required: bool) -> Any:
    if required:
        return Field(description=field.description)
    return Field(field.default, description=field.description)


def _nullable(kind: Any) -> Any:
    """The type or null; the values of a map, too, so that a patch can take one out."""
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        parts = tuple(_nullable(part) for part in typing.get_args(kind) if part is not type(None))
        return Union[(*parts, None)]
    if origin is dict:
        key, value = typing.get_args(kind)
        return dict[key, value | None] | None  # type: ignore[valid-type]
    return kind | None
