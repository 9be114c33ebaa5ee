"""Reads the query files and refuses what does not keep to their format.

A file holds one or more queries, each under a header of one line:

    // name: open_deals(limit) read -> rows
    // Open deals with their customers, the next to close first.
    MATCH …

`read` or `write` says what the query does; `rows`, `row`, `value` or `none` what it gives. The
comment lines below the header become the query's documentation. A query that every kind of node
or edge needs is written once as a template (see `templates`). Where one kind needs another query
than its template makes, that stands in a file, too, and its comment begins with `own:`.

A query that reads says whom it shows what, in a comment line of its own:

    // scope: $visible      its text filters by the customers that the viewer may see
    // scope: $customer_id  this parameter names a customer; no rows if the viewer may not see it
    // scope: everything    it is refused to a viewer who may not see all customers
    // unscoped: WHY        it shows all of it to everybody

`$visible` is given by itself: a list of ids, or null for a viewer who sees everything; so is
`$visible_on`, the day on which that is asked. What a query of several parameters is restricted by
is listed: `// scope: $customer_id, $visible`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from relgraph.errors import QueryCatalogError
from relgraph.queries import templates
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import KINDS, SEARCHED_KINDS

Mode = Literal["read", "write"]
Result = Literal["rows", "row", "value", "none"]

_HEADER = re.compile(
    r"^// name: (?P<name>[a-z][a-z0-9_]*)\((?P<parameters>[a-z0-9_, ]*)\)"
    r" (?P<mode>read|write) -> (?P<result>rows|row|value|none)$"
)
_SCOPE = re.compile(r"^(?P<word>scope|unscoped): *(?P<text>.*)$")
_PARAMETER = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_LITERAL = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`|//[^\n]*|/\*.*?\*/", re.S)
_WRITING = re.compile(r"\b(CREATE|MERGE|SET|DELETE|REMOVE)\b", re.I)

VISIBLE = "visible"
VISIBLE_ON = "visible_on"
"""Parameters that every query may use and no caller gives."""
EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a query that reads shows what.

    `by` are the parameters that restrict it; none where it shows `everything` to whoever sees all
    customers and is refused to others, or where `reason` says why it is not restricted.
    """

    by: tuple[str, ...] = ()
    everything: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """One named query. `doc` is its comment, `place` the file and line of its header."""

    name: str
    parameters: tuple[str, ...]
    mode: Mode
    result: Result
    doc: str
    text: str
    place: str
    scope: Scope = Scope()
    """Empty for a query that writes: what it writes was checked before."""
    automatic: tuple[str, ...] = ()
    """Parameters that it is given by itself."""
    is_expanded: bool = False
    """Whether a template made it."""

    @property
    def is_own(self) -> bool:
        """Whether it stands for one kind in place of what a template makes."""
        return self.doc.startswith("own:")


NODE_FAMILY: tuple[str, ...] = (
    "stored_{plural}", "create_{plural}", "add_{plural}", "update_{plural}", "delete_{plural}",
    "stamp_{plural}", "get_{plural}", "export_{plural}",
)  # fmt: skip
"""Queries that each kind of node needs."""
NAMED_FAMILY: tuple[str, ...] = (
    "list_{plural}", "list_{plural}_of_ids", "order_{plural}", "order_{plural}_of_ids",
    "count_{plural}", "count_{plural}_of_ids",
)  # fmt: skip
"""Further ones of kinds with names."""
SEARCHED_FAMILY: tuple[str, ...] = (
    "search_source_{plural}",
    "search_ids_{plural}",
    "named_{plural}",
)
"""Further ones of the kinds that are searched."""
EDGE_FAMILY: tuple[str, ...] = (
    "stored_{plural}", "create_{plural}", "add_{plural}", "join_{plural}", "update_{plural}",
    "delete_{plural}", "stamp_{plural}", "export_{plural}", "{plural}_of_{owner}",
    "list_{plural}", "list_{plural}_of_customers", "count_{plural}", "count_{plural}_of_customers",
)  # fmt: skip
"""Queries that each kind of edge needs."""


@cache
def catalogue() -> Mapping[str, Query]:
    """Every query by name, read and checked once. Raises QueryCatalogError."""
    folder = files("relgraph.queries")
    sources = [
        (file.name, file.read_text("utf-8"))
        for file in sorted(folder.iterdir(), key=lambda f: f.name)
        if file.name.endswith(".cypher")
    ]
    queries = load(sources)
    refuse_incomplete(queries)
    return queries


def refuse_incomplete(queries: Mapping[str, Query]) -> None:
    """Raise QueryCatalogError if a declared kind lacks a query of its family."""
    for kind in KINDS:
        if isinstance(kind, EdgeKind):
            family, owner = EDGE_FAMILY, kind.owner.name
        else:
            family, owner = NODE_FAMILY, ""
            family += NAMED_FAMILY if kind.is_named else ()
            family += SEARCHED_FAMILY if kind in SEARCHED_KINDS else ()
        names = [name.format(plural=kind.plural, name=kind.name, owner=owner) for name in family]
        if missing := [name for name in names if name not in queries]:
            raise QueryCatalogError(
                f"The kind {kind.plural} lacks the queries {', '.join(missing)}; write them in a "
                ".cypher file of relgraph/queries, or the templates that make them."
            )


