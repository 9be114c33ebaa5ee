"""Ends the server of a directory that no relgraph process uses any more.

    python -P abandoned.py DIRECTORY

Whoever leaves last stops the server; who is killed cannot. So each server has a small process
beside it, `watch`, which looks whether anybody still holds a user's lock, and runs this program
when nobody was there twice. Whoever stops the server ends that process, too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from relgraph.database.local import watch

_END_S = 5.0


def start(home: Path, environment: Mapping[str, str]) -> None:
    """Start one for a directory unless there is one; the caller holds the server's lock."""
    if _process(home) is not None:
        return
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-S", watch.__file__, str(home), *command(home)],
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path))},
        start_new_session=True,
    )
    threading.Thread(target=child.wait, name="watch-reaper", daemon=True).start()
    try:
        descriptor = os.open(_card(home), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as card:
            card.write(str(child.pid))
    except OSError:  # a full disk; nobody would find it again
        child.kill()


def command(home: Path) -> list[str]:
    """What ends the server of a directory if it is abandoned still."""
    return [sys.executable, "-P", __file__, str(home)]


def end(home: Path) -> None:
    """End the one of a directory, if there is one; who has run this program ends by itself."""
    process = _process(home)
    if process is not None and process.pid != os.getppid():
        with suppress(psutil.Error):
            process.kill()
            process.wait(_END_S)
    with suppress(OSError):
        _card(home).unlink(missing_ok=True)


def _card(home: Path) -> Path:
    """Where its number stands."""
    return home / "server" / "watch"


def _process(home: Path) -> psutil.Process | None:
    """The live process, or None if it is gone or its number belongs to another one by now."""
    try:
        process = psutil.Process(int(_card(home).read_text("utf-8")))
        words = process.cmdline()
    except (OSError, ValueError, psutil.Error):
        return None
    return process if {watch.__file__, str(home)} <= set(words) else None


def main(home: Path) -> int:
    """End the server unless somebody uses it; the exit code is 0 if there is none any more."""
    from relgraph.database.local.server import LocalServer
    from relgraph.errors import RelgraphError

    try:
        return 0 if LocalServer(home).end_if_abandoned() else 1
    except RelgraphError:  # somebody has been starting it for long
        return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
