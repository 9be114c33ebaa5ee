"""Large files: memory and speed of the commands that import, export and undo them.

Each command runs in a process of its own, which says how much memory it used at most; the local
server is another process and not counted. An earlier commit gets fewer rows, whose memory it holds.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench_beside import HERE, Side, checked_out
from benchmarks.data import import_folder
from benchmarks.report import Section

IMPORTED = 1_000_000
COPIED = 500_000
BEFORE = 100_000
ROWS_A_PERSON = 4
GOAL_MB = 600

_CHILD = """
import contextlib, json, sys, time
from relgraph.cli import app, records

events, begin = [], time.perf_counter()

@contextlib.contextmanager
def progress():
    yield lambda phase, done, total: events.append((phase, done, time.perf_counter()))

records.progress = progress
app(sys.argv[1:], standalone_mode=False)
lines = open("/proc/self/status").read().splitlines()
peak = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
seconds, cpu = time.perf_counter() - begin, time.process_time()
print(json.dumps({"peak": peak, "seconds": seconds, "cpu": cpu, "events": events}))
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command took. `seconds` and `cpu` are of all of it, the latter without the server."""

    peak: int
    seconds: float
    cpu: float
    events: list[tuple[str, int, float]]
    output: str

    def rates(self, phase: str) -> tuple[str, str]:
        """Rows a second of the first and the last fifth of a phase that is done in parts."""
        at = [(done, when) for name, done, when in self.events if name == phase]
        if len(at) < 3:
            return "", ""
        fifth = max(1, len(at) // 5)
        return _rate(at[0], at[fifth]), _rate(at[-1 - fifth], at[-1])


def _rate(begin: tuple[int, float], end: tuple[int, float]) -> str:
    return f"{(end[0] - begin[0]) / (end[1] - begin[1]):,.0f}"


def run(scratch: Path, commit: str | None = None) -> list[Section]:
    """A large import, then export and undo of another, of this and of an earlier commit."""
    section = Section(
        "Large files",
        "People with three influences each, into an empty local database. Peak is the most "
        f"memory of the command's own process; the goal is {GOAL_MB} MB for a million rows. A rate "
        "of a first and last fifth tells whether it falls while rows are written.",
        ("what", "rows", "peak, MB", "s", "CPU, s", "rows a second", "first fifth", "last fifth"),
    )
    with ExitStack() as stack:
        sides = [("", HERE, (IMPORTED, COPIED))]
        if commit is not None:
            tree = stack.enter_context(checked_out(commit))
            sides.append((f", {commit}", tree, (BEFORE, BEFORE)))
        for number, (suffix, root, (imported, copied)) in enumerate(sides):
            home = scratch / str(number)
            side = Side(root, {"RELGRAPH_DATABASE_URL": f"local:{home}/imported"})
            rows, ran = _import(side, home / "large", imported)
            section.rows.append(_row(f"import{suffix}", rows, ran, "write"))
            side = Side(root, {"RELGRAPH_DATABASE_URL": f"local:{home}/copied"})
            rows, ran = _import(side, home / "records", copied)
            change = re.findall(r"change-[0-9a-f]{16}", ran.output)[-1]
            ran = _run(side, "export", str(home / "copy"))
            section.rows.append(_row(f"export{suffix}", rows, ran, ""))
            ran = _run(side, "undo", change)
            section.rows.append(_row(f"undo{suffix}", rows, ran, "undo"))
    return [section]


def _import(side: Side, folder: Path, rows: int) -> tuple[int, Ran]:
    count = sum(import_folder(folder, rows // ROWS_A_PERSON).values())
    return count, _run(side, "import", str(folder))


def _run(side: Side, *words: str) -> Ran:
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, *words],
        cwd=side.root,
        env=side.variables,
        check=True,
        capture_output=True,
        text=True,
    )
    *output, last = done.stdout.splitlines()
    taken = json.loads(last)
    events = [tuple(event) for event in taken["events"]]
    seconds = time.perf_counter() - begin
    return Ran(taken["peak"], seconds, taken["cpu"], events, "\n".join(output))


def _row(what: str, rows: int, ran: Ran, phase: str) -> tuple[str, ...]:
    first, last = ran.rates(phase)
    return (
        what,
        f"{rows:,}",
        f"{ran.peak / 2**20:.0f}",
        f"{ran.seconds:.1f}",
        f"{ran.cpu:.1f}",
        f"{rows / ran.seconds:,.0f}",
        first,
        last,
    )
