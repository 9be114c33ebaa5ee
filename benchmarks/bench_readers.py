"""Many people who look at customers at the same time, on one service process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.growth import fill
from benchmarks.reading import CELLS, Asked, measure
from benchmarks.report import Section
from benchmarks.serving import served
from relgraph.api.app import create_app
from relgraph.database import Database
from relgraph.records.reindex import rebuild
from relgraph.settings import load_settings
from tests.support.access import access_to

CUSTOMERS = 200
READERS = (1, 20, 200)
READS = {
    "map": "/api/v1/customers/c{n}/map",
    "page": "/customers/c{n}/people",
    "matrix": "/api/v1/customers/c{n}/matrix",
    "chain": "/api/v1/deals/d{n}/decision-chain",
    "search": "/api/v1/search?q=person%20{n}",
}
DEALS = """
MATCH (c:Customer) CREATE (d:Deal {id: 'd' + substring(c.id, 1), name: c.id, version: 1})
CREATE (d)-[:FOR_CUSTOMER]->(c)
"""


def fill_with_deals(db: Database) -> None:
    """The customers, with a deal each, and searched."""
    fill(db, 0, CUSTOMERS * 50)
    db.write(lambda tx: tx.rows(DEALS, {}))
    rebuild(access_to(db))


def asked_of(port: int, *, keeps: bool) -> Iterator[tuple[str, str, Asked]]:
    """What is measured: the kind of read, in which state, and how it is asked for."""
    for name, path in READS.items():
        for readers in READERS:
            asked = Asked(port, path, readers, CUSTOMERS, warm=keeps)
            yield name, "unchanged" if keeps else "made each time", asked
    if keeps:
        asked = Asked(port, READS["map"], READERS[-1], CUSTOMERS, warm=True, writes=True)
        yield "map", "10 writes a second beside", asked


def run(open_empty: Callable[[], tuple[Database, dict[str, str]]], name: str) -> list[Section]:
    """One service process; each reader asks again as soon as it has its answer."""
    section = Section(
        f"Readers at once on {name}",
        f"Connections ask one service process for {CUSTOMERS} customers of 50 people in turn, each "
        "as soon as it has its last answer, beside the service on the same cores. “Unchanged”: "
        "every answer was asked for before. “Made each time”: RELGRAPH_KEPT_ANSWERS_MB=0.",
        ("read", "state", "readers", *CELLS),
    )
    with open_empty()[0] as db:
        fill_with_deals(db)
        for keeps in (True, False):
            settings = load_settings() if keeps else load_settings(kept_answers_mb=0)
            with served(create_app(settings, database=db)) as port:
                for read, state, asked in asked_of(port, keeps=keeps):
                    cells = measure(asked).cells()
                    section.rows.append((read, state, str(asked.readers), *cells))
    return [section]
