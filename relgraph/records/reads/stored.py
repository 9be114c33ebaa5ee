"""What the database holds of the rows that are about to be written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches
from relgraph.records.rows import Key, both_ways
from relgraph.schema.storage import SYSTEM_FIELDS
from relgraph.schema.tables import Table

EMPLOYMENT = ("since", "until")
"""Columns of a person's row that belong to the employment and not to the person."""


@dataclass(slots=True)
class StoredNode:
    """A node as it is stored: its properties, and the ids that each reference column names.

    A person's `employments` are by customer, with since and until; `employer` is the present
    one, or the last.
    """

    props: dict[str, Any]
    targets: dict[str, set[str]]
    employments: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def version(self) -> int:
        return int(self.props.get("version") or 0)

    @property
    def employer(self) -> str | None:
        """The customer that a person works at now, or worked at last; None if never any."""

        def when(customer: str) -> tuple[str, str]:
            return self.employments[customer].get("until") or "9999", customer

        return max(self.employments, key=when, default=None)

    def row(self, table: Table) -> dict[str, Any]:
        """The node as a row of the import format, without what is blank."""
        found = {n: v for n, v in self.props.items() if n not in SYSTEM_FIELDS and v is not None}
        for column, targets in self.targets.items():
            if targets:
                found[column] = min(targets)
        if table.name == "stakeholders" and self.employer is not None:
            found["customer_id"] = self.employer
        return found


def stored_nodes(table: Table, ids: Iterable[str], tx: Transaction) -> dict[str, StoredNode]:
    """Stored nodes by id."""
    found: dict[str, StoredNode] = {}
    for batch in batches(list(ids)):
        for row in queries.rows(tx, f"stored_{table.name}", ids=batch):
            node = row["node"]
            one = found.get(node["id"])
            if one is None:
                one = found[node["id"]] = StoredNode(node, {name: set() for name in table.refs})
            for column in table.refs:
                if row[column] is not None:
                    one.targets[column].add(row[column])
            if table.name == "stakeholders" and row["customer_id"] is not None:
                one.employments[row["customer_id"]] = {n: row[n] for n in EMPLOYMENT}
    return found


def former_versions(table: Table, keys: Iterable[Key], tx: Transaction) -> dict[Key, int]:
    """The versions that removed nodes or edges had.

    One that is made again goes on counting, so that no one takes it for what they have read.
    """
    wanted = [f"{table.name}/" + "\t".join(key) for key in keys]
    bounds = {"after": f"{table.name}\t", "before": f"{table.name}\n"}
    # "\n" comes right after "\t". Most tables have never lost anything: one look tells.
    if not wanted or queries.value(tx, "any_deletion", **bounds) is None:
        return {}
    found: dict[Key, int] = {}
    for batch in batches(wanted):
        for row in queries.rows(tx, "former_versions", ids=batch):
            found[tuple(row["id"].split("\t"))] = int(row["version"] or 0)
    return found


def key_names(table: Table) -> tuple[str, ...]:
    """Names of the parts of an edge's key as the queries call them."""
    ends, key = table.model.ends, table.model.key  # type: ignore[union-attr]
    return (*ends, *("scope" if name == "deal_id" else name for name in key))


def stored_edges(table: Table, keys: Iterable[Key], tx: Transaction) -> dict[Key, dict[str, Any]]:
    """Properties of stored edges by key: both ends, then what tells edges between them apart."""
    names = key_names(table)
    found: dict[Key, dict[str, Any]] = {}
    for batch in batches([dict(zip(names, key, strict=True)) for key in keys]):
        for row in queries.rows(tx, f"stored_{table.name}", rows=batch):
            edge = row["edge"]
            further = (edge.get(name) or "" for name in names[2:])
            found[(row[names[0]], row[names[1]], *further)] = edge
    return found


def edge_row(edge: dict[str, Any]) -> dict[str, Any]:
    """An edge's properties as cells of its row, without its ends and what is blank."""
    return {n: v for n, v in edge.items() if n not in SYSTEM_FIELDS and v is not None}


def as_stored(table: Table, key: Key, tx: Transaction) -> Key:
    """The key under which an edge stands: a tie that runs both ways may be told from either end."""
    if table.name != "relations":
        return key
    turned = (key[1], key[0], *key[2:])
    found = stored_edges(table, [key, turned], tx)
    if key in found or turned not in found or not both_ways(found[turned]):
        return key
    return turned
