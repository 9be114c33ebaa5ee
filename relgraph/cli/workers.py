"""Several processes that serve together: one listening socket, one database.

The first process only keeps the others: it holds the socket and the database, starts a worker
again that has ended, and ends when all of them have. Each worker watches a pipe of it, so that
none stays when it is killed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from relgraph.cli.options import language
from relgraph.cli.output import note
from relgraph.errors import RelgraphError, because
from relgraph.schema.vocabulary import Lang
from relgraph.settings import Settings
from relgraph.words import say as sentence

STARTED = "started"
PAUSE_S = 1.0
"""Before a worker is started again that has ended soon after its start."""
SOON_S = 5.0
END_S = 8.0
"""How long workers may take to end before they are killed."""
START_S = 60.0

Serve = Callable[[Settings, socket.socket, bool, Callable[[], None]], None]
"""Serves in a worker: settings, socket, whether it also works in the background, and what to call
when it answers."""


class Worker:
    """One process and the pipe between it and the keeper."""

    def __init__(self, serve: Serve, settings: Settings, sock: socket.socket, number: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.number = number
        self.begun = time.monotonic()
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=_work, args=(serve, settings, sock, number, theirs), name=f"worker {number}"
        )
        self.process.start()
        theirs.close()

    def has_started(self) -> bool:
        """Wait until it answers requests; False if it has ended instead."""
        try:
            return self.pipe.poll(START_S) and self.pipe.recv() == STARTED
        except (EOFError, OSError):
            return False


def _work(
    serve: Serve, settings: Settings, sock: socket.socket, number: int, pipe: Connection
) -> None:
    """What a worker does. The first also does the work that nobody waits for."""
    # A Ctrl-C reaches all processes of a terminal; the keeper passes it on as SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_keeper, args=(pipe,), daemon=True).start()
    try:
        serve(settings, sock, number == 0, lambda: pipe.send(STARTED))
    except RelgraphError as error:
        note(error.text(language()))
        sys.exit(1)


def _end_with_keeper(pipe: Connection) -> None:
    try:
        pipe.recv()
    except (EOFError, OSError):
        os.kill(os.getpid(), signal.SIGTERM)


def keep(
    serve: Serve,
    settings: Settings,
    sock: socket.socket,
    announce: Callable[[], None],
    lang: Lang,
) -> None:
    """Run `settings.workers` processes until a signal ends it (KeyboardInterrupt).

    Raises RelgraphError if one of them cannot start.
    """
    workers: list[Worker] = []
    try:
        workers += [Worker(serve, settings, sock, number) for number in range(settings.workers)]
        for worker in workers:
            if not worker.has_started():
                raise RelgraphError(because("worker_not_started"))
        announce()
        while True:
            ended = wait([worker.process.sentinel for worker in workers])
            for place, worker in enumerate(workers):
                if worker.process.sentinel in ended:
                    note(sentence(lang, "command.worker_ended", number=worker.number))
                    workers[place] = _again(worker, serve, settings, sock)
    finally:
        _end(workers)


def _again(worker: Worker, serve: Serve, settings: Settings, sock: socket.socket) -> Worker:
    worker.process.join()
    worker.pipe.close()
    if time.monotonic() - worker.begun < SOON_S:
        time.sleep(PAUSE_S)
    return Worker(serve, settings, sock, worker.number)


def _end(workers: list[Worker]) -> None:
    """Ask all to end, and kill those that do not."""
    for worker in workers:
        worker.process.terminate()
    until = time.monotonic() + END_S
    for worker in workers:
        worker.process.join(max(0.0, until - time.monotonic()))
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
