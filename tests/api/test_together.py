"""Many writers and readers of one customer through two services on one database."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from tests.api.test_writes import V1
from tests.support.extent import extent
from tests.support.processes import running

SECONDS = extent(8, 60)
"""How long they go on."""
WRITERS = READERS = 8

pytestmark = pytest.mark.timeout(240 + 2 * SECONDS)


@pytest.fixture
def services(environment: dict[str, str], tmp_path: Path) -> Iterator[list[str]]:
    """The addresses of two services."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with (
        running(first, "serve", "--port", "0", **environment) as (_, first_address),
        running(second, "serve", "--port", "0", **environment) as (_, second_address),
    ):
        yield [first_address, second_address]


@dataclass
class Worker:
    """One client; what it saw."""

    address: str
    number: int
    stop: threading.Event
    accepted: list[int] = field(default_factory=list)
    conflicts: int = 0
    seen: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def write(self) -> None:
        """Read, add one, write on condition that nobody was faster; the database adds, too."""
        with httpx.Client(base_url=self.address, timeout=30) as client:
            while not self.stop.is_set():
                person = self._get(client, f"{V1}/stakeholders/shared")
                if person is None:
                    continue
                body = {"level": str(int(person.json()["level"]) + 1), "title": f"w{self.number}"}
                answer = client.patch(
                    f"{V1}/stakeholders/shared",
                    json=body,
                    headers={"If-Match": person.headers["etag"]},
                )
                if answer.status_code == 200:
                    self.accepted.append(answer.json()["version"])
                elif answer.status_code == 412:
                    self.conflicts += 1
                else:
                    self.wrong.append(f"{answer.status_code} {answer.text}")
                edge = f"{V1}/stakeholders/shared/influences/w{self.number}"
                put = client.put(edge, json={"strength": 0.5, "evidence": body["level"]})
                if put.status_code != 200:
                    self.wrong.append(f"{put.status_code} {put.text}")

    def read(self) -> None:
        """Read the person and the customer's map."""
        with httpx.Client(base_url=self.address, timeout=30) as client:
            while not self.stop.is_set():
                person = self._get(client, f"{V1}/stakeholders/shared")
                if person is not None:
                    self.seen.append(person.json()["version"])
                self._get(client, f"{V1}/customers/c/map")

    def _get(self, client: httpx.Client, path: str) -> httpx.Response | None:
        answer = client.get(path)
        if answer.status_code == 200:
            return answer
        self.wrong.append(f"{answer.status_code} {answer.text}")
        return None


def operation(method: str, path: str, **body: Any) -> dict[str, Any]:
    return {"method": method, "path": path, "body": body}


def test_no_update_is_lost(services: list[str]) -> None:
    people = ["shared", *(f"w{number}" for number in range(WRITERS))]
    begin = [operation("POST", "/customers", id="c", name="C")]
    begin += [
        operation("POST", "/stakeholders", id=person, name=person, customer_id="c", level="0")
        for person in people
    ]
    done = httpx.post(f"{services[0]}{V1}/batch", json={"operations": begin}, timeout=30)
    assert done.status_code == 200, done.text
    stop = threading.Event()
    workers = [Worker(services[n % 2], n, stop) for n in range(WRITERS + READERS)]
    threads = [
        threading.Thread(target=worker.write if worker.number < WRITERS else worker.read)
        for worker in workers
    ]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)  # the length of the load, not a wait for something
    stop.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    wrong = [answer for worker in workers for answer in worker.wrong]
    assert not wrong, f"{len(wrong)} wrong answers, such as {wrong[0]}"
    versions = sorted(version for worker in workers for version in worker.accepted)
    last = httpx.get(f"{services[1]}{V1}/stakeholders/shared", timeout=30).json()
    assert versions == list(range(2, len(versions) + 2)), "versions rise by one, each once"
    assert (int(last["level"]), last["version"]) == (len(versions), versions[-1])
    assert len(versions) >= WRITERS, "too few writes to have met"
    for worker in workers:
        assert worker.accepted == sorted(worker.accepted)
        assert worker.seen == sorted(worker.seen), "a reader never sees an older version again"
