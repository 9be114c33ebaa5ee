"""What a kind of node or edge is: how it is called, stored, read, checked and removed.

The kinds themselves are declared in `kinds`. Whatever must be done for every kind (import and
export, routes, change log, undo, merge, search) reads these declarations, so that a new kind is
one declaration and not one more line in many lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, NamedTuple
from urllib.parse import quote, urlencode

from pydantic import BaseModel

from relgraph.schema.edges import Edge
from relgraph.schema.nodes import Node, Record
from relgraph.schema.values import Ref

NULL_SCOPE = "scope"
"""Name under which the database keeps a part of an edge's key that may be null, as "" then."""


API_ROOT = "/api/v1"


class DeclarationError(TypeError):
    """A kind is declared in a way that nothing can follow from."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names another node; see `Ref` for its other members."""

    column: str
    ref: Ref
    required: bool

    @property
    def label(self) -> str:
        """Label of the node that it names."""
        return self.ref.label

    @property
    def rows(self) -> str:
        """Table whose rows are the same edges; "" where only the column holds them."""
        return self.ref.rows


class Range(NamedTuple):
    """Least and greatest value of a number; `above` excludes the least value itself."""

    low: float
    high: float
    above: bool = False


class KindBase:
    """What kinds of nodes and kinds of edges have in common.

    `name` is the word for one of them in paths, events and sentences (service_case), `plural`
    that for many, which also names its file and its table (service_cases). `core` are the columns
    that the import format promises, in order; further fields of the model may follow. `example`
    has members of one of them for the description of the API.
    """

    is_node: ClassVar[bool]
    name: str
    plural: str
    model: type[BaseModel]
    core: tuple[str, ...]
    example: Mapping[str, Any]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All known columns: the core ones, then the model's others."""
        return self.core + tuple(f for f in self.model.model_fields if f not in self.core)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Columns that no row may lack."""
        return tuple(n for n, f in self.model.model_fields.items() if f.is_required())

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Columns that name other nodes."""
        return tuple(
            Reference(name, ref, name in self.required) for name, ref in refs_of(self.model).items()
        )

    @cached_property
    def refs(self) -> Mapping[str, str]:
        """Columns that name other nodes, with the label of those nodes."""
        return {reference.column: reference.label for reference in self.references}

    def description(self, column: str) -> str:
        """What a column is, in English and Chinese."""
        return self.model.model_fields[column].description or ""

    @cached_property
    def _reference_of(self) -> Mapping[str, Reference]:
        return {reference.column: reference for reference in self.references}

    def reference(self, column: str) -> Reference:
        """The reference of a column. Raises KeyError if it names no node."""
        return self._reference_of[column]

    @cached_property
    def ranges(self) -> Mapping[str, Range]:
        """Columns that hold a number of a bounded range and nothing else."""
        properties = self.model.model_json_schema()["properties"]
        ranges = {name: _range_of(properties[name]) for name in self.columns}
        return {name: limits for name, limits in ranges.items() if limits is not None}

    @property
    def words(self) -> str:
        """Name of one of them in a sentence, in English; the key of its words."""
        return self.name.replace("_", " ")

    @property
    def model_name(self) -> str:
        """Name of one of them in the description of the API."""
        return self.model.__name__

    @property
    def is_fact(self) -> bool:
        """Whether its rows are plain facts; see `nodes.Record.fact`."""
        return False

    def __str__(self) -> str:
        return self.plural

    def __hash__(self) -> int:
        return hash(self.plural)


