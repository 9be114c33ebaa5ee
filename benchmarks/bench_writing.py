"""Whole writes beside an earlier commit: imports, the same again, a batch, a mailbox.

Each is made by both in turn, in the same database of each, with other ids every time. Processor
seconds are those of the command and, where it starts the local database, of that.
"""

from __future__ import annotations

import http.client
import json
import resource
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.bench_beside import HERE, Side, checked_out, two_of_each
from benchmarks.data import import_folder
from benchmarks.measure import seconds_of
from benchmarks.report import Section

PEOPLE = 10_000
RUNS = 4
OPERATIONS = 1_000
LETTERS = 10_000


class Spent(NamedTuple):
    """Seconds of the clock, and of processors by children that have ended."""

    wall: float
    processor: float


def run(commit: str, scratch: Path, skipped: list[str]) -> list[Section]:
    """Both commits in turn on each database."""
    sections = []
    with checked_out(commit) as tree:
        for name, environments in two_of_each(scratch, skipped):
            with environments as (before, now):
                sides = (Side(tree, before), Side(HERE, now))
                sections.append(_writing(sides, name, commit, scratch / name.split()[-1]))
    return sections


def _writing(sides: tuple[Side, Side], name: str, commit: str, scratch: Path) -> Section:
    section = Section(
        f"Writing to {name}, beside {commit}",
        f"By both in turn, {RUNS} times after a first one; the least of each. A first import of "
        f"{PEOPLE:,} people with three influences each, the same rows again, a batch of "
        f"{OPERATIONS:,} operations sent to the service, and a mailbox of {LETTERS:,} letters. "
        "Seconds of processors are not those of Neo4j or of the service.",
        ("what", "rows", f"{commit}, s", "now, s", "rows a second", "processors before", "now"),
    )
    spent: dict[str, tuple[list[Spent], list[Spent]]] = {}
    counts: dict[str, int] = {}

    def measure(what: str, rows: int, works: list[Callable[[], object]], keep: bool) -> None:
        counts[what] = rows
        for work, times in zip(works, spent.setdefault(what, ([], [])), strict=True):
            took = _spent(work)
            if keep:
                times.append(took)

    for number in range(RUNS + 1):
        folder, box = scratch / f"records{number}", scratch / f"box{number}.mbox"
        rows = sum(import_folder(folder, PEOPLE, prefix=f"w{number}-").values())
        _contacts(folder, box, number)
        imports = [partial(side.run, "import", str(folder)) for side in sides]
        measure("first import", rows, imports, number > 0)
        measure("the same again", rows, imports, number > 0)
        mail = [partial(side.run, "activities", str(box)) for side in sides]
        measure("mailbox", LETTERS, mail, number > 0)
    for side, times in zip(sides, spent.setdefault("batch", ([], [])), strict=True):
        counts["batch"] = OPERATIONS
        with side.serving() as port:
            for number in range(RUNS + 1):
                took = _spent(partial(_batch, port, number))
                times.extend([took] if number else [])
    for what, (before, now) in spent.items():
        least = min(time.wall for time in now)
        section.rows.append(
            (
                what,
                f"{counts[what]:,}",
                f"{min(time.wall for time in before):.2f}",
                f"{least:.2f}",
                f"{counts[what] / least:,.0f}",
                *(f"{min(time.processor for time in times):.2f}" for times in (before, now)),
            )
        )
    return section


def _spent(work: Callable[[], object]) -> Spent:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = seconds_of(work)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(wall, used)


def _contacts(folder: Path, box: Path, number: int) -> None:
    """Give a member and a hundred people addresses; the one writes letters to the others."""
    (folder / "members.csv").write_text(
        f"id,name,email\nw{number}-m,Ann Berg,ann{number}@ours.example\n", "utf-8"
    )
    people = folder / "stakeholders.csv"
    first, *lines = people.read_text("utf-8").splitlines()
    lines = [
        f"{line},p{n}.{number}@theirs.example" if n < 100 else f"{line},"
        for n, line in enumerate(lines)
    ]
    people.write_text("\n".join([f"{first},email", *lines]) + "\n", "utf-8")
    with box.open("w", encoding="utf-8") as out:
        for n in range(LETTERS):
            minute, hour, day = n % 60, n // 60 % 24, 1 + n // 1440 % 28
            out.write(
                f"From ann Sun Nov  1 00:00:00 2026\nMessage-ID: <{number}.{n}@ours.example>\n"
                f"From: ann{number}@ours.example\nTo: p{n % 100}.{number}@theirs.example\n"
                f"Date: {day} Oct 2026 {hour:02}:{minute:02}:00 +0000\nSubject: x\n\nx\n\n"
            )


def _batch(port: int, number: int) -> None:
    """A batch that makes a customer and people at it."""
    operations = [
        {
            "method": "POST",
            "path": "/customers",
            "body": {"id": f"batch{number}", "name": f"Batch {number}"},
        },
        *(
            {
                "method": "POST",
                "path": "/stakeholders",
                "body": {
                    "id": f"batch{number}-{n}",
                    "customer_id": f"batch{number}",
                    "name": f"Ada Abel {n}",
                },
            }
            for n in range(OPERATIONS - 1)
        ),
    ]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    body = json.dumps({"operations": operations})
    connection.request("POST", "/api/v1/batch", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} {text[:300]!r}")
