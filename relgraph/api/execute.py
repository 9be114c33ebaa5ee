"""Carries the writes of one request out and answers with what is there afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

import orjson
from fastapi import Depends, Header, Query, Request
from fastapi.responses import Response

from relgraph.api.addresses import encoded_path
from relgraph.api.calls import Call
from relgraph.api.context import Asking
from relgraph.api.etags import etag
from relgraph.api.security import BOOKMARK
from relgraph.database import Transaction
from relgraph.errors import NotFound, VersionConflict, WriteRefused
from relgraph.records.access import Access
from relgraph.records.log.change_log import begin_change
from relgraph.records.problems import Problem
from relgraph.records.reads.states import states
from relgraph.records.writes.idempotency import (
    Answer,
    Idempotency,
    find_answer,
    idempotency,
    keep_answer,
)
from relgraph.records.writes.names import Names, TheirId
from relgraph.records.writes.writer import Writer, write
from relgraph.schema.values import Values

NoteQuery = Annotated[str | None, Query(max_length=1000, description="why, for the change log")]
KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="a repeat with the same key gets the first answer again",
    ),
]


@dataclass(frozen=True, slots=True)
class Context:
    """What a write needs of its request."""

    access: Access
    path: str
    note: str | None
    key: Idempotency | None


async def context(
    request: Request, access: Asking, note: NoteQuery = None, key: KeyHeader = None
) -> Context:
    """The request's context; the body, too, distinguishes a repeat from another request."""
    path = encoded_path(request) + ("?" + request.url.query if request.url.query else "")
    body = await request.body()
    known = idempotency(key, access.viewer, request.method, path, body) if key else None
    return Context(access, encoded_path(request), note, known)


Write = Annotated[Context, Depends(context)]


@dataclass(frozen=True, slots=True)
class Pending:
    """A write that what is stored decides; `their_ids` are external ids that it will ask for."""

    make: Callable[[Names], Requested]
    their_ids: tuple[TheirId, ...] = ()

    def call(self, names: Names) -> Call:
        """The write itself."""
        return call_of(self.make(names), names)


Requested = Call | Pending
"""A write, or what finds in the transaction which one it is."""


def call_of(requested: Requested, names: Names) -> Call:
    """The write that is asked for."""
    return requested if isinstance(requested, Call) else requested.call(names)


def _calls_of(requested: Sequence[Requested], tx: Transaction) -> list[Call]:
    """The writes that are asked for. Raises WriteRefused with what is wrong in any of them."""
    names = Names(tx)
    pending = [each for each in requested if isinstance(each, Pending)]
    names.look_up(their_id for each in pending for their_id in each.their_ids)
    calls: list[Call] = []
    problems: list[Problem] = []
    for each in requested:
        try:
            call = call_of(each, names)
        except WriteRefused as error:
            problems += error.problems
            continue
        names.note(call.operations)
        calls.append(call)
    if problems:
        raise WriteRefused(sorted(problems))
    return calls


def execute(context: Context, requested: Sequence[Requested], *, batch: bool = False) -> Response:
    """All of the calls or none of them; the answer of the only one, or of the batch.

    Raises the errors of `relgraph.records.writes.writer`; a VersionConflict carries the present
    state.
    """
    change = begin_change(context.access, "api", note=context.note)
    repeated = False
    calls: list[Call] = []

    def work(writer: Writer) -> Answer:
        nonlocal repeated
        if context.key is not None:
            kept = find_answer(writer.tx, context.key)
            if kept is not None:
                repeated = True
                return kept
        calls[:] = _calls_of(requested, writer.tx)
        operations = [operation for call in calls for operation in call.operations]
        writer.run(operations)
        left = iter(states(writer.tx, [(c.kind, c.key) for c in calls if not c.removed]))
        present = [None if call.removed else next(left) for call in calls]
        answer = _batch_answer(calls, present) if batch else _answer(calls[0], present[0])
        if context.key is not None:
            keep_answer(writer.tx, context.key, answer, context.access.now)
        return answer

    try:
        answer, written = write(context.access, change, work)
    except VersionConflict as error:
        error.details["current"] = _current(context.access, error, calls)
        raise
    response = Response(answer.body.encode(), answer.status, media_type="application/json")
    if answer.status == 204:
        response = Response(status_code=204)
    if answer.etag is not None:
        response.headers["ETag"] = answer.etag
    if answer.status == 201 and not batch:
        kind, id_ = context.path.split("/")[3], orjson.loads(answer.body)["id"]
        response.headers["Location"] = f"/api/v1/{kind}/{quote(id_, safe='')}"
    response.headers[BOOKMARK] = ",".join(context.access.database.last_bookmarks())
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    if written.change_set is not None and not repeated:
        response.headers["Relgraph-Change"] = written.change_set
    return response


def _answer(call: Call, stored: Values | None) -> Answer:
    if call.removed:
        return Answer(204, "")
    if stored is None:
        raise NotFound(call.kind.words, " → ".join(call.key))
    tag = etag(stored.get("version", 0))
    return Answer(201 if call.created else 200, orjson.dumps(stored).decode(), tag)


def _batch_answer(calls: list[Call], states: list[Values | None]) -> Answer:
    results = [
        {"status": 204 if call.removed else 201 if call.created else 200, "body": stored}
        for call, stored in zip(calls, states, strict=True)
    ]
    return Answer(200, orjson.dumps({"results": results}).decode())


def _current(access: Access, error: VersionConflict, calls: list[Call]) -> Values | None:
    place = error.details.get("place", 0)
    call = calls[place] if place < len(calls) else calls[0]
    [current] = access.read(lambda tx: states(tx, [(call.kind, call.expected_key)]))
    return current
