"""A process that has imported relgraph and forks itself for each command of a test.

Started as `python command_server.py` by `tests.support.commands`. Each line of its input is a
command as JSON: `words`, `cwd`, `environment`, and the files `out` and `err` for what it prints.
It answers with the exit code. A command runs in a process of its own, as `python -m relgraph`
would, but does not import a second time what its first import took a second for; the modules of
the command line themselves are imported by each.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import sys
import traceback
from importlib import import_module
from typing import Any

NEEDED = (
    *("openpyxl", "rich.console", "typer"),
    *("relgraph.api.app", "relgraph.database", "relgraph.viz.build"),
    *("relgraph.records.activities.collect", "relgraph.records.diagnostics"),
    *("relgraph.records.exports.export", "relgraph.records.imports.load"),
)
"""What commands import, but not the command line, which may look at its environment."""


def become(command: dict[str, Any]) -> int:
    """Run a command in this process, a child that does nothing else; its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, target in (
        (nothing, 0),
        (_file(command["out"]), 1),
        (_file(command["err"]), 2),
    ):
        os.dup2(descriptor, target)
        os.close(descriptor)
    streams = [os.fdopen(number, mode, encoding="utf-8") for number, mode in enumerate("rww")]
    sys.stdin, sys.stdout, sys.stderr = streams
    sys.stderr.reconfigure(errors="backslashreplace")
    os.chdir(command["cwd"])
    os.environ.clear()
    os.environ.update(command["environment"])
    sys.argv = ["relgraph", *command["words"]]
    try:
        runpy.run_module("relgraph", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _file(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


def main() -> None:
    """Serve until the input ends."""
    for name in NEEDED:
        import_module(name)
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(become(json.loads(line)))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
