"""Paths whose parts may hold a slash: `A%2FS-1` is one part, the id `A/S-1`.

The server hands a path on decoded, where such a slash looks like one between two parts. So each
part is decoded by itself here, with a sign in place of its own slashes that no id may hold, and
the routes put the slashes back (docs/decisions/0012).
"""

from __future__ import annotations

from urllib.parse import unquote

from starlette.convertors import PathConvertor, StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

_SLASH = "\uffff"
"""Stands for a slash within a part; it is no character, and no value may hold it."""


class _Part(StringConvertor):
    def convert(self, value: str) -> str:
        return value.replace(_SLASH, "/")


class _Rest(PathConvertor):
    def convert(self, value: str) -> str:
        return value.replace(_SLASH, "/")


def install() -> None:
    """Let all routes that are declared from here on put the slashes back."""
    register_url_convertor("str", _Part())
    register_url_convertor("path", _Rest())


class WholeParts:
    """Middleware that decodes a path by its parts."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = scope.get("raw_path") or b""
        if scope["type"] == "http" and b"%" in raw:
            parts = raw.decode("ascii", "replace").split("/")
            path = "/".join(unquote(part).replace("/", _SLASH) for part in parts)
            scope = {**scope, "path": path}
        await self.app(scope, receive, send)


def path_of(request: Request) -> str:
    """The path of a request as it was sent, to be used as an address again."""
    raw = request.scope.get("raw_path")
    return raw.decode("ascii", "replace") if raw else request.url.path


def encoded_path(request: Request) -> str:
    """The path of a request to be read, in which only slashes of parts stay encoded."""
    return request.url.path.replace(_SLASH, "%2F")
