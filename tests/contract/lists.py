"""Every list of nodes and of edges, narrowed in every way and in every order."""

from __future__ import annotations

from typing import get_args

from relgraph.records.access import Access
from relgraph.records.lists.changes import list_edges
from relgraph.records.lists.edges import EdgePlace, EdgeSelection
from relgraph.records.lists.nodes import Order, Place, SortBy, Theirs, list_nodes
from relgraph.schema.kinds import CUSTOMER, DEAL, EDGE_KINDS, NAMED_KINDS, STAKEHOLDER, deal_column


def read_lists(access: Access) -> None:
    """Reads them all as this viewer."""
    for kind in NAMED_KINDS:
        everything = list_nodes(access, kind, limit=3, total=True).items
        list_nodes(access, kind, q="an", order=Order(after=Place("", "a")), limit=100)
        ids = [node["id"] for node in everything]
        list_nodes(access, kind, ids=ids, total=True)
        list_nodes(access, kind, theirs=Theirs("crm", ["1", "2"]))
        for by in get_args(SortBy):
            for down in (False, True):
                first = list_nodes(access, kind, limit=2, order=Order(by, down))
                list_nodes(access, kind, limit=2, order=Order(by, down, first.next))
        list_nodes(access, kind, ids=ids, order=Order("name"))
        if "customer_id" in kind.filters:
            order = Order("name", down=True)
            list_nodes(access, kind, customer_id="huading", order=order, total=True)
        for name in kind.filters:
            for node in everything:
                list_nodes(access, kind, **{name: node[name]})
    list_nodes(access, CUSTOMER, kind="prospect", region="Europe")
    list_nodes(access, DEAL, open=True, stage="proposal")
    list_nodes(access, STAKEHOLDER, placeholder=True)
    list_nodes(access, STAKEHOLDER, department_id="hd-it", email="wang@huading.example")
    for edge in EDGE_KINDS:
        selections = [EdgeSelection(), EdgeSelection("huading")]
        if deal_column(edge):
            selections.append(EdgeSelection(deal_id="dc-renewal"))
        for selection in selections:
            list_edges(access, edge, selection, None, EdgePlace("li"), limit=5, total=True)
