"""A running local database that is killed again and again, and what kills it."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from relgraph.database import Database
from tests.database.machine import eventually, opened, server_of, servers_under, works

PATIENCE_S = 40.0
"""A restart takes one to two seconds; a machine under load may need more."""


class Crashing:
    """A database whose server is killed at random moments; its supervisor starts it again."""

    def __init__(self, db: Database, path: Path, seed: int) -> None:
        self.db, self.path = db, path
        self.random = random.Random(seed)
        self.kills = 0

    def kill_within(self, seconds: float) -> None:
        """Kill -9 at a random moment of the next so many seconds.

        Writes that were acknowledged before the last kill may have brought us here at once: then
        its successor is still starting.
        """
        self.is_back()
        threading.Event().wait(self.random.uniform(0, seconds))
        server = server_of(self.path)
        server.kill()
        server.wait(10)
        self.kills += 1

    def is_back(self) -> None:
        """Wait until requests succeed again."""
        eventually(lambda: works(self.db), PATIENCE_S)


@pytest.fixture
def crashing(tmp_path: Path) -> Iterator[Callable[[int], Crashing]]:
    """Opens such a database; the seed is printed if the test fails, and nothing outlives it."""
    path = tmp_path / "db"
    with opened(path) as db:
        db.migrate()

        def begin(seed: int) -> Crashing:
            sys.stderr.write(f"seed {seed}\n")  # shown with a failure
            return Crashing(db, path, seed)

        yield begin
    left = servers_under(path)
    for server in left:
        server.kill()
    assert left == []
