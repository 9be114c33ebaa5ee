"""A disk that is full, or that can only be read, is reported as what it is."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.database.local import home, space
from relgraph.errors import DatabaseFull, DatabaseIncompatible, QueryFailed
from tests.database.machine import opened, put
from tests.database.test_connection import Flaky, server_error
from tests.support.processes import own_environment
from tests.support.service import api_of

UNEXPLAINED = "Neo.ClientError.Transaction.TransactionNotFound"
"""What the local database says of a commit that finds no space, and of other faults."""
MORE_THAN_THERE_IS = 2**60
CUSTOMER = {"id": "c", "name": "C"}


def test_a_write_that_finds_no_space(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    db.migrate()
    with pytest.raises(QueryFailed):
        db.write(Flaky(server_error(UNEXPLAINED)))
    db.refuse_full()
    with monkeypatch.context() as patch:
        patch.setattr(space, "LEAST_FREE", MORE_THAN_THERE_IS)
        with pytest.raises(DatabaseFull, match="Free some space"):
            db.write(Flaky(server_error(UNEXPLAINED)))
        with pytest.raises(DatabaseFull):
            db.refuse_full()


def test_the_service_says_that_the_disk_is_full(
    local_db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with api_of(local_db) as api:
        assert api.get("/readyz").status_code == 200
        with monkeypatch.context() as patch, caplog.at_level(logging.ERROR, "relgraph"):
            patch.setattr(space, "LEAST_FREE", MORE_THAN_THERE_IS)
            patch.setattr(local_db, "_once", fail)
            refused = api.post("/api/v1/customers", json=CUSTOMER)
            ready = api.get("/readyz")
        assert (refused.status_code, refused.json()["code"]) == (507, "database_full")
        assert "is full; nothing was written" in refused.json()["detail"]
        assert (ready.status_code, ready.json()["code"]) == (507, "database_full")
        assert "POST /api/v1/customers: The disk of the database" in caplog.text
        assert api.post("/api/v1/customers", json=CUSTOMER).status_code == 201
        assert api.get("/readyz").status_code == 200


def fail(work: object, writable: bool, *rest: object) -> None:
    raise server_error(UNEXPLAINED)


def test_a_database_by_url_that_says_that_its_disk_is_full(database: Database) -> None:
    message = "Could not append to the log: No space left on device"
    with pytest.raises(DatabaseFull):
        database.write(Flaky(server_error("Neo.DatabaseError.General.UnknownError", message)))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_quota_is_noticed(tmp_path: Path) -> None:
    assert not space.is_full(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / f"sample-{os.getpid()}").symlink_to("/dev/full")
    assert space.is_full(tmp_path)


def test_a_start_without_space(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(home, "write_atomically", no_space)
        with pytest.raises(DatabaseFull, match="Free some space"):
            opened(path)
    with opened(path) as db:
        put(db, "a")


def test_a_file_system_that_can_only_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for function in ("touch", "mkdir"):
        start = time.monotonic()
        with monkeypatch.context() as patch:
            patch.setattr(Path, function, read_only)
            with pytest.raises(DatabaseIncompatible, match=r"can only be read.*local:PATH"):
                opened(path)
        assert time.monotonic() - start < 5


MOUNTED = """
mount -t tmpfs none "$1" && mkdir "$1/db" && mount -o remount,ro "$1" || exit 77
exec "$2" -m relgraph check --database "local:$1/$3"
"""
"""Exit code 77 where this machine lets nobody mount anything."""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="only Linux has mounts of one process")
@pytest.mark.parametrize("name", ["db", "new"])
def test_a_real_file_system_that_can_only_be_read(tmp_path: Path, name: str) -> None:
    script = ["unshare", "-rm", "sh", "-c", MOUNTED, "-", str(tmp_path), sys.executable, name]
    done = subprocess.run(
        script, env=own_environment(), capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(done.stderr)
    assert "can only be read" in done.stderr, done.stderr
    assert done.returncode == 1 and "Traceback" not in done.stderr
