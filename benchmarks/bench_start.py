"""How long commands take to start, and the service to be ready."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from benchmarks.bench_beside import HERE, Side, checked_out
from benchmarks.report import Section
from relgraph.database import open_database
from relgraph.settings import load_settings

RUNS = 10
HELP_S, READY_S, IMPORT_S = 0.25, 2.5, 2.0
"""Seconds at most: of `--help`, of a service on a local database until it is ready, and of an
import of ten rows while the database runs."""
ROWS = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took, in seconds: by the clock, and of the processor by Python's process."""

    elapsed: float
    processor: float


def run(scratch: Path, *, beside: str | None = None) -> list[Section]:
    """The least of ten runs each, of both sides in turn."""
    if beside is None:
        return [_section({"now": Side(HERE, _local(scratch / "now"))}, scratch)]
    with checked_out(beside) as tree:
        before = Side(tree, _local(scratch / "before"))
        return [_section({beside: before, "now": Side(HERE, _local(scratch / "now"))}, scratch)]


def _local(folder: Path) -> dict[str, str]:
    """A database of its own. Compiled modules are kept, as users have them."""
    url = f"local:{folder}"
    return {"RELGRAPH_DATABASE_URL": url, "RELGRAPH_LANG": "en", "PYTHONDONTWRITEBYTECODE": ""}


def _section(sides: dict[str, Side], scratch: Path) -> Section:
    beside = "" if len(sides) == 1 else f", beside {next(iter(sides))}"
    section = Section(
        f"Start of commands{beside}",
        f"The least of {RUNS} runs, in turn, by the clock and of the processor by Python's own "
        f"process. The goals are {HELP_S} s for `--help`, {IMPORT_S:g} s for an import of {ROWS} "
        f"rows beyond the start of the database, and {READY_S} s until `serve` is ready on a local "
        "database that is there, the start of its server included.",
        ("what", *(f"{name}, s ({what})" for name in sides for what in ("clock", "processor"))),
    )
    folder = scratch / "rows"
    folder.mkdir()
    rows = "".join(f"c{number},Customer {number}\n" for number in range(ROWS))
    (folder / "customers.csv").write_text(f"id,name\n{rows}", "utf-8")
    works: list[tuple[str, Callable[[Side], Cost]]] = [
        ("relgraph --help", partial(_command, words=("--help",))),
        ("relgraph import --help", partial(_command, words=("import", "--help"))),
    ]
    section.rows += [_row(what, work, sides) for what, work in works]
    for side in sides.values():
        side.run("import", str(folder))
    section.rows.append(_row("relgraph serve, until it is ready", _ready, sides))
    with _kept_open(sides):
        work = partial(_command, words=("import", str(folder)))
        section.rows.append(_row(f"relgraph import, {ROWS} rows", work, sides))
    return section


def _row(what: str, work: Callable[[Side], Cost], sides: dict[str, Side]) -> tuple[str, ...]:
    costs: dict[str, list[Cost]] = {name: [] for name in sides}
    for side in sides.values():  # the first one starts cold
        work(side)
    for _ in range(RUNS):
        for name, side in sides.items():
            costs[name].append(work(side))
    cells = [
        f"{min(getattr(cost, part) for cost in costs[name]):.2f}"
        for name in sides
        for part in ("elapsed", "processor")
    ]
    return (what, *cells)


def _command(side: Side, *, words: tuple[str, ...]) -> Cost:
    """One command from start to end; processes that it leaves behind are not counted."""
    before, start = _of_children(), time.perf_counter()
    side.run(*words)
    return Cost(time.perf_counter() - start, _of_children() - before)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _ready(side: Side) -> Cost:
    """A service until it says where it serves."""
    start = time.perf_counter()
    with side.started() as (_, pid):
        elapsed, used = time.perf_counter() - start, psutil.Process(pid).cpu_times()
        return Cost(elapsed, used.user + used.system)


@contextmanager
def _kept_open(sides: dict[str, Side]) -> Iterator[None]:
    """The databases' servers run meanwhile."""
    opened = [
        open_database(load_settings(database_url=side.environment["RELGRAPH_DATABASE_URL"]))
        for side in sides.values()
    ]
    try:
        yield
    finally:
        for database in opened:
            database.close()
