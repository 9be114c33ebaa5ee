"""The one rule that protects the service before accounts exist (DESIGN §6).

Requests must name an allowed host, so that no other site's name can be pointed here. With a
token set, everything but the sign-in page and the health check asks for it, as a bearer or as
the cookie that the sign-in page sets.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import quote

import orjson
from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request as StarletteRequest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relgraph.api.templates import page
from relgraph.errors import SettingsError
from relgraph.settings import LOOPBACK_HOSTS, Settings

COOKIE = "relgraph_token"
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
    """ASGI middleware: host, token, and the headers of every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = allowed_hosts(settings)
        self.token = settings.token.get_secret_value() if settings.token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        path = scope["path"]

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _protect(MutableHeaders(scope=message), path)
            await send(message)

        refusal = self._refusal(scope, headers, path)
        await (refusal or self.app)(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: Headers, path: str) -> Response | None:
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if name.lower() not in self.hosts:
            detail = "This host name is not allowed; add it to RELGRAPH_ALLOWED_HOSTS."
            return _problem(421, "host_not_allowed", detail, path)
        if self.token is None or path.startswith(OPEN_PATHS):
            return None
        given = headers.get("authorization", "")
        cookie = StarletteRequest(scope).cookies.get(COOKIE, "")
        if given.startswith("Bearer ") and _same(given[7:], self.token):
            return None
        if cookie and _same(cookie, cookie_of(self.token)):
            return None
        if "text/html" in headers.get("accept", "") and not path.startswith("/api/"):
            return RedirectResponse(f"/login?next={quote(path)}", 303)
        answer = _problem(401, "token_needed", "Send the token as a bearer.", path)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer


def cookie_of(token: str) -> str:
    """What the cookie holds: it proves the token without being it."""
    return hmac.new(token.encode(), b"relgraph sign-in", hashlib.sha256).hexdigest()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _problem(status: int, code: str, detail: str, path: str) -> Response:
    body = {
        "type": f"/problems/{code}",
        "title": code.replace("_", " "),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": path,
    }
    return Response(orjson.dumps(body), status, None, "application/problem+json")


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
