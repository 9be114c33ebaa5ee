"""Kill -9 of the service and of its database during batches: a repeat with the key completes."""

from __future__ import annotations

import random
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psutil
import pytest

from tests.api.test_writes import V1
from tests.database.conftest import path as path  # a fixture
from tests.database.machine import HEAP_MB, eventually, opened, server_of
from tests.support.extent import extent
from tests.support.processes import running

pytestmark = [pytest.mark.crash, pytest.mark.timeout(extent(280, 1500))]

SEED = 20_261_125
KILLS = extent(6, 50)
PEOPLE = 40
PATIENCE_S = 60.0


def operations(number: int) -> list[dict[str, Any]]:
    """A customer with people in a row, each influencing the next."""
    customer = f"c{number}"
    made: list[dict[str, Any]] = [
        {"method": "POST", "path": "/customers", "body": {"id": customer, "name": customer}}
    ]
    for index in range(PEOPLE):
        person = f"{customer}-{index}"
        body = {"id": person, "name": f"第{index}人", "customer_id": customer}
        made.append({"method": "POST", "path": "/stakeholders", "body": body})
        if index:
            edge = f"/stakeholders/{customer}-{index - 1}/influences/{person}"
            made.append({"method": "PUT", "path": edge, "body": {"strength": 0.5}})
    return made


@dataclass
class Sender:
    """Sends one batch after the other, each until it is acknowledged."""

    address: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    done: int = 0
    tries: int = 0
    replayed: int = 0
    wrong: list[str] = field(default_factory=list)

    def run(self) -> None:
        while not self.stop.is_set() and not self.wrong:
            self._send(self.done)

    def _send(self, number: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        body = {"operations": operations(number)}
        while time.monotonic() < deadline:
            self.tries += 1
            try:
                answer = httpx.post(
                    f"{self.address}{V1}/batch",
                    json=body,
                    headers={"Idempotency-Key": f"batch-{number}"},
                    timeout=20,
                )
            except httpx.TransportError:  # the service was killed
                self.stop.wait(0.05)
                continue
            if answer.status_code == 200:
                self.done += 1
                self.replayed += "idempotent-replayed" in answer.headers
                return
            if answer.status_code != 503:
                break
            self.stop.wait(0.1)
        else:
            answer = None
        text = "no answer" if answer is None else f"{answer.status_code} {answer.text[:300]}"
        self.wrong.append(f"batch {number}: {text}")


def test_batches_are_complete_and_made_once(path: Path, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    sys.stderr.write(f"seed {SEED}\n")  # shown with a failure
    words = ("serve", "--port", "0", "--database", f"local:{path}")
    heap = {"RELGRAPH_DATABASE_HEAP_MB": str(HEAP_MB)}
    sender = Sender()
    thread = threading.Thread(target=sender.run)
    with ExitStack() as closing:
        service, sender.address = closing.enter_context(running(tmp_path, *words, **heap))
        thread.start()
        try:
            for number in range(KILLS):
                before = sender.done
                eventually(lambda before=before: sender.done > before or sender.wrong, PATIENCE_S)
                threading.Event().wait(chance.uniform(0, 0.2))  # somewhere in a batch
                if number % 2:
                    service.kill()
                    service.wait(10)
                    again = running(tmp_path, *words, **heap)
                    service, sender.address = closing.enter_context(again)
                else:
                    psutil.Process(server_of(path).pid).kill()
            last = sender.done
            eventually(lambda: sender.done > last or sender.wrong, PATIENCE_S)
        finally:
            sender.stop.set()
            thread.join(PATIENCE_S + 20)
    assert not sender.wrong, sender.wrong
    with opened(path) as db:
        rows = db.read(
            lambda tx: tx.rows(
                "MATCH (c:Customer) OPTIONAL MATCH (p:Stakeholder)-[:WORKS_AT]->(c) "
                "OPTIONAL MATCH (p)-[r:INFLUENCES]->(:Stakeholder) "
                "RETURN c.id AS id, count(DISTINCT p) AS people, count(r) AS ties ORDER BY id",
                {},
            )
        )
        notes = db.read(
            lambda tx: tx.rows("MATCH (n:Change) RETURN n.scope AS id, sum(n.size) AS size", {})
        )
    assert sender.done <= len(rows) <= sender.done + 1, "what was acknowledged is there"
    assert {(row["people"], row["ties"]) for row in rows} == {(PEOPLE, PEOPLE - 1)}
    # Of each customer once: itself, its people and their employments, and their ties.
    assert {note["size"] for note in notes} == {1 + 2 * PEOPLE + PEOPLE - 1}
    assert sender.tries > sender.done, "no kill met a batch"
