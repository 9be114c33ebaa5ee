"""Where a page of a list begins, as text that is safe in an address.

A cursor belongs to one list with its filters and its order: it holds a digest of them, so that one
of another list is refused instead of leading astray.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import Query

from relgraph.errors import CursorRefused, because

MOST = 2_000
"""Characters of a cursor at most: an id of 200 characters, four bytes each, several times."""
_DIGEST = 8
CursorQuery = Annotated[
    str | None, Query(max_length=MOST, description="next_cursor of the page before")
]


def write_cursor(listed: str, asked: Mapping[str, Any], *place: Any) -> str:
    """The cursor of a place in a list; `asked` are the parameters that make the list."""
    packed = orjson.dumps([_digest(listed, asked), *place])
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def next_cursor(listed: str, asked: Mapping[str, Any], after: str | None) -> str | None:
    """The cursor of the next page of a list that one text is the place of; None for the last."""
    return None if after is None else write_cursor(listed, asked, after)


def read_cursor(text: str, listed: str, asked: Mapping[str, Any], parts: int) -> list[Any]:
    """The place that a cursor of this list names, `parts` values.

    Raises CursorRefused for what is no cursor, and for that of another list.
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        read = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error, orjson.JSONDecodeError):
        read = None
    if not isinstance(read, list) or len(read) != parts + 1:
        raise CursorRefused(because("no_cursor", cursor=text[:60]))
    if read[0] != _digest(listed, asked):
        raise CursorRefused(because("cursor_of_another"))
    return read[1:]


def _digest(listed: str, asked: Mapping[str, Any]) -> str:
    given = {name: value for name, value in asked.items() if value is not None}
    packed = orjson.dumps([listed, given], option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.blake2s(packed, digest_size=_DIGEST // 2).hexdigest()
