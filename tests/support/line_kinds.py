"""A customer whose map has a line of every kind, each with a direction and without."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from relgraph.insight.evaluation import Evaluation
from relgraph.schema.account import Account, Influence, Knowing, MemberRow, Relation
from relgraph.schema.vocabulary import Lang
from relgraph.viz.build import build_map
from relgraph.viz.document import DrawnLine, MapDocument
from tests.support.accounts import account, person

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def every_kind() -> Account:
    """Five people and one of us; dotted and solid reports, influences, ties, acquaintance."""
    customer = account(
        [person(f"p{i}") for i in range(5)],
        [("p1", "p0"), ("p2", "p0"), ("p3", "p1"), ("p4", "p1")],
        influences=(
            Influence(from_id="p1", to_id="p0", strength=0.8),
            Influence(from_id="p2", to_id="p1", strength=0.4, nature="conflict"),
        ),
        relations=(
            Relation(from_id="p3", to_id="p4", kind="friend", strength=0.5),
            Relation(from_id="p4", to_id="p2", kind="advice", strength=0.5, directed=True),
        ),
        members=(MemberRow("m", "Mo", None, None),),
        knows=(Knowing(member_id="m", stakeholder_id="p3", closeness=4),),
    )
    dotted = replace(customer.reports[0], from_id="p4", to_id="p2", line="dotted")
    return replace(customer, reports=(*customer.reports, dotted), by_id={})


def all_drawn(customer: Account, lang: Lang = "en") -> MapDocument:
    """Its map with every line drawn at once, each a second time in the other direction's style."""
    document = build_map(Evaluation(customer, None, NOW), lang)
    lines = [replace(line, shown="always") for line in document.lines]
    document.lines = lines + [turned(line) for line in lines]
    return document


def turned(line: DrawnLine) -> DrawnLine:
    """The same line, with a direction where it had none and the other way round."""
    return replace(line, id=f"{line.id}:turned", directed=not line.directed)
