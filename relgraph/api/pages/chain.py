"""The decision chain of a deal: who signs, and the ways to the one who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from relgraph.api.context import Asking, Language
from relgraph.api.kept.shows import kept
from relgraph.api.limits import Limits
from relgraph.api.pages.customer import DealQuery, Id, frame_of, open_customer
from relgraph.api.templates import page, person_address, svg_markup
from relgraph.insight.chain import DecisionChain, decision_chain
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.introductions import MAX_HOPS, introductions
from relgraph.insight.paths import best_paths, label_of, nearest_manager
from relgraph.insight.wording import (
    chain_why,
    passed_over_text,
    requester_text,
    step_reason,
    text_of,
)
from relgraph.schema.values import MAX_ID, Values
from relgraph.viz.ways import Way, way_of_introduction, way_of_path, ways_svg

router = APIRouter(prefix="/customers", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ListedWay:
    """A way as the list beside the drawing shows it."""

    way: Way
    strength: float
    label: str


@router.get("/{id}/chain")
@kept
def chain_page(
    request: Request,
    access: Asking,
    lang: Language,
    limits: Limits,
    id: Id,
    deal: DealQuery = None,
    requester: DealQuery = None,
    source: Annotated[str, Query(alias="from", max_length=MAX_ID)] = "",
    target: Annotated[str | None, Query(alias="to", max_length=MAX_ID)] = None,
) -> Response:
    """Who signs; the best ways to one person, from us or from somebody there."""
    evaluation = open_customer(access, id, deal)
    frame = frame_of(request, "chain", evaluation, lang)
    if evaluation.deal is None:
        return page(template="customer_chain.html", chain=None, **frame)
    account, reach = evaluation.account, evaluation.access
    chosen = requester if requester in account.by_id else None
    chain = decision_chain(evaluation, chosen)
    start = source if source in account.by_id else ""
    goal = target if target in account.by_id else _goal(evaluation, chain)
    ways = _ways(evaluation, start, goal, limits.max_hops)
    picture = None
    if ways:
        picture = ways_svg([row.way for row in ways], evaluation, lang, address=person_address)
    return page(
        template="customer_chain.html",
        chain=chain,
        reasons=[step_reason(step, lang) for step in chain.steps],
        why=chain_why(account, chain, lang),
        requester_text=text_of(requester_text(account, chain, lang)),
        passed_over=text_of(passed_over_text(account, chain, lang)),
        ways=ways,
        picture=svg_markup(picture) if picture else None,
        source=start,
        target=goal,
        no_way=no_way_words(evaluation, start, goal, limits.max_hops),
        nearest=_nearest(evaluation, start, goal) if start and goal and not ways else None,
        access=sorted(reach.items(), key=lambda item: (-item[1].strength, item[0])),
        unrated=[p for p in account.people if reach_of(evaluation, p.id) == "unrated"],
        out_of_reach=[p for p in account.people if reach_of(evaluation, p.id) == "none"],
        reach_of=partial(reach_of, evaluation),
        members={member.id: member for member in account.members},
        label_of=label_of,
        stance_of=evaluation.stance_of,
        by_id=account.by_id,
        **frame,
    )


def _goal(evaluation: Evaluation, chain: DecisionChain) -> str | None:
    """Who decides; where nobody is known to, who signs last."""
    deciders = sorted(person for person, right in evaluation.rights.items() if right.decides)
    signers = [step.stakeholder_id for step in chain.steps if step.stakeholder_id]
    return next(iter([*deciders, *reversed(signers)]), None)


def _ways(
    evaluation: Evaluation, start: str, goal: str | None, max_hops: int
) -> Sequence[ListedWay]:
    if goal is None or start == goal:
        return []
    if start:
        paths = best_paths(evaluation.positive_influences, start, goal, max_hops=max_hops)
        return [ListedWay(way_of_path(path), path.strength, path.label) for path in paths]
    return [
        ListedWay(way_of_introduction(row), row.strength, row.label)
        for row in introductions(evaluation, goal)
    ]


def reach_of(evaluation: Evaluation, person: str) -> Literal["rated", "unrated", "none"]:
    """Whether a way of ours leads to a person, and whether its strength is known."""
    if person in evaluation.access:
        return "rated"
    return "unrated" if person in evaluation.within_reach else "none"


def no_way_words(
    evaluation: Evaluation, start: str, goal: str | None, max_hops: int
) -> tuple[str, Values]:
    """Why no way is listed, as a key of the pages' words and what fills its gaps."""
    if goal is None:
        return "no_goal", {}
    if start:
        return "no_way", {"hops": max_hops}
    reasons = {"rated": "way_too_long", "unrated": "way_unrated", "none": "no_way_of_ours"}
    return reasons[reach_of(evaluation, goal)], {"hops": MAX_HOPS}


def _nearest(evaluation: Evaluation, start: str, goal: str) -> str | None:
    return nearest_manager(evaluation.hierarchy, evaluation.positive_influences, start, goal)
