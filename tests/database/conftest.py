"""A small local database of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from relgraph.database import Database
from tests.database.machine import opened, put, servers_under


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
