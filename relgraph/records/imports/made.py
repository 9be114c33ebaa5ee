"""What an import knows of the nodes that it made, so that they need not be read to be indexed."""

from __future__ import annotations

from relgraph.records.rows import Records
from relgraph.records.search.entering import Node, Source, source
from relgraph.records.writes.plan import Plan
from relgraph.schema.kinds import SEARCHED_KINDS


def sources_of(records: Records, plan: Plan) -> dict[Node, Source]:
    """What new nodes are found by, as far as their rows alone say at which customers they are."""
    new = {
        (entry.table, entry.key[0])
        for step in plan.steps
        for entry in step.entries
        if entry.action == "create"
    }
    known: dict[Node, Source] = {}
    for kind in SEARCHED_KINDS:
        # Where a row of its own says to whom a node belongs, several may.
        edges = records.tables.get(kind.customer.rows, {}) if kind.customer else {}
        joined = {key[0] for key in edges}
        for (id_,), row in records.tables.get(kind.plural, {}).items():
            if (kind.plural, id_) in new and id_ not in joined:
                customer = row.values.get("customer_id") if kind.customer else None
                at = () if customer is None else (customer,)
                known[kind.plural, id_] = source(kind, id_, row.values, at)
    return known
