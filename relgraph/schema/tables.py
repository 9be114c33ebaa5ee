"""The import format as data: which file holds which nodes or edges, and which columns are core.

Import, export, templates and their documentation all read this list, so a field added to a
model is at once a column of its file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel

from relgraph.schema import edges, nodes
from relgraph.schema.values import Ref


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the import format.

    `core` are the columns that the format promises, in order; further fields of the model and
    unknown columns may follow.
    """

    name: str
    model: type[nodes.Record] | type[edges.Edge]
    core: tuple[str, ...]

    @property
    def is_node(self) -> bool:
        return issubclass(self.model, nodes.Record)

    @property
    def kind(self) -> str:
        """What queries and paths call one node of the table: customer, activity."""
        return self.model.label.lower()  # type: ignore[union-attr]

    @property
    def is_fact(self) -> bool:
        """Whether its rows are plain facts; see `nodes.Record.fact`."""
        return issubclass(self.model, nodes.Record) and self.model.fact

    @property
    def columns(self) -> tuple[str, ...]:
        """All known columns: the core ones, then the model's others."""
        return self.core + tuple(f for f in self.model.model_fields if f not in self.core)

    @property
    def refs(self) -> dict[str, str]:
        """Columns that hold the id of another node, with that node's label."""
        return _refs(self.model)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(n for n, f in self.model.model_fields.items() if f.is_required())


@cache
def _refs(model: type[BaseModel]) -> dict[str, str]:
    return {
        name: meta.label
        for name, field in model.model_fields.items()
        for meta in [*field.metadata, *_inner_metadata(field.annotation)]
        if isinstance(meta, Ref)
    }


def _inner_metadata(annotation: object) -> tuple[object, ...]:
    """Metadata of `Annotated[…]` inside a union such as `Annotated[Id, Ref(…)] | None`."""
    found: list[object] = []
    for argument in getattr(annotation, "__args__", ()):
        found.extend(getattr(argument, "__metadata__", ()))
    return tuple(found)


def _table(name: str, model: type[nodes.Record] | type[edges.Edge], core: str) -> Table:
    return Table(name, model, tuple(core.split()))


TABLES: tuple[Table, ...] = (
    _table("teams", nodes.Team, "id name parent_id function"),
    _table("members", nodes.Member, "id team_id name title manager_id email"),
    _table("customers", nodes.Customer, "id name kind industry region parent_id"),
    _table("departments", nodes.Department, "id customer_id name parent_id function"),
    _table("offerings", nodes.Offering, "id name category list_price cost"),
    _table(
        "stakeholders",
        nodes.Stakeholder,
        "id customer_id department_id name title level top manager_id email budget adaptability "
        "placeholder",
    ),
    _table(
        "deals",
        nodes.Deal,
        "id customer_id name stage amount currency close_date outcome reason owner_id",
    ),
    _table("employments", edges.WorksAt, "stakeholder_id customer_id title since until"),
    _table("reports_to", edges.ReportsTo, "from_id to_id line primary since"),
    _table(
        "influences",
        edges.Influences,
        "from_id to_id strength nature deal_id assessed_at assessed_by evidence",
    ),
    _table(
        "relations", edges.RelatedTo, "from_id to_id kind strength directed assessed_at evidence"
    ),
    _table(
        "supports", edges.Supports, "stakeholder_id deal_id stance assessed_at assessed_by evidence"
    ),
    _table(
        "interests", edges.InterestedIn, "stakeholder_id deal_id level motive demand assessed_at"
    ),
    _table(
        "roles",
        edges.Plays,
        "stakeholder_id deal_id role can_veto approval_limit decision_weight",
    ),
    _table("knows", edges.Knows, "member_id stakeholder_id closeness strength assessed_at"),
    _table(
        "activities",
        nodes.Activity,
        "id kind happened_at direction answered minutes member_id stakeholder_id deal_id source "
        "external_id",
    ),
)
"""In the order in which they are written: what others refer to comes first."""

TABLE_BY_NAME = {table.name: table for table in TABLES}
