"""Databases of a test's own: a small local one, and either kind without any migration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from relgraph.database import Database, open_database
from relgraph.settings import Settings, load_settings
from tests.database.machine import HEAP_MB, drop_all, login_of, opened, put, servers_under
from tests.support.databases import KINDS


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Where a local database may be made; whatever server is left there ends with the test."""
    yield tmp_path / "db"
    for server in servers_under(tmp_path):
        with suppress(psutil.Error):
            server.kill()


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    """An open local database that a test may kill."""
    with opened(path) as db:
        yield db


@pytest.fixture(scope="module")
def closed_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A local database with some customers after a clean stop. Copy it, do not open it."""
    path = tmp_path_factory.mktemp("closed") / "db"
    with opened(path) as db:
        db.migrate()
        for number in range(20):
            put(db, f"c{number:02}")
    return path


@pytest.fixture(scope="module")
def bare_neo4j(neo4j_lts_server: Database) -> Iterator[Database]:
    """The Neo4j of all tests, which a module has for its own; then it is as before."""
    yield neo4j_lts_server
    drop_all(neo4j_lts_server)
    neo4j_lts_server.migrate()


@pytest.fixture(params=KINDS)
def new(request: pytest.FixtureRequest, path: Path) -> Iterator[tuple[Database, Settings]]:
    """A database without any migration, and how to open it once more."""
    if request.param == "local":
        settings = load_settings(database_url=f"local:{path}", database_heap_mb=HEAP_MB)
        with open_database(settings) as db:
            yield db, settings
        return
    shared: Database = request.getfixturevalue("bare_neo4j")
    url, user, password = login_of(shared)
    drop_all(shared)
    yield (
        shared,
        load_settings(database_url=url, database_user=user, database_password=password),
    )
