"""Lists of nodes of every named kind."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, create_model

from relgraph.api import cursors
from relgraph.api.answers import ListRoute
from relgraph.api.context import Asking
from relgraph.api.examples import answer, node_example
from relgraph.api.marks import MAX_MARK, RESUME, NextMark, mark_of
from relgraph.api.parameters import wrong_parameter
from relgraph.records.access import Access
from relgraph.records.lists.changes import changed_nodes
from relgraph.records.lists.nodes import Order, Place, SortBy, Theirs, list_nodes
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import NAMED_KINDS
from relgraph.schema.values import MAX_NAME, Values, When, instant
from relgraph.settings import MOST_ROWS

router = APIRouter(prefix="/api/v1", tags=["records"], route_class=ListRoute)

Sort = Literal[
    "id", "-id", "name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"
]
_COMMA = re.compile(r"(?<!\\),")


class ListQuery(BaseModel):
    """The query parameters of every list."""

    total: bool = Field(False, description="adds `total`, how many there are on all pages")
    cursor: str | None = Field(
        None, max_length=cursors.MOST, description="next_cursor of the last page"
    )
    limit: int = Field(50, ge=1, le=MOST_ROWS, description="rows a page")
    updated_since: When | None = Field(
        None, description="only what was written since this day or instant; adds `deleted`"
    )
    resume: str | None = Field(None, max_length=MAX_MARK, description=RESUME)


class Listing(ListQuery):
    """The query parameters of every list of nodes."""

    q: str | None = Field(None, max_length=MAX_NAME, description="part of a name, any case")
    ids: list[str] | None = Field(
        None,
        max_length=MOST_ROWS,
        description="only these, with commas or repeated; a comma in an id is written `\\,`",
    )
    system: str | None = Field(
        None, max_length=MAX_NAME, description="with external_id: another system"
    )
    external_id: list[str] | None = Field(
        None,
        max_length=MOST_ROWS,
        description="only those that `system` calls so; may be repeated",
    )
    sort: Sort = Field("id", description="in this order; with `-` the greatest first")


class Deleted(BaseModel):
    """A node that was removed."""

    id: str
    deleted_at: str
    merged_into: Annotated[
        str | None, Field(description="the person that a merged duplicate is part of now")
    ] = None


class ListAnswer(BaseModel):
    """One page of a list."""

    items: list[Values]
    next_cursor: str | None
    total: Annotated[int | None, Field(description="with total: rows on all pages")] = None
    deleted: Annotated[
        list[Deleted] | None,
        Field(
            description="with updated_since or resume, on the first page: nodes that were removed"
        ),
    ] = None
    resume: NextMark = None


def _listing(kind: NodeKind) -> type[Listing]:
    fields: Values = {
        name: (
            (bool if kind.is_yes_or_no(name) else str) | None,
            Field(
                None, description=f"only this {name}{', in any case' if name == 'email' else ''}"
            ),
        )
        for name in kind.list_filters
    }
    return create_model(f"{kind.model_name}Listing", __base__=Listing, **fields)


def _add_list(kind: NodeKind) -> None:
    listing = _listing(kind)
    many = kind.plural.replace("_", " ")

    def endpoint(access: Asking, query: Annotated[Any, Query()]) -> ListAnswer:
        return _answer(access, kind, query.model_dump())

    endpoint.__annotations__["query"] = Annotated[listing, Query()]
    example = {"items": [node_example(kind)], "next_cursor": None}
    router.add_api_route(
        f"/{kind.plural}",
        endpoint,
        methods=["GET"],
        summary=f"List {many}",
        description=f"{many.capitalize()} in the order of their ids or as `sort` says; pages stay "
        "right while others add rows.",
        operation_id=f"list_{kind.plural}",
        response_model=ListAnswer,
        response_model_exclude_unset=True,
        responses=answer(example, 400, name=f"{kind.model_name}List"),
    )


def _answer(access: Access, kind: NodeKind, query: Values) -> ListAnswer:
    asked = dict(query)
    limit, cursor, sort, total = (asked.pop(n) for n in ("limit", "cursor", "sort", "total"))
    listed = asked | {"sort": sort}  # what makes the list, as the cursor has it
    place, kept = _place(cursor, kind, listed)
    order = Order(cast(SortBy, sort.removeprefix("-")), sort.startswith("-"), place)
    mark = mark_of(
        asked.pop("resume"),
        updated_since=asked["updated_since"],
        sort=None if sort == "id" else sort,
    )
    theirs = _theirs(asked.pop("system"), asked.pop("external_id"))
    since = asked.pop("updated_since")
    asked |= {"ids": _split(asked["ids"]), "theirs": theirs, "limit": limit, "total": total}
    if mark is not None:
        page = changed_nodes(access, kind, mark, order=order, **asked)
    else:
        since = None if since is None else instant(since)
        page = list_nodes(access, kind, order=order, updated_since=since, **asked)
    resume = kept or page.resume
    following = None
    if page.next is not None:
        following = cursors.write_cursor(kind.plural, listed, *page.next, resume)
    answered = ListAnswer(items=page.items, next_cursor=following)
    # Members that nobody asked for are left out of the answer.
    if resume is not None:
        answered.resume = resume
    if page.deleted is not None:
        answered.deleted = [Deleted(**node) for node in page.deleted]
    if page.total is not None:
        answered.total = page.total
    return answered


def _place(cursor: str | None, kind: NodeKind, listed: Values) -> tuple[Place | None, str | None]:
    """Where a page begins, and the mark that its first page gave."""
    if cursor is None:
        return None, None
    value, id_, resume = cursors.read_cursor(cursor, kind.plural, listed, 3)
    return Place(value, id_), resume


def _split(ids: list[str] | None) -> list[str] | None:
    """Ids that stand together with commas; a comma of an id has a backslash before it."""
    if ids is None:
        return None
    split = [part.replace("\\,", ",") for text in ids for part in _COMMA.split(text) if part]
    if len(split) > MOST_ROWS:
        raise wrong_parameter("ids", f"holds more than {MOST_ROWS} ids: ask in parts", len(split))
    return split


def _theirs(system: str | None, ids: list[str] | None) -> Theirs | None:
    """Ids of another system; both parameters or none."""
    if (system is None) != (ids is None):
        lacking = "system" if system is None else "external_id"
        raise wrong_parameter(lacking, "system and external_id go together: add it", None)
    return None if system is None or ids is None else Theirs(system, ids)


for _kind in NAMED_KINDS:
    _add_list(_kind)
