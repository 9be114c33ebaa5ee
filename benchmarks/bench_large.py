"""A customer of 1,000 people with 25,000 ties: reading it, its map, and the same of a commit."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.data import large_customer
from benchmarks.growth import fill_account
from benchmarks.report import Section
from relgraph.database import Database
from relgraph.records.reads.account import read_account
from tests.support.access import access_to
from tests.support.databases import empty
from tests.support.round_trips import counted

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HERE = Path(__file__).parent.parent
RUNS = 5
SIZES = ((40, 200), (150, 900), (1_000, 25_000))
"""People and ties."""
READ_MS, LAYOUT_MS, DOCUMENT_KB = 1_000, 400, 1_000
MAP = """
import json, pickle, sys, time
from datetime import datetime, UTC
import orjson
from relgraph.insight.evaluation import Evaluation
from relgraph.viz.build import build_map
from relgraph.viz.geometry import lay_out
from relgraph.viz.html import to_html
try:
    from relgraph.viz.compact import to_json
except ImportError:
    to_json = orjson.dumps
account = pickle.load(sys.stdin.buffer)
now, deal = datetime(2026, 11, 24, 9, tzinfo=UTC), account.deals[0].id
def least(work, make):
    times = []
    for _ in range(int(sys.argv[1])):
        subject = make()
        start = time.process_time()
        result = work(subject)
        times.append((time.process_time() - start) * 1000)
    return min(times), result
def warm():
    evaluation = Evaluation(account, deal, now)
    evaluation.power, evaluation.access, evaluation.stances
    return evaluation
layout, _ = least(lambda e: lay_out(e, "en"), warm)
whole, document = least(build_map, lambda: Evaluation(account, deal, now))
sizes = len(to_json(document)) / 1000, len(to_html(document).encode()) / 1000
print(json.dumps([layout, whole, *sizes]))
"""
"""Run with the code of either side, on the same account."""


def run(open_empty: Callable[[], tuple[Database, dict[str, str]]], name: str) -> list[Section]:
    """How long three customers take to be read, and how often the database is asked."""
    section = Section(
        f"Reading a customer from {name}",
        "CPU time of this process, the least of several reads; round trips as a proxy between "
        "driver and database counts them. "
        f"Goals: at most 3 round trips; {READ_MS / 1000:g} s for the largest.",
        ("people", "ties", "round trips", "CPU time, ms", "wall time, ms"),
    )
    with open_empty()[0] as db:
        for people, ties in SIZES:
            account = large_customer(people, ties)
            fill_account(empty(db), account)
            id_ = account.customer.id
            with counted(db) as (way, trips):
                access = access_to(way, NOW)
                times = []
                for _ in range(RUNS + 1):
                    trips.count = 0
                    start = time.process_time(), time.perf_counter()
                    read_account(access, id_)
                    end = time.process_time(), time.perf_counter()
                    times.append((end[0] - start[0], end[1] - start[1]))
                cpu, wall = (min(each[i] for each in times[1:]) * 1000 for i in (0, 1))
            section.rows.append(
                (
                    f"{len(account.people):,}",
                    f"{ties:,}",
                    str(trips.count),
                    f"{cpu:.1f}",
                    f"{wall:.1f}",
                )
            )
    return [section]


def maps(beside: tuple[Path, str] | None = None) -> list[Section]:
    """The map of the largest; of a commit's tree beside it, in turn, where one is given."""
    people, ties = SIZES[-1]
    account = pickle.dumps(large_customer(people, ties))
    sides = ([(beside[1], beside[0])] if beside else []) + [("now", HERE)]
    section = Section(
        "The map of a large customer" + (f", beside {beside[1]}" if beside else ""),
        f"{people:,} people with {ties:,} ties in memory; CPU time, the least of {RUNS}. Goals: "
        f"layout and routing ≤ {LAYOUT_MS} ms, document ≤ {DOCUMENT_KB:,} kB.",
        ("of", "layout and routing, ms", "whole document, ms", "document, kB", "HTML, kB"),
    )
    for name, tree in sides:
        out = subprocess.run(
            [sys.executable, "-c", MAP, str(RUNS)],
            input=account,
            env=os.environ | {"PYTHONPATH": str(tree)},
            cwd=tree,
            check=True,
            capture_output=True,
        )
        section.rows.append((name, *(f"{figure:,.0f}" for figure in json.loads(out.stdout))))
    return [section]
