"""Which edges become lines, how heavy they are, and where their labels stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from relgraph.insight.evaluation import Evaluation
from relgraph.insight.scope import knowing_strength
from relgraph.schema import kinds
from relgraph.schema.account import Influence, Knowing, OtherEdge, Relation
from relgraph.schema.line_styles import (
    CONFLICT,
    INFLUENCE,
    KNOWS,
    MATRIX,
    RELATION,
    REPORTS_TO,
    STYLE_OF_TABLE,
    LineStyle,
)
from relgraph.schema.values import age_in_days
from relgraph.schema.vocabulary import Lang, RelationKind, label_or_text
from relgraph.viz.document import DrawnLine, LineLabel
from relgraph.viz.layout.grid import Grid, Place
from relgraph.viz.layout.routes import Connection, Point

ALWAYS_DRAWN = 40
"""Influences that are drawn without being asked for; with more nobody could follow one."""
LABEL_H = 16.0


@dataclass(frozen=True, slots=True)
class EdgeOfLine:
    """What a line stands for."""

    style: LineStyle
    strength: float | None = None
    word: str = ""
    closeness: int | None = None
    directed: bool = True
    assessed_at: str | None = None
    assessed_by: str | None = None
    evidence: str | None = None
    ref: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """An edge of the map that is no reporting line, not yet made a line."""

    style: LineStyle
    record: Influence | Relation | OtherEdge | Knowing
    from_id: str
    to_id: str
    strength: float | None
    always: bool = False
    """Whether it is drawn without being asked for."""


def connections_of(
    evaluation: Evaluation, places: Mapping[str, Place], ties: Iterable[Tie]
) -> tuple[list[Connection], list[EdgeOfLine]]:
    """The reporting lines and these ties as connections, with what they stand for."""
    hierarchy = evaluation.hierarchy
    connections: list[Connection] = []
    edges: list[EdgeOfLine] = []

    def add(connection: Connection, edge: EdgeOfLine) -> None:
        if connection.from_id in places and connection.to_id in places:
            connections.append(connection)
            edges.append(edge)

    versions = {(row.from_id, row.to_id): row.version for row in evaluation.account.reports}

    def reports(style: LineStyle, person: str, manager: str) -> EdgeOfLine:
        key = (person, manager)
        return EdgeOfLine(style, ref=kinds.REPORTING_LINE.ref(key), version=versions.get(key))

    for person, manager in hierarchy.manager.items():
        if manager is not None:
            connection = Connection(f"reports_to:{person}:{manager}", person, manager, tree=True)
            add(connection, reports(REPORTS_TO, person, manager))
    others = [(p, m) for p, second in hierarchy.second_managers.items() for m in second]
    for person, manager in sorted({*others, *hierarchy.left_out}):
        connection = Connection(f"reports_to:{person}:{manager}", person, manager)
        add(connection, reports(REPORTS_TO, person, manager))
    for person, manager in hierarchy.dotted:
        connection = Connection(f"matrix:{person}:{manager}", person, manager)
        add(connection, reports(MATRIX, person, manager))
    for connection, edge in map(_line_of, ties):
        add(connection, edge)
    return connections, edges


def ties_of(evaluation: Evaluation, places: Mapping[str, Place]) -> list[Tie]:
    """Every edge between two people of the map but the reporting lines; the lightest first."""
    influences, roles = evaluation.influences, evaluation.roles
    order = sorted(
        influences,
        key=lambda e: (
            e.nature != "conflict",
            -((e.from_id in roles) + (e.to_id in roles)),
            -e.strength,
            e.from_id,
            e.to_id,
        ),
    )
    always = {id(edge) for edge in order[:ALWAYS_DRAWN]}
    ties = [
        Tie(
            CONFLICT if edge.nature == "conflict" else INFLUENCE,
            edge,
            edge.from_id,
            edge.to_id,
            edge.strength,
            always=id(edge) in always,
        )
        for edge in sorted(influences, key=lambda e: (e.strength, e.from_id, e.to_id))
    ]
    ties += [Tie(RELATION, r, r.from_id, r.to_id, r.strength) for r in evaluation.account.relations]
    for other in evaluation.account.others:
        style = STYLE_OF_TABLE.get(other.table)
        if style is not None:
            ties.append(Tie(style, other, other.from_id, other.to_id, other.strength))
    for (member, person), knowing in evaluation.knows.items():
        ties.append(Tie(KNOWS, knowing, member, person, knowing_strength(knowing)))
    return [tie for tie in ties if tie.from_id in places and tie.to_id in places]


def connections_of_ties(ties: Iterable[Tie]) -> tuple[list[Connection], list[EdgeOfLine]]:
    """These ties as connections, with what they stand for."""
    lines = [_line_of(tie) for tie in ties]
    return [connection for connection, _ in lines], [edge for _, edge in lines]


def _line_of(tie: Tie) -> tuple[Connection, EdgeOfLine]:
    """A tie as a line. But for the weightiest influences it is drawn where an end is selected."""
    record, word, ref = tie.record, "", ""
    directed, closeness = True, None
    match record:
        case Influence():
            ref = kinds.INFLUENCE.ref((record.from_id, record.to_id, record.deal_id or ""))
        case Relation():
            word, directed = record.kind, bool(record.directed)
            ref = kinds.RELATION.ref((record.from_id, record.to_id, record.kind))
        case OtherEdge():
            directed = bool(record.directed)
            ref = kinds.edge_kind(record.table).ref(record.key)
        case Knowing():
            closeness = record.closeness
            ref = kinds.ACQUAINTANCE.ref((record.member_id, record.stakeholder_id))
    parts = (tie.style.kind, word, tie.from_id, tie.to_id)
    connection = Connection(
        ":".join(part for part in parts if part), tie.from_id, tie.to_id, shared=not tie.always
    )
    if isinstance(record, Influence):
        connection.weight = record.strength
    return connection, EdgeOfLine(
        tie.style,
        tie.strength,
        word=word,
        closeness=closeness,
        directed=directed,
        assessed_at=record.assessed_at,
        assessed_by=record.assessed_by,
        evidence=record.evidence,
        ref=ref,
        version=record.version,
    )


def drawn_lines(
    connections: list[Connection], edges: list[EdgeOfLine], grid: Grid, lang: Lang, now: datetime
) -> list[DrawnLine]:
    """Lines in drawing order: reporting lines, then the lighter before the heavier."""
    boxes = [
        (p.item.x, p.item.y, p.item.x + p.item.w, p.item.y + p.item.h) for p in grid.places.values()
    ]
    labels: list[tuple[float, float, float, float]] = []
    lines: list[DrawnLine] = []
    for connection, edge in zip(connections, edges, strict=True):
        label, style = None, edge.style
        if style.labelled and not connection.shared:
            label = _label(connection.points, edge.strength, boxes, labels)
        lines.append(
            DrawnLine(
                id=connection.id,
                kind=style.kind,
                from_id=connection.from_id,
                to_id=connection.to_id,
                points=connection.points,
                strength=edge.strength,
                width=style.width(edge.strength),
                dashed=style.dash,
                shown="selected" if connection.shared else "always",
                label=label,
                word=label_or_text(RelationKind, edge.word or None, lang),
                closeness=edge.closeness,
                directed=edge.directed,
                assessed_at=edge.assessed_at,
                assessed_by=edge.assessed_by,
                evidence=edge.evidence,
                age_days=age_in_days(edge.assessed_at, now),
                ref=edge.ref,
                version=edge.version,
            )
        )
    return lines


def _label(
    points: list[Point],
    strength: float | None,
    boxes: list[tuple[float, float, float, float]],
    labels: list[tuple[float, float, float, float]],
) -> LineLabel | None:
    """The strength beside the longest free piece of a line; none where there is no room."""
    if strength is None:
        return None
    text = f"{strength:.2f}".rstrip("0").rstrip(".")
    width = 12.0 + 7.0 * len(text)
    pieces = sorted(
        pairwise(points),
        key=lambda piece: -(abs(piece[0][0] - piece[1][0]) + abs(piece[0][1] - piece[1][1])),
    )
    for (x0, y0), (x1, y1) in pieces[:3]:
        for share in (0.5, 0.3, 0.7):
            x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
            box = (x - width / 2, y - LABEL_H / 2, x + width / 2, y + LABEL_H / 2)
            if not any(_overlap(box, other) for other in labels) and not any(
                _overlap(box, other) for other in boxes
            ):
                labels.append(box)
                return LineLabel(text, round(x, 1), round(y, 1))
    return None


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
