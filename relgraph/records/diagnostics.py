"""Looks a database over: what is in it, and what cannot be right."""

from __future__ import annotations

from dataclasses import dataclass, field

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.batches import ROWS_A_STATEMENT, batches, pages
from relgraph.records.problems import filled
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
from relgraph.schema.vocabulary import Lang
from relgraph.words import say


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that cannot be right. `code` is stable, `text` says what and where in English.

    The sentences stand in words by the code, or by `key` where one code has several.
    """

    code: str
    text: str = field(init=False)
    values: dict[str, str] = field(default_factory=dict)
    key: str = ""

    def __post_init__(self) -> None:
        """Fill in the English sentence. KeyError for an unknown code, or a gap left open."""
        object.__setattr__(self, "text", self.sentence("en"))

    def sentence(self, lang: Lang) -> str:
        """What and where it is."""
        return say(lang, f"fault.{self.key or self.code}", **filled(lang, self.values))


def fault(code: str, key: str = "", **values: str) -> Fault:
    """A fault by its code and what fills the gaps of its sentence."""
    return Fault(code, values, key)


@dataclass(slots=True)
class Diagnostics:
    """What the diagnostics found. `counts` are nodes by kind."""

    product: str
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def to_dict(self) -> Values:
        """As JSON members."""
        faults = [{"code": each.code, "text": each.text} for each in self.faults]
        return {"product": self.product, "counts": self.counts, "faults": faults}


def diagnose(access: Access) -> Diagnostics:
    """Check every node and judgement; reads only."""
    diagnostics = Diagnostics(access.database.check().product)
    missing = access.database.missing_migrations()
    diagnostics.faults += [fault("migration_missing", name=str(name)) for name in missing]
    diagnostics.faults += [
        fault("import_unfinished", source=work.source, started=str(work.started_at))
        if work.kind == "import"
        else fault("undo_unfinished", change=str(work.undoes), started=str(work.started_at))
        for work in unfinished_work(access)
    ]
    if not missing and access.read(lambda tx: queries.value(tx, "upgrade_due")):
        diagnostics.faults.append(fault("upgrade_unfinished"))
    access.read(lambda tx: _look(tx, diagnostics), timeout_s=600)
    for kind in NAMED_KINDS:
        _look_at_external_ids(access, kind, diagnostics, is_complete=not missing)
    if not missing and not access.read(is_complete):
        diagnostics.faults.append(fault("not_searched"))
    return diagnostics


def _look(tx: Transaction, diagnostics: Diagnostics) -> None:
    diagnostics.counts = {kind.plural: 0 for kind in NODE_KINDS}
    diagnostics.counts.update(
        (row["kind"], row["total"]) for row in queries.rows(tx, "count_nodes")
    )
    diagnostics.faults += [
        _orphaned(row) for row in sorted(queries.rows(tx, "check_orphaned"), key=_place)
    ]
    diagnostics.faults += [
        fault("doubled", kind=kind_of(row["table"]).words, times=str(row["times"]), **_named(row))
        for row in sorted(queries.rows(tx, "check_doubled"), key=_ends)
    ]
    diagnostics.faults += [
        fault(
            "out_of_range",
            kind=edge_kind(row["table"]).words,
            column=row["column"],
            value=str(row["value"]),
            **_named(row),
        )
        for row in sorted(queries.rows(tx, "check_ranges"), key=_ends)
    ]
    diagnostics.faults += _manager_circles(queries.rows(tx, "managers_of_everybody"))
    diagnostics.faults += [
        fault(
            "reserved_id",
            kind=node_kind(row["table"]).words,
            id=row["id"],
            path=f"/{row['table']}/{row['id']}",
        )
        for row in sorted(
            queries.rows(tx, "check_ids", reserved=sorted(RESERVED_IDS)),
            key=lambda row: (row["table"], row["id"]),
        )
    ]
    contradiction = queries.row(tx, "check_answers")
    if contradiction and contradiction["total"]:
        count, first = f"{contradiction['total']:,}", str(contradiction["first"])
        diagnostics.faults.append(fault("mutual_unanswered", count=count, first=first))


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
                fault(
                    "shared_external_id",
                    # only people can be merged
                    "shared_external_id_people" if kind is STAKEHOLDER else "",
                    count=str(len(ids)),
                    table=kind.plural,
                    text=texts[name],
                    ids=", ".join(ids),
                )
            )
    if not is_complete:
        return
    for batch in batches(sorted(holders)):
        known = access.read(lambda tx, batch=batch: owners(tx, batch))  # type: ignore[misc]
        diagnostics.faults += [
            fault("unknown_external_id", kind=kind.words, text=texts[name], id=holders[name][0])
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
        fault("manager_circle", table=table, way=" → ".join(way)) for table, way in sorted(ways)
    ]


def _orphaned(row: Values) -> Fault:
    """What is wrong with an orphaned node: one without another node that it needs."""
    kind = node_kind(row["table"])
    if kind.customer is not None and row["column"] == kind.customer.column:
        return fault("homeless", kind=kind.words, id=row["id"])
    return fault("one_ended", kind=kind.words, id=row["id"], end=row["column"][:-3])


def _named(row: Values) -> dict[str, str]:
    """The ends of an edge, as a sentence names them."""
    return {"first": row["from_id"], "second": row["to_id"]}


def _place(row: Values) -> tuple[str, str, str]:
    return row["table"], row["id"], row["column"]


def _ends(row: Values) -> tuple[str, str, str]:
    return row["table"], row["from_id"], row["to_id"]
