"""`make bench`: measure everything and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from rich.console import Console

from benchmarks import report
from benchmarks.report import Section
from relgraph.database import Database, open_database
from relgraph.settings import load_settings
from tests.support import neo4j_server
from tests.support.databases import empty

console = Console(stderr=True)


def main() -> None:
    """Run the benchmarks that were asked for, all of them by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument(
        "--only",
        choices=("layout", "browser", "import", "requests", "readers", "search", "writing"),
        help="measure one thing; what else stands in docs/benchmarks.md stays",
    )
    parser.add_argument(
        "--largest", type=int, default=1_000_000, help="people in the largest database"
    )
    parser.add_argument(
        "--beside",
        metavar="COMMIT",
        help="measure only requests and writes, of this and of that commit in turn; with --only "
        "writing only the writes",
    )
    options = parser.parse_args()
    sections: list[Section] = []
    skipped: list[str] = []
    extra = {"heap of each database": "as by default"}

    if options.beside:
        from benchmarks import bench_beside, bench_writing

        with tempfile.TemporaryDirectory() as scratch:
            if options.only != "writing":
                sections += bench_beside.run(options.beside, Path(scratch), skipped)
            sections += bench_writing.run(options.beside, Path(scratch) / "writing", skipped)
        console.print(f"Written: {report.write(sections, skipped, extra, keep=True)}")
        return

    def wanted(name: str) -> bool:
        if options.only in (None, name):
            console.print(f"[bold]{name}[/bold] …")
            return True
        return False

    if wanted("layout"):
        from benchmarks import bench_layout

        sections += bench_layout.run()
    if wanted("browser"):
        if Path("/usr/bin/chromium").exists():
            from benchmarks import bench_browser

            sections += bench_browser.run()
        else:
            skipped.append("the browser: no Chromium here (apt-get install chromium)")
    with tempfile.TemporaryDirectory() as scratch:
        for name, opened in databases(Path(scratch), skipped):
            with opened as open_empty:
                if wanted("import"):
                    from benchmarks import bench_import

                    sections += bench_import.run(open_empty, name)
                if wanted("requests"):
                    from benchmarks import bench_requests

                    sections += bench_requests.run(open_empty, name, largest=options.largest)
                if wanted("readers"):
                    from benchmarks import bench_readers

                    sections += bench_readers.run(open_empty, name)
                if wanted("search"):
                    from benchmarks import bench_search

                    sections += bench_search.run(open_empty, name, largest=options.largest)
    written = report.write(sections, skipped, extra, keep=options.only is not None)
    console.print(f"Written: {written}")


Opener = Callable[[], tuple[Database, dict[str, str]]]
"""Opens an empty database; gives it with the environment in which relgraph's commands find it."""


def databases(
    scratch: Path, skipped: list[str]
) -> Iterator[tuple[str, AbstractContextManager[Opener]]]:
    """Openers of empty, migrated databases: the local one, and Neo4j where it can be started."""
    yield "the local database", local(scratch)
    lacking = neo4j_server.missing(neo4j_server.LTS)
    if lacking:
        skipped.append(f"Neo4j {neo4j_server.LTS}: {lacking}")
    else:
        yield f"Neo4j {neo4j_server.LTS}", neo4j(scratch)


@contextmanager
def local(scratch: Path) -> Iterator[Opener]:
    """A new folder and a new server each time."""
    count = itertools.count()

    def open_empty() -> tuple[Database, dict[str, str]]:
        url = f"local:{scratch}/db{next(count)}"
        db = open_database(load_settings(database_url=url))
        db.migrate()
        return db, {"RELGRAPH_DATABASE_URL": url}

    yield open_empty


@contextmanager
def neo4j(scratch: Path) -> Iterator[Opener]:
    """One server, emptied each time."""
    with neo4j_server.running(scratch / "neo4j", neo4j_server.LTS, brief=False) as server:
        settings = load_settings(
            database_url=server.url,
            database_user=server.user,
            database_password=server.password,
        )
        environment = {
            "RELGRAPH_DATABASE_URL": server.url,
            "RELGRAPH_DATABASE_USER": server.user,
            "RELGRAPH_DATABASE_PASSWORD": server.password,
        }

        def open_empty() -> tuple[Database, dict[str, str]]:
            db = open_database(settings)
            db.migrate()
            return empty(db), environment

        yield open_empty


if __name__ == "__main__":
    main()
