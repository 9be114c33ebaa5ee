"""Looks whether anybody still uses the server of a directory; see `abandoned`, which starts it.

    python -I -S watch.py DIRECTORY COMMAND…

It lives beside each server, so it loads nothing but what Python itself has loaded, and no part of
relgraph. When nobody was there twice it runs the command, which ends the server in order, or says
by another exit code than 0 that somebody came meanwhile.
"""

from __future__ import annotations

import os
import sys
import time

LOOK_S = 10.0
"""Between two looks. A server that was left alone ends after two to three of them."""
LOOKS = 2
NOT_STARTED = 127


def is_used(run: str) -> bool:
    """Whether a process holds a user's lock, or is about to, in the folder of a server.

    What a crash has left is left to those who hold the lock for longer. Where the system has no
    such locks nobody is seen; the command looks in its own way.
    """
    try:
        with Lock(f"{run}/lock"):  # meanwhile nobody becomes a user, and finds its own file held
            for name in os.listdir(f"{run}/users"):  # noqa: PTH208  # loads less
                if name.endswith(".lock"):
                    try_lock(f"{run}/users/{name}")
    except Held:
        return True
    except OSError:  # the directory was removed
        return False
    return False


def try_lock(file: str) -> None:
    """Raise Held if another process has the lock of a file, which may be gone by now."""
    try:
        with Lock(file):
            pass
    except FileNotFoundError:
        pass


class Held(Exception):
    """Another process holds a lock."""


class Lock:
    """The lock of a file that is there. Raises Held if another process has it."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._descriptor = -1

    def __enter__(self) -> None:
        self._descriptor = os.open(self._file, os.O_RDWR | os.O_CLOEXEC)
        try:
            import fcntl

            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            os.close(self._descriptor)
            raise Held from None
        except (ImportError, OSError):  # there are none here
            return

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


def watch(home: str, command: list[str]) -> None:
    """Return when nobody uses the server and the command has ended it, or is gone itself."""
    alone = 0
    while True:
        time.sleep(LOOK_S)
        alone = 0 if is_used(f"{home}/server") else alone + 1
        if alone >= LOOKS:
            if run(command) == 0:
                return
            if not is_installed(command):
                end_server(home)
                return
            alone = 0


def run(command: list[str]) -> int:
    """The exit code of a command; 127 if it cannot be started."""
    try:
        return os.spawnv(os.P_WAIT, command[0], command)  # noqa: S606
    except OSError:  # Windows says it so
        return NOT_STARTED


def is_installed(command: list[str]) -> bool:
    """Whether the files of a command are there: the program, and what it is to run.

    They are gone when relgraph was uninstalled or its environment removed: then no command will
    ever end the server.
    """
    return all(os.path.exists(word) for word in command if os.path.isabs(word))  # noqa: PTH110, PTH117


def end_server(home: str) -> None:
    """Ask the server of a directory to stop, where its process can be recognised without psutil.

    Elsewhere it is left to whoever starts one in this directory next.
    """
    import json
    import signal

    try:
        with open(f"{home}/server/server.json", encoding="utf-8") as card:  # noqa: PTH123
            running = json.load(card)
        with open(f"/proc/{running['pid']}/cmdline", "rb") as words:  # noqa: PTH123
            if os.fsencode(running["argument"]) in words.read().split(b"\0"):
                os.kill(running["pid"], signal.SIGTERM)
    except (OSError, ValueError, KeyError):
        return


if __name__ == "__main__":
    watch(sys.argv[1], sys.argv[2:])
