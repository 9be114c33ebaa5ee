"""The documentation says what is true: its commands run, its tables follow from the code."""

from __future__ import annotations

import pkgutil
import re
import shlex
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from relgraph import words
from scripts.make_docs import pages
from tests.support.commands import relgraph
from tests.support.databases import kept_open

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CONSOLE = re.compile(r"```console\n(.*?)```", re.S)
ROOMS = "api|cli|database|insight|queries|records|schema|viz"
MODULE = re.compile(rf"`((?:relgraph\.)?(?:{ROOMS})(?:\.[a-z_]\w*)+)[`(]", re.I)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def commands(page: Path) -> list[str]:
    """What the console blocks of a page ask a reader to type."""
    blocks = CONSOLE.findall(page.read_text("utf-8"))
    return [
        line.removeprefix("$ ")
        for block in blocks
        for line in block.splitlines()
        if line.startswith("$ ")
    ]


MADE = pages()


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
def test_made_parts_are_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == MADE[path], "run: python scripts/make_docs.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if not link.startswith(("http://", "https://", "#")):
            target = page.parent / unquote(link.split("#")[0])
            assert target.exists(), f"{link} leads nowhere"
            if target.suffix == ".png":
                assert target.stat().st_size < 400_000


def test_modules_that_pages_name_exist() -> None:
    """Such as `records.writes.plan`, and what stands in them."""
    missing = [
        f"{page.name}: {name}"
        for page in PAGES
        for name in MODULE.findall(page.read_text("utf-8"))
        if not _exists(name)
    ]
    assert not missing


def _exists(name: str) -> bool:
    try:
        pkgutil.resolve_name(name if name.startswith("relgraph.") else f"relgraph.{name}")
    except (ImportError, AttributeError):
        return False
    return True


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    asked = [line.split()[1] for line in commands(ROOT / "README.md") if line.startswith("make ")]
    assert asked == ["demo", "test"]
    for target in asked:
        assert re.search(rf"^{target}:", makefile, re.M)


@pytest.mark.parametrize("page", ["README.md", "docs/getting-started.md"])
def test_commands_run(page: str, tmp_path: Path) -> None:
    """Every `relgraph` command of the page, in order, in an empty folder."""
    lines = [line for line in commands(ROOT / page) if "relgraph" in line.split()[0]]
    assert lines
    url = f"local:{tmp_path / 'db'}"

    def run(words: list[str]) -> None:
        done = relgraph(*words, cwd=tmp_path, RELGRAPH_DATABASE_URL=url)
        assert done.returncode == 0, f"relgraph {' '.join(words)}: {done.stderr}"

    with kept_open(url):
        if any(" map " in line for line in lines):
            run(["import", str(ROOT / "seeds" / "demo")])
        for line in lines:
            words = shlex.split(line)[1:]
            if words[0] not in {"serve", "demo"}:  # the tests of the command line run these
                run(words)


def test_requests_of_the_api_page_answer(client: TestClient) -> None:
    lines = [line for line in commands(ROOT / "docs" / "api.md") if line.startswith("curl ")]
    assert len(lines) >= 2
    for line in lines:
        address = shlex.split(line)[-1]
        answer = client.get(address)
        assert answer.status_code == 200, f"{line}: {answer.text}"


def test_every_code_of_an_error_is_documented() -> None:
    text = (ROOT / "docs" / "errors.md").read_text("utf-8")
    codes = {key.removeprefix("error.") for key in words.catalogue() if key.startswith("error.")}
    codes -= {"nothing_here"}  # words for not_found where no id is meant
    codes |= set(
        re.findall(r'^    code = "(\w+)"$', (ROOT / "relgraph/errors.py").read_text(), re.M)
    )
    assert {"request_invalid", "token_needed", "host_not_allowed", "version_conflict"} <= codes
    for code in codes:
        assert f"`{code}`" in text, f"{code} is not in docs/errors.md"


LEAKS = re.compile(r"(?:^|[\s\"'=(])/(?:root|work|Users)/\w|pypi\.org|--(?:extra-)?index-url", re.M)


def test_nothing_of_a_builders_machine_is_left() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    own = Path(__file__).relative_to(ROOT).as_posix()
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if name != own and path.suffix not in {".png"} and path.is_file():
            leak = LEAKS.search(path.read_text("utf-8", errors="replace"))
            assert leak is None, f"{name}: {leak[0] if leak else ''}"
