"""Commands that serve: serve, demo."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relgraph.cli.options import DatabaseOption, open_named
from relgraph.cli.output import note, say
from relgraph.errors import SettingsError
from relgraph.settings import Settings, load_settings

if TYPE_CHECKING:
    from relgraph.database import Database

SAMPLE = "demo"
SAMPLE_CUSTOMER = "northwind"
GRACE_S = 1
"""How long requests that are under way may go on after Ctrl-C, in seconds."""

HostOption = Annotated[str | None, typer.Option("--host", help="Address to listen on.")]
PortOption = Annotated[int | None, typer.Option("--port", help="Port; 0 takes a free one.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve")(serve)
    app.command("demo")(demo)


def serve(
    database: DatabaseOption = None, host: HostOption = None, port: PortOption = None
) -> None:
    """Serve pages and API.

    Anything but this machine needs RELGRAPH_TOKEN. Examples: [bold]relgraph serve[/bold] ·
    [bold]relgraph serve --host 0.0.0.0 --port 80[/bold]
    """
    settings = load_settings(database_url=database, host=host, port=port)
    with _listener(settings, next_free=False) as sock:
        db = open_named(settings.database_url)
        _run(settings, db, sock)


def demo(
    database: DatabaseOption = None,
    port: PortOption = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the offline map file goes.")
    ] = Path("map.html"),
) -> None:
    """Load the sample customers into an empty database, write one offline map, and serve.

    Example: [bold]relgraph demo[/bold]
    """
    settings = load_settings(database_url=database, port=port)
    with _listener(settings, next_free=True) as sock:
        db = open_named(settings.database_url)
        _run(settings, db, sock, before=lambda: _load_sample(db, output))


def _load_sample(db: Database, output: Path) -> None:
    """The sample customers, if there is nobody yet, and an offline file of the largest."""
    from relgraph.errors import NotFound
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
        note(f"Loaded {result.totals['created']:,} sample records.")
    try:
        account = read_account(access, SAMPLE_CUSTOMER)
    except NotFound:
        note("This database holds other customers; no offline file was written.")
        return
    deal_id = next((deal.id for deal in account.deals if deal.is_open), None)
    document = build_map(Evaluation(account, deal_id, access.now))
    output.write_text(to_html(document), "utf-8")
    say(f"Offline map: {output.absolute().as_uri()}")


def sample_folder() -> Path:
    """The sample records: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "_seeds", package.parent / "seeds"):
        if (folder / SAMPLE).is_dir():
            return folder / SAMPLE
    raise SettingsError("The sample records are missing.", remedy="Install relgraph again.")


def _listener(settings: Settings, *, next_free: bool) -> socket.socket:
    """A bound socket. Raises SettingsError if the port is taken or not allowed.

    Nothing listens where other machines could come in without a token.
    """
    from relgraph.api.security import refuse_open_service

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
    raise SettingsError(
        f"{host}:{port} cannot be used: {failure.strerror}.",
        remedy="Choose another with --port, or --port 0 for a free one.",
    )


def _run(
    settings: Settings,
    db: Database,
    sock: socket.socket,
    before: Callable[[], None] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; then stop the database, too."""
    import uvicorn

    from relgraph.api.app import create_app
    from relgraph.api.connections import server_config

    try:
        if before is not None:
            before()
        app = create_app(settings, database=db, background=True)
        config = server_config(
            app, settings, log_level="warning", timeout_graceful_shutdown=GRACE_S
        )
        server = uvicorn.Server(config)
        port = sock.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        threading.Thread(
            target=_announce, args=(server, f"http://{host}:{port}/"), daemon=True
        ).start()
        # uvicorn passes a signal on when it has shut down; SIGTERM must not end the process
        # before the database is stopped.
        signal.signal(signal.SIGTERM, _stop)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[sock])
    finally:
        db.close()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of requests that never ended must not keep the process.
    os._exit(0)


def _stop(number: int, frame: object) -> None:  # noqa: ARG001
    raise KeyboardInterrupt


def _announce(server: object, address: str) -> None:
    while not getattr(server, "started", False):
        time.sleep(0.01)
    say(f"Serving {address}")
    note("Stop with Ctrl-C.")
    sys.stdout.flush()
