"""Making one person out of two records of the same."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from relgraph.api.calls import Call, merge
from relgraph.api.examples import node_example, written
from relgraph.api.write_routes import WriteRequest, WriteRoute
from relgraph.records.writes.bodies import NodeName
from relgraph.schema.kinds import STAKEHOLDER
from relgraph.schema.values import Ref


class MergeBody(BaseModel):
    """The record that goes."""

    model_config = ConfigDict(extra="forbid")
    duplicate_id: Annotated[NodeName, Ref(STAKEHOLDER.label)] = Field(
        description="the record that goes"
    )
    duplicate_version: int | None = Field(
        None, ge=0, lt=2**53, description="412 if the duplicate has another version"
    )


def merge_route() -> WriteRoute:
    """POST of a merge."""
    return WriteRoute(
        method="POST",
        path="/stakeholders/{id}/merge",
        operation_id="merge_stakeholders",
        summary="Merge a duplicate into a person",
        description="All edges, activities and the history of the duplicate go to the person who "
        "stays.\n\nBlank members are filled from the duplicate; of two judgements of the same "
        "thing the later one counts. The former id answers 404 with `merged_into`. Undo brings "
        "both back.",
        responses=written(node_example(STAKEHOLDER), 200, 404, 412, name=STAKEHOLDER.model_name),
        make=_merge,
        body=MergeBody,
    )


def _merge(request: WriteRequest) -> Call:
    body: MergeBody = request.body
    theirs = None if body.duplicate_version is None else frozenset({body.duplicate_version})
    return merge(
        request.path["id"], body.duplicate_id, request.versions, theirs, place=request.place
    )
