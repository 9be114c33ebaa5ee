"""Making one person out of two records of the same."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from relgraph.api.calls import Call, merge
from relgraph.api.etags import IfMatchHeader, Versions, versions_of
from relgraph.api.examples import NODE_EXAMPLES, written
from relgraph.api.execute import Write, execute
from relgraph.api.nodes import Id
from relgraph.schema.values import MAX_ID

router = APIRouter(prefix="/api/v1", tags=["records"])


class MergeBody(BaseModel):
    """The record that goes."""

    model_config = ConfigDict(extra="forbid")
    duplicate_id: str = Field(min_length=1, max_length=MAX_ID, description="the record that goes")
    duplicate_version: int | None = Field(
        None, ge=0, lt=2**53, description="412 if the duplicate has another version"
    )


@router.post(
    "/stakeholders/{id}/merge",
    summary="Merge a duplicate into a person",
    operation_id="merge_stakeholders",
    response_model=None,
    responses=written(NODE_EXAMPLES["stakeholder"], 200, 404, 412, name="Stakeholder"),
)
def merge_stakeholders(
    context: Write, id: Id, body: MergeBody, match: IfMatchHeader = None
) -> Response:
    """All edges, activities and the history of the duplicate go to the person who stays.

    Blank members are filled from the duplicate; of two judgements of the same thing the later
    one counts. The former id answers 404 with `merged_into`. Undo brings both back.
    """
    return execute(context, [merge_call(id, body, versions_of(match))])


def merge_call(person: str, body: MergeBody, versions: Versions, *, place: int = 0) -> Call:
    """The merge that a body asks for."""
    theirs = None if body.duplicate_version is None else frozenset({body.duplicate_version})
    return merge(person, body.duplicate_id, versions, theirs, place=place)
