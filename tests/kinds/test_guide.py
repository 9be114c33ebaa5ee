"""What docs/add-a-kind.md says is enough, on both databases."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.kinds.guide import ROOT, changed_copy

NEW = ("mentors", "attendances", "round_tables")


@pytest.mark.neo4j
def test_kinds_that_are_declared_as_the_guide_says_have_everything(tmp_path: Path) -> None:
    """The tests of every kind, in a copy of relgraph that has two kinds of edges and one more."""
    copy = changed_copy(tmp_path / "copy")
    shutil.copytree(ROOT / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    report = tmp_path / "report.xml"
    chosen = " or ".join((*NEW, "files", "style", "description"))
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "tests/kinds/test_every_kind.py", "-q", "-x",
            "-p", "no:cacheprovider", "-k", chosen, f"--junitxml={report}",
        ],
        cwd=copy,
        env={name: text for name, text in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
    )  # fmt: skip
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
