"""The sample customers, for commands that read them and leave them as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.commands import relgraph
from tests.support.databases import kept_open
from tests.support.service import SEEDS


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a local database with the sample customers; who changes it takes that back."""
    url = f"local:{tmp_path_factory.mktemp('cli') / 'db'}"
    with kept_open(url):
        done = relgraph("import", str(SEEDS / "demo"), "--database", url, anew=True)
        assert done.returncode == 0, done.stderr
        yield url
