"""Files of which nothing can come: told early, without the time and memory that all of it takes."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from relgraph.records.imports.check import check, count_faults
from relgraph.records.imports.profiles.apply import apply_profile
from relgraph.records.imports.profiles.known import profile
from relgraph.records.problems import MOST_PROBLEMS
from relgraph.records.tables.grid import MOST_COLUMNS
from relgraph.records.tables.sources import read_source
from tests.records.folders import workbook

MILLION = 1_000_000
TOO_MANY = "too many rows are wrong: nothing below was looked at"
READ_EXPORT = """
from relgraph.records.imports.check import count_faults
from relgraph.records.imports.profiles.apply import apply_profile
from relgraph.records.imports.profiles.known import profile

def read_source(path, count_faults):
    def stored(_table, ids):
        return ids
    return apply_profile(path, profile("salesforce"), stored, count_faults=count_faults)[0]
"""
COLOURED = '<c s="1"/>' * 3
READ = """
import json, resource, sys, time
from pathlib import Path
from relgraph.records.imports.check import check, count_faults
from relgraph.records.tables.sources import read_source
records = check(read_source(Path(sys.argv[1]), count_faults=count_faults))
try:  # what resource says begins on Linux with what the parent process had used
    [memory] = [
        int(line.split()[1])
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmHWM:")
    ]
except OSError:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
json.dump({
    "cpu_s": time.process_time(),
    "memory_mb": memory / 2**10,
    "problems": [problem.wrong for problem in records.problems],
}, sys.stdout)
"""


def cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def sheet_of(path: Path, *rows: tuple[int, str], title: str = "customers") -> Path:
    """A workbook whose sheet of customers has rows of these cells, each so many times."""
    workbook(path, **{title: [["id"]]})
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    before, _, rest = parts[name].partition(b"<sheetData>")
    after = rest.partition(b"</sheetData>")[2]
    before = before[: before.index(b"<dimension")] + before[before.index(b"<sheetViews") :]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for part, content in parts.items():
            if part != name:
                packed.writestr(part, content)
        with packed.open(name, "w") as out:
            out.write(before + b"<sheetData>")
            for count, cells in rows:
                for start in range(0, count, 10_000):
                    out.write(f"<row>{cells}</row>".encode() * min(10_000, count - start))
            out.write(b"</sheetData>" + after)
    return path


def bad_rows(path: Path) -> Path:
    header = cell("id") + cell("name") + cell("kind")
    bad = cell("c") + cell("C") + cell("nonsense")
    return sheet_of(path / "customers.xlsx", (1, header), (MILLION, bad))


def wide_rows(path: Path) -> Path:
    wide = cell("c") + cell("C") + cell("more")
    return sheet_of(path / "customers.xlsx", (1, cell("id") + cell("name")), (MILLION, wide))


def formulas_with_errors(path: Path) -> Path:
    faulty = cell("c") + '<c t="e"><v>#REF!</v></c>'
    return sheet_of(path / "customers.xlsx", (1, cell("id") + cell("name")), (MILLION, faulty))


def blank_rows_below(path: Path) -> Path:
    header, customer = cell("id") + cell("name"), cell("c") + cell("C")
    return sheet_of(path / "customers.xlsx", (1, header), (1, customer), (MILLION, COLOURED))


def blank_rows_between(path: Path) -> Path:
    header, customer = cell("id") + cell("name"), cell("c") + cell("C")
    return sheet_of(path / "customers.xlsx", (1, header), (MILLION, COLOURED), (1, customer))


def blank_cells_beside(path: Path) -> Path:
    header, customer = cell("id") + cell("name"), cell("c") + cell("C")
    coloured = '<c s="1"/>' * 10_000
    return sheet_of(path / "customers.xlsx", (1, header), (100, customer + coloured))


def long_cell(path: Path) -> Path:
    long = cell("c") + cell("x" * 100 * MILLION)
    return sheet_of(path / "customers.xlsx", (1, cell("id") + cell("name")), (1, long))


def bad_csv(path: Path) -> Path:
    (path / "customers.csv").write_text("id,name,kind\n" + "c,C,nonsense\n" * MILLION)
    return path


def same_ids(path: Path) -> Path:
    (path / "customers.csv").write_text("id,name\n" + "c,C\n" * MILLION)
    return path


def million_columns(path: Path) -> Path:
    header = ",".join(f"h{number}" for number in range(MILLION))
    (path / "customers.csv").write_text(f"id,name,{header}\nc,C\n")
    return path


def only_quotes(path: Path) -> Path:
    (path / "customers.csv").write_text('"' * 5 * MILLION)
    return path


def only_nul(path: Path) -> Path:
    (path / "customers.csv").write_bytes(bytes(20 * MILLION))
    return path


HOPELESS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a million bad rows": (bad_rows, TOO_MANY),
    "a million rows that are too wide": (wide_rows, TOO_MANY),
    "a million formulas with an error": (formulas_with_errors, TOO_MANY),
    "a million blank rows above others": (blank_rows_between, "more than 200,000 blank rows"),
    "a million blank cells beside a table": (blank_cells_beside, "the id stands in line 2, too"),
    "a workbook that unpacks to a thousand times its size": (long_cell, "a cell has more than"),
    "a CSV file of a million bad rows": (bad_csv, TOO_MANY),
    "a CSV file that repeats an id": (same_ids, TOO_MANY),
    "a million columns": (million_columns, "the header has 1,000,002 columns"),
    "only quotation marks": (only_quotes, "a cell has more than"),
    "only NUL bytes": (only_nul, "holds a NUL byte"),
}


@pytest.mark.parametrize(("make", "expected"), HOPELESS.values(), ids=HOPELESS)
def test_it_is_told_within_five_seconds_and_300_mb(
    tmp_path: Path, make: Callable[[Path], Path], expected: str
) -> None:
    problems = read_in_time(READ, make(tmp_path))
    assert any(wrong.startswith(expected) for wrong in problems)
    assert len(problems) <= MOST_PROBLEMS + 2


def read_in_time(program: str, *arguments: Path | str) -> list[str]:
    """What is wrong by a program that reads a hopeless file within the limits."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    used = json.loads(done.stdout)
    assert used["cpu_s"] < 5
    assert used["memory_mb"] < 300
    problems: list[str] = used["problems"]
    return problems


