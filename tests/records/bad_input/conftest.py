"""The database that broken records are refused by."""

from __future__ import annotations

import pytest

from relgraph.database import Database
from tests.records.bad_input.refusals import Stored, with_records
from tests.support.databases import empty


@pytest.fixture(scope="module")
def stored(local_server: Database, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Filled once for all the tests that must not change it."""
    return with_records(empty(local_server), tmp_path_factory.mktemp("records"))
