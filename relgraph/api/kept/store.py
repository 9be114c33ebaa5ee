"""The kept answers, within a bound of memory.

All of them are valid for the last look at the database (`relgraph.records.log.committed`): what
was touched since the look before is dropped with each look. Safe to use from several threads.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple

from relgraph.records.log.committed import Look, Touched

SETTLING_S = 0.25
"""A note may be seen a moment before all that was written with it. What is read within this time
after a note was first seen is sent, and not kept if the note touches it."""
MOST_MOVES = 256
"""Looks with changes that are remembered, for answers that are being made meanwhile."""
AN_ANSWER = 1_000
"""Bytes that an answer counts for beside its body."""
AN_ID = 120
"""The same of an id that it shows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; `ids` are those of the records that it shows, None for any."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    ids: frozenset[str] | None = None

    @property
    def size(self) -> int:
        """Bytes that it occupies, roughly."""
        return len(self.body) + AN_ANSWER + AN_ID * len(self.ids or ())

    @property
    def may_be_kept(self) -> bool:
        """Whether it is no error, and of nobody in particular."""
        return self.status == 200 and all(name != b"set-cookie" for name, _ in self.headers)

    def is_touched(self, touched: Touched) -> bool:
        """Whether it may show something that was touched."""
        if touched.anything or self.ids is None:
            return bool(touched)
        return not self.ids.isdisjoint(touched.ids)


class Moment(NamedTuple):
    """When an answer began to be made: after which look with changes, and at which time."""

    number: int
    at: float


@dataclass(frozen=True, slots=True)
class _Move:
    moment: Moment
    touched: Touched


class Store:
    """The answers; `most` bytes of them, those that were used last."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._moves: deque[_Move] = deque(maxlen=MOST_MOVES)
        self._number = 0
        self._look: Look | None = None
        self.size = 0

    @property
    def last(self) -> Look | None:
        """The last look at the database."""
        return self._look

    @property
    def number(self) -> int:
        """How many looks have seen changes; answers that are made now begin after this one."""
        return self._number

    def now(self) -> Moment:
        """The moment of an answer that begins to be made."""
        return Moment(self._number, time.monotonic())

    def move(self, look: Look, touched: Touched) -> None:
        """Drop what was touched since the last look. `look` is the last one from now on."""
        with self._lock:
            before, self._look = self._look, look
            # What was made of search while it did not find everything is not kept for longer.
            if not look.is_searchable or (before is not None and not before.is_searchable):
                touched = Touched(touched.anything, touched.ids | {""})
            if not touched:
                return
            self._number += 1
            self._moves.append(_Move(Moment(self._number, time.monotonic()), touched))
            for key in [key for key, kept in self._answers.items() if kept.is_touched(touched)]:
                self._remove(key)

    def get(self, key: Hashable) -> Answer | None:
        """A kept answer that is valid for the last look; None if there is none."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def keep(self, key: Hashable, answer: Answer, begun: Moment) -> None:
        """Keep an answer, unless something that it shows may have changed since it was begun."""
        with self._lock:
            if not self._is_valid(answer, begun) or answer.size > self.most:
                return
            self._remove(key)
            self._answers[key] = answer
            self.size += answer.size
            while self.size > self.most:
                self._remove(next(iter(self._answers)))

    def _is_valid(self, answer: Answer, begun: Moment) -> bool:
        look = self._look
        if look is None or not look.settled:
            return False
        if self._moves and self._moves[0].moment.number > begun.number + 1:
            return False
        return not any(
            answer.is_touched(move.touched)
            for move in self._moves
            if move.moment.number > begun.number or move.moment.at > begun.at - SETTLING_S
        )

    def _remove(self, key: Hashable) -> None:
        answer = self._answers.pop(key, None)
        if answer is not None:
            self.size -= answer.size
