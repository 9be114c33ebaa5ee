"""Large files: what memory a command needs does not grow with the rows as rows do."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from relgraph.database import Database
from tests.support.memory import most_memory

MB = 2**20
ROWS_HELD = 2_000
A_CUSTOMER = 100


@pytest.fixture
def environment(local_db: Database) -> dict[str, str]:
    """The environment in which commands use the local database of the test."""
    return {"RELGRAPH_DATABASE_URL": f"local:{local_db.check().address.removeprefix('local:')}"}


def folder(path: Path, people: int, influences: int) -> Path:
    """People in chains of command, and so many influences of each."""
    path.mkdir()
    heads = [number - number % A_CUSTOMER for number in range(people)]
    _write(
        path / "customers.csv",
        "id,name",
        ((f"c{number}", f"C {number}") for number in range(0, people, A_CUSTOMER)),
    )
    _write(
        path / "stakeholders.csv",
        "id,name,customer_id,manager_id,title,email",
        (
            (
                f"p{n}",
                f"Person {n}",
                f"c{head}",
                f"p{n - 1}" if n > head else "",
                "Head",
                f"{n}@x.y",
            )
            for n, head in enumerate(heads)
        ),
    )
    _write(
        path / "influences.csv",
        "from_id,to_id,strength,evidence,assessed_at",
        (
            (f"p{n}", f"p{head + (n - head + step) % A_CUSTOMER}", 0.5, f"said {n}", "2026-10-01")
            for n, head in enumerate(heads)
            for step in range(1, influences + 1)
        ),
    )
    return path


def _write(file: Path, header: str, rows: Iterator[tuple[object, ...]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header.split(","))
        writer.writerows(rows)


def test_memory_of_an_import_does_not_grow_with_its_rows(
    environment: dict[str, str], tmp_path: Path
) -> None:
    peaks = [
        most_memory(
            "import",
            str(folder(tmp_path / str(people), people, 3)),
            "--dry-run",
            rows_held=ROWS_HELD,
            **environment,
        )
        for people in (5_000, 20_000)
    ]
    # Rows that are held take some 1,700 bytes each, and there are 60,000 more of them.
    assert peaks[1] - peaks[0] < 35 * MB, [peak / MB for peak in peaks]


@pytest.mark.long
def test_a_million_rows_in_600_mb(environment: dict[str, str], tmp_path: Path) -> None:
    for people, influences in ((100_000, 9), (1_000_000, 0)):
        source = folder(tmp_path / str(people), people, influences)
        peak = most_memory("import", str(source), "--dry-run", **environment)
        assert peak <= 600 * MB, peak / MB


@pytest.mark.long
def test_200_000_rows_there_and_back(
    local_db: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    source = folder(tmp_path / "source", 20_000, 9)
    assert most_memory("import", str(source), **environment) <= 400 * MB
    assert most_memory("export", str(tmp_path / "copy"), **environment) <= 200 * MB
    change = local_db.read(lambda tx: tx.rows("MATCH (c:Change) RETURN c.set_id AS id LIMIT 1"))
    assert most_memory("undo", change[0]["id"], **environment) <= 400 * MB
