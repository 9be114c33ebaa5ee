"""The installed server, and the command line that starts it."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any

import psutil
import pytest

from relgraph.database.local.runtime import Runtime, arguments, find_runtime, heap_mb
from relgraph.errors import DatabaseIncompatible
from tests.database.machine import opened


def test_the_installed_server_is_found() -> None:
    runtime = find_runtime()
    assert runtime.java.is_file()
    assert list(runtime.jars.glob("*.jar"))
    assert runtime.version == metadata.version("arcadedb-embedded")


def test_a_platform_without_a_local_database_is_refused_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Any:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(DatabaseIncompatible) as refused:
        opened(tmp_path / "db")
    assert "no local database for" in str(refused.value)
    assert "point RELGRAPH_DATABASE_URL at a Neo4j" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "db").exists()


@pytest.mark.parametrize(("machine_gb", "heap"), [(1, 512), (4, 1024), (6, 1536), (64, 2048)])
def test_the_heap_is_a_quarter_of_the_machine_within_bounds(
    machine_gb: int, heap: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Memory:
        total = machine_gb * 2**30

    monkeypatch.setattr(psutil, "virtual_memory", Memory)
    assert heap_mb(None) == heap
    assert heap_mb(700) == 700


def test_values_in_the_argument_file_are_quoted() -> None:
    runtime = Runtime(Path("java"), Path("my jars"), "1")
    text = arguments(runtime, heap=512, properties={"a": 'say "hi" to C:\\db'})
    assert '"-Da=say \\"hi\\" to C:\\\\db"' in text.splitlines()
    assert "-Xmx512m" in text.splitlines()
    assert "-XX:+ExitOnOutOfMemoryError" in text.splitlines()
