"""Reads a folder of CSV files, or one .xlsx, into raw tables with the place of every row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from relgraph.records.problems import Problem
from relgraph.records.tables.raw import Source, add_table, file_problem, table_named, unknown_table
from relgraph.records.tables.workbook import read_workbook
from relgraph.schema.kind import Kind
from relgraph.schema.kinds import KIND_BY_PLURAL

LARGEST_FILE = 512 * 2**20
LONGEST_CELL = 200_000
_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_ASCII = re.compile(r"[\x00-\x7f]+")
_LAST_COMMON = 0xD7
"""First byte of the last common characters in GB 2312; rarer ones follow by their radicals."""
_ALLOWED = ", ".join(f"{name}.csv" for name in KIND_BY_PLURAL)


def read_source(path: Path) -> Source:
    """Read a folder or an .xlsx file. What cannot be read is a problem of the source."""
    source = Source(path)
    name = path.name or str(path)
    if path.is_dir():
        _read_folder(path, name, source)
    elif path.suffix.lower() in _WORKBOOKS and path.is_file():
        read_workbook(path, source)
    elif not path.exists():
        source.problems.append(
            file_problem(name, "does not exist", "name a folder of CSV files or an .xlsx file")
        )
    else:
        source.problems.append(
            file_problem(
                name,
                "is neither a folder nor an .xlsx file",
                "put the CSV files into a folder and name the folder, or save the workbook as "
                ".xlsx",
            )
        )
    order = {name: number for number, name in enumerate(KIND_BY_PLURAL)}
    source.tables.sort(key=lambda raw: order[raw.kind.plural])
    return source


def _read_folder(path: Path, name: str, source: Source) -> None:
    try:
        files = sorted(path.iterdir())
    except OSError as error:
        source.problems.append(
            file_problem(name, f"cannot be read ({error.strerror})", "check the folder")
        )
        return
    for file in files:
        kind = table_named(file.stem)
        if file.suffix.lower() != ".csv":
            if file.suffix.lower() in _WORKBOOKS or (kind is not None and file.is_file()):
                source.warnings.append(_other_format(file))
        elif kind is None:
            source.warnings.append(unknown_table(file.stem, file.name, ".csv"))
        elif source.begin(kind, file.name):
            _read_file(file, kind, source)
    if not source.files and not source.problems:
        source.problems.append(
            file_problem(
                name,
                "holds none of the files of the import format",
                f"name them {_ALLOWED}; `relgraph template DIR` writes them empty",
            )
        )


def _other_format(file: Path) -> Problem:
    right = "save it as .csv"
    if file.suffix.lower() in _WORKBOOKS:
        right = "import it by its own name, or save its sheets as .csv"
    return file_problem(file.name, "is not a .csv file and was left out", right)


def _read_file(file: Path, kind: Kind, source: Source) -> None:
    try:
        if file.stat().st_size > LARGEST_FILE:
            source.refuse(
                kind,
                file_problem(file.name, "is larger than 512 MB", "split it into several imports"),
            )
            return
        content = file.read_bytes()
    except OSError as error:
        source.refuse(
            kind, file_problem(file.name, f"cannot be read ({error.strerror})", "check the file")
        )
        return
    text = _decoded(content, kind, file.name, source)
    if text is not None:
        _read_csv(kind, file.name, text, source)


def _decoded(content: bytes, kind: Kind, name: str, source: Source) -> str | None:
    """Text of a file: UTF-8 with or without BOM, UTF-16 with BOM, else GB18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            line = text[: text.index("\x00")].count("\n") + 1
            source.refuse(
                kind,
                Problem(name, line, "", "", "holds a NUL byte", "save the file as UTF-8 text"),
            )
            return None
        if encoding == "gb18030":
            if not _is_chinese(text):
                continue
            source.warnings.append(
                file_problem(name, "was read as GB18030", "save it as UTF-8 to be sure")
            )
        return text
    line = _first_bad_line(content)
    wrong = "is neither UTF-8 nor GB18030"
    if len(encodings) == 1:
        wrong = "begins as UTF-16 and does not go on so"
    source.refuse(kind, Problem(name, line, "", "", wrong, "save the file as UTF-8"))
    return None


def _is_chinese(text: str) -> bool:
    """Whether text decoded as GB18030 is meant so.

    Bytes of a Western encoding often form rare characters of GB18030. Of real Chinese text at
    least half is punctuation and the common characters, which stand first in GB 2312.
    """
    foreign = sum(1 for character in text if ord(character) > 127)
    pairs = _ASCII.sub("", text).encode("gb2312", "ignore")[::2]
    common = sum(1 for first in pairs if first <= _LAST_COMMON)
    return 2 * common >= foreign


def _first_bad_line(content: bytes) -> int:
    """The first line that is in neither encoding, else the first that is not UTF-8."""
    lines = content.split(b"\n")
    for encodings in (("utf-8", "gb18030"), ("utf-8",)):
        for number, line in enumerate(lines, 1):
            if not any(_decodes(line, encoding) for encoding in encodings):
                return number
    return 1


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _read_csv(kind: Kind, name: str, text: str, source: Source) -> None:
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def rows() -> Iterator[tuple[int, list[Any]]]:
        line = 1
        try:
            for row in reader:
                yield line, list(row)
                line = reader.line_num + 1
        except csv.Error as error:
            source.refuse(kind, Problem(name, line, "", "", *_csv_problem(str(error))))

    add_table(kind, name, rows(), source)


def _csv_problem(error: str) -> tuple[str, str]:
    """What is wrong and what would be right, from what the csv module says."""
    if "field limit" in error:
        return (
            f"a cell has more than {LONGEST_CELL:,} characters",
            "shorten it, or close the quotation mark that is open before it",
        )
    if "unexpected end" in error:
        return "a quotation mark is never closed", 'close it with "'
    return (
        "text follows a closing quotation mark",
        'write a quotation mark inside a cell twice: ""',
    )
