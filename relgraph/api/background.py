"""Work that the service does beside its requests, and leaves when it stops."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime

from relgraph.database import Database
from relgraph.errors import RelgraphError
from relgraph.records.access import SERVICE, Access
from relgraph.records.search.index import complete_index
from relgraph.records.webhooks.worker import Worker
from relgraph.settings import Settings

log = logging.getLogger("relgraph")


class _Stopped(Exception):
    """The service stops."""


class Background:
    """All of it."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._indexing = Indexing(database)
        self.webhooks = Worker(database, inside=settings.webhooks_inside)

    def start(self) -> None:
        """Begin."""
        self._indexing.start()
        self.webhooks.start()

    def stop(self) -> None:
        """End what is under way."""
        self._indexing.stop()
        self.webhooks.stop()


class Indexing:
    """Enters into the index of search what a large write or an older relgraph has left."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Leave after the part that is being written; the next start goes on."""
        self._stop.set()
        self._thread.join(30)

    def _run(self) -> None:
        try:
            complete_index(Access(self._database, SERVICE, datetime.now(UTC)), self._report)
        except _Stopped:
            return
        except RelgraphError as error:
            log.warning("search is not whole: %s", error)

    def _report(self, phase: str, done: int, total: int) -> None:  # noqa: ARG002
        if self._stop.is_set():
            raise _Stopped
