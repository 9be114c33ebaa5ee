"""The file of an export that holds its past: the change log, and versions and times of all rows.

`changes.jsonl` stands beside the tables and belongs to exactly them: its first line has their
digests, every other line is one note of the change log (`change`), one removed node or edge
(`deletion`), or version and times of one row (`stamp`). See docs/import-format.md.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from relgraph import queries
from relgraph.errors import ImportRefused, because
from relgraph.records.access import Access
from relgraph.records.batches import pages
from relgraph.records.log.change_log import entries_of
from relgraph.records.problems import Problem, coded_problem, file_problem
from relgraph.schema.kind import Kind, NodeKind
from relgraph.schema.kinds import KIND_BY_PLURAL, kind_of
from relgraph.schema.values import Values

NAME = "changes.jsonl"
FORMAT = "relgraph-changes-1"
KEPT_HERE = ("queue", "restored_by", "place", "unplaced", "brought")
"""Properties of a note that mean something in one database alone."""
STAMPS: dict[str, type] = {"version": int, "created_at": str, "updated_at": str}
ITEMS_A_PAGE = 200
LARGEST_HEADER = 100_000

Line = Values


@dataclass(slots=True)
class Part:
    """As much of the past as one statement or one transaction can write."""

    changes: list[Line] = field(default_factory=list)
    deletions: list[Line] = field(default_factory=list)
    stamps: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))
    size: int = 0
    """Entries of the log, removed nodes and stamps together."""


@dataclass(frozen=True, slots=True)
class Past:
    """A file that was checked to its end. `size` is counted as in `Part`."""

    path: Path
    size: int

    def parts(self, size: int) -> Iterator[Part]:
        """Its lines in order; a part ends when it has reached this size."""
        part = Part()
        for line in _lines(self.path):
            _add_line(part, line)
            if part.size >= size:
                yield part
                part = Part()
        if part.size:
            yield part


# writing ----------------------------------------------------------------------------------


class StampWriter:
    """Collects version and times of the rows that are exported, as lines of the file to be."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def add(self, kind: Kind, row: Values) -> None:
        """One row with all that is stored of it."""
        names = ("id",) if isinstance(kind, NodeKind) else kind.key_names
        key = {name: row.get(name) for name in names}
        props = {name: row[name] for name in STAMPS if row.get(name) is not None}
        self._file.write(_line({"stamp": kind.plural, "key": key, "props": props}))

    def close(self) -> None:
        """Nothing is added any more."""
        self._file.close()


def write_past(access: Access, folder: Path, stamps: Path, tables: list[Kind]) -> int:
    """Write the file into a folder that holds the tables' files; how many notes it has."""
    notes = 0
    digests = {f"{kind.plural}.csv": _digest(folder / f"{kind.plural}.csv") for kind in tables}
    with (folder / NAME).open("wb") as out:
        out.write(_line({"format": FORMAT, "tables": digests}))
        for deletion in _pages(access, "all_deletions", "deletion", "place"):
            deletion.pop("restored_by", None)
            out.write(_line({"deletion": deletion}))
        for change in _pages(access, "changes_after", "change", "id"):
            for name in KEPT_HERE:
                change.pop(name, None)
            out.write(_line({"change": change}))
            notes += 1
        with stamps.open("rb") as lines:
            for line in lines:
                out.write(line)
    return notes


def _pages(access: Access, query: str, column: str, place: str) -> Iterator[Values]:
    def read(after: str) -> list[Values]:
        rows = access.read(
            lambda tx: queries.rows(tx, query, after=after, limit=ITEMS_A_PAGE), timeout_s=600
        )
        return [row[column] for row in rows]

    return pages(read, ITEMS_A_PAGE, lambda item: str(item[place]))


def _line(item: Line) -> bytes:
    return orjson.dumps(item, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# reading ----------------------------------------------------------------------------------


def find_past(folder: Path) -> tuple[Path | None, Problem | None]:
    """The file of a folder if it is of these very tables; else why it is left out."""
    path = folder / NAME
    if not folder.is_dir() or not path.is_file():
        return None, None
    try:
        with path.open("rb") as file:
            head = orjson.loads(file.readline(LARGEST_HEADER))
        known = head["format"] == FORMAT and isinstance(head["tables"], dict)
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        known = False
    if not known:
        return None, file_problem(NAME, "log_foreign")
    files = {file.name for file in folder.glob("*.csv") if file.stem in KIND_BY_PLURAL}
    try:
        same = files == set(head["tables"]) and all(
            _digest(folder / name) == digest for name, digest in head["tables"].items()
        )
    except OSError:
        same = False
    if not same:
        return None, file_problem(NAME, "log_of_others")
    return path, None


def read_past(path: Path) -> Past:
    """Check all of the file. Raises ImportRefused with the first line that is not right."""
    number = 1
    total = Part()
    try:
        for line in _lines(path):
            number += 1
            _add_line(total, line)
            total.changes.clear()
            total.deletions.clear()
            total.stamps.clear()
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        number += isinstance(error, orjson.JSONDecodeError)
        problem = coded_problem(NAME, number, "", "", "log_line")
        raise ImportRefused(because("log_unreadable"), [problem]) from error
    return Past(path, total.size)


def _lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        file.readline()
        for line in file:
            yield orjson.loads(line)


def _add_line(part: Part, line: Line) -> None:
    """Add one line. Raises KeyError, TypeError or ValueError if it is none."""
    if "change" in line:
        change = line["change"]
        entries = entries_of(change)
        texts = ("id", "set_id", "at", "actor", "source", "scope", "scope_key", "entries")
        if not all(isinstance(change[name], str) for name in texts):
            raise TypeError("a note says what it is in text")
        props = {
            name: change[name] for name in (*texts[1:], "note", "undoes", "facts") if name in change
        }
        part.changes.append({"id": change["id"], "props": {**props, "size": len(entries)}})
        part.size += len(entries)
    elif "deletion" in line:
        names = ("id", "place", "node_id", "at", "scope", "merged_into", "version")
        part.deletions.append({name: line["deletion"].get(name) for name in names})
        if not isinstance(part.deletions[-1]["id"], str):
            raise TypeError("a removed node has an id")
        part.size += 1
    else:
        kind = kind_of(line["stamp"])
        parts = ("id",) if isinstance(kind, NodeKind) else kind.key_names
        props = {name: STAMPS[name](value) for name, value in line["props"].items()}
        part.stamps[kind.plural].append({**{n: str(line["key"][n]) for n in parts}, "props": props})
        part.size += 1
