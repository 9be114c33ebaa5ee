"""Single nodes and the edges of a node: what pages and API show beside an account.

Everything returns plain dicts whose members are named as in the node and edge models
(`relgraph.schema`), with the ids of linked nodes as `…_id`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.visibility import visible_nodes
from relgraph.schema.kind import EdgeKind, NodeKind
from relgraph.schema.kinds import REPORTING_LINE, STAKEHOLDER
from relgraph.schema.nodes import Node
from relgraph.schema.storage import JSON_FIELDS, SYSTEM_FIELDS
from relgraph.schema.values import Values


def get_node(access: Access, kind: NodeKind, id: str) -> Values:  # noqa: A002
    """One node with its properties and the ids that it refers to.

    Raises NotFound, which has `merged_into` for a duplicate whose record is now part of another.
    """
    return access.read(lambda tx: node_in(tx, kind, id))


def node_in(tx: Transaction, kind: NodeKind, id: str) -> Values:  # noqa: A002
    """One node as this transaction sees it. Raises NotFound as `get_node` does."""
    node = nodes_in(tx, kind, [id]).get(id)
    if node is not None:
        return node
    error = NotFound(kind.words, id)
    deletion = queries.row(tx, "deletion", id=f"{kind.plural}/{id}")
    into = deletion["merged_into"] if deletion else None
    is_seen = into is not None and visible_nodes(tx, STAKEHOLDER, [into])
    error.details["merged_into"] = into if is_seen else None
    raise error


def nodes_in(tx: Transaction, kind: NodeKind, ids: Iterable[str]) -> dict[str, Values]:
    """Nodes by id as this transaction sees them; of several employments the present one counts."""
    nodes: dict[str, Values] = {}
    for batch in batches(list(ids)):
        for row in queries.rows(tx, f"get_{kind.plural}", ids=batch):
            nodes.setdefault(row["node"]["id"], plain_node(row, kind))
    return nodes


def extra_properties(model: type[Node], node: Mapping[str, Any]) -> Values:
    """What an import kept of columns that relgraph does not know, by column name."""
    known = set(model.model_fields) | SYSTEM_FIELDS
    return {name: value for name, value in sorted(node.items()) if name not in known}


def edges_of(access: Access, kind: EdgeKind, id: str) -> list[Values]:  # noqa: A002
    """The edges of one kind that a node has a list of. Raises NotFound for an unknown node."""
    return access.read(lambda tx: edges_in(tx, kind, id))


def edges_in(tx: Transaction, kind: EdgeKind, id: str) -> list[Values]:  # noqa: A002
    """The same as this transaction sees them."""
    if not nodes_in(tx, kind.owner, [id]):
        raise NotFound(kind.owner.words, id)
    return edges_at(tx, kind, id)


def edges_at(tx: Transaction, kind: EdgeKind, id: str) -> list[Values]:  # noqa: A002
    """The same of a node that is known to be there."""
    owner = kind.owner.name
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


def plain_node(row: Mapping[str, Any], kind: NodeKind) -> Values:
    """A row of `node` and `…_id` columns as one dict with all members of its kind.

    What is unknown is null; JSON text properties become maps.
    """
    linked = {name: value for name, value in row.items() if name != "node"}
    node = {**dict.fromkeys(kind.columns), **row["node"], **linked}
    for name in JSON_FIELDS & node.keys():
        if isinstance(node[name], str):
            node[name] = orjson.loads(node[name])
    return node


def lower_text(text: str | None) -> str | None:
    """Text to compare names with; null if it is blank."""
    return (text.strip().lower() or None) if text else None
