"""Turns: a few at a time work, the others wait in the order in which they came.

A long queue that moves is waited for. Where nobody has ended well for as long as a query may take,
the database stands still, and those who wait are told so instead of waiting for each before them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from relgraph.database import too_slow


class Turns:
    """The turns of one event loop."""

    def __init__(self, at_once: int, wait_s: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._wait_s = wait_s
        self._moved_at = 0.0

    def moved(self) -> None:
        """Somebody has ended well."""
        self._moved_at = asyncio.get_running_loop().time()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Work in the block. Raises QueryTimedOut if nobody has ended well for too long."""
        await self._begin()
        try:
            yield
        finally:
            self._free.release()

    async def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        came_at = loop.time()
        acquiring = asyncio.create_task(self._free.acquire())
        try:
            while not acquiring.done():
                rest = max(came_at, self._moved_at) + self._wait_s - loop.time()
                if rest <= 0:
                    raise too_slow()
                await asyncio.wait({acquiring}, timeout=rest)
        except BaseException:
            if not acquiring.cancel():  # it was this one's turn at that moment
                self._free.release()
            raise
