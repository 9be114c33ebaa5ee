"""The edges of a node that were written since some time, and those that were removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from relgraph.database import Database, Transaction
from relgraph.records.log.history import last_changes, named_key, subject_of
from relgraph.records.reads.directory import EDGE_LISTS, Page, edges_of, table_of
from relgraph.records.rows import Key
from relgraph.schema.tables import Table


def changed_edges(db: Database, edge_list: str, id: str, since: datetime) -> Page:  # noqa: A002
    """Edges of a list of EDGE_LISTS; `deleted` has key and `deleted_at` of those that are gone.

    What became of them stands in the change log: employments and lines to a manager change with
    the person and keep no time of their own. Raises NotFound for an unknown node.
    """
    kind, _ = EDGE_LISTS[edge_list]
    table = table_of(edge_list)
    subject = subject_of(f"{kind}s", (id,))

    def work(tx: Transaction) -> dict[Key, tuple[str, str]]:
        return dict(last_changes(tx, subject, table, since))

    changes = db.read(work)
    items = {_key(table, kind, id, one): one for one in edges_of(db, edge_list, id)}
    gone = [
        {"key": named_key(table, key), "deleted_at": at}
        for key, (action, at) in changes.items()
        if action == "delete" and key not in items
    ]
    return Page([one for key, one in items.items() if key in changes], None, gone)


def _key(table: Table, kind: str, id_: str, edge: Mapping[str, Any]) -> Key:
    """The edge's key; the list of a node need not name the node itself."""
    model = table.model
    parts = model.ends + model.key  # type: ignore[union-attr]
    return tuple(
        edge.get(name) or (id_ if table.refs.get(name, "").lower() == kind else "")
        for name in parts
    )
