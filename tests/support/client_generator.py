"""The public client generator of the tests, in an environment of its own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "tests" / "client" / "requirements.txt"
HOME = ROOT / ".cache" / "client-generator"
STAMP = HOME / "installed"


def _wanted() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()


def missing() -> str | None:
    """Why it cannot be used; None if it can."""
    if STAMP.is_file() and STAMP.read_text() == _wanted():
        return None
    return "the client generator is not installed: run `make test` with a network"


def install() -> bool:
    """Install it if it is not there; whether it is there now."""
    if missing() is None:
        return True
    venv.create(HOME, clear=True, with_pip=True)
    done = subprocess.run(
        [_program("python"), "-m", "pip", "install", "-q", "--disable-pip-version-check",
         "--only-binary", ":all:", "-r", str(REQUIREMENTS)],
        check=False,
    )  # fmt: skip
    if done.returncode == 0:
        STAMP.write_text(_wanted())
    return done.returncode == 0


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of its programs."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(
        [_program(program), *arguments],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        cwd=HOME,
        env=environment | {"PYTHONUTF8": "1"},
    )


def _program(name: str) -> str:
    return str(HOME / ("Scripts" if os.name == "nt" else "bin") / name)
