"""Answers of reads that show customers: kept while they are valid, and made by a few at a time.

It stands in front of `conditional`, so that a kept answer has its tag. An answer that is kept goes
out from the event loop, without a thread. Before, a look at the database says what was written
since (see `looks`). Requests for the same thing share one answer that is being made; the others are
made a few at a time, in the order in which they came: more at once wait for each other's
interpreter lock, and all are answered later.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Hashable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast
from weakref import WeakKeyDictionary

from fastapi import Request
from fastapi.routing import iter_route_contexts
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relgraph.api.conditional import READS, conditions_of, is_tagged, is_unchanged
from relgraph.api.context import access, language, wants_page
from relgraph.api.kept.looks import Looks
from relgraph.api.kept.shows import Showing, gathering, is_kept
from relgraph.api.kept.store import Answer, Moment, Store
from relgraph.api.kept.turns import Turns
from relgraph.api.problems import answer_to
from relgraph.database import awaited, too_slow, waiting_for
from relgraph.errors import RelgraphError
from relgraph.records.access import SERVICE, Access
from relgraph.records.log.committed import ANYTHING, look, shorten, touched_between
from relgraph.settings import Settings

MADE_AT_ONCE = 2
"""Answers that are made at the same time."""


class KeptReads:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, settings: Settings, store: Store) -> None:
        self.app = app
        self.store = store
        self._is_on = settings.kept_answers_mb > 0
        self._wait_s = settings.query_timeout_s
        self._looker = ThreadPoolExecutor(1, "look")
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Shared] = WeakKeyDictionary()
        self._patterns: list[re.Pattern[str]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_kept(scope):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            answer = await self._answer(request)
        except RelgraphError as error:
            await answer_to(request, error)(scope, receive, send)
            return
        await _send(answer, scope, send)

    def _is_kept(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] not in READS:
            return False
        path = scope["path"]
        if scope["method"] != "GET" and not is_tagged(path):
            return False
        if self._patterns is None:
            self._patterns = [
                cast(Any, route).path_regex
                for route in iter_route_contexts(scope["app"].routes)
                if is_kept(getattr(route, "endpoint", self))
            ]
        return any(pattern.match(path) for pattern in self._patterns)

    async def _answer(self, request: Request) -> Answer:
        shared = self._shared(access(request))
        if not self._is_on:
            return await self._in_turn(request, shared)
        bookmarks = awaited()
        async with self._in_time():
            await (shared.look_for(bookmarks) if bookmarks else shared.looks.wait())
        key = _key(request)
        answer = self.store.get(key)
        if answer is not None:
            return answer
        name = key, bookmarks
        flight = shared.flights.get(name)
        if flight is None or not flight.may_be_joined(self.store.number):
            flight = Flight()
            flight.task = asyncio.create_task(self._make(request, shared, flight, key))
            shared.flights[name] = flight
            flight.task.add_done_callback(partial(shared.land, name, flight))
        # Who leaves does not take the answer from the others.
        return await asyncio.shield(flight.task)

    async def _make(
        self, request: Request, shared: Shared, flight: Flight, key: Hashable
    ) -> Answer:
        answer = await self._in_turn(request, shared, flight)
        if flight.begun is not None and answer.may_be_kept:
            self.store.keep(key, answer, flight.begun)
        return answer

    async def _in_turn(
        self, request: Request, shared: Shared, flight: Flight | None = None
    ) -> Answer:
        """The answer of the application, when it is this request's turn."""
        async with shared.turns.turn():
            if flight is not None:
                flight.begun = self.store.now()
            answer = await _captured(self.app, request.scope)
            if answer.status < 500:
                shared.turns.moved()
            return answer

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """Raise QueryTimedOut if the block waits longer than a query may take."""
        try:
            async with asyncio.timeout(self._wait_s):
                yield
        except TimeoutError:
            raise too_slow() from None

    def _shared(self, asking: Access) -> Shared:
        running = asyncio.get_running_loop()
        if running not in self._loops:
            service = replace(asking, viewer=SERVICE)
            self._loops[running] = Shared(partial(self.look, service), self._looker, self._wait_s)
        return self._loops[running]

    def look(self, service: Access) -> None:
        """Look at the database, and drop what was touched. In one thread at a time only."""
        before, now = self.store.last, look(service)
        touched = ANYTHING if before is None else touched_between(service, before, now)
        self.store.move(now, touched)
        if now.settled:
            with suppress(RelgraphError):  # looks are only longer without
                shorten(service, now)


@dataclass(slots=True)
class Flight:
    """An answer that is being made, and who waits for it."""

    task: asyncio.Task[Answer] = field(init=False)
    begun: Moment | None = None

    def may_be_joined(self, number: int) -> bool:
        """Whether it shows what was committed at the last look, the one of this number."""
        return self.begun is None or self.begun.number == number


class Shared:
    """What the requests of one event loop share."""

    def __init__(self, look: Callable[[], None], looker: Executor, wait_s: float) -> None:
        self._look = look
        self._looker = looker
        self.looks = Looks(look, looker)
        self.turns = Turns(MADE_AT_ONCE, wait_s)
        self.flights: dict[Hashable, Flight] = {}

    async def look_for(self, bookmarks: tuple[str, ...]) -> None:
        """Look at the database when it has these bookmarks."""

        def waiting() -> None:
            with waiting_for(bookmarks):
                self._look()

        await asyncio.get_running_loop().run_in_executor(self._looker, waiting)

    def land(self, name: Hashable, flight: Flight, task: asyncio.Task[Answer]) -> None:
        """Forget a flight that has ended."""
        if self.flights.get(name) is flight:
            del self.flights[name]
        if not task.cancelled():
            task.exception()  # nobody may be left who waits for it


def _key(request: Request) -> Hashable:
    """What an answer depends on beside the database."""
    asking = access(request)
    return (
        request.scope.get("raw_path"),
        request.scope["path"],
        request.scope["query_string"],
        language(request),
        wants_page(request),
        asking.viewer,
        asking.today,
    )


async def _captured(app: ASGIApp, scope: Scope) -> Answer:
    """The application's whole answer to a GET without conditions."""
    start: Message = {}
    parts: list[bytes] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    headers = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
    showing = Showing()
    token = gathering.set(showing)
    try:
        await app({**scope, "method": "GET", "headers": headers}, receive, send)
    finally:
        gathering.reset(token)
    return Answer(start["status"], tuple(start["headers"]), b"".join(parts), showing.ids)


async def _send(answer: Answer, scope: Scope, send: Send) -> None:
    """The answer, or 304 if the client has it; without its body for a HEAD."""
    headers = MutableHeaders(raw=list(answer.headers))
    status = answer.status
    if status == 200 and is_unchanged(headers, conditions_of(scope)):
        status = 304
    await send({"type": "http.response.start", "status": status, "headers": headers.raw})
    body = b"" if status == 304 or scope["method"] == "HEAD" else answer.body
    await send({"type": "http.response.body", "body": body})
