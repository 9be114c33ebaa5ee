"""Looks a database over: what is in it, and what cannot be right."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.batches import ROWS_A_STATEMENT, batches, pages
from relgraph.records.search.index import is_complete
from relgraph.records.writes.circles import Line, circles, first_managers, way_round
from relgraph.records.writes.external_ids import named_by, owners
from relgraph.records.writes.parts import unfinished_work
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import (
    NAMED_KINDS,
    NODE_KINDS,
    STAKEHOLDER,
    edge_kind,
    kind_of,
    node_kind,
)
from relgraph.schema.values import RESERVED_IDS, Values

_REMEDY = {
    True: "Merge them, or take the id from all but one of them.",
    False: "Take it from all but one of them.",
}
"""What to do about a shared external id; only people can be merged."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that cannot be right. `code` is stable, `text` says what and where."""

    code: str
    text: str


@dataclass(slots=True)
class Diagnostics:
    """What the diagnostics found. `counts` are nodes by kind."""

    product: str
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def to_dict(self) -> Values:
        """As JSON members."""
        return asdict(self)


def diagnose(access: Access) -> Diagnostics:
    """Check every node and judgement; reads only."""
    diagnostics = Diagnostics(access.database.check().product)
    missing = access.database.missing_migrations()
    diagnostics.faults += [
        Fault("migration_missing", f"The migration {name} has not been applied.")
        for name in missing
    ]
    diagnostics.faults += [
        Fault(
            "import_unfinished",
            f"The import of {work.source}, begun {work.started_at}, was "
            "interrupted: continue it or roll it back.",
        )
        if work.kind == "import"
        else Fault(
            "undo_unfinished",
            f"The write {work.undoes} is undone in part since {work.started_at}: run "
            f"`relgraph undo {work.undoes}` to finish that.",
        )
        for work in unfinished_work(access)
    ]
    if not missing and access.read(lambda tx: queries.value(tx, "upgrade_due")):
        diagnostics.faults.append(
            Fault(
                "upgrade_unfinished",
                "Records are still as an older relgraph has left them: start `relgraph serve` or "
                "run `relgraph reindex`.",
            )
        )
    access.read(lambda tx: _look(tx, diagnostics), timeout_s=600)
    for kind in NAMED_KINDS:
        _look_at_external_ids(access, kind, diagnostics, is_complete=not missing)
    if not missing and not access.read(is_complete):
        diagnostics.faults.append(
            Fault("not_searched", "Not everything is found by search: run `relgraph reindex`.")
        )
    return diagnostics


def _look(tx: Transaction, diagnostics: Diagnostics) -> None:
    diagnostics.counts = {kind.plural: 0 for kind in NODE_KINDS}
    diagnostics.counts.update(
        (row["kind"], row["total"]) for row in queries.rows(tx, "count_nodes")
    )
    diagnostics.faults += [
        Fault(*_orphaned(row)) for row in sorted(queries.rows(tx, "check_orphaned"), key=_place)
    ]
    diagnostics.faults += [
        Fault(
            "doubled",
            f"The {kind_of(row['table']).words} {row['from_id']} → {row['to_id']} stands "
            f"{row['times']} times; the latest judgement counts.",
        )
        for row in sorted(queries.rows(tx, "check_doubled"), key=_ends)
    ]
    diagnostics.faults += [
        Fault(
            "out_of_range",
            f"{edge_kind(row['table']).name} {row['from_id']} → {row['to_id']}: {row['column']} "
            f"{row['value']} is out of range.",
        )
        for row in sorted(queries.rows(tx, "check_ranges"), key=_ends)
    ]
    diagnostics.faults += _manager_circles(queries.rows(tx, "managers_of_everybody"))
    diagnostics.faults += [
        Fault(
            "reserved_id",
            f"The {node_kind(row['table']).words} {row['id']} cannot be opened, for its address "
            f"leads elsewhere: export everything, write another id into the files and import them "
            f"into an empty database; or remove it with a batch that names /{row['table']}/"
            f"{row['id']}.",
        )
        for row in sorted(
            queries.rows(tx, "check_ids", reserved=sorted(RESERVED_IDS)),
            key=lambda row: (row["table"], row["id"]),
        )
    ]
    contradiction = queries.row(tx, "check_answers")
    if contradiction and contradiction["total"]:
        diagnostics.faults.append(
            Fault(
                "mutual_unanswered",
                f"{contradiction['total']:,} activities are mutual and not answered, such as "
                f"{contradiction['first']}: read the calendars again, or write which way each "
                "went.",
            )
        )


def _look_at_external_ids(
    access: Access, kind: NodeKind, diagnostics: Diagnostics, *, is_complete: bool
) -> None:
    """Find nodes that share an id of another system, and those that cannot be found by theirs.

    The latter is no news before all migrations are applied (`is_complete`).
    """
    holders: dict[str, list[str]] = {}
    texts: dict[str, str] = {}

    def read(after: str) -> list[Values]:
        query = f"external_ids_of_{kind.plural}"
        return access.read(
            lambda tx: queries.rows(tx, query, after=after, limit=ROWS_A_STATEMENT), timeout_s=600
        )

    for row in pages(read, ROWS_A_STATEMENT, lambda row: str(row["id"])):
        for name, (system, theirs) in named_by(kind, row["external_ids"]).items():
            holders.setdefault(name, []).append(row["id"])
            texts[name] = f"{system}: {theirs}"
    for name, ids in sorted(holders.items()):
        if len(ids) > 1:
            diagnostics.faults.append(
                Fault(
                    "shared_external_id",
                    f"{len(ids)} {kind.plural} share the external id “{texts[name]}”: "
                    f"{', '.join(ids)}. {_REMEDY[kind is STAKEHOLDER]}",
                )
            )
    if not is_complete:
        return
    for batch in batches(sorted(holders)):
        known = access.read(lambda tx, batch=batch: owners(tx, batch))  # type: ignore[misc]
        diagnostics.faults += [
            Fault(
                "unknown_external_id",
                f"No {kind.words} is found by the external id “{texts[name]}” of "
                f"{holders[name][0]}: run `relgraph reindex`.",
            )
            for name in batch
            if known.get(name) not in holders[name]
        ]


def _manager_circles(rows: list[Values]) -> list[Fault]:
    lines: dict[str, list[Line]] = {}
    for row in rows:
        line = (row["from_id"], row["to_id"], row["primary"], row["since"])
        lines.setdefault(row["table"], []).append(line)
    ways = [
        (table, way_round(circle, min(circle)))
        for table, some in lines.items()
        for circle in circles(first_managers(some))
    ]
    return [
        Fault(
            "manager_circle",
            f"The managers of {table} run in a circle: {' → '.join(way)}. A map cuts it at one "
            "person: correct one of them.",
        )
        for table, way in sorted(ways)
    ]


def _orphaned(row: Values) -> tuple[str, str]:
    """Code and sentence for an orphaned node: one without another node that it needs."""
    kind = node_kind(row["table"])
    if kind.customer is not None and row["column"] == kind.customer.column:
        return "homeless", f"The {kind.words} {row['id']} belongs to no customer."
    return "one_ended", f"The {kind.words} {row['id']} lacks its {row['column'][:-3]}."


def _place(row: Values) -> tuple[str, str, str]:
    return row["table"], row["id"], row["column"]


def _ends(row: Values) -> tuple[str, str, str]:
    return row["table"], row["from_id"], row["to_id"]
