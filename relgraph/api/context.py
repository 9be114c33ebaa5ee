"""What a request carries: who asks what and when, and the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Query, Request

from relgraph.api.cookies import LANG_COOKIE
from relgraph.database import Database
from relgraph.records.access import Access, Viewer
from relgraph.schema.vocabulary import LANGS, Lang

LangQuery = Annotated[
    Lang | None, Query(description="en or zh; else the cookie or Accept-Language decides")
]


def database(request: Request) -> Database:
    """The service's database."""
    return cast(Database, request.app.state.database)


def access(request: Request) -> Access:
    """What the request may see, at the time of the service's clock."""
    clock = cast(Callable[[], datetime], request.app.state.clock)
    viewer = cast(Viewer, request.app.state.viewer)
    return Access(database(request), viewer, clock())


def language(request: Request) -> Lang:
    """The reader's language: `?lang=`, then the cookie, then what the browser prefers."""
    wishes = (request.query_params.get("lang"), request.cookies.get(LANG_COOKIE))
    for lang in LANGS:
        if (wishes[0] if wishes[0] in LANGS else wishes[1]) == lang:
            return lang
    accepted = request.headers.get("accept-language", "").lower()
    for part in accepted.split(","):
        word = part.split(";")[0].strip()
        if word.startswith("zh"):
            return "zh"
        if word.startswith("en"):
            return "en"
    return "en"


def wants_page(request: Request) -> bool:
    """Whether a person is reading: a browser's request outside the API."""
    path = request.url.path
    if path.startswith(("/api/", "/healthz", "/readyz", "/openapi.json")):
        return False
    return "text/html" in request.headers.get("accept", "")


# FastAPI calls what is not async in a thread, and that costs more than these do.


async def _database(request: Request) -> Database:
    return database(request)


async def _access(request: Request) -> Access:
    return access(request)


async def _language(request: Request) -> Lang:
    return language(request)


Db = Annotated[Database, Depends(_database)]
Asking = Annotated[Access, Depends(_access)]
Language = Annotated[Lang, Depends(_language)]
