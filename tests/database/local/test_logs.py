"""The server's output is kept, within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph.database.local.logs import GENERATIONS, LARGEST, LogWriter
from tests.database.machine import eventually, ids, opened, put


def generations(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_each_start_keeps_what_the_last_ones_said(tmp_path: Path) -> None:
    log = LogWriter(tmp_path)
    for number in range(7):
        with log.pipe() as sink:
            sink.write(b"start %d" % number)
    assert generations(tmp_path) == {
        "server.log": b"start 6",
        "server.log.1": b"start 5",
        "server.log.2": b"start 4",
        "server.log.3": b"start 3",
        "server.log.4": b"start 2",
    }
    assert log.tail() == "start 6"


def test_a_server_that_runs_for_long_goes_on_in_an_empty_file(tmp_path: Path) -> None:
    log = LogWriter(tmp_path)
    with log.pipe() as sink:
        sink.write(b"x" * LARGEST + b"last words\n")
        sink.flush()
        assert log.is_long()
        log.rotate()
        assert not log.is_long()
        sink.write(b"and on\n")
    logs = generations(tmp_path)
    assert logs["server.log"] == b"and on\n"
    assert logs["server.log.1"].endswith(b"last words\n")
    assert len(logs["server.log.1"]) == LARGEST


def test_the_log_of_a_running_server_is_rotated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relgraph.database.local.logs.LARGEST", 10_000)
    with opened(path) as db:
        put(db, "a")
        log = path / "log/server.log"
        assert "ArcadeDB" in log.read_text() or (path / "log/server.log.1").exists()
        with log.open("ab") as out:
            out.write(b"x" * 20_000)
        eventually((path / "log/server.log.1").exists)
        assert eventually(lambda: log.stat().st_size < 10_000)
        assert ids(db) == ["a"]
    assert len(generations(path / "log")) <= GENERATIONS + 1
