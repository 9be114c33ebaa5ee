"""Expands query templates: one query of a file for every kind that its first line names.

    // for each: edge kind
    // name: delete_{{ kind.plural }}(rows) write -> none
    // Delete edges.
    …
    {{ match_edge(kind) }}
    DELETE r

The text is a Jinja template. It sees `kind` (and `reference` where it is made for each of them),
the macros of `patterns.cypher`, and the collections of `_everything`. A template that begins with
`// with all kinds` is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any, NamedTuple

from jinja2 import Environment, StrictUndefined, TemplateError

from relgraph.errors import QueryCatalogError
from relgraph.schema import kinds
from relgraph.schema.kind import EdgeKind, Kind, NodeKind, Reference

FOR_EACH = "// for each: "
ONCE = "// with all kinds"
PATTERNS = "patterns.cypher"
"""The file that holds macros and no queries."""

NAMES = ("name", "name_en", "name_zh")
TITLES = ("title", "title_en", "title_zh")


class Subject(NamedTuple):
    """What one expansion is made for."""

    values: Mapping[str, Any]
    label: str
    """Names it in an error."""


def expand(first_line: str, text: str, place: str, patterns: str) -> Iterator[str]:
    """The queries that a template stands for. Raises QueryCatalogError that names the place."""
    try:
        template = _environment(patterns).from_string(text)
    except TemplateError as error:
        raise QueryCatalogError(f"{place}: the template cannot be read: {error}.") from error
    for subject in _subjects(first_line, place):
        try:
            made = template.render(subject.values)
        except (TemplateError, KeyError, TypeError, AttributeError) as error:
            raise QueryCatalogError(
                f"{place}: the template fails for {subject.label}: {error}."
            ) from error
        yield "\n".join(line.rstrip() for line in made.strip().splitlines() if line.strip())


def fill(text: str, place: str, patterns: str) -> str:
    """A query that is no template but uses a macro of `patterns.cypher`, written out."""
    if "{{" not in text:
        return text
    try:
        made = _environment(patterns).from_string(text).render()
    except (TemplateError, KeyError, TypeError, AttributeError) as error:
        raise QueryCatalogError(f"{place}: the query cannot be written out: {error}.") from error
    return made.strip()


def is_first_line(line: str) -> bool:
    """Whether a template begins here."""
    return line.startswith((FOR_EACH, ONCE))


def _subjects(first_line: str, place: str) -> Iterator[Subject]:
    if first_line == ONCE:
        yield Subject({}, "all kinds")
        return
    what = first_line.removeprefix(FOR_EACH)
    if what in _REFERENCES:
        for kind in kinds.NODE_KINDS:
            for reference in filter(partial(_REFERENCES[what], kind), kind.references):
                values = {"kind": kind, "reference": reference}
                yield Subject(values, f"{kind.plural}.{reference.column}")
        return
    if what == LIST:
        for kind in kinds.NAMED_KINDS:
            for source in ("", *(["_of_customers"] if kind.customer else []), "_of_ids"):
                yield Subject({"kind": kind, "source": source}, f"{kind.plural}{source}")
        return
    if what == EDGE_LIST:
        for edge in kinds.EDGE_KINDS:
            for source in ("", "_of_customers"):
                yield Subject({"kind": edge, "source": source}, f"{edge.plural}{source}")
        return
    subjects = _KINDS.get(what)
    if subjects is None:
        known = ", ".join([*_REFERENCES, LIST, EDGE_LIST, *_KINDS])
        raise QueryCatalogError(
            f"{place}: nothing is known for each “{what}”; write one of {known}."
        )
    for subject in subjects:
        yield Subject({"kind": subject}, subject.plural)


LIST = "list of a named kind"
"""Made for each place that the nodes of a list come from; see `listed` in `patterns.cypher`."""
EDGE_LIST = "list of an edge kind"
"""The same of edges; see `listed_edges`."""
_REFERENCES: Mapping[str, Callable[[NodeKind, Reference], bool]] = {
    "plain reference": lambda kind, reference: not reference.rows,  # noqa: ARG005
    "reference that narrows a list": lambda kind, reference: (
        reference.column in kind.list_filters and reference is not kind.customer
    ),
}
_KINDS: Mapping[str, tuple[Kind, ...]] = {
    "node kind": kinds.NODE_KINDS,
    "named kind": kinds.NAMED_KINDS,
    "searched kind": kinds.SEARCHED_KINDS,
    "searched kind of a customer": tuple(k for k in kinds.SEARCHED_KINDS if k.customer),
    "edge kind": kinds.EDGE_KINDS,
    "node kind that customers restrict": kinds.SCOPED_KINDS,
    "node kind of a customer": tuple(k for k in kinds.NODE_KINDS if k.customer),
    "node kind of another node's customer": tuple(
        k for k in kinds.NODE_KINDS if kinds.scope_reference(k) and not k.customer
    ),
    "named kind of a customer": tuple(k for k in kinds.NAMED_KINDS if k.customer),
    "node kind that others refer to": tuple(k for k in kinds.NODE_KINDS if kinds.referrers(k)),
    "node kind with edges": tuple(k for k in kinds.NODE_KINDS if kinds.edges_at(k)),
    "node kind that edges start from": tuple(
        k for k in kinds.NODE_KINDS if any(end == 0 for _, end in kinds.edges_at(k))
    ),
}
"""What a template may be made for."""


@cache
def _environment(patterns: str) -> Environment:
    """What templates know: the declared kinds, and the macros of `patterns.cypher`.

    The macros are compiled once, and not with each query that may use them.
    """
    # What is made is Cypher of our own declarations, checked like every query: nothing to escape.
    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - it is Cypher of our own declarations
    )
    environment.globals |= {
        "cypher": _literal,
        "kind_with_label": kinds.kind_with_label,
        "edges_at": kinds.edges_at,
        "edges_for": kinds.edges_for,
        "edge_kinds_between": _edge_kinds_between,
        "properties_of": _properties_of,
        "values": _values,
        "deal_column": kinds.deal_column,
        "is_scoped": kinds.is_scoped,
        "referrers": kinds.referrers,
        "scope_reference": kinds.scope_reference,
        "SEARCHED": (*NAMES, *TITLES, "email"),
        "SHOWN": (*NAMES, *TITLES),
        **_everything(),
    }
    environment.globals |= vars(environment.from_string(patterns).module)
    return environment


def _everything() -> Mapping[str, Any]:
    return {
        "node_kinds": kinds.NODE_KINDS,
        "edge_kinds": kinds.EDGE_KINDS,
        "searched": kinds.SEARCHED_KINDS,
        "vital_references": list(_vital_references()),
        "ranges": [
            (kind, name, limits)
            for kind in kinds.EDGE_KINDS
            for name, limits in kind.ranges.items()
        ],
    }


def _vital_references() -> Iterator[tuple[NodeKind, Reference]]:
    for kind in kinds.NODE_KINDS:
        for reference in kind.references:
            if reference.required:
                yield kind, reference


def _edge_kinds_between(first: str, second: str) -> tuple[EdgeKind, ...]:
    return kinds.edge_kinds_between(kinds.kind_with_label(first), kinds.kind_with_label(second))


def _properties_of(edges: Iterable[EdgeKind]) -> list[str]:
    """The columns that some of these kinds have but for those of the ends, each once."""
    return list(dict.fromkeys(name for edge in edges for name in edge.properties))


def _values(variable: str, names: str) -> list[tuple[str, str]]:
    """Columns with what they hold: properties of a node or edge, whose names spaces part."""
    return [(name, f"{variable}.{name}") for name in names.split()]


def _literal(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}'"