@dataclass(frozen=True, eq=False)
class NodeKind(KindBase):
    """A kind of node.

    `filters` are the columns by which a list can be narrowed; a kind that is `open_without` a
    column can be narrowed to those where it is blank, too. `search_letter` begins the keys under
    which search finds it, "" where it is not searched; of equal hits those of the least
    `search_rank` come first. `is_person` has its names read as those of people.
    """

    model: type[Record]
    label: str
    name: str
    plural: str
    core: tuple[str, ...]
    example: Mapping[str, Any] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    search_letter: str = ""
    search_rank: int = 0
    is_person: bool = False
    open_without: str = ""

    is_node: ClassVar[bool] = True

    def __post_init__(self) -> None:
        opens = (self.open_without,) if self.open_without else ()
        _refuse_unknown_fields(self, core=self.core, filters=self.filters, open_without=opens)

    @property
    def is_fact(self) -> bool:
        return self.model.fact

    @property
    def is_named(self) -> bool:
        """Whether it has names, and with them a list, routes of its own and external ids."""
        return issubclass(self.model, Node)

    def stored_row(self, key: tuple[str, ...]) -> dict[str, str]:
        """The key's parts as the queries name them."""
        return {"id": key[0]}

    def named_key(self, key: tuple[str, ...]) -> dict[str, str | None]:
        """The key's parts as members of a row."""
        return {"id": key[0]}

    def ref(self, id_: str) -> str:
        """Path of one of them in the API."""
        return f"{API_ROOT}/{self.plural}/{quote(id_, safe='')}"

    @cached_property
    def customer(self) -> Reference | None:
        """The column that names the customer that it belongs to; None if there is none."""
        return self.reference("customer_id") if "customer_id" in self.refs else None

    @cached_property
    def carried(self) -> tuple[str, ...]:
        """Columns that stand in the edge of a reference and not in the node."""
        return tuple(name for reference in self.references for name in reference.ref.carries)

    @cached_property
    def edge_columns(self) -> frozenset[str]:
        """Columns of what edges say that have rows of their own, such as a person's employer."""
        return frozenset(
            {reference.column for reference in self.references if reference.rows}
            | set(self.carried)
        )

    @cached_property
    def own_columns(self) -> tuple[str, ...]:
        """Columns that are properties of the node itself, beside its id."""
        elsewhere = {"id", *self.refs, *self.carried}
        return tuple(name for name in self.columns if name not in elsewhere)

    @property
    def list_filters(self) -> tuple[str, ...]:
        """Names by which a list can be narrowed."""
        return self.filters + (("open",) if self.open_without else ())

    def is_yes_or_no(self, name: str) -> bool:
        """Whether a filter is true or false and nothing else."""
        if name not in self.model.model_fields:
            return True
        return bool in getattr(self.model.model_fields[name].annotation, "__args__", ())


def _never(row: Mapping[str, Any]) -> bool:  # noqa: ARG001
    return False


