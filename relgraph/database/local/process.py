"""Starts one server process, waits until it truly answers, and stops it."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from relgraph.database.driver import neo4j
from relgraph.database.local.home import DATABASE, RESTORE, Home
from relgraph.database.local.logs import LogWriter
from relgraph.database.local.runtime import Runtime, arguments
from relgraph.database.translate import full, says_full
from relgraph.errors import DatabaseDamaged, DatabaseError, DatabaseUnavailable, because
from relgraph.words import Sentence

USER = "root"
START_TIMEOUT_S = 40.0
STOP_TIMEOUT_S = 10.0
PROBE_TIMEOUT_S = 2.0
STATEMENT_S = 60.0
"""Longest time of one statement, also of one that nobody waits for any more."""
_POLL_S = 0.03
_OPENING = "ArcadeDBServer.loadDatabases"
_LOCKED = "LockException"
_NO_JAVA = "Error: Could not create the Java Virtual Machine."
_HANDED_ON = frozenset(
    {
        *("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
        *("USERPROFILE", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC"),
    }
)
"""Variables that a server gets; those of a language begin with LC_."""


@dataclass(frozen=True, slots=True)
class Running:
    """A started server. By `argument`, of its command line, its pid is recognised."""

    pid: int
    started: float
    bolt_port: int
    http_port: int
    version: str
    argument: str
    child: subprocess.Popen[bytes] | None = field(default=None, compare=False, repr=False)
    """The child itself, in the process that started it."""

    @property
    def url(self) -> str:
        return f"bolt://127.0.0.1:{self.bolt_port}"

    def process(self) -> psutil.Process | None:
        """The live process, or None if it is gone or the number belongs to another by now."""
        try:
            process = psutil.Process(self.pid)
            # Not by the time of its start, which moves when the clock of the machine is set.
            return process if self.argument in process.cmdline() else None
        except psutil.Error:
            return None

    def to_json(self) -> str:
        """Everything that another process needs to find it."""
        names = ("pid", "started", "bolt_port", "http_port", "version", "argument")
        return json.dumps({name: getattr(self, name) for name in names})

    def reap(self) -> None:
        """Wait until nothing of the child is left in the process table."""
        if self.child is not None:
            with suppress(subprocess.TimeoutExpired):  # its reaper goes on waiting
                self.child.wait(STOP_TIMEOUT_S)

    @classmethod
    def from_file(cls, file: Path) -> Running | None:
        """The server that a file describes; None if it is missing or was cut off by a crash."""
        try:
            return cls(**json.loads(file.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None


def start(
    home: Home,
    runtime: Runtime,
    heap: int,
    statement_s: float,
    announce: Callable[[Running], None],
) -> Running:
    """Start a server on free loopback ports and wait until it answers over Bolt.

    `announce` is called as soon as the process is there, so that one whose parent is killed
    while it starts can be found. Raises DatabaseUnavailable if the server does not answer, with
    the last lines of its log; then the process is gone.
    """
    bolt, http = _free_ports(2)
    password = home.password()
    properties = {
        "arcadedb.server.rootPath": str(home.run),
        "arcadedb.server.databaseDirectory": str(home.databases),
        "arcadedb.server.rootPassword": password,
        "arcadedb.server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "arcadedb.server.mode": "production",
        "arcadedb.server.httpIncomingHost": "127.0.0.1",
        "arcadedb.server.httpIncomingPort": str(http),
        "arcadedb.bolt.host": "127.0.0.1",
        "arcadedb.bolt.port": str(bolt),
        # To make guesses dear takes a sixth of a start; nobody guesses 256 random bits.
        "arcadedb.server.saltIterations": "1000",
        "arcadedb.txWalFlush": "2",
        "arcadedb.opencypher.loadCsv.allowFileUrls": "false",
        "arcadedb.command.timeout": f"{statement_s * 1000:.0f}",
        # Its gate would let a few slow queries keep everybody waiting, the supervisor too, who
        # would treat a busy server as a hung one.
        "arcadedb.queryMaxConcurrent": "0",
    }
    # The server creates its users again from the password; what it knew of them is not data.
    (home.run / "config" / "server-users.jsonl").unlink(missing_ok=True)
    file = _argument_file(home)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(arguments(runtime, heap=heap, properties=properties))
    log = LogWriter(home.log)
    with log.pipe() as sink:
        # A session of its own: Ctrl-C in the terminal reaches relgraph, which stops it in order.
        child = subprocess.Popen(  # noqa: S603
            [str(runtime.java), f"@{file}"],
            cwd=home.run,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=clean_environment(),
            start_new_session=True,
            umask=0o077 if os.name == "posix" else -1,
        )
    # It may outlive this process's use of it and be stopped by another: whenever it ends, its
    # parent must take notice, or it would stay in the process table.
    threading.Thread(target=child.wait, name="database-reaper", daemon=True).start()
    running = Running(child.pid, time.time(), bolt, http, runtime.version, f"@{file}", child)
    try:
        announce(running)
        _wait_until_ready(child, running, password, log, create=not home.has_database)
    except BaseException:
        kill(running)
        raise
    finally:
        file.unlink(missing_ok=True)
    return running


def clean_environment() -> dict[str, str]:
    """What a server needs of this process's environment.

    Tokens and passwords are nobody else's, and what a user has set for other Java programs (a
    smaller heap, an agent that listens on a port) is not meant for this one.
    """
    return {
        name: text
        for name, text in os.environ.items()
        if name.upper() in _HANDED_ON or name.upper().startswith("LC_")
    }


def end_strays(home: Home) -> None:
    """End servers of this directory that nobody knows of.

    One is left where a process was killed just after it had started its server, or where the
    directory was removed under a running one. It holds the files, or would serve none.
    """
    argument = f"@{_argument_file(home)}"
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name().startswith("java") and argument in process.cmdline():
                process.kill()
                process.wait(STOP_TIMEOUT_S)


def _argument_file(home: Home) -> Path:
    """Its path stands on the server's command line, where it identifies the directory."""
    return home.run.resolve() / "arguments"


