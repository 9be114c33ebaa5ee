"""Who may have an e-mail address: looked up in the search index, so that it stays fast."""

from __future__ import annotations

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.search.entering import read_key
from relgraph.records.search.index import is_due
from relgraph.records.search.keys import email_key
from relgraph.schema.kind import NodeKind

MOST = 1_000
"""Nodes of one address that are looked at; no address has so many."""


def ids_with_email(tx: Transaction, kind: NodeKind, email: str) -> set[str] | None:
    """Ids of all nodes with this address, in any case, and of some that are spelt alike.

    None where the index cannot say: a large write is not indexed yet, or the address is longer
    than a key, or has no letter.
    """
    text = email_key(email)
    if text is None or is_due(tx):
        return None
    # A name that is spelt alike has taken the address's place.
    start = f"{kind.search_letter}{text}\t"
    rows = queries.rows(tx, "search_keys_from", start=start, limit=MOST)
    return {read_key(row["id"]).node_id for row in rows} if len(rows) < MOST else None
