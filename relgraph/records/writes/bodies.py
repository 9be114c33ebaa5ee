"""What a program sends and gets, as pydantic models made from those of the nodes and edges.

A node is made from its whole model, without an id if relgraph shall give one; nodes and edges are
changed by a JSON merge patch (RFC 7396), whose members are all optional and may be null. To put an
edge replaces all of it: what the body leaves out becomes unknown, except that a judgement without
a date is of today.

Wherever a body names another node, the id of another system may stand in place of ours; it is
resolved before anything is made of the body (`names`).
"""

from __future__ import annotations

import types
import typing
import uuid
from functools import cache
from typing import Annotated, Any, Union

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    create_model,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from relgraph.records.rows import Key, defaults
from relgraph.records.writes.operations import Must, Upsert
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.values import MAX_ID, MAX_NAME, Id, Values, Word

READ_ONLY = frozenset({"created_at", "updated_at", "version"})
"""Members that an answer has and that may be sent back; they change nothing."""

_CONFIG = ConfigDict(extra="forbid", use_enum_values=True, str_strip_whitespace=True)


_THEIR_ID = TypeAdapter(dict[Word, Word])


def _node_name(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    if not isinstance(value, dict):
        return validate(value)
    named = _THEIR_ID.validate_python(value)
    if len(named) != 1:
        raise PydanticCustomError("system_count", "must name one system and its id")
    return named


NodeName = TypeAliasType(
    "NodeName",
    Annotated[
        Id,
        WrapValidator(_node_name),
        WithJsonSchema(
            {
                "description": "A node: its id, or a system and what that calls it, as in "
                "`external_ids`.",
                "anyOf": [
                    {"type": "string", "minLength": 1, "maxLength": MAX_ID},
                    {
                        "type": "object",
                        "minProperties": 1,
                        "maxProperties": 1,
                        "additionalProperties": {
                            "type": "string",
                            "minLength": 1,
                            "maxLength": MAX_NAME,
                        },
                    },
                ],
                "examples": ["li", {"crm": "0031"}],
            }
        ),
    ],
)
"""What a body names another node by: our id, or a map of one system to its id."""


class Body(BaseModel):
    """What every body allows: members of an answer that relgraph keeps itself."""

    model_config = _CONFIG
    created_at: str | None = Field(None, exclude=True, description="read only")
    updated_at: str | None = Field(None, exclude=True, description="read only")
    version: int | None = Field(None, exclude=True, description="read only; send If-Match instead")


@cache
def creation_body(kind: NodeKind) -> type[Body]:
    """The model of a new node; without an id it gets one."""
    fields: Values = {}
    for name, field in kind.model.model_fields.items():
        inner = _sent(kind, name)
        if name == "id":
            fields[name] = (inner | None, Field(None, description=field.description))
        else:
            fields[name] = (inner, _described(field, required=field.is_required()))
    return create_model(f"New{kind.model.__name__}", __base__=Body, **fields)


@cache
def patch_body(kind: Kind) -> type[Body]:
    """The model of a merge patch: null clears, absent keeps."""
    fields = {
        name: (_nullable(_sent(kind, name)), Field(None, description=field.description))
        for name, field in kind.model.model_fields.items()
    }
    return create_model(f"{kind.model.__name__}Patch", __base__=Body, **fields)  # type: ignore[call-overload,no-any-return]


@cache
def edge_body(kind: EdgeKind) -> type[Body]:
    """The model of an edge whose ends stand in the path; they may be sent back, too."""
    fields: Values = {}
    for name, field in kind.model.model_fields.items():
        inner = _sent(kind, name)
        in_path = name in kind.end_columns or (name in kind.key and field.is_required())
        required = field.is_required() and not in_path
        fields[name] = (
            inner if required or not in_path else inner | None,
            Field(None, description=field.description)
            if in_path
            else _described(field, required=required),
        )
    return create_model(f"{kind.model.__name__}Body", __base__=Body, **fields)


@cache
def keyed_body(kind: EdgeKind, body: type[Body]) -> type[Body]:
    """The model of an edge, or of its patch, that its own body names: its key must be there."""
    fields: Values = {
        name: (_sent(kind, name), Field(description=kind.description(name)))
        for name in kind.row_key
        if name in kind.required
    }
    return create_model(f"Keyed{body.__name__}", __base__=body, **fields)


class AnswerBody(BaseModel):
    """What every node and edge of an answer has; a member without a value may be left out."""

    model_config = ConfigDict(extra="allow", use_enum_values=True)
    created_at: str | None = Field(None, description="instant, UTC")
    updated_at: str | None = Field(None, description="instant, UTC")
    version: int | None = Field(
        None, description="goes up by one with each write; the ETag begins with it"
    )


@cache
def answer_body(kind: Kind) -> type[AnswerBody]:
    """The model of a node or edge in an answer: unknown is null or left out."""
    fields: Values = {
        name: (_with_metadata(field), Field(description=field.description))
        if name == "id"
        else (_with_metadata(field) | None, Field(None, description=field.description))
        for name, field in kind.model.model_fields.items()
    }
    return create_model(kind.model.__name__, __base__=AnswerBody, **fields)


def creation(kind: NodeKind, body: Body, *, place: int = 0) -> Upsert:
    """A node to make; its id stands in the operation's key."""
    values = body.model_dump(exclude_none=True)
    id_ = values.setdefault("id", f"{kind.name}-{uuid.uuid4().hex[:16]}")
    return Upsert(kind, (id_,), values, "create", None, place)


def patch(
    kind: NodeKind, id_: str, body: Body, *, versions: frozenset[int] | None = None, place: int = 0
) -> Upsert:
    """A change of a node: what the patch names, and nothing else."""
    values = body.model_dump(exclude_unset=True)
    return Upsert(kind, (id_,), {"id": id_} | values, "change", versions, place)


def edge(
    kind: EdgeKind,
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
    values: Values = dict.fromkeys(kind.model.model_fields)
    values |= defaults(kind)
    if kind.is_judgement:
        values |= {"assessed_at": today, "assessed_by": actor or None}
    values |= body.model_dump(exclude_unset=True) | kind.named_key(key)
    return Upsert(kind, key, values, must, versions, place)


def edge_patch(
    kind: EdgeKind,
    key: Key,
    body: Body,
    *,
    versions: frozenset[int] | None = None,
    place: int = 0,
) -> Upsert:
    """A change of an edge: what the patch names, and nothing else.

    A member that is cleared has its default again, where it has one.
    """
    values = body.model_dump(exclude_unset=True)
    values |= {n: value for n, value in defaults(kind).items() if n in values and values[n] is None}
    values |= kind.named_key(key)
    return Upsert(kind, key, values, "change", versions, place)


def _sent(kind: Kind, name: str) -> Any:
    """A member's type in a body; another node may be named by what another system calls it."""
    if name not in kind.refs:
        return _with_metadata(kind.model.model_fields[name])
    reference = kind.reference(name)
    named = Annotated[NodeName, reference.ref]
    return named if reference.required else named | None


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
    """The type or null; the values of a map, too, so that a patch can remove a member."""
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        parts = tuple(_nullable(part) for part in typing.get_args(kind) if part is not type(None))
        return Union[(*parts, None)]
    if origin is dict:
        key, value = typing.get_args(kind)
        return dict[key, value | None] | None  # type: ignore[valid-type]
    if origin is Annotated:
        inner, *limits = typing.get_args(kind)
        if typing.get_origin(inner) in (Union, types.UnionType, dict):
            return Annotated[(_nullable(inner), *limits)]
    return kind | None
