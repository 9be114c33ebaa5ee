"""What a program asks to be written: nodes and edges to make, change or remove.

The members of a request become the values of a row of the import format, so that one path
writes what is imported, what is sent and what is undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from relgraph.records.rows import Key
from relgraph.schema.kind import Kind
from relgraph.schema.values import Values

Must = Literal["create", "change", "either"]


@dataclass(frozen=True, slots=True)
class Upsert:
    """A row to write. An absent value keeps what is stored, None clears it.

    `must` says whether it may be there already; `versions` which of its versions was meant, if
    that matters; `place` is the operation's number in its request.
    """

    kind: Kind
    key: Key
    values: Values
    must: Must = "either"
    versions: frozenset[int] | None = None
    place: int = 0
    version: int = 0
    """Where a node or edge that comes back goes on counting; 0 for a new one."""
    scope: str = ""
    """The customer in whose log it stands, where its values do not name one."""
    is_touched: bool = False
    """Whether a node counts as changed since one of its edges is changed with it."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A node or edge to remove; with `cascade` also what hangs on it.

    `merged_into` is the person that a duplicate is part of from now on.
    """

    kind: Kind
    key: Key
    cascade: bool = False
    versions: frozenset[int] | None = None
    place: int = 0
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """Something that must still be there in one of these versions; it is left as it is."""

    kind: Kind
    key: Key
    versions: frozenset[int]
    place: int = 0


@dataclass(frozen=True, slots=True)
class Merge:
    """Two records of one person: the duplicate's edges and activities go to `key`, then it goes.

    `duplicate_versions` says which of its versions was meant, if that matters.
    """

    kind: Kind
    key: Key
    duplicate: str
    versions: frozenset[int] | None = None
    duplicate_versions: frozenset[int] | None = None
    place: int = 0


Operation = Upsert | Removal | Expectation | Merge
