"""`relgraph demo` and `relgraph serve` from start to Ctrl-C: nothing is left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import psutil

START_S = 40.0
STOP_S = 2.0


@contextmanager
def running(
    folder: Path, *words: str, **environment: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A `relgraph` process once it serves, and its address."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("RELGRAPH_")}
    own |= {"RELGRAPH_DATABASE_HEAP_MB": "512", "PYTHONUNBUFFERED": "1"}
    said = folder / f"said-{words[0]}.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "relgraph", *words],
            cwd=folder,
            env=own | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_S
        while not (found := re.search(r"Serving (http://\S+)/", said.read_text("utf-8"))):
            assert process.poll() is None, f"it ended: {said.read_text('utf-8')}"
            assert time.monotonic() < deadline, f"it did not serve: {said.read_text('utf-8')}"
            time.sleep(0.02)
        yield process, found[1]
    finally:
        for one in family(process.pid):
            one.kill()
        process.wait(10)


def family(pid: int) -> list[psutil.Process]:
    """A process and its children; those that ended are left out."""
    try:
        one = psutil.Process(pid)
        return [p for p in [one, *one.children(recursive=True)] if p.status() != "zombie"]
    except psutil.NoSuchProcess:
        return []


def databases(folder: Path) -> list[psutil.Process]:
    """Processes of the local database in a folder, whoever their parent is."""
    java = [p for p in psutil.process_iter(["name", "cwd", "cmdline"]) if p.info["name"] == "java"]
    return [
        process
        for process in java
        if str(folder) in " ".join([process.info["cwd"] or "", *(process.info["cmdline"] or [])])
    ]


def test_demo_from_an_empty_folder(tmp_path: Path) -> None:
    with running(tmp_path, "demo", "--port", "0") as (process, address):
        assert (tmp_path / "map.html").stat().st_size > 50_000
        assert httpx.get(f"{address}/api/v1/customers").json()["items"]
        assert databases(tmp_path), "the database is a process of its own"
        with httpx.Client() as kept:  # a kept connection must not hold the service up
            kept.get(f"{address}/")
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.wait(10)
            took = time.monotonic() - began
        assert took <= STOP_S, f"Ctrl-C took {took:.1f} s"
        assert process.returncode == 0
    assert databases(tmp_path) == []


def test_demo_takes_the_next_free_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running(tmp_path, "demo", "--port", str(port)) as (process, address):
            assert int(address.rsplit(":", 1)[1]) > port
            process.send_signal(signal.SIGTERM)
            process.wait(10)
    assert databases(tmp_path) == []


def test_serve_refuses_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "relgraph", "serve", "--port", port],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert done.returncode == 1
    assert f"127.0.0.1:{port} cannot be used" in done.stderr and "--port" in done.stderr


def test_serve_asks_for_the_token(tmp_path: Path) -> None:
    environment = {"RELGRAPH_TOKEN": "a-long-secret"}
    with running(tmp_path, "serve", "--port", "0", **environment) as (process, address):
        assert httpx.get(f"{address}/healthz").status_code == 200
        refused = httpx.get(f"{address}/api/v1/customers")
        assert refused.status_code == 401 and refused.json()["code"] == "token_needed"
        headers = {"Authorization": "Bearer a-long-secret"}
        assert httpx.get(f"{address}/api/v1/customers", headers=headers).status_code == 200
        process.send_signal(signal.SIGINT)
        process.wait(10)


def test_two_services_share_one_database_and_the_last_stops_it(tmp_path: Path) -> None:
    with (
        running(tmp_path, "demo", "--port", "0") as (first, _),
        running(tmp_path, "serve", "--port", "0") as (second, address),
    ):
        assert len(databases(tmp_path)) == 1
        first.send_signal(signal.SIGINT)
        first.wait(10)
        assert httpx.get(f"{address}/api/v1/customers/huading").status_code == 200
        second.send_signal(signal.SIGINT)
        second.wait(10)
    assert databases(tmp_path) == []


def test_a_killed_database_comes_back(tmp_path: Path) -> None:
    with running(tmp_path, "demo", "--port", "0") as (process, address):
        [database] = databases(tmp_path)
        database.kill()
        statuses = []
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            answer = httpx.get(f"{address}/api/v1/customers/huading", timeout=5)
            statuses.append(answer.status_code)
            if answer.status_code == 503:
                assert int(answer.headers["Retry-After"]) >= 1
            if answer.status_code == 200 and databases(tmp_path) not in ([], [database]):
                break
        assert statuses[-1] == 200 and set(statuses) <= {200, 503}, statuses
        process.send_signal(signal.SIGINT)
        process.wait(10)
    assert databases(tmp_path) == []
