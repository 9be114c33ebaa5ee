"""A server that nobody uses any more ends by itself, and has nothing of its starter's secrets."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil
import pytest
from filelock import FileLock, Timeout

from relgraph.database.local import abandoned, watch
from relgraph.database.local.server import LocalServer
from tests.database.machine import OtherProcess, eventually, ids, opened, put, server_of


def watcher_of(path: Path) -> psutil.Process:
    """The process beside a server."""
    return psutil.Process(int((path / "server/watch").read_text()))


def test_a_server_whose_last_user_was_killed_ends(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OtherProcess(path) as other:
        other.is_open().ask("put a")
        server, watcher = server_of(path), watcher_of(path)
        assert watch.is_used(str(path / "server"))
        assert not LocalServer(path).end_if_abandoned()
        assert abandoned.main(path) == 1
        assert server.is_running()
        other.kill()
    assert not watch.is_used(str(path / "server"))
    watcher.kill()  # it would do the same in 20 s
    monkeypatch.setattr(watch, "LOOK_S", 0.01)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    watch.watch(str(path), abandoned.command(path))
    eventually(lambda: not server.is_running())
    assert (path / "manifest.json").exists(), "it was stopped in order"
    assert not (path / "server/server.json").exists()
    with opened(path) as db:
        assert ids(db) == ["a"]


def test_the_process_beside_a_server_ends_with_it(path: Path) -> None:
    with opened(path) as db:
        put(db, "a")
        watcher = watcher_of(path)
        assert watcher.is_running()
        with OtherProcess(path) as other:
            other.is_open().leave()
        assert watcher_of(path) == watcher
        assert watcher.is_running()
    eventually(lambda: not psutil.pid_exists(watcher.pid))
    assert not (path / "server/watch").exists()


def test_it_watches_as_a_process_of_its_own(path: Path) -> None:
    """As it is started, but with shorter looks."""
    assert watch.LOOK_S * (watch.LOOKS + 1) < 60
    program = Path(watch.__file__)
    with OtherProcess(path) as other:
        other.is_open()
        server, watcher = server_of(path), watcher_of(path)
        assert watcher.cmdline()[1:5] == ["-I", "-S", str(program), str(path)]
        if sys.platform == "linux":  # elsewhere what Python itself needs is counted, too
            assert watcher.memory_full_info().uss < 8 * 2**20
        watcher.kill()
        hurried = path.parent / "hurried.py"
        text = program.read_text().replace("LOOK_S = 10.0", "LOOK_S = 0.1")
        hurried.write_text(text)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(watch, "__file__", str(hurried))
            abandoned.start(path, {"PATH": os.environ["PATH"]})
            assert watcher_of(path).is_running()
        other.kill()
    eventually(lambda: not server.is_running(), 30)


def test_it_ends_with_the_server_once_relgraph_is_removed(path: Path) -> None:
    """No command will ever end the server then; the next start mends what it left."""
    removed = [str(path.parent / "removed" / "python"), "-P", abandoned.__file__, str(path)]
    with OtherProcess(path) as other:
        other.is_open().ask("put a")
        server, watcher = server_of(path), watcher_of(path)
        other.kill()
    watcher.kill()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "LOOK_S", 0.01)
        watch.watch(str(path), removed)  # it returns
    eventually(lambda: not server.is_running(), 30)
    with opened(path) as db:
        assert ids(db) == ["a"]


def test_a_command_that_fails_is_tried_again_while_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_S", 0.0)
    count = tmp_path / "count"
    program = tmp_path / "program.py"
    program.write_text(
        f"import pathlib, sys\nfile = pathlib.Path({str(count)!r})\n"
        "file.touch() if not file.exists() else sys.exit(0)\nsys.exit(1)\n"
    )
    watch.watch(str(tmp_path), [sys.executable, "-S", str(program)])
    assert count.exists()
    assert watch.run([str(tmp_path / "nothing")]) == watch.NOT_STARTED
    assert not watch.is_installed([sys.executable, "-P", str(tmp_path / "nothing")])


def test_a_removed_directory(path: Path, tmp_path: Path) -> None:
    assert not watch.is_used(str(tmp_path / "nowhere/server"))


def test_locks_that_another_process_holds(tmp_path: Path) -> None:
    """As `filelock` holds them, so that both kinds of programs see each other."""
    users = tmp_path / "users"
    users.mkdir()
    (tmp_path / "lock").touch()
    for file in (tmp_path / "lock", users / "1-a.lock"):
        assert not watch.is_used(str(tmp_path)), "nobody holds what a crash has left"
        with FileLock(file):
            assert watch.is_used(str(tmp_path))
    with watch.Lock(str(file)), pytest.raises(Timeout):
        FileLock(file, timeout=0).acquire()
    FileLock(file, timeout=0).acquire()


def test_no_secret_is_handed_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "only-for-relgraph"
    for name in ("RELGRAPH_TOKEN", "RELGRAPH_DATABASE_PASSWORD", "NEO4J_PASSWORD", "AWS_SECRET"):
        monkeypatch.setenv(name, secret)
    with opened(path):
        for process in (server_of(path), watcher_of(path)):
            variables = process.environ()
            assert "PATH" in variables
            assert not [name for name, text in variables.items() if secret in text]
            assert not [name for name in variables if name.startswith("RELGRAPH")]
