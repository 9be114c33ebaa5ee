"""Timing that can be trusted on a machine shared with others: medians of alternating runs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one thing over several runs."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    @property
    def ms(self) -> str:
        """Median and range in milliseconds, for a table."""
        low, high = min(self.runs) * 1000, max(self.runs) * 1000
        return f"{self.median * 1000:.1f} ({low:.1f}–{high:.1f})"


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def alternate(runs: int, *works: Callable[[], object], warmup: int = 1) -> list[Timing]:
    """Time several things in turn (A B A B …), so that a drifting machine hurts all alike."""
    for _ in range(warmup):
        for work in works:
            work()
    times_by_work: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for times, work in zip(times_by_work, works, strict=True):
            times.append(seconds_of(work))
    return [Timing(tuple(times)) for times in times_by_work]
