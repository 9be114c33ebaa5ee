"""What the start of a command loads: nothing before it is needed, or each command pays for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.databases import kept_open
from tests.support.processes import own_environment

pytestmark = pytest.mark.xdist_group("cli")

NEVER_FOR_HELP = frozenset(
    {
        *("fastapi", "starlette", "uvicorn", "httpx2", "networkx", "numpy", "openpyxl", "jinja2"),
        *("neo4j", "pydantic", "pydantic_settings", "rich", "orjson", "icalendar", "pypinyin"),
        *("psutil", "relgraph.settings", "relgraph.database", "relgraph.records", "relgraph.api"),
        *("relgraph.insight", "relgraph.viz", "relgraph.queries", "relgraph.schema.kinds"),
    }
)
NEVER_FOR_AN_IMPORT = frozenset(
    {
        *("fastapi", "starlette", "uvicorn", "httpx2", "networkx", "numpy", "pandas", "openpyxl"),
        *("rich", "icalendar", "relgraph.api", "relgraph.insight", "relgraph.viz"),
    }
)
NEVER_FOR_A_MAP = frozenset({"fastapi", "starlette", "uvicorn", "openpyxl", "relgraph.api"})

PROGRAM = """
import json, sys
from relgraph.cli import main
try:
    main()
finally:
    with open(sys.argv.pop(), "w") as out:
        json.dump(sorted(sys.modules), out)
"""


def loaded(tmp_path: Path, *words: str, **environment: str) -> set[str]:
    """What `relgraph WORDS` has loaded when it ends; it must not fail."""
    out = tmp_path / "modules.json"
    program = PROGRAM.replace("sys.argv.pop()", repr(str(out)))
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        env=own_environment(**environment),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(out.read_text()))


@pytest.mark.parametrize("words", [["--help"], ["--version"]], ids=" ".join)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_loads_no_more_than_its_words(words: list[str], lang: str, tmp_path: Path) -> None:
    assert loaded(tmp_path, *words, RELGRAPH_LANG=lang) & NEVER_FOR_HELP == set()


def test_help_of_a_group_loads_none_of_its_commands(tmp_path: Path) -> None:
    below = NEVER_FOR_HELP - {"pydantic"}  # by which options before the group are read
    assert loaded(tmp_path, "profile", "--help") & below == set()


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"local:{tmp_path / 'db'}"


def test_an_import_loads_neither_the_service_nor_pictures(database: str, tmp_path: Path) -> None:
    records = tmp_path / "records"
    records.mkdir()
    (records / "customers.csv").write_text("id,name\na,A\n", "utf-8")
    with kept_open(database):
        url = {"RELGRAPH_DATABASE_URL": database}
        assert loaded(tmp_path, "import", str(records), **url) & NEVER_FOR_AN_IMPORT == set()
        assert loaded(tmp_path, "check", **url) & NEVER_FOR_AN_IMPORT == set()
        picture = str(tmp_path / "a.svg")
        assert loaded(tmp_path, "map", "a", "-o", picture, **url) & NEVER_FOR_A_MAP == set()


def test_the_driver_finds_numpy_again() -> None:
    """It is out of sight only while the driver is loaded."""
    program = (
        "import sys, relgraph.database\n"
        "assert 'numpy' not in sys.modules\n"
        "import numpy\n"
        "assert numpy.zeros(1).sum() == 0\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
