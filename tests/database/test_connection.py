"""Transactions of both databases: all or nothing, tried again where that is safe."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from neo4j import exceptions as driver_errors

from relgraph.database import Database, Transaction, open_database, retries
from relgraph.errors import (
    ConstraintViolated,
    DatabaseBusy,
    DatabaseLoginRefused,
    DatabaseUnavailable,
    QueryFailed,
    QueryTimedOut,
    TransactionTooLarge,
)
from relgraph.settings import load_settings
from tests.database.machine import IDS, ids, login_of, put

LONG = "UNWIND range(1, 9000) AS a UNWIND range(1, 9000) AS b UNWIND range(1, 9000) AS c RETURN "


def is_local(db: Database) -> bool:
    return db.check().local


def together(count: int, work: Callable[[int], None]) -> None:
    """Run the work in so many threads at once; the first error of them is raised."""
    barrier, errors = threading.Barrier(count), []

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except Exception as error:  # handed on below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


class Flaky:
    """Work that fails with an error a number of times before it succeeds."""

    def __init__(self, error: Exception, times: int = 1) -> None:
        self.error, self.left, self.calls = error, times, 0

    def __call__(self, tx: Transaction) -> str:
        self.calls += 1
        tx.rows("MERGE (c:Customer {id: $id})", {"id": f"try {self.calls}"})
        if self.left:
            self.left -= 1
            raise self.error
        return "done"


def server_error(code: str, message: str = "as the server puts it") -> driver_errors.Neo4jError:
    return driver_errors.Neo4jError._hydrate_neo4j(code=code, message=message)


def test_rows_are_plain_values(database: Database) -> None:
    text = "UNWIND $rows AS row RETURN row.a AS a, [1, 2.5, 'x'] AS list, {k: null} AS map"
    rows = database.read(lambda tx: tx.rows(text, {"rows": [{"a": "客户"}, {"a": True}]}))
    assert rows == [
        {"a": "客户", "list": [1, 2.5, "x"], "map": {"k": None}},
        {"a": True, "list": [1, 2.5, "x"], "map": {"k": None}},
    ]
    assert type(rows) is list
    assert type(rows[0]) is dict


def test_a_transaction_of_several_statements_is_written_whole(database: Database) -> None:
    def work(tx: Transaction) -> int:
        for id_ in ("a", "b"):
            tx.rows("CREATE (:Customer {id: $id})", {"id": id_})
        return len(tx.rows(IDS, {}))

    assert database.write(work) == 2
    assert ids(database) == ["a", "b"]


def test_work_that_raises_writes_nothing(database: Database) -> None:
    def work(tx: Transaction) -> None:
        tx.rows("CREATE (:Customer {id: 'a'})", {})
        raise KeyError("of the caller's own")

    with pytest.raises(KeyError):
        database.write(work)
    assert ids(database) == []


def test_a_transaction_knows_whether_it_may_write(database: Database) -> None:
    assert database.write(lambda tx: tx.writable) is True
    assert database.read(lambda tx: tx.writable) is False


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_neo4j_refuses_to_write_in_a_read_transaction(neo4j_db: Database) -> None:
    with pytest.raises(QueryFailed):
        neo4j_db.read(lambda tx: tx.rows("CREATE (:Customer {id: 'a'})", {}))
    assert ids(neo4j_db) == []


def test_a_process_reads_what_it_has_written(database: Database) -> None:
    for number in range(30):
        put(database, f"c{number:02}")
        assert len(ids(database)) == number + 1


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_bookmarks_show_the_writes_of_another_process(neo4j_db: Database) -> None:
    url, user, password = login_of(neo4j_db)
    settings = load_settings(database_url=url, database_user=user, database_password=password)
    with open_database(settings) as other:
        for number in range(10):
            put(neo4j_db, str(number))
            marks = neo4j_db.last_bookmarks()
            assert marks
            rows = other.read(lambda tx: tx.rows(IDS, {}), bookmarks=marks)
            assert len(rows) == number + 1
        other.write(lambda tx: tx.rows("CREATE (:Customer {id: 'x'})", {}), bookmarks=marks)
        assert set(other.last_bookmarks()) != set(marks)
        assert "x" in ids(other)


def test_a_taken_value_is_a_violated_constraint(database: Database) -> None:
    put(database, "a")
    with pytest.raises(ConstraintViolated, match="unique"):
        database.write(lambda tx: tx.rows("CREATE (:Customer {id: 'a'})", {}))
    assert ids(database) == ["a"]


def test_a_statement_that_cannot_be_understood(database: Database) -> None:
    with pytest.raises(QueryFailed, match="refused a statement"):
        database.read(lambda tx: tx.rows("MATCH (c RETURN c", {}))


def test_writers_that_merge_the_same_new_ids_all_succeed(database: Database) -> None:
    def work(number: int) -> None:
        for id_ in range(15):
            put(database, f"c{id_:02}")

    together(6, work)
    assert ids(database) == [f"c{number:02}" for number in range(15)]


def test_no_increment_of_several_writers_is_lost(database: Database) -> None:
    put(database, "a")
    text = "MATCH (c:Customer {id: 'a'}) SET c.version = coalesce(c.version, 0) + 1"

    def work(number: int) -> None:
        for _ in range(20):
            database.write(lambda tx: tx.rows(text, {}))

    together(4, work)
    rows = database.read(lambda tx: tx.rows("MATCH (c:Customer) RETURN c.version AS n", {}))
    assert rows == [{"n": 80}]


@pytest.mark.parametrize("result", ["1", "count(*)"], ids=["rows without end", "no row"])
def test_a_slow_query_is_cut_off(database: Database, result: str) -> None:
    start = time.monotonic()
    with pytest.raises(QueryTimedOut, match="RELGRAPH_QUERY_TIMEOUT_S"):
        database.read(lambda tx: tx.rows(LONG + result, {}), timeout_s=0.5)
    assert time.monotonic() - start < 10
    put(database, "and goes on")


def test_an_error_that_passes_is_tried_again(database: Database) -> None:
    work = Flaky(server_error("Neo.TransientError.Transaction.DeadlockDetected"), times=2)
    assert database.write(work) == "done"
    assert work.calls == 3
    assert ids(database) == ["try 3"]


def test_too_many_wrong_passwords(local_db: Database) -> None:
    work = Flaky(server_error("Neo.ClientError.Security.AuthenticationRateLimit"))
    with pytest.raises(DatabaseLoginRefused, match="for some seconds"):
        local_db.write(work)


def test_tries_come_to_an_end(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "RETRY_TIME_S", 0.5)
    work = Flaky(server_error("Neo.TransientError.Transaction.DeadlockDetected"), times=10**6)
    start = time.monotonic()
    with pytest.raises(DatabaseBusy, match="Others kept writing the same records"):
        database.write(work)
    assert time.monotonic() - start < 5
    assert work.calls > 2
    assert ids(database) == []


def test_a_transaction_that_took_long_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is the time since it failed, not since it began."""
    monkeypatch.setattr(retries, "RETRY_TIME_S", 0.3)
    failing = Flaky(server_error("Neo.TransientError.General.TransientFailure"))

    def work(tx: Transaction) -> str:
        if failing.left:
            threading.Event().wait(0.4)
        return failing(tx)

    assert database.write(work) == "done"
    assert failing.calls == 2


