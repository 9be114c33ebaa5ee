"""Requests made up from the description of the API, on both databases.

No server error, no answer that is not described. `make fuzz` runs it for long.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from relgraph.api.app import create_app
from relgraph.database import Database
from relgraph.records.imports.load import import_records
from relgraph.settings import load_settings
from tests.support.access import access_to
from tests.support.service import NOW, SEEDS

EXAMPLES = int(os.environ.get("RELGRAPH_FUZZ", "1"))
"""Requests of each form, right and wrong, for each operation."""

pytestmark = pytest.mark.timeout(60 + 120 * EXAMPLES)


PROFILE = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="RELGRAPH_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)


def test_every_answer_is_described(database: Database) -> None:
    """A request of the right form may still name what is not there: that is no failure."""
    import_records(access_to(database, NOW), SEEDS / "demo")
    app = create_app(load_settings(actor="fuzz", allowed_hosts="testserver"), database=database)
    # The description takes seconds to be made, and a busy machine many.
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, timeout=60)
    failures = []
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 70
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                probe(operation, mode)
            except Unsatisfiable:  # an operation without anything that could be wrong
                assert mode is GenerationMode.NEGATIVE, operation.label
            except Exception as error:
                failures.append(f"{operation.label} ({mode.value}): {error}")
    assert not failures, "\n\n".join(failures)


def probe(operation: Any, mode: GenerationMode) -> None:
    """Send made-up requests of one operation, right or wrong in their form."""

    @PROFILE
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        case.headers = {**(case.headers or {}), "Host": "testserver"}
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    send()
