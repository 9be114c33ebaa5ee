"""Ends the server of a directory that no relgraph process uses any more.

    python -P abandoned.py DIRECTORY

Whoever leaves last stops the server; who is killed cannot. So each server has this small process
beside it, which looks whether anybody still holds a user's lock. To look it loads nothing of
relgraph. Whoever stops the server ends it, too; by itself it ends when nobody was there twice.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

LOOK_S = 10.0
"""Between two looks. A server that was left alone ends after two to three of them."""
LOOKS = 2
_LOCK_S = 5.0


def is_used(run: Path) -> bool:
    """Whether a process holds a user's lock, or is about to, in the folder of a server.

    What a crash has left is left to those who hold the lock for longer.
    """
    try:
        with FileLock(run / "lock", timeout=_LOCK_S, mode=0o600):
            for file in (run / "users").glob("*.lock"):
                try:
                    with FileLock(file, timeout=0, mode=0o600):
                        pass
                except Timeout:
                    return True
    except Timeout:
        return True
    except OSError:  # the directory was removed
        return False
    return False


def watch(home: Path) -> None:
    """Return when nobody uses the server and it is stopped."""
    alone = 0
    while True:
        time.sleep(LOOK_S)
        alone = 0 if is_used(home / "server") else alone + 1
        if alone >= LOOKS:
            from relgraph.database.local.server import LocalServer
            from relgraph.errors import RelgraphError

            with suppress(RelgraphError):  # somebody has been starting it for long: look again
                if LocalServer(home).end_if_abandoned():
                    return
            alone = 0


def start(home: Path, environment: Mapping[str, str]) -> None:
    """Start one for a directory unless there is one; the caller holds the server's lock."""
    if _process(home) is not None:
        return
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-P", __file__, str(home)],
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


def end(home: Path) -> None:
    """End the one of a directory, if there is one and it is not this process."""
    process = _process(home)
    if process is not None and process.pid != os.getpid():
        with suppress(psutil.Error):
            process.kill()
            process.wait(_LOCK_S)
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
    return process if {__file__, str(home)} <= set(words) else None


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
