"""Counts the round trips to a database: a proxy on loopback between driver and server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from relgraph.database import Database


@dataclass(slots=True)
class Trips:
    """How often the client spoke and then waited for an answer, since it was last set to 0."""

    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def counted(db: Database) -> Iterator[tuple[Database, Trips]]:
    """A second way to the same database, with the count of its round trips."""
    address = db._server.address() if db._server is not None else db._address
    server = urlsplit(address.url)
    trips = Trips()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        target = (server.hostname or "127.0.0.1", server.port or 7687)
        threading.Thread(target=_accept, args=(listener, target, trips), daemon=True).start()
        # A plain scheme: with `neo4j://` the server would name its own address to the driver.
        with Database(
            f"bolt://127.0.0.1:{port}", address.user, address.password, name=db._name
        ) as way:
            yield way, trips


def _accept(listener: socket.socket, target: tuple[str, int], trips: Trips) -> None:
    with suppress(OSError):  # the listener was closed
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(target)
            spoke = [False]
            for source, sink, asks in ((client, server, True), (server, client, False)):
                threading.Thread(
                    target=_pump, args=(source, sink, asks, spoke, trips), daemon=True
                ).start()


def _pump(
    source: socket.socket, sink: socket.socket, asks: bool, spoke: list[bool], trips: Trips
) -> None:
    """Hand bytes on; what is sent in several pieces before an answer is one round trip."""
    with suppress(OSError), source, sink:
        while data := source.recv(65536):
            with trips.lock:
                if asks and not spoke[0]:
                    trips.count += 1
                spoke[0] = asks
            sink.sendall(data)
