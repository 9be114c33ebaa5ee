"""Databases for the tests: the local one and real Neo4j servers, one of each a test process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from relgraph.database import Database, open_database
from relgraph.settings import load_settings
from tests.support import neo4j_server

EMPTY_SOME = (
    "MATCH (n) WHERE NOT n:Migration WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS n"
)


def empty(db: Database) -> Database:
    """Remove everything but the migrations."""
    while db.write(lambda tx: tx.rows(EMPTY_SOME, {}))[0]["n"]:
        pass
    return db


@contextmanager
def kept_open(url: str) -> Iterator[None]:
    """The server of a local database runs on between the commands of a test."""
    with open_database(load_settings(database_url=url, database_heap_mb=512)):
        yield


@pytest.fixture(scope="session")
def local_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A local database that lives as long as the test process."""
    path = tmp_path_factory.mktemp("local") / "db"
    with open_database(load_settings(database_url=f"local:{path}", database_heap_mb=768)) as db:
        db.migrate()
        yield db


@pytest.fixture
def local_db(local_server: Database) -> Database:
    """An empty local database."""
    return empty(local_server)


RUNNING_NEO4J = "RELGRAPH_TEST_NEO4J"
"""The variable by which tests that are run by a test use its Neo4j: address, user, password."""

NEO4J_ENVIRONMENT: dict[str, str] = {}
"""Where a process of its own finds the Neo4j 5.26 of this test process."""


@contextmanager
def _neo4j(home: Path, version: str) -> Iterator[Database]:
    lacking = neo4j_server.missing(version)
    if lacking:
        pytest.skip(f"Neo4j {version}: {lacking}")
    with neo4j_server.running(home, version) as server:
        if version == neo4j_server.LTS:
            NEO4J_ENVIRONMENT.update(
                RELGRAPH_DATABASE_URL=server.url,
                RELGRAPH_DATABASE_USER=server.user,
                RELGRAPH_DATABASE_PASSWORD=server.password,
            )
        settings = load_settings(
            database_url=server.url,
            database_user=server.user,
            database_password=server.password,
        )
        with open_database(settings) as db:
            db.migrate()
            yield db


@pytest.fixture(scope="session")
def neo4j_lts_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A real Neo4j 5.26 that lives as long as the test process."""
    if RUNNING_NEO4J in os.environ:
        url, user, password = os.environ[RUNNING_NEO4J].split()
        settings = load_settings(database_url=url, database_user=user, database_password=password)
        with open_database(settings) as db:
            db.migrate()
            yield db
        return
    with _neo4j(tmp_path_factory.mktemp("neo4j"), neo4j_server.LTS) as db:
        yield db


@pytest.fixture
def neo4j_db(neo4j_lts_server: Database) -> Database:
    """An empty Neo4j 5.26."""
    return empty(neo4j_lts_server)


@pytest.fixture(scope="session")
def neo4j_newest_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A real Neo4j 2026 that lives as long as the test process, where there is a Java for it."""
    with _neo4j(tmp_path_factory.mktemp("newest"), neo4j_server.NEWEST) as db:
        yield db


@pytest.fixture
def neo4j_newest_db(neo4j_newest_server: Database) -> Database:
    """An empty Neo4j 2026."""
    return empty(neo4j_newest_server)


@pytest.fixture
def environment(request: pytest.FixtureRequest, database: Database) -> dict[str, str]:
    """The environment in which relgraph's commands use the empty database of the test."""
    if database is request.getfixturevalue("local_server"):
        return {"RELGRAPH_DATABASE_URL": f"local:{database.check().address.removeprefix('local:')}"}
    return dict(NEO4J_ENVIRONMENT)


KINDS = [
    "local",
    pytest.param("neo4j", marks=[pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]),
]
"""The kinds of database, as parameters of a fixture."""


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind in turn."""
    return emptied(request)


def emptied(request: pytest.FixtureRequest) -> Database:
    """The empty database of the kind that a fixture has as its parameter.

    A fixture of a module fills it once for tests that only read; then no test of that module may
    ask for an empty one.
    """
    name = "local_server" if request.param == "local" else "neo4j_lts_server"
    return empty(request.getfixturevalue(name))
