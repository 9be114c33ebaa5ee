"""Fixtures for all tests, and the rule that nothing is skipped where everything is required."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import neo4j_server
from tests.support.processes import JAVA_FOR_SHORT_RUNS
from tests.support.routes import share_routes

share_routes()
os.environ["RELGRAPH_DATABASE_JAVA_FLAGS"] = JAVA_FOR_SHORT_RUNS

pytest_plugins = [
    "tests.support.databases",
    "tests.support.browser",
    "tests.support.service",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that change constraints come last: with each change Neo4j forgets all its plans."""
    items.sort(key=lambda item: item.get_closest_marker("schema") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    """With RELGRAPH_REQUIRE_ALL=1 a skip is a failure.

    Neo4j 2026 alone may be missing: it needs a newer Java than Debian's stable one.
    """
    report = yield
    required = os.environ.get("RELGRAPH_REQUIRE_ALL") == "1"
    allowed = neo4j_server.NEWEST in str(report.longrepr)
    if required and report.skipped and not hasattr(report, "wasxfail") and not allowed:
        report.outcome = "failed"
        report.longrepr = f"RELGRAPH_REQUIRE_ALL=1, but skipped: {report.longrepr}"
    return report
