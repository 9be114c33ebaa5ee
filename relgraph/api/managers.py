"""The manager of a person: the first of the solid lines."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from relgraph.api.calls import put_manager, remove
from relgraph.api.context import Db
from relgraph.api.etags import IfMatchHeader, etag, versions_of
from relgraph.api.examples import EDGE_EXAMPLES, answer, written
from relgraph.api.execute import Write, execute
from relgraph.errors import NotFound
from relgraph.records.reads import directory
from relgraph.records.writes.operations import Expectation
from relgraph.schema.tables import TABLE_BY_NAME
from relgraph.schema.values import MAX_ID, Day, Id

router = APIRouter(prefix="/api/v1", tags=["records"])

PersonPart = Annotated[str, Path(min_length=1, max_length=MAX_ID)]
LINES = TABLE_BY_NAME["reports_to"]


class ManagerBody(BaseModel):
    """Whom a person reports to first. `to_id` is the same as `manager_id`, as GET names it."""

    model_config = ConfigDict(extra="ignore")
    manager_id: Id | None = Field(None, description="the manager")
    to_id: Id | None = Field(None, description="the same, as GET names it")
    since: Day | None = Field(None, description="since")

    @model_validator(mode="after")
    def _somebody(self) -> ManagerBody:
        if (self.manager_id or self.to_id) is None:
            raise ValueError("name the manager in manager_id")
        return self


@router.get(
    "/stakeholders/{id}/manager",
    summary="The manager of a person",
    operation_id="get_manager",
    responses=answer(EDGE_EXAMPLES["managers"], 404, name="ReportsTo"),
)
def get(db: Db, id: PersonPart, response: Response) -> dict[str, Any]:
    """The first solid manager; 404 if none is on record."""
    found = directory.manager_of(db, id)
    response.headers["ETag"] = etag(found["version"] or 0)
    return found


@router.put(
    "/stakeholders/{id}/manager",
    summary="Put the manager of a person",
    operation_id="put_manager",
    response_model=None,
    responses=written(EDGE_EXAMPLES["managers"], 200, 404, 412, name="ReportsTo"),
)
def put(context: Write, id: PersonPart, body: ManagerBody, match: IfMatchHeader = None) -> Response:
    """The first solid line; the one that was there ends. A dotted line to them becomes solid.

    `If-Match` is the tag of the line that GET gives.
    """
    call = put_manager(id, body.manager_id or body.to_id or "", body.since)
    return execute(context, [call.expecting(_present(context.db, id, match))])


@router.delete(
    "/stakeholders/{id}/manager",
    summary="Remove the manager of a person",
    operation_id="remove_manager",
    status_code=204,
    response_model=None,
    responses=written(None, 204, 404, 412),
)
def delete(context: Write, id: PersonPart, match: IfMatchHeader = None) -> Response:
    """The person then reports to nobody known; dotted lines stay."""
    found = directory.manager_of(context.db, id)
    return execute(context, [remove(LINES, (id, found["to_id"]), versions_of(match))])


def _present(db: Db, person: str, match: str | None) -> Expectation | None:
    """That the present line is still the one that was read."""
    versions = versions_of(match)
    if versions is None:
        return None
    try:
        manager = directory.manager_of(db, person)["to_id"]
    except NotFound:
        manager = ""
    return Expectation(LINES, (person, manager), versions)
