"""The log of deliveries: what is to be sent, what came of each attempt."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.access import Access
from relgraph.records.webhooks import store
from relgraph.schema.values import Values, timestamp

DELAYS_S = (5, 30, 120, 600, 1_800, 7_200, 21_600, 43_200, 86_400)
"""How long to wait after each failed attempt; after one more a delivery is given up."""
KEPT_FOR = timedelta(days=14)
LOOKED_AT = 2_000
"""Waiting deliveries of one webhook among which the next ones are looked for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt. `status` is null if there was no answer."""

    status: int | None
    error: str | None
    answer: str
    milliseconds: int

    @property
    def is_accepted(self) -> bool:
        """Whether the other side has it."""
        return self.status is not None and 200 <= self.status < 300


def add(access: Access, row: Values) -> Values:
    """Something to be sent that is no change."""

    def work(tx: Transaction) -> Values:
        queries.run(tx, "create_deliveries", rows=[row])
        return _delivery_item(row["props"])

    return access.write(work)


def next_due(tx: Transaction, webhook_id: str, *, now: datetime) -> list[Values]:
    """The first waiting delivery of each node and edge, if its time has come."""
    first: dict[str, Values] = {}
    rows = queries.rows(tx, "waiting_deliveries", webhook=webhook_id, limit=LOOKED_AT)
    for row in sorted((row["delivery"] for row in rows), key=lambda d: (d["order"], d["place"])):
        first.setdefault(row["subject"], row)
    stamp = timestamp(now)
    due = [row for row in first.values() if row["due"] <= stamp]
    return sorted(due, key=lambda row: str(row["place"]))


def record(access: Access, delivery: Values, outcome: Outcome) -> None:
    """Note an attempt, and when the next one is due; after the last one it is given up."""
    attempts = orjson.loads(delivery["attempts"])
    attempts.append(
        {
            "at": timestamp(access.now),
            "status": outcome.status,
            "error": outcome.error,
            "answer": outcome.answer,
            "milliseconds": outcome.milliseconds,
        }
    )
    props: Values = {"attempts": orjson.dumps(attempts).decode()}
    failures = len(attempts) - int(delivery.get("forgiven") or 0)
    if outcome.is_accepted:
        props |= {"state": "delivered", "waiting": None, "finished_at": timestamp(access.now)}
    elif failures > len(DELAYS_S):
        props |= {"state": "given_up", "waiting": None, "finished_at": timestamp(access.now)}
    else:
        wait = DELAYS_S[failures - 1] * random.uniform(0.9, 1.1)  # noqa: S311  # spreads retries
        props["due"] = timestamp(access.now + timedelta(seconds=wait))
    webhook: Values = {}
    if outcome.is_accepted:
        webhook["failing_since"] = None
    elif outcome.status == 410:  # the other side wants no more
        webhook["active"] = False

    def work(tx: Transaction) -> None:
        queries.run(tx, "change_delivery", id=delivery["id"], props=props)
        if webhook:
            queries.run(tx, "change_webhook", id=delivery["webhook_id"], props=webhook)
        if not outcome.is_accepted:
            queries.run(tx, "note_failing", id=delivery["webhook_id"], now=timestamp(access.now))

    access.write(work)


def page(
    access: Access, webhook_id: str, *, state: str | None, after: str | None, limit: int
) -> tuple[list[Values], str | None]:
    """Deliveries of a webhook after a place, the newest first, and the place of the last one.

    That is null on the last page. Raises NotFound.
    """

    def work(tx: Transaction) -> list[Values]:
        store.find(tx, webhook_id)
        before = f"{webhook_id}\t{after or '~'}"
        return queries.rows(
            tx,
            "deliveries_before",
            before=before,
            after=f"{webhook_id}\t",
            state=state,
            limit=limit + 1,
        )

    rows = [row["delivery"] for row in access.read(work)]
    more = len(rows) > limit
    last = rows[limit - 1]["place"].partition("\t")[2] if more else None
    return [_delivery_item(row) for row in rows[:limit]], last


def _delivery_item(row: Values) -> Values:
    return {
        "event_id": row["event_id"],
        "kind": row["kind"],
        "subject": row["subject"],
        "state": row["state"],
        "at": row["at"],
        "next_attempt_at": row["due"] or None if row["state"] == "waiting" else None,
        "attempts": orjson.loads(row["attempts"]),
        "event": orjson.loads(row["body"]),
    }


def retry(access: Access, webhook_id: str, event_id: str) -> Values:
    """Send once more, whatever came of it before; all attempts are free again. Raises NotFound."""

    def work(tx: Transaction) -> Values:
        store.find(tx, webhook_id)
        id_ = f"{webhook_id}/{event_id}"
        row = queries.row(tx, "get_delivery", id=id_)
        if row is None:
            raise NotFound("delivery", event_id)
        done = len(orjson.loads(row["delivery"]["attempts"]))
        again = {
            "state": "waiting",
            "waiting": webhook_id,
            "due": "",
            "forgiven": done,
            "finished_at": None,
        }
        queries.run(tx, "change_delivery", id=id_, props=again)
        updated = queries.row(tx, "get_delivery", id=id_)
        return _delivery_item(updated["delivery"]) if updated else {}

    return access.write(work)


def forget_old(access: Access) -> None:
    """Forget deliveries that were finished longer than KEPT_FOR ago."""
    before = timestamp(access.now - KEPT_FOR)
    while access.write(lambda tx: queries.run(tx, "forget_deliveries", before=before)):
        continue
