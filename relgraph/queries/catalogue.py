"""Reads the query files and refuses what does not keep to their format.

A file holds one or more queries, each under a header of one line:

    // name: people_of_customer(customer_id, today) read -> rows
    // The people who work at a customer today.
    MATCH …

`read` or `write` says what the query does; `rows`, `row`, `value` or `none` what it gives. The
comment lines below the header become the query's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from relgraph.errors import QueryCatalogError

Mode = Literal["read", "write"]
Result = Literal["rows", "row", "value", "none"]

_HEADER = re.compile(
    r"^// name: (?P<name>[a-z][a-z0-9_]*)\((?P<parameters>[a-z0-9_, ]*)\)"
    r" (?P<mode>read|write) -> (?P<result>rows|row|value|none)$"
)
_PARAMETER = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_LITERAL = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`|//[^\n]*|/\*.*?\*/", re.S)
_WRITING = re.compile(r"\b(CREATE|MERGE|SET|DELETE|REMOVE)\b", re.I)


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


@cache
def catalogue() -> Mapping[str, Query]:
    """Every query by name, read and checked once. Raises QueryCatalogError."""
    folder = files("relgraph.queries")
    sources = [
        (file.name, file.read_text("utf-8"))
        for file in sorted(folder.iterdir(), key=lambda f: f.name)
        if file.name.endswith(".cypher")
    ]
    return load(sources)


def load(sources: Iterable[tuple[str, str]]) -> dict[str, Query]:
    """Queries of (file name, text) pairs. Raises QueryCatalogError that names file and line."""
    found: dict[str, Query] = {}
    for file, text in sources:
        for query in _queries_of(file, text):
            if query.name in found:
                raise QueryCatalogError(
                    f"{query.place}: the name {query.name} is taken by {found[query.name].place}."
                )
            found[query.name] = query
    return found


def _queries_of(file: str, text: str) -> list[Query]:
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith("// name:")]
    before = lines[: starts[0]] if starts else lines
    if any(line.strip() for line in before):
        raise QueryCatalogError(f"{file}:1: the file does not start with “// name: …”.")
    ends = [*starts[1:], len(lines)]
    return [
        _query(f"{file}:{start + 1}", lines[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]


def _query(place: str, lines: list[str]) -> Query:
    header = _HEADER.match(lines[0])
    if header is None:
        raise QueryCatalogError(
            f"{place}: write “// name: NAME(PARAMETERS) read|write -> rows|row|value|none”."
        )
    size = next((i for i, line in enumerate(lines[1:], 1) if not line.startswith("//")), len(lines))
    doc = "\n".join(line.removeprefix("//").strip() for line in lines[1:size])
    text = "\n".join(lines[size:]).strip().removesuffix(";")
    if not doc:
        raise QueryCatalogError(f"{place}: the query has no comment that says what it gives.")
    if not text:
        raise QueryCatalogError(f"{place}: the query is empty.")
    declared = tuple(p.strip() for p in header["parameters"].split(",") if p.strip())
    bare = _LITERAL.sub(" ", text)
    used = set(_PARAMETER.findall(bare))
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
    return Query(header["name"], declared, mode, result, doc, text, place)
