"""Puts the service together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import Any

import orjson
from anyio import to_thread
from fastapi import Depends, FastAPI
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from relgraph import __version__
from relgraph.api import conditional, limits, parameters, problems, schemas, security
from relgraph.api.activities import router as activities
from relgraph.api.addresses import WholeParts
from relgraph.api.analyses import router as analyses
from relgraph.api.background import Background
from relgraph.api.batch import router as batch
from relgraph.api.cookies import OwnCookies
from relgraph.api.drawings import router as drawings
from relgraph.api.edge_lists import router as edge_lists
from relgraph.api.files import PackageFiles
from relgraph.api.health import router as health
from relgraph.api.history import router as history
from relgraph.api.kept.reads import KeptReads
from relgraph.api.kept.store import Store
from relgraph.api.lists import router as lists
from relgraph.api.maps import MapCache
from relgraph.api.pages.chain import router as chain_pages
from relgraph.api.pages.customer import router as customer_pages
from relgraph.api.pages.directory import router as directory_pages
from relgraph.api.pages.reference import router as reference_pages
from relgraph.api.records import router as records
from relgraph.api.search import router as search
from relgraph.api.webhooks import router as webhooks
from relgraph.api.writes import router as writes
from relgraph.database import Database, open_database
from relgraph.records.access import SERVICE, Access, Viewer
from relgraph.records.upgrade import prepare
from relgraph.settings import Settings

THREADS = 16
"""Requests that are worked on at once, the others wait: with more of them each waits for the
others' interpreter lock, and all are answered later (docs/benchmarks.md, readers)."""

DESCRIPTION = """Who decides, who influences whom, who is for and against us, who can introduce us.

Null is unknown, never 0. Errors are RFC 9457 problem documents with a stable `code`.
"""
TAGS = {
    "records": "Customers, departments, people, deals, offerings, our teams and people; every tie "
    "between them; search and batches.",
    "history": "Who changed what, when and why, and how it is taken back.",
    "activities": "Calls, meetings and letters: counted, never read.",
    "analyses": "Who decides, by which ways, and what is not known.",
    "drawings": "The map as data, as a page that works offline, and as a picture.",
    "webhooks": "Signed messages of every change to other systems.",
    "service": "Whether it runs, and its database too.",
}
"""The groups of the reference, in its order."""


def create_app(
    settings: Settings,
    database: Database | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    background: bool = False,
) -> FastAPI:
    """The service. Without a `database` it opens and closes the one of the settings.

    `background` says whether it also does the work that nobody waits for.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        own = beside = None
        if database is None:
            own = await run_in_threadpool(open_database, settings)
            await run_in_threadpool(prepare, Access(own, SERVICE, clock()))
            app.state.database = own
        if background:
            beside = app.state.background = Background(app.state.database, settings)
            beside.start()
        yield
        if beside is not None:
            await run_in_threadpool(beside.stop)
        if own is not None:
            await run_in_threadpool(own.close)

    app = FastAPI(
        title="relgraph",
        version=__version__,
        description=DESCRIPTION,
        openapi_tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        lifespan=lifespan,
        openapi_url=None,
    )
    _describe(app, settings)
    app.state.database = database
    app.state.clock = clock
    app.state.settings = settings
    app.state.viewer = Viewer(settings.who)
    app.state.maps = MapCache()
    app.state.kept = Store(settings.share(settings.kept_answers_mb * 1_000_000))
    app.state.background = None
    app.include_router(health)
    for router in (
        lists,
        edge_lists,
        records,
        writes,
        batch,
        history,
        activities,
        search,
        webhooks,
        analyses,
        drawings,
    ):
        app.include_router(
            router, dependencies=[Depends(parameters.refuse_unknown), Depends(limits.refuse_larger)]
        )
    for pages in (customer_pages, chain_pages, directory_pages, reference_pages):
        app.include_router(pages)
    app.mount("/static", PackageFiles("relgraph.api", "pages", "static"))
    app.mount("/assets", PackageFiles("relgraph.viz", "assets"))
    problems.install(app)
    # Inside of the guard, which adds its headers to a 304, too.
    app.add_middleware(conditional.ConditionalReads)
    app.add_middleware(KeptReads, settings=settings, store=app.state.kept)
    security.install(app, settings)
    # The outermost: all others see the same path, and read no cookies but our own.
    app.add_middleware(WholeParts)
    app.add_middleware(OwnCookies)
    return app


def _describe(app: FastAPI, settings: Settings) -> None:
    """Serve the description of the API. It is made once, in a thread, as it takes seconds."""
    made, lock = app.openapi, Lock()

    @cache
    def document() -> dict[str, Any]:
        document = schemas.complete(made(), token=settings.token is not None)
        limits.describe(document, settings)
        conditional.describe(document)
        return document

    def openapi() -> dict[str, Any]:
        with lock:
            return document()

    @cache
    def text() -> bytes:
        return orjson.dumps(openapi())

    @app.get("/openapi.json", include_in_schema=False)
    def serve() -> Response:
        return Response(text(), media_type="application/json")

    app.openapi = openapi  # type: ignore[method-assign]
