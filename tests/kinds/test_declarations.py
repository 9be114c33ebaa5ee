"""A kind whose declaration does not hold together is refused where it is declared.

Each sentence names the kind and the member that is wrong, and what to write instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import pytest
from pydantic import Field

from relgraph.schema.conflicts import refuse_conflicts
from relgraph.schema.edges import Edge
from relgraph.schema.kind import DeclarationError, EdgeKind, Kind, NodeKind
from relgraph.schema.kinds import (
    DEAL,
    INFLUENCE,
    KINDS,
    OFFERING,
    STAKEHOLDER,
    SUPPORT,
    TEAM,
)
from relgraph.schema.nodes import Node
from relgraph.schema.values import Id, Ref


class Endorses(Edge):
    stakeholder_id: Annotated[Id, Ref("Stakeholder")] = Field(description="person | 关键人")
    offering_id: Annotated[Id, Ref("Offering")] = Field(description="offering | 产品")
    part: str = Field(description="which part | 部分")


class Moon(Node):
    planet_id: Annotated[Id, Ref("Planet", "CIRCLES")] = Field(description="planet | 行星")


def endorsements(**changes: Any) -> EdgeKind:
    """A kind of edge that is declared as it should be, but for these members."""
    members: dict[str, Any] = {
        "model": Endorses,
        "type": "ENDORSES",
        "name": "endorsement",
        "plural": "endorsements",
        "core": ("stakeholder_id", "offering_id"),
        "ends": (STAKEHOLDER, OFFERING),
        "path": "/offerings/{id}/endorsements/{other}/{part}",
        "key": ("part",),
    }
    return EdgeKind(**(members | changes))


def moons(**changes: Any) -> NodeKind:
    members: dict[str, Any] = {
        "model": Moon, "label": "Moon", "name": "moon", "plural": "moons", "core": ("id", "name"),
    }  # fmt: skip
    return NodeKind(**(members | changes))


def test_a_sound_declaration_is_accepted() -> None:
    kind = endorsements(part_of="offering_id")
    assert kind.owner is OFFERING and kind.end_columns == ("stakeholder_id", "offering_id")
    refuse_conflicts([*KINDS, kind])


OF_EDGES: dict[str, tuple[dict[str, Any], str]] = {
    "an end without its column": (
        {"ends": (STAKEHOLDER, DEAL)},
        'the model Endorses has no column deal_id with Ref("Deal"); add it there, or correct the '
        "ends.",
    ),
    "a column that names another kind": (
        {"ends": (STAKEHOLDER, replace(OFFERING, label="Product"))},
        'the model Endorses has no column offering_id with Ref("Product"); add it there, or '
        "correct the ends.",
    ),
    "ends of one kind without from_id": (
        {"ends": (STAKEHOLDER, STAKEHOLDER)},
        'the model Endorses has no column from_id with Ref("Stakeholder"); add it there, or '
        "correct the ends.",
    ),
    "a core column that is no field": (
        {"core": ("stakeholder_id", "offering_id", "strength")},
        "core names strength, which the model Endorses does not have; add the field there, or "
        "take the name out.",
    ),
    "a part of the key that is no field": (
        {"key": ("part", "deal_id")},
        "key names deal_id, which the model Endorses does not have; add the field there, or take "
        "the name out.",
    ),
    "a path that begins at neither end": (
        {"path": "/deals/{id}/endorsements/{other}"},
        "the path /deals/{id}/endorsements/{other} must begin at one of its ends and hold {other}; "
        "write one such as /stakeholders/{id}/endorsements/{other} or "
        "/offerings/{id}/endorsements/{other}.",
    ),
    "a path without its other end": (
        {"path": "/offerings/{id}/endorsements/{part}"},
        "the path /offerings/{id}/endorsements/{part} must begin at one of its ends and hold "
        "{other}; write one such as /stakeholders/{id}/endorsements/{other} or "
        "/offerings/{id}/endorsements/{other}.",
    ),
    "part of what is no end": (
        {"part_of": "customer_id"},
        "part_of names customer_id, which is no end; write stakeholder_id or offering_id.",
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), OF_EDGES.values(), ids=OF_EDGES)
def test_what_is_wrong_with_an_edge_kind(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        endorsements(**changes)
    assert str(refused.value) == f"endorsements: {sentence}"


def test_ends_of_one_kind_have_one_path() -> None:
    with pytest.raises(DeclarationError) as refused:
        replace(INFLUENCE, path="/influences/{id}")
    assert str(refused.value) == (
        "influences: the path /influences/{id} must begin at one of its ends and hold {other}; "
        "write one such as /stakeholders/{id}/influences/{other}."
    )


@pytest.mark.parametrize("member", ["core", "filters", "open_without"])
def test_a_member_of_a_node_kind_that_names_no_field(member: str) -> None:
    names = "mass" if member == "open_without" else ("id", "mass")
    with pytest.raises(DeclarationError) as refused:
        moons(**{member: names})
    assert str(refused.value) == (
        f"moons: {member} names mass, which the model Moon does not have; add the field there, or "
        "take the name out."
    )


CONFLICTS: dict[str, tuple[tuple[Kind, ...], str]] = {
    "a name": (
        (replace(TEAM, plural="crews", label="Crew"),),
        "crews: the name team is that of teams; choose another.",
    ),
    "a table": (
        (replace(SUPPORT, name="backing", type="BACKS"),),
        "supports: the plural supports is that of supports; choose another.",
    ),
    "a label": (
        (replace(TEAM, name="crew", plural="crews"),),
        "crews: the label Team is that of teams; choose another.",
    ),
    "a letter of search": (
        (replace(TEAM, name="crew", plural="crews", label="Crew"),),
        "crews: the search_letter t is that of teams; choose another.",
    ),
    "a type of edges": (
        (endorsements(type="SUPPORTS"),),
        "endorsements: the type SUPPORTS is that of supports; choose another.",
    ),
    "a part of a path that nothing fills": (
        (endorsements(path="/offerings/{id}/endorsements/{other}/{role}"),),
        "endorsements: the path /offerings/{id}/endorsements/{other}/{role} holds {role}, which "
        "nothing fills; write one of {id}, {other}, {part}, or add it to the key.",
    ),
    "a label that no kind has": (
        (moons(),),
        "moons: planet_id names the label Planet, which no kind before it has; declare that kind, "
        "and put it before this one in KINDS.",
    ),
}


@pytest.mark.parametrize(("more", "sentence"), CONFLICTS.values(), ids=CONFLICTS)
def test_kinds_that_do_not_go_together(more: tuple[Kind, ...], sentence: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        refuse_conflicts([*KINDS, *more])
    assert str(refused.value) == sentence


def test_a_kind_stands_after_what_it_names() -> None:
    """A team may name another team; a deal stands after its customer."""
    refuse_conflicts([TEAM])
    with pytest.raises(DeclarationError) as refused:
        refuse_conflicts([DEAL, *(kind for kind in KINDS if kind is not DEAL)])
    assert str(refused.value) == (
        "deals: customer_id names the label Customer, which no kind before it has; declare that "
        "kind, and put it before this one in KINDS."
    )


def test_rows_of_a_table_that_does_not_exist() -> None:
    without_edges = [kind for kind in KINDS if isinstance(kind, NodeKind)]
    with pytest.raises(DeclarationError) as refused:
        refuse_conflicts(without_edges)
    assert str(refused.value) == (
        "stakeholders: the rows of customer_id are those of employments, which is no table; name "
        "the plural of an edge kind."
    )
