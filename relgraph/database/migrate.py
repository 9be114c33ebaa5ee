"""Brings a database to this version's constraints and indexes, one numbered file at a time.

A file `NNNN_name.cypher` holds statements separated by `;`, each of which may run again without
harm. Kinds of nodes that no file names have a migration of their own, `kind_NAME`, after the
files. What was applied stands in the database itself, as `Migration` nodes.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Protocol, TypeVar

from relgraph.database.transaction import Transaction
from relgraph.errors import DatabaseError, DatabaseIncompatible, because
from relgraph.schema.kinds import NODE_KINDS
from relgraph.schema.values import Values

T = TypeVar("T")

_NUMBERED = re.compile(r"^(\d{4})_[a-z0-9_]+\.cypher$")
_TRIES = 6
_PAUSE_S = 0.05


class Migratable(Protocol):
    """What a migration needs of a database."""

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a read transaction."""

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a write transaction."""

    def alone(self, text: str) -> list[Values]:
        """Run one statement that cannot share a transaction."""


@cache
def _folder() -> Mapping[str, str]:
    """Every file of the migrations' folder by name."""
    folder = files("relgraph.database").joinpath("migrations")
    return {
        file.name: file.read_text("utf-8")
        for file in sorted(folder.iterdir(), key=lambda f: f.name)
        if file.name.endswith(".cypher")
    }


@cache
def known() -> Mapping[str, list[str]]:
    """Statements of each migration by its name, in order: the numbered files, then the kinds."""
    numbered = {
        name.removesuffix(".cypher"): _statements(text)
        for name, text in _folder().items()
        if _NUMBERED.match(name)
    }
    text = "".join(_folder()[f"{name}.cypher"] for name in numbered)
    template = _folder()["kind.cypher"]
    kinds = {
        f"kind_{kind.name}": [
            statement.replace("{name}", kind.name).replace("{label}", kind.label)
            for statement in _statements(template)
        ]
        for kind in NODE_KINDS
        if f"(n:{kind.label})" not in text
    }
    return numbered | kinds


def run(db: Migratable) -> list[str]:
    """Apply what is missing; the names of what was applied."""
    done = applied(db)
    newer = sorted(done - known().keys())
    if newer:
        raise DatabaseIncompatible(because("newer_database", names=", ".join(newer)))
    missing = [name for name in known() if name not in done]
    record = _folder()["record.cypher"]
    for name in missing:
        for statement in known()[name]:
            _run_again(db, statement)
        db.write(lambda tx, name=name: tx.rows(record, {"id": name}))  # type: ignore[misc]
    return missing


def applied(db: Migratable) -> set[str]:
    """Names of the migrations that the database has had."""
    text = _folder()["applied.cypher"]
    rows: list[Values] = db.read(lambda tx: tx.rows(text, {}))
    return {row["id"] for row in rows}


def _run_again(db: Migratable, statement: str) -> None:
    """Run a statement; a second process that runs it too may make some tries fail.

    Two that wait for each other's locks would meet again if both tried again at once.
    """
    for turn in range(_TRIES):
        try:
            db.alone(statement)
            return
        except DatabaseError:
            if turn == _TRIES - 1:
                raise
            time.sleep(random.uniform(0, _PAUSE_S * 2**turn))  # noqa: S311 - no secret


def _statements(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.startswith("//")]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]
