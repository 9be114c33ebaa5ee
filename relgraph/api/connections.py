"""Connections of the service: how many there may be, and how long one may keep what it holds.

uvicorn closes a connection only after an answer. Here a connection that sends no request in time,
that does not take its answer, or that there is no room for is closed, too; the body of a request
has its time in `request_bodies`.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from relgraph.settings import Settings

_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 22\r\n\r\n"
    b"Too many connections.\n"
)


AT_ONCE = 2 * 1024
"""Bytes of a connection that are read before the others have their turn."""

LATE = 64 * 1024
"""Bytes of a body that are read after its request was answered, so that the next may follow."""


@dataclass(slots=True)
class Limits:
    """Times in seconds, sizes in bytes."""

    connections: int
    head_s: float = 15.0
    """From the connection, or the last answer, to the end of the next request's head."""
    answer_s: float = 30.0
    """While not a byte of an answer is taken."""
    unsent: int = 64 * 1024 * 1024
    """Of answers that are not taken yet, all together."""
    every_s: float = 1.0
    """How often all of this is looked at."""
    opened: set[Connection] = field(default_factory=set)


class Connection(H11Protocol):
    """One connection; `limits` is set by `server_config`."""

    limits: Limits

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection if there is room, or if one that asks nothing can make room."""
        super().connection_made(transport)
        # Head and body of an answer are two writes: the second would wait up to 40 ms for the
        # other side's word that it has the first. asyncio does it for some listeners only.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._idle_since = self._moved_at = self.loop.time()
        self._unsent = 0
        self._ended = False
        self._waiting = bytearray()
        self._late = 0
        if len(self.limits.opened) >= self.limits.connections and not self._make_room():
            transport.write(_BUSY)
            transport.close()
            return
        self.limits.opened.add(self)
        self._timer = self.loop.call_later(self.limits.every_s, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room for another one."""
        self.limits.opened.discard(self)
        self._waiting.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read a little, and go on when the others had their turn.

        A body may come in pieces of one byte, of which each takes as long as a large one.
        """
        if self.is_idle and self.conn.their_state is h11.SEND_BODY:
            self._late += len(data)
            if self._late > LATE:
                self._waiting.clear()
                self.transport.close()
                return
        is_reading = bool(self._waiting)
        self._waiting += data
        if is_reading:  # uvicorn has resumed it meanwhile
            self.transport.pause_reading()
        else:
            self._read_on()

    def _read_on(self) -> None:
        part = bytes(self._waiting[:AT_ONCE])
        if part and not self.transport.is_closing():
            super().data_received(part)
        del self._waiting[:AT_ONCE]
        if self.transport.is_closing():
            self._waiting.clear()
        elif self._waiting:
            self.transport.pause_reading()
            self.loop.call_soon(self._read_on)
        elif self._ended:
            self._end()
        elif not self.flow.read_paused:
            self.transport.resume_reading()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Stay open for the answers to what was sent: who sends no more may still read.

        Of a request that was sent in part nothing more will come.
        """
        self._ended = True
        return bool(self._waiting) or self._is_answering

    @property
    def _is_answering(self) -> bool:
        return not self.is_idle and self.conn.their_state is not h11.SEND_BODY

    def _end(self) -> None:
        if not self._is_answering:
            self.transport.close()

    def on_response_complete(self) -> None:
        """Wait for the next request from now on, if there can be any."""
        self._idle_since = self.loop.time()
        super().on_response_complete()
        if self._ended and not self._waiting:
            self._end()

    @property
    def is_idle(self) -> bool:
        """Whether no request is under way."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def unsent(self) -> int:
        """Bytes of an answer that the other side has not taken."""
        return self.transport.get_write_buffer_size()

    def _make_room(self) -> bool:
        """Close the connection that has been idle for longest; whether there was one."""
        idle = [each for each in self.limits.opened if each.is_idle and not each.unsent]
        if not idle:
            return False
        min(idle, key=lambda each: each._idle_since).abort()
        return True

    def abort(self) -> None:
        """Close it at once, whatever was not sent."""
        self.limits.opened.discard(self)
        self.transport.abort()

    def _look(self) -> None:
        if self not in self.limits.opened:
            return
        now = self.loop.time()
        unsent = self.unsent
        if unsent < self._unsent or not unsent:
            self._moved_at = now
        self._unsent = unsent
        stays = now - self._moved_at < self.limits.answer_s
        if self.is_idle and not unsent:
            stays = now - self._idle_since < self.limits.head_s
        if not stays:
            self.abort()
            return
        together = sum(each.unsent for each in self.limits.opened)
        if together > self.limits.unsent:
            max(self.limits.opened, key=lambda each: each.unsent).abort()
        self._timer = self.loop.call_later(self.limits.every_s, self._look)


def server_config(app: FastAPI, settings: Settings, **more: Any) -> uvicorn.Config:
    """How uvicorn serves; `more` are further settings of `uvicorn.Config`, and `limits`."""
    limits = more.pop("limits", None) or Limits(settings.share(settings.max_connections))
    protocol = type("Connection", (Connection,), {"limits": limits})
    return uvicorn.Config(
        app, http=protocol, ws="none", access_log=False, server_header=False, **more
    )
