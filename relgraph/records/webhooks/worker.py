"""The worker beside the service: one of all processes makes deliveries and sends them.

Which one, a lease in the database says; it is renewed while the worker lives, and another process
takes it over when it has ended.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from relgraph import queries
from relgraph.database import Database
from relgraph.errors import RelgraphError
from relgraph.records.access import SERVICE, Access
from relgraph.records.webhooks import deliveries, sending
from relgraph.records.webhooks.events import make_deliveries

LEASE = timedelta(seconds=30)
LOOK_EVERY_S = 2.0
SENT_AT_ONCE = 8
FORGET_EVERY = timedelta(hours=1)

log = logging.getLogger("relgraph")


class Worker:
    """Sends what is due until it is stopped; `wake` says that there may be something new."""

    def __init__(
        self,
        database: Database,
        *,
        inside: bool,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._inside = inside
        self._clock = clock
        self._name = uuid.uuid4().hex
        self._wake = threading.Event()
        self._ends = False
        self._forgotten = clock()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def _access(self) -> Access:
        return Access(self._database, SERVICE, self._clock())

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Check at once whether something is due."""
        self._wake.set()

    def stop(self) -> None:
        """End after what is being sent, and leave the lease to another process."""
        self._ends = True
        self._wake.set()
        self._thread.join(sending.TIMEOUT_S + 5)

    def _run(self) -> None:
        held = False
        while not self._ends:
            self._wake.clear()
            try:
                held = self._is_needed() and self._hold(LEASE)
                if held and self.round():
                    continue
            except RelgraphError as error:
                log.warning("webhooks wait: %s", error)
            self._wake.wait(LOOK_EVERY_S)
        if held:
            try:
                self._hold(timedelta(0))
            except RelgraphError as error:
                log.warning("the lease of webhooks was kept: %s", error)

    def _is_needed(self) -> bool:
        """One small read while there is nothing to do."""
        return bool(self._access().read(lambda tx: queries.value(tx, "webhook_work")))

    def _hold(self, time: timedelta) -> bool:
        access = self._access()
        return bool(
            access.write(
                lambda tx: queries.run(
                    tx,
                    "hold_lease",
                    id="webhooks",
                    holder=self._name,
                    now=access.now.isoformat(),
                    until=(access.now + time).isoformat(),
                )
            )
        )

    def round(self) -> bool:
        """Make deliveries of what is queued and send what is due; whether anything was done."""
        access = self._access()
        done = make_deliveries(access) > 0
        rows = access.read(lambda tx: queries.rows(tx, "list_webhooks"))
        for webhook in (row["webhook"] for row in rows):
            if not webhook["active"] or self._ends:
                continue
            due = access.read(
                lambda tx, id_=webhook["id"]: deliveries.next_due(tx, id_, now=access.now)  # type: ignore[misc]
            )
            with ThreadPoolExecutor(SENT_AT_ONCE) as pool:
                for _ in pool.map(lambda delivery, to=webhook: self._send(to, delivery), due[:200]):
                    done = True
        if access.now - self._forgotten > FORGET_EVERY:
            self._forgotten = access.now
            deliveries.forget_old(access)
        return done

    def _send(self, webhook: dict[str, object], delivery: dict[str, object]) -> None:
        if self._ends or not self._hold(LEASE):
            return
        outcome = sending.send(
            webhook,
            str(delivery["event_id"]),
            str(delivery["body"]),
            now=self._clock(),
            inside=self._inside,
        )
        deliveries.record(self._access(), delivery, outcome)
