"""Where the server's loaded classes are kept, so that its Java starts in half the time.

Java maps classes that an earlier run has loaded instead of reading and checking them again (class
data sharing). The wheel's Java comes without such an archive; `prepare` makes one.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive of one version of the server, beside the installed packages."""

    folder: Path

    @classmethod
    def of(cls, version: str) -> Archive:
        """Its place in this environment."""
        return cls(Path(sys.prefix) / "share" / "relgraph" / f"classes-{version}")

    @property
    def base(self) -> Path:
        """Classes of Java itself."""
        return self.folder / "java.jsa"

    @property
    def server(self) -> Path:
        """Classes of the server, upon those of Java."""
        return self.folder / "server.jsa"

    @property
    def mark(self) -> Path:
        """Marks both as complete; written last."""
        return self.folder / "ready"

    def flags(self) -> tuple[str, ...]:
        """Flags to use it with; none while it is not there. Java passes over one that is stale."""
        if not self.mark.is_file():
            return ()
        return (f"-XX:SharedArchiveFile={self.base}{os.pathsep}{self.server}", "-Xlog:cds=off")
