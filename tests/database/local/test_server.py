"""One server for all processes of a directory: found, shared, left, and found again in a crash."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from relgraph.errors import DatabaseUnavailable
from tests.database.machine import (
    OtherProcess,
    eventually,
    ids,
    opened,
    put,
    server_of,
    servers_under,
)


def test_a_second_process_finds_the_server_and_the_last_one_stops_it(path: Path) -> None:
    with opened(path) as db, OtherProcess(path) as other:
        put(db, "from-here")
        assert other.is_open().ask("put from-there") == ["from-here", "from-there"]
        assert ids(db) == ["from-here", "from-there"]
        assert len(servers_under(path)) == 1
        server = server_of(path)
        db.close()
        assert other.ask("put alone") == ["alone", "from-here", "from-there"]
        assert server.is_running()
        other.leave()
    assert not servers_under(path)
    assert not list((path / "server/users").iterdir())
    assert not (path / "server/server.json").exists()


def test_the_server_outlives_the_process_that_started_it(path: Path) -> None:
    with OtherProcess(path) as first:
        first.is_open().ask("put one")
        with opened(path) as db:
            first.leave()
            put(db, "two")
            assert ids(db) == ["one", "two"]
    assert not servers_under(path)


def test_processes_that_start_together_share_one_server(path: Path) -> None:
    with OtherProcess(path) as first, OtherProcess(path) as second, OtherProcess(path) as third:
        for number, other in enumerate((first, second, third)):
            other.is_open().ask(f"put {number}")
        assert third.ask("") == ["0", "1", "2"]
        assert len(servers_under(path)) == 1
        for other in (first, second, third):
            other.leave()
    assert not servers_under(path)


def test_two_directories_have_servers_of_their_own(path: Path, tmp_path: Path) -> None:
    with opened(path) as first, opened(tmp_path / "second") as second:
        put(first, "here")
        assert ids(second) == []


def test_a_process_that_crashed_does_not_keep_the_server_alive(path: Path) -> None:
    with OtherProcess(path) as other:
        other.is_open().ask("put before-the-crash")
        server = server_of(path)
        other.kill()
    assert server.is_running()
    with opened(path) as db:
        assert server_of(path) == server
        assert ids(db) == ["before-the-crash"]
    assert not servers_under(path)


def test_the_locks_of_a_crash_of_everything_are_stale(path: Path) -> None:
    with OtherProcess(path) as other:
        other.is_open().ask("put before-the-crash")
        server_of(path).kill()
        other.kill()
    assert (path / "server/server.json").exists()
    assert list((path / "server/users").iterdir())
    with opened(path) as db:
        assert ids(db) == ["before-the-crash"]
    assert not list((path / "server/users").iterdir())


def test_a_number_that_belongs_to_another_program_by_now_is_left_alone(path: Path) -> None:
    with opened(path) as db:
        put(db, "a")
        card = json.loads((path / "server/server.json").read_text())
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        (path / "server/server.json").write_text(json.dumps(card | {"pid": stranger.pid}))
        with opened(path) as db:
            assert ids(db) == ["a"]
            assert server_of(path).pid != stranger.pid
        assert stranger.poll() is None
    finally:
        stranger.communicate(b"\n", timeout=20)


def test_a_description_of_the_server_that_a_crash_cut_off_is_forgotten(path: Path) -> None:
    with opened(path) as db:
        put(db, "a")
    (path / "server/server.json").write_text('{"pid": 12')
    with opened(path) as db:
        assert ids(db) == ["a"]


def test_a_kill_in_the_first_start_leaves_nothing_in_the_way(path: Path) -> None:
    """At three moments of it: the directory is there, the server runs, its database is made."""
    for moment in (
        path / "relgraph.json",
        path / "server/server.json",
        path / "databases/relgraph/schema.json",
    ):
        with OtherProcess(path) as other:
            eventually(moment.exists)
            other.kill()
    with opened(path) as db:
        put(db, "a")
        assert ids(db) == ["a"]
        assert len(servers_under(path)) == 1
    assert not servers_under(path)


def test_a_server_whose_starter_died_before_it_was_ready_keeps_its_records(path: Path) -> None:
    """The mark of an unfinished first start must not outlive the first process that uses it."""
    with OtherProcess(path) as other:
        other.is_open()
        other.kill()
    card = json.loads((path / "relgraph.json").read_text())
    (path / "relgraph.json").write_text(json.dumps(card | {"unfinished": True}))
    with opened(path) as db:
        put(db, "a")
    with opened(path) as db:
        assert ids(db) == ["a"]


def test_a_server_that_nobody_knows_of_is_ended(path: Path) -> None:
    """Its starter was killed before it could write down where it is."""
    with OtherProcess(path) as other:
        other.is_open().ask("put a")
        stray = server_of(path)
        other.kill()
    (path / "server/server.json").unlink()
    with opened(path) as db:
        assert ids(db) == ["a"]
        assert not stray.is_running()
    assert not servers_under(path)


def test_the_server_of_a_folder_that_was_removed_is_ended(path: Path) -> None:
    with OtherProcess(path) as other:
        other.is_open().ask("put a")
        other.kill()
    shutil.rmtree(path)
    with opened(path) as db:
        assert ids(db) == []
        assert len(servers_under(path)) == 1
    assert not servers_under(path)


def test_a_clock_that_was_set_does_not_hide_the_server(path: Path) -> None:
    with OtherProcess(path) as other:
        other.is_open().ask("put a")
        server = server_of(path)
        card = json.loads((path / "server/server.json").read_text())
        card["started"] += 3600
        (path / "server/server.json").write_text(json.dumps(card))
        with opened(path) as db:
            assert ids(db) == ["a"]
            assert server_of(path) == server
        other.leave()
    assert not servers_under(path)


def test_options_that_are_set_for_other_java_programs_are_ignored(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"):
        monkeypatch.setenv(name, "-XX:NoSuchFlag")
    with opened(path) as db:
        assert ids(db) == []


def test_a_flag_that_java_does_not_know_is_reported(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELGRAPH_DATABASE_JAVA_FLAGS", "-Xss2m -XX:NoSuchFlag")
    with pytest.raises(DatabaseUnavailable, match="NoSuchFlag"):
        opened(path)
    monkeypatch.setenv("RELGRAPH_DATABASE_JAVA_FLAGS", "-Xss2m")
    with opened(path) as db:
        assert ids(db) == []


def test_a_server_that_hangs_when_a_process_comes_is_replaced(path: Path) -> None:
    with OtherProcess(path) as other:
        other.is_open().ask("put a")
        other.kill()
    hung = server_of(path)
    hung.suspend()
    with opened(path) as db:
        assert ids(db) == ["a"]
        assert not hung.is_running()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A database that is open. Tests only look at it."""
    path = tmp_path_factory.mktemp("running") / "db"
    with opened(path):
        yield path


