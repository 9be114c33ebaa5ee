"""The one error tree of relgraph.

RelgraphError
├── SettingsError               a setting is missing, malformed or refused
├── NotFound                    no node with this id, or no such edge
├── AlreadyThere                something with this id is there already
├── HasDependents               other things hang on what was to be removed
├── VersionConflict             somebody has changed it since it was read
├── WriteRefused                what was to be written is wrong; carries every problem
├── UndoRefused                 later changes depend on what was to be undone
├── KeyReused                   an idempotency key came again with another request
├── ResumeRefused               a mark to resume reading from is none, or of another database
├── CursorRefused               a cursor is none, or of another list
├── QueryCatalogError           a query file breaks its own header (programming error)
├── MapRefused                  a map cannot be drawn as asked (unknown option, too large)
├── ProfileRefused              a profile for another system's export cannot be used
├── ImportRefused               the records hold errors; carries every problem found
└── DatabaseError
    ├── DatabaseUnavailable     down, starting, hung or unreachable; worth trying again
    │   └── DatabaseBusy        other writers were faster each time; worth trying again
    ├── DatabaseLoginRefused    wrong user or password
    ├── DatabaseIncompatible    not Neo4j, too old, or files of another version
    ├── DatabaseFull            the disk of the database has no space left
    ├── DatabaseDamaged         the local database's files cannot be opened
    ├── BookmarkRefused         a bookmark is not of this database
    ├── ConstraintViolated      a value that must be unique or present is not
    ├── TransactionTooLarge     the database ran out of memory for one transaction
    ├── QueryTimedOut           the database cut a query off
    └── QueryFailed             the database refused a statement (programming error)

Every error has a stable `code` (the same in the API's problem document and in the
documentation), a `message` that says what happened, and, where there is one, a `remedy`
that says what to do; `text` says both in the reader's language. Nothing outside
`relgraph.database` raises or catches a driver's error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from relgraph.schema.vocabulary import Lang
from relgraph.words import Sentence, Wording, catalogue, filled, noun, say


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is refused, by its name in `words/refusals.toml`, and what fills the gaps."""

    name: str
    values: Mapping[str, object]

    @property
    def sentence(self) -> Sentence:
        """What happened, without the remedy."""
        return Sentence(f"refusal.{self.name}.what", self.values)

    def remedy(self, lang: Lang) -> str | None:
        """What to do about it, or None."""
        key = f"refusal.{self.name}.remedy"
        return say(lang, key, **filled(lang, self.values)) if key in catalogue() else None


def because(name: str, /, **values: object) -> Refusal:
    """The refusal of this name; `values` fill the gaps of its sentences."""
    return Refusal(name, values)


class RelgraphError(Exception, Wording):
    """Base of every error that relgraph raises on purpose.

    `why` is a refusal, which has its sentences in both languages. Plain text is for faults of the
    program alone; a Chinese reader gets the sentence of the code then.
    """

    code: ClassVar[str] = "error"

    def __init__(self, why: Refusal | str, *, remedy: str | None = None, **details: Any) -> None:
        self.why = why
        if isinstance(why, Refusal):
            self.message = why.sentence.text("en")
            self.remedy = why.remedy("en")
        else:
            self.message, self.remedy = why, remedy
        self.details = details
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.text("en")

    def text(self, lang: Lang) -> str:
        """What happened and what to do about it, in the reader's language."""
        parts: tuple[str | None, str | None] = (self.message, self.remedy)
        if lang != "en":
            key = f"error.{self.code}"
            if isinstance(self.why, Refusal):
                parts = self.why.sentence.text(lang), self.why.remedy(lang)
            elif key in catalogue():
                return say(lang, key)
        return (" " if lang == "en" else "").join(filter(None, parts))


class SettingsError(RelgraphError):
    """A setting is missing, malformed or refused."""

    code = "settings_invalid"


class NotFound(RelgraphError):
    """No node of this kind with this id.

    `details` holds `kind`, `id` and `place`: the number of the operation in its request, if it
    was one of a write.
    """

    code = "not_found"

    def __init__(self, kind: str, id: str, place: int | None = None) -> None:  # noqa: A002
        why = because("not_found", kind=noun(kind), id=id)
        super().__init__(why, kind=kind, id=id, place=place)


