"""Paths that are no records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from relgraph.records.tables import delimited
from tests.records.bad_input.refusals import Stored, written
from tests.records.folders import folder


def test_a_path_that_is_not_there(stored: Stored, tmp_path: Path) -> None:
    right = "name a folder of CSV files or an .xlsx file"
    expected = [("nowhere", 0, "", "", "does not exist", right)]
    stored.refuses(tmp_path / "nowhere", expected)


@pytest.mark.parametrize("name", ["customers.csv", "customers.xls", "customers"])
def test_a_file_that_is_no_workbook(stored: Stored, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("id,name\nx,X\n")
    right = "put the CSV files into a folder and name the folder, or save the workbook as .xlsx"
    expected = [(name, 0, "", "", "is neither a folder nor an .xlsx file", right)]
    stored.refuses(tmp_path / name, expected)


def directory(path: Path) -> None:
    path.mkdir()


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing")


@pytest.mark.parametrize(
    ("make", "why"),
    [(directory, "Is a directory"), (link_to_nothing, "No such file or directory")],
)
def test_a_file_that_cannot_be_read(
    stored: Stored, tmp_path: Path, make: Callable[[Path], None], why: str
) -> None:
    path = folder(tmp_path / "in", departments=[{"id": "x", "customer_id": "new", "name": "X"}])
    make(path / "customers.csv")
    expected = [("customers.csv", 0, "", "", f"cannot be read ({why})", "check the file")]
    stored.refuses(path, expected)


def test_a_file_that_is_too_large(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "LARGEST_FILE", 10)
    path = written(tmp_path / "in", {"customers.csv": "id,name\nx,X\n"})
    right = "split it into several imports"
    expected = [("customers.csv", 0, "", "", "is larger than 0 MB", right)]
    stored.refuses(path, expected)
