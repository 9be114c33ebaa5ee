"""The body of a request: read within its limits, and worked on beside the event loop.

Nothing here takes longer than in proportion to the body, and what grows with the body runs in a
thread, in steps that let the event loop go on: whoever sends a large body waits for it alone.
"""

from __future__ import annotations

import asyncio
import json

import numpy as np
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relgraph.settings import Settings

SMALL = 16 * 1024
"""Largest body, in bytes, that is worked on where it arrives; and of what takes no body at all."""
LARGE_AT_ONCE = 4
"""Larger bodies that are worked on at once: read as JSON each fills many times its own size."""
BODY_S, SLOWEST = 20.0, 8 * 1024
"""Time for a body in seconds, and bytes a second for which it gets more."""
MOST_UNDER_WAY = 64 * 1024 * 1024
"""Bytes of all bodies that are not answered yet; at least four of the largest find room."""
VALUES_OF_AN_OPERATION = 200
"""Values of a body, for each operation that the settings allow; fewer than 100 count as 100.

A parser that makes millions of values in one call lets no other thread work meanwhile.
"""
_CHUNK = 128 * 1024
_QUOTE, _BACKSLASH = ord('"'), ord("\\")


class BodyRefused(Exception):
    """A body that is not worked on: `status` and `code` of the answer, and what its words name."""

    def __init__(self, status: int, code: str, **values: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.values = values


class Disconnected(Exception):
    """Who sent the request is gone; half a body is no request."""


class Bodies:
    """Reads the bodies of a service's requests."""

    def __init__(self, settings: Settings) -> None:
        self.largest = settings.max_body_kb * 1024
        self.deepest = settings.max_depth
        self.most_values = VALUES_OF_AN_OPERATION * max(settings.max_operations, 100)
        self.under_way = 0
        self.most_under_way = max(MOST_UNDER_WAY, 4 * self.largest)
        self._limiter = CapacityLimiter(LARGE_AT_ONCE)

    async def read(self, headers: Headers, receive: Receive, largest: int) -> bytes:
        """The body; whoever reads it releases its size when it was answered.

        Raises BodyRefused if it is larger than `largest` bytes, comes too slowly, or if too much
        is under way, and Disconnected.
        """
        declared = headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > largest:
            raise _too_large(largest)
        body = bytearray()
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(BODY_S) as limit:
                while await self._receive(receive, body, largest):
                    limit.reschedule(began + BODY_S + len(body) / SLOWEST)
        except BaseException as error:
            self.release(len(body))
            if isinstance(error, TimeoutError):
                raise BodyRefused(408, "body_too_slow") from None
            raise
        return bytes(body)

    async def _receive(self, receive: Receive, body: bytearray, largest: int) -> bool:
        """Add the next part; whether there are more."""
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        part = message.get("body", b"")
        if len(body) + len(part) > largest:
            raise _too_large(largest)
        if self.under_way + len(part) > self.most_under_way:
            raise BodyRefused(503, "too_busy")
        self.under_way += len(part)
        body += part
        return bool(message.get("more_body", False))

    def release(self, size: int) -> None:
        """So many bytes that were read are not needed any more."""
        self.under_way -= size

    async def check_json(self, body: bytes) -> None:
        """Raise BodyRefused for what no parser has to find out the hard way."""
        # RFC 8259 §8.1; in another encoding a byte that looks like a bracket may be none.
        if json.detect_encoding(body) not in {"utf-8", "utf-8-sig"}:
            raise BodyRefused(400, "http_400")
        if len(body) <= SMALL:
            depth, values = extent(body)
        else:
            depth, values = await to_thread.run_sync(extent, body, limiter=self._limiter)
        if depth > self.deepest:
            raise BodyRefused(422, "body_too_deep", limit=self.deepest)
        if values > self.most_values:
            raise BodyRefused(422, "body_too_many_values", limit=f"{self.most_values:,}")

    async def answer(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, body: bytes
    ) -> None:
        """Let the application answer a request whose body was read.

        The frameworks parse and check a body in their event loop; a large one gets a loop and a
        thread of its own.
        """
        if len(body) <= SMALL:
            await app(scope, _replayed(body, receive), send)
            return
        messages = await to_thread.run_sync(_run, app, scope, body, limiter=self._limiter)
        for message in messages:
            await send(message)


def _too_large(largest: int) -> BodyRefused:
    return BodyRefused(413, "body_too_large", limit=f"{largest:,}")


def _run(app: ASGIApp, scope: Scope, body: bytes) -> list[Message]:
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    async def stay() -> Message:
        """Nothing comes after the body: whether its sender is still there is not asked here."""
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def main() -> None:
        await app(dict(scope), _replayed(body, stay), keep)

    asyncio.run(main())
    return messages


def _replayed(body: bytes, receive: Receive) -> Receive:
    """What was read, for whoever reads it next."""
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def extent(body: bytes) -> tuple[int, int]:
    """How deep lists and objects of a JSON text nest, and how many values they hold at most.

    In linear time, whatever the text is: what no parser would read may get any numbers.
    """
    depth, deepest, values, inside, escaped = 0, 0, 1, False, False
    for start in range(0, len(body), _CHUNK):
        signs = np.frombuffer(body, np.uint8, min(_CHUNK, len(body) - start), start)
        quotes = signs == _QUOTE
        if escaped or (signs == _BACKSLASH).any():
            # The number of backslashes straight before a sign says whether it is escaped.
            place = np.arange(len(signs))
            plain = np.where(signs != _BACKSLASH, place, 0 if escaped else -1)
            odd = (place - np.maximum.accumulate(plain)) & 1 == 1
            quotes[1:] &= ~odd[:-1]
            quotes[0] &= not escaped
            escaped = bool(odd[-1])
        text = (np.cumsum(quotes, dtype=np.uint8) + np.uint8(inside)) & 1 == 1
        inside = bool(text[-1])
        opening = ((signs == ord("[")) | (signs == ord("{"))) & ~text
        closing = ((signs == ord("]")) | (signs == ord("}"))) & ~text
        depths = np.cumsum(opening.astype(np.int8) - closing.astype(np.int8), dtype=np.int32)
        deepest = max(deepest, depth + int(depths.max()))
        depth += int(depths[-1])
        values += int(np.count_nonzero(opening | ((signs == ord(",")) & ~text)))
    return deepest, values
