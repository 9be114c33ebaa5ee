"""Many readers at once of this relgraph and of an earlier commit, in turn, in one run."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.bench_beside import HERE, Side, checked_out, two_of_each
from benchmarks.bench_readers import CUSTOMERS, DEALS, READERS, asked_of
from benchmarks.reading import CELLS, measure
from benchmarks.report import Section

SECONDS = 5.0
FILL = f"""
from benchmarks.growth import fill
from relgraph.database import open_database
from relgraph.records.reindex import rebuild
from relgraph.settings import load_settings
from tests.support.access import access_to

with open_database(load_settings()) as db:
    db.migrate()
    fill(db, 0, {CUSTOMERS * 50})
    db.write(lambda tx: tx.rows({DEALS!r}, {{}}))
    rebuild(access_to(db))
"""


def run(commit: str, scratch: Path, skipped: list[str]) -> list[Section]:
    """The same reads of both services in turn."""
    sections = []
    with checked_out(commit) as tree:
        for name, environments in two_of_each(scratch, skipped):
            with environments as (before, now):
                section = Section(
                    f"Readers at once on {name}, beside {commit}",
                    "Both services asked in turn, otherwise as without a commit beside.",
                    ("read", "state", "readers", f"{commit}, a second", "ratio", *CELLS),
                )
                sides = Side(tree, before), Side(HERE, now)
                for side in sides:
                    subprocess.run(
                        [sys.executable, "-c", FILL],
                        cwd=side.root, env=side.variables, check=True,
                    )  # fmt: skip
                for keeps in (True, False):
                    section.rows += _rows(*sides, keeps=keeps)
                sections.append(section)
    return sections


def _rows(first: Side, second: Side, *, keeps: bool) -> list[tuple[str, ...]]:
    rows = []
    kept = {} if keeps else {"RELGRAPH_KEPT_ANSWERS_MB": "0"}
    now = Side(second.root, second.environment | kept)
    with first.serving() as before_port, now.serving() as now_port:
        both = zip(asked_of(before_port, keeps=keeps), asked_of(now_port, keeps=keeps), strict=True)
        for (read, state, earlier), (_, _, later) in both:
            if not _is_measured(read, later.readers, keeps=keeps):
                continue
            before, after = (measure(replace(each, seconds=SECONDS)) for each in (earlier, later))
            ratio = f"{after.rate / before.rate:.1f}"
            rows.append(
                (read, state, str(later.readers), f"{before.rate:.0f}", ratio, *after.cells())
            )
    return rows


def _is_measured(read: str, readers: int, *, keeps: bool) -> bool:
    """Maps with few and many readers; of what is read alike, many readers of what is kept."""
    if read == "map":
        return readers in (READERS[0], READERS[-1])
    return keeps and readers == READERS[-1]
