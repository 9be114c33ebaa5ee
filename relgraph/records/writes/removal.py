"""Takes nodes and edges out of the graph, with what hangs on them where that is wanted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches
from relgraph.records.log.change_log import Entry
from relgraph.records.reads.stored import edge_row, key_names, stored_nodes
from relgraph.records.rows import Key
from relgraph.records.writes.external_ids import COLUMN, forget
from relgraph.schema.tables import TABLE_BY_NAME, TABLES, Table

_EDGES_OF = ("stakeholders", "deals", "members", "customers")
_POINTING_AT = ("customers", "departments", "stakeholders", "deals", "teams", "members")
_OWN = frozenset({"employments"})
"""Edges that belong to a node itself and do not hang on it."""


@dataclass(slots=True)
class Doomed:
    """What a removal takes with it.

    `nodes` and `edges` are stored rows by table and key; `pointers` are references of nodes that
    stay, as table, id and column; `merged` are duplicates with the id that they are part of.
    """

    nodes: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    edges: dict[tuple[str, Key], dict[str, Any]] = field(default_factory=dict)
    pointers: set[tuple[str, str, str]] = field(default_factory=set)
    merged: dict[tuple[str, str], str] = field(default_factory=dict)

    def hanging_on(self, asked_for: set[tuple[str, str]]) -> dict[str, int]:
        """How much more than what was asked for would go or lose a reference, by table."""
        found = Counter(table for table, id_ in self.nodes if (table, id_) not in asked_for)
        found.update(table for table, _, _ in self.pointers)
        people = {id_ for table, id_ in asked_for if table == "stakeholders"}
        found.update(
            table
            for table, key in self.edges
            if table not in _OWN and not (table == "reports_to" and key[0] in people)
        )
        return dict(found)


def doom(tx: Transaction, asked_for: set[tuple[str, str]]) -> Doomed:
    """What goes with these nodes: a customer takes its departments, deals and people along.

    People who also work, or have worked, elsewhere stay there. Everything else that names a
    removed node stays without that reference.
    """
    doomed = Doomed()
    todo = set(asked_for)
    while todo:
        _read_nodes(tx, doomed, todo)
        todo = _named_after(tx, doomed, todo) - doomed.nodes.keys()
    _read_edges(tx, doomed)
    doomed.pointers = {one for one in doomed.pointers if one[:2] not in doomed.nodes}
    return doomed


def _by_table(nodes: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for table, id_ in sorted(nodes):
        found[table].append(id_)
    return found


def _read_nodes(tx: Transaction, doomed: Doomed, nodes: set[tuple[str, str]]) -> None:
    for name, ids in _by_table(nodes).items():
        table = TABLE_BY_NAME[name]
        for id_, node in stored_nodes(table, ids, tx).items():
            doomed.nodes[name, id_] = {**node.row(table), "version": node.version}


def _named_after(
    tx: Transaction, doomed: Doomed, nodes: set[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Nodes that cannot stay without those that go; notes the references of the others."""
    follow: set[tuple[str, str]] = set()
    people: set[str] = set()
    for name, ids in _by_table(nodes).items():
        if name not in _POINTING_AT:
            continue
        for batch in batches(ids):
            for row in queries.rows(tx, f"pointing_at_{name}", ids=batch):
                if row["table"] == "activities" and row["column"] != "deal_id":
                    follow.add((row["table"], row["id"]))  # it is nothing without either person
                elif row["column"] != "customer_id":
                    doomed.pointers.add((row["table"], row["id"], row["column"]))
                elif row["table"] == "stakeholders":
                    people.add(row["id"])
                else:
                    follow.add((row["table"], row["id"]))
    going = {id_ for table, id_ in doomed.nodes if table == "customers"}
    employers: dict[str, set[str]] = defaultdict(set)
    for batch in batches(sorted(people)):
        for row in queries.rows(tx, "customers_of_stakeholders", ids=batch):
            employers[row["id"]].add(row["customer_id"])
    follow |= {("stakeholders", id_) for id_ in people if employers[id_] <= going}
    return follow


def _read_edges(tx: Transaction, doomed: Doomed) -> None:
    for name, ids in _by_table(doomed.nodes).items():
        if name in _EDGES_OF:
            doomed.edges |= edges_of(tx, TABLE_BY_NAME[name], ids)


def edges_of(
    tx: Transaction, table: Table, ids: list[str]
) -> dict[tuple[str, Key], dict[str, Any]]:
    """Every stored edge of these nodes, whichever end they are, by table and key."""
    found: dict[tuple[str, Key], dict[str, Any]] = {}
    for batch in batches(ids):
        for row in queries.rows(tx, f"edges_of_{table.name}", ids=batch):
            names = key_names(TABLE_BY_NAME[row["table"]])
            edge = row["edge"]
            key = (row["first"], row["second"], *(edge.get(n) or "" for n in names[2:]))
            found[row["table"], key] = edge
    return found


def entries_of(doomed: Doomed) -> list[Entry]:
    """What the change log says of it, dependents first."""
    entries: list[Entry] = []
    for table in reversed(TABLES):
        for (name, id_), row in sorted(doomed.nodes.items(), key=_place):
            if name == table.name:
                entry = _gone(name, (id_,), row)
                if into := doomed.merged.get((name, id_)):
                    entry = entry._replace(after={"merged_into": into})
                entries.append(entry)
        for (name, key), edge in sorted(doomed.edges.items(), key=_place):
            if name == table.name:
                entries.append(_gone(name, key, edge))
    return entries


def _place(item: tuple[Any, Any]) -> Any:
    return item[0]


def _gone(table: str, key: Key, stored: dict[str, Any]) -> Entry:
    row = {name: value for name, value in edge_row(stored).items() if name != "id"}
    return Entry(table, key, "delete", row, None, int(stored.get("version") or 0))


def take_out(tx: Transaction, doomed: Doomed) -> None:
    """Delete edges and nodes, dependents first."""
    for table in reversed(TABLES):
        named = [
            row | {"id": id_}
            for (name, id_), row in doomed.nodes.items()
            if name == table.name and row.get(COLUMN)
        ]
        forget(tx, table, named)
        names = ("id",) if table.is_node else key_names(table)
        keys: list[Key] = [(id_,) for name, id_ in sorted(doomed.nodes) if name == table.name]
        keys += [key for name, key in sorted(doomed.edges) if name == table.name]
        for batch in batches([dict(zip(names, key, strict=True)) for key in keys]):
            queries.run(tx, f"delete_{table.name}", rows=batch)