def test_a_collision_is_tried_again_however_long_the_tries_take(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "RETRY_TIME_S", 0)
    collision = server_error("Neo.TransientError.Transaction.DeadlockDetected")
    assert database.write(Flaky(collision, times=retries.COLLISIONS)) == "done"
    with pytest.raises(DatabaseBusy):
        database.write(Flaky(collision, times=retries.COLLISIONS + 1))


def test_a_database_that_is_away_is_not_waited_for_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A try that never reached it counts from its beginning."""
    now = [100.0]
    monkeypatch.setattr(retries.time, "monotonic", lambda: now[0])
    tries = retries.Tries(writable=True, local=False)
    lost = driver_errors.ServiceUnavailable("nobody answers")
    pauses = []
    for _ in range(2):
        tries.begin()
        now[0] += 3
        pauses.append(tries.pause_after(lost))
    assert pauses[0] is not None
    assert pauses[1] is None


@pytest.mark.parametrize(
    "code",
    [
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
        "Neo.TransientError.General.OutOfMemoryError",
    ],
)
def test_a_lack_of_memory_is_not_tried_again(database: Database, code: str) -> None:
    work = Flaky(server_error(code))
    with pytest.raises(TransactionTooLarge, match="RELGRAPH_DATABASE_HEAP_MB"):
        database.write(work)
    assert work.calls == 1
    assert ids(database) == []


def test_a_lost_connection(database: Database) -> None:
    """A cluster has other members; a local server is restarted first, and nobody waits for it."""
    work = Flaky(driver_errors.SessionExpired("the connection is gone"))
    if is_local(database):
        with pytest.raises(DatabaseUnavailable):
            database.write(work)
        assert work.calls == 1
    else:
        assert database.write(work) == "done"
        assert work.calls == 2


def test_a_commit_without_an_answer_is_not_tried_again(database: Database) -> None:
    work = Flaky(driver_errors.IncompleteCommit("the connection is gone"))
    with pytest.raises(DatabaseUnavailable) as lost:
        database.write(work)
    assert lost.value.details == {"outcome_unknown": True}
    assert "before you try again" in str(lost.value)
    assert work.calls == 1


def test_threads_share_a_database(database: Database) -> None:
    def work(number: int) -> None:
        for turn in range(5):
            put(database, f"{number}-{turn}")
            assert any(row["id"] == f"{number}-{turn}" for row in _all(database))

    together(8, work)
    assert len(ids(database)) == 40


def _all(db: Database) -> list[dict[str, Any]]:
    return db.read(lambda tx: tx.rows(IDS, {}))


def test_check_names_the_product(database: Database) -> None:
    status = database.check()
    assert status.product.startswith("Neo4j/5.26")
    assert ("ArcadeDB" in status.product) == status.local
    assert 0 < status.milliseconds < 4500


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_a_closed_database_says_so(neo4j_db: Database) -> None:
    url, user, password = login_of(neo4j_db)
    settings = load_settings(database_url=url, database_user=user, database_password=password)
    with open_database(settings) as db:
        pass
    db.close()
    with pytest.raises(DatabaseUnavailable, match="was closed"):
        ids(db)


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_the_newest_neo4j_does_alike(neo4j_newest_db: Database) -> None:
    db = neo4j_newest_db
    assert db.check().product.startswith("Neo4j/2026")
    assert db.migrate() == []
    put(db, "a")
    with pytest.raises(ConstraintViolated):
        db.write(lambda tx: tx.rows("CREATE (:Customer {id: 'a'})", {}))
    with pytest.raises(QueryFailed):
        db.read(lambda tx: tx.rows("CREATE (:Customer {id: 'b'})", {}))
    with pytest.raises(QueryTimedOut):
        db.read(lambda tx: tx.rows(LONG + "1", {}), timeout_s=0.5)
    passing = server_error("Neo.TransientError.Transaction.DeadlockDetected")
    assert db.write(Flaky(passing)) == "done"
    assert ids(db) == ["a", "try 2"]
