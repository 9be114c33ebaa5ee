"""Connections that are slow, idle or too many."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
import uvicorn
from fastapi.responses import Response

from relgraph.api import request_bodies
from relgraph.api.connections import Limits, server_config
from relgraph.database import Database
from relgraph.settings import load_settings
from tests.support.service import app_of
from tests.support.threads import in_thread

HEAD = b"POST /api/v1/customers HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
GET = b"GET %s HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
LARGE = 8 * 1024 * 1024


@contextmanager
def served(db: Database, limits: Limits) -> Iterator[int]:
    """The service behind its own connections; its port."""
    app = app_of(db)

    @app.get("/large")
    def large() -> Response:
        return Response(b"x" * LARGE)

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        config = server_config(app, load_settings(), log_level="error", limits=limits)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()


def limits_of(**more: float) -> Limits:
    values = {"connections": 8, "head_s": 0.4, "answer_s": 0.4, "every_s": 0.05} | more
    return Limits(**values)  # type: ignore[arg-type]


def rest_of(sock: socket.socket) -> bytes:
    """What comes until the service closes; a reset ends it, too."""
    sock.settimeout(20)
    rest = b""
    try:
        while part := sock.recv(65_536):
            rest += part
    except ConnectionError:
        pass
    return rest


def connected(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return sock


@pytest.mark.parametrize(
    "sent", [b"", HEAD[:20], b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\nG"]
)
def test_a_connection_without_a_request_is_closed(demo_db: Database, sent: bytes) -> None:
    with served(demo_db, limits_of()) as port, connected(port) as sock:
        sock.sendall(sent)
        answer = rest_of(sock)
        assert answer.startswith(b"HTTP/1.1 200 OK" if b"healthz" in sent else b"")


def test_a_trickling_head_is_closed_too(demo_db: Database) -> None:
    """Each byte is in time, the whole is not."""
    with served(demo_db, limits_of()) as port, connected(port) as sock:
        sock.settimeout(0.05)
        began = time.monotonic()
        with pytest.raises((ConnectionError, EOFError)):
            while time.monotonic() - began < 20:
                sock.sendall(b"G")
                try:
                    if not sock.recv(1):
                        raise EOFError
                except TimeoutError:
                    continue


def test_a_slow_body_gets_an_answer_and_is_closed(
    demo_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_bodies, "BODY_S", 0.3)
    with served(demo_db, limits_of()) as port, connected(port) as sock:
        sock.sendall(HEAD + b"content-length: 4000\r\n\r\n{")
        answer = rest_of(sock)
    assert answer.startswith(b"HTTP/1.1 408") and b"body_too_slow" in answer


def test_an_answer_that_is_not_taken_is_given_up(demo_db: Database) -> None:
    limits = limits_of()
    with served(demo_db, limits) as port, connected(port) as sock:
        sock.sendall(GET % b"/large")
        deadline = time.monotonic() + 20
        until(lambda: any(each.unsent for each in list(limits.opened)), deadline)
        until(lambda: not limits.opened, deadline)


def test_answers_that_are_not_taken_have_room_together(demo_db: Database) -> None:
    limits = limits_of(answer_s=60, unsent=LARGE)
    with served(demo_db, limits) as port:
        socks = [connected(port) for _ in range(4)]
        for sock in socks:
            sock.sendall(GET % b"/large")
        deadline = time.monotonic() + 20
        until(lambda: len(limits.opened) == 4, deadline)
        until(lambda: 1 <= len(limits.opened) <= 2, deadline)
        for sock in socks:
            sock.close()


def until(reached: object, deadline: float) -> None:
    """Wait for something that another thread does."""
    pause = threading.Event()
    while not reached():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen"
        pause.wait(0.01)


def test_idle_connections_make_room(demo_db: Database) -> None:
    limits = limits_of(head_s=60)
    with served(demo_db, limits) as port:
        socks = [connected(port) for _ in range(30)]
        answer = httpx2.get(f"http://127.0.0.1:{port}/healthz")
        assert answer.status_code == 200 and len(limits.opened) <= 8
        for sock in socks:
            sock.close()


def test_busy_connections_do_not_make_room(demo_db: Database) -> None:
    with served(demo_db, limits_of(head_s=60)) as port:
        socks = [connected(port) for _ in range(8)]
        for sock in socks:
            sock.sendall(HEAD + b"expect: 100-continue\r\ncontent-length: 4000\r\n\r\n")
            assert sock.recv(12) == b"HTTP/1.1 100", "its body is waited for"
        with connected(port) as late:
            assert rest_of(late).startswith(b"HTTP/1.1 503")
        for sock in socks:
            sock.close()


def test_bodies_have_room_together(demo_db: Database) -> None:
    bodies = request_bodies.Bodies(load_settings(max_body_kb=16))
    bodies.most_under_way = 100

    async def parts(*sizes: int) -> bytes:
        left = list(sizes)

        async def receive() -> dict[str, object]:
            size = left.pop(0)
            return {"type": "http.request", "body": b"x" * size, "more_body": bool(left)}

        return await bodies.read(request_bodies.Headers({}), receive, 1_000)  # type: ignore[arg-type]

    assert in_thread(lambda: asyncio.run(parts(40, 50))) and bodies.under_way == 90
    with pytest.raises(request_bodies.BodyRefused) as refused:
        in_thread(lambda: asyncio.run(parts(5, 50)))
    assert (refused.value.status, refused.value.code) == (503, "too_busy")
    assert bodies.under_way == 90, "half a body is forgotten"
    bodies.release(90)
    assert in_thread(lambda: asyncio.run(parts(5, 50))) and bodies.under_way == 55
