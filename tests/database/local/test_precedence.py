"""A long write beside quick ones of other processes: after it has lost once, they let it pass."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from relgraph.database import Transaction, retries
from relgraph.database.local import precedence
from relgraph.database.local.precedence import Precedence
from tests.database.machine import opened, put

WAIT_S = 30
NOTE = "MATCH (c:Customer {id: 'hub'}) SET c.log = coalesce(c.log, '') + $who"
LOG = "MATCH (c:Customer {id: 'hub'}) RETURN c.log AS log"


def test_a_long_write_passes_quick_ones(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "LONG_S", 0)
    with opened(path) as db, opened(path) as other:
        db.migrate()
        put(db, "hub")

        def quick(who: str) -> None:
            other.write(lambda tx: tx.rows(NOTE, {"who": who}))

        late = threading.Thread(target=quick, args=("late",))
        tries = []

        def long(tx: Transaction) -> None:
            tries.append(tx)
            tx.rows(NOTE, {"who": "long "})
            if len(tries) == 1:
                early = threading.Thread(target=quick, args=("early ",))
                early.start()
                early.join(WAIT_S)
                assert not early.is_alive(), "nobody has lost yet, so nobody waits"
            else:
                late.start()
                late.join(0.5)
                assert late.is_alive(), "it waits while the long write goes first"

        db.write(long)
        late.join(WAIT_S)
        assert len(tries) == 2
        assert db.read(lambda tx: tx.rows(LOG, {})) == [{"log": "early long late"}]
    assert not (path / "server/first.lock").exists()


def test_nobody_waits_for_a_writer_that_has_ended(tmp_path: Path) -> None:
    file = tmp_path / "first.lock"
    file.touch()  # as a crash leaves it
    Precedence(file).give_way()
    assert not file.exists()


def test_nobody_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "LONGEST_WAIT_S", 0.1)
    monkeypatch.setattr(precedence, "SETTLE_S", 0)
    mine, theirs = (Precedence(tmp_path / "first.lock") for _ in range(2))
    with mine.go_first():
        theirs.give_way()
        with theirs.go_first():
            pass
