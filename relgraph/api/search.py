"""Search over everything that has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from relgraph.api.context import Asking
from relgraph.api.examples import answer
from relgraph.api.kept.shows import kept
from relgraph.records.search.search import search
from relgraph.schema.kinds import SEARCHED_KINDS
from relgraph.schema.values import MAX_ID, MAX_NAME

router = APIRouter(prefix="/api/v1", tags=["records"])

MOST = 100
if TYPE_CHECKING:
    Kind = str
else:
    Kind = Literal[tuple(kind.name for kind in SEARCHED_KINDS)]


class Matched(BaseModel):
    """What of a node fits."""

    field: Literal["name", "email", "title"]
    how: Literal["exact", "prefix", "pinyin", "initials", "near"]
    text: str = Field(description="the text of it that fits, in small letters")


class SearchItem(BaseModel):
    """A hit: a node that fits the words."""

    model_config = {"extra": "allow"}
    kind: Kind
    id: str
    name: str | None = None
    name_en: str | None = None
    name_zh: str | None = None
    title: str | None = None
    customer_id: str | None = None
    customer_name: str | None = None
    matched: Matched


class SearchAnswer(BaseModel):
    """The hits, the best first."""

    items: list[SearchItem]
    next_cursor: None = None
    truncated: bool = Field(description="there may be more: add a word or a kind")
    near: bool = Field(description="nothing is written so; these are spelt or sound alike")
    indexing: bool = Field(description="a large import is not searched yet")


_EXAMPLE = {
    "items": [
        {
            "kind": "stakeholder",
            "id": "chen",
            "name": "Chen Peilan",
            "name_en": None,
            "name_zh": "陈佩兰",
            "title": "CFO",
            "customer_id": "huading",
            "customer_name": "Huading Infrastructure",
            "matched": {"field": "name", "how": "initials", "text": "cpl"},
        }
    ],
    "next_cursor": None,
    "truncated": False,
    "near": False,
    "indexing": False,
}


@router.get(
    "/search",
    summary="Search everything that has a name",
    operation_id="search",
    responses=answer(_EXAMPLE),
)
@kept
def search_all(
    access: Asking,
    q: Annotated[
        str,
        Query(min_length=1, max_length=MAX_NAME, description="beginnings of words, all must fit"),
    ],
    kind: Annotated[list[Kind] | None, Query(description="only this kind; may be repeated")] = None,
    customer_id: Annotated[
        str | None, Query(max_length=MAX_ID, description="only at this customer")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="hits at most")] = 20,
) -> SearchAnswer:
    """By the beginning of any word of a name, any part of a Chinese one, pinyin and initials.

    Then by e-mail and title. What is spelt or sounds almost so comes only if nothing else does.
    """
    results = search(access, q, kinds=kind, customer_id=customer_id, limit=limit)
    items: list[Any] = results.items
    return SearchAnswer(
        items=items, truncated=results.truncated, near=results.near, indexing=results.indexing
    )
