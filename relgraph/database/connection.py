"""Managed transactions on one database, and what relgraph needs to know about it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast
from urllib.parse import urlsplit

from relgraph.database import migrate
from relgraph.database.driver import driver_errors, neo4j
from relgraph.database.retries import Tries
from relgraph.database.transaction import Transaction, plain
from relgraph.database.translate import (
    full,
    not_neo4j,
    too_slow,
    translate,
    unavailable,
    unknown_bookmark,
)
from relgraph.database.waiting import awaited
from relgraph.database.watch import WATCH
from relgraph.errors import (
    DatabaseBusy,
    DatabaseError,
    DatabaseFull,
    DatabaseIncompatible,
    DatabaseUnavailable,
    QueryFailed,
    RelgraphError,
    because,
)
from relgraph.schema.values import Values

T = TypeVar("T")

OLDEST_NEO4J = (5, 26)
CONNECT_TIMEOUT_S = 3.0
CHECK_S = 3.5
"""Longest time of a check; with the start of a command it must stay below 5 s."""
SILENT_S = 2.0
"""How much longer than its time limit a read waits for a database that should keep it itself."""
FULL_FOR_S = 60.0
"""How long a database by URL counts as full after a write that said so."""

# Every error is raised in words of our own; the driver's log is for those who configure one.
logging.getLogger("neo4j").addHandler(logging.NullHandler())
# The databases hint at unknown labels or properties of an empty graph; that is no news here.
logging.getLogger("neo4j.notifications").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """What answers at the address. `product` is its own name and version."""

    address: str
    product: str
    local: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and how to log in. `start` counts the starts of a local server."""

    url: str
    user: str
    password: str = field(repr=False)
    start: int = 0


class Server(Protocol):
    """What keeps the database's server alive; only the local database has one."""

    def address(self) -> Address:
        """What to connect with now. Raises DatabaseUnavailable if it is down."""

    def report_trouble(self) -> None:
        """A connection failed: check the server at once instead of at the next turn."""

    def is_full(self, *, surely: bool = False) -> bool:
        """Whether its disk has no space left; `surely` costs a write."""

    def give_way(self) -> None:
        """Wait while a writer goes first that others have overtaken."""

    def go_first(self) -> AbstractContextManager[None]:
        """Other writers give way as long as this is held."""

    def close(self) -> None:
        """Leave the server; the last one that leaves stops it."""


