"""A server of another system that receives events, as tests of webhooks need it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What came; `answers` holds the status of the next ones, 204 when there are no more.

    `refuse` has subjects or kinds whose events are answered with 500.
    """

    url: str = ""
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    came: threading.Condition = field(default_factory=threading.Condition)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events that were accepted, in the order in which they came."""
        return [json.loads(body) for _, body in self.got]

    def wait_for(self, count: int, seconds: float = 40) -> None:
        """Wait until so many have come."""
        self.wait_until(lambda: len(self.got) >= count, seconds)

    def wait_until(self, reached: Callable[[], bool], seconds: float) -> None:
        """Wait until something is true of what has come."""
        with self.came:
            assert self.came.wait_for(reached, seconds), len(self.got)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            with receiver.came:
                status = receiver.answers.pop(0) if receiver.answers else 204
                if any(word in body for word in receiver.refuse):
                    status = 500
                if status < 300:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    receiver.got.append((headers, body))
                receiver.came.notify_all()
            self.send_response(status)
            self.send_header("content-length", "0")
            self.send_header("location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
