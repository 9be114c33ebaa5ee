"""A real Neo4j Community server for the tests, from its published jars."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import neo4j

from tests.support.processes import JAVA_FOR_SHORT_RUNS

LTS, NEWEST = "5.26.30", "2026.09.0"
VERSIONS = (LTS, NEWEST)
PASSWORD = "relgraph-test"  # of a server on loopback that lives as long as the tests
OLDEST_JAVA = {LTS: 17, NEWEST: 21}
START_TIMEOUT_S = 90
OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")


@dataclass(frozen=True, slots=True)
class Neo4jServer:
    """A running server."""

    url: str
    user: str
    password: str


@cache
def java_for(version: str) -> str | None:
    """A Java that is new enough for a version of Neo4j and not newer than it knows."""
    installed: list[tuple[int, str]] = []
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    homes += sorted(Path("/usr/lib/jvm").glob("*")) if Path("/usr/lib/jvm").is_dir() else []
    candidates = [str(home / "bin" / "java") for home in homes if (home / "bin/java").is_file()]
    candidates += [path for path in [shutil.which("java")] if path]
    for java in candidates:
        text = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
        number = re.search(r'version "(\d+)', text)
        if number:
            installed.append((int(number[1]), java))
    fit = [(n, java) for n, java in installed if n >= OLDEST_JAVA[version]]
    if version == LTS:
        fit = [(n, java) for n, java in fit if n <= 21]
    return min(fit)[1] if fit else None


def missing(version: str) -> str | None:
    """What this machine lacks for a version, and how to get it; None if nothing."""
    if java_for(version) is None:
        return f"Java {OLDEST_JAVA[version]} is missing (apt-get install openjdk-17-jre-headless)"
    if shutil.which("mvn") is None and not _folder(version).is_dir():
        return "Maven is missing (apt-get install maven)"
    return None


def _folder(version: str) -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "relgraph" / f"neo4j-{version}"


def jars(version: str) -> Path:
    """Folder of the jars; fetched once through Maven."""
    folder = _folder(version)
    if not folder.is_dir():
        part = folder.with_name(f"{folder.name}.{os.getpid()}")
        pom = Path(__file__).with_name("neo4j-pom.xml")
        subprocess.run(
            [
                "mvn",
                "-B",
                "-q",
                "-f",
                str(pom),
                f"-Dneo4j.version={version}",
                "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
                f"-DoutputDirectory={part}",
            ],
            check=True,
        )
        try:
            part.rename(folder)
        except OSError:  # another process was faster
            shutil.rmtree(part)
    return folder


@contextmanager
def running(home: Path, version: str, *, brief: bool = True) -> Iterator[Neo4jServer]:
    """A server with an empty database under `home`; it ends with the block.

    A brief one is ready sooner, does without the compiler that pays off in the long run, and
    keeps its plans, since tests begin with nothing again and again.
    """
    lib, java = jars(version), java_for(version)
    assert java is not None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for name in ("conf", "data", "logs", "run", "plugins", "import"):
        (home / name).mkdir(parents=True)
    settings = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.enabled": "true",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.pagecache.size": "128m",
        "dbms.usage_report.enabled": "false",
    }
    if brief:
        settings |= {
            "dbms.cypher.min_replan_interval": "1h",
            "dbms.cypher.statistics_divergence_threshold": "1.0",
        }
    (home / "conf/neo4j.conf").write_text("\n".join(f"{k}={v}" for k, v in settings.items()))
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    subprocess.run(
        [
            java,
            JAVA_FOR_SHORT_RUNS,
            "-cp",
            f"{lib}/*",
            "org.neo4j.cli.AdminTool",
            "dbms",
            "set-initial-password",
            PASSWORD,
        ],
        check=True,
        env=environment,
        capture_output=True,
    )
    entry = "CommunityEntryPoint" if version.startswith("5.") else "Neo4jCommunity"
    compilers = [JAVA_FOR_SHORT_RUNS] if brief else []
    command = [java, "-Xmx1g", "-XX:+UseSerialGC", *compilers, "-cp", f"{lib}/*"]
    command += [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENS]
    command += [
        "--enable-native-access=ALL-UNNAMED",
        f"org.neo4j.server.{entry}",
        f"--home-dir={home}",
        f"--config-dir={home / 'conf'}",
    ]
    with (home / "output.log").open("wb") as log:
        server = subprocess.Popen(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        _wait(server, port, home)
        yield Neo4jServer(f"neo4j://127.0.0.1:{port}", "neo4j", PASSWORD)
    finally:
        server.kill()  # nobody needs what it holds, and a clean end takes ten seconds
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, home: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"Neo4j ended: {(home / 'output.log').read_text()[-2000:]}")
        try:
            # By the routed address and with a query: the first of each is slow on a cold server.
            with neo4j.GraphDatabase.driver(
                f"neo4j://127.0.0.1:{port}", auth=("neo4j", PASSWORD), max_transaction_retry_time=0
            ) as driver:
                driver.execute_query("RETURN 1")
            return
        except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
            time.sleep(0.2)
    raise RuntimeError(f"Neo4j did not answer within {START_TIMEOUT_S} s")