class Database:
    """A database and its connections. Safe to use from several threads."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        name: str | None = None,
        query_timeout_s: float = 20.0,
        server: Server | None = None,
        label: str | None = None,
    ) -> None:
        self._address = Address(url, user, password)
        self._name = name
        self._timeout = query_timeout_s
        self._server = server
        self._label = label or url
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        self._lock = threading.Lock()
        self._driver: neo4j.Driver | None = None
        self._closed = False
        self._full_at: float | None = None

    # connecting ---------------------------------------------------------------------------

    def _connected(self) -> neo4j.Driver:
        """The driver for the server's present address."""
        address = self._server.address() if self._server is not None else self._address
        with self._lock:
            if self._closed:
                raise DatabaseUnavailable(because("database_closed", where=self._label))
            # A thread that was held up between these lines must not bring an old address back.
            if self._driver is None or address.start > self._address.start:
                if self._driver is not None:
                    with suppress(Exception):
                        self._driver.close()
                _refuse_malformed(address.url)
                try:
                    self._driver = neo4j.GraphDatabase.driver(
                        address.url,
                        auth=(address.user, address.password),
                        connection_timeout=CONNECT_TIMEOUT_S,
                        connection_acquisition_timeout=CONNECT_TIMEOUT_S,
                        max_transaction_retry_time=0,  # `_managed` does it, within bounds
                        telemetry_disabled=True,
                    )
                except (ValueError, driver_errors.ConfigurationError) as error:
                    raise DatabaseIncompatible(
                        because("database_trouble", where=self._label, reason=error)
                    ) from None
                self._address = address
            return self._driver

    def _session(self, bookmarks: Iterable[str] | None, *, mode: str) -> neo4j.Session:
        options: Values = {
            "default_access_mode": mode,
            "bookmark_manager": self._bookmarks,
        }
        if self._name:
            options["database"] = self._name
        if bookmarks:
            try:
                options["bookmarks"] = neo4j.Bookmarks.from_raw_values(bookmarks)
            except ValueError:  # it is no ASCII
                raise unknown_bookmark() from None
        return self._connected().session(**options)

    # transactions -------------------------------------------------------------------------

    def read(
        self,
        work: Callable[[Transaction], T],
        *,
        timeout_s: float | None = None,
        bookmarks: Iterable[str] | None = None,
    ) -> T:
        """Run `work` in a read transaction. It may run again after a passing error.

        A process reads its own writes; `bookmarks` of another one, or those of `waiting_for`,
        make its writes seen too.
        """
        seconds = timeout_s or self._timeout
        bookmarks = bookmarks if bookmarks is not None else awaited()
        return self._managed(work, False, seconds, bookmarks)

    def write(
        self,
        work: Callable[[Transaction], T],
        *,
        timeout_s: float | None = None,
        bookmarks: Iterable[str] | None = None,
    ) -> T:
        """Run `work` in a write transaction: all of it is written, or nothing.

        `work` runs again only where the database is known to have undone it. Where a connection
        is lost while the commit is under way, DatabaseUnavailable says so (`outcome_unknown`) and
        nothing is tried again: the caller looks whether it was written.
        """
        bookmarks = bookmarks if bookmarks is not None else awaited()
        return self._managed(work, True, timeout_s, bookmarks)

    def _managed(
        self,
        work: Callable[[Transaction], T],
        writable: bool,
        timeout_s: float | None,
        bookmarks: Iterable[str] | None,
    ) -> T:
        """Run a transaction, and again after errors that pass (see `retries`).

        The driver's own retries would go on for up to three times as long as they are told to,
        and towards an address that a restarted local server no longer has.
        """
        tries = Tries(writable=writable, local=self._server is not None)
        late_at = self._late_at(timeout_s) if timeout_s and not writable else None
        while True:
            tries.begin()
            try:
                with self._turn(tries) if writable else nullcontext():
                    return self._once(work, writable, timeout_s, late_at, bookmarks, tries)
            except driver_errors.IncompleteCommit as error:
                if late_at is not None and time.monotonic() >= late_at:
                    raise too_slow() from error
                self._trouble()
                raise DatabaseUnavailable(because("commit_lost"), outcome_unknown=True) from error
            except (driver_errors.Neo4jError, driver_errors.DriverError, OSError) as error:
                if late_at is not None and time.monotonic() >= late_at:
                    raise too_slow() from error
                pause = tries.pause_after(error)
                if pause is None:
                    raise self._explained(translate(error, self._label), writable) from error
            time.sleep(pause)

    def _late_at(self, timeout_s: float) -> float:
        """When the connection of a read is cut.

        The local database knows no time limit of a transaction. It ends on its own what is left
        to it here (see `process.STATEMENT_S`). Neo4j keeps the limit, if it answers at all.
        """
        return time.monotonic() + timeout_s + (0 if self._server is not None else SILENT_S)

    def _explained(self, error: DatabaseError, writable: bool) -> DatabaseError:
        """The error, or that the disk is full: the local database does not say why it fails.

        The server is checked where it does not answer; where others were in the way it does.
        """
        if isinstance(error, DatabaseBusy):
            return error
        is_dark = isinstance(error, QueryFailed | DatabaseUnavailable)
        if is_dark and writable and self._server is not None and self._server.is_full(surely=True):
            error = full(self._label)
        if isinstance(error, DatabaseFull):
            self._full_at = time.monotonic()
        elif isinstance(error, DatabaseUnavailable):
            self._trouble()
        return error

    def _turn(self, tries: Tries) -> AbstractContextManager[None]:
        """A writer's turn: Neo4j lets writers wait for one another, the local database does not."""
        if self._server is None:
            return nullcontext()
        if tries.goes_first:
            return self._server.go_first()
        self._server.give_way()
        return nullcontext()

    def _once(
        self,
        work: Callable[[Transaction], T],
        writable: bool,
        timeout_s: float | None,
        late_at: float | None,
        bookmarks: Iterable[str] | None,
        tries: Tries,
    ) -> T:
        deadline = time.monotonic() + timeout_s if timeout_s else None

        @neo4j.unit_of_work(timeout=timeout_s)
        def unit(transaction: neo4j.ManagedTransaction) -> T:
            tries.runs()
            return work(Transaction(transaction, writable=writable, deadline=deadline))

        mode = neo4j.WRITE_ACCESS if writable else neo4j.READ_ACCESS
        session = self._session(bookmarks, mode=mode)
        with WATCH.until(late_at, session), session:
            return session.execute_write(unit) if writable else session.execute_read(unit)

    def _trouble(self) -> None:
        if self._server is not None:
            self._server.report_trouble()

    def last_bookmarks(self) -> list[str]:
        """What another process must wait for to see this process's writes."""
        return sorted(self._bookmarks.get_bookmarks())

    # the database itself ------------------------------------------------------------------

    def check(self, *, deadline_s: float = CHECK_S) -> DatabaseStatus:
        """Ask the database who it is, and refuse what relgraph cannot work with.

        Raises DatabaseUnavailable, DatabaseLoginRefused or DatabaseIncompatible within
        `deadline_s` seconds, also if something accepts the connection and never answers.
        """
        start = time.perf_counter()
        product = _within(deadline_s, self._ask_product, unavailable(self._label))
        elapsed = (time.perf_counter() - start) * 1000
        local = self._server is not None
        if not local:
            _refuse_old(product, self._label)
        return DatabaseStatus(self._label, product, local, elapsed)

    def refuse_full(self) -> None:
        """Raise DatabaseFull if a write would find no space, or has found none a moment ago."""
        since = None if self._full_at is None else time.monotonic() - self._full_at
        is_full = since is not None and since < FULL_FOR_S
        if self._server is not None:
            is_full = self._server.is_full(surely=is_full)
        if is_full:
            raise full(self._label)

    def _ask_product(self) -> str:
        try:
            with self._session(None, mode=neo4j.READ_ACCESS) as session:
                summary = session.run("RETURN 1").consume()
                return str(summary.server.agent)
        except (driver_errors.Neo4jError, driver_errors.DriverError, OSError) as error:
            raise translate(error, self._label) from error
        except RelgraphError:
            raise
        except Exception as error:  # the driver stumbles over bytes that are no Bolt
            raise not_neo4j(self._label) from error

    def migrate(self) -> list[str]:
        """Bring the database to this version's constraints and indexes; names of what was done.

        Safe to run twice and by two processes at once. Raises DatabaseIncompatible for a
        database that a newer relgraph has migrated.
        """
        return migrate.run(self)

    def missing_migrations(self) -> list[str]:
        """Names of migrations that this version knows and the database has not had."""
        done = migrate.applied(self)
        return [name for name in migrate.known() if name not in done]

    def alone(self, text: str) -> list[Values]:
        """One statement that cannot share a transaction (constraints, indexes)."""
        try:
            with self._session(None, mode=neo4j.WRITE_ACCESS) as session:
                return [plain(record) for record in session.run(cast(Any, text))]
        except (driver_errors.Neo4jError, driver_errors.DriverError, OSError) as error:
            raise translate(error, self._label) from error

    def close(self) -> None:
        """Close the connections; the last process that leaves a local server stops it."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            if self._driver is not None:
                with suppress(Exception):
                    self._driver.close()
        if self._server is not None:
            self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _within(seconds: float, work: Callable[[], T], late: RelgraphError) -> T:
    """Result of `work`, or `late` raised after `seconds`; the work is then left to end alone."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # handed to the caller
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return future.result(seconds)
    except FutureTimeoutError:
        raise late from None


def _refuse_malformed(url: str) -> None:
    """What the driver would report in a way of its own, or with the password in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise DatabaseIncompatible(because("address_malformed", reason=error)) from None
    if parts.username or parts.password:
        raise DatabaseIncompatible(because("address_with_password", host=host))


def _refuse_old(product: str, label: str) -> None:
    """Only Neo4j from OLDEST_NEO4J on. `product` is like `Neo4j/5.26.30`."""
    name, _, number = product.partition("/")
    parts = number.split(".")
    if name != "Neo4j" or not parts[0].isdigit():
        raise not_neo4j(label)
    version = (int(parts[0]), int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0)
    if version < OLDEST_NEO4J:
        raise DatabaseIncompatible(because("neo4j_too_old", where=label, number=number))
