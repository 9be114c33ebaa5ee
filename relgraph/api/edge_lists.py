"""Lists of all edges of a kind, of a customer, or of a deal."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, create_model

from relgraph.api import cursors
from relgraph.api.answers import ListRoute
from relgraph.api.context import Asking
from relgraph.api.examples import answer, edge_example
from relgraph.api.lists import ListQuery
from relgraph.api.marks import NextMark, mark_of
from relgraph.api.their_ids import SYSTEM, with_our_ids
from relgraph.records.access import Access
from relgraph.records.lists.changes import list_edges
from relgraph.records.lists.edges import EdgePlace, EdgeSelection
from relgraph.schema.kind import EdgeKind
from relgraph.schema.kinds import CUSTOMER, DEAL, EDGE_KINDS, deal_column
from relgraph.schema.values import MAX_NAME, Values, instant

_FILTERS = {"customer_id": CUSTOMER, "deal_id": DEAL}

router = APIRouter(prefix="/api/v1", tags=["records"], route_class=ListRoute)


class DeletedEdge(BaseModel):
    """An edge that was removed."""

    key: dict[str, str | None]
    deleted_at: str


class EdgeListAnswer(BaseModel):
    """Edges of a kind, of all nodes or of one."""

    items: list[Values]
    next_cursor: str | None = None
    total: Annotated[int | None, Field(description="with total: rows on all pages")] = None
    deleted: Annotated[
        list[DeletedEdge] | None,
        Field(
            description="with updated_since or resume, on the first page: edges that were removed"
        ),
    ] = None
    resume: NextMark = None


class EdgeListing(ListQuery):
    """The query parameters of every list of edges."""

    customer_id: str | None = Field(
        None,
        max_length=MAX_NAME,
        description="only those of the people and deals of this customer",
    )
    system: str | None = Field(
        None,
        min_length=1,
        max_length=MAX_NAME,
        description="the other system whose ids the others of these are",
    )


def _listing(kind: EdgeKind) -> type[EdgeListing]:
    fields: Values = {}
    if deal_column(kind):
        fields["deal_id"] = (
            str | None,
            Field(None, max_length=MAX_NAME, description="only those for this deal"),
        )
    return create_model(f"{kind.model_name}Listing", __base__=EdgeListing, **fields)


def _add_list(kind: EdgeKind) -> None:
    listing = _listing(kind)

    def endpoint(access: Asking, query: Annotated[Any, Query()]) -> EdgeListAnswer:
        return _answer(access, kind, query.model_dump())

    endpoint.__annotations__["query"] = Annotated[listing, Query()]
    example = {"items": [edge_example(kind)], "next_cursor": None}
    router.add_api_route(
        f"/{kind.plural}",
        endpoint,
        methods=["GET"],
        summary=f"List all {kind.plural}",
        description="Every edge of the kind in the order of their keys, with who judged it, when "
        "and on what evidence.",
        operation_id=f"list_{kind.plural}",
        response_model=EdgeListAnswer,
        response_model_exclude_unset=True,
        responses=answer(example, 400, name=f"{kind.model_name}List"),
    )


def _answer(access: Access, kind: EdgeKind, query: Values) -> EdgeListAnswer:
    asked = dict(query)
    limit, cursor, total = (asked.pop(n) for n in ("limit", "cursor", "total"))
    after, kept = None, None
    if cursor is not None:
        first, place, kept = cursors.read_cursor(cursor, kind.plural, asked, 3)
        after = EdgePlace(first, place)
    mark = mark_of(asked["resume"], updated_since=asked["updated_since"])
    since = asked["updated_since"]
    if asked[SYSTEM] is not None:
        query = access.read(lambda tx: with_our_ids(tx, _FILTERS, query))
    selection = EdgeSelection(query["customer_id"], query.get("deal_id"))
    since = mark if since is None else instant(since)
    page = list_edges(access, kind, selection, since, after, limit=limit, total=total)
    resume = kept or page.resume
    following = None
    if page.next is not None:
        following = cursors.write_cursor(kind.plural, asked, *page.next, resume)
    answered = EdgeListAnswer(items=page.items, next_cursor=following)
    # Members that nobody asked for are left out of the answer.
    if page.deleted is not None:
        answered.deleted = [DeletedEdge(**edge) for edge in page.deleted]
    if resume is not None:
        answered.resume = resume
    if page.total is not None:
        answered.total = page.total
    return answered


for _kind in EDGE_KINDS:
    _add_list(_kind)
