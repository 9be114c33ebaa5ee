"""The service with the demo records, for tests of API and pages."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from relgraph.api.app import create_app
from relgraph.api.connections import server_config
from relgraph.database import Database, open_database
from relgraph.records.imports.load import import_records
from relgraph.settings import load_settings
from tests.support.access import access_to

SEEDS = Path(__file__).parents[2] / "seeds"
CASES = Path(__file__).parents[1] / "cases"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo_db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A local database with the demo records. Tests only read it."""
    path = tmp_path_factory.mktemp("demo") / "db"
    with open_database(load_settings(database_url=f"local:{path}", database_heap_mb=512)) as db:
        db.migrate()
        import_records(access_to(db, NOW), SEEDS / "demo")
        yield db


def app_of(db: Database, **settings: object) -> FastAPI:
    """The service on a database, at a fixed time."""
    return create_app(load_settings(**settings), database=db, clock=lambda: NOW)


@pytest.fixture(scope="session")
def client(demo_db: Database) -> Iterator[TestClient]:
    """A client of the service; errors of the service are answers, not exceptions."""
    with client_of(app_of(demo_db)) as client:
        yield client


def client_of(app: FastAPI) -> TestClient:
    """A client of a service, with its answer where the service fails."""
    return TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)


@contextmanager
def serving(app: FastAPI, **more: Any) -> Iterator[str]:
    """The service on a free port, behind its own connections; its address.

    `more` are settings of `server_config`.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        settings = {"log_level": "error", "timeout_graceful_shutdown": 1, **more}
        config = server_config(app, app.state.settings, **settings)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline, "the service did not start"
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture(scope="session")
def site(demo_db: Database) -> Iterator[str]:
    """Address of the service with the demo records."""
    with serving(app_of(demo_db)) as address:
        yield address


class Ticking:
    """A clock that goes on by a second each time it is read."""

    def __init__(self) -> None:
        self._now = NOW

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def api_of(
    db: Database, *, clock: Callable[[], datetime] | None = None, **settings: object
) -> TestClient:
    """A client of the service on a database that tests write to."""
    settings = {"actor": "ann"} | settings
    app = create_app(load_settings(**settings), database=db, clock=clock or Ticking())
    return TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=True)


@pytest.fixture
def api(database: Database) -> Iterator[TestClient]:
    """The service on an empty database of each kind."""
    with api_of(database) as client:
        yield client
