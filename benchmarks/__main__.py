"""`make bench`: measure everything and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from rich.console import Console

from benchmarks import (
    bench_beside,
    bench_browser,
    bench_import,
    bench_large,
    bench_large_files,
    bench_layout,
    bench_readers,
    bench_readers_beside,
    bench_requests,
    bench_search,
    bench_start,
    bench_writing,
    report,
)
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
        choices=sorted({*ALONE, *ON_EACH_DATABASE, *BESIDE}),
        help="measure one thing; what else stands in docs/benchmarks.md stays",
    )
    parser.add_argument(
        "--largest", type=int, default=1_000_000, help="people in the largest database"
    )
    parser.add_argument(
        "--beside",
        metavar="COMMIT",
        help="measure this and that commit in turn, in one run; with --only one of "
        + ", ".join(sorted(BESIDE)),
    )
    options = parser.parse_args()
    sections: list[Section] = []
    skipped: list[str] = []
    extra = {"heap of each database": "as by default"}

    def wanted(part: str) -> bool:
        if options.only in (None, part):
            console.print(f"[bold]{part}[/bold] …")
            return True
        return False

    if options.beside:
        if options.only not in (None, *BESIDE):
            parser.error(f"--only {options.only} has nothing to set beside {options.beside}")
        for part, measured in BESIDE.items():
            if wanted(part):
                with tempfile.TemporaryDirectory() as scratch:
                    sections += measured(options.beside, Path(scratch), skipped)
        console.print(f"Written: {report.write(sections, skipped, extra, keep=True)}")
        return

    for part, alone in ALONE.items():
        if wanted(part):
            with tempfile.TemporaryDirectory() as scratch:
                sections += alone(Path(scratch), skipped)
    with tempfile.TemporaryDirectory() as scratch:
        for name, opened in databases(Path(scratch), skipped):
            with opened as open_empty:
                for part, each in ON_EACH_DATABASE.items():
                    if wanted(part):
                        sections += each(open_empty, name, options.largest)
    written = report.write(sections, skipped, extra, keep=options.only is not None)
    console.print(f"Written: {written}")


def _browser(_scratch: Path, skipped: list[str]) -> list[Section]:
    if Path("/usr/bin/chromium").exists():
        return bench_browser.run()
    skipped.append("the browser: no Chromium here (apt-get install chromium)")
    return []


def _large_beside(commit: str, _scratch: Path, _skipped: list[str]) -> list[Section]:
    with bench_beside.checked_out(commit) as tree:
        return bench_large.maps((tree, commit))


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


ALONE: dict[str, Callable[[Path, list[str]], list[Section]]] = {
    "layout": lambda _scratch, _skipped: bench_layout.run(),
    "large": lambda _scratch, _skipped: bench_large.maps(),
    "browser": _browser,
    "start": lambda scratch, _skipped: bench_start.run(scratch),
    "large-files": lambda scratch, _skipped: bench_large_files.run(scratch),
}
"""What needs no database, or brings its own."""
ON_EACH_DATABASE: dict[str, Callable[[Opener, str, int], list[Section]]] = {
    "import": lambda opener, name, _largest: bench_import.run(opener, name),
    "requests": lambda opener, name, largest: bench_requests.run(opener, name, largest=largest),
    "readers": lambda opener, name, _largest: bench_readers.run(opener, name),
    "large": lambda opener, name, _largest: bench_large.run(opener, name),
    "search": lambda opener, name, largest: bench_search.run(opener, name, largest=largest),
}
BESIDE: dict[str, Callable[[str, Path, list[str]], list[Section]]] = {
    "start": lambda commit, scratch, _skipped: bench_start.run(scratch, beside=commit),
    "large": _large_beside,
    "requests": bench_beside.run,
    "readers": bench_readers_beside.run,
    "writing": bench_writing.run,
    "large-files": lambda commit, scratch, _skipped: bench_large_files.run(scratch, commit),
}
"""What an earlier commit can be set beside."""


if __name__ == "__main__":
    main()
