"""What the tests of the local database do to the machine: processes, files, waiting."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from relgraph.database import Database, open_database
from relgraph.errors import DatabaseUnavailable
from relgraph.settings import Settings, load_settings

HEAP_MB = 256
PUT = "MERGE (c:Customer {id: $id})"
IDS = "MATCH (c:Customer) RETURN c.id AS id ORDER BY id"


def settings_of(path: Path) -> Settings:
    """Settings of a small local database."""
    return load_settings(database_url=f"local:{path}", database_heap_mb=HEAP_MB)


def opened(path: Path) -> Database:
    """A small local database."""
    return open_database(settings_of(path))


def login_of(db: Database) -> tuple[str, str, str]:
    """URL, user and password of a database by URL."""
    return db._address.url, db._address.user, db._address.password


def put(db: Database, id_: str) -> None:
    """Write one customer."""
    db.write(lambda tx: tx.rows(PUT, {"id": id_}))


def ids(db: Database) -> list[str]:
    """Ids of all customers."""
    return [row["id"] for row in db.read(lambda tx: tx.rows(IDS, {}))]


def works(db: Database) -> bool:
    """Whether the database answers now."""
    try:
        return bool(db.read(lambda tx: tx.rows("RETURN 1 AS one", {})))
    except DatabaseUnavailable:
        return False


def drop_all(db: Database) -> None:
    """Drop all records and constraints of a Neo4j, as if there never had been a migration."""
    db.write(lambda tx: tx.rows("MATCH (n) DETACH DELETE n", {}))
    for kind, kinds in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
        text = f"SHOW {kinds} YIELD name, type"
        for row in db.read(lambda tx, text=text: tx.rows(text, {})):  # type: ignore[misc]
            if row["type"] != "LOOKUP":  # of Neo4j's own
                db.alone(f"DROP {kind} {row['name']} IF EXISTS")


def server_of(path: Path) -> psutil.Process:
    """The running server of a local database."""
    return psutil.Process(json.loads((path / "server/server.json").read_text())["pid"])


def servers_under(path: Path) -> list[psutil.Process]:
    """Every server on this machine that works for a local database."""
    return [process for process in psutil.process_iter() if _serves(process, path)]


def _serves(process: psutil.Process, path: Path) -> bool:
    try:
        return process.name().startswith("java") and str(path) in " ".join(process.cmdline())
    except psutil.Error:
        return False


def checksums(folder: Path) -> dict[str, str]:
    """Every file below a folder with what it holds; locks and their folder aside."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and folder / "server" not in file.parents
    }


def eventually(question: Callable[[], Any], within_s: float = 20.0) -> Any:
    """The first answer that is true; fails after `within_s` seconds."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"still not true after {within_s:g} s")


class OtherProcess:
    """A second relgraph on the same local database, which takes its orders by lines."""

    PROGRAM = """
import sys
from pathlib import Path
from relgraph.errors import DatabaseUnavailable
from tests.database.machine import ids, opened, put
with opened(Path(sys.argv[1])) as db:
    print("open", flush=True)
    for line in sys.stdin:
        verb, _, rest = line.strip().partition(" ")
        if verb == "leave":
            break
        try:
            if verb == "put":
                put(db, rest)
            print(",".join(ids(db)) or "-", flush=True)
        except DatabaseUnavailable:
            print("unavailable", flush=True)
"""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self.PROGRAM, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def is_open(self) -> Self:
        """Wait until it has opened the database."""
        assert self._line() == "open"
        return self

    def ask(self, line: str) -> list[str]:
        """Give it a line; the ids of all customers that it sees then."""
        self.send(line)
        answer = self._line()
        return [] if answer == "-" else answer.split(",")

    def ask_again(self, line: str, within_s: float) -> list[str]:
        """Ask until the database is there."""
        return eventually(lambda: self._unless_unavailable(line), within_s)

    def _unless_unavailable(self, line: str) -> list[str] | None:
        answer = self.ask(line)
        return None if answer == ["unavailable"] else answer

    def send(self, line: str) -> None:
        """Give it a line and do not wait."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def leave(self) -> None:
        """Close the database and end."""
        self.send("leave")
        assert self._process.wait(20) == 0

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()
        self._process.wait()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self.kill()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
