"""Removes nodes and edges, with everything that cannot stay without them where that is wanted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import SharedRecord
from relgraph.records.batches import batches
from relgraph.records.log.change_log import Entry
from relgraph.records.reads.stored import edge_row, edges_of_nodes, stored_nodes
from relgraph.records.rows import Key
from relgraph.records.visibility import visible_edges, visible_nodes
from relgraph.records.writes.external_ids import COLUMN, forget
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import (
    KINDS,
    STAKEHOLDER,
    edge_kind,
    node_kind,
    referrers,
)
from relgraph.schema.values import Values

NodeId = tuple[str, str]
"""Table and id of a node."""
EdgeId = tuple[str, Key]
"""Table and key of an edge."""


@dataclass(slots=True)
class RemovalPlan:
    """What a removal removes and changes.

    `nodes` and `edges` are stored rows; `references` are those of nodes that stay, as table, id
    and column; `merged` are duplicates with the id that they are part of from now on.
    """

    nodes: dict[NodeId, Values] = field(default_factory=dict)
    edges: dict[EdgeId, Values] = field(default_factory=dict)
    references: set[tuple[str, str, str]] = field(default_factory=set)
    merged: dict[NodeId, str] = field(default_factory=dict)

    def add(self, other: RemovalPlan) -> None:
        """Add what another plan removes and changes."""
        self.nodes |= other.nodes
        self.edges |= other.edges
        self.references |= other.references

    def dependents(self, requested: set[NodeId]) -> dict[str, int]:
        """How much more than what was requested would go or lose a reference, by table."""
        counts = Counter(table for table, id_ in self.nodes if (table, id_) not in requested)
        counts.update(table for table, _, _ in self.references)
        counts.update(
            table for table, key in self.edges if not self._is_part(table, key, requested)
        )
        return dict(counts)

    def seen_in(self, tx: Transaction) -> RemovalPlan:
        """The part of it that the transaction's viewer may see."""
        if tx.visible is None:
            return self
        nodes: dict[str, set[str]] = {}
        ids = _by_table([*self.nodes, *((table, id_) for table, id_, _ in self.references)])
        for table, wanted in ids.items():
            nodes[table] = visible_nodes(tx, node_kind(table), wanted)
        edges: dict[str, set[Key]] = {}
        for table in {table for table, _ in self.edges}:
            keys = [key for name, key in self.edges if name == table]
            edges[table] = visible_edges(tx, edge_kind(table), keys)
        return RemovalPlan(
            {node: row for node, row in self.nodes.items() if node[1] in nodes[node[0]]},
            {edge: row for edge, row in self.edges.items() if edge[1] in edges[edge[0]]},
            {reference for reference in self.references if reference[1] in nodes[reference[0]]},
            self.merged,
        )

    def _is_part(self, table: str, key: Key, requested: set[NodeId]) -> bool:
        """Whether an edge goes with a node as a part of it, and is no dependent of its own."""
        kind = edge_kind(table)
        if not kind.part_of:
            return False
        end = kind.end_columns.index(kind.part_of)
        node = (kind.ends[end].plural, key[end])
        # Where the other end is removed, a node that stays is counted by what it loses.
        return node in requested or not kind.between_alike


def plan_removal(tx: Transaction, requested: set[NodeId]) -> RemovalPlan:
    """What goes with these nodes: a customer takes its departments, deals and people along.

    People who also work, or have worked, elsewhere stay there. Everything else that names a
    removed node stays without that reference.
    """
    plan = RemovalPlan()
    todo = set(requested)
    while todo:
        _read_nodes(tx, plan, todo)
        todo = _nodes_going_along(tx, plan, todo) - plan.nodes.keys()
    for table, ids in _by_table(plan.nodes).items():
        plan.edges |= edges_of_nodes(tx, node_kind(table), ids)
    plan.references = {
        reference for reference in plan.references if reference[:2] not in plan.nodes
    }
    return plan


