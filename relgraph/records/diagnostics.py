"""Looks a database over: what is in it, and what cannot be right."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.search.index import is_complete
from relgraph.records.writes.parts import unfinished_work
from relgraph.schema.kinds import NODE_KINDS, edge_kind, kind_of, node_kind


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that cannot be right. `code` is stable, `text` says what and where."""

    code: str
    text: str


@dataclass(slots=True)
class Checkup:
    """What was found. `counts` are nodes by kind."""

    product: str
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """As JSON members."""
        return asdict(self)


def check_up(access: Access) -> Checkup:
    """Look at every node and judgement; reads only."""
    found = Checkup(access.database.check().product)
    missing = access.database.missing_migrations()
    found.faults += [
        Fault("migration_missing", f"The migration {name} has not been applied.")
        for name in missing
    ]
    found.faults += [
        Fault(
            "import_unfinished",
            f"The import of {one.source}, begun {one.started_at}, was "
            "interrupted: continue it or roll it back.",
        )
        if one.kind == "import"
        else Fault(
            "undo_unfinished",
            f"The write {one.undoes} is undone in part since {one.started_at}: run "
            f"`relgraph undo {one.undoes}` to finish that.",
        )
        for one in unfinished_work(access)
    ]
    access.read(lambda tx: _look(tx, found), timeout_s=600)
    if not missing and not access.read(is_complete):
        found.faults.append(
            Fault("not_searched", "Not everything is found by search: run `relgraph reindex`.")
        )
    return found


def _look(tx: Transaction, found: Checkup) -> None:
    found.counts = {kind.plural: 0 for kind in NODE_KINDS}
    found.counts.update((row["kind"], row["total"]) for row in queries.rows(tx, "count_nodes"))
    found.faults += [
        Fault(*_orphaned(row)) for row in sorted(queries.rows(tx, "check_orphaned"), key=_place)
    ]
    found.faults += [
        Fault(
            "doubled",
            f"The {kind_of(row['table']).words} {row['from_id']} → {row['to_id']} stands "
            f"{row['times']} times; the latest judgement counts.",
        )
        for row in sorted(queries.rows(tx, "check_doubled"), key=_ends)
    ]
    found.faults += [
        Fault(
            "out_of_range",
            f"{edge_kind(row['table']).name} {row['from_id']} → {row['to_id']}: {row['column']} "
            f"{row['value']} is out of range.",
        )
        for row in sorted(queries.rows(tx, "check_ranges"), key=_ends)
    ]


def _orphaned(row: dict[str, Any]) -> tuple[str, str]:
    """Code and sentence for a node without one that it needs."""
    kind = node_kind(row["table"])
    if kind.customer is not None and row["column"] == kind.customer.column:
        return "homeless", f"The {kind.words} {row['id']} belongs to no customer."
    return "one_ended", f"The {kind.words} {row['id']} lacks its {row['column'][:-3]}."


def _place(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["table"], row["id"], row["column"]


def _ends(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["table"], row["from_id"], row["to_id"]
