"""Kill -9 of relgraph itself: its server is found by the next start, and ends with that."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.database.conftest import path as path  # a fixture
from tests.database.machine import HEAP_MB, eventually, opened, server_of, servers_under
from tests.records.folders import Tables, folder
from tests.support.processes import own_environment

pytestmark = pytest.mark.crash

SEED = 20_261_126
PEOPLE = "MATCH (s:Stakeholder) RETURN count(s) AS n"


def relgraph(path: Path, *words: str) -> subprocess.Popen[str]:
    """A `relgraph` command on a local database, as another process."""
    return subprocess.Popen(
        [sys.executable, "-m", "relgraph", *words, "--database", f"local:{path}"],
        env=own_environment(RELGRAPH_DATABASE_HEAP_MB=str(HEAP_MB)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def people(count: int) -> Tables:
    rows = [{"id": f"p{i}", "customer_id": "c", "name": f"第{i}人"} for i in range(count)]
    return {"customers": [{"id": "c", "name": "C"}], "stakeholders": rows}


def test_a_service_that_was_killed(path: Path) -> None:
    service = relgraph(path, "serve", "--port", "0")
    assert service.stdout is not None
    assert "Serving" in service.stdout.readline()
    server = server_of(path)
    service.kill()
    service.communicate()
    assert server.is_running()
    with opened(path):
        assert server_of(path) == server
        check = relgraph(path, "check")
        output, _ = check.communicate(timeout=60)
        assert check.returncode == 0
        assert "Nothing wrong was found." in output
        assert servers_under(path) == [server]
    assert servers_under(path) == []


def test_an_import_that_was_killed_is_complete_or_absent(path: Path, tmp_path: Path) -> None:
    source = folder(tmp_path / "records", **people(1500))
    chance = random.Random(SEED)
    sys.stderr.write(f"seed {SEED}\n")  # shown with a failure
    for _ in range(2):
        command = relgraph(path, "import", str(source))
        eventually((path / "server/server.json").exists)
        threading.Event().wait(chance.uniform(0, 3))
        command.kill()
        command.communicate()
        with opened(path) as db:
            db.migrate()
            assert len(servers_under(path)) == 1
            [row] = db.read(lambda tx: tx.rows(PEOPLE, {}))
            assert row["n"] in (0, 1500)
        assert servers_under(path) == []
    command = relgraph(path, "import", str(source))
    output, _ = command.communicate(timeout=60)
    assert command.returncode == 0, output
    assert servers_under(path) == []
