"""200 people who look at maps at the same time: throughput, percentiles, errors."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.growth import fill
from benchmarks.report import Section
from benchmarks.serving import served
from relgraph.api.app import create_app
from relgraph.database import Database
from relgraph.settings import load_settings

READERS = 200
SECONDS = 20
CUSTOMERS = 200


def run(open_empty: Callable[[], tuple[Database, dict[str, str]]], name: str) -> list[Section]:
    """One service process; each reader asks again as soon as it has its answer."""
    section = Section(
        f"{READERS} readers at once on {name}",
        f"{READERS} connections ask one service process for the maps of {CUSTOMERS} customers of "
        f"50 people in turn for {SECONDS} s, each as soon as it has its last answer. The readers "
        "run beside the service on the same cores.",
        ("maps a second", "median, ms", "95 %, ms", "99 %, ms", "slowest, ms", "errors"),
    )
    with open_empty()[0] as db:
        fill(db, 0, CUSTOMERS * 50)
        with served(create_app(load_settings(), database=db)) as port:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.bench_readers", str(port)],
                capture_output=True,
                text=True,
                check=True,
            )
    section.rows.append(tuple(done.stdout.strip().split("|")))
    return [section]


async def _reader(port: int, number: int, until: float, times: list[float]) -> int:
    """Ask until the time is over; how many answers were no maps."""
    errors = 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until:
        start = time.monotonic()
        path = f"/api/v1/customers/c{number % CUSTOMERS}/map"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(length)
        errors += not head.startswith(b"HTTP/1.1 200 ")
        times.append(time.monotonic() - start)
        number += 1
    writer.close()
    return errors


async def _readers(port: int) -> None:
    times: list[float] = []
    start = time.monotonic()
    until = start + SECONDS
    errors = sum(
        await asyncio.gather(*(_reader(port, number, until, times) for number in range(READERS)))
    )
    seconds = time.monotonic() - start
    times.sort()
    shares = [f"{times[int(len(times) * share)] * 1000:.0f}" for share in (0.5, 0.95, 0.99)]
    slowest = f"{times[-1] * 1000:.0f}"
    print("|".join([f"{len(times) / seconds:.0f}", *shares, slowest, str(errors)]))


if __name__ == "__main__":
    asyncio.run(_readers(int(sys.argv[1])))
