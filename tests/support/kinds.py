"""Rows of any kind, made from its declaration, and a small account that has some of each."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from fastapi.testclient import TestClient
from pydantic import TypeAdapter, ValidationError

from relgraph.database import Database
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.kinds import NAMED_KINDS, NODE_KINDS, kind_with_label

V1 = "/api/v1"
STAMPS = {"version", "created_at", "updated_at"}
Values = dict[str, Any]


def id_of(kind: NodeKind, number: int = 1) -> str:
    """Id of one node of the account."""
    return f"{kind.name}-{number}"


def row_of(kind: Kind, number: int = 1, other: int = 2) -> Values:
    """One of a kind as its example has it, between nodes of the account."""
    row = {name: value for name, value in kind.example.items() if name not in kind.refs}
    row |= {
        reference.column: id_of(kind_with_label(reference.label))
        for reference in kind.references
        if reference.required
    }
    if isinstance(kind, NodeKind):
        return row | {"id": id_of(kind, number), "name": f"{kind.words} {number}"}
    first, second = kind.ends
    ends = (id_of(first, number), id_of(second, other if first is second else 1))
    return row | dict(zip(kind.end_columns, ends, strict=True))


def another(kind: Kind, column: str, value: Any) -> Any:
    """A value that a column may have and does not have."""
    field = kind.model.model_fields[column]
    members = [*get_args(field.annotation), *map(get_args, get_args(field.annotation))]
    named = [
        choice for member in members for choice in (member if isinstance(member, tuple) else ())
    ]
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[field.annotation, field])
    for candidate in (*named, 1, 0.5, "2026-11-03", "Other", True, False):
        if candidate != value and _is_valid(adapter, candidate):
            return candidate
    raise AssertionError(f"{kind.plural}.{column}: no value is known to be valid.")


def _is_valid(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def changed_column(kind: Kind) -> str:
    """A column that can be changed by itself: the last of its core that names nothing."""
    key = ("id", *getattr(kind, "row_key", ()))
    return [name for name in kind.core if name not in kind.refs and name not in key][-1]


def path_of(kind: Kind, row: Values) -> str:
    """Where it stands in the API."""
    if isinstance(kind, NodeKind):
        return kind.ref(row["id"])
    return kind.ref(tuple(row.get(name) or "" for name in kind.row_key))


_NODES = """
MATCH (n) WHERE any(label IN labels(n) WHERE label IN $labels)
RETURN labels(n) AS kind, n {.*} AS row
"""
_EDGES = """
MATCH (a)-[r]->(b)
WHERE any(label IN labels(a) WHERE label IN $labels)
  AND any(label IN labels(b) WHERE label IN $labels)
RETURN type(r) AS kind, a.id AS first, b.id AS second, r {.*} AS row
"""


def everything(db: Database) -> list[str]:
    """All nodes and edges as they are stored, without versions and times of writing."""
    labels = {"labels": [kind.label for kind in NODE_KINDS]}
    rows = db.read(lambda tx: tx.rows(_NODES, labels) + tx.rows(_EDGES, labels))
    for record in rows:
        kept = {name: value for name, value in record["row"].items() if name not in STAMPS}
        record["row"] = sorted(kept.items())
    return sorted(str(sorted(record.items())) for record in rows)


def make_account(api: TestClient) -> None:
    """Three nodes of each kind that has a name, all of one customer."""
    rows = [(kind, row_of(kind, number)) for kind in NAMED_KINDS for number in (1, 2, 3)]
    asked = [{"method": "POST", "path": f"/{kind.plural}", "body": row} for kind, row in rows]
    answer = api.post(f"{V1}/batch", json={"operations": asked})
    assert answer.status_code == 200, answer.text


def put_edge(api: TestClient, kind: EdgeKind, row: Values) -> None:
    """Write an edge as the account has it; one that came with its node is written over."""
    body = {name: value for name, value in row.items() if name not in kind.row_key}
    answer = api.put(path_of(kind, row), json=body)
    assert answer.status_code in {200, 201}, answer.text
