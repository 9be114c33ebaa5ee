"""Installs what the tests need beside Python packages, where the machine lets it.

A browser and fonts from Debian's packages, a client generator, the Neo4j jars through Maven.
What is missing is reported in one line each; the tests that need it are then skipped (or fail,
with RELGRAPH_REQUIRE_ALL=1).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.support import client_generator, neo4j_server

DEBIAN = ("chromium", "fonts-noto-cjk", "fonts-inter")


def note(text: str) -> None:
    """One line for the reader."""
    sys.stderr.write(f"relgraph: {text}\n")


def debian_packages() -> None:
    """Install Chromium and fonts where that is allowed."""
    status = (
        subprocess.run(
            ["dpkg-query", "-W", "-f=${Status}\n", *DEBIAN], capture_output=True, text=True
        )
        if shutil.which("dpkg-query")
        else None
    )
    if status is not None and status.stdout.count("install ok installed") == len(DEBIAN):
        return
    if status is None or os.geteuid() != 0:
        if not shutil.which("chromium"):
            note(f"the browser tests need a Chromium: sudo apt-get install {' '.join(DEBIAN)}")
        return
    note(f"installing {', '.join(DEBIAN)} …")
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    if subprocess.run(
        ["apt-get", "install", "-y", "-qq", *DEBIAN], check=False, **quiet
    ).returncode:
        note(f"could not be installed: {', '.join(DEBIAN)}")


def neo4j_jars() -> None:
    """Fetch the jars of Neo4j, so that no test waits for them."""
    for version in neo4j_server.VERSIONS:
        missing = neo4j_server.missing(version)
        if missing:
            note(f"tests on Neo4j {version} are left out: {missing}")
        else:
            neo4j_server.jars(version)


def generator() -> None:
    """The client generator, which makes a program of the API's description."""
    if client_generator.missing():
        note("installing the client generator …")
        if not client_generator.install():
            note("tests of a generated client are left out: it could not be installed")


if __name__ == "__main__":
    debian_packages()
    generator()
    neo4j_jars()
