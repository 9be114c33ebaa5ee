"""Passes over what is formatted but empty in a sheet's XML, before anybody parses it.

Whoever colours all of a sheet leaves up to a million rows of cells without a value in it. To parse
each of them takes longer than to read all the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

CHUNK = 2**20
LONGEST_ROW = 4 * CHUNK
"""Bytes; a sheet with a longer row is passed on as it is from there."""
_LONGEST_TAG = 300
_DATA = re.compile(rb"<(\w{1,40}:)?sheetData\s*>")
_CELL = rb"<(?:\w{1,40}:)?c(?:\s[^<>]{0,300})?(?:/>|></(?:\w{1,40}:)?c>)\s*+"
_END = rb"(?:/>|>\s*+(?:" + _CELL + rb")*+</(?:\w{1,40}:)?row>)"
_TRAILING_CELLS = re.compile(rb"((?:" + _CELL + rb")++)(</(?:\w{1,40}:)?row>)?")
_NUMBERED_ROWS = re.compile(
    rb'(?:<((?:\w{1,40}:)?)row\s(?:[^<>]{0,300}?\s)??r="(\d{1,9})"[^<>/]{0,300}'
    + _END
    + rb"\s*+)++"
)
_ROW = re.compile(
    rb'<((?:\w{1,40}:)?)row(?:\s++(?!r\s*=)[\w:.-]{1,60}="[^"<>]{0,200}")*+\s*+' + _END
)


class Readable(Protocol):
    """A file that is read from its beginning to its end."""

    def read(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


class FilledCells:
    """A sheet's XML without blank cells at the ends of rows, and without blank rows at its end.

    Each row that is left keeps its number.
    """

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._parts = filled_parts(source)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """The next bytes, `size` at most; none at the end."""
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return b""
            self._rest = part
        head, self._rest = self._rest[:size], self._rest[size:]
        return head

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


def filled_parts(source: Readable) -> Iterator[bytes]:
    """The XML of a sheet, part by part, without what is empty at the end of rows and of all."""
    text = source.read(CHUNK)
    while (match := _DATA.search(text)) is None:
        chunk = source.read(CHUNK)
        if not chunk:
            yield text
            return
        yield text[:-_LONGEST_TAG]
        text = text[-_LONGEST_TAG:] + chunk
    yield text[: match.end()]
    yield from _rows(source, text[match.end() :], match[1] or b"")
    while chunk := source.read(CHUNK):
        yield chunk


def _rows(source: Readable, text: bytes, prefix: bytes) -> Iterator[bytes]:
    """What follows the beginning of the rows, up to their end and somewhat further."""
    begin, end, last = (
        b"<" + prefix + b"row", b"</" + prefix + b"row>", b"</" + prefix + b"sheetData"
    )  # fmt: skip
    blank = bytearray()  # rows of which nobody knows yet whether a filled one follows
    while True:
        closing = text.find(last)
        cut = closing if closing >= 0 else text.rfind(begin)
        part = _without_blanks(text[: max(cut, 0)])
        text = text[max(cut, 0) :]
        filled = part.rfind(end)
        if filled >= 0:
            filled += len(end)
            yield bytes(blank) + part[:filled]
            blank.clear()
        blank += part[max(filled, 0) :]
        if closing >= 0:
            yield text
            return
        chunk = source.read(CHUNK)
        if not chunk or len(text) > LONGEST_ROW:
            yield bytes(blank) + text + chunk
            return
        text += chunk


def _without_blanks(rows: bytes) -> bytes:
    """Rows without blank cells at their ends; of blank ones with numbers the last of a sequence."""
    rows = _NUMBERED_ROWS.sub(rb'<\1row r="\2"/>', rows)
    rows = _ROW.sub(rb"<\1row/>", rows)
    return _TRAILING_CELLS.sub(lambda cells: cells[2] or cells[1], rows)
