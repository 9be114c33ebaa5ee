"""Changes as events, and the deliveries that are made of them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import orjson

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.log.change_log import Entry
from relgraph.records.log.history import change_answer
from relgraph.records.log.visible_entries import visible_entries
from relgraph.records.webhooks.queue import PASSED_OVER, hold_queue
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import KINDS, kind_of
from relgraph.schema.values import Values

NOTES_AT_ONCE = 5
"""Notes whose events one transaction makes: some thousand deliveries at most for a webhook."""
UNWANTED_AT_ONCE = 1_000
_ACTIONS = {"create": "created", "update": "updated", "delete": "deleted"}

_NAMES = {kind.plural: kind.name for kind in KINDS}
EVENT_KINDS = tuple(f"{name}.{action}" for name in _NAMES.values() for action in _ACTIONS.values())
"""All kinds of events."""
PATTERNS = ("*", *(f"{name}.*" for name in _NAMES.values()), *EVENT_KINDS)
"""What a webhook may ask for."""


def kind_of_event(entry: Entry) -> str:
    """Such as `stakeholder.updated`."""
    return f"{_NAMES[entry.table]}.{_ACTIONS[entry.action]}"


def is_wanted(webhook: Values, kind: str, customer_id: str | None) -> bool:
    """Whether a webhook asks for this."""
    patterns = {"*", kind, kind.split(".")[0] + ".*"}
    return bool(patterns & set(webhook["kinds"])) and webhook.get("customer_id") in {
        None,
        customer_id,
    }


def make_deliveries(access: Access) -> int:
    """Make deliveries of the oldest queued changes; how many notes were processed.

    A note leaves the queue in the transaction that makes its deliveries, so that each
    change becomes one delivery for each webhook, whatever is killed in between. The webhooks are
    read there, too, while the queue is held: one that is made before a write is committed gets
    all of it.
    """
    if not access.read(lambda tx: queries.value(tx, "any_queued")):
        return 0

    def work(tx: Transaction) -> int:
        hold_queue(tx)
        webhooks = [row["webhook"] for row in queries.rows(tx, "list_webhooks")]
        active = [webhook for webhook in webhooks if webhook["active"]]
        if not active:
            return int(queries.run(tx, "pass_over_changes", limit=UNWANTED_AT_ONCE))
        rows = queries.rows(tx, "queued_changes", limit=NOTES_AT_ONCE)
        notes = [row["change"] for row in rows]
        made = [
            delivery_row
            for webhook in active
            for delivery_row in _deliveries(_for(tx, webhook, access), notes, webhook)
        ]
        for batch in batches(made, 1_000):
            queries.run(tx, "create_deliveries", rows=batch)
        if notes:
            queries.run(tx, "unqueue_changes", rows=[{"id": note["id"]} for note in notes])
        return len(notes)

    return access.write(work)


def _for(tx: Transaction, webhook: Values, access: Access) -> Transaction:
    """The transaction as who has made the webhook may see it."""
    customers = webhook.get("customers")
    if customers is None:
        return tx
    return tx.restricted_to(frozenset(customers), access.today.isoformat())


def _deliveries(tx: Transaction, notes: list[Values], webhook: Values) -> Iterator[Values]:
    passed = set(webhook.get(PASSED_OVER) or ())
    in_scope = [
        note
        for note in notes
        if note["set_id"] not in passed
        and (tx.visible is None or note["scope"] in tx.visible | {""})
    ]
    for note, number, entry in visible_entries(tx, in_scope):
        if entry.table not in _NAMES:
            continue  # a fact that went with a person
        kind = kind_of_event(entry)
        if not is_wanted(webhook, kind, note["scope"] or None):
            continue
        event_id = f"{note['set_id']}-{number}"
        event = {
            "type": kind,
            "timestamp": note["at"],
            "data": {**change_answer(note, number, entry), "path": _path(entry)},
        }
        yield delivery(
            webhook["id"],
            event_id,
            event,
            subject=f"{entry.table}/{'/'.join(entry.key)}",
            version=entry.version,
            place=f"{note['at']}/{number:010d}",
        )


def delivery(
    webhook_id: str, event_id: str, event: Values, *, subject: str, version: int, place: str
) -> Values:
    """A row for the query `create_deliveries`."""
    return {
        "id": f"{webhook_id}/{event_id}",
        "props": {
            "webhook_id": webhook_id,
            "event_id": event_id,
            "kind": event["type"],
            "body": orjson.dumps(event).decode(),
            "subject": subject,
            "order": version,
            "place": f"{webhook_id}\t{place}",
            "waiting": webhook_id,
            "state": "waiting",
            "attempts": "[]",
            "due": "",
            "at": event["timestamp"],
        },
    }


def _path(entry: Entry) -> str | None:
    """The path of the node in the API.

    None for activities, which it counts, and for edges, whose ends stand in the key.
    """
    kind = kind_of(entry.table)
    if not isinstance(kind, NodeKind) or not kind.is_named:
        return None
    return f"/api/v1/{kind.plural}/{quote(entry.key[0], safe='')}"
