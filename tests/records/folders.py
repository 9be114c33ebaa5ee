"""Import folders for tests, written as tables of rows."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from relgraph.database import Database
from relgraph.records.exports.export import export_records
from relgraph.records.imports.load import ImportResult, import_records
from tests.support.access import access_to

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
Tables = dict[str, list[dict[str, Any]]]


def folder(path: Path, **tables: list[dict[str, Any]]) -> Path:
    """A folder of CSV files; a missing key of a row is a blank cell."""
    path.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, columns)
            out.writeheader()
            out.writerows(rows)
    return path


def workbook(path: Path, **tables: list[list[Any]]) -> Path:
    """An .xlsx file with a sheet a table; the first row is the header."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def change_sheet(path: Path, change: Callable[[str], str]) -> Path:
    """Rewrite the XML of a workbook's first sheet."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return path


def load(db: Database, source: Path, **options: Any) -> ImportResult:
    """Import at a fixed time."""
    when, actor = options.pop("now", NOW), options.pop("actor", "")
    return import_records(access_to(db, when, actor), source, **options)


def exported(db: Database, target: Path) -> dict[str, list[dict[str, str]]]:
    """The whole graph as it is exported: rows of each table, in a fixed order."""
    export_records(access_to(db), target)
    tables = {}
    for file in sorted(target.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as content:
            rows = list(csv.DictReader(content))
        tables[file.stem] = sorted(rows, key=lambda row: sorted(row.items()))
    return tables


def account(**more: list[dict[str, Any]]) -> Tables:
    """A customer with a boss, two people, a deal, one of us; `more` adds or replaces tables."""
    tables: Tables = {
        "customers": [{"id": "c", "name": "C"}],
        "departments": [{"id": "d", "customer_id": "c", "name": "D"}],
        "stakeholders": [
            {"id": "boss", "customer_id": "c", "name": "Boss", "top": "true"},
            {"id": "a", "customer_id": "c", "department_id": "d", "name": "A",
             "manager_id": "boss"},
            {"id": "b", "customer_id": "c", "department_id": "d", "name": "B",
             "manager_id": "boss"},
        ],
        "members": [{"id": "m", "name": "M"}],
        "deals": [{"id": "deal", "customer_id": "c", "name": "Deal"}],
    }  # fmt: skip
    return tables | more
