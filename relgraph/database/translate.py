"""Turns the errors of the driver, and of both databases, into relgraph's own.

The local database reports some refusals with other codes than Neo4j does (a violated constraint
as a general error, for instance), so the text is looked at where the code is not enough.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator

from relgraph import errors
from relgraph.database.driver import driver_errors as driver
from relgraph.errors import because

_CONSTRAINT_TEXTS = ("duplicated key", "duplicatedkeyexception", "already exists with label")
_MEMORY_TEXTS = ("outofmemory", "out of memory", "memorypool", "memory pool")
_COLLISIONS = frozenset(
    {"DeadlockDetected", "LockAcquisitionTimeout", "Outdated", "ConstraintsChanged"}
)
"""How codes end that say that another transaction was in the way; the local database reports what
another one has changed meanwhile as a deadlock."""
_FULL_TEXTS = ("no space left on device", "disk quota exceeded", "not enough space on the disk")


def unknown_bookmark() -> errors.BookmarkRefused:
    """What is said of a bookmark that is of no write of this database."""
    return errors.BookmarkRefused(because("unknown_bookmark"))


def translate(error: Exception, where: str) -> errors.DatabaseError:
    """The relgraph error for a driver's error; `where` names the database for the reader."""
    text = str(error)
    if is_memory_error(error):
        return errors.TransactionTooLarge(because("out_of_memory", where=where))
    if is_constraint_error(error):
        return errors.ConstraintViolated(because("value_taken", reason=text))
    if says_full(text):
        return full(where)
    if is_collision(error):
        return errors.DatabaseBusy(because("records_contended"))
    if isinstance(error, driver.AuthError):
        return errors.DatabaseLoginRefused(because("login", where=where))
    if "AuthenticationRateLimit" in (getattr(error, "code", None) or ""):
        return errors.DatabaseLoginRefused(because("login_paused", where=where))
    if isinstance(error, driver.UnsupportedServerProduct):
        return not_neo4j(where)
    if any("looks like HTTP" in str(reason) for reason in _reasons(error)):
        return not_neo4j(where)
    if any(isinstance(reason, ssl.SSLError) for reason in _reasons(error)):
        return errors.DatabaseIncompatible(because("no_encryption", where=where))
    if isinstance(error, driver.ConfigurationError | driver.CertificateConfigurationError):
        return errors.DatabaseIncompatible(because("database_trouble", where=where, reason=text))
    if _is_unavailable(error) and "Bookmark" not in (getattr(error, "code", None) or ""):
        return unavailable(where)
    if isinstance(error, driver.Neo4jError):
        code = error.code or ""
        if "Bookmark" in code:
            return unknown_bookmark()
        if "TransactionTimedOut" in code or "Terminated" in code or "timeout" in text.lower():
            return too_slow()
        if "DatabaseNotFound" in code:
            return errors.DatabaseIncompatible(because("no_such_database", where=where))
    return errors.QueryFailed(because("statement", reason=text))


def is_memory_error(error: Exception) -> bool:
    """Whether the database ran out of memory; such an error must not be retried."""
    text = f"{getattr(error, 'code', '')} {error}".lower()
    return any(part in text for part in _MEMORY_TEXTS)


def is_collision(error: Exception) -> bool:
    """Whether another transaction was in the way, and this one was undone."""
    code = getattr(error, "code", None) or ""
    return isinstance(error, driver.Neo4jError) and code.rpartition(".")[2] in _COLLISIONS


def is_constraint_error(error: Exception) -> bool:
    """Whether a unique value was taken; on the local database this may be a lost race."""
    text = str(error).lower()
    return isinstance(error, driver.ConstraintError) or any(t in text for t in _CONSTRAINT_TEXTS)


def says_full(text: str) -> bool:
    """Whether an error or a log says that a disk is full, as each system puts it."""
    text = text.lower()
    return any(part in text for part in _FULL_TEXTS)


def full(where: str) -> errors.DatabaseFull:
    """The database cannot write any more."""
    return errors.DatabaseFull(because("disk_full", where=where))


def too_slow() -> errors.QueryTimedOut:
    """A query took longer than it may."""
    return errors.QueryTimedOut(because("too_slow"))


def unavailable(where: str) -> errors.DatabaseUnavailable:
    """The database does not answer."""
    return errors.DatabaseUnavailable(because("no_answer", where=where))


def not_neo4j(where: str) -> errors.DatabaseIncompatible:
    """Something answers that is not a Neo4j database."""
    return errors.DatabaseIncompatible(because("not_neo4j", where=where))


def _reasons(error: BaseException) -> Iterator[BaseException]:
    """An error and all that led to it; where it asks for a route the driver hides the reason."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _reasons(inner)
    if error.__cause__ is not None:
        yield from _reasons(error.__cause__)


def _is_unavailable(error: Exception) -> bool:
    return isinstance(
        error,
        driver.ServiceUnavailable
        | driver.SessionExpired
        | driver.ConnectionPoolError
        | driver.TransientError
        | driver.DatabaseUnavailable
        | OSError,
    )
