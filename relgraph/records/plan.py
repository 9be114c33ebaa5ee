"""Compares checked records with what is stored: what has to be written, and what takes it back."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches
from relgraph.records.check import Key, Records, Row, both_ways, defaults
from relgraph.records.links import EMPLOYMENT, Links
from relgraph.records.steps import Change, Step, change_steps
from relgraph.schema.tables import TABLES, Table


@dataclass(slots=True)
class Counts:
    """What an import does to one table."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Plan:
    steps: list[Step] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(len(step.rows) for step in self.steps)


def make_plan(records: Records, tx: Transaction, *, today: str) -> Plan:
    """Steps in the order in which they must run: nodes, then links between them, then edges."""
    plan = Plan()
    links: list[Step] = []
    born: set[tuple[str, str]] = set()
    for table in TABLES:
        rows = records.tables.get(table.name)
        if not rows:
            continue
        counts = plan.counts[table.name] = Counts()
        if table.is_node:
            node_steps, link_steps = _plan_nodes(table, rows, records, tx, counts, today)
            plan.steps += node_steps
            label = table.model.label  # type: ignore[union-attr]
            born.update(
                (label, row["id"])
                for step in node_steps
                if step.query == f"create_{table.name}"
                for row in step.rows
            )
            links += link_steps
        else:
            links += _plan_edges(table, rows, born, tx, counts)
    plan.steps += links
    return plan


# nodes --------------------------------------------------------------------------------------


def _plan_nodes(
    table: Table,
    rows: dict[Key, Row],
    records: Records,
    tx: Transaction,
    counts: Counts,
    today: str,
) -> tuple[list[Step], list[Step]]:
    stored = _stored_nodes(table, rows, tx)
    create: list[dict[str, Any]] = []
    update: list[Change] = []
    links = Links(table, records, tx, today)
    for (id_,), row in rows.items():
        before = stored.get(id_)
        props = {
            name: value
            for name, value in row.values.items()
            if name != "id"
            and name not in table.refs
            and not (table.name == "stakeholders" and name in EMPLOYMENT)
        }
        moved = links.note(id_, row, before)
        if before is None:
            new = {name: value for name, value in props.items() if value is not None}
            create.append({"id": id_, "props": new})
            counts.created += 1
            continue
        node = before["node"]
        changed = {name: value for name, value in props.items() if node.get(name) != value}
        if not changed and not moved:
            counts.unchanged += 1
            continue
        counts.changed += 1
        version = int(node.get("version") or 0)
        old = {name: node.get(name) for name in changed}
        update.append(
            (
                {"id": id_, "version": version, "props": changed},
                {"id": id_, "version": version + 1, "props": old},
            )
        )
    steps = [
        Step(
            f"create_{table.name}",
            batch,
            timed=True,
            undo=(f"delete_{table.name}", [{"id": row["id"]} for row in batch]),
        )
        for batch in batches(create)
    ]
    return steps + change_steps(f"update_{table.name}", update), links.steps()


def _stored_nodes(table: Table, rows: dict[Key, Row], tx: Transaction) -> dict[str, dict[str, Any]]:
    """Stored nodes by id; several targets of one reference are collected as `…_ids`."""
    found: dict[str, dict[str, Any]] = {}
    ids = [key[0] for key in rows]
    for batch in batches(ids):
        for row in queries.rows(tx, f"stored_{table.name}", ids=batch):
            id_ = row["node"]["id"]
            known = found.setdefault(id_, {**row, "targets": defaultdict(set)})
            for column in table.refs:
                if row[column] is not None:
                    known["targets"][column].add(row[column])
            present = row.get("customer_id") and not row.get("until")
            later = (row.get("until") or "") > (known.get("until") or "")
            if table.name == "stakeholders" and (present or (known.get("until") and later)):
                known.update({name: row[name] for name in ("customer_id", *EMPLOYMENT)})
    return found


# edges --------------------------------------------------------------------------------------


def _plan_edges(
    table: Table,
    rows: dict[Key, Row],
    born: set[tuple[str, str]],
    tx: Transaction,
    counts: Counts,
) -> list[Step]:
    names = _key_names(table)
    first, second = (table.refs[name] for name in names[:2])
    # Nothing hangs on a node yet that this import makes.
    known = [key for key in rows if (first, key[0]) not in born and (second, key[1]) not in born]
    stored = _stored_edges(table, known, names, tx)
    if table.name == "relations":
        rows = _as_first_written(table, rows, set(known), stored, names, tx)
    create: list[dict[str, Any]] = []
    update: list[Change] = []
    for key, row in rows.items():
        ends = dict(zip(names, key, strict=True))
        props = {n: v for n, v in row.values.items() if n not in names[:2]}
        before = stored.get(key)
        if before is None:
            new = {name: value for name, value in props.items() if value is not None}
            create.append({**ends, "props": defaults(table) | new})
            counts.created += 1
            continue
        changed = {name: value for name, value in props.items() if before.get(name) != value}
        older = (props.get("assessed_at") or "") < (before.get("assessed_at") or "")
        if not changed or ("assessed_at" in props and older):
            counts.unchanged += 1
            continue
        counts.changed += 1
        version = int(before.get("version") or 0)
        old = {name: before.get(name) for name in changed}
        update.append(
            (
                {**ends, "version": version, "props": changed},
                {**ends, "version": version + 1, "props": old},
            )
        )
    steps = [
        Step(
            f"create_{table.name}",
            batch,
            timed=True,
            undo=(
                f"delete_{table.name}",
                [{name: row[name] for name in names} for row in batch],
            ),
        )
        for batch in batches(create)
    ]
    return steps + change_steps(f"update_{table.name}", update)


def _key_names(table: Table) -> tuple[str, ...]:
    """Names of the key's parts as the queries call them."""
    ends, key = table.model.ends, table.model.key  # type: ignore[union-attr]
    return (*ends, *("scope" if name == "deal_id" else name for name in key))


def _as_first_written(
    table: Table,
    rows: dict[Key, Row],
    known: set[Key],
    stored: dict[Key, dict[str, Any]],
    names: tuple[str, ...],
    tx: Transaction,
) -> dict[Key, Row]:
    """The rows with ties that are stored from the other end turned round; adds to `stored`."""
    turned = {
        key: (key[1], key[0], *key[2:])
        for key, row in rows.items()
        if key in known and key not in stored and both_ways(row.values)
    }
    there = _stored_edges(table, list(turned.values()), names, tx)
    found = {key: edge for key, edge in there.items() if both_ways(edge)}
    stored.update(found)
    return {turned[key] if turned.get(key) in found else key: row for key, row in rows.items()}


def _stored_edges(
    table: Table, keys: list[Key], names: tuple[str, ...], tx: Transaction
) -> dict[Key, dict[str, Any]]:
    found: dict[Key, dict[str, Any]] = {}
    for batch in batches([dict(zip(names, key, strict=True)) for key in keys]):
        for row in queries.rows(tx, f"stored_{table.name}", rows=batch):
            edge = row["edge"]
            further = (edge.get(name) or "" for name in names[2:])
            found[(row[names[0]], row[names[1]], *further)] = edge
    return found


def summary(counts: dict[str, Counts]) -> dict[str, int]:
    """Created, changed and unchanged rows over all tables."""
    total: Counter[str] = Counter()
    for count in counts.values():
        total.update(created=count.created, changed=count.changed, unchanged=count.unchanged)
    return dict(total)
