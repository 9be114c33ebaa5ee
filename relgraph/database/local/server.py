"""One server shared by all relgraph processes that use its directory.

    server/lock          held for moments, while somebody starts, finds or leaves the server
    server/server.json   which process it is and where it listens
    server/first.lock    there while a writer goes first that others have overtaken
    server/watch         which process looks whether anybody is left (see `abandoned`)
    server/users/*.lock  one a process, held as long as it lives; the system frees it in a crash

The first process starts the server, others find it, the last one that leaves stops it.
"""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from relgraph.database.connection import Address
from relgraph.database.local import abandoned, process
from relgraph.database.local.home import DATABASE, Home, write_atomically
from relgraph.database.local.logs import LogWriter
from relgraph.database.local.precedence import Precedence
from relgraph.database.local.process import Running
from relgraph.database.local.runtime import find_runtime, heap_mb
from relgraph.database.local.space import is_full, is_nearly_full, unwritable
from relgraph.database.local.supervisor import Supervisor
from relgraph.errors import DatabaseUnavailable, Refusal, because

LOCK_TIMEOUT_S = 60.0
QUESTIONS = 3
"""How many a live server may leave unanswered, one after the other, before it is replaced."""


class LocalServer:
    """The share of one process in the server of a directory."""

    database = DATABASE

    def __init__(
        self,
        path: Path,
        *,
        heap_mb: int | None = None,
        java_flags: Sequence[str] = (),
        query_timeout_s: float = 0,
    ) -> None:
        runtime = find_runtime()
        self._runtime = replace(runtime, flags=(*runtime.flags, *java_flags))
        self.home = Home(path, self._runtime.version)
        self._heap = heap_mb
        self._statement_s = max(process.STATEMENT_S, query_timeout_s)
        self._running: Running | None = None
        self._address: Address | None = None
        self._trouble: Refusal | None = because("local_starting")
        self._user_lock: FileLock | None = None
        self._precedence = Precedence(self.home.run / "first.lock")
        self._supervisor = Supervisor(self)
        self._closing = threading.Event()

    # joining and leaving --------------------------------------------------------------------

    def join(self) -> None:
        """Find the running server or start one, and watch over it from now on.

        Raises DatabaseIncompatible, DatabaseDamaged, DatabaseFull or DatabaseUnavailable; then
        nothing of the directory was changed that held data.
        """
        self.home.inspect()
        self.home.make_run_folder()
        try:
            with self._locked():
                self._become_user()
                try:
                    self._adopt(self._find() or self._start())
                except BaseException:
                    self._cease_user()
                    raise
        except OSError as error:
            raise unwritable(self.home.path, error) from None
        self._supervisor.start()

    def close(self) -> None:
        """Leave; the last process that leaves stops the server."""
        self._closing.set()
        self._supervisor.stop()
        with self._locked():
            self._cease_user()
            if not self._others():
                self._stop()

    def end_if_abandoned(self) -> bool:
        """Stop the server if no process uses it; whether none does. Not for a user itself."""
        try:
            with self._locked():
                if self._others():
                    return False
                self._stop()
        except OSError:  # the directory was removed
            process.end_strays(self.home)
        return True

    def _stop(self) -> None:
        running = Running.from_file(self._card)
        abandoned.end(self.home.path)
        if running is None:
            return
        if running == self._running:
            running = self._running
        if process.stop(running):
            with suppress(OSError):  # without it the next start treats this as a crash
                self.home.write_manifest()
        self._card.unlink(missing_ok=True)

    # what the connection asks -----------------------------------------------------------------

    def address(self) -> Address:
        """What to connect with. Raises DatabaseUnavailable at once while the server is down."""
        address = self._address
        if self._trouble is not None or address is None:
            raise DatabaseUnavailable(self._trouble or because("local_down"))
        return address

    def report_trouble(self) -> None:
        """A connection failed: the supervisor checks the server at once."""
        self._supervisor.look_now()

    def is_full(self, *, surely: bool = False) -> bool:
        """Whether its disk has no space left; `surely` tries to write, which a quota may refuse."""
        return is_full(self.home.run) if surely else is_nearly_full(self.home.run)

    def give_way(self) -> None:
        """Wait while a writer goes first that others have overtaken."""
        self._precedence.give_way()

    def go_first(self) -> AbstractContextManager[None]:
        """Other writers, of all processes, give way as long as this is held."""
        return self._precedence.go_first()

    # what the supervisor asks -------------------------------------------------------------------

    @property
    def running(self) -> Running | None:
        return self._running

    def answers(self, running: Running) -> bool:
        """Whether the server answers a query in time."""
        return process.answers(running, self._address.password if self._address else "")

    def set_silent(self, silent: bool) -> None:
        """Whether a question was left unanswered: then nobody else is kept waiting for one."""
        self._trouble = because("local_silent") if silent else None

    def rotate_log(self) -> None:
        """Keep the log of a server that runs for long within its bounds."""
        log = LogWriter(self.home.log)
        if log.is_long():
            with self._locked():
                if log.is_long():  # no other process was faster
                    log.rotate()

    def revive(self, seen: Running) -> bool:
        """Replace the server `seen`, which does not answer, unless another process has done it.

        False if there is no server now; then requests get the reason.
        """
        self._trouble = because("local_stopped")
        try:
            with self._locked():
                if self._closing.is_set():
                    return False
                running = Running.from_file(self._card)
                if running is None or running == seen or not self._is_sound(running):
                    process.kill(seen)
                    if running is not None:
                        process.kill(running)
                    running = self._start()
                self._adopt(running)
        except Exception as error:  # whatever it is, the watch goes on and it is tried again
            known = unwritable(self.home.path, error) if isinstance(error, OSError) else error
            self._trouble = because("local_failed", reason=known)
            return False
        return True

    # helpers ------------------------------------------------------------------------------------

    @property
    def _card(self) -> Path:
        return self.home.run / "server.json"

    @property
    def _users(self) -> Path:
        return self.home.run / "users"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = _lock(self.home.run / "lock", LOCK_TIMEOUT_S)
        try:
            with lock:
                yield
        except Timeout:
            raise DatabaseUnavailable(
                because("start_contended", path=self.home.path, seconds=f"{LOCK_TIMEOUT_S:.0f}")
            ) from None

    def _find(self) -> Running | None:
        """The server that another process has started, if it answers; a dead one is forgotten."""
        running = Running.from_file(self._card)
        if running is not None and self._is_sound(running):
            return running
        if running is not None:
            process.kill(running)
            self._card.unlink(missing_ok=True)
        return None

    def _is_sound(self, running: Running) -> bool:
        """Whether it lives and answers. One that works hard for others may miss a question."""
        return any(
            running.process() is not None and process.answers(running, self.home.password())
            for _ in range(QUESTIONS)
        )

    def _start(self) -> Running:
        self.home.prepare()
        self.home.forget_manifest()
        process.end_strays(self.home)
        try:
            return process.start(
                self.home, self._runtime, heap_mb(self._heap), self._statement_s, self._announce
            )
        except BaseException:
            abandoned.end(self.home.path)
            raise

    def _announce(self, running: Running) -> None:
        write_atomically(self._card, running.to_json())
        abandoned.start(self.home.path, process.clean_environment())

    def _adopt(self, running: Running) -> None:
        # Also of a server that another process has started and did not live to see ready: from
        # now on it holds records, and no later start may treat it as one that was cut off.
        self.home.finish()
        abandoned.start(self.home.path, process.clean_environment())
        self._running = running
        start = self._address.start + 1 if self._address else 1
        self._address = Address(running.url, process.USER, self.home.password(), start)
        self._trouble = None

    def _become_user(self) -> None:
        self._users.mkdir(parents=True, exist_ok=True)
        self._user_lock = _lock(self._users / f"{os.getpid()}-{uuid.uuid4().hex[:8]}.lock")
        self._user_lock.acquire()

    def _cease_user(self) -> None:
        if self._user_lock is not None:
            self._user_lock.release()
            with suppress(OSError):
                Path(self._user_lock.lock_file).unlink(missing_ok=True)
            self._user_lock = None

    def _others(self) -> bool:
        """Whether another process uses the server; locks that a crash has left are removed."""
        alive = False
        for file in self._users.glob("*.lock"):
            lock = _lock(file)
            try:
                lock.acquire()
            except Timeout:
                alive = True
            else:
                lock.release()
                file.unlink(missing_ok=True)
        return alive


def _lock(file: Path, timeout_s: float = 0) -> FileLock:
    return FileLock(file, timeout=timeout_s, mode=0o600, thread_local=False)