class AlreadyThere(RelgraphError):
    """Something with this id is there already.

    `details` holds `kind`, `id` and `place`.
    """

    code = "already_there"

    def __init__(self, kind: str, id: str, place: int) -> None:  # noqa: A002
        why = because("already_there", kind=noun(kind), id=id)
        super().__init__(why, kind=kind, id=id, place=place)


class HasDependents(RelgraphError):
    """Other things hang on what was to be removed; `dependents` counts them by kind.

    `details` holds those, `kind`, `id` and `place`.
    """

    code = "has_dependents"
    why: Refusal

    def __init__(self, kind: str, id: str, place: int, dependents: dict[str, int]) -> None:  # noqa: A002
        listed = ", ".join(f"{number} {name}" for name, number in sorted(dependents.items()))
        why = because("has_dependents", kind=noun(kind), id=id, listed=listed)
        super().__init__(why, kind=kind, id=id, place=place, dependents=dependents, listed=listed)


class SharedRecord(RelgraphError):
    """A write would change or remove something that its viewer may not see.

    `details` holds `kind`, `id` and `place` of what the viewer does see.
    """

    code = "shared_record"
    why: Refusal

    def __init__(self, kind: str, id: str, place: int) -> None:  # noqa: A002
        why = because("shared_record", kind=noun(kind), id=id)
        super().__init__(why, kind=kind, id=id, place=place)


class OutOfScope(RelgraphError):
    """What only a viewer who sees all customers may ask for."""

    code = "out_of_scope"


class VersionConflict(RelgraphError):
    """Somebody has changed it since it was read.

    `details["place"]` is the number of the operation, `details["current"]` the present state.
    """

    code = "version_conflict"

    def __init__(self, what: Wording, place: int) -> None:
        why = because("version_conflict", what=what)
        super().__init__(why, what=what.text("en"), place=place, current=None)


class WriteRefused(RelgraphError):
    """What was to be written is wrong. `problems` lists everything that is."""

    code = "write_refused"

    def __init__(self, problems: list[Any]) -> None:
        super().__init__(
            "; ".join(f"{problem.wrong}: {problem.right}" for problem in problems[:3])
            or "Nothing to write."
        )
        self.problems = problems


class UndoRefused(RelgraphError):
    """Later changes depend on what was to be undone. `details["reasons"]` names them."""

    code = "undo_refused"


class KeyReused(RelgraphError):
    """An idempotency key came again with another request."""

    code = "idempotency_key_reused"


class ResumeRefused(RelgraphError):
    """A mark to resume reading from is none, or not one of this database."""

    code = "resume_refused"


class CursorRefused(RelgraphError):
    """A cursor is none, or not one of this list with these parameters."""

    code = "cursor_refused"


class QueryCatalogError(RelgraphError):
    """A query file breaks its own header (a fault of the program)."""

    code = "query_catalog"


class MapRefused(RelgraphError):
    """A map cannot be drawn or written as asked."""

    code = "map_refused"


class ImportRefused(RelgraphError):
    """The records cannot be imported. `problems` lists everything that is wrong."""

    code = "import_refused"

    def __init__(self, why: Refusal, problems: list[Any] | None = None, **details: Any) -> None:
        super().__init__(why, **details)
        self.problems = problems or []
        self.mapping: Any = None
        """What became of another system's export, where one was imported."""


class DatabaseError(RelgraphError):
    """Any trouble with the database that has no code of its own."""

    code = "database_error"


class DatabaseUnavailable(DatabaseError):
    """The database does not answer now. `retry_after` is in seconds."""

    code = "database_unavailable"

    def __init__(
        self,
        why: Refusal | str,
        *,
        remedy: str | None = None,
        retry_after: int = 2,
        **details: Any,
    ) -> None:
        super().__init__(why, remedy=remedy, **details)
        self.retry_after = retry_after


class DatabaseBusy(DatabaseUnavailable):
    """Other writers kept changing the same records, so that this write was given up."""

    code = "database_busy"


class DatabaseLoginRefused(DatabaseError):
    """Wrong user or password."""

    code = "database_login_refused"


class DatabaseIncompatible(DatabaseError):
    """Not a Neo4j server, too old, or files or migrations of another version."""

    code = "database_incompatible"


class DatabaseFull(DatabaseError):
    """The disk of the database has no space left; what is stored can be read."""

    code = "database_full"


class DatabaseDamaged(DatabaseError):
    """The local database's files cannot be opened."""

    code = "database_damaged"


class BookmarkRefused(DatabaseError):
    """A bookmark is not of this database, or too new for it."""

    code = "bookmark_refused"


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
