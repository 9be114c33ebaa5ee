"""Every list of nodes and of edges, from each place that they come from.

Neo4j plans a query anew for each kind of value that a parameter has, so that each is asked once.
"""

from __future__ import annotations

from relgraph.records.access import Access
from relgraph.records.lists.changes import list_edges
from relgraph.records.lists.edges import EdgePlace, EdgeSelection
from relgraph.records.lists.nodes import Order, Place, Theirs, list_nodes
from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS, STAKEHOLDER, deal_column


def read_lists(access: Access) -> None:
    """Reads them all as a viewer who may see everything."""
    order = Order("name", down=True, after=Place("n", "n"))
    for kind in NAMED_KINDS:
        nodes = list_nodes(access, kind, limit=3, total=True).items
        ids = [node["id"] for node in nodes]
        list_nodes(access, kind, ids=ids, total=True)
        list_nodes(access, kind, order=order, limit=2)
        list_nodes(access, kind, ids=ids, order=order)
        if kind.customer:
            list_nodes(access, kind, customer_id="huading", limit=5, total=True)
            list_nodes(access, kind, customer_id="huading", order=order, limit=5)
        for reference in kind.references:
            if reference.column in kind.list_filters and reference is not kind.customer:
                list_nodes(access, kind, **{reference.column: "wang"})
    list_nodes(access, STAKEHOLDER, email="wang@huading.example")
    list_nodes(access, STAKEHOLDER, theirs=Theirs("crm", ["1", "2"]))
    for edge in EDGE_KINDS:
        for selection in (EdgeSelection(), EdgeSelection("huading")):
            list_edges(access, edge, selection, None, EdgePlace("li"), limit=5, total=True)
        if deal_column(edge):
            of_deal = EdgeSelection(deal_id="dc-renewal")
            list_edges(access, edge, of_deal, None, EdgePlace("li"), limit=5)


def read_lists_of_some(access: Access) -> None:
    """The same as one who may see some customers, each list once."""
    for kind in NAMED_KINDS:
        nodes = list_nodes(access, kind, limit=3).items
        list_nodes(access, kind, ids=[node["id"] for node in nodes])
    for edge in EDGE_KINDS:
        list_edges(access, edge, EdgeSelection(), None, EdgePlace("li"), limit=5)
