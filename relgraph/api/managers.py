"""The manager of a person: the first of the solid lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from relgraph.api.calls import Call, change_edge, put_manager, remove
from relgraph.api.examples import edge_example, written
from relgraph.api.execute import Pending, Requested
from relgraph.api.write_routes import WriteRequest, WriteRoute
from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.reads import directory
from relgraph.records.writes import bodies
from relgraph.records.writes.bodies import NodeName
from relgraph.records.writes.names import Names
from relgraph.records.writes.operations import Expectation
from relgraph.schema.kinds import REPORTING_LINE, STAKEHOLDER
from relgraph.schema.values import Day, Ref, Values

PATH = "/stakeholders/{id}/manager"
_Person = Annotated[NodeName, Ref(STAKEHOLDER.label)]


class ManagerBody(BaseModel):
    """Whom a person reports to first. `to_id` is the same as `manager_id`, as GET names it."""

    model_config = ConfigDict(extra="ignore")
    manager_id: _Person | None = Field(None, description="the manager")
    to_id: _Person | None = Field(None, description="the same, as GET names it")
    since: Day | None = Field(None, description="since")

    @property
    def named(self) -> str | None:
        """The manager's id."""
        return self.manager_id or self.to_id


class NewManagerBody(ManagerBody):
    """The same; the manager must be named."""

    @model_validator(mode="after")
    def _refuse_nobody(self) -> NewManagerBody:
        if self.named is None:
            raise ValueError("name the manager in manager_id")
        return self


class ManagerPatch(ManagerBody):
    """A merge patch of the same."""

    @field_validator("manager_id", "to_id")
    @classmethod
    def _refuse_null(cls, value: str | None) -> str | None:
        if value is None:
            raise ValueError("cannot be cleared; DELETE removes the manager")
        return value


def manager_routes() -> Iterator[WriteRoute]:
    """PUT, PATCH and DELETE of the first solid line."""
    example, model = edge_example(REPORTING_LINE), REPORTING_LINE.model_name
    yield WriteRoute(
        method="PUT",
        path=PATH,
        operation_id="put_manager",
        summary="Put the manager of a person",
        description="The first solid line; the one that was there ends. A dotted line to them "
        "becomes solid. `If-Match` is the tag of the line that GET gives.",
        responses=written(example, 200, 404, 412, name=model),
        make=_put,
        body=NewManagerBody,
    )
    yield WriteRoute(
        method="PATCH",
        path=PATH,
        operation_id="change_manager",
        summary="Change the manager of a person",
        description="A JSON merge patch of the first solid line: `since` alone keeps the manager, "
        "another `manager_id` puts that one in their place.",
        responses=written(example, 200, 404, 412, name=model),
        make=_change,
        body=ManagerPatch,
    )
    yield WriteRoute(
        method="DELETE",
        path=PATH,
        operation_id="remove_manager",
        summary="Remove the manager of a person",
        description="The person then reports to nobody known; dotted lines stay.",
        responses=written(None, 204, 404, 412),
        make=_remove,
        status=204,
    )


def _put(request: WriteRequest) -> Requested:
    def make(names: Names) -> Call:
        body: ManagerBody = request.body
        person = request.path["id"]
        call = put_manager(person, body.named or "", body.since, place=request.place)
        if request.versions is None:
            return call
        # The tag is that of the present line, whoever the new manager is.
        present = (_present(names.tx, person) or {}).get("to_id", "")
        key = (person, present)
        return call.expecting(
            Expectation(REPORTING_LINE, key, request.versions, place=request.place)
        )

    return Pending(make)


def _change(request: WriteRequest) -> Requested:
    def make(names: Names) -> Requested:
        body: ManagerBody = request.body
        person = request.path["id"]
        present = _present(names.tx, person)
        if body.named is not None and (present is None or present["to_id"] != body.named):
            return _put(request)
        if present is None:
            raise NotFound("manager of the stakeholder", person, request.place)
        patch = {"since": body.since} if "since" in body.model_fields_set else {}
        values = bodies.patch_body(REPORTING_LINE).model_validate(patch)
        key = (person, present["to_id"])
        return change_edge(REPORTING_LINE, key, values, request.versions, place=request.place)

    return Pending(make)


def _remove(request: WriteRequest) -> Requested:
    def make(names: Names) -> Call:
        person = request.path["id"]
        present = _present(names.tx, person)
        if present is None:
            raise NotFound("manager of the stakeholder", person, request.place)
        key = (person, present["to_id"])
        return remove(REPORTING_LINE, key, request.versions, place=request.place)

    return Pending(make)


def _present(tx: Transaction, person: str) -> Values | None:
    """The first solid line of a person; None if there is none."""
    try:
        return directory.manager_in(tx, person)
    except NotFound:
        return None
