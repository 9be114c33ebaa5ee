"""What is being sent: each receiver has a lane of its own, so that a slow one holds up itself."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from relgraph.schema.values import Values

SENT_AT_ONCE = 32
OF_A_RECEIVER = 8
"""Of them to one receiver that answers; to one that did not, a single one until it does."""


@dataclass(slots=True)
class _Lane:
    waiting: deque[tuple[Values, Values]] = field(default_factory=deque)
    under_way: int = 0
    width: int = OF_A_RECEIVER


def receiver_of(webhook: Values) -> str:
    """Webhooks of one host and port are one receiver: they are slow together."""
    return urlsplit(webhook["url"]).netloc.lower()


class Lanes:
    """Sends deliveries in threads.

    `send` says whether the receiver answered; `idle` is called when a lane has become empty, in
    one of the threads.
    """

    def __init__(self, send: Callable[[Values, Values], bool], idle: Callable[[], None]) -> None:
        self._send = send
        self._idle = idle
        self._lanes: dict[str, _Lane] = {}
        self._changed = threading.Condition()
        self._pool = ThreadPoolExecutor(SENT_AT_ONCE, thread_name_prefix="webhook")
        self._under_way = 0
        self._closed = False

    def is_busy(self, receiver: str) -> bool:
        """Whether something is waiting or under way: only when not, more is looked for."""
        with self._changed:
            return receiver in self._lanes

    def add(self, receiver: str, due: list[tuple[Values, Values]]) -> None:
        """Send these to a receiver: pairs of a webhook and a delivery."""
        with self._changed:
            if due and not self._closed:
                self._lanes.setdefault(receiver, _Lane()).waiting.extend(due)
                self._begin()

    def wait(self) -> None:
        """Until all is sent."""
        with self._changed:
            self._changed.wait_for(lambda: not self._lanes)

    def close(self) -> None:
        """End after what is under way."""
        with self._changed:
            self._closed = True
            for lane in self._lanes.values():
                lane.waiting.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self) -> None:
        """Begin what there is room for, one of each lane in turn. The lock is held."""
        started = True
        while started:
            started = False
            for receiver, lane in self._lanes.items():
                room = self._under_way < SENT_AT_ONCE and lane.under_way < lane.width
                if room and lane.waiting:
                    lane.under_way += 1
                    self._under_way += 1
                    self._pool.submit(self._run, receiver, lane, *lane.waiting.popleft())
                    started = True

    def _run(self, receiver: str, lane: _Lane, webhook: Values, delivery: Values) -> None:
        answered = False
        try:
            answered = self._send(webhook, delivery)
        finally:
            with self._changed:
                lane.under_way -= 1
                self._under_way -= 1
                lane.width = OF_A_RECEIVER if answered else 1
                is_empty = not lane.waiting and not lane.under_way
                if is_empty:
                    del self._lanes[receiver]
                else:  # the others come first next time
                    self._lanes[receiver] = self._lanes.pop(receiver)
                if not self._closed:
                    self._begin()
                self._changed.notify_all()
            if is_empty:
                self._idle()
