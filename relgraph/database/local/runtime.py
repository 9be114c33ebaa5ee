"""Where the server's jars and its Java are, and the command line that starts it.

They come out of the wheel `arcadedb-embedded`; its Python binding is never imported.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil

from relgraph.database.local.archive import Archive
from relgraph.errors import DatabaseIncompatible, because

WHEEL = "arcadedb-embedded"
SMALLEST_HEAP_MB = 512
LARGEST_HEAP_MB = 2048

JVM_FLAGS = (
    "--add-modules jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "--add-opens java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens java.base/java.nio.channels.spi=ALL-UNNAMED",
    "--add-opens java.base/java.lang=ALL-UNNAMED",
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
)


@dataclass(frozen=True, slots=True)
class Runtime:
    """An installed server: its Java, its jars, its version."""

    java: Path
    jars: Path
    version: str
    flags: tuple[str, ...] = ()
    """Further flags of its Java: of this installation, and from the settings."""


def find_runtime() -> Runtime:
    """The installed server. Raises DatabaseIncompatible where the wheel is missing."""
    try:
        wheel = metadata.distribution(WHEEL)
    except metadata.PackageNotFoundError:
        wheel = None
    folder = Path(str(wheel.locate_file("arcadedb_embedded"))) if wheel else Path()
    java = folder / "jre" / "bin" / ("java.exe" if platform.system() == "Windows" else "java")
    if wheel is None or not java.is_file():
        system, machine = platform.system(), platform.machine()
        raise DatabaseIncompatible(because("no_local_database", system=system, machine=machine))
    return Runtime(java, folder / "jars", wheel.version, Archive.of(wheel.version).flags())


def heap_mb(wanted: int | None) -> int:
    """Heap of the server in MB: as wanted, or a quarter of the machine between the two bounds."""
    if wanted is not None:
        return wanted
    quarter = psutil.virtual_memory().total // 4 // 2**20
    return int(min(LARGEST_HEAP_MB, max(SMALLEST_HEAP_MB, quarter)))


def arguments(runtime: Runtime, *, heap: int, properties: Mapping[str, str]) -> str:
    """Text of a Java argument file. It may hold the password, which a command line would show."""
    lines = [*JVM_FLAGS, *map(_quoted, runtime.flags), f"-Xmx{heap}m"]
    lines += [_quoted(f"-D{name}={value}") for name, value in properties.items()]
    lines += ["-cp", _quoted(str(runtime.jars / "*")), "com.arcadedb.server.ArcadeDBServer"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
