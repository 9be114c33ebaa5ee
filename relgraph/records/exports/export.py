"""Writes everything in the import format: a folder of CSV files or one .xlsx workbook.

Importing what was exported into an empty database gives the same graph; a folder also holds the
past (see `past`), so that log, versions and times are the same, too. Files appear complete or not
at all: they are written beside their place and moved there at the end.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import RelgraphError, because
from relgraph.records.access import Access
from relgraph.records.exports.past import NAME as PAST
from relgraph.records.exports.past import StampWriter, write_past
from relgraph.records.exports.written import written_now
from relgraph.records.progress import Progress, no_progress
from relgraph.records.tables.formulas import as_written, guarded, unguarded
from relgraph.records.tables.numbers import number_text
from relgraph.records.tables.workbook import escaped
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.kinds import EMPLOYMENT, KINDS, REPORTING_LINE, STAKEHOLDER
from relgraph.schema.storage import LIST_FIELDS, SYSTEM_FIELDS
from relgraph.schema.values import Values
from relgraph.words import reason

NODES_A_PAGE = 2_000
EDGES_A_PAGE = 10_000
"""As many nodes are taken at once as have some so many edges, going by those before them."""
FIRST_NODES = 100
EXCEL_ROWS = 1_048_575

Rows = Iterator[Values]
Named = dict[str, tuple[str | None, str | None]]
"""Employer and manager that stakeholders.csv names for people, by id."""
_WITH_PEOPLE = (EMPLOYMENT, REPORTING_LINE)
"""Kinds of edges that start from a person and of which stakeholders.csv may hold all."""
Reader = Literal["programs", "spreadsheet"]
"""For whom an export is written."""


class ExportRefused(RelgraphError):
    """The export cannot be written where it was asked for."""

    code = "export_refused"


@dataclass(frozen=True, slots=True)
class Exported:
    """Rows by table, and notes of the change log.

    `overtaken` is true if something was committed meanwhile, whenever that write began: the tables
    may not agree with one another.
    """

    counts: dict[str, int]
    notes: int
    overtaken: bool


def export_records(
    access: Access,
    target: Path,
    *,
    progress: Progress = no_progress,
    reader: Reader = "programs",
) -> Exported:
    """Write all records to a folder, or to a workbook if `target` ends in .xlsx.

    For the `reader` "spreadsheet" the cells of CSV files that it would run as formulas are guarded
    (see `tables.formulas`); a workbook marks them as text for any reader.

    Tables without rows are left out. Raises ExportRefused where the target cannot be written;
    files of an earlier export in the folder are replaced.
    """
    workbook = target.suffix.lower() == ".xlsx"
    guard = guarded if reader == "spreadsheet" and not workbook else as_written
    counts: dict[str, int] = {}
    notes = 0
    begin = written_now(access)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as scratch:
            stamps = StampWriter(Path(scratch) / "stamps")
            for kind in KINDS:
                file = Path(scratch) / f"{kind.plural}.csv"
                counts[kind.plural] = _write_csv(file, kind, _rows(access, kind, stamps), guard)
                progress(kind.plural, counts[kind.plural], counts[kind.plural])
            stamps.close()
            written = [kind for kind in KINDS if counts[kind.plural]]
            if workbook:
                _write_workbook(target, Path(scratch), written)
            else:
                notes = write_past(access, Path(scratch), Path(scratch) / "stamps", written)
                _move(target, Path(scratch), written)
    except OSError as error:
        raise ExportRefused(
            because("export_unwritable", target=target, reason=reason(error))
        ) from None
    rows = {kind.plural: counts[kind.plural] for kind in written}
    return Exported(rows, notes, overtaken=written_now(access).differs(begin))


def _move(target: Path, scratch: Path, written: list[Kind]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        (target / f"{kind.plural}.csv").unlink(missing_ok=True)
    for name in [*(f"{kind.plural}.csv" for kind in written), PAST]:
        (target / name).unlink(missing_ok=True)
        shutil.move(scratch / name, target / name)


def _rows(access: Access, kind: Kind, stamps: StampWriter) -> Rows:
    if isinstance(kind, EdgeKind):
        yield from _edge_rows(access, kind, stamps)
        return
    for row in _node_rows(access, kind):
        stamps.add(kind, row)
        yield row


def _node_rows(access: Access, kind: NodeKind) -> Rows:
    after = ""
    while True:
        rows = access.read(
            partial(_page_of_nodes, kind=kind, after=after, limit=NODES_A_PAGE), timeout_s=600
        )
        yield from rows
        if not rows:
            return
        after = rows[-1]["id"]


def _page_of_nodes(tx: Transaction, kind: NodeKind, after: str, limit: int) -> list[Values]:
    rows: dict[str, Values] = {}
    for row in queries.rows(tx, f"export_{kind.plural}", after=after, limit=limit):
        node = row.pop("node")
        if node["id"] not in rows:
            rows[node["id"]] = node | {n: v for n, v in row.items() if n in kind.columns}
    return list(rows.values())


def _edge_rows(access: Access, kind: EdgeKind, stamps: StampWriter) -> Rows:
    after, limit = "", FIRST_NODES
    while True:
        last, page, named = access.read(
            partial(_page_of_edges, kind=kind, after=after, limit=limit), timeout_s=600
        )
        if last is None:
            return
        after = last
        limit = max(1, min(NODES_A_PAGE, limit * EDGES_A_PAGE // max(1, len(page))))
        for row in page:
            edge = row.pop("edge")
            stamps.add(kind, {**row, **edge})
            if not _is_stated(kind, row, edge, named):
                yield {**row, **edge}


def _page_of_edges(
    tx: Transaction, kind: EdgeKind, after: str, limit: int
) -> tuple[str | None, list[Values], Named]:
    """The id of the last of the next nodes, the edges that start from them, and their people."""
    last = queries.value(tx, f"export_last_{kind.ends[0].name}", after=after, limit=limit)
    edges = queries.rows(tx, f"export_{kind.plural}", after=after, limit=limit)
    people = _page_of_nodes(tx, STAKEHOLDER, after, limit) if kind in _WITH_PEOPLE else []
    named = {row["id"]: (row.get("customer_id"), row.get("manager_id")) for row in people}
    return last, edges, named


def _is_stated(
    kind: EdgeKind,
    row: Values,
    edge: Values,
    named: Named,
) -> bool:
    """Whether stakeholders.csv holds all of an edge already."""
    if kind is EMPLOYMENT:
        customer, _ = named.get(row["stakeholder_id"], (None, None))
        return row["customer_id"] == customer and "title" not in edge
    if kind is REPORTING_LINE:
        _, manager = named.get(row["from_id"], (None, None))
        plain = {name for name in edge if name not in SYSTEM_FIELDS} == {"line", "primary"}
        return row["to_id"] == manager and plain and edge["line"] == "solid"
    return False


def _write_csv(file: Path, kind: Kind, rows: Rows, guard: Callable[[str], str]) -> int:
    """Core columns first, then whatever else occurs. Two passes, so that no row is held."""
    part = file.with_suffix(".part")
    used: dict[str, None] = {}
    count = 0
    with part.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        for row in rows:
            cells = {
                name: _cell(name, value, guard)
                for name, value in row.items()
                if value is not None and name not in SYSTEM_FIELDS
            }
            used.update(dict.fromkeys(cells))
            writer.writerow([text for pair in cells.items() for text in pair])
            count += 1
    known = [c for c in kind.columns if c in used or c in kind.core]
    columns = known + sorted(name for name in used if name not in kind.columns)
    with (
        part.open(newline="", encoding="utf-8") as pairs,
        file.open("w", newline="", encoding="utf-8") as out,
    ):
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for pair in csv.reader(pairs):
            cells = dict(zip(pair[::2], pair[1::2], strict=True))
            writer.writerow([cells.get(name, "") for name in columns])
    part.unlink()
    return count


def _cell(name: str, value: Any, guard: Callable[[str], str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if name in LIST_FIELDS and isinstance(value, list):
        return guard(";".join(value))
    return guard(value) if isinstance(value, str) else str(value)


def _write_workbook(target: Path, scratch: Path, written: list[Kind]) -> None:
    book = Workbook(write_only=True)
    for kind in written:
        sheet = book.create_sheet(kind.plural)
        with (scratch / f"{kind.plural}.csv").open(newline="", encoding="utf-8") as file:
            for number, row in enumerate(csv.reader(file)):
                if number > EXCEL_ROWS:
                    raise ExportRefused(because("workbook_too_small", table=kind.plural))
                sheet.append([_as_text(sheet, unguarded(cell)) for cell in row])
    if not written:
        book.create_sheet("empty")
    part = scratch / "book.xlsx"
    book.save(part)
    shutil.move(part, target)


def _as_text(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with: no formula, no error code."""
    text = escaped(ILLEGAL_CHARACTERS_RE.sub("", text))
    if not text.startswith(("=", "#")):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
