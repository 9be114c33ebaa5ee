"""Exports that a test writes, and what is read from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from relgraph.database import Database
from relgraph.records.imports.check import check
from relgraph.records.imports.load import ImportResult, import_records
from relgraph.records.imports.profiles.apply import apply_profile
from relgraph.records.imports.profiles.known import profile
from relgraph.records.imports.profiles.model import Profile
from relgraph.records.imports.profiles.report import Mapping
from relgraph.records.problems import Problem
from relgraph.records.rows import Records
from tests.support.access import access_to
from tests.support.service import CASES, NOW


def nothing_stored(_table: str, _ids: set[str]) -> set[str]:
    return set()


def read(path: Path, by: str | Profile) -> tuple[Records, Mapping]:
    """What an empty database would get; a sound export has no problem."""
    chosen = profile(by) if isinstance(by, str) else by
    source, mapping = apply_profile(path, chosen, nothing_stored)
    records = check(source)
    assert records.problems == []
    return records, mapping


def case(name: str, by: str) -> tuple[Records, Mapping]:
    return read(CASES / name / "input", by)


def values(records: Records, table: str, *columns: str) -> list[tuple[Any, ...]]:
    rows = records.tables.get(table, {}).values()
    return [tuple(row.values.get(column) for column in columns) for row in rows]


def folder(path: Path, **files: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text, "utf-8")
    return path


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def load(db: Database, path: Path, by: str, **more: Any) -> ImportResult:
    return import_records(access_to(db, NOW), path, profile=profile(by), **more)
