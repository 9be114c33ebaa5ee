"""Connections that are slow, idle or too many."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx2
import pytest
from fastapi.responses import Response

from relgraph.api import connections, request_bodies
from relgraph.api.connections import Limits
from relgraph.database import Database
from relgraph.settings import load_settings
from tests.support.service import app_of, serving
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

    with serving(app, limits=limits) as address:
        yield int(address.rpartition(":")[2])


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


@pytest.mark.parametrize("requests", [1, 3])
def test_who_sends_no_more_gets_the_answers(demo_db: Database, requests: int) -> None:
    paths = [b"/healthz", b"/api/v1/stakeholders", b"/api/v1/customers"][:requests]
    with served(demo_db, limits_of(answer_s=20)) as port, connected(port) as sock:
        sock.sendall(b"".join(GET % path for path in paths))
        sock.shutdown(socket.SHUT_WR)
        answer = rest_of(sock)
    assert answer.count(b"HTTP/1.1 200 OK") == requests
    assert answer.endswith(b"}")


def test_who_ends_within_a_request_gets_none(demo_db: Database) -> None:
    limits = limits_of(head_s=60)
    with served(demo_db, limits) as port:
        for sent in (b"GET / HT", HEAD + b"content-length: 4000\r\n\r\n{"):
            with connected(port) as sock:
                sock.sendall(sent)
                sock.shutdown(socket.SHUT_WR)
                assert rest_of(sock) == b""
        until(lambda: not limits.opened, time.monotonic() + 20)


def test_a_body_of_small_pieces_holds_nobody_up(
    demo_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a million pieces of one byte; read as they come they leave room for two others."""
    pieces = b"1\r\n \r\n" * 5_000
    ended = threading.Event()
    with served(demo_db, limits_of(head_s=60)) as port, connected(port) as sock:
        sock.settimeout(60)
        received: list[int] = []
        read = connections.H11Protocol.data_received

        def noted(self: connections.H11Protocol, data: bytes) -> None:
            received.append(len(data))
            read(self, data)

        monkeypatch.setattr(connections.H11Protocol, "data_received", noted)

        def send() -> None:
            try:
                sock.sendall(HEAD + b"transfer-encoding: chunked\r\n\r\n")
                for _ in range(100):
                    sock.sendall(pieces)
            except OSError:  # it was closed, which is as well
                pass
            ended.set()

        thread = threading.Thread(target=send)
        thread.start()
        answered = 0
        while not ended.is_set():
            assert httpx2.get(f"http://127.0.0.1:{port}/healthz", timeout=60).status_code == 200
            answered += 1
        assert answered and len(received) > 10
        assert max(received) <= connections.AT_ONCE, "and the others have their turn in between"
        sock.shutdown(socket.SHUT_RDWR)
        thread.join(20)


@pytest.mark.parametrize("at_once", [1, 7, 100_000])
def test_requests_are_the_same_however_they_are_read(
    demo_db: Database, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(connections, "AT_ONCE", at_once)
    body = b'{"id": "never", "nonsense": "' + b"x" * 300 + b'"}'
    post = HEAD + b"content-length: %d\r\n\r\n" % len(body) + body
    with served(demo_db, limits_of(head_s=60, answer_s=20)) as port, connected(port) as sock:
        sock.sendall(GET % b"/healthz" + post + GET % b"/api/v1/customers" + GET % b"/healthz")
        sock.shutdown(socket.SHUT_WR)
        answer = rest_of(sock)
    statuses = re.findall(rb"HTTP/1.1 (\d+)", answer)
    assert statuses == [b"200", b"422", b"200", b"200"]


def test_a_body_that_goes_on_after_its_answer_is_cut_off(demo_db: Database) -> None:
    limits = limits_of(head_s=60)
    with served(demo_db, limits) as port, connected(port) as sock:
        sock.sendall(HEAD.replace(b"application/json", b"text/plain") + b"content-length: 9999999")
        sock.sendall(b"\r\n\r\n")
        assert sock.recv(12) == b"HTTP/1.1 415"
        with suppress(ConnectionError):
            for _ in range(10):
                sock.sendall(b"x" * connections.LATE)
        until(lambda: not limits.opened, time.monotonic() + 20)


def test_a_connection_goes_on_after_a_small_body_that_nobody_read(demo_db: Database) -> None:
    with served(demo_db, limits_of(head_s=60)) as port, connected(port) as sock:
        head = HEAD.replace(b"application/json", b"text/plain")
        sock.sendall(head + b"content-length: 2000\r\n\r\n")
        assert sock.recv(12) == b"HTTP/1.1 415"
        sock.sendall(b"x" * 2_000 + GET % b"/healthz")
        sock.shutdown(socket.SHUT_WR)
        assert rest_of(sock).count(b"HTTP/1.1 200 OK") == 1


def test_an_answer_leaves_at_once_however_it_is_written(local_db: Database) -> None:
    """Without this the body of a small answer waits for the acknowledgement of its head."""
    limits = limits_of(head_s=30, answer_s=30)
    with served(local_db, limits) as port, connected(port) as sock:
        sock.sendall(GET % b"/healthz")
        assert sock.recv(100)
        (connection,) = limits.opened
        taken = connection.transport.get_extra_info("socket")
        assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