def _wait_until_ready(
    child: subprocess.Popen[bytes],
    running: Running,
    password: str,
    log: LogWriter,
    *,
    create: bool,
) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise _failed("start_ended", log)
        if create and _create_database(running.http_port, password):
            create = False
        if not create and answers(running, password):
            return
        time.sleep(_POLL_S)
    raise _failed("start_late", log, seconds=f"{START_TIMEOUT_S:.0f}")


def _failed(what: str, log: LogWriter, **values: str) -> DatabaseError:
    """The error for a server that did not start, with the reason that its log gives."""
    lines = [line.strip() for line in log.tail().splitlines() if line.strip()]
    causes = [line for line in lines if "Exception" in line and not line.startswith("at ")]
    if _NO_JAVA in lines[1:]:  # for instance a flag that it does not know
        causes = [lines[lines.index(_NO_JAVA) - 1]]
    cause = (causes or lines or [""])[-1].removeprefix("Caused by: ")
    reason = cause or Sentence("named.no_log")
    if any(says_full(line) for line in lines):
        return full(str(log.path.parent.parent))
    if any(_OPENING in line for line in lines) and _LOCKED not in cause:
        return DatabaseDamaged(because("unopened", reason=reason, restore=RESTORE, log=log.path))
    return DatabaseUnavailable(because(what, log=log.path, reason=reason, **values))


def answers(running: Running, password: str, timeout_s: float = PROBE_TIMEOUT_S) -> bool:
    """Whether the server answers a query in time. An open port alone proves nothing.

    The driver waits for an answer without an end: a question left open ends with the server.
    """
    answer: list[bool] = []
    thread = threading.Thread(
        target=lambda: answer.append(_answers(running, password, timeout_s)), daemon=True
    )
    thread.start()
    thread.join(timeout_s)
    return answer == [True]


def _answers(running: Running, password: str, timeout_s: float) -> bool:
    try:
        with (
            neo4j.GraphDatabase.driver(
                running.url,
                auth=(USER, password),
                connection_timeout=timeout_s,
                connection_acquisition_timeout=timeout_s,
                max_transaction_retry_time=0,
            ) as driver,
            driver.session(database=DATABASE) as session,
        ):
            return session.run("RETURN 1 AS answer").single() is not None
    except Exception:  # whatever it is, the server did not answer
        return False


def _create_database(port: int, password: str) -> bool:
    """Create the database over HTTP; True if it is there now."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/server",
        data=json.dumps({"command": f"create database {DATABASE}"}).encode(),
        headers={
            "Authorization": "Basic " + base64.b64encode(f"{USER}:{password}".encode()).decode(),
            "Content-Type": "application/json",
        },
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PROBE_TIMEOUT_S):
            return True
    except urllib.error.HTTPError as error:
        return b"already exists" in error.read().lower()
    except (OSError, ValueError):
        return False


def stop(running: Running) -> bool:
    """Stop the server in order; True if it ended by itself."""
    process = running.process()
    if process is None:
        running.reap()
        return False
    try:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_TIMEOUT_S)
    except psutil.TimeoutExpired:
        kill(running)
        return False
    except psutil.NoSuchProcess:
        return False
    finally:
        running.reap()
    return True


def kill(running: Running) -> None:
    """End the server at once; what it had acknowledged is in its log of writes."""
    process = running.process()
    with suppress(psutil.Error):
        if process is not None:
            process.kill()
            process.wait(STOP_TIMEOUT_S)
    running.reap()


def _free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody uses now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for sock in sockets:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in sockets]
    finally:
        for sock in sockets:
            sock.close()
