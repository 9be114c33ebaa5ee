"""Versions as entity tags: `ETag` on what is read, `If-Match` on what is written (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import Header
from fastapi.exceptions import RequestValidationError

Versions = frozenset[int] | None
"""The versions that a write may meet; None if it does not matter."""

IfMatchHeader = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=1000,
        description="ETag of the state that was read; 412 if it has been changed since",
    ),
]
_TAG = re.compile(r'^(?:W/)?"?(\d{1,15})"?$')


def etag(version: object) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def versions_of(
    header: str | None, where: Sequence[str | int] = ("header", "If-Match")
) -> Versions:
    """The versions that an If-Match names; None without one or with `*`.

    Raises RequestValidationError, which says `where` it stands, for what is no tag of this service.
    """
    if header is None or header.strip() == "*":
        return None
    found = [_TAG.match(part.strip()) for part in header.split(",")]
    if not all(found):
        raise RequestValidationError(
            [
                {
                    "loc": where,
                    "msg": 'write the ETag that was read, such as "3"',
                    "type": "etag",
                    "input": header,
                }
            ]
        )
    return frozenset(int(one[1]) for one in found if one)
