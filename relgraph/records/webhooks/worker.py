"""The worker beside the service: one of all processes makes deliveries and sends them.

Which one, a lease in the database says; it is renewed while the worker lives, and another process
takes it over when it has ended.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from relgraph import queries
from relgraph.database import Database
from relgraph.errors import RelgraphError
from relgraph.records.access import SERVICE, Access
from relgraph.records.webhooks import deliveries, sending
from relgraph.records.webhooks.events import make_deliveries
from relgraph.records.webhooks.lanes import Lanes, receiver_of
from relgraph.schema.values import Values

LEASE = timedelta(seconds=30)
LOOK_EVERY_S = 2.0
READ_AT_ONCE = 200
"""Deliveries of a receiver that are read at a time."""
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
        self._renewed = datetime.min.replace(tzinfo=UTC)
        self._ends = False
        self._forgotten = clock()
        self._lanes = Lanes(self._send, self._wake.set)
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
                if held and self._step():
                    continue
            except RelgraphError as error:
                log.warning("webhooks wait: %s", error)
            self._wake.wait(LOOK_EVERY_S)
        self._lanes.close()
        if held:
            try:
                self._hold(timedelta(0))
            except RelgraphError as error:
                log.warning("the lease of webhooks was kept: %s", error)

    def _is_needed(self) -> bool:
        """One small read while there is nothing to do."""
        return bool(self._access().read(lambda tx: queries.value(tx, "webhook_work")))

    def _hold(self, lease: timedelta) -> bool:
        access = self._access()
        is_held = bool(
            access.write(
                lambda tx: queries.run(
                    tx,
                    "hold_lease",
                    id="webhooks",
                    holder=self._name,
                    now=access.now.isoformat(),
                    until=(access.now + lease).isoformat(),
                )
            )
        )
        if is_held:
            self._renewed = access.now
        return is_held

    def _is_held(self) -> bool:
        """Whether the lease lasts for what is sent now; it is renewed when a third has passed."""
        return self._clock() - self._renewed < LEASE / 3 or self._hold(LEASE)

    def round(self) -> bool:
        """One step, and wait until all that is due is sent; whether anything was done."""
        done = self._step()
        self._lanes.wait()
        return done

    def _step(self) -> bool:
        """Make deliveries of what is queued and begin to send what is due; whether there was any.

        Nothing waits for a receiver here: what is due to one that is being sent to is looked for
        when that is done.
        """
        access = self._access()
        done = make_deliveries(access) > 0
        rows = access.read(lambda tx: queries.rows(tx, "list_webhooks"))
        due: dict[str, list[tuple[Values, Values]]] = {}
        for webhook in (row["webhook"] for row in rows):
            receiver = receiver_of(webhook)
            if not webhook["active"] or self._ends or self._lanes.is_busy(receiver):
                continue
            waiting = access.read(
                lambda tx, id_=webhook["id"]: deliveries.next_due(tx, id_, now=access.now)  # type: ignore[misc]
            )
            pairs = [(webhook, delivery) for delivery in waiting[:READ_AT_ONCE]]
            due.setdefault(receiver, []).extend(pairs)
        for receiver, pairs in due.items():
            self._lanes.add(receiver, pairs)
            done = done or bool(pairs)
        if access.now - self._forgotten > FORGET_EVERY:
            self._forgotten = access.now
            deliveries.forget_old(access)
        return done

    def _send(self, webhook: Values, delivery: Values) -> bool:
        """Send one delivery and note what came of it; whether the receiver answered."""
        try:
            if self._ends or not self._is_held():
                return True
            outcome = sending.send(
                webhook,
                str(delivery["event_id"]),
                str(delivery["body"]),
                now=self._clock(),
                inside=self._inside,
            )
            deliveries.record(self._access(), delivery, outcome)
        except RelgraphError as error:
            log.warning("a delivery waits: %s", error)
            time.sleep(LOOK_EVERY_S)  # or it would be sent again at once
            return True
        return outcome.status is not None