def load(sources: Iterable[tuple[str, str]]) -> dict[str, Query]:
    """Queries of (file name, text) pairs. Raises QueryCatalogError that names file and line."""
    files = dict(sources)
    patterns = files.pop(templates.PATTERNS, "")
    queries: dict[str, Query] = {}
    expanded: dict[str, Query] = {}
    for file, text in files.items():
        for query in _queries_of(file, text, patterns):
            known = expanded if query.is_expanded else queries
            if query.name in known:
                raise QueryCatalogError(
                    f"{query.place}: the name {query.name} is taken by "
                    f"{known[query.name].place}; choose another."
                )
            known[query.name] = query
    for name, query in queries.items():
        if query.is_own and name not in expanded:
            raise QueryCatalogError(f"{query.place}: no template makes {name}; take “own:” out.")
        if name in expanded and not query.is_own:
            raise QueryCatalogError(
                f"{query.place}: the template at {expanded[name].place} makes {name}; say “own:” "
                "and why, or take it out."
            )
    return expanded | queries


def _queries_of(file: str, text: str, patterns: str) -> Iterator[Query]:
    lines = text.splitlines()
    starts = [
        i
        for i, line in enumerate(lines)
        if templates.is_first_line(line)
        or (line.startswith("// name:") and not (i and templates.is_first_line(lines[i - 1])))
    ]
    before = lines[: starts[0]] if starts else lines
    if any(line.strip() for line in before):
        raise QueryCatalogError(f"{file}:1: the file does not start with “// name: …”.")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        place = f"{file}:{start + 1}"
        if not templates.is_first_line(lines[start]):
            written = templates.fill("\n".join(lines[start:end]), place, patterns)
            yield _query(place, written.splitlines())
            continue
        body = "\n".join(lines[start + 1 : end])
        for made in templates.expand(lines[start], body, place, patterns):
            yield replace(_query(place, made.splitlines()), is_expanded=True)


def _query(place: str, lines: list[str]) -> Query:
    header = _HEADER.match(lines[0])
    if header is None:
        raise QueryCatalogError(
            f"{place}: write “// name: NAME(PARAMETERS) read|write -> rows|row|value|none”."
        )
    size = next((i for i, line in enumerate(lines[1:], 1) if not line.startswith("//")), len(lines))
    comment = [line.removeprefix("//").strip() for line in lines[1:size]]
    scopes = [match for line in comment if (match := _SCOPE.match(line))]
    doc = "\n".join(line for line in comment if not _SCOPE.match(line))
    text = "\n".join(lines[size:]).strip().removesuffix(";")
    if not doc:
        raise QueryCatalogError(f"{place}: the query has no comment that says what it gives.")
    if not text:
        raise QueryCatalogError(f"{place}: the query is empty.")
    declared = tuple(p.strip() for p in header["parameters"].split(",") if p.strip())
    bare = _LITERAL.sub(" ", text)
    used = set(_PARAMETER.findall(bare))
    automatic = tuple(sorted(used & {VISIBLE, VISIBLE_ON}))
    used -= set(automatic)
    if repeated := {p for p in declared if declared.count(p) > 1}:
        raise QueryCatalogError(f"{place}: declared twice: {', '.join(sorted(repeated))}.")
    if unknown := used - set(declared):
        raise QueryCatalogError(f"{place}: not declared: {', '.join(sorted(unknown))}.")
    if unused := set(declared) - used:
        raise QueryCatalogError(f"{place}: declared but not used: {', '.join(sorted(unused))}.")
    mode = cast(Mode, header["mode"])
    if mode == "read" and _WRITING.search(bare):
        raise QueryCatalogError(f"{place}: says read but writes.")
    if mode == "write" and not _WRITING.search(bare):
        raise QueryCatalogError(f"{place}: says write but only reads.")
    result = cast(Result, header["result"])
    scope = _scope(place, mode, scopes, {*declared, *automatic})
    return Query(header["name"], declared, mode, result, doc, text, place, scope, automatic)


def _scope(place: str, mode: Mode, lines: list[re.Match[str]], parameters: set[str]) -> Scope:
    """What the scope line of a query says. Raises QueryCatalogError."""
    if mode == "write":
        if lines:
            raise QueryCatalogError(f"{place}: only a query that reads has a scope.")
        return Scope()
    if len(lines) != 1:
        raise QueryCatalogError(
            f"{place}: say once whom it shows what: “// scope: $visible”, “// scope: $PARAMETER”, "
            "“// scope: everything” or “// unscoped: WHY”."
        )
    word, text = lines[0]["word"], lines[0]["text"].strip()
    if not text:
        raise QueryCatalogError(f"{place}: nothing follows “{word}:”.")
    if word == "unscoped":
        if VISIBLE in parameters:
            raise QueryCatalogError(f"{place}: says unscoped but uses ${VISIBLE}.")
        return Scope(reason=text)
    if text == EVERYTHING:
        return Scope(everything=True)
    by = tuple(name.strip().removeprefix("$") for name in text.split(","))
    if missing := [name for name in by if name not in parameters]:
        raise QueryCatalogError(
            f"{place}: the scope names ${missing[0]}, which the query does not use."
        )
    if VISIBLE in parameters and VISIBLE not in by:
        raise QueryCatalogError(f"{place}: uses ${VISIBLE}, so its scope must name it.")
    return Scope(by)
