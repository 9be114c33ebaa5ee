"""Conditional reads: every answer to a read has an `ETag`, and `If-None-Match` gets 304.

It stands in one place, in front of all routes, so that no route can forget it. A route that knows
a version sets its tag itself (`etags`); every other answer is tagged with a digest of its body.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relgraph.api.etags import DIGEST_BYTES, complete_etag, is_incomplete, is_named

READS = frozenset({"GET", "HEAD"})
SMALL = 64 * 1024
"""Largest part of an answer, in bytes, whose digest is made in the event loop."""
LARGE_AT_ONCE = 2
_OF_THE_BODY = ("content-type", "content-length", "content-disposition")
"""Headers that speak of a body, which a 304 does not have."""


def conditions_of(scope: Scope) -> str:
    """The tags that a request says it has; blank if it says nothing."""
    return ", ".join(Headers(scope=scope).getlist("if-none-match"))


def is_unchanged(headers: MutableHeaders, if_none_match: str) -> bool:
    """Whether the client has this answer already; then the headers lose what a 304 has not."""
    if not if_none_match or not is_named(headers.get("etag", ""), if_none_match):
        return False
    for name in _OF_THE_BODY:
        del headers[name]
    return True


def is_tagged(path: str) -> bool:
    """Whether reads of this path are tagged: the API for programs and its description."""
    return path.startswith("/api/v1/") or path == "/openapi.json"


class ConditionalReads:
    """ASGI middleware: tags, 304, and HEAD as a GET without its body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._limiter = CapacityLimiter(LARGE_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_read = scope["type"] == "http" and scope["method"] in READS
        if not is_read or not is_tagged(scope["path"]):
            await self.app(scope, receive, send)
            return
        # Here 304 can be answered without making the body, once a cheap query gives the tag.
        answer = _Answer(
            send, conditions_of(scope), has_body=scope["method"] != "HEAD", limiter=self._limiter
        )
        await self.app({**scope, "method": "GET"}, receive, answer.send)


class _Answer:
    """One answer on its way out. It waits until its tag is known; its parts are not copied."""

    def __init__(
        self, send: Send, if_none_match: str, *, has_body: bool, limiter: CapacityLimiter
    ) -> None:
        self._send = send
        self._if_none_match = if_none_match
        self._has_body = has_body
        self._limiter = limiter
        self._start: Message | None = None
        self._parts: list[Message] = []
        self._digest = blake2b(digest_size=DIGEST_BYTES, usedforsecurity=False)

    async def send(self, message: Message) -> None:
        """Take the next message of the application."""
        if message["type"] == "http.response.start":
            tag = Headers(raw=message["headers"]).get("etag")
            if message["status"] != 200:
                await self._send(message)
            elif tag is not None and not is_incomplete(tag):
                await self._begin(message, tag)
            else:
                self._start = message
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._start is None:
            await self._pass(message)
        else:
            await self._hold(self._start, message)

    async def _hold(self, start: Message, part: Message) -> None:
        body = part.get("body", b"")
        if len(body) <= SMALL:
            self._digest.update(body)
        else:
            await to_thread.run_sync(self._digest.update, body, limiter=self._limiter)
        self._parts.append(part)
        if part.get("more_body", False):
            return
        tag = complete_etag(Headers(raw=start["headers"]).get("etag"), self._digest.hexdigest())
        await self._begin(start, tag)
        for held in self._parts:
            await self._pass(held)

    async def _begin(self, start: Message, tag: str) -> None:
        """Send status and headers: those of the answer, or 304 if the client has it already."""
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["ETag"] = tag
        status = start["status"]
        if is_unchanged(headers, self._if_none_match):
            status = 304
            self._has_body = False
        await self._send({**start, "status": status, "headers": headers.raw})

    async def _pass(self, part: Message) -> None:
        await self._send(part if self._has_body else {**part, "body": b""})


def describe(document: dict[str, Any]) -> None:
    """Write the tags of reads into the description of the API."""
    for path, operations in document["paths"].items():
        if "get" not in operations or not is_tagged(path):
            continue
        operation = operations["get"]
        operation.setdefault("parameters", []).append(
            {
                "name": "If-None-Match",
                "in": "header",
                "required": False,
                "description": "ETag of the answer that you have; 304 if it is still the same",
                "schema": {"type": "string"},
            }
        )
        operation["responses"]["200"]["headers"] = {
            "ETag": {
                "description": "changes with anything that the answer shows",
                "schema": {"type": "string"},
            }
        }
        operation["responses"]["304"] = {"description": "nothing has changed: no body"}