@dataclass(frozen=True, eq=False)
class EdgeKind(KindBase):
    """A kind of edge.

    `ends` are the kinds of both nodes; their columns are `from_id` and `to_id` between nodes of
    one kind, else named after the kinds. `key` are further columns that tell two edges between
    the same ends apart. `path` is where one of them stands below /api/v1: `{id}` is the end whose
    list it is in, `{other}` the other one. `is_symmetric` says of a row whether it is the same
    seen from its other end. An edge that is `part_of` one of its ends (a column) goes with that
    node and does not keep it from being removed.
    """

    model: type[Edge]
    type: str
    name: str
    plural: str
    core: tuple[str, ...]
    ends: tuple[NodeKind, NodeKind]
    path: str
    example: Mapping[str, Any] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    is_symmetric: Callable[[Mapping[str, Any]], bool] = _never
    part_of: str = ""

    is_node: ClassVar[bool] = False

    def __post_init__(self) -> None:
        for column, kind in zip(self.end_columns, self.ends, strict=True):
            if self.refs.get(column) != kind.label:
                raise DeclarationError(
                    f"{self.plural}: the model {self.model_name} has no column {column} with "
                    f'Ref("{kind.label}"); add it there, or correct the ends.'
                )
        _refuse_unknown_fields(self, core=self.core, key=self.key)
        _ = self.owner_end  # raises for a path that begins at neither end
        if self.part_of and self.part_of not in self.end_columns:
            raise DeclarationError(
                f"{self.plural}: part_of names {self.part_of}, which is no end; write "
                f"{' or '.join(self.end_columns)}."
            )

    @cached_property
    def end_columns(self) -> tuple[str, str]:
        """Columns that name both ends."""
        first, second = self.ends
        if first is second:
            return "from_id", "to_id"
        return f"{first.name}_id", f"{second.name}_id"

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """Columns that are properties of the edge itself."""
        return tuple(name for name in self.columns if name not in self.end_columns)

    @property
    def between_alike(self) -> bool:
        """Whether both ends are nodes of one kind; then they must differ."""
        return self.ends[0] is self.ends[1]

    @property
    def between_people(self) -> bool:
        """Whether both ends are people."""
        return all(end.is_person for end in self.ends)

    @property
    def may_be_symmetric(self) -> bool:
        """Whether some of these edges are the same seen from their other end."""
        return self.is_symmetric is not _never

    @property
    def is_judgement(self) -> bool:
        """Whether it says when it was assessed, so that a later judgement counts."""
        return "assessed_at" in self.model.model_fields

    @cached_property
    def stored_key(self) -> tuple[str, ...]:
        """Properties that distinguish edges between the same ends."""
        return tuple(name if name in self.required else NULL_SCOPE for name in self.key)

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """The key's parts as the database names them: both ends, then those of `stored_key`."""
        return (*self.end_columns, *self.stored_key)

    def stored_row(self, key: tuple[str, ...]) -> dict[str, str]:
        """The key's parts as the queries name them."""
        return dict(zip(self.key_names, key, strict=True))

    @cached_property
    def own_columns(self) -> tuple[str, ...]:
        """Columns that are properties of the edge beside its key."""
        return tuple(name for name in self.columns if name not in self.key_names)

    @cached_property
    def row_key(self) -> tuple[str, ...]:
        """Parts of the key as a row names them."""
        return self.end_columns + self.key

    @cached_property
    def owner_end(self) -> int:
        """Which of both ends `{id}` of the path is."""
        for number, kind in enumerate(self.ends):
            if self.path.startswith(f"/{kind.plural}/{{id}}/") and "/{other}" in self.path:
                return number
        paths = dict.fromkeys(f"/{end.plural}/{{id}}/{self.plural}/{{other}}" for end in self.ends)
        raise DeclarationError(
            f"{self.plural}: the path {self.path} must begin at one of its ends and hold "
            f"{{other}}; write one such as {' or '.join(paths)}."
        )

    @property
    def owner(self) -> NodeKind:
        """The kind of node that has a list of these edges."""
        return self.ends[self.owner_end]

    @property
    def segment(self) -> str:
        """What that list is called in its path."""
        return self.path.split("/")[3]

    def ref(self, key: tuple[str, ...]) -> str:
        """Path of one of them in the API; parts of the key that it lacks stand in the query."""
        ends = key[:2] if self.owner_end == 0 else (key[1], key[0])
        parts = dict(zip(self.key, key[2:], strict=True))
        names = {"id": ends[0], "other": ends[1], **parts}
        path = self.path.format(**{name: quote(part, safe="") for name, part in names.items()})
        query = {
            name: part for name, part in parts.items() if part and f"{{{name}}}" not in self.path
        }
        return f"{API_ROOT}{path}" + (f"?{urlencode(query)}" if query else "")

    def turned(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """The key as seen from the other end."""
        return (key[1], key[0], *key[2:])

    def named_key(self, key: tuple[str, ...]) -> dict[str, str | None]:
        """The key's parts as members of a row; a part that is blank is null."""
        return {name: part or None for name, part in zip(self.row_key, key, strict=True)}


Kind = NodeKind | EdgeKind
"""A kind of either."""


def _refuse_unknown_fields(kind: KindBase, **names: tuple[str, ...]) -> None:
    """Raise DeclarationError for a member of the declaration that names no field."""
    for member, columns in names.items():
        for column in columns:
            if column not in kind.model.model_fields:
                raise DeclarationError(
                    f"{kind.plural}: {member} names {column}, which the model {kind.model_name} "
                    "does not have; add the field there, or take the name out."
                )


def refs_of(model: type[BaseModel]) -> dict[str, Ref]:
    """The fields of a model that name other nodes."""
    return {
        name: meta
        for name, info in model.model_fields.items()
        for meta in [*info.metadata, *_inner_metadata(info.annotation)]
        if isinstance(meta, Ref)
    }


def _inner_metadata(annotation: object) -> tuple[object, ...]:
    """Metadata of `Annotated[…]` inside a union such as `Annotated[Id, Ref(…)] | None`."""
    metadata: list[object] = []
    for argument in getattr(annotation, "__args__", ()):
        metadata.extend(getattr(argument, "__metadata__", ()))
    return tuple(metadata)


def _range_of(schema: Mapping[str, Any]) -> Range | None:
    """The range of a field, from its JSON schema; None if it may be anything else."""
    options = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
    if len(options) != 1:
        return None
    [option] = options
    values = option.get("enum", [])
    if values and all(isinstance(value, int) for value in values):
        return Range(min(values), max(values))
    low = option.get("exclusiveMinimum", option.get("minimum"))
    if low is None or "maximum" not in option:
        return None
    return Range(low, option["maximum"], "exclusiveMinimum" in option)
