"""What a viewer who is restricted to some customers may read of the change log.

A customer's log is theirs who may see the customer. What an entry of it names beyond that is left
out: an entry whose ends or whose person is elsewhere, and in the others the ids of what may not
be seen. A record that came from a customer out of scope begins with its arrival. Why something was
written is left out where it was also written at a customer out of scope.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.log.change_log import Entry, entries_of
from relgraph.records.reads.stored import stored_edges, stored_nodes
from relgraph.records.visibility import named_by, visible_nodes
from relgraph.schema.kind import EdgeKind, NodeKind, Reference
from relgraph.schema.kinds import (
    CUSTOMER,
    edge_kind,
    is_scoped,
    kind_of,
    kind_with_label,
    scope_reference,
)
from relgraph.schema.values import Values


def visible_entries(
    tx: Transaction, notes: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], int, Entry]]:
    """The entries of notes that the transaction's viewer may read, as far as they may."""
    sight = _Sight(tx)
    for note in notes:
        readable = note if sight.is_fully_visible(note) else {**note, "note": None}
        for number, entry in entries_of(note):
            seen = sight.of(entry, note["at"])
            if seen is not None:
                yield readable, number, seen


def is_fully_visible(tx: Transaction, change_set: str) -> bool:
    """Whether a write stands only in logs that the transaction's viewer may read."""
    if tx.visible is None:
        return True
    scopes = {row["id"] for row in queries.rows(tx, "scopes_of_set", set_id=change_set)}
    return scopes <= tx.visible | {""}


class _Sight:
    """Looks up, once each, whether the nodes that entries name may be seen."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._known: dict[NodeKind, dict[str, bool]] = defaultdict(dict)
        self._fully_visible: dict[str, bool] = {}
        self._arrivals: dict[str, str] = {}

    def is_fully_visible(self, note: Mapping[str, Any]) -> bool:
        """Whether all of the write that a note is of may be read."""
        set_id = note["set_id"]
        if set_id not in self._fully_visible:
            self._fully_visible[set_id] = is_fully_visible(self._tx, set_id)
        return self._fully_visible[set_id]

    def of(self, entry: Entry, at: str) -> Entry | None:
        """An entry of this instant as it may be read; None if it may not."""
        if self._tx.visible is None:
            return entry
        kind = kind_of(entry.table)
        if isinstance(kind, EdgeKind):
            named = named_by(kind, entry.key)
            # That somebody has left is the customer's to know, wherever they are now.
            deciding = [end for end in named if end[0] is CUSTOMER] or named
            if not all(self._sees(other, id_) for other, id_ in deciding):
                return None
        elif not self._is_in_scope(kind, entry):
            return None
        before = entry.before
        customer = kind.customer if isinstance(kind, NodeKind) else None
        if before and customer and not self._had_come(customer, entry, at):
            before = dict.fromkeys(before)  # it came from where the viewer does not see
        return entry._replace(
            before=self._masked(kind, before), after=self._masked(kind, entry.after)
        )

    def _is_in_scope(self, kind: NodeKind, entry: Entry) -> bool:
        """Of what has a log of its customer the log decides; a fact follows what it names."""
        reference = scope_reference(kind)
        if reference is None or kind.customer is not None:
            return True
        row = {**(entry.before or {}), **(entry.after or {})}
        named = {column: row[column] for column in kind.refs if row.get(column) is not None}
        return reference.column in named and all(
            self._sees(kind_with_label(kind.refs[column]), id_) for column, id_ in named.items()
        )

    def _had_come(self, customer: Reference, entry: Entry, at: str) -> bool:
        """Whether a node belonged to what the viewer may see before it was changed."""
        id_ = (entry.before or {}).get(customer.column)
        if id_ is not None and not self._sees(CUSTOMER, id_):
            return False
        return not customer.rows or self._arrival(edge_kind(customer.rows), entry.key[0]) < at

    def _arrival(self, kind: EdgeKind, id_: str) -> str:
        """When somebody first came to a customer that the viewer sees; "" if from nowhere else."""
        if id_ not in self._arrivals:
            person = stored_nodes(kind.ends[0], [id_], self._tx).get(id_)
            employers = set(person.employments) if person else set()
            seen = visible_nodes(self._tx, CUSTOMER, employers)
            jobs = stored_edges(
                kind, [(id_, customer_id) for customer_id in sorted(seen)], self._tx
            ).values()
            first = min((str(job.get("created_at") or "") for job in jobs), default="")
            self._arrivals[id_] = first if employers > seen else ""
        return self._arrivals[id_]

    def _masked(self, kind: NodeKind | EdgeKind, row: Values | None) -> Values | None:
        if row is None:
            return None
        masked = {
            name: value if name not in kind.refs or self._sees_column(kind, name, row) else None
            for name, value in row.items()
        }
        if (into := row.get("merged_into")) and isinstance(kind, NodeKind):
            masked["merged_into"] = into if self._sees(kind, into) else None
        return masked

    def _sees_column(self, kind: NodeKind | EdgeKind, column: str, row: Values) -> bool:
        id_ = row.get(column)
        return id_ is None or self._sees(kind_with_label(kind.refs[column]), id_)

    def _sees(self, kind: NodeKind, id_: str) -> bool:
        """Whether a node may be seen, or stood in a log that may be read when it was removed."""
        if not is_scoped(kind):
            return True
        known = self._known[kind]
        if id_ not in known:
            gone = {"id": f"{kind.plural}/{id_}"}
            known[id_] = bool(visible_nodes(self._tx, kind, [id_])) or (
                not queries.rows(self._tx, f"stored_{kind.plural}", ids=[id_])
                and queries.row(self._tx, "deletion", **gone) is not None
            )
        return known[id_]
