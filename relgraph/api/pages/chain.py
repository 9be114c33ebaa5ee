"""The decision chain of a deal: who signs, and the ways to the one who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from relgraph.api.context import Asking, Language
from relgraph.api.limits import Limits
from relgraph.api.pages.customer import DealQuery, Id, frame_of, open_customer
from relgraph.api.templates import page, person_address, svg_markup
from relgraph.insight.basis import stances_in_scope
from relgraph.insight.chain import DecisionChain, decision_chain
from relgraph.insight.hierarchy import build_hierarchy
from relgraph.insight.introductions import introductions
from relgraph.insight.paths import access as reachable
from relgraph.insight.paths import best_paths, label_of, nearest_manager
from relgraph.insight.scope import positive_influences, roles_of
from relgraph.insight.wording import (
    chain_why,
    passed_over_text,
    requester_text,
    step_reason,
    text_of,
)
from relgraph.schema.account import Account
from relgraph.schema.values import MAX_ID
from relgraph.viz.ways import Way, way_of_introduction, way_of_path, ways_svg

router = APIRouter(prefix="/customers", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class FoundWay:
    """A way as the list beside the drawing shows it."""

    way: Way
    strength: float
    label: str


@router.get("/{id}/chain")
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
    account, deal_id = open_customer(access, id, deal)
    frame = frame_of(request, "chain", account, deal_id, lang, access.now)
    if deal_id is None:
        return page(template="customer_chain.html", chain=None, **frame)
    chosen = requester if requester in account.by_id else None
    chain = decision_chain(account, deal_id, chosen)
    start = source if source in account.by_id else ""
    goal = target if target in account.by_id else _goal(account, deal_id, chain)
    ways = _ways(account, deal_id, start, goal, limits.max_hops)
    stances = stances_in_scope(account, deal_id)
    picture = None
    if ways:
        drawn = [one.way for one in ways]
        picture = ways_svg(drawn, account, stances, lang, access.now, address=person_address)
    reach = reachable(account, deal_id)
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
        nearest=_nearest(account, deal_id, start, goal) if start and goal and not ways else None,
        access=sorted(reach.items(), key=lambda item: (-item[1].strength, item[0])),
        out_of_reach=[person for person in account.people if person.id not in reach],
        members={member.id: member for member in account.members},
        label_of=label_of,
        by_id=account.by_id,
        **frame,
    )


def _goal(account: Account, deal_id: str, chain: DecisionChain) -> str | None:
    """Who decides; where nobody is known to, who signs last."""
    roles = roles_of(account, deal_id)
    deciders = sorted(p for p, r in roles.items() if any(x.role == "decision_maker" for x in r))
    signers = [step.stakeholder_id for step in chain.steps if step.stakeholder_id]
    return next(iter([*deciders, *reversed(signers)]), None)


def _ways(
    account: Account, deal_id: str, start: str, goal: str | None, max_hops: int
) -> Sequence[FoundWay]:
    if goal is None or start == goal:
        return []
    if start:
        paths = best_paths(positive_influences(account, deal_id), start, goal, max_hops=max_hops)
        return [FoundWay(way_of_path(path), path.strength, path.label) for path in paths]
    found = introductions(account, deal_id, goal)
    return [FoundWay(way_of_introduction(one), one.strength, one.label) for one in found]


def _nearest(account: Account, deal_id: str, start: str, goal: str) -> str | None:
    hierarchy = build_hierarchy(account.people, account.reports)
    return nearest_manager(hierarchy, positive_influences(account, deal_id), start, goal)
