"""This relgraph beside an earlier commit of it: requests and imports in turn, in one run."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.data import import_folder
from benchmarks.measure import alternate, seconds_of
from benchmarks.report import Section
from benchmarks.serving import Client
from tests.support import neo4j_server

HERE = Path(__file__).parent.parent
PEOPLE = 10_000
IMPORTS = 5
ROUNDS = 60
LIMIT = 1.05
API = "/api/v1"
PATHS = (
    f"{API}/customers",
    f"{API}/customers/huading",
    f"{API}/customers/huading/map",
    f"{API}/customers/huading/map.svg",
    f"{API}/customers/huading/matrix",
    f"{API}/stakeholders?customer_id=huading&limit=100",
    f"{API}/stakeholders/chen",
    f"{API}/stakeholders/chen/influences",
    f"{API}/deals?customer_id=huading",
    f"{API}/deals/dc-renewal/supports",
    f"{API}/deals/dc-renewal/decision-chain",
    f"{API}/search?q=chen",
    f"{API}/search?q=%E9%99%88",
    f"{API}/changes?limit=100",
    "/",
    "/customers",
    "/customers/huading/map",
    "/customers/huading/matrix",
    "/people/chen",
)
"""What a planner's browser and other systems ask for most, of the demo customers."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of both: where its code is, and how it finds databases of its own."""

    root: Path
    environment: dict[str, str]

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "relgraph", *words]

    @property
    def variables(self) -> dict[str, str]:
        return os.environ | self.environment | {"PYTHONPATH": str(self.root)}

    def run(self, *words: str) -> None:
        """One command from start to end."""
        subprocess.run(
            self.command(*words),
            cwd=self.root,
            env=self.variables,
            check=True,
            capture_output=True,
        )

    @contextmanager
    def serving(self) -> Iterator[int]:
        """The port of its service."""
        with self.started() as (port, _):
            yield port

    @contextmanager
    def started(self) -> Iterator[tuple[int, int]]:
        """Port and process id of its service, once it is ready."""
        process = subprocess.Popen(
            self.command("serve", "--port", "0"),
            cwd=self.root,
            env=self.variables | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert process.stdout is not None
            lines = []
            for line in process.stdout:
                lines.append(line)
                if address := re.search(r"Serving http://\S+:(\d+)/", line):
                    yield int(address[1]), process.pid
                    return
            raise RuntimeError("".join(lines))
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """A commit's files in a folder of their own."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        git = ("git", "-C", str(HERE))
        subprocess.run([*git, "worktree", "add", "--detach", str(tree), commit], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "worktree", "remove", "--force", str(tree)], check=True)


def run(commit: str, scratch: Path, skipped: list[str]) -> list[Section]:
    """Requests to both services in turn, then imports, on each database."""
    sections: list[Section] = []
    with checked_out(commit) as tree:
        for name, environments in two_of_each(scratch, skipped):
            with environments as (before, now):
                sides = (Side(tree, before), Side(HERE, now))
                sections += [_requests(sides, name, commit), _imports(sides, name, commit, scratch)]
    return sections


Environments = tuple[dict[str, str], dict[str, str]]
"""How each side finds its database."""


def two_of_each(
    scratch: Path, skipped: list[str]
) -> Iterator[tuple[str, AbstractContextManager[Environments]]]:
    """Two databases of each kind: an older relgraph refuses what a newer one has prepared."""
    yield "the local database", _two_local(scratch)
    lacking = neo4j_server.missing(neo4j_server.LTS)
    if lacking:
        skipped.append(f"Neo4j {neo4j_server.LTS}: {lacking}")
    else:
        yield f"Neo4j {neo4j_server.LTS}", _two_servers(scratch)


@contextmanager
def _two_local(scratch: Path) -> Iterator[Environments]:
    before, now = ({"RELGRAPH_DATABASE_URL": f"local:{scratch}/{side}"} for side in "ab")
    yield before, now


@contextmanager
def _two_servers(scratch: Path) -> Iterator[Environments]:
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                neo4j_server.running(scratch / f"neo4j-{side}", neo4j_server.LTS, brief=False)
            )
            for side in "ab"
        ]
        before, now = (
            {
                "RELGRAPH_DATABASE_URL": server.url,
                "RELGRAPH_DATABASE_USER": server.user,
                "RELGRAPH_DATABASE_PASSWORD": server.password,
            }
            for server in servers
        )
        yield before, now


def _imports(sides: tuple[Side, Side], name: str, commit: str, scratch: Path) -> Section:
    section = Section(
        f"Import into {name}, beside {commit}",
        f"The command `relgraph import` with {PEOPLE:,} people and three influences each, by both "
        f"in turn, {IMPORTS} times, each time into the same database with other ids. "
        f"The goal is a ratio of at most {LIMIT}.",
        ("what", f"{commit}, s", "now, s", "ratio of medians", "ratio of minima"),
    )
    times: tuple[list[float], list[float]] = ([], [])
    rows = 0
    for number in range(IMPORTS + 1):
        folder = scratch / f"records-{name.split()[-1]}-{number}"
        rows = sum(import_folder(folder, PEOPLE, prefix=f"r{number}-").values())
        for side, seconds in zip(sides, times, strict=True):
            took = seconds_of(partial(side.run, "import", str(folder)))
            if number:  # the first one starts cold
                seconds.append(took)
    section.rows.append((f"{rows:,} rows", *_compared(*times, "{:.2f}", 1)))
    return section


def _requests(sides: tuple[Side, Side], name: str, commit: str) -> Section:
    section = Section(
        f"Requests to {name}, beside {commit}",
        f"What a browser and other systems ask for, of the demo customers, to both "
        f"services in turn, {ROUNDS} times each. The goal is a ratio of at most {LIMIT}.",
        ("request", f"{commit}, ms", "now, ms", "ratio of medians", "ratio of minima"),
    )
    for side in sides:
        side.run("import", str(HERE / "seeds" / "demo"))
    sums: tuple[list[float], list[float]] = ([], [])
    with sides[0].serving() as first, sides[1].serving() as second:
        clients = Client(first), Client(second)
        for path in PATHS:
            works = [partial(client.get, path) for client in clients]
            before, now = alternate(ROUNDS, *works, warmup=8)
            section.rows.append((path, *_compared(before.runs, now.runs, "{:.1f}", 1000)))
            sums[0].append(before.median)
            sums[1].append(now.median)
    section.rows.append(("all of them", *_compared([sum(sums[0])], [sum(sums[1])], "{:.1f}", 1000)))
    return section


def _compared(
    before: Sequence[float], now: Sequence[float], form: str, scale: int
) -> tuple[str, str, str, str]:
    """Both medians, their ratio, and that of the least times, which other work disturbs least."""
    medians = statistics.median(before), statistics.median(now)
    return (
        form.format(medians[0] * scale),
        form.format(medians[1] * scale),
        f"{medians[1] / medians[0]:.2f}",
        f"{min(now) / min(before):.2f}",
    )
