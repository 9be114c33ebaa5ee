"""Webhooks as they are kept: address, kinds of changes, secret."""

from __future__ import annotations

import base64
import secrets
import uuid
from datetime import timedelta

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import NotFound, VersionConflict
from relgraph.records.access import Access
from relgraph.records.webhooks.queue import PASSED_OVER, begin_listening
from relgraph.schema.kinds import CUSTOMER
from relgraph.schema.values import Values, timestamp
from relgraph.words import named

OLD_SECRET_FOR = timedelta(days=1)
"""How long what is sent is signed with the former secret as well."""
_SECRET_BYTES = 24
_HIDDEN = frozenset({"secret", "former_secret", "former_until", "locked", "customers", PASSED_OVER})


def new_secret() -> str:
    """A secret as the Standard Webhooks specification writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def without_secrets(row: Values) -> Values:
    """A webhook as everybody may see it, without its secrets."""
    return {name: value for name, value in row.items() if name not in _HIDDEN}


def create(access: Access, values: Values) -> Values:
    """A new webhook with its secret, which is not given out again.

    It gets no more than its creator may see: `customers` names them. Raises NotFound for a
    customer that may not be seen.
    """
    _refuse_unseen(access, values)
    restricted = access.viewer.customers
    row = {
        "id": f"webhook-{uuid.uuid4().hex[:16]}",
        "secret": values.get("secret") or new_secret(),
        "url": values["url"],
        "kinds": values["kinds"],
        "customer_id": values.get("customer_id"),
        "description": values.get("description"),
        "active": values.get("active", True),
        "customers": None if restricted is None else sorted(restricted),
        "created_at": timestamp(access.now),
        "updated_at": timestamp(access.now),
        "version": 1,
    }
    props = {name: value for name, value in row.items() if value is not None}

    def work(tx: Transaction) -> None:
        passed = begin_listening(tx)
        queries.run(tx, "create_webhook", id=row["id"], props=props | {PASSED_OVER: passed})

    access.write(work)
    del row["customers"]
    return row


def _refuse_unseen(access: Access, values: Values) -> None:
    customer, seen = values.get("customer_id"), access.viewer.customers
    if customer is not None and seen is not None and customer not in seen:
        raise NotFound(CUSTOMER.words, customer)


def find(tx: Transaction, id_: str) -> Values:
    """One webhook with its secret. Raises NotFound."""
    row = queries.row(tx, "get_webhook", id=id_)
    if row is None:
        raise NotFound("webhook", id_)
    return {"customer_id": None, "description": None, "failing_since": None, **row["webhook"]}


def get(access: Access, id_: str) -> Values:
    """One webhook without its secret. Raises NotFound."""
    return without_secrets(access.read(lambda tx: find(tx, id_)))


def listed(access: Access) -> list[Values]:
    """All webhooks by id, without their secrets."""
    rows = access.read(lambda tx: queries.rows(tx, "list_webhooks"))
    blank = {"customer_id": None, "description": None, "failing_since": None}
    return [without_secrets(blank | row["webhook"]) for row in rows]


def change(access: Access, id_: str, values: Values, versions: frozenset[int] | None) -> Values:
    """Change some members; null clears. Raises NotFound and VersionConflict."""
    _refuse_unseen(access, values)

    def work(tx: Transaction) -> Values:
        before = find(tx, id_)
        if versions is not None and before["version"] not in versions:
            error = VersionConflict(named("webhook", id_), 0)
            error.details["current"] = without_secrets(before)
            raise error
        props = {**values, "updated_at": timestamp(access.now), "version": before["version"] + 1}
        if values.get("active") and not before["active"]:
            props[PASSED_OVER] = begin_listening(tx)
        queries.run(tx, "change_webhook", id=id_, props=props)
        return without_secrets(find(tx, id_))

    return access.write(work)


def rotate(access: Access, id_: str) -> Values:
    """A new secret; the former one is valid for OLD_SECRET_FOR. Raises NotFound."""

    def work(tx: Transaction) -> Values:
        before = find(tx, id_)
        props = {
            "secret": new_secret(),
            "former_secret": before["secret"],
            "former_until": timestamp(access.now + OLD_SECRET_FOR),
            "updated_at": timestamp(access.now),
            "version": before["version"] + 1,
        }
        queries.run(tx, "change_webhook", id=id_, props=props)
        return without_secrets(find(tx, id_)) | {"secret": props["secret"]}

    return access.write(work)


def remove(access: Access, id_: str) -> None:
    """Remove a webhook and all its deliveries. Raises NotFound."""

    def work(tx: Transaction) -> None:
        find(tx, id_)
        queries.run(tx, "delete_webhook", id=id_)

    access.write(work)
    while access.write(lambda tx: queries.run(tx, "delete_deliveries", webhook=id_)):
        continue
