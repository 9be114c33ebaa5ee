"""Makes .venv with relgraph and its pinned packages; does nothing if it is up to date.

    python3 scripts/bootstrap.py [test] [check] [bench]

Runs on any Python 3 (and says so on Python 2), so that an old one gets a sentence instead of a
traceback.
"""

from __future__ import print_function

import hashlib
import os
import platform
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "relgraph-installed")
OLDEST = (3, 11)
PLATFORMS = [
    ("Linux", "x86_64"),
    ("Linux", "aarch64"),
    ("Darwin", "arm64"),
    ("Windows", "AMD64"),
]


def stop(text):
    """One line that says what to do, and exit code 1."""
    sys.stderr.write("relgraph: " + text + "\n")
    sys.exit(1)


def main(extras):
    """Install what is missing."""
    if sys.version_info < OLDEST:
        version = ".".join(str(part) for part in sys.version_info[:3])
        stop(
            "this is Python %s; relgraph needs 3.11 or newer: make PYTHON=python3.11 ..." % version
        )
    machine = (platform.system(), platform.machine())
    if machine not in PLATFORMS:
        stop(
            "the local database does not run on %s %s; it runs on Linux (x86-64, arm64), macOS "
            "(arm64) and Windows (x86-64)." % machine
        )
    wanted = wanted_stamp(extras)
    if os.path.exists(STAMP):
        with open(STAMP) as stamp:
            if set(wanted.split()) <= set(stamp.read().split()):
                return
    if not os.access(ROOT, os.W_OK):
        stop("there is no permission to write %s; copy relgraph to a folder of your own." % ROOT)
    python = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin", "python")
    if not os.path.exists(python):
        make_environment()
    print("relgraph: installing packages (once, about half a minute) ...")
    target = ROOT + ("[%s]" % ",".join(extras) if extras else "")
    code = subprocess.call(
        [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary",
            ":all:",
            "--editable",
            target,
        ]
    )
    if code:
        stop("the packages could not be installed; the lines above say why. Is there a network?")
    # Its starts take half the time from then on; without it they only take longer.
    subprocess.call([python, "-m", "relgraph.database.local.prepare"], cwd=ROOT)
    with open(STAMP, "w") as stamp:
        stamp.write(wanted)


def make_environment():
    """Create .venv; say what is missing where that fails."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop("python3 has no venv module; on Debian or Ubuntu: sudo apt-get install python3-venv")
    if subprocess.call([sys.executable, "-m", "venv", VENV]):
        stop("python3 -m venv failed; the lines above say why.")


def wanted_stamp(extras):
    """Words that the stamp must hold: the packages' list and each extra."""
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        return " ".join([hashlib.sha256(file.read()).hexdigest()] + sorted(extras))


if __name__ == "__main__":
    main(sys.argv[1:])
