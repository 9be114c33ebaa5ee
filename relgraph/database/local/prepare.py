"""Makes the archive of the server's classes: `python -m relgraph.database.local.prepare`.

Done once after the installation. Without it everything works, and starts take longer.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from relgraph.database.local import process
from relgraph.database.local.archive import Archive
from relgraph.database.local.home import Home
from relgraph.database.local.runtime import SMALLEST_HEAP_MB, Runtime, find_runtime
from relgraph.errors import RelgraphError

TIMEOUT_S = 60.0


def prepare(runtime: Runtime, archive: Archive) -> bool:
    """Make the archive out of one start of a server; whether there is one now.

    False where the folder cannot be written or this Java cannot make it.
    """
    if archive.mark.is_file():
        return True
    try:
        shutil.rmtree(archive.folder, ignore_errors=True)
        archive.folder.mkdir(parents=True)
        _dump_java(runtime, archive)
        _learn_from_a_start(runtime, archive)
    except (OSError, subprocess.SubprocessError, RelgraphError):
        shutil.rmtree(archive.folder, ignore_errors=True)
        return False
    if not archive.server.is_file():
        return False
    archive.mark.touch()
    return True


def _dump_java(runtime: Runtime, archive: Archive) -> None:
    command = [str(runtime.java), "-Xshare:dump", f"-XX:SharedArchiveFile={archive.base}"]
    environment = process.clean_environment()
    subprocess.run(  # noqa: S603
        command, check=True, capture_output=True, timeout=TIMEOUT_S, env=environment
    )


def _learn_from_a_start(runtime: Runtime, archive: Archive) -> None:
    flags = (
        f"-XX:SharedArchiveFile={archive.base}",
        f"-XX:ArchiveClassesAtExit={archive.server}",
    )
    learning = replace(runtime, flags=flags)
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Path(scratch) / "db", runtime.version)
        home.make_run_folder()
        home.prepare()
        running = process.start(
            home, learning, SMALLEST_HEAP_MB, process.STATEMENT_S, lambda _: None
        )
        process.stop(running)


def main() -> None:
    """Prepare the installed server; silent where there is none, or nothing to do."""
    try:
        runtime = find_runtime()
    except RelgraphError:
        return
    if not prepare(runtime, Archive.of(runtime.version)):
        sys.stderr.write("relgraph: the local database will start a second slower than it could.\n")


if __name__ == "__main__":
    main()
