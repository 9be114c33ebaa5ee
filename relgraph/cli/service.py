"""Commands that serve: serve, demo."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relgraph.cli.access import open_named
from relgraph.cli.loading import load
from relgraph.cli.options import DatabaseOption, language
from relgraph.cli.output import note, say
from relgraph.errors import NotFound, SettingsError, because
from relgraph.schema.vocabulary import Lang
from relgraph.settings import Settings, load_settings, refuse_open_service
from relgraph.words import reason
from relgraph.words import say as sentence

if TYPE_CHECKING:
    from relgraph.database import Database

SAMPLE = "demo"
SAMPLE_CUSTOMER = "northwind"
GRACE_S = 1
"""How long requests that are under way may go on after Ctrl-C, in seconds."""
SERVICE_MODULES = ("uvicorn", "relgraph.api.app", "relgraph.api.connections")

HostOption = Annotated[str | None, typer.Option("--host")]
PortOption = Annotated[int | None, typer.Option("--port")]
WorkersOption = Annotated[int | None, typer.Option("--workers")]


def serve(
    database: DatabaseOption = None,
    host: HostOption = None,
    port: PortOption = None,
    workers: WorkersOption = None,
) -> None:
    """Serve pages and API.

    $ relgraph serve
    $ relgraph serve --host 0.0.0.0 --port 80
    """
    settings = load_settings(database_url=database, host=host, port=port, workers=workers)
    lang = language()
    with _listener(settings, next_free=False) as sock:
        with _loading_service():
            db = open_named(settings.database_url, lang)
        if settings.workers > 1:
            _keep_workers(settings, db, sock, lang)
        else:
            _run(settings, db, sock, lang)


def demo(
    database: DatabaseOption = None,
    port: PortOption = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE")] = Path("map.html"),
) -> None:
    """Load the sample customers into an empty database, write one offline map, and serve.

    $ relgraph demo
    """
    settings, lang = load_settings(database_url=database, port=port), language()
    with _listener(settings, next_free=True) as sock:
        with _loading_service():
            db = open_named(settings.database_url, lang)
        _run(settings, db, sock, lang, before=lambda: _load_sample(db, output, lang))


@contextmanager
def _loading_service() -> Iterator[None]:
    """Load the service beside what waits for the database, which is another process.

    A module that cannot be loaded fails again where it is needed.
    """

    def work() -> None:
        with suppress(Exception):
            for name in SERVICE_MODULES:
                load(name)

    loading = threading.Thread(target=work, name="loading", daemon=True)
    loading.start()
    try:
        yield
    finally:
        loading.join()


def _load_sample(db: Database, output: Path, lang: Lang) -> None:
    """The sample customers, if there is nobody yet, and an offline file of the largest."""
    from relgraph.insight.evaluation import Evaluation
    from relgraph.records.access import Access, Viewer
    from relgraph.records.imports.load import import_records
    from relgraph.records.reads.account import read_account
    from relgraph.records.reads.overview import CustomerFilters, customers_overview
    from relgraph.viz.build import build_map
    from relgraph.viz.html import to_html

    access = Access(db, Viewer(load_settings().who), datetime.now(UTC))
    _, total = customers_overview(access, CustomerFilters(), limit=1)
    if not total:
        result = import_records(access, sample_folder())
        note(sentence(lang, "command.samples", count=f"{result.totals['created']:,}"))
    try:
        account = read_account(access, SAMPLE_CUSTOMER)
    except NotFound:
        note(sentence(lang, "command.no_sample_map"))
        return
    deal_id = next((deal.id for deal in account.deals if deal.is_open), None)
    document = build_map(Evaluation(account, deal_id, access.now), lang)
    output.write_text(to_html(document), "utf-8")
    say(sentence(lang, "command.offline_map", address=output.absolute().as_uri()))


def sample_folder() -> Path:
    """The sample records: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "_seeds", package.parent / "seeds"):
        if (folder / SAMPLE).is_dir():
            return folder / SAMPLE
    raise SettingsError(because("samples_missing"))


def _listener(settings: Settings, *, next_free: bool) -> socket.socket:
    """A bound socket. Raises SettingsError if the port is taken or not allowed.

    Nothing listens where other machines could come in without a token.
    """
    refuse_open_service(settings)
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    tries = range(port, min(port + 50, 65536)) if next_free and port else [port]
    for number in tries:
        sock = socket.socket(family)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, number))
            sock.listen(128)
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise SettingsError(because("port_unusable", host=host, port=port, reason=reason(failure)))


def _run(
    settings: Settings,
    db: Database,
    sock: socket.socket,
    lang: Lang,
    before: Callable[[], None] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; then stop the database, too."""
    try:
        if before is not None:
            before()
        started = partial(_announce, settings, sock, lang)
        _answer(settings, db, sock, background=True, started=started)
    finally:
        db.close()
    _exit()


def _keep_workers(settings: Settings, db: Database, sock: socket.socket, lang: Lang) -> None:
    """Let several processes serve until Ctrl-C or SIGTERM; then stop the database, too."""
    from relgraph.cli.workers import keep

    signal.signal(signal.SIGTERM, _stop)
    try:
        with suppress(KeyboardInterrupt):
            keep(_work, settings, sock, partial(_announce, settings, sock, lang), lang)
    finally:
        db.close()
    _exit()


def _work(
    settings: Settings, sock: socket.socket, background: bool, started: Callable[[], None]
) -> None:
    """Serve in a worker process until SIGTERM."""
    with _loading_service():
        db = open_named(settings.database_url, language())
    try:
        _answer(settings, db, sock, background=background, started=started)
    finally:
        db.close()
    _exit()


def _answer(
    settings: Settings,
    db: Database,
    sock: socket.socket,
    *,
    background: bool,
    started: Callable[[], None],
) -> None:
    """Answer requests until a signal; `started` is called when it does."""
    import uvicorn

    from relgraph.api.app import create_app
    from relgraph.api.connections import server_config

    app = create_app(settings, database=db, background=background)
    config = server_config(app, settings, log_level="warning", timeout_graceful_shutdown=GRACE_S)
    server = uvicorn.Server(config)
    threading.Thread(target=_when_started, args=(server, started), daemon=True).start()
    # uvicorn passes a signal on when it has shut down; SIGTERM must not end the process
    # before the database is stopped.
    signal.signal(signal.SIGTERM, _stop)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[sock])


def _exit() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of requests that never ended must not keep the process.
    os._exit(0)


def _stop(number: int, frame: object) -> None:  # noqa: ARG001
    raise KeyboardInterrupt


def _when_started(server: object, started: Callable[[], None]) -> None:
    while not getattr(server, "started", False):
        time.sleep(0.01)
    started()


def _announce(settings: Settings, sock: socket.socket, lang: Lang) -> None:
    port = sock.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    say(sentence(lang, "command.serving", address=f"http://{host}:{port}/"))
    note(sentence(lang, "command.stop"))
    sys.stdout.flush()