def export(path: Path, row: str) -> Path:
    """An export of Salesforce with an account, and a million opportunities of this row."""
    (path / "Account.csv").write_text("Id,Name\n001000000000001AAA,Hua Ding\n")
    header = "Id,AccountId,Name,StageName,Amount,CloseDate,LastModifiedDate,Description\n"
    with (path / "Opportunity.csv").open("w") as file:
        file.write(header)
        for start in range(0, MILLION, 10_000):
            rows = range(start, start + 10_000)
            file.write("".join(row.format(id=f"006{number:012}AAA") + "\n" for number in rows))
    return path


def bad_days(path: Path) -> Path:
    return export(path, "{id},001000000000001AAA,Deal,Prospecting,100,32.13.2026,2026-01-01,Words")


def bad_numbers(path: Path) -> Path:
    return export(path, "{id},001000000000001AAA,Deal,Prospecting,a lot,2026-12-01,2026-01-01,")


def equal_bad_rows(path: Path) -> Path:
    header = ["Id", "AccountId", "Name", "StageName", "Amount"]
    bad = ["006000000000001AAA", "001000000000001AAA", "Deal", "Prospecting", "a lot"]
    rows = [(1, header), (MILLION, bad)]
    return sheet_of(
        path / "Opportunity.xlsx",
        *((count, "".join(map(cell, texts))) for count, texts in rows),
        title="Opportunity",
    )


@pytest.mark.parametrize("make", [bad_days, bad_numbers, equal_bad_rows])
def test_an_export_with_a_million_bad_cells_is_told_in_time(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    program = READ.replace("from relgraph.records.tables.sources import read_source\n", READ_EXPORT)
    problems = read_in_time(program, make(tmp_path))
    assert TOO_MANY in problems
    assert len(problems) <= MOST_PROBLEMS + 2


def test_what_refers_to_rows_of_an_export_that_were_not_read_is_not_told(tmp_path: Path) -> None:
    files = {
        "Account.csv": ["Id,Name", "001000000000001,Hua Ding"],
        "Contact.csv": ["Id,AccountId,LastName", "003000000000001,001000000000001,Wu"],
        "Opportunity.csv": [
            "Id,AccountId,Name,StageName,CloseDate",
            *(f"006{n:012},001000000000001,Deal,Prospecting,32.13.2026" for n in range(20_000)),
        ],
        "OpportunityContactRole.csv": [
            "OpportunityId,ContactId,Role",
            *(f"006{n:012},003000000000001,Decision Maker" for n in range(20_000)),
        ],
    }
    for name, lines in files.items():
        (tmp_path / name).write_text("\n".join([*lines, ""]))
    source, mapping = apply_profile(
        tmp_path, profile("salesforce"), lambda _table, _ids: set(), count_faults=count_faults
    )
    assert [problem.line for problem in source.problems if problem.code == "too_many"] == [1001]
    assert source.unread == {"deals"}
    assert [left.table for left in mapping.left_out] == []
    assert {problem.file for problem in check(source).problems} == {"Opportunity.csv"}


def test_a_million_blank_rows_below_a_table_are_passed_over(tmp_path: Path) -> None:
    assert read_in_time(READ, blank_rows_below(tmp_path)) == []


def test_a_table_with_fewer_problems_is_read_to_its_end(tmp_path: Path) -> None:
    rows = [f"c{number},C,{'nonsense' if number % 50 == 0 else ''}" for number in range(30_000)]
    (tmp_path / "customers.csv").write_text("\n".join(["id,name,kind", *rows]))
    records = check(read_source(tmp_path, count_faults=count_faults))
    assert len(records.problems) == 600
    assert not records.unread


def test_what_refers_to_rows_that_were_not_read_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,name,kind\n" + "c,C,nonsense\n" * 20_000)
    source = read_source(tmp_path, count_faults=count_faults)
    assert len(source.tables[0].rows) < 2_000
    [stopped] = [problem for problem in source.problems if problem.code == "too_many"]
    assert (stopped.file, stopped.line) == ("customers.csv", 1001)
    assert check(source).unread == {"customers"}


def test_blank_columns_behind_the_header_are_no_columns(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,name" + "," * 2 * MOST_COLUMNS + "\nc,C\n")
    source = read_source(tmp_path)
    assert source.problems == []
    assert source.row_count == 1
