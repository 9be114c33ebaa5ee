"""`make bench`: measure everything and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from benchmarks import report
from benchmarks.report import Section
from relgraph.database import Database, open_database
from relgraph.settings import load_settings

console = Console(stderr=True)


def main() -> None:
    """Run the benchmarks that were asked for, all of them by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--only", choices=("layout", "browser", "import", "requests"))
    parser.add_argument(
        "--largest", type=int, default=1_000_000, help="people in the largest database"
    )
    options = parser.parse_args()
    sections: list[Section] = []
    skipped: list[str] = []
    extra: dict[str, str] = {}

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
        for name, opener in databases(Path(scratch), skipped, extra):
            if wanted("import"):
                from benchmarks import bench_import

                sections += bench_import.run(opener, name)
            if wanted("requests"):
                from benchmarks import bench_requests

                sections += bench_requests.run(opener, name, largest=options.largest)
    if options.only:
        console.print("\n".join(section.markdown() for section in sections))
    else:
        console.print(f"Written: {report.write(sections, skipped, extra)}")


def databases(
    scratch: Path, skipped: list[str], extra: dict[str, str]
) -> list[tuple[str, Callable[[], Database]]]:
    """Openers of empty, migrated databases: the local one, and Neo4j where it can be started."""
    count = iter(range(1_000_000))

    def local() -> Database:
        db = open_database(load_settings(database_url=f"local:{scratch}/db{next(count)}"))
        db.migrate()
        return db

    extra["heap of each database"] = "as by default"
    skipped.append("Neo4j: see docs/databases.md for figures measured beside the local database")
    return [("the local database", local)]


if __name__ == "__main__":
    main()
