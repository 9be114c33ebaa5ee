"""Rows of a CSV file, whatever separates its cells: a comma, a semicolon, a tab or a sign named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from relgraph.records.problems import Problem, Unreadable
from relgraph.records.tables.encodings import decoded
from relgraph.records.tables.formulas import unguarded

LARGEST_FILE = 512 * 2**20
LONGEST_CELL = 200_000
DELIMITERS = ",;\t"
_SEP = re.compile(r'"?sep=(.)"?[,;\t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)

NumberedRows = Iterator[tuple[int, list[Any]]]
"""Rows with the line in which each begins."""


def read_text(file: Path, encodings: Sequence[str] = ()) -> tuple[str, list[Problem]]:
    """Text of a file and what to warn of, in one of the encodings that somebody has named.

    Raises Unreadable for a file that cannot be opened, is too large or is in none of them.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            wrong = f"is larger than {LARGEST_FILE // 2**20} MB"
            raise Unreadable(Problem(file.name, 0, "", "", wrong, "split it into several imports"))
        content = file.read_bytes()
    except OSError as error:
        wrong = f"cannot be read ({error.strerror})"
        raise Unreadable(Problem(file.name, 0, "", "", wrong, "check the file")) from None
    return decoded(content, file.name, encodings)


def rows_of(text: str, file: str, *, longest: int = LONGEST_CELL) -> NumberedRows:
    """Rows of a CSV file's text, without the marks that guard formulas.

    Raises Unreadable where quotation marks are not in order, and for a cell of more than
    `longest` characters.
    """
    text, before, delimiter = _after_sep_line(text)
    csv.field_size_limit(longest)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter or delimiter_of(text), strict=True
    )
    line = before + 1
    try:
        for row in reader:
            yield line, [unguarded(cell) if cell[:1] == "'" else cell for cell in row]
            line = before + reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(Problem(file, line, "", "", *_csv_problem(str(error), longest))) from None


def delimiter_of(text: str) -> str:
    """The sign that stands most often between the cells of the first row that has some."""
    counts = dict.fromkeys(DELIMITERS, 0)
    quoted, begins, previous = False, True, ""
    for sign in text:
        if quoted:
            quoted, begins, previous = sign != '"', False, sign
            continue
        if sign in "\r\n":
            if not begins or any(counts.values()):
                break
            continue
        if sign == '"' and (begins or previous == '"'):  # a doubled mark closes and opens again
            quoted = True
        if sign in counts:
            counts[sign] += 1
        begins = sign in counts or (begins and sign == " ")
        previous = sign
    return max(DELIMITERS, key=lambda sign: counts[sign])


def _after_sep_line(text: str) -> tuple[str, int, str]:
    """Text after a first line such as `sep=;`, the lines before it, and the sign it names."""
    match = _SEP.match(text)
    if match is None:
        return text, 0, ""
    return text[match.end() :], 1, match[1]


def _csv_problem(error: str, longest: int) -> tuple[str, str]:
    """What is wrong and what would be right, from what the csv module says."""
    if "field limit" in error:
        return (
            f"a cell has more than {longest:,} characters",
            "shorten it, or close the quotation mark that is open before it",
        )
    if "unexpected end" in error:
        return "a quotation mark is never closed", 'close it with "'
    return (
        "text follows a closing quotation mark",
        'write a quotation mark inside a cell twice: ""',
    )
