"""What the scenario reads: everything, what a viewer may see, what is new since a mark."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from relgraph import queries
from relgraph.database import Database, Transaction
from relgraph.errors import NotFound
from relgraph.records.activities.counts import counts_of, known_by
from relgraph.records.lists.changes import changed_nodes
from relgraph.records.lists.nodes import list_nodes
from relgraph.records.log.commit_order import START, Mark, place_notes
from relgraph.records.log.committed import look
from relgraph.records.log.history import changes, changes_from, subject_of
from relgraph.records.reads import directory
from relgraph.records.reads.account import read_account, read_account_of_deal
from relgraph.records.reads.overview import (
    CustomerFilters,
    customer_filter_values_in,
    customers_overview,
    open_deals_in,
)
from relgraph.records.reads.snapshots import read_customer_list, read_overview, read_person
from relgraph.records.reads.states import states
from relgraph.records.search.index import reindex
from relgraph.records.search.search import search
from relgraph.records.upgrade import prepare
from relgraph.records.visibility import visible_nodes
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import (
    EDGE_KINDS,
    NAMED_KINDS,
    SCOPED_KINDS,
    is_scoped,
    node_kind,
)
from tests.contract.lists import read_lists, read_lists_of_some
from tests.contract.times import TODAY
from tests.support.access import access_to


def read_everything(db: Database) -> None:
    for customer in ("northwind", "huading", "osterhaven"):
        read_account(access_to(db, TODAY), customer)
    read_account_of_deal(access_to(db, TODAY), "dc-renewal")
    read_lists(access_to(db, TODAY))
    place_notes(access_to(db, TODAY))  # else more wait than a look counts, in no order
    look(access_to(db, TODAY))
    ids = {
        "customers": "huading",
        "departments": "hd-it",
        "stakeholders": "wang",
        "deals": "dc-renewal",
        "teams": "sales",
        "members": "bob",
    }
    for plural, id_ in ids.items():
        directory.get_node(access_to(db), node_kind(plural), id_)
    db.read(lambda tx: queries.rows(tx, "names_of_customers"))
    for edge in EDGE_KINDS:
        directory.edges_of(access_to(db), edge, ids[edge.owner.plural])
    customers_overview(access_to(db, TODAY), CustomerFilters(), limit=3)
    customers_overview(access_to(db, TODAY), CustomerFilters(q="port", kind="prospect"))
    read_overview(access_to(db, TODAY), limit=12)
    read_customer_list(access_to(db, TODAY), CustomerFilters(), skip=0, limit=3)
    read_person(access_to(db, TODAY), "wang")
    for q in ("wang", "王", "数据", "port", "finance", "ann", "sales", "platform", "wagn"):
        search(access_to(db, TODAY), q)
        search(access_to(db, TODAY), f"{q} li", customer_id="huading")
    reindex(access_to(db))


def read_some(db: Database) -> None:
    """What a viewer of two customers sees, by ids that they may see and by others."""
    access = access_to(db, TODAY, customers=frozenset({"huading", "northwind"}))
    for customer in ("northwind", "osterhaven"):
        with suppress(NotFound):
            read_account(access, customer)
    for kind in NAMED_KINDS:
        everything = list_nodes(access_to(db), kind, limit=200).items
        seen = list_nodes(access, kind, limit=200).items
        assert len(seen) < len(everything) or not is_scoped(kind)
        for node in everything[:20]:
            with suppress(NotFound):
                directory.get_node(access, kind, node["id"])
    read_lists_of_some(access)
    for kind in SCOPED_KINDS:
        ids = sorted(row["id"] for row in db.read(lambda tx, kind=kind: _all_of(tx, kind)))  # type: ignore[misc]
        access.read(lambda tx, kind=kind, ids=ids: visible_nodes(tx, kind, ids))  # type: ignore[misc]
    for edge in EDGE_KINDS:
        for owner in list_nodes(access, edge.owner, limit=30).items:
            for row in directory.edges_of(access, edge, owner["id"]):
                key = tuple(row.get(name) or owner["id"] for name in edge.end_columns)
                key += tuple(row.get(name) or "" for name in edge.key)
                access.read(lambda tx, edge=edge, key=key: states(tx, [(edge, key)]))  # type: ignore[misc]
    customers_overview(access, CustomerFilters(), limit=3)
    access.read(customer_filter_values_in)
    access.read(lambda tx: open_deals_in(tx, limit=50))
    for q in ("wang", "王", "w", "port", "finance", "ann", "wagn"):
        search(access, q)
        search(access, f"{q} li", customer_id="huading")
    changes(access, limit=500)
    known_by(access, "wang")
    counts_of(access, "member", "ann")


def _all_of(tx: Transaction, kind: NodeKind) -> list[dict[str, Any]]:
    return tx.rows(f"MATCH (n:{kind.label}) RETURN n.id AS id", {})


def read_on(db: Database) -> None:
    """Read in the order of commits, and go on from there; all of it after an upgrade, too."""
    for subject in (None, subject_of("stakeholders", ("wang",))):
        page = changes_from(access_to(db), Mark.read(START), subject=subject, limit=20)
        changes_from(access_to(db), Mark.read(page.resume or ""), customer_id="huading", limit=500)
    for mark in (START, page.resume or ""):
        changed_nodes(access_to(db), node_kind("deals"), Mark.read(mark), q=None, limit=5)
    text = """
    MATCH (c:Change)
    WITH c ORDER BY c.id LIMIT 3
    REMOVE c.place, c.unplaced
    MERGE (:UpgradeDue {id: 'records'})
    """
    db.write(lambda tx: tx.rows(text, {}))
    prepare(access_to(db))
