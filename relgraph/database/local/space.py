"""Whether the directory of a local database can be written to, and how much room it has.

The server says nothing of the reason to whoever sent a write that failed, so it is looked for here.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from relgraph.database.translate import full
from relgraph.errors import DatabaseError, DatabaseIncompatible, DatabaseUnavailable, because
from relgraph.words import reason

LEAST_FREE = 8 * 2**20
"""Bytes below which the server cannot be relied upon to write: its files grow by such steps."""
_SAMPLE = 2**18
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def is_nearly_full(folder: Path) -> bool:
    """Whether its disk has less than LEAST_FREE."""
    try:
        return shutil.disk_usage(folder).free < LEAST_FREE
    except OSError:
        return False


def is_full(folder: Path) -> bool:
    """Whether nothing can be written for want of space, also where a quota is the reason."""
    if is_nearly_full(folder):
        return True
    sample = folder / f"sample-{os.getpid()}"
    try:
        sample.write_bytes(bytes(_SAMPLE))
    except OSError as error:
        return error.errno in _FULL
    finally:
        with suppress(OSError):
            sample.unlink(missing_ok=True)
    return False


def refuse_read_only(folder: Path, home: Path) -> None:
    """Raise as `unwritable` says if no file can be made in a folder; a full disk passes."""
    sample = folder / f"empty-{os.getpid()}"
    try:
        sample.touch(mode=0o600)
        sample.unlink()
    except OSError as error:
        if error.errno not in _FULL:
            raise unwritable(home, error) from None


def unwritable(home: Path, error: OSError) -> DatabaseError:
    """What a failure to write to a database's directory means for whoever opens it."""
    if error.errno in _FULL:
        return full(str(home))
    if isinstance(error, PermissionError):
        return DatabaseIncompatible(because("no_permission", path=home))
    if error.errno == errno.EROFS:
        return DatabaseIncompatible(because("read_only", path=home))
    return DatabaseUnavailable(because("folder_unwritable", path=home, reason=reason(error)))
