"""The one error tree of relgraph.

RelgraphError
├── SettingsError               a setting is missing, malformed or refused
├── NotFound                    no node with this id
├── QueryCatalogError           a query file breaks its own header (programming error)
├── MapRefused                  a map cannot be drawn as asked (unknown option, too large)
├── ImportRefused               the records hold errors; carries every problem found
└── DatabaseError
    ├── DatabaseUnavailable     down, starting, hung or unreachable; worth trying again
    ├── DatabaseLoginRefused    wrong user or password
    ├── DatabaseIncompatible    not Neo4j, too old, or files of another version
    ├── DatabaseDamaged         the local database's files cannot be opened
    ├── ConstraintViolated      a value that must be unique or present is not
    ├── TransactionTooLarge     the database ran out of memory for one transaction
    ├── QueryTimedOut           the database cut a query off
    └── QueryFailed             the database refused a statement (programming error)

Every error has a stable `code` (the same in the API's problem document and in the
documentation), a `message` that says what happened, and, where there is one, a `remedy`
that says what to do. Nothing outside `relgraph.database` raises or catches a driver's error.
"""

from __future__ import annotations

from typing import Any, ClassVar


class RelgraphError(Exception):
    """Base of every error that relgraph raises on purpose."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, remedy: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}" if self.remedy else self.message


class SettingsError(RelgraphError):
    """A setting is missing, malformed or refused."""

    code = "settings_invalid"


class NotFound(RelgraphError):
    """No node of this kind with this id. `details` holds `kind` and `id`."""

    code = "not_found"

    def __init__(self, kind: str, id: str) -> None:  # noqa: A002
        super().__init__(f"There is no {kind} with the id “{id}”.", kind=kind, id=id)


class QueryCatalogError(RelgraphError):
    """A query file breaks its own header (a fault of the program)."""

    code = "query_catalog"


class MapRefused(RelgraphError):
    """A map cannot be drawn or written as asked."""

    code = "map_refused"


class ImportRefused(RelgraphError):
    """The records cannot be imported. `problems` lists everything that is wrong."""

    code = "import_refused"

    def __init__(self, message: str, problems: list[Any], *, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.problems = problems


class DatabaseError(RelgraphError):
    """Any trouble with the database that has no code of its own."""

    code = "database_error"


class DatabaseUnavailable(DatabaseError):
    """The database does not answer now. `retry_after` is in seconds."""

    code = "database_unavailable"

    def __init__(
        self, message: str, *, remedy: str | None = None, retry_after: int = 2, **details: Any
    ) -> None:
        super().__init__(message, remedy=remedy, **details)
        self.retry_after = retry_after


class DatabaseLoginRefused(DatabaseError):
    """Wrong user or password."""

    code = "database_login_refused"


class DatabaseIncompatible(DatabaseError):
    """Not a Neo4j server, too old, or files or migrations of another version."""

    code = "database_incompatible"


class DatabaseDamaged(DatabaseError):
    """The local database's files cannot be opened."""

    code = "database_damaged"


class ConstraintViolated(DatabaseError):
    """A value that must be unique or present is not."""

    code = "constraint_violated"


class TransactionTooLarge(DatabaseError):
    """The database ran out of memory for one transaction."""

    code = "transaction_too_large"


class QueryTimedOut(DatabaseError):
    """A query ran longer than `RELGRAPH_QUERY_TIMEOUT_S` and was cut off."""

    code = "query_timed_out"


class QueryFailed(DatabaseError):
    """The database refused a statement (a fault of the program)."""

    code = "query_failed"
