"""`relgraph demo` and `relgraph serve` from start to Ctrl-C: nothing is left behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2 as httpx
import psutil
import pytest

from tests.support.processes import databases, family, running

STOP_S = 2.0


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
    environment = {"RELGRAPH_TOKEN": "a-secret-that-is-long"}
    with running(tmp_path, "serve", "--port", "0", **environment) as (process, address):
        assert httpx.get(f"{address}/healthz").status_code == 200
        refused = httpx.get(f"{address}/api/v1/customers")
        assert refused.status_code == 401 and refused.json()["code"] == "token_needed"
        headers = {"Authorization": "Bearer a-secret-that-is-long"}
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


def workers_of(process: subprocess.Popen[bytes]) -> dict[int, psutil.Process]:
    """The processes that serve, by their ids."""
    return {
        member.pid: member
        for member in family(process.pid)
        if "spawn_main" in " ".join(member.cmdline())
    }


def served(address: str, path: str = "/healthz") -> int:
    """The status of an answer over a connection of its own, so that any worker may give it."""
    return httpx.get(f"{address}{path}", timeout=20).status_code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_two_workers_serve_and_end(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path, "serve", "--port", "0", "--workers", "2") as (process, address):
        assert len(workers_of(process)) == 2
        assert len(databases(tmp_path)) == 1
        put = httpx.post(f"{address}/api/v1/customers", json={"id": "c", "name": "One"})
        assert put.status_code == 201
        for name in ("Two", "Three", "Four"):
            path = f"{address}/api/v1/customers/c"
            assert httpx.patch(path, json={"name": name}).status_code == 200
            for _ in range(4):  # whichever worker answers, and whatever it has kept
                assert httpx.get(f"{path}/map").json()["customer"]["name"] == name
        process.send_signal(number)
        process.wait(15)
        assert process.returncode == 0
    assert databases(tmp_path) == []


def test_a_killed_worker_is_started_again(tmp_path: Path) -> None:
    with running(tmp_path, "serve", "--port", "0", "--workers", "2") as (process, address):
        before = workers_of(process)
        killed = before[min(before)]
        killed.kill()
        killed.wait(10)
        assert {served(address) for _ in range(5)} == {200}, "the other one answers"
        deadline = time.monotonic() + 30
        while len(workers_of(process)) < 2:
            assert time.monotonic() < deadline, "no worker was started again"
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        assert process.returncode == 0
    assert databases(tmp_path) == []


def test_workers_do_not_outlive_who_started_them(tmp_path: Path) -> None:
    with running(tmp_path, "serve", "--port", "0", "--workers", "2") as (process, _):
        workers = list(workers_of(process).values())
        process.kill()
        _, alive = psutil.wait_procs(workers, timeout=20)
        assert alive == []


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
