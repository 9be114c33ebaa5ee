"""Looks at the database that requests share.

Whoever asks gets the result of a look that begins after they asked: those who come while a look is
under way share the next one. So a write that was answered before is in it, and many readers cost
a few looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor


class Looks:
    """Looks of one event loop; `look` runs in a thread, one after the other."""

    def __init__(self, look: Callable[[], None], executor: Executor) -> None:
        self._look = look
        self._executor = executor
        self._next: asyncio.Future[None] | None = None
        self._running: asyncio.Task[None] | None = None

    async def wait(self) -> None:
        """Until a look has ended that begins now or later. Raises what it raises."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        mine = self._next
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        await asyncio.shield(mine)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._next is not None:
            waiting, self._next = self._next, None
            try:
                await loop.run_in_executor(self._executor, self._look)
            except Exception as error:
                waiting.set_exception(error)
                waiting.exception()  # nobody may be left who waits for it
            else:
                waiting.set_result(None)
        self._running = None
