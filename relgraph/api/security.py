"""The one rule that protects the service before accounts exist (DESIGN §6).

Requests must name an allowed host, so that no other site's name can be pointed here. With a
token set, everything but the sign-in page and the health check asks for it, as a bearer or as
the cookie that the sign-in page sets. A write must be JSON, which no form of another site can
send, and come from this service's own pages or carry the token as a bearer. Its body is read
here, after all of that, only where something takes it and no further than the settings allow.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import iter_route_contexts
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relgraph.api import sign_in
from relgraph.api.addresses import path_of
from relgraph.api.context import wants_page
from relgraph.api.problems import refuse
from relgraph.api.request_bodies import SMALL, Bodies, BodyRefused, Disconnected
from relgraph.api.sign_in import TRIES, SignIn, TooManyTries, Tries
from relgraph.database import waiting_for
from relgraph.settings import LOOPBACK_HOSTS, Settings

BOOKMARK = "Relgraph-Bookmark"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_TYPE = 500
"""Characters of a Content-Type; a form's parser takes time with the square of its parameters."""
OPEN_PATHS = ("/healthz", "/login", "/static/", "/assets/")
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


class Guard:
    """ASGI middleware: host, token, origin, size, and the headers of every answer."""

    def __init__(self, app: ASGIApp, settings: Settings, signing_in: SignIn | None) -> None:
        self.app = app
        self.hosts = allowed_hosts(settings)
        self.signing_in = signing_in
        self.bodies = Bodies(settings)

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
        is_read = request.method in READING or refusal is not None
        largest = 0 if is_read else self._largest_body(request)
        # What the sender wrote through another process must be seen by this one.
        bookmarks = request.headers.get(BOOKMARK, "").split(",")
        with waiting_for([bookmark.strip() for bookmark in bookmarks if bookmark.strip()]):
            if refusal is not None:
                await refusal(scope, receive, guarded)
            elif largest:
                await self._answer(request, receive, guarded, largest)
            else:  # nothing there reads a body
                await self.app(scope, receive, guarded)
        if refusal is None and largest and request.app.state.background:
            request.app.state.background.webhooks.wake()

    async def _answer(self, request: Request, receive: Receive, send: Send, largest: int) -> None:
        """Read the body within its limits and let the application answer."""
        size = 0
        try:
            body = await self.bodies.read(request.headers, receive, largest)
            size = len(body)
            if request.url.path.startswith("/api/"):
                await self.bodies.check_json(body)
            await self.bodies.answer(self.app, request.scope, receive, send, body)
        except Disconnected:
            return
        except BodyRefused as error:
            refusal = refuse(request, error.status, error.code, **error.values)
            if error.status == 503:
                refusal.headers["Retry-After"] = "2"
            await refusal(request.scope, receive, send)
        finally:
            self.bodies.release(size)

    def _refusal(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if name.lower() not in self.hosts:
            return refuse(request, 421, "host_not_allowed")
        path = request.url.path
        bearer = False
        if self.signing_in is not None and not path.startswith(OPEN_PATHS):
            has_cookie = self.signing_in.has_cookie(request)
            try:
                bearer = self.signing_in.has_bearer(request)
            except TooManyTries as error:
                if not has_cookie:
                    return error.answer(request)
            if not bearer and not has_cookie:
                return _sign_in(request)
        if request.method in READING:
            return None
        if not bearer and not _is_own(request, host):
            return refuse(request, 403, "other_site")
        if len(request.headers.get("content-type", "")) > LONGEST_TYPE:
            return refuse(request, 415, "not_json")
        if not path.startswith("/api/") or _is_json(request.headers):
            return None
        return refuse(request, 415, "not_json")

    def _largest_body(self, request: Request) -> int:
        """How large a body may be, in bytes; 0 where there is nothing that takes the request."""
        for route in iter_route_contexts(request.app.routes):
            pattern = getattr(route, "path_regex", None)
            if pattern is None or request.method not in (route.methods or ()):
                continue
            if pattern.match(request.url.path):
                is_json = getattr(route, "body_field", None) is not None
                is_json = is_json and request.url.path.startswith("/api/")
                return self.bodies.largest if is_json else min(SMALL, self.bodies.largest)
        return 0


def _sign_in(request: Request) -> Response:
    if wants_page(request):
        return RedirectResponse(f"/login?next={quote(path_of(request))}", 303)
    answer = refuse(request, 401, "token_needed")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _is_own(request: Request, host: str) -> bool:
    """Whether a write comes from this service's own pages, or from no page at all."""
    if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:  # such as an address in brackets that is none
        return False


def _is_json(headers: Headers) -> bool:
    """JSON or a JSON patch; a request without a body needs to say nothing."""
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if not kind:
        return headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def _protect(headers: MutableHeaders, path: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", POLICY)
    if not path.startswith(("/static/", "/assets/")):
        headers.setdefault("Cache-Control", "no-store")


def install(app: FastAPI, settings: Settings) -> None:
    """Put the guard in front of everything."""
    app.state.tries = Tries(most=settings.share(TRIES))
    token = settings.token.get_secret_value() if settings.token is not None else None
    app.state.sign_in = SignIn(token, app.state.tries) if token is not None else None
    app.include_router(sign_in.router)
    app.add_middleware(Guard, settings=settings, signing_in=app.state.sign_in)
