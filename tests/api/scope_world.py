"""The service as everybody sees it and as a viewer of two customers does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph.api.app import create_app
from relgraph.database import Database
from relgraph.records.access import Viewer
from relgraph.records.webhooks.events import make_deliveries
from relgraph.settings import load_settings
from tests.api.scope_data import SECRET, SEEN, UNSEEN, V1, fill
from tests.support.access import access_to
from tests.support.databases import KINDS, emptied
from tests.support.service import Ticking, api_of


@dataclass
class World:
    """The service as everybody sees it and as the viewer does, and what was written when."""

    db: Database
    everybody: TestClient
    viewer: TestClient
    sets: dict[str, str]
    hooks: dict[str, str]
    events: dict[str, str]

    def truth(self) -> list[Any]:
        """All nodes and edges with an end that may not be seen, as they are stored."""
        text = """MATCH (n) WHERE n.id STARTS WITH 'unseen' OR n.id = 'goer'
        OPTIONAL MATCH (n)-[r]-(m)
        RETURN n {.*} AS n, type(r) AS type, r {.*} AS r, m.id AS m
        ORDER BY n.id, type, m, r.scope, r.role, r.kind, r.version"""
        return self.db.read(lambda tx: tx.rows(text, {}))


@pytest.fixture(scope="module", params=KINDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world on each database in turn. Tests only read it, but for the last of the module."""
    database = emptied(request)
    with api_of(database) as everybody:
        hooks = {
            name: everybody.post(
                f"{V1}/webhooks",
                json={"url": f"https://{SECRET}.example/", "customer_id": customer},
            ).json()["id"]
            for name, customer in (("all", None), ("gamma", UNSEEN["customers"]), ("beta", "beta"))
        }
        clock = Ticking()
        app = create_app(load_settings(actor="ann"), database=database, clock=clock)
        app.state.viewer = Viewer("ann", SEEN)
        address = "http://127.0.0.1:8000"
        with TestClient(app, base_url=address, raise_server_exceptions=False) as viewer:
            own = viewer.post(f"{V1}/webhooks", json={"url": "https://own.example/"})
            hooks["own"] = own.json()["id"]
            sets = fill(everybody)
            while make_deliveries(access_to(database, clock())):
                pass
            events = {
                name: everybody.get(f"{V1}/webhooks/{hooks[name]}/deliveries").json()["items"][0][
                    "event_id"
                ]
                for name in hooks
            }
            yield World(database, everybody, viewer, sets, hooks, events)
