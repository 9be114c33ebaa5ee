"""What the database holds of the rows that are about to be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches
from relgraph.records.rows import Key
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.kinds import STAKEHOLDER, edge_kind, edges_at, edges_for
from relgraph.schema.storage import SYSTEM_FIELDS
from relgraph.schema.values import Values


@dataclass(slots=True)
class StoredNode:
    """A node as it is stored: its properties, and the ids that each reference column names.

    A person's `employments` are by customer, with since and until; `employer` is the present
    one, or the last.
    """

    props: Values
    targets: dict[str, set[str]]
    employments: dict[str, Values] = field(default_factory=dict)

    @property
    def version(self) -> int:
        return int(self.props.get("version") or 0)

    @property
    def employer(self) -> str | None:
        """The customer that a person works at now, or worked at last; None if never any."""

        def when(customer: str) -> tuple[str, str]:
            return self.employments[customer].get("until") or "9999", customer

        return max(self.employments, key=when, default=None)

    def row(self, kind: NodeKind) -> Values:
        """The node as a row of the import format, without what is blank."""
        row = {n: v for n, v in self.props.items() if n not in SYSTEM_FIELDS and v is not None}
        for column, targets in self.targets.items():
            if targets:
                row[column] = min(targets)
        if kind is STAKEHOLDER and self.employer is not None:
            row["customer_id"] = self.employer
        return row


def stored_nodes(kind: NodeKind, ids: Iterable[str], tx: Transaction) -> dict[str, StoredNode]:
    """Stored nodes by id."""
    nodes: dict[str, StoredNode] = {}
    for batch in batches(list(ids)):
        for row in queries.rows(tx, f"stored_{kind.plural}", ids=batch):
            node = row["node"]
            stored = nodes.get(node["id"])
            if stored is None:
                stored = nodes[node["id"]] = StoredNode(node, {name: set() for name in kind.refs})
            for column in kind.refs:
                if row[column] is not None:
                    stored.targets[column].add(row[column])
            if kind is STAKEHOLDER and row["customer_id"] is not None:
                stored.employments[row["customer_id"]] = {n: row[n] for n in kind.carried}
    return nodes


def former_versions(kind: Kind, keys: Iterable[Key], tx: Transaction) -> dict[Key, int]:
    """The versions that removed nodes or edges had.

    One that is made again goes on counting, so that no one takes it for what they have read.
    """
    wanted = [f"{kind.plural}/" + "\t".join(key) for key in keys]
    bounds = {"after": f"{kind.plural}\t", "before": f"{kind.plural}\n"}
    # "\n" comes right after "\t". Most tables have never lost anything: one query shows this.
    if not wanted or queries.value(tx, "any_deletion", **bounds) is None:
        return {}
    versions: dict[Key, int] = {}
    for batch in batches(wanted):
        for row in queries.rows(tx, "deletions", ids=batch):
            versions[tuple(row["id"].split("\t"))] = int(row["version"] or 0)
    return versions


def stored_edges(kind: EdgeKind, keys: Iterable[Key], tx: Transaction) -> dict[Key, Values]:
    """Properties of stored edges by key: both ends, then what distinguishes edges between them."""
    names = kind.key_names
    edges: dict[Key, Values] = {}
    for batch in batches([dict(zip(names, key, strict=True)) for key in keys]):
        for row in queries.rows(tx, f"stored_{kind.plural}", rows=batch):
            edges[_edge_key(kind, row[names[0]], row[names[1]], row["edge"])] = row["edge"]
    return edges


def edges_of_nodes(
    tx: Transaction, kind: NodeKind, ids: list[str]
) -> dict[tuple[str, Key], Values]:
    """Every stored edge of these nodes, whichever end they are, by table and key."""
    if not edges_at(kind) and not edges_for(kind):
        return {}
    edges: dict[tuple[str, Key], Values] = {}
    for batch in batches(ids):
        for row in queries.rows(tx, f"edges_of_{kind.plural}", ids=batch):
            key = _edge_key(edge_kind(row["table"]), row["first"], row["second"], row["edge"])
            edges[row["table"], key] = row["edge"]
    return edges


def _edge_key(kind: EdgeKind, first: str, second: str, edge: Mapping[str, Any]) -> Key:
    """Both ends, then what distinguishes edges between them."""
    return (first, second, *(edge.get(name) or "" for name in kind.stored_key))


def edge_row(edge: Values) -> Values:
    """An edge's properties as cells of its row, without its ends and what is blank."""
    return {n: v for n, v in edge.items() if n not in SYSTEM_FIELDS and v is not None}


def as_stored(kind: EdgeKind, keys: Iterable[Key], tx: Transaction) -> dict[Key, Key]:
    """Keys under which edges stand, by keys that name them: a symmetric one has one at each end."""
    wanted = list(keys)
    if not kind.may_be_symmetric:
        return {key: key for key in wanted}
    turned = {key: kind.turned(key) for key in wanted}
    edges = stored_edges(kind, dict.fromkeys([*wanted, *turned.values()]), tx)

    def stored(key: Key) -> Key:
        other = turned[key]
        is_turned = key not in edges and other in edges and kind.is_symmetric(edges[other])
        return other if is_turned else key

    return {key: stored(key) for key in wanted}
