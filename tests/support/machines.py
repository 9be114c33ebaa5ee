"""Runs a stateful model of Hypothesis on the service and its database."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from relgraph.database import Database
from tests.support.service import Ticking, api_of


def run_machine(model: type[RuleBasedStateMachine], database: Database, examples: int) -> None:
    """Run `examples` of a model, which gets `api`, `db` and the service's `clock`."""
    clock = Ticking()
    with api_of(database, clock=clock) as api:
        members = {"api": api, "db": database, "clock": staticmethod(clock)}
        run_state_machine_as_test(
            type("OnThisDatabase", (model,), members),
            settings=settings(
                max_examples=examples,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
