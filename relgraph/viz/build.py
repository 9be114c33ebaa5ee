"""Turns a customer into its map document: cards, groups, lines, legend, findings, answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from relgraph.errors import NotFound
from relgraph.insight.answer import answer
from relgraph.insight.basis import BasedOn, based_on, old_stances
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.findings import findings
from relgraph.insight.matrix import MatrixPerson, power_interest_matrix
from relgraph.insight.statement import Finding
from relgraph.insight.wording import answer_parts, based_on_text, finding_text
from relgraph.schema import kinds
from relgraph.schema.account import Account, DealRow, MemberRow, Person, RoleInDeal
from relgraph.schema.line_styles import LINE_STYLES, LineStyle
from relgraph.schema.values import Values, age_in_days
from relgraph.schema.vocabulary import Lang, Role, Stance, label_or_text
from relgraph.viz.document import (
    AnswerPart,
    Basis,
    Card,
    Chip,
    DrawnLine,
    DrawnStyle,
    FindingText,
    LegendEntry,
    LineList,
    MapCustomer,
    MapDeal,
    MapDocument,
    RoleMark,
)
from relgraph.viz.geometry import lay_out
from relgraph.viz.layout.grid import Grid, Place
from relgraph.viz.layout.routes import route_over
from relgraph.viz.lines import connections_of_ties, drawn_lines
from relgraph.viz.text import badge_of, both_names
from relgraph.words import catalogue, say

DARK_ROLES = frozenset({"decision_maker", "veto"})
ROLE_ORDER = [role.value for role in Role]
STRENGTH_OF_SAMPLES = 0.4
"""What the legend's samples are as wide as."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the cards are made from."""

    evaluation: Evaluation
    lang: Lang
    matrix: Mapping[str, MatrixPerson]
    findings: Mapping[str, list[str]]
    """Codes of the findings about each person."""


def build_map(evaluation: Evaluation, lang: Lang = "en") -> MapDocument:
    """The map of a customer, for one of its deals or for the open ones together.

    The same input gives the same document.
    """
    account, deal = evaluation.account, evaluation.deal
    places = lay_out(evaluation, lang)
    grid = places.grid
    remarks = findings(evaluation)
    scene = _Scene(
        evaluation,
        lang,
        matrix={person.id: person for person in power_interest_matrix(evaluation).people},
        findings=_codes_by_person(remarks),
    )
    return MapDocument(
        customer=_customer(account, lang),
        deal=None if deal is None else _deal(deal, lang),
        lang=lang,
        now=evaluation.now.date().isoformat(),
        width=round(max(grid.width, 320.0), 1),
        height=round(max(grid.height, 200.0), 1),
        cards=_cards(scene, grid, places.ties.counts_by_person()),
        groups=places.groups,
        lines=drawn_lines(places.connections, places.edges, grid, lang, evaluation.now),
        legend=_legend(lang),
        findings=[
            FindingText(remark.code, finding_text(account, remark, lang), list(remark.ids))
            for remark in remarks
        ],
        answer=[
            AnswerPart(part.text, list(part.ids))
            for part in answer_parts(account, answer(evaluation), lang)
        ],
        based_on=_basis(based_on(evaluation), lang),
        words=viewer_words(lang),
        left_out=places.ties.counts(),
    )


def lines_of_person(evaluation: Evaluation, person_id: str, lang: Lang = "en") -> list[DrawnLine]:
    """The lines at a person that the map leaves out, led through it as it is drawn.

    Raises NotFound for somebody who is not on the map.
    """
    places = lay_out(evaluation, lang)
    if person_id not in places.grid.places:
        raise NotFound("stakeholder", person_id)
    connections, edges = connections_of_ties(places.ties.at(person_id))
    route_over(places.grid, connections)
    return drawn_lines(connections, edges, places.grid, lang, evaluation.now)


@cache
def viewer_words(lang: Lang) -> dict[str, str]:
    """Texts of the interactive map's controls."""
    prefix = "viewer."
    return {
        key.removeprefix(prefix): text[lang]
        for key, text in catalogue().items()
        if key.startswith(prefix)
    }


def _customer(account: Account, lang: Lang) -> MapCustomer:
    row = account.customer
    name, other = both_names(row, lang)
    return {
        "id": row.id,
        "name": name,
        "name_alt": other,
        "kind": row.kind,
        "industry": row.industry,
        "region": row.region,
        "grade": row.grade,
        "owner_id": row.owner_id,
        "owner": row.owner_name,
        "importing": row.importing,
        "ref": kinds.CUSTOMER.ref(row.id),
        "version": row.version,
    }


def _deal(row: DealRow, lang: Lang) -> MapDeal:
    name, other = both_names(row, lang)
    return {
        "id": row.id,
        "name": name,
        "name_alt": other,
        "stage": row.stage,
        "amount": row.amount,
        "currency": row.currency,
        "close_date": row.close_date,
        "outcome": row.outcome,
        "ref": kinds.DEAL.ref(row.id),
        "version": row.version,
    }


def _codes_by_person(remarks: Iterable[Finding]) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for remark in remarks:
        for id_ in remark.ids:
            codes.setdefault(id_, []).append(remark.code)
    return codes


