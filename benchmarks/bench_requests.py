"""`GET …/map` against its bare queries, and its growth with the size of the database."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import date

from benchmarks.growth import fill
from benchmarks.measure import alternate
from benchmarks.report import Section
from benchmarks.serving import Client, served
from relgraph.api.app import create_app
from relgraph.database import Database
from relgraph.records.reads.account import read_account
from relgraph.settings import load_settings
from tests.support.access import access_to

SIZES = (1_000, 100_000, 1_000_000)
TODAY = date(2026, 11, 24)


def run(
    open_empty: Callable[[], tuple[Database, dict[str, str]]], name: str, *, largest: int
) -> list[Section]:
    """The map of one customer of 50 people in databases of growing size."""
    section = Section(
        f"One customer's map on {name}",
        "A customer of 50 people with 150 influences. “Queries” reads the account, which is what "
        "the request needs from the database; “request” is GET …/map over HTTP with the layout "
        "kept from the request before, and with a new layout each time.",
        (
            "people in the database",
            "queries, ms",
            "request, ms",
            "request − 1.3 × queries, ms (goal ≤ 3)",
            "with layout, ms",
            "queries beside the smallest (goal ≤ 1.5)",
        ),
    )
    smallest = 0.0
    with open_empty()[0] as db:
        filled = 0
        for size in (s for s in SIZES if s <= largest):
            fill(db, filled, size)
            filled = size
            app = create_app(load_settings(), database=db)
            with served(app) as port:
                client = Client(port)

                def bare() -> object:
                    return read_account(access_to(db, TODAY), "c7")

                def request(client: Client = client) -> object:
                    return client.get("/api/v1/customers/c7/map")

                def fresh(app: object = app, request: Callable[[], object] = request) -> object:
                    app.state.maps.clear()  # type: ignore[attr-defined]
                    return request()

                queries, cached, laid_out = alternate(60, bare, request, fresh, warmup=15)
            smallest = smallest or queries.median
            over = statistics.median(
                c - 1.3 * q for c, q in zip(cached.runs, queries.runs, strict=True)
            )
            section.rows.append(
                (
                    f"{size:,}",
                    queries.ms,
                    cached.ms,
                    f"{over * 1000:.1f}",
                    laid_out.ms,
                    f"{queries.median / smallest:.2f}",
                )
            )
    return [section]
