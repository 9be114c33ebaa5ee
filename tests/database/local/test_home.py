"""Directories that are refused, each with a clear sentence and without a byte changed."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from relgraph.errors import DatabaseDamaged, DatabaseError, DatabaseIncompatible
from tests.database.machine import checksums, ids, opened, put, servers_under

DATA = "databases/relgraph"


@pytest.fixture
def copy(closed_database: Path, tmp_path: Path) -> Path:
    """A database of the test's own with twenty customers."""
    shutil.copytree(closed_database, tmp_path / "db")
    return tmp_path / "db"


def data_file(path: Path, pattern: str) -> Path:
    """The largest file of a database that matches."""
    return max((path / DATA).glob(pattern), key=lambda file: file.stat().st_size)


def remove(path: Path, pattern: str) -> None:
    data_file(path, pattern).unlink()


def truncate(path: Path, pattern: str) -> None:
    file = data_file(path, pattern)
    os.truncate(file, file.stat().st_size // 2)


def spoil(path: Path, pattern: str) -> None:
    """Change a few bytes in the middle."""
    file = data_file(path, pattern)
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8] = bytes(255 - byte for byte in content[middle : middle + 8])
    file.write_bytes(content)


def refusal(path: Path, kind: type[DatabaseError]) -> str:
    """What opening says; nothing may be changed by it, and no server may be left."""
    before = checksums(path)
    with pytest.raises(kind) as refused:
        opened(path).close()
    assert checksums(path) == before
    assert not servers_under(path)
    assert refused.value.remedy
    return str(refused.value)


@pytest.mark.parametrize("damage", [remove, truncate, spoil])
@pytest.mark.parametrize(
    "pattern",
    ["schema.json", "dictionary.*.dict", "Customer_0.*.bucket", "Customer_0_*.*umtidx"],
)
def test_damaged_files_are_refused(
    copy: Path, damage: Callable[[Path, str], None], pattern: str
) -> None:
    name = data_file(copy, pattern).name
    damage(copy, pattern)
    text = refusal(copy, DatabaseDamaged)
    assert name in text
    assert "Restore a backup" in text


@pytest.mark.parametrize("name", ["relgraph.json", "password", "manifest.json"])
@pytest.mark.parametrize("content", [b"", b"\xff\x00garbage"])
def test_damaged_descriptions_are_refused(copy: Path, name: str, content: bytes) -> None:
    (copy / name).write_bytes(content)
    assert name in refusal(copy, DatabaseDamaged)


@pytest.mark.parametrize("name", ["relgraph.json", "password", DATA])
def test_missing_parts_are_refused(copy: Path, name: str) -> None:
    lost = copy / name
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    assert name in refusal(copy, DatabaseDamaged)


def test_lost_records_are_noticed_after_a_crash_too(copy: Path) -> None:
    (copy / "manifest.json").unlink()  # a crash leaves none
    remove(copy, "Customer_0.*.bucket")
    assert "Customer_0" in refusal(copy, DatabaseDamaged)


def test_files_that_the_server_cannot_open_are_damage_and_say_why(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    remove(copy, "dictionary.*.dict")
    with pytest.raises(DatabaseDamaged, match="Dictionary file not found"):
        opened(copy)
    assert not servers_under(copy)


def test_another_version_is_refused(copy: Path) -> None:
    card = json.loads((copy / "relgraph.json").read_text())
    (copy / "relgraph.json").write_text(json.dumps(card | {"arcadedb": "25.1.1"}))
    text = refusal(copy, DatabaseIncompatible)
    assert "25.1.1" in text
    assert card["arcadedb"] in text
    assert "Export it with the relgraph that wrote it" in text


def test_another_format_is_refused(copy: Path) -> None:
    card = json.loads((copy / "relgraph.json").read_text())
    (copy / "relgraph.json").write_text(json.dumps(card | {"format": card["format"] + 1}))
    refusal(copy, DatabaseIncompatible)


def test_a_sound_copy_opens_with_another_password(copy: Path) -> None:
    (copy / "password").write_text("another-password")
    with opened(copy) as db:
        assert len(ids(db)) == 20


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/to-mother.txt").write_text("Dear mother")
    assert "to-mother.txt" in refusal(tmp_path / "letters", DatabaseIncompatible)
    assert [file.name for file in (tmp_path / "letters").iterdir()] == ["to-mother.txt"]


def test_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("notes")
    for path in (file, file / "below"):
        with pytest.raises(DatabaseIncompatible) as refused:
            opened(path)
        assert str(path) in str(refused.value)
        assert "local:PATH" in str(refused.value)
    assert file.read_text() == "notes"


@pytest.fixture
def foreign_folder() -> Iterator[Path]:
    """A folder that the running user may look into and not write."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    if os.geteuid() == 0:  # a superuser may write anywhere
        os.seteuid(65534)
    yield folder
    if os.getuid() == 0:
        os.seteuid(0)
    folder.rmdir()


@pytest.mark.skipif(os.name != "posix", reason="permissions work otherwise on this platform")
def test_no_permission_to_write(foreign_folder: Path) -> None:
    for path in (foreign_folder, foreign_folder / "db"):
        with pytest.raises(DatabaseIncompatible, match="no permission to write") as refused:
            opened(path)
        assert "RELGRAPH_DATABASE_URL" in str(refused.value)
    assert not list(foreign_folder.iterdir())


def test_any_name_of_a_folder_works(tmp_path: Path) -> None:
    name = """-D 客户 "关系" a#b%20c '$HOME' (2026)"""
    path = tmp_path / name / "db"
    with opened(path) as db:
        put(db, "客户")
    with opened(path) as db:
        assert ids(db) == ["客户"]
    assert {entry.name for entry in tmp_path.iterdir()} == {name}


@pytest.mark.skipif(os.name != "posix", reason="permissions work otherwise on this platform")
def test_a_copy_that_is_open_to_others_is_closed_to_them(copy: Path) -> None:
    for entry in (copy, *copy.iterdir()):
        entry.chmod(0o755)
    opened(copy).close()
    for entry in (copy, copy / "databases", copy / "log", copy / "server"):
        assert entry.stat().st_mode & 0o777 == 0o700
    assert (copy / "password").stat().st_mode & 0o777 == 0o600
