"""The change log: what was changed, by whom, when and why; and taking it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from relgraph.api import cursors
from relgraph.api.answers import ListRoute
from relgraph.api.context import Asking
from relgraph.api.examples import CHANGE_EXAMPLE, answer, written
from relgraph.api.execute import Write
from relgraph.api.lists import ListAnswer
from relgraph.api.marks import MAX_MARK, mark_of
from relgraph.api.parameters import wrong_parameter
from relgraph.records.log.change_log import begin_change
from relgraph.records.log.commit_order import Mark
from relgraph.records.log.history import Subject, changes, changes_from
from relgraph.records.writes.undo import undo
from relgraph.records.writes.writer import write
from relgraph.schema.kind import NULL_SCOPE, NodeKind
from relgraph.schema.kinds import KINDS, kind_of
from relgraph.schema.values import MAX_ID, Values, When, instant
from relgraph.settings import MOST_ROWS

router = APIRouter(prefix="/api/v1", tags=["history"], route_class=ListRoute)

KindQuery = Annotated[
    str | None,
    Query(
        pattern=f"^({'|'.join(kind.plural for kind in KINDS)})$",
        description="with key: of one node or edge",
    ),
]
IdQuery = Annotated[str | None, Query(max_length=MAX_ID)]
SetPart = Annotated[str, Path(max_length=MAX_ID, description="change_set of a change")]


@router.get(
    "/changes",
    summary="The change log",
    operation_id="list_changes",
    response_model_exclude_unset=True,
    responses=answer({"items": [CHANGE_EXAMPLE], "next_cursor": None}, 400),
)
def list_changes(
    access: Asking,
    customer_id: Annotated[
        str | None, Query(max_length=MAX_ID, description="only at this customer")
    ] = None,
    kind: KindQuery = None,
    key: Annotated[
        list[str] | None,
        Query(
            max_length=3,
            description="id of the node; or both ends of the edge, and its kind, "
            "role or deal: repeat the parameter",
        ),
    ] = None,
    change_set: Annotated[
        str | None, Query(max_length=MAX_ID, description="only of this write")
    ] = None,
    since: Annotated[
        When | None, Query(description="from this day or instant on, such as 2026-11-12T08:30:00Z")
    ] = None,
    resume: Annotated[
        str | None,
        Query(
            max_length=MAX_MARK,
            description="in the order of commits, after this mark, and none is missed: `resume` "
            "of the last answer, or `start`",
        ),
    ] = None,
    cursor: cursors.CursorQuery = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
) -> ListAnswer:
    """Changes in the order in which they began: who, when, what, before and after, why.

    With `resume` they come in the order in which they were committed, and each answer says from
    where to go on: whoever asks again and again so misses none, however slow a write is.

    A node's changes are those of its edges, too. Walking back from the present state over
    `before` gives the state at any time.
    """
    listed = {
        "customer_id": customer_id,
        "kind": kind,
        "key": key,
        "change_set": change_set,
        "since": since,
        "resume": resume,
    }
    after = None if cursor is None else cursors.read_cursor(cursor, "changes", listed, 1)[0]
    subject = None
    if (kind is None) != (key is None):
        raise wrong_parameter("kind" if kind is None else "key", "kind and key go together", None)
    if kind is not None and key is not None:
        subject_kind = kind_of(kind)
        parts = 1 if isinstance(subject_kind, NodeKind) else len(subject_kind.key_names)
        if len(key) == parts - 1 and NULL_SCOPE in getattr(subject_kind, "stored_key", ()):
            key = [*key, ""]
        if len(key) != parts:
            raise wrong_parameter("key", f"a key of {kind} has {parts} parts", key)
        subject = Subject(subject_kind, tuple(key))
    mark = mark_of(resume, since=since, change_set=change_set)
    if mark is not None:
        if after is not None:
            mark = Mark.read(after)
        resumed = changes_from(access, mark, customer_id=customer_id, subject=subject, limit=limit)
        return ListAnswer(
            items=[dict(change) for change in resumed.items],
            next_cursor=cursors.next_cursor("changes", listed, resumed.next_cursor),
            resume=resumed.resume,
        )
    page = changes(
        access,
        customer_id=customer_id,
        subject=subject,
        change_set=change_set,
        since=None if since is None else instant(since),
        after=after,
        limit=limit,
    )
    return ListAnswer(
        items=[dict(change) for change in page.items],
        next_cursor=cursors.next_cursor("changes", listed, page.next_cursor),
    )


@router.post(
    "/changes/{change_set}/undo",
    summary="Undo a change",
    operation_id="undo_change",
    responses=written({"change_set": "change-0a1b2c3d4e5f6071"}, 200, 404, 409),
)
def undo_change(
    context: Write,
    change_set: SetPart,
    entry: Annotated[
        int | None, Query(ge=0, description="only this one of its changes (after # in its id)")
    ] = None,
) -> Values:
    """One write, batch or import as a whole, or one of its changes.

    409 with `reasons` if something of it has been changed, removed or built upon since.
    """
    undone = change_set if entry is None else None
    change = begin_change(context.access, "undo", note=context.note, undoes=undone)
    _, done = write(context.access, change, lambda writer: undo(writer, change_set, entry))
    return {"change_set": done.change_set}
