"""The directory of a local database: what lies where, who may read it, and whether it is sound.

relgraph.json      which version wrote it, and whether its first start is unfinished
password           of the server, readable by the owner alone
databases/         the server's files
manifest.json      sizes and checksums after a clean stop, absent while the server runs
server/            where the server runs, who uses it (see `server`)
log/               the server's output
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import zlib
from pathlib import Path
from typing import Any

from relgraph.database.local.space import refuse_read_only, unwritable
from relgraph.errors import DatabaseDamaged, DatabaseIncompatible, because
from relgraph.words import Sentence, reason

FORMAT = 1
DATABASE = "relgraph"
_CHECKED = 16 * 2**20
"""Bytes of each file that a checksum covers; a start must not read all of a large database."""
_OURS = frozenset({"password", "databases", "manifest.json", "server", "log"})
_PART = ".part"
RESTORE = Sentence("named.restore")


class Home:
    """A local database's directory. Nothing is written until `prepare` found it sound."""

    def __init__(self, path: Path, version: str) -> None:
        self.path = path
        self.version = version
        self.databases = path / "databases"
        self.run = path / "server"
        self.log = path / "log"
        self._card = path / "relgraph.json"
        self._manifest = path / "manifest.json"
        self._password = path / "password"

    def inspect(self) -> bool:
        """Whether a database is there already. Reads only.

        Raises DatabaseIncompatible for a directory that is something else or that another
        version wrote, DatabaseDamaged where its own description cannot be read.
        """
        try:
            if self.path.exists() and not self.path.is_dir():
                raise DatabaseIncompatible(because("is_file", path=self.path))
            names = {entry.name for entry in self.path.iterdir()} if self.path.exists() else set()
        except PermissionError as error:
            raise unwritable(self.path, error) from None
        if self._card.name not in names:
            # A first start that was cut off leaves no more than these.
            self._refuse_foreign(names - {"server", self._card.name + _PART})
            return False
        card = self._read_json(self._card)
        if card.get("format") != FORMAT or card.get("arcadedb") != self.version:
            theirs = card.get("arcadedb")
            raise DatabaseIncompatible(
                because("other_version", path=self.path, theirs=theirs, ours=self.version)
            )
        return card.get("unfinished") is not True

    def _refuse_foreign(self, names: set[str]) -> None:
        if not names:
            return
        if names <= _OURS:
            raise self._damaged(self._card)
        raise DatabaseIncompatible(
            because("foreign_folder", path=self.path, name=min(names - _OURS))
        )

    def prepare(self) -> None:
        """Make the directory ready for a start.

        Raises as `inspect` does, and DatabaseDamaged for files that are not as the last clean
        stop left them.
        """
        try:
            if self.inspect():
                self._check_files()
                self._make_private()
                return
            self.path.mkdir(parents=True, exist_ok=True)
            self._write_card(unfinished=True)
            self._make_private()
            # A first start that was cut off may have left both; nobody has written yet.
            if self.has_database:
                shutil.rmtree(self.databases / DATABASE)
            if not self._password.exists():
                write_atomically(self._password, secrets.token_urlsafe(32))
        except OSError as error:
            raise unwritable(self.path, error) from None

    def _make_private(self) -> None:
        """A copy or a restored backup may be open to others."""
        for folder in (self.path, self.databases, self.run, self.log):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)
        if self._password.exists():
            self._password.chmod(0o600)

    def finish(self) -> None:
        """The first start has succeeded: from now on a missing file is damage."""
        if not self.inspect():
            self._write_card(unfinished=False)

    def _write_card(self, *, unfinished: bool) -> None:
        card: dict[str, object] = {"format": FORMAT, "arcadedb": self.version}
        if unfinished:
            card["unfinished"] = True
        write_atomically(self._card, json.dumps(card))

    def make_run_folder(self) -> None:
        """The folder for locks. Raises DatabaseIncompatible where it cannot be written."""
        try:
            self.run.mkdir(parents=True, exist_ok=True)
            refuse_read_only(self.run, self.path)
        except OSError as error:
            if not isinstance(error, FileExistsError | NotADirectoryError):
                raise unwritable(self.path, error) from None
            raise DatabaseIncompatible(
                because("no_folder", path=self.path, reason=reason(error))
            ) from None

    def password(self) -> str:
        """The server's password. Raises DatabaseDamaged if its file is gone or empty."""
        try:
            text = self._password.read_text("utf-8").strip()
        except (OSError, ValueError):
            text = ""
        if not text:
            raise self._damaged(self._password)
        return text

    @property
    def has_database(self) -> bool:
        return (self.databases / DATABASE).is_dir()

    def forget_manifest(self) -> None:
        """The server is about to run: its files will change."""
        self._manifest.unlink(missing_ok=True)

    def write_manifest(self) -> None:
        """After a clean stop: what each file looks like."""
        write_atomically(self._manifest, json.dumps(self._fingerprints(), indent=0))

    def _check_files(self) -> None:
        self.password()
        folder = self.databases / DATABASE
        schema = self._read_json(folder / "schema.json")
        if self._manifest.exists():
            before, now = self._read_json(self._manifest), self._fingerprints()
            for name, print_ in before.items():
                if now.get(name) != print_:
                    raise self._damaged(self.databases / name)
        # After a crash the files may end anywhere and the server mends them from its own log;
        # but it would treat the records of a file that is gone as deleted.
        names = {file.name.split(".")[0] for file in folder.glob("*.bucket")}
        for kind in schema.get("types", {}).values():
            for bucket in kind.get("buckets", []):
                if bucket not in names:
                    raise self._damaged(folder / f"{bucket}.bucket")

    def _fingerprints(self) -> dict[str, Any]:
        fingerprints: dict[str, Any] = {}
        for file in sorted((self.databases / DATABASE).rglob("*")):
            if _is_data(file.name):
                with file.open("rb") as content:
                    checksum = zlib.crc32(content.read(_CHECKED))
                fingerprints[str(file.relative_to(self.databases))] = [
                    file.stat().st_size,
                    checksum,
                ]
        return fingerprints

    def _read_json(self, file: Path) -> dict[str, Any]:
        try:
            value = json.loads(file.read_text("utf-8"))
        except (ValueError, OSError):
            raise self._damaged(file) from None
        if not isinstance(value, dict):
            raise self._damaged(file)
        return value

    def _damaged(self, file: Path) -> DatabaseDamaged:
        return DatabaseDamaged(because("damaged", file=file, restore=RESTORE))


def write_atomically(file: Path, text: str) -> None:
    """Write so that a crash leaves the old text or the new, readable by the owner alone."""
    part = file.with_name(file.name + _PART)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def _is_data(name: str) -> bool:
    """Whether a file holds records (`Person_0.1.65536.v0.bucket`) or describes them."""
    parts = name.split(".")
    return name == "schema.json" or (len(parts) == 5 and parts[2].isdigit())
