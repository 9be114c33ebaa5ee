"""`relgraph` commands for tests that look at what a command prints and how it ends.

A command runs in a process of its own, forked from one that has imported relgraph already
(`tests.support.command_server`), since a new Python spends a second on imports alone. Tests of
that start itself, of signals and of services start `python -m relgraph` as users do
(`anew=True`, `tests.support.processes`).
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.support import command_server
from tests.support.processes import own_environment

TIMEOUT_S = 60


def relgraph(
    *words: str, cwd: Path | None = None, anew: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """What a command printed, and its exit code; `anew` starts a Python of its own for it."""
    if anew:
        return subprocess.run(
            [sys.executable, "-m", "relgraph", *words],
            cwd=cwd,
            env=own_environment(**environment),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )
    with tempfile.TemporaryDirectory(prefix="relgraph-command-") as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        command = {
            "words": words,
            "cwd": str(cwd or Path.cwd()),
            "environment": own_environment(**environment),
            "out": str(out),
            "err": str(err),
        }
        code = _answer(command)
        return subprocess.CompletedProcess(
            ["relgraph", *words], code, out.read_text("utf-8"), err.read_text("utf-8")
        )


@cache
def _server() -> subprocess.Popen[bytes]:
    """Ends with this process, whose end closes its input."""
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-P", command_server.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**own_environment(), "PYTHONPATH": str(root)},
        start_new_session=True,
    )


def _answer(command: dict[str, object]) -> int:
    server = _server()
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(json.dumps(command).encode() + b"\n")
    server.stdin.flush()
    ready, _, _ = select.select([server.stdout], [], [], TIMEOUT_S)
    line = server.stdout.readline() if ready else b""
    if line:
        return int(line)
    _server.cache_clear()
    os.killpg(server.pid, 9)
    server.wait()
    server.stdin.close()
    server.stdout.close()
    raise subprocess.TimeoutExpired(["relgraph", *command["words"]], TIMEOUT_S)
