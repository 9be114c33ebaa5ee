"""What is installed with relgraph: licences, and a wheel that is complete by itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.processes import own_environment

ROOT = Path(__file__).parents[2]
REFUSED = re.compile(r"\bA?GPL\b|GNU (Affero )?General Public", re.I)
LESSER = re.compile(r"\bLGPL\b|Lesser General Public", re.I)
NOT_IN_THE_SERVICE = {"arcadedb-embedded"}
"""Only its server's files are used, as a process of its own; see docs/decisions/0002."""


def needed(name: str, seen: dict[str, Distribution]) -> dict[str, Distribution]:
    """A package and all that it needs, without extras."""
    if name not in seen:
        seen[name] = package = distribution(name)
        for line in package.requires or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needed(requirement.name.lower().replace("_", "-"), seen)
    return seen


def licence_of(package: Distribution) -> str:
    data = package.metadata
    words = [data.get("License-Expression") or "", (data.get("License") or "")[:200]]
    words += [c for c in data.get_all("Classifier") or [] if c.startswith("License")]
    return " ".join(words).strip()


def test_no_package_of_the_running_service_is_under_gpl_or_agpl() -> None:
    packages = needed("relgraph", {})
    assert {"fastapi", "neo4j", "numpy", "pydantic-core"} <= set(packages)
    for name, package in packages.items():
        licence = licence_of(package)
        assert licence, f"{name} does not say under which licence it is"
        if name not in NOT_IN_THE_SERVICE:
            assert not REFUSED.search(LESSER.sub("", licence)), f"{name}: {licence}"


def test_versions_are_exact() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    dependencies = [*project["dependencies"], *(line for extra in extras for line in extra)]
    for line in dependencies:
        requirement = Requirement(line)
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), f"{line} is not pinned"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment with the wheel, which borrows the other packages."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT],
        check=True,
        capture_output=True,
    )
    [wheel] = folder.glob("relgraph-*.whl")
    home = folder / "environment"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    target = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", target, wheel],
        check=True,
        capture_output=True,
    )
    others = Path(distribution("fastapi").locate_file(""))
    (Path(target) / "borrowed.pth").write_text(f"{others}\n")
    return python


def test_the_wheel_works_in_another_folder(installed: Path, tmp_path: Path) -> None:
    environment = own_environment()
    environment.pop("PYTHONPATH", None)  # which may lead to a checkout

    def run(*words: str) -> str:
        done = subprocess.run(
            [installed, "-m", "relgraph", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=90,
        )
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    where = subprocess.run(
        [installed, "-c", "import relgraph; print(relgraph.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "environment" in where, "the checkout was imported, not the wheel"
    seeds = subprocess.run(
        [installed, "-c", "from relgraph.cli.service import sample_folder; print(sample_folder())"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert "_seeds" in seeds
    run("import", seeds)
    run("map", "northwind", "-o", "map.html")
    assert "Eleanor Whitfield" in (tmp_path / "map.html").read_text("utf-8")
    pages = """
from relgraph.api.app import create_app
from relgraph.settings import load_settings
from fastapi.testclient import TestClient
with TestClient(create_app(load_settings()), base_url="http://127.0.0.1:8000") as client:
    for path in ("/", "/customers/northwind/matrix", "/assets/map.js", "/static/page.css"):
        assert client.get(path).status_code == 200, path
"""
    subprocess.run([installed, "-c", pages], cwd=tmp_path, env=environment, check=True, timeout=90)
