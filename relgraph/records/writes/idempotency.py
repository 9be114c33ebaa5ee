"""Answers that are kept, so that a request which comes twice is carried out once.

A kept answer stands in the transaction of the write that it answers: it is there if and only if
the write is, also after a restart and for another process.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import KeyReused, because
from relgraph.records.access import Viewer
from relgraph.schema.values import timestamp

KEPT_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with: status, JSON text, and its ETag if it had one."""

    status: int
    body: str
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Idempotency:
    """An idempotency key, and what distinguishes its request from others."""

    id: str
    fingerprint: str


def idempotency(key: str, viewer: Viewer, method: str, path: str, body: bytes) -> Idempotency:
    """The key of one viewer; the fingerprint is of method, address and body.

    Whoever may see other customers now gets no answer that was given before.
    """
    owner = viewer.name
    if viewer.customers is not None:
        owner += "\0" + "\t".join(sorted(viewer.customers))
    digest = hashlib.sha256(f"{owner}\0{key}".encode()).hexdigest()
    request = hashlib.sha256(f"{method} {path}\0".encode() + body).hexdigest()
    return Idempotency(digest, request)


def find_answer(tx: Transaction, key: Idempotency) -> Answer | None:
    """The kept answer, or None. Raises KeyReused if the key came with another request."""
    row = queries.row(tx, "answer_of_key", id=key.id)
    if row is None:
        return None
    if row["fingerprint"] != key.fingerprint:
        raise KeyReused(because("key_reused"))
    return Answer(int(row["status"]), row["body"], row["etag"])


def keep_answer(tx: Transaction, key: Idempotency, answer: Answer, now: datetime) -> None:
    """Keep an answer for KEPT_FOR, and forget some that were kept for longer."""
    queries.run(tx, "forget_answers", before=timestamp(now - KEPT_FOR))
    queries.run(
        tx,
        "keep_answer",
        id=key.id,
        fingerprint=key.fingerprint,
        status=answer.status,
        body=answer.body,
        etag=answer.etag,
        now=timestamp(now),
    )
