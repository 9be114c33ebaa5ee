"""Cookies of a request: only those that relgraph sets, in the form in which it sets them.

The frameworks read all cookies of every request before anything else is known of it, and what
Python 3.11 and 3.12 do with backslashes in quotes takes time with their square: one header of
60 kB held up the event loop for most of a minute. Other cookies of the same host are nobody's
business here.
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

TOKEN_COOKIE = "relgraph_token"  # noqa: S105 - a name
LANG_COOKIE = "relgraph_lang"
_OWN = frozenset({TOKEN_COOKIE.encode(), LANG_COOKIE.encode()})
_VALUE = re.compile(rb"[0-9A-Za-z_-]{1,100}")


class OwnCookies:
    """Middleware that leaves these cookies alone in a request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            others = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
            own = b"; ".join(
                each
                for name, value in scope["headers"]
                if name == b"cookie"
                for each in own_cookies(value)
            )
            scope = {**scope, "headers": [*others, (b"cookie", own)] if own else others}
        await self.app(scope, receive, send)


def own_cookies(header: bytes) -> list[bytes]:
    """Those of a header that relgraph may have set, as they stand there."""
    own = []
    for part in header.split(b";"):
        name, _, value = part.strip().partition(b"=")
        if name in _OWN and _VALUE.fullmatch(value):
            own.append(name + b"=" + value)
    return own
