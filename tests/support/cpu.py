"""What each test costs in CPU seconds, of its process and of all that it starts.

    RELGRAPH_TEST_CPU=/tmp/cpu python -m pytest -p tests.support.cpu -n 2 tests/api
    python -m tests.support.cpu /tmp/cpu [tests]

The first writes a line for each test into the folder; the second adds them up by file, or by
test. A server that several tests use is counted where it works, and its start with the test that
asked for it first. Only Linux says what a process has used.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Family:
    """This process and its descendants, also those whose parent has ended."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, float]] = {}  # parent and seconds
        self._strangers: set[int] = set()
        self._gone = 0.0

    def seconds(self) -> float:
        """CPU seconds that all of them have used so far."""
        pids = {int(name) for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208
        self._strangers &= pids
        for pid in sorted(pids - self._strangers - self._known.keys()):
            parent, used = _used(pid)
            if pid != os.getpid() and (parent == os.getpid() or parent in self._known):
                self._known[pid] = parent, used
            else:
                self._strangers.add(pid)
        for pid, (parent, used) in list(self._known.items()):
            now = _used(pid) if pid in pids else (0, 0.0)
            if now[0]:
                self._known[pid] = now
                continue
            del self._known[pid]
            if parent == 1:  # nobody of ours has waited for it, so that nobody counts it
                self._gone += used
        own = os.times()
        mine = own.user + own.system + own.children_user + own.children_system
        return mine + self._gone + sum(used for _, used in self._known.values())


def _used(pid: int) -> tuple[int, float]:
    """Parent of a process and the seconds of it and of the children that it waited for."""
    try:
        text = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return 0, 0.0
    fields = text[text.rindex(b")") + 2 :].split()
    return int(fields[1]), sum(map(int, fields[11:15])) * TICK_S


class Meter:
    """Notes what each part of each test has used."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._family = Family()
        self._last = self._family.seconds()

    def _since(self) -> float:
        now = self._family.seconds()
        used, self._last = now - self._last, now
        return round(used, 3)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[object]:
        self._parts = [self._since()]
        result = yield
        self._parts.append(self._since())
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps([item.nodeid, *self._parts]) + "\n")
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Iterator[object]:
        self._parts.append(self._since())
        try:
            return (yield)
        finally:
            self._parts.append(self._since())


def pytest_configure(config: pytest.Config) -> None:
    folder = os.environ.get("RELGRAPH_TEST_CPU")
    runs_nothing = getattr(config.option, "numprocesses", None) and not hasattr(
        config, "workerinput"
    )
    if folder is None or runs_nothing:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    config.pluginmanager.register(Meter(Path(folder) / f"{os.getpid()}.jsonl"))


def table(folder: Path, by_test: bool) -> Iterator[str]:
    """Lines of the sum, the dearest first."""
    total: defaultdict[str, float] = defaultdict(float)
    for file in folder.glob("*.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            name, *parts = json.loads(line)
            total[name if by_test else name.partition("::")[0]] += sum(parts)
    yield f"{sum(total.values()):9.1f}  in sum"
    for name, seconds in sorted(total.items(), key=lambda pair: -pair[1]):
        yield f"{seconds:9.1f}  {name}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(table(Path(sys.argv[1]), "tests" in sys.argv[2:])) + "\n")
