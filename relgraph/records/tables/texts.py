"""The text of a file in blocks, so that a large one need not be held."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

LARGE = 8 * 2**20
"""Bytes of a file whose text is not held if it is UTF-8."""
BLOCK = 2**20
"""Characters of a block, or bytes that are read for it; it ends where a line ends."""
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of which it is known that it is UTF-8."""

    path: Path


Text = str | TextFile


def as_utf_8(path: Path) -> TextFile | None:
    """The text of a file, if all of it is UTF-8 without any zero byte. Raises OSError."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        first = True
        while chunk := file.read(BLOCK):
            if b"\0" in chunk or (first and chunk.startswith(_BOMS)):
                return None
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return None
            first = False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return TextFile(path)


def blocks_of(text: Text) -> Iterator[str]:
    """The text, cut behind ends of lines. Raises OSError or UnicodeDecodeError for a file."""
    return _cut(text) if isinstance(text, str) else _read(text.path)


def lines_of(blocks: Iterable[str]) -> Iterator[str]:
    """Their lines, each with its end, whichever it is."""
    return chain.from_iterable(io.StringIO(block, newline="") for block in blocks)


def _cut(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start + BLOCK) + 1 or len(text)
        yield text[start:end]
        start = end


def _read(path: Path) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    begun: list[str] = []
    """What was read behind the last end of a line."""
    with path.open("rb") as file:
        while chunk := file.read(BLOCK):
            part = decoder.decode(chunk)
            if end := part.rfind("\n") + 1:
                yield "".join([*begun, part[:end]])
                begun = [part[end:]]
            else:
                begun.append(part)
    yield "".join([*begun, decoder.decode(b"", final=True)])
