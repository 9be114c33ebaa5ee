"""What docs/add-a-kind.md says is enough, on both databases."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from relgraph.database import Database
from tests.database.machine import drop_all, login_of
from tests.kinds.guide import ROOT, changed_copy
from tests.support.databases import RUNNING_NEO4J
from tests.support.neo4j_server import LTS, missing

NEW = ("mentors", "attendances", "round_tables")


@pytest.mark.neo4j
@pytest.mark.schema
@pytest.mark.xdist_group("neo4j")
def test_kinds_that_are_declared_as_the_guide_says_have_everything(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The tests of every kind, in a copy of relgraph that has two kinds of edges and one more."""
    copy = changed_copy(tmp_path / "copy")
    shutil.copytree(ROOT / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    report = tmp_path / "report.xml"
    chosen = " or ".join((*NEW, "files", "style", "description"))
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    neo4j: Database | None = None
    if not missing(LTS):
        neo4j = request.getfixturevalue("neo4j_db")
        environment[RUNNING_NEO4J] = " ".join(login_of(neo4j))
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "tests/kinds/test_every_kind.py", "-q", "-x",
            "-p", "no:cacheprovider", "-k", chosen, f"--junitxml={report}",
        ],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
    )  # fmt: skip
    if neo4j is not None:
        drop_all(neo4j)  # there are constraints of the new kinds
        neo4j.migrate()
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    names = [case.get("name", "") for case in ElementTree.parse(report).iter("testcase")]
    for database in ("local", "neo4j"):
        for kind in NEW:
            assert any(database in name and kind in name for name in names), (database, kind)


def test_words_for_the_browser_follow(tmp_path: Path) -> None:
    """The types that the guide has made name the words of the new line."""
    copy = changed_copy(tmp_path / "copy")
    shutil.copytree(ROOT / "scripts", copy / "scripts")
    subprocess.run([sys.executable, "scripts/make_types.py"], cwd=copy, check=True)
    types = (copy / "relgraph/viz/assets/document.d.ts").read_text("utf-8")
    assert "mentored_by: string;" in types
