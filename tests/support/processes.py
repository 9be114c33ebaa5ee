"""relgraph as a process of its own, as users start it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

START_S = 120.0
JAVA_FOR_SHORT_RUNS = "-XX:TieredStopAtLevel=1"
"""A server that lives for seconds does without the compiler that pays off in the long run."""


def own_environment(**more: str) -> dict[str, str]:
    """The environment of a relgraph process, with no setting of whoever runs the tests.

    Its local database is small and made for seconds.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("RELGRAPH_")}
    small = {
        "RELGRAPH_DATABASE_HEAP_MB": "512",
        "RELGRAPH_DATABASE_JAVA_FLAGS": JAVA_FOR_SHORT_RUNS,
    }
    return own | small | {"PYTHONUNBUFFERED": "1", "RELGRAPH_LANG": "en"} | more


@contextmanager
def running(
    folder: Path, *words: str, **environment: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A `relgraph` process once it serves, and its address."""
    log_file = folder / f"output-{words[0]}.txt"
    with log_file.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "relgraph", *words],
            cwd=folder,
            env=own_environment(**environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_S
        while not (serving := re.search(r"Serving (http://\S+)/", log_file.read_text("utf-8"))):
            assert process.poll() is None, f"it ended: {log_file.read_text('utf-8')}"
            assert time.monotonic() < deadline, f"it did not serve: {log_file.read_text('utf-8')}"
            time.sleep(0.02)
        yield process, serving[1]
    finally:
        for member in family(process.pid):
            member.kill()
        process.wait(10)


def family(pid: int) -> list[psutil.Process]:
    """A process and its children; those that ended are left out."""
    try:
        parent = psutil.Process(pid)
        return [p for p in [parent, *parent.children(recursive=True)] if p.status() != "zombie"]
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
