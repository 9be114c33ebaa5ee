"""Many readers at once, in a process of their own: throughput, percentiles, fairness, errors."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the service at a port: `path` with `{n}` for the number of a customer."""

    port: int
    path: str
    readers: int
    customers: int
    seconds: float = 10.0
    warm: bool = False
    """Whether each address is asked for once before, which does not count."""
    writes: bool = False
    """Whether somebody changes a customer ten times a second beside it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers a second, times in milliseconds, answers of the slowest and the fastest reader."""

    rate: float
    median: float
    p99: float
    slowest: float
    least: int
    most: int
    errors: int

    def cells(self) -> tuple[str, ...]:
        """As a table shows it."""
        return (
            f"{self.rate:.0f}",
            f"{self.median:.0f}",
            f"{self.p99:.0f}",
            f"{self.slowest:.0f}",
            f"{self.least}-{self.most}",
            str(self.errors),
        )


CELLS = ("a second", "median, ms", "99 %, ms", "slowest, ms", "answers of a reader", "errors")


def measure(asked: Asked) -> Measured:
    """Start the readers, beside the service on the same cores."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reading", json.dumps(asdict(asked))],
        capture_output=True,
        text=True,
        check=True,
    )
    return Measured(**json.loads(done.stdout))


class _Reader:
    """One connection that asks again as soon as it has its answer."""

    def __init__(self, asked: Asked, number: int) -> None:
        self._asked = asked
        self.number = number
        self.times: list[float] = []
        self.errors = 0

    async def run(self, until: float) -> None:
        streams = await asyncio.open_connection("127.0.0.1", self._asked.port)
        number = self.number
        while time.monotonic() < until:
            path = self._asked.path.replace("{n}", str(number % self._asked.customers))
            start = time.monotonic()
            ok = await _ask(*streams, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            self.times.append(time.monotonic() - start)
            self.errors += not ok
            number += 1
        streams[1].close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: str) -> bool:
    writer.write(request.encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    await reader.readexactly(length)
    return head.startswith(b"HTTP/1.1 200 ")


async def _write(asked: Asked, until: float) -> None:
    """Rename a customer after the other, ten times a second."""
    streams = await asyncio.open_connection("127.0.0.1", asked.port)
    number = 0
    while time.monotonic() < until:
        body = json.dumps({"name": f"Name {number}"})
        await _ask(
            *streams,
            f"PATCH /api/v1/customers/c{number % asked.customers} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}",
        )
        number += 1
        await asyncio.sleep(0.1)
    streams[1].close()


async def _all(asked: Asked) -> Measured:
    if asked.warm:
        streams = await asyncio.open_connection("127.0.0.1", asked.port)
        for number in range(asked.customers):
            path = asked.path.replace("{n}", str(number))
            await _ask(*streams, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        streams[1].close()
    readers = [_Reader(asked, number) for number in range(asked.readers)]
    start = time.monotonic()
    until = start + asked.seconds
    works = [reader.run(until) for reader in readers]
    if asked.writes:
        works.append(_write(asked, until))
    await asyncio.gather(*works)
    seconds = time.monotonic() - start
    times = sorted(taken for reader in readers for taken in reader.times)
    counts = [len(reader.times) for reader in readers]

    def share(of: float) -> float:
        return times[int((len(times) - 1) * of)] * 1000

    return Measured(
        rate=len(times) / seconds,
        median=share(0.5),
        p99=share(0.99),
        slowest=share(1),
        least=min(counts),
        most=max(counts),
        errors=sum(reader.errors for reader in readers),
    )


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_all(Asked(**json.loads(sys.argv[1])))))))
