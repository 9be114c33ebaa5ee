"""Writes activities, each list of them as one write or as a part of one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from relgraph.database import Transaction
from relgraph.errors import WriteRefused
from relgraph.records.access import Access
from relgraph.records.log.change_log import ChangeSet
from relgraph.records.long_tables import slices
from relgraph.records.problems import Problem, coded_problem
from relgraph.records.reads.stored import stored_nodes
from relgraph.records.rows import NOTHING, Records, Row
from relgraph.records.tables.cells import excerpt
from relgraph.records.writes.plan import Counts, make_plan
from relgraph.records.writes.references import check_references
from relgraph.records.writes.writer import Writer, write
from relgraph.schema.activity import activity_id
from relgraph.schema.kinds import ACTIVITY
from relgraph.schema.values import Values, is_future
from relgraph.schema.vocabulary import Direction

MAIL, CALENDAR = "mail", "calendar"
"""The `source` of what is read from letters and from calendars."""
_BOTH = frozenset({"direction", "answered"})
AT_ONCE = 2_000
"""Activities that one transaction writes."""


@dataclass(slots=True)
class WrittenActivities:
    """What was written, or with `dry_run` would be."""

    counts: Counts = field(default_factory=Counts)
    warnings: list[Problem] = field(default_factory=list)
    change_set: str | None = None
    """What the change log calls it; null if nothing was written."""


def with_id(values: Values) -> Values:
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
    rows: list[Values],
    change: ChangeSet,
    *,
    first: int = 0,
    dry_run: bool = False,
    keep_answers: bool = False,
) -> WrittenActivities:
    """Make or change activities, each with its id, all of them or none, as part of a change.

    An absent member keeps what is stored, None clears it. `first` is the number of their first
    entry in the log, where the change has several such lists. With `keep_answers` what is stored
    as answered stays so: a mailbox without the reply knows less, not better. Raises WriteRefused
    with the place of each problem: the number of the row and the member.
    """
    problems = [
        _future("activities", number, row["happened_at"])
        for number, row in enumerate(rows)
        if row.get("happened_at") and is_future(row["happened_at"], access.now)
    ]
    if problems:
        raise WriteRefused(problems)

    def checked(tx: Transaction) -> tuple[Records, list[Problem]]:
        records = Records()
        records.files[ACTIVITY.plural] = ACTIVITY.plural
        records.tables[ACTIVITY.plural] = {
            (row["id"],): Row(number, dict(row)) for number, row in enumerate(rows)
        }
        check = check_references(records, tx)
        if check.problems:
            raise WriteRefused(sorted(check.problems))
        if keep_answers:
            _keep_answers(records, tx)
        if contradictions := contradictory(records, tx):
            raise WriteRefused(contradictions)
        return records, check.warnings

    def compare(tx: Transaction) -> WrittenActivities:
        records, warnings = checked(tx)
        plan = make_plan(records, tx, today=change.at[:10])
        return WrittenActivities(plan.counts.get(ACTIVITY.plural, Counts()), warnings)

    def put(writer: Writer) -> WrittenActivities:
        records, warnings = checked(writer.tx)
        plan = writer.write_rows(records)
        return WrittenActivities(plan.counts.get(ACTIVITY.plural, Counts()), warnings)

    if dry_run:
        return access.read(compare)
    result, written = write(access, change, put, first=first)
    result.change_set = written.change_set
    return result


def refuse_future(records: Records, now: datetime) -> None:
    """Move activities that have not happened yet from an import's rows to its problems."""
    rows = records.tables.get(ACTIVITY.plural, {})
    gone = []
    for key, row in rows.items():
        when = row.values.get("happened_at")
        if when and is_future(when, now):
            records.problems.append(_future(records.files[ACTIVITY.plural], row.line, when))
            gone.append(key)
    for key in gone:
        del rows[key]


def settle_older_calendars(records: Records) -> None:
    """Read what an older relgraph wrote of invitations without an answer, with a warning.

    It called them mutual, whoever invited; so their direction is unknown.
    """
    table = records.tables.get(ACTIVITY.plural, {})
    first, count = None, 0
    for key, row in table.items():
        if _settle(row):
            table[key] = row
            first, count = first or row, count + 1
    for row in records.rejected.get(ACTIVITY.plural, []):
        if _settle(row):
            first, count = first or row, count + 1
    if first is not None:
        file = records.file_of(ACTIVITY.plural, first)
        records.warnings.append(
            coded_problem(
                file, first.line, "direction", Direction.MUTUAL.value, "older_calendar",
                count=str(count),
            )
        )  # fmt: skip


def _settle(row: Row) -> bool:
    """Whether a row is of such an invitation; then its direction is unknown from here on."""
    is_older = row.values.get("source") == CALENDAR and _is_wrong(row.values)
    if is_older:
        row.values["direction"] = None
    return is_older


def contradictory(records: Records, tx: Transaction) -> list[Problem]:
    """Activities that would be mutual and not answered, by their row and what is stored.

    A row that says neither is left alone, whatever is stored.
    """
    rows = records.tables.get(ACTIVITY.plural, {})
    problems: list[Problem] = []
    for part in slices(rows):
        in_part = [key[0] for key, row in part.items() if len(_BOTH & row.values.keys()) == 1]
        stored = stored_nodes(ACTIVITY, in_part, tx)
        for (id_,), row in part.items():
            named = _BOTH & row.values.keys()
            before = stored[id_].props if id_ in stored else {}
            if named and _is_wrong(before | row.values):
                column = "answered" if "answered" in named else "direction"
                problems.append(
                    coded_problem(
                        records.file_of(ACTIVITY.plural, row), row.line, column,
                        str(row.values[column]).lower(), "mutual_unanswered",
                    )
                )  # fmt: skip
    return problems


def _is_wrong(values: Values) -> bool:
    return values.get("direction") == Direction.MUTUAL and values.get("answered") is False


def stored_rows(access: Access, ids: list[str]) -> dict[str, Values]:
    """Those of these activities that are there, as rows of the import format."""
    nodes = access.read(lambda tx: stored_nodes(ACTIVITY, ids, tx))
    return {id_: node.row(ACTIVITY) for id_, node in nodes.items()}


def _future(file: str, line: int, when: str) -> Problem:
    return coded_problem(file, line, "happened_at", excerpt(when), "future")


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
            if node.props.get("answered") is not None:  # the direction goes with it
                values.pop("direction", None)
