"""Constraints and indexes: made once, by any number of processes, never by an older relgraph."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from relgraph.database import Database, migrate
from relgraph.errors import ConstraintViolated, DatabaseIncompatible
from relgraph.settings import Settings
from tests.database.machine import ids, put

pytestmark = pytest.mark.schema

PROGRAM = """
import sys
from relgraph.database import open_database
from relgraph.settings import load_settings
with open_database(load_settings()) as db:
    print("open", flush=True)
    sys.stdin.readline()
    print(len(db.migrate()), flush=True)
"""


def test_every_migration_is_done_once(new: tuple[Database, Settings]) -> None:
    db, _ = new
    assert db.missing_migrations() == list(migrate.known())
    assert db.migrate() == list(migrate.known())
    assert db.missing_migrations() == []
    assert db.migrate() == []
    put(db, "a")
    with pytest.raises(ConstraintViolated):
        db.write(lambda tx: tx.rows("CREATE (:Customer {id: 'a'})", {}))


def test_a_migration_that_was_cut_off_is_done_again(new: tuple[Database, Settings]) -> None:
    db, _ = new
    first = next(iter(migrate.known()))
    for statement in migrate.known()[first][:3]:
        db.alone(statement)
    assert db.migrate() == list(migrate.known())


def test_two_processes_at_once(new: tuple[Database, Settings]) -> None:
    db, settings = new
    environment = {
        **os.environ,
        "RELGRAPH_DATABASE_URL": settings.database_url,
        "RELGRAPH_DATABASE_USER": settings.database_user,
    }
    if password := settings.database_password.get_secret_value():
        environment["RELGRAPH_DATABASE_PASSWORD"] = password
    both = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    done = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(int(number) for number in done) >= len(migrate.known())
    assert db.migrate() == []
    assert migrate.applied(db) == set(migrate.known())


def test_a_database_of_a_newer_relgraph_is_refused(new: tuple[Database, Settings]) -> None:
    db, _ = new
    db.migrate()
    put(db, "a")
    db.write(lambda tx: tx.rows("CREATE (:Migration {id: '9999_from_the_future'})", {}))
    with pytest.raises(DatabaseIncompatible) as refused:
        db.migrate()
    assert "9999_from_the_future" in str(refused.value)
    assert "Upgrade relgraph" in str(refused.value)
    assert ids(db) == ["a"]


def test_every_file_of_the_folder_is_known() -> None:
    folder = Path(migrate.__file__).parent / "migrations"
    names = {file.stem for file in folder.glob("*.cypher")}
    numbered = [name for name in migrate.known() if name[:4].isdigit()]
    assert names == {*numbered, "applied", "record", "kind"}
    assert list(migrate.known())[: len(numbered)] == sorted(numbered)
    assert all(statements for statements in migrate.known().values())
