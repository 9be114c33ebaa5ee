"""A client that a public generator makes of /openapi.json, used by a program of its own."""

from __future__ import annotations

import os
import re
from pathlib import Path

import httpx2
import pytest

from relgraph.database import Database
from tests.support import client_generator
from tests.support.service import app_of, serving

USE = Path(__file__).with_name("use.py")
DOCS = Path(__file__).parents[2] / "docs"

pytestmark = pytest.mark.skipif(
    bool(client_generator.missing()) and not os.environ.get("RELGRAPH_REQUIRE_ALL"),
    reason=client_generator.missing() or "",
)


@pytest.mark.timeout(240)
def test_a_generated_client_works(local_db: Database, tmp_path: Path) -> None:
    with serving(app_of(local_db)) as address:
        document = httpx2.get(f"{address}/openapi.json").json()
        (tmp_path / "config.yaml").write_text("post_hooks: []\n")
        made = client_generator.run(
            "openapi-python-client", "generate", "--url", f"{address}/openapi.json",
            "--meta", "none", "--output-path", str(tmp_path / "relgraph_client"),
            "--config", str(tmp_path / "config.yaml"),
        )  # fmt: skip
        assert made.returncode == 0 and "WARNING" not in made.stdout + made.stderr, made.stdout
        operations = {operation["operationId"] for path in document["paths"].values()
                      for operation in path.values()}  # fmt: skip
        modules = {path.stem for path in (tmp_path / "relgraph_client" / "api").glob("*/*.py")}
        assert operations <= modules, "every operation has its function"
        done = client_generator.run("python", str(USE), str(tmp_path), address)
        assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_the_example_of_the_documentation_works(site: str, tmp_path: Path) -> None:
    text = (DOCS / "api.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert "http://127.0.0.1:8000" in code
    program = tmp_path / "example.py"
    program.write_text(code.replace("http://127.0.0.1:8000", site), "utf-8")
    done = client_generator.run("python", str(program))
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"(\S.* → .*: \d\.\d+\n)+", done.stdout), done.stdout
