"""Every way to write a node or an edge: the routes of the service, and what a batch accepts."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter

from relgraph.api.edges import edge_routes
from relgraph.api.external_ids import external_id_routes
from relgraph.api.managers import manager_routes
from relgraph.api.merges import merge_route
from relgraph.api.nodes import node_routes
from relgraph.api.write_routes import WriteRoute
from relgraph.schema.kinds import EDGE_KINDS, NAMED_KINDS


def _routes() -> Iterator[WriteRoute]:
    # Longer paths first: `{id}` would match their beginnings.
    yield from external_id_routes(NAMED_KINDS)
    for node in NAMED_KINDS:
        yield from node_routes(node)
    yield from manager_routes()
    yield merge_route()
    for edge in EDGE_KINDS:
        yield from edge_routes(edge)


WRITE_ROUTES: tuple[WriteRoute, ...] = tuple(_routes())

router = APIRouter(prefix="/api/v1", tags=["records"])
for _route in WRITE_ROUTES:
    _route.add_to(router)
