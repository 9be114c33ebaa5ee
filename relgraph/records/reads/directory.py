"""Lists, single nodes and edges of a node: what pages and API show beside an account.

Everything returns plain dicts whose members are named as in the node and edge models
(`relgraph.schema`), with the ids of linked nodes as `…_id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

import orjson

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.access import Access
from relgraph.records.visibility import visible_nodes
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.kinds import REPORTING_LINE, STAKEHOLDER
from relgraph.schema.nodes import Node
from relgraph.schema.storage import JSON_FIELDS, SYSTEM_FIELDS
from relgraph.schema.values import Values, timestamp

DELETIONS = 10_000
"""Removed nodes that one page lists at most."""


class RemovedNode(TypedDict):
    """A node that was removed; `merged_into` is the person that a duplicate is now part of."""

    id: str
    deleted_at: str
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next_cursor` is the last id, null on the last page.

    `deleted` has id and `deleted_at` of nodes that were removed, `resume` the mark from which a
    reader goes on; null if nobody asked.
    """

    items: list[Values]
    next_cursor: str | None
    deleted: list[RemovedNode] | None = None
    resume: str | None = None


def list_nodes(
    access: Access,
    kind: NodeKind,
    /,
    *,
    q: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
    updated_since: datetime | None = None,
    **filters: Any,
) -> Page:
    """A page of nodes of one kind by id, so that pages stay right while nodes are added.

    `filters` are those of the kind; null filters nothing. `cursor` is the id to go on after. With
    `updated_since` only nodes that were written since then, and on the first page those of the
    kind that were removed (the first DELETIONS, whatever the other filters).
    """
    since = None if updated_since is None else timestamp(updated_since)
    return access.read(
        lambda tx: page_in(tx, kind, q=q, cursor=cursor, limit=limit, since=since, **filters)
    )


def page_in(
    tx: Transaction,
    kind: NodeKind,
    /,
    *,
    q: str | None,
    cursor: str | None,
    limit: int,
    since: str | None,
    **filters: Any,
) -> Page:
    """The same as this transaction sees it; `since` is an instant as it is stored."""
    wanted = {name: filters.get(name) for name in kind.list_filters}
    customer = wanted.pop("customer_id", None)
    wanted |= {"updated_since": since, "q": lower_text(q)}
    gone = _deleted(tx, kind, since) if since is not None and cursor is None else None
    page: Values = {"after": cursor or "", "limit": limit + 1, **wanted}
    customers = tx.visible if customer is None else frozenset({customer})
    if customers is None or not kind.customer:
        rows = queries.rows(tx, f"list_{kind.plural}", **page)
    else:
        page["customers"] = sorted(customers)
        rows = queries.rows(tx, f"list_{kind.plural}_of_customers", **page)
    nodes: dict[str, Values] = {}
    for row in rows:
        item = plain_node(row)
        nodes.setdefault(item["id"], item)
    items = list(nodes.values())
    more = len(items) > limit
    return Page(items[:limit], items[limit - 1]["id"] if more else None, gone)


def _deleted(tx: Transaction, kind: NodeKind, since: str) -> list[RemovedNode]:
    """Nodes of a kind that were removed since then and are not there again."""
    rows = queries.rows(
        tx,
        "deletions_after",
        after=f"{kind.plural}\t{since}",
        before=f"{kind.plural}\t~",
        limit=DELETIONS,
    )
    there = {
        row["node"]["id"]
        for row in queries.rows(tx, f"stored_{kind.plural}", ids=[row["id"] for row in rows])
    }
    merged = visible_nodes(
        tx, STAKEHOLDER, {row["merged_into"] for row in rows if row["merged_into"]}
    )
    return [
        {
            "id": row["id"],
            "deleted_at": row["deleted_at"],
            "merged_into": row["merged_into"] if row["merged_into"] in merged else None,
        }
        for row in rows
        if row["id"] not in there
    ]


def get_node(access: Access, kind: NodeKind, id: str) -> Values:  # noqa: A002
    """One node with its properties and the ids that it refers to.

    Raises NotFound, which has `merged_into` for a duplicate whose record is now part of another.
    """
    return access.read(lambda tx: node_in(tx, kind, id))


def node_in(tx: Transaction, kind: NodeKind, id: str) -> Values:  # noqa: A002
    """One node as this transaction sees it. Raises NotFound as `get_node` does."""
    row = queries.row(tx, f"get_{kind.name}", id=id)
    if row is not None:
        return plain_node(row)
    error = NotFound(kind.words, id)
    deletion = queries.row(tx, "deletion", id=f"{kind.plural}/{id}")
    into = deletion["merged_into"] if deletion else None
    is_seen = into is not None and visible_nodes(tx, STAKEHOLDER, [into])
    error.details["merged_into"] = into if is_seen else None
    raise error


def extra_properties(model: type[Node], node: Mapping[str, Any]) -> Values:
    """What an import kept of columns that relgraph does not know, by column name."""
    known = set(model.model_fields) | SYSTEM_FIELDS
    return {name: value for name, value in sorted(node.items()) if name not in known}


def edges_of(access: Access, kind: EdgeKind, id: str) -> list[Values]:  # noqa: A002
    """The edges of one kind that a node has a list of. Raises NotFound for an unknown node."""
    return access.read(lambda tx: edges_in(tx, kind, id))


def edges_in(tx: Transaction, kind: EdgeKind, id: str) -> list[Values]:  # noqa: A002
    """The same as this transaction sees them."""
    owner = kind.owner.name
    if queries.row(tx, f"get_{owner}", id=id) is None:
        raise NotFound(kind.owner.words, id)
    return queries.rows(tx, f"{kind.plural}_of_{owner}", **{f"{owner}_id": id})


def manager_of(access: Access, id: str) -> Values:  # noqa: A002
    """The line to the first solid manager of a person. Raises NotFound if none is on record."""
    return access.read(lambda tx: manager_in(tx, id))


def manager_in(tx: Transaction, id: str) -> Values:  # noqa: A002
    """The same as this transaction sees it."""
    for edge in edges_in(tx, REPORTING_LINE, id):
        if edge["line"] == "solid" and edge["to_id"] != id:
            return edge
    raise NotFound("manager of the stakeholder", id)


def plain_node(row: Mapping[str, Any]) -> Values:
    """A row of `node` and `…_id` columns as one dict; JSON text properties become maps."""
    linked = {name: value for name, value in row.items() if name != "node"}
    node = {**row["node"], **linked}
    for name in JSON_FIELDS & node.keys():
        if isinstance(node[name], str):
            node[name] = orjson.loads(node[name])
    return node


def lower_text(text: str | None) -> str | None:
    """Text to compare names with; null if it is blank."""
    return (text.strip().lower() or None) if text else None
