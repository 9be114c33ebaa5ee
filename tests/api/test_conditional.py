"""How tags are written and read, and how the parts of an answer are handed on."""

from __future__ import annotations

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.exceptions import RequestValidationError
from starlette.types import Message, Receive, Scope, Send

from relgraph.api.conditional import ConditionalReads
from relgraph.api.etags import complete_etag, etag, incomplete_etag, is_named, versions_of


def test_tags_are_read_as_they_are_written() -> None:
    digest = "0f" * 16
    assert complete_etag(etag(3), digest) == '"3"'
    assert complete_etag(incomplete_etag(3), digest) == f'"3-{digest}"'
    assert complete_etag(None, digest) == f'"{digest}"'
    assert versions_of(f'"3-{digest}", W/"4", 5') == {3, 4, 5}
    assert versions_of("*") is None and versions_of(None) is None
    for wrong in (f'"{digest}"', '"3-"', '"3-xyz"', f'"-{digest}"', '"3-0f"', ""):
        with pytest.raises(RequestValidationError, match="ETag"):
            versions_of(wrong)
    assert is_named('"3"', '"1","3"') and is_named('"3"', 'W/"3"') and is_named('"3"', " *")
    assert not is_named('"3"', '"33"') and not is_named('"3"', "3") and not is_named('"3"', "")


def answer_of(parts: list[Message], headers: list[tuple[bytes, bytes]]) -> list[Message | str]:
    """What is sent on of an answer in parts, and `part` where the application sends one."""
    events: list[Message | str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for part in parts:
            events.append("part")
            await send(part)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        events.append(message)

    scope = {"type": "http", "method": "GET", "path": "/api/v1/x", "headers": []}
    # A loop in a thread of its own: tests of pages leave one running in this thread.
    with start_blocking_portal() as portal:
        portal.call(ConditionalReads(app), scope, receive, send)
    return events


def test_parts_of_an_answer_are_handed_on_as_they_are() -> None:
    parts: list[Message] = [
        {"type": "http.response.body", "body": body, "more_body": body != b"c"}
        for body in (b"a", b"b", b"c")
    ]
    tagged = answer_of(parts, [])
    [start, *bodies] = [event for event in tagged if not isinstance(event, str)]
    assert all(sent is part for sent, part in zip(bodies, parts, strict=True)), "nothing is copied"
    single_part = answer_of([{"type": "http.response.body", "body": b"abc"}], [])
    assert isinstance(single_part[1], dict) and single_part[1]["headers"] == start["headers"]
    known = answer_of(parts, [(b"etag", b'"3"')])
    assert known[1:3] == ["part", parts[0]], "an answer whose tag is known does not wait"
