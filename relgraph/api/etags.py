"""Entity tags (RFC 9110): what they look like, and what requests say of them.

A tag is the version (`"3"`) where the version covers everything that the answer shows; the
version and a digest of the answer (`"3-5f…"`) where the answer also shows what has a version of
its own, such as a customer's name in a deal; and a digest alone (`"5f…"`) where there is no one
version. `If-Match` compares versions, `If-None-Match` compares tags.
"""

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
DIGEST_BYTES = 16
_DIGEST = rf"[0-9a-f]{{{2 * DIGEST_BYTES}}}"
_VERSION = re.compile(rf'^(?:W/)?"?(\d{{1,15}})(?:-{_DIGEST})?"?$')
_INCOMPLETE = re.compile(r'^"\d+-"$')
_OPAQUE = re.compile(r'"([^"]*)"')


def etag(version: object) -> str:
    """The tag of an answer that its version covers."""
    return f'"{version}"'


def incomplete_etag(version: object) -> str:
    """The tag of an answer that shows more than its version covers; a read adds the digest."""
    return f'"{version}-"'


def complete_etag(tag: str | None, digest: str) -> str:
    """The tag of an answer: the one it has, made complete, or its digest if it has none."""
    if tag is None:
        return f'"{digest}"'
    return f'{tag[:-1]}{digest}"' if is_incomplete(tag) else tag


def is_incomplete(tag: str) -> bool:
    """Whether a tag still lacks the digest."""
    return _INCOMPLETE.match(tag) is not None


def is_named(tag: str, if_none_match: str) -> bool:
    """Whether an `If-None-Match` names the tag; a weak tag counts like a strong one."""
    if if_none_match.strip() == "*":
        return True
    return tag.strip('"') in _OPAQUE.findall(if_none_match)


def versions_of(
    header: str | None, where: Sequence[str | int] = ("header", "If-Match")
) -> Versions:
    """The versions that an If-Match names; None without one or with `*`.

    Raises RequestValidationError, which says `where` it stands, for what is no tag of this service.
    """
    if header is None or header.strip() == "*":
        return None
    matches = [_VERSION.match(part.strip()) for part in header.split(",")]
    if not all(matches):
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
    return frozenset(int(match[1]) for match in matches if match)
