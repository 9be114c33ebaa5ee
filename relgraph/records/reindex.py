"""Completes what an older relgraph has left out: ids of other systems, the search index."""

from __future__ import annotations

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.progress import Progress, no_progress
from relgraph.records.reads.stored import stored_nodes
from relgraph.records.search.index import ids_of, reindex
from relgraph.records.writes.external_ids import COLUMN, named_by, owners
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import SEARCHED_KINDS


def rebuild(access: Access, progress: Progress = no_progress) -> int:
    """Bring both up to what is stored; how many nodes are searched.

    May be run beside others, and again.
    `progress` is called while the index is compared.
    """
    for kind in SEARCHED_KINDS:
        for ids in batches(list(ids_of(access, kind))):
            access.write(lambda tx, kind=kind, ids=ids: _name_again(tx, kind, ids))  # type: ignore[misc]
    return reindex(access, progress)


def _name_again(tx: Transaction, kind: NodeKind, ids: list[str]) -> None:
    """Add missing `ExternalId` nodes for the nodes' maps; of two nodes the first has the id."""
    names: dict[str, str] = {}
    for id_, node in stored_nodes(kind, ids, tx).items():
        for name in named_by(kind, node.props.get(COLUMN)):
            names.setdefault(name, id_)
    known = owners(tx, names)
    missing = [{"id": name, "node_id": id_} for name, id_ in names.items() if name not in known]
    for batch in batches(missing):
        queries.run(tx, "create_external_ids", rows=batch)
