"""A command in a process of its own that says how much memory it has used at most.

    python -m tests.support.memory ROWS_HELD WORDS…

The last line of what it prints are bytes. (What the system says of a child that has ended may be
the memory of whoever began it.)
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from relgraph.records import spool
from tests.support.processes import own_environment

ROOT = Path(__file__).parent.parent.parent


def most_memory(*words: str, rows_held: int = spool.ROWS_HELD, **environment: str) -> int:
    """Bytes that a command of relgraph used at most. RuntimeError with its output if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.memory", str(rows_held), *words],
        cwd=ROOT,
        env=own_environment(**environment),
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    return int(done.stdout.splitlines()[-1])


def _run(rows_held: str, *words: str) -> None:
    from relgraph.cli.tree import root

    spool.ROWS_HELD = int(rows_held)
    root().main(list(words), prog_name="relgraph", standalone_mode=False)
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            sys.stdout.write(f"{int(line.split()[1]) * 1024}\n")


if __name__ == "__main__":
    _run(*sys.argv[1:])