def _cards(scene: _Scene, grid: Grid, left_out: Mapping[str, dict[str, int]]) -> list[Card]:
    evaluation, now = scene.evaluation, scene.evaluation.now
    closest: dict[str, int] = {}
    for (_, person), knowing in evaluation.knows.items():
        if knowing.closeness is not None:
            closest[person] = max(closest.get(person, 0), knowing.closeness)
    members = {member.id: member for member in evaluation.account.members}
    old = frozenset(old_stances(evaluation))
    cards: list[Card] = []
    for id_, place in grid.places.items():
        if id_ in members:
            cards.append(_member_card(members[id_], place, scene.lang))
            cards[-1].left_out = left_out.get(id_, {})
            continue
        card = _person_card(scene, evaluation.account.by_id[id_], place)
        support = evaluation.supports.get(id_) or evaluation.stances.get(id_)
        if support is not None:
            card.stance_ref = kinds.SUPPORT.ref((support.stakeholder_id, support.deal_id))
            card.stance_version = support.version
            card.stance = support.stance
            card.assessed_at, card.assessed_by = support.assessed_at, support.assessed_by
            card.evidence = support.evidence
            card.age_days = age_in_days(support.assessed_at, now)
            card.stale = id_ in old
        card.stance_label = Stance.of(card.stance).label(scene.lang)
        card.closeness = closest.get(id_)
        card.findings = scene.findings.get(id_, [])
        card.left_out = left_out.get(id_, {})
        cards.append(card)
    return cards


def _box(place: Place) -> Values:
    item = place.item
    return {"x": round(item.x, 1), "y": round(item.y, 1), "w": item.w, "h": item.h}


def _member_card(member: MemberRow, place: Place, lang: Lang) -> Card:
    name, other = both_names(member, lang)
    return Card(
        id=member.id,
        kind="member",
        shape="pill",
        name=name,
        name_alt=other,
        title=member.title_in(lang),
        initials=badge_of(member, lang),
        email=member.email,
        ref=kinds.MEMBER.ref(member.id),
        version=member.version,
        **_box(place),
    )


def _person_card(scene: _Scene, person: Person, place: Place) -> Card:
    evaluation, lang = scene.evaluation, scene.lang
    name, other = both_names(person, lang)
    seat = person.id in evaluation.empty_seats
    roles = sorted(evaluation.roles.get(person.id, ()), key=lambda row: ROLE_ORDER.index(row.role))
    position = scene.matrix[person.id]
    shape: Literal["card", "row"] = "row" if place.item.shape == "row" else "card"
    return Card(
        id=person.id,
        kind="seat" if seat else "person",
        shape=shape,
        name=name or say(lang, "map.who"),
        name_alt=other,
        title=person.title_in(lang),
        initials="?" if seat and not name else badge_of(person, lang),
        department_id=person.department_id,
        manager_id=evaluation.hierarchy.manager.get(person.id),
        depth=evaluation.hierarchy.depth.get(person.id),
        roles=[
            RoleMark(
                row.role,
                label_or_text(Role, row.role, lang),
                kinds.ROLE.ref((row.stakeholder_id, row.deal_id, row.role)),
                row.version,
                row.can_veto,
                row.approval_limit,
                row.decision_weight,
            )
            for row in roles
        ],
        chip=_chip(roles, seat, lang),
        power={
            "value": position.power.value,
            "low": position.power.low,
            "high": position.power.high,
        },
        interest=position.interest,
        email=person.email,
        phone=person.phone,
        url=person.url,
        ref=kinds.STAKEHOLDER.ref(person.id),
        version=person.version,
        **_box(place),
    )


def _chip(roles: list[RoleInDeal], seat: bool, lang: Lang) -> Chip | None:
    if not roles:
        return Chip(say(lang, "map.empty_seat"), "soft") if seat else None
    first = roles[0]
    if first.role == "approver" and first.approval_limit == "unlimited":
        return Chip(say(lang, "map.signs"), "dark")
    veto = any(row.can_veto for row in roles) and first.role != "decision_maker"
    label = label_or_text(Role, "veto" if veto else first.role, lang)
    return Chip(label, "dark" if veto or first.role in DARK_ROLES else "soft")


def _legend(lang: Lang) -> list[LegendEntry]:
    stances = [LegendEntry("stance", word.value, word.symbol, word.label(lang)) for word in Stance]
    lines = [
        LegendEntry("line", style.legend_key, "", say(lang, style.word), _drawn_style(style, lang))
        for style in LINE_STYLES
    ]
    return stances + lines


def _drawn_style(style: LineStyle, lang: Lang) -> DrawnStyle:
    return DrawnStyle(
        kind=style.kind,
        color=style.color,
        width=style.width(STRENGTH_OF_SAMPLES),
        dash=style.dash,
        arrow=style.arrow,
        casing=style.casing,
        lists=[LineList(part.ends, say(lang, part.heading)) for part in style.lists],
    )


def _basis(based: BasedOn, lang: Lang) -> Basis:
    return {
        "people": based.people,
        "assessed": based.assessed,
        "older_than_90_days": based.old,
        "seats": based.seats,
        "seats_assessed": based.seats_assessed,
        "seats_older_than_90_days": based.seats_old,
        "undated": based.undated,
        "oldest": based.oldest,
        "newest": based.newest,
        "ties": based.ties,
        "text": based_on_text(based, lang),
    }