def refuse_shared(tx: Transaction, plan: RemovalPlan, kind: str, id_: str, place: int) -> None:
    """Raise SharedRecord, which names what was asked for, if more would go than is seen."""
    if plan.seen_in(tx) != plan:
        raise SharedRecord(kind, id_, place)


def _by_table(nodes: Iterable[NodeId]) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = defaultdict(list)
    for table, id_ in sorted(nodes):
        ids[table].append(id_)
    return ids


def _read_nodes(tx: Transaction, plan: RemovalPlan, nodes: set[NodeId]) -> None:
    for table, ids in _by_table(nodes).items():
        kind = node_kind(table)
        for id_, node in stored_nodes(kind, ids, tx).items():
            plan.nodes[table, id_] = {**node.row(kind), "version": node.version}


def _nodes_going_along(tx: Transaction, plan: RemovalPlan, nodes: set[NodeId]) -> set[NodeId]:
    """Nodes that cannot stay without those that go; notes the references of the others."""
    along: set[NodeId] = set()
    people: set[str] = set()
    for table, id_, column in _references_to(tx, nodes):
        reference = node_kind(table).reference(column)
        if not reference.ref.goes_along:
            plan.references.add((table, id_, column))
        elif reference.rows:
            people.add(id_)  # whoever has another employer stays with that one
        else:
            along.add((table, id_))
    going = {id_ for table, id_ in plan.nodes if table == "customers"}
    employers: dict[str, set[str]] = defaultdict(set)
    for batch in batches(sorted(people)):
        for row in queries.rows(tx, f"customers_of_{STAKEHOLDER.plural}", ids=batch):
            employers[row["id"]].add(row["customer_id"])
    return along | {(STAKEHOLDER.plural, id_) for id_ in people if employers[id_] <= going}


def _references_to(tx: Transaction, nodes: set[NodeId]) -> Iterator[tuple[str, str, str]]:
    """Table, id and column of everything that names these nodes."""
    for table, ids in _by_table(nodes).items():
        if not referrers(node_kind(table)):
            continue
        for batch in batches(ids):
            for row in queries.rows(tx, f"references_to_{table}", ids=batch):
                yield row["table"], row["id"], row["column"]


def entries_of(plan: RemovalPlan) -> list[Entry]:
    """What the change log says of a removal, dependents first."""
    entries: list[Entry] = []
    for kind in reversed(KINDS):
        table = kind.plural
        for id_, row in _rows_of(table, plan.nodes):
            entry = _removed(table, (id_,), _without(row, node_kind(table).edge_columns))
            if into := plan.merged.get((table, id_)):
                entry = entry._replace(after={"merged_into": into})
            entries.append(entry)
        entries += [_removed(table, key, edge) for key, edge in _rows_of(table, plan.edges)]
    return entries


def _rows_of(table: str, rows: dict[Any, Values]) -> list[tuple[Any, Values]]:
    return sorted(
        ((key, row) for (name, key), row in rows.items() if name == table), key=lambda item: item[0]
    )


def _without(row: Values, columns: frozenset[str]) -> Values:
    return {name: value for name, value in row.items() if name not in columns}


def _removed(table: str, key: Key, stored: Values) -> Entry:
    row = {name: value for name, value in edge_row(stored).items() if name != "id"}
    return Entry(table, key, "delete", row, None, int(stored.get("version") or 0))


def carry_out(tx: Transaction, plan: RemovalPlan) -> None:
    """Delete edges and nodes, dependents first."""
    for kind in reversed(KINDS):
        if isinstance(kind, NodeKind):
            rows = _rows_of(kind.plural, plan.nodes)
            forget(tx, kind, [row | {"id": id_} for id_, row in rows if row.get(COLUMN)])
            keys = [kind.stored_row((id_,)) for id_, _ in rows]
        else:
            keys = [kind.stored_row(key) for key, _ in _rows_of(kind.plural, plan.edges)]
        for batch in batches(keys):
            queries.run(tx, f"delete_{kind.plural}", rows=batch)
