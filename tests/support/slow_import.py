"""An import that a test lets end when it wants to."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from relgraph.database import Database
from relgraph.records.imports.load import import_records
from tests.records.folders import folder
from tests.support.access import access_to

WAIT_S = 30


class SlowImport:
    """An import of a customer and nine people that does not end before it is told to.

    All its rows are written by then; what is missing is the commit, or the end of its parts.
    """

    def __init__(self, db: Database, tmp_path: Path, name: str) -> None:
        people = [
            {"id": f"{name}-{n}", "name": f"{name}{n}", "customer_id": name} for n in range(9)
        ]
        source = folder(
            tmp_path / name, customers=[{"id": name, "name": name}], stakeholders=people
        )
        self.writes, self._may_end = threading.Event(), threading.Event()
        self._errors: list[BaseException] = []

        def wait(phase: str, done: int, total: int) -> None:
            if phase == "write" and done == total:
                self.writes.set()
                assert self._may_end.wait(WAIT_S)

        def run() -> None:
            try:
                import_records(access_to(db, datetime.now(UTC)), source, progress=wait)
            except BaseException as error:
                self._errors.append(error)
                self.writes.set()

        self._thread = threading.Thread(target=run)
        self._thread.start()
        assert self.writes.wait(WAIT_S)

    def end(self) -> None:
        self._may_end.set()
        self._thread.join(WAIT_S)
        assert self._errors == []
