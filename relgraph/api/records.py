"""Nodes and edges as they are stored: lists, single nodes, edges of a node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from relgraph.api.context import Db
from relgraph.api.etags import etag
from relgraph.api.examples import EDGE_EXAMPLES, NODE_EXAMPLES, answer
from relgraph.api.schemas import name_of
from relgraph.records.log.changed_edges import changed_edges
from relgraph.records.reads import directory
from relgraph.schema.tables import TABLE_BY_NAME
from relgraph.schema.values import MAX_ID, MAX_NAME, When, instant
from relgraph.settings import MOST_ROWS

router = APIRouter(prefix="/api/v1", tags=["records"])

FILTER_TYPES: dict[str, type] = {"placeholder": bool, "open": bool}
Id = Annotated[str, Path(max_length=MAX_ID, description="stable id")]


SinceQuery = Annotated[
    When | None,
    Query(description="only what was written since this day or instant; adds `deleted`"),
]


class Listing(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")
    q: str | None = Field(None, max_length=MAX_NAME, description="part of a name, any case")
    cursor: str | None = Field(None, max_length=MAX_ID, description="next_cursor of the last page")
    limit: int = Field(50, ge=1, le=MOST_ROWS, description="rows a page")
    updated_since: When | None = Field(
        None, description="only what was written since this day or instant; adds `deleted`"
    )


class Deleted(BaseModel):
    """A node that was removed."""

    id: str
    deleted_at: str
    merged_into: Annotated[
        str | None, Field(description="the person that a merged duplicate is part of now")
    ] = None


class DeletedEdge(BaseModel):
    """An edge that was removed."""

    key: dict[str, str | None]
    deleted_at: str


class ListAnswer(BaseModel):
    """One page of a list."""

    items: list[dict[str, Any]]
    next_cursor: str | None
    deleted: Annotated[
        list[Deleted] | None,
        Field(description="with updated_since, on the first page: nodes that were removed"),
    ] = None


class EdgeListAnswer(BaseModel):
    """All edges of a node."""

    items: list[dict[str, Any]]
    next_cursor: None = None
    deleted: Annotated[
        list[DeletedEdge] | None, Field(description="with updated_since: edges that were removed")
    ] = None


def _listing(kind: str) -> type[Listing]:
    fields: dict[str, Any] = {
        name: (FILTER_TYPES.get(name, str) | None, Field(None, description=f"only this {name}"))
        for name in directory.KINDS[kind]
    }
    return create_model(f"{kind.capitalize()}Listing", __base__=Listing, **fields)


def _add_list(kind: str) -> None:
    listing = _listing(kind)
    table = TABLE_BY_NAME[f"{kind}s"]

    def endpoint(db: Db, query: Annotated[Any, Query()]) -> ListAnswer:
        wanted = query.model_dump()
        if wanted["updated_since"] is not None:
            wanted["updated_since"] = instant(wanted["updated_since"])
        found = directory.list_nodes(db, kind, **wanted)
        answer = ListAnswer(items=found.items, next_cursor=found.next_cursor)
        if found.deleted is not None:
            answer.deleted = [Deleted(**one) for one in found.deleted]
        return answer

    endpoint.__annotations__["query"] = Annotated[listing, Query()]
    example = {"items": [NODE_EXAMPLES[kind]], "next_cursor": None}
    router.add_api_route(
        f"/{kind}s",
        endpoint,
        methods=["GET"],
        summary=f"List {kind}s",
        description=f"{kind.capitalize()}s in the order of their ids; pages stay right while "
        "others add rows.",
        operation_id=f"list_{kind}s",
        response_model=ListAnswer,
        response_model_exclude_unset=True,
        responses=answer(example, name=f"{name_of(table)}List"),
    )


def _add_read(kind: str) -> None:
    def endpoint(db: Db, id: Id, response: Response) -> dict[str, Any]:
        found = directory.get_node(db, kind, id)
        response.headers["ETag"] = etag(found.get("version", 0))
        return found

    router.add_api_route(
        f"/{kind}s/{{id}}",
        endpoint,
        methods=["GET"],
        summary=f"Read one {kind}",
        description=f"All properties of the {kind} and the ids that it refers to.",
        operation_id=f"get_{kind}",
        responses=answer(NODE_EXAMPLES[kind], 404, name=name_of(TABLE_BY_NAME[f"{kind}s"])),
    )


def _add_edges(name: str) -> None:
    kind, _ = directory.EDGE_LISTS[name]
    table = directory.table_of(name)
    example = {"items": [EDGE_EXAMPLES[name]], "next_cursor": None}

    def endpoint(db: Db, id: Id, updated_since: SinceQuery = None) -> EdgeListAnswer:
        if updated_since is None:
            return EdgeListAnswer(items=directory.edges_of(db, name, id), next_cursor=None)
        found = changed_edges(db, name, id, instant(updated_since))
        gone = [DeletedEdge(**one) for one in found.deleted or []]
        return EdgeListAnswer(items=found.items, next_cursor=None, deleted=gone)

    router.add_api_route(
        f"/{kind}s/{{id}}/{name}",
        endpoint,
        methods=["GET"],
        summary=f"List the {name} of a {kind}",
        description=f"Every edge, with who judged it, when and on what evidence ({name}).",
        operation_id=f"list_{name}_of_{kind}",
        response_model=EdgeListAnswer,
        response_model_exclude_unset=True,
        responses=answer(example, 404, name=f"{name_of(table)}List"),
    )


def _add(add: Callable[[str], None], names: Any) -> None:
    for name in names:
        add(name)


_add(_add_list, directory.KINDS)
_add(_add_read, directory.KINDS)
_add(_add_edges, directory.EDGE_LISTS)
