"""The archive of the server's classes: starts are quicker with it, and go well without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph.database.local.archive import Archive
from relgraph.database.local.prepare import prepare
from relgraph.database.local.runtime import Runtime, find_runtime
from tests.database.machine import ids, opened, put, server_of


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Where an installation without an archive would keep it."""
    place = Archive(tmp_path / "classes")
    monkeypatch.setattr(Archive, "of", lambda version: place)
    return place


def test_without_an_archive_java_gets_no_flags(archive: Archive) -> None:
    assert archive.flags() == ()
    assert find_runtime().flags == ()


def test_an_archive_is_made_once_and_used(archive: Archive, tmp_path: Path) -> None:
    assert prepare(find_runtime(), archive)
    made = archive.server.stat().st_mtime_ns
    assert prepare(find_runtime(), archive)
    assert archive.server.stat().st_mtime_ns == made
    with opened(tmp_path / "db") as db:
        db.migrate()
        mapped = {Path(region.path) for region in server_of(tmp_path / "db").memory_maps()}
        assert archive.server.resolve() in mapped


def test_a_damaged_archive_is_passed_over(archive: Archive, tmp_path: Path) -> None:
    archive.folder.mkdir()
    for file in (archive.base, archive.server, archive.mark):
        file.write_bytes(b"no classes")
    with opened(tmp_path / "db") as db:
        db.migrate()
        put(db, "a")
        assert ids(db) == ["a"]


def test_what_cannot_be_made_leaves_nothing_behind(archive: Archive, tmp_path: Path) -> None:
    no_java = Runtime(tmp_path / "java", tmp_path, "1")
    assert not prepare(no_java, archive)
    assert not archive.folder.exists()
    (tmp_path / "file").write_text("")
    assert not prepare(find_runtime(), Archive(tmp_path / "file" / "classes"))
