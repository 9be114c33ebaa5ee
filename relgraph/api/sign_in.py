"""Signing in with the token: as a bearer, or as the cookie that the sign-in page sets.

Wrong tokens are counted for each address that they come from, so that who guesses locks out
nobody else. A bearer that a program sends again and again is one guess, however often it comes.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import cast

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from relgraph.api.cookies import TOKEN_COOKIE
from relgraph.api.problems import refuse
from relgraph.api.templates import page
from relgraph.settings import Settings

TRIES, WINDOW_S = 10, 60.0
"""Wrong tokens of an address that are looked at in so many seconds."""
MOST_ADDRESSES = 4_096
"""Addresses that are remembered; the one that has been quiet longest is forgotten first."""
_PAGE = "the sign-in page"


class Tries:
    """Wrong tokens of the last minute, by address.

    What was tried has a label: a bearer its own, so that the same one again is no new guess; the
    page one for all, since whoever types is not a program that cannot stop. An address may have
    `most` labels, and each label as many times. What is not looked at does not count.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, most: int = TRIES) -> None:
        self.clock = clock
        self._most = most
        self._of: OrderedDict[str, dict[str, tuple[float, int]]] = OrderedDict()
        self._lock = Lock()

    def wait_s(self, address: str, label: str) -> int:
        """Seconds until the next try is looked at; 0 if it is now."""
        with self._lock:
            recent = self._recent(address)
            times = [since for since, _ in recent.values()]
            since, count = recent.get(label, (0.0, 0))
            if count >= self._most:
                until = since + WINDOW_S
            elif len(recent) >= self._most and label not in recent:
                until = min(times) + WINDOW_S
            else:
                return 0
            return max(1, math.ceil(until - self.clock()))

    def add(self, address: str, label: str) -> None:
        """Note a wrong token."""
        with self._lock:
            recent = self._recent(address)
            since, count = recent.get(label, (self.clock(), 0))
            recent[label] = (since, count + 1)
            self._of[address] = recent
            self._of.move_to_end(address)
            while len(self._of) > MOST_ADDRESSES:
                self._of.popitem(last=False)

    def _recent(self, address: str) -> dict[str, tuple[float, int]]:
        begin = self.clock() - WINDOW_S
        return {
            label: tried for label, tried in self._of.get(address, {}).items() if tried[0] > begin
        }


def address_of(request: Request) -> str:
    """Whom a try is counted for: an address, of IPv6 the network that a subscriber has."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:  # a socket file, or a test
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def bearer_of(request: Request) -> str | None:
    """The token of the Authorization header; its scheme may be written in any case."""
    scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


class SignIn:
    """Whether a request carries the token."""

    def __init__(self, token: str, tries: Tries) -> None:
        self._token = token
        self._tries = tries

    def has_cookie(self, request: Request) -> bool:
        """Whether the request has the cookie of the sign-in page; nobody can guess that."""
        return is_same(request.cookies.get(TOKEN_COOKIE, ""), cookie_of(self._token))

    def has_bearer(self, request: Request) -> bool:
        """Whether it has the token as a bearer. Raises TooManyTries instead of looking at it."""
        bearer = bearer_of(request)
        return bearer is not None and self.is_right(
            request, bearer, hashlib.sha256(bearer.encode()).hexdigest()[:16]
        )

    def is_right(self, request: Request, token: str, label: str = _PAGE) -> bool:
        """Whether this is the token; a wrong one counts. Raises TooManyTries."""
        address = address_of(request)
        wait_s = self._tries.wait_s(address, label)
        if wait_s:
            raise TooManyTries(wait_s)
        if is_same(token, self._token):
            return True
        self._tries.add(address, label)
        return False


class TooManyTries(Exception):
    """An address has tried too many wrong tokens; after `wait_s` seconds it may try again."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s

    def answer(self, request: Request) -> Response:
        """429 with the time to wait."""
        answer = refuse(request, 429, "too_many_tries", seconds=self.wait_s)
        answer.headers["Retry-After"] = str(self.wait_s)
        return answer


def cookie_of(token: str) -> str:
    """What the cookie holds: it proves the token without being it."""
    return hmac.new(token.encode(), b"relgraph sign-in", hashlib.sha256).hexdigest()


def is_same(given: str, wanted: str) -> bool:
    """Compare in a time that says nothing of where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())


router = APIRouter(include_in_schema=False)


@router.get("/login")
def show(request: Request) -> Response:
    """The sign-in page."""
    return page(request, "login.html", failed=False, next=_local(request.query_params))


@router.post("/login")
def sign_in(request: Request, token: str = Form(max_length=500)) -> Response:
    """Set the cookie for the right token."""
    settings = cast(Settings, request.app.state.settings)
    known = cast("SignIn | None", request.app.state.sign_in)
    goal = _local(request.query_params)
    headers: dict[str, str] = {}
    status = 401
    try:
        if known is not None and settings.token is not None and known.is_right(request, token):
            answer = RedirectResponse(goal, 303)
            answer.set_cookie(
                TOKEN_COOKIE,
                cookie_of(settings.token.get_secret_value()),
                max_age=30 * 86400,
                httponly=True,
                samesite="strict",
                secure=request.url.scheme == "https",
            )
            return answer
    except TooManyTries as error:
        status, headers = 429, {"Retry-After": str(error.wait_s)}
    return page(
        request, "login.html", status=status, failed=True, wait=status == 429, next=goal,
        headers=headers,
    )  # fmt: skip


def _local(query: object) -> str:
    """Where to go after signing in: a path of this service, nothing else."""
    goal = str(query.get("next", "/"))  # type: ignore[attr-defined]
    return goal if goal.startswith("/") and not goal.startswith(("//", "/\\")) else "/"