def test_the_password_is_nowhere_to_be_seen(running: Path, closed_database: Path) -> None:
    file = running / "password"
    password = file.read_text().strip()
    assert len(password) >= 32
    assert password != (closed_database / "password").read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert server_of(running) in psutil.Process().children(recursive=True)
    for process in psutil.process_iter():
        try:
            seen = [*process.cmdline(), *process.environ().values()]
        except psutil.Error:
            continue
        assert not any(password in text for text in seen), process
    holders = {file.name for file in running.rglob("*") if _contains(file, password)}
    assert holders == {"password"}


def _contains(file: Path, password: str) -> bool:
    return file.is_file() and password.encode() in file.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="permissions work otherwise on this platform")
def test_nothing_is_open_to_others(running: Path) -> None:
    files = [entry for entry in running.rglob("*") if entry.is_file()]
    folders = [running, *(entry for entry in running.iterdir() if entry.is_dir())]
    assert [entry for entry in (*files, *folders) if entry.stat().st_mode & 0o077] == []


def test_the_server_listens_on_loopback_alone(running: Path) -> None:
    listening = [
        connection.laddr.ip.removeprefix("::ffff:")
        for connection in server_of(running).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 2
    assert set(listening) <= {"127.0.0.1", "::1"}


def test_ctrl_c_in_the_terminal_reaches_relgraph_alone(running: Path) -> None:
    server = server_of(running)
    assert os.getpgid(server.pid) != os.getpgid(0)
    assert os.getsid(server.pid) != os.getsid(0)


def test_an_existing_database_opens_and_closes_swiftly(path: Path) -> None:
    """The bounds of the service's second start and of its end after Ctrl-C are far apart."""
    with opened(path) as db:
        put(db, "a")
    start = time.perf_counter()
    db = opened(path)
    between = time.perf_counter()
    db.close()
    end = time.perf_counter()
    assert between - start < 8
    assert end - between < 4


def test_the_end_of_the_process_ends_the_server_after_a_signal(path: Path) -> None:
    program = (
        "import signal, sys; from pathlib import Path; from tests.database.machine import opened\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
        "with opened(Path(sys.argv[1])): print('open', flush=True); signal.pause()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert re.match("open", process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert not servers_under(path)
