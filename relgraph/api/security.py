"""The one rule that protects the service before accounts exist (DESIGN §6).

Requests must name an allowed host, so that no other site's name can be pointed here. With a
token set, everything but the sign-in page and the health check asks for it, as a bearer or as
the cookie that the sign-in page sets. A write must be JSON, which no form of another site can
send, and come from this service's own pages or carry the token as a bearer; its body is read
here, so that none is larger than the settings allow.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relgraph.api.context import wants_page
from relgraph.api.problems import refuse
from relgraph.api.templates import page
from relgraph.database import waiting_for
from relgraph.errors import SettingsError
from relgraph.settings import LOOPBACK_HOSTS, Settings

COOKIE = "relgraph_token"
BOOKMARK = "Relgraph-Bookmark"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS = ("/healthz", "/login", "/static/", "/assets/")
TRIES, WINDOW_S = 10, 60.0
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Host names that a request may carry."""
    more = {host.strip().lower() for host in settings.allowed_hosts.split(",") if host.strip()}
    own = {settings.host} if settings.host not in {"0.0.0.0", "::"} else set()  # noqa: S104
    return frozenset(LOOPBACK_HOSTS | {"[::1]"} | own | more)


def refuse_open_service(settings: Settings) -> None:
    """Raise SettingsError for a service that others could reach without a token."""
    if not settings.loopback and settings.token is None:
        raise SettingsError(
            f"Serving on {settings.host} lets other machines in.",
            remedy="Set RELGRAPH_TOKEN to a secret that they must send, or serve on 127.0.0.1.",
        )


class Guard:
    """ASGI middleware: host, token, origin, size, and the headers of every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = allowed_hosts(settings)
        self.token = settings.token.get_secret_value() if settings.token else None
        self.largest_body = settings.max_body_kb * 1024
        self.deepest = settings.max_depth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        path = scope["path"]

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _protect(MutableHeaders(scope=message), path)
            await send(message)

        refusal = self._refusal(request)
        if refusal is None and request.method not in READING:
            body = await _read_body(request.headers, receive, self.largest_body)
            if body is None:
                refusal = refuse(request, 413, "body_too_large", limit=f"{self.largest_body:,}")
            elif _is_deeper(body, self.deepest):
                refusal = refuse(request, 422, "body_too_deep", limit=self.deepest)
            else:
                receive = _replayed(body, receive)
        # What the sender wrote through another process must be seen by this one.
        bookmarks = request.headers.get(BOOKMARK, "").split(",")
        with waiting_for([bookmark.strip() for bookmark in bookmarks if bookmark.strip()]):
            await (refusal or self.app)(scope, receive, guarded)
        if refusal is None and request.method not in READING and request.app.state.background:
            request.app.state.background.webhooks.wake()

    def _refusal(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if name.lower() not in self.hosts:
            return refuse(request, 421, "host_not_allowed")
        path = request.url.path
        given = request.headers.get("authorization", "")
        bearer = self.token is not None and given.startswith("Bearer ")
        bearer = bearer and _same(given[7:], self.token or "")
        if self.token is not None and not bearer and not path.startswith(OPEN_PATHS):
            cookie = request.cookies.get(COOKIE, "")
            if not (cookie and _same(cookie, cookie_of(self.token))):
                return _sign_in(request)
        if request.method in READING or not path.startswith("/api/"):
            return None
        if not bearer and not _is_own(request, host):
            return refuse(request, 403, "other_site")
        return None if _is_json(request.headers) else refuse(request, 415, "not_json")


def _sign_in(request: Request) -> Response:
    if wants_page(request):
        return RedirectResponse(f"/login?next={quote(request.url.path)}", 303)
    answer = refuse(request, 401, "token_needed")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _is_own(request: Request, host: str) -> bool:
    """Whether a write comes from this service's own pages, or from no page at all."""
    if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def _is_json(headers: Headers) -> bool:
    """JSON or a JSON patch; a request without a body needs to say nothing."""
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if not kind:
        return headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


async def _read_body(headers: Headers, receive: Receive, largest: int) -> bytes | None:
    """The body, or None if it is larger than allowed."""
    declared_length = headers.get("content-length", "")
    if declared_length.isdigit() and int(declared_length) > largest:
        return None
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > largest:
            return None
        if not message.get("more_body", False):
            return bytes(body)


_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_NESTING = re.compile(rb"[\[\]{}]")


def _is_deeper(body: bytes, deepest: int) -> bool:
    """Whether lists and objects nest deeper than this; no parser has to find out the hard way."""
    depth = 0
    for sign in _NESTING.finditer(_STRING.sub(b"", body)):
        depth += 1 if sign[0] in b"[{" else -1
        if depth > deepest:
            return True
    return False


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


def cookie_of(token: str) -> str:
    """What the cookie holds: it proves the token without being it."""
    return hmac.new(token.encode(), b"relgraph sign-in", hashlib.sha256).hexdigest()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _protect(headers: MutableHeaders, path: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", POLICY)
    if not path.startswith(("/static/", "/assets/")):
        headers.setdefault("Cache-Control", "no-store")


def sign_in_routes(settings: Settings, clock: Callable[[], float] = time.monotonic) -> APIRouter:
    """The sign-in page. More than ten wrong tokens a minute are not looked at."""
    router = APIRouter(include_in_schema=False)
    wrong: deque[float] = deque(maxlen=TRIES)

    @router.get("/login")
    def show(request: Request) -> Response:
        return page(request, "login.html", failed=False, next=_local(request.query_params))

    @router.post("/login")
    def sign_in(request: Request, token: str = Form(max_length=500)) -> Response:
        wanted = settings.token.get_secret_value() if settings.token else None
        goal = _local(request.query_params)
        busy = len(wrong) == TRIES and clock() - wrong[0] < WINDOW_S
        if busy or wanted is None or not _same(token, wanted):
            wrong.append(clock())
            return page(request, "login.html", status=429 if busy else 401, failed=True, next=goal)
        answer = RedirectResponse(goal, 303)
        secure = request.url.scheme == "https"
        answer.set_cookie(
            COOKIE,
            cookie_of(wanted),
            max_age=30 * 86400,
            httponly=True,
            samesite="strict",
            secure=secure,
        )
        return answer

    return router


def _local(query: object) -> str:
    """Where to go after signing in: a path of this service, nothing else."""
    goal = str(query.get("next", "/"))  # type: ignore[attr-defined]
    return goal if goal.startswith("/") and not goal.startswith(("//", "/\\")) else "/"


def install(app: FastAPI, settings: Settings) -> None:
    """Put the guard in front of everything."""
    app.include_router(sign_in_routes(settings))
    app.add_middleware(Guard, settings=settings)
