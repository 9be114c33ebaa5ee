"""Writes activities. What is made or changed is not noted in the change log: they are facts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from relgraph.database import Transaction
from relgraph.errors import ConstraintViolated, DatabaseUnavailable, WriteRefused
from relgraph.records.access import Access
from relgraph.records.problems import Problem, told
from relgraph.records.reads.stored import stored_nodes
from relgraph.records.rows import NOTHING, Records, Row
from relgraph.records.tables.cells import shown
from relgraph.records.writes.plan import Counts, Plan, make_plan
from relgraph.records.writes.references import check_references
from relgraph.records.writes.steps import Overtaken, run_step
from relgraph.schema.activity import activity_id
from relgraph.schema.kinds import ACTIVITY, kind_of
from relgraph.schema.values import is_future, timestamp

AT_ONCE = 2_000
"""Activities that one transaction writes."""
TRIES = 8
"""How often a write starts again after another one has changed what it had read."""


@dataclass(slots=True)
class Stored:
    """What was written, or with `dry_run` would be."""

    counts: Counts = field(default_factory=Counts)
    warnings: list[Problem] = field(default_factory=list)


def with_id(values: dict[str, Any]) -> dict[str, Any]:
    """The row with an id: its own, one that follows from its external id, or a new one."""
    if values.get("id"):
        return values
    external = values.get("external_id")
    if external is None:
        return values | {"id": f"activity-{uuid.uuid4().hex}"}
    source = values.get("source") or ""
    ends = values["member_id"], values["stakeholder_id"]
    return values | {"id": activity_id(source, external, *ends)}


def put_activities(
    access: Access,
    rows: list[dict[str, Any]],
    *,
    dry_run: bool = False,
    keep_answers: bool = False,
) -> Stored:
    """Make or change activities, each with its id, all of them or none.

    An absent member keeps what is stored, None clears it. With `keep_answers` what is stored as
    answered stays so: a mailbox without the reply knows less, not better. Raises WriteRefused
    with the place of each problem: the number of the row and the member.
    """
    problems = [
        _future("activities", number, row["happened_at"])
        for number, row in enumerate(rows)
        if row.get("happened_at") and is_future(row["happened_at"], access.now)
    ]
    if problems:
        raise WriteRefused(problems)
    stamp = timestamp(access.now)

    def work(tx: Transaction) -> Stored:
        records = Records()
        records.files[ACTIVITY.plural] = ACTIVITY.plural
        records.tables[ACTIVITY.plural] = {
            (row["id"],): Row(number, dict(row)) for number, row in enumerate(rows)
        }
        found = check_references(records, tx)
        if found.problems:
            raise WriteRefused(sorted(found.problems))
        if keep_answers:
            _keep_answers(records, tx)
        plan: Plan = make_plan(records, tx, today=stamp[:10])
        if not dry_run:
            for step in plan.steps:
                run_step(tx, step, stamp)
        return Stored(plan.counts.get(ACTIVITY.plural, Counts()), found.warnings)

    for turn in range(TRIES):
        try:
            return (access.read if dry_run else access.write)(work)
        except (Overtaken, ConstraintViolated) as error:
            if turn == TRIES - 1:
                raise DatabaseUnavailable(
                    "Others keep changing the same records.", remedy="Try again.", retry_after=1
                ) from error
    raise AssertionError("unreachable")


def refuse_future(records: Records, now: datetime) -> None:
    """Move activities that have not happened yet from an import's rows to its problems."""
    rows = records.tables.get(ACTIVITY.plural, {})
    for key, row in list(rows.items()):
        when = row.values.get("happened_at")
        if when and is_future(when, now):
            records.problems.append(_future(records.files[ACTIVITY.plural], row.line, when))
            del rows[key]


def leave_unnoted(plan: Plan) -> None:
    """Take what an import does to plain facts out of what the change log will say."""
    for step in plan.steps:
        step.entries = [one for one in step.entries if not kind_of(one.table).is_fact]


def stored_rows(access: Access, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Those of these activities that are there, as rows of the import format."""
    found = access.read(lambda tx: stored_nodes(ACTIVITY, ids, tx))
    return {id_: node.row(ACTIVITY) for id_, node in found.items()}


def _future(file: str, line: int, when: str) -> Problem:
    return told(file, line, "happened_at", shown(when), "future")


def _keep_answers(records: Records, tx: Transaction) -> None:
    rows = records.tables[ACTIVITY.plural]
    stored = stored_nodes(ACTIVITY, (key[0] for key in rows), tx)
    for key, row in rows.items():
        # It is read again when it is compared, and may be another by then.
        row.seen = stored[key[0]].version if key[0] in stored else NOTHING
    for id_, node in stored.items():
        values = rows[id_,].values
        answered = values.get("answered")
        if answered is None or (answered is False and node.props.get("answered")):
            values.pop("answered", None)
