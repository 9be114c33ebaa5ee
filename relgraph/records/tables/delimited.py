"""Rows of a CSV file, whatever separates its cells: a comma, a semicolon, a tab or a sign named."""

from __future__ import annotations

import csv
import errno
import os
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from relgraph.records.problems import Problem, Unreadable, coded_problem, file_problem
from relgraph.records.tables import texts
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.encodings import decoded
from relgraph.records.tables.formulas import unguarded
from relgraph.records.tables.texts import Text, TextFile, as_utf_8, blocks_of, lines_of

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
            most = str(LARGEST_FILE // 2**20)
            raise Unreadable(file_problem(file.name, "file_too_large", most=most))
        content = file.read_bytes()
    except OSError as error:
        reason = str(error.strerror)
        raise Unreadable(file_problem(file.name, "file_unreadable", reason=reason)) from None
    return decoded(content, file.name, encodings)


def read_rows(
    file: Path, encodings: Sequence[str] = (), *, longest: int = LONGEST_CELL
) -> tuple[NumberedRows, list[Problem]]:
    """Rows of a CSV file, and what to warn of; the text of a large one is not held.

    Raises Unreadable as `read_text` does, and when the rows are read as `rows_of` does.
    """
    large = _large_text(file) if not encodings else None
    if large is not None:
        return rows_of(large, file.name, longest=longest), []
    text, warnings = read_text(file, encodings)
    return rows_of(text, file.name, longest=longest), warnings


def _large_text(file: Path) -> TextFile | None:
    """A text that need not be held; None for a small one, or one that must be looked at closer."""
    try:
        is_large = texts.LARGE < file.stat().st_size <= LARGEST_FILE
        return as_utf_8(file) if is_large else None
    except OSError:
        return None  # which is reported when it is read


def rows_of(text: Text, file: str, *, longest: int = LONGEST_CELL) -> NumberedRows:
    """Rows of a CSV file's text, without the marks that guard formulas.

    Raises Unreadable where quotation marks are not in order, and for a cell of more than
    `longest` characters.
    """
    line = 1
    try:
        blocks = blocks_of(text)
        first, before, delimiter = _after_sep_line(next(blocks, ""))
        csv.field_size_limit(longest)
        reader = csv.reader(
            lines_of(chain([first], blocks)),
            delimiter=delimiter or delimiter_of(first),
            strict=True,
        )
        line += before
        for row in reader:
            yield line, [unguarded(cell) if cell[:1] == "'" else cell for cell in row]
            line = before + reader.line_num + 1
    except csv.Error as error:
        began = excerpt(next(islice(lines_of(blocks_of(text)), line - 1, None), ""))
        raise Unreadable(_csv_problem((file, line, "", began), str(error), longest)) from None
    except (OSError, UnicodeDecodeError):
        # It is not what it was when it was looked through.
        reason = os.strerror(errno.ESTALE)
        raise Unreadable(file_problem(file, "file_unreadable", reason=reason)) from None


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


def _csv_problem(place: tuple[str, int, str, str], error: str, longest: int) -> Problem:
    """The problem that the csv module means, in the row that begins at a place."""
    if "field limit" in error:
        return coded_problem(*place, "cell_too_long", most=f"{longest:,}")
    if "unexpected end" in error:
        return coded_problem(*place, "quote_open")
    return coded_problem(*place, "quote_followed")
