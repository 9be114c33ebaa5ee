"""Kill -9 during single writes: what was acknowledged is there, the rest is complete or absent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from relgraph.database import Database, Transaction
from relgraph.errors import DatabaseUnavailable
from tests.crash.conftest import PATIENCE_S, Crashing
from tests.database.machine import eventually, works
from tests.support.extent import extent

pytestmark = [pytest.mark.crash, pytest.mark.timeout(extent(300, 1500))]

SEED = 20_261_124
KILLS = extent(8, 50)
WRITERS = 4
WRITES_BETWEEN = 6
SENTENCE = "采购委员会周四复议，王总坚持先看试点数据；"

CREATE_CUSTOMER = "CREATE (:Customer {id: $id, name: $id, note: $text})"
CREATE_DEAL = """
MATCH (c:Customer {id: $id})
CREATE (:Deal {id: $id, name: $id, note: $text})-[:FOR_CUSTOMER {note: $text}]->(c)
"""
COUNT = "MATCH (t:Team {id: 'counter'}) SET t.version = t.version + 1"
STORED = """
MATCH (c:Customer)
OPTIONAL MATCH (d:Deal {id: c.id})-[r:FOR_CUSTOMER]->(c)
RETURN c.id AS id, c.note AS customer, d.note AS deal, r.note AS edge
"""


def text_of(id_: str) -> str:
    """Some 20 to 120 thousand bytes that belong to this id alone."""
    writer, turn = (int(part) for part in id_.split("-"))
    return f"{id_}：" + SENTENCE * (300 + 500 * ((writer + turn) % 4))


@dataclass
class Writer:
    """One of several threads that write until they are told to stop."""

    db: Database
    number: int
    stop: threading.Event
    progress: threading.Semaphore
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    failure: BaseException | None = None

    def run(self) -> None:
        turn = 0
        try:
            while not self.stop.is_set():
                self.write(f"{self.number}-{turn}")
                turn += 1
        except BaseException as error:  # raised by the test
            self.failure = error
            self.progress.release(10**6)

    def write(self, id_: str) -> None:
        def work(tx: Transaction) -> None:
            values = {"id": id_, "text": text_of(id_)}
            tx.rows(CREATE_CUSTOMER, values)
            tx.rows(CREATE_DEAL, values)
            tx.rows(COUNT, {})

        try:
            self.db.write(work)
        except DatabaseUnavailable as error:
            fate = self.unknown if error.details.get("outcome_unknown") else self.refused
            fate.append(id_)
            eventually(lambda: works(self.db), PATIENCE_S)
        else:
            self.acknowledged.append(id_)
            self.progress.release()


def test_kills_during_single_writes(crashing: Callable[[int], Crashing]) -> None:
    crash = crashing(SEED)
    db = crash.db
    db.write(lambda tx: tx.rows("CREATE (:Team {id: 'counter', version: 0})", {}))
    stop, progress = threading.Event(), threading.Semaphore(0)
    writers = [Writer(db, number, stop, progress) for number in range(WRITERS)]
    threads = [threading.Thread(target=writer.run) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        while crash.kills < KILLS and not any(writer.failure for writer in writers):
            for _ in range(WRITES_BETWEEN):
                assert progress.acquire(timeout=PATIENCE_S), "nothing was written any more"
            crash.kill_within(0.2)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    for writer in writers:
        if writer.failure:
            raise writer.failure
    crash.is_back()

    rows = {row["id"]: row for row in db.read(lambda tx: tx.rows(STORED, {}))}
    half = [id_ for id_, row in rows.items() if len(set(row.values()) - {id_}) != 1]
    assert half == []
    assert [id_ for id_, row in rows.items() if row["customer"] != text_of(id_)] == []
    acknowledged = {id_ for writer in writers for id_ in writer.acknowledged}
    refused = {id_ for writer in writers for id_ in writer.refused}
    unknown = {id_ for writer in writers for id_ in writer.unknown}
    assert acknowledged - rows.keys() == set()
    assert refused & rows.keys() == set()
    assert rows.keys() - acknowledged - unknown == set()
    assert refused | unknown, "no kill met a write"
    counter = db.read(lambda tx: tx.rows("MATCH (t:Team) RETURN t.version AS n", {}))
    assert counter == [{"n": len(rows)}]
