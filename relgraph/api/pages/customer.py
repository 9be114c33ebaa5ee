"""Pages of one customer: map, matrix, decision chain, people, deals."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from relgraph.api.context import Db, Language, Now
from relgraph.api.templates import answer_markup, page, quote_id, svg_markup
from relgraph.errors import NotFound
from relgraph.insight.answer import answer
from relgraph.insight.basis import based_on, is_stale, stances_in_scope
from relgraph.insight.chain import decision_chain
from relgraph.insight.findings import findings
from relgraph.insight.hierarchy import build_hierarchy
from relgraph.insight.paths import access, best_paths, label_of, nearest_manager
from relgraph.insight.power import WEIGHTS, power_interest_matrix
from relgraph.insight.scope import positive_influences, roles_of
from relgraph.insight.wording import (
    answer_parts,
    based_on_text,
    chain_why,
    finding_text,
    passed_over_text,
    requester_text,
    step_reason,
    text_of,
)
from relgraph.records.account import read_account
from relgraph.schema.account import Account
from relgraph.schema.values import MAX_ID, age_in_days
from relgraph.schema.vocabulary import Lang
from relgraph.viz.document import AnswerPart
from relgraph.viz.html import answer_html
from relgraph.viz.matrix import matrix_svg

router = APIRouter(prefix="/customers", include_in_schema=False)

Id = Annotated[str, Path(max_length=MAX_ID)]
DealQuery = Annotated[str | None, Query(max_length=MAX_ID)]
TABS = ("map", "matrix", "chain", "people", "deals")


@router.get("/{id}")
def customer(request: Request, id: Id) -> Response:
    """The map is the first tab."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/customers/{quote_id(id)}/map{query}", 307)


def _open(db: Db, id_: str, now: Now, deal: str | None) -> tuple[Account, str | None]:
    """The customer, and the deal in view: the one asked for, else the only open one."""
    account = read_account(db, id_, today=now.date())
    if deal == "":
        return account, None
    if deal is not None:
        if account.deal(deal) is None:
            raise NotFound("deal of this customer", deal)
        return account, deal
    opened = [one for one in account.deals if one.is_open]
    opened.sort(key=lambda one: (-(one.amount or 0), one.id))
    return account, opened[0].id if opened else None


def _frame(
    request: Request, tab: str, account: Account, deal_id: str | None, lang: Lang, now: Now
) -> dict[str, Any]:
    """What the header, the tabs and the answer strip show."""
    based = based_on(account, deal_id, now)
    parts = answer_parts(account, answer(account, deal_id, now), lang)
    here = f"/customers/{quote_id(account.customer.id)}"
    return {
        "request": request,
        "tab": tab,
        "account": account,
        "customer": account.customer,
        "deal": account.deal(deal_id),
        "based": based,
        "based_text": based_on_text(based, lang),
        "answer": answer_markup(
            answer_html([AnswerPart(part.text, list(part.ids)) for part in parts])
        ),
        "here": here,
        "query": f"?deal={quote_id(deal_id)}" if deal_id else "?deal=",
        "api": f"/api/v1/customers/{quote_id(account.customer.id)}",
        "api_query": f"?lang={lang}" + (f"&deal_id={quote_id(deal_id)}" if deal_id else ""),
    }


@router.get("/{id}/map")
def map_page(
    request: Request,
    db: Db,
    now: Now,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """The map; the browser fetches the document."""
    account, deal_id = _open(db, id, now, deal)
    return page(template="customer_map.html", **_frame(request, "map", account, deal_id, lang, now))


@router.get("/{id}/matrix")
def matrix_page(
    request: Request,
    db: Db,
    now: Now,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """The power–interest matrix with everybody's figures."""
    account, deal_id = _open(db, id, now, deal)
    found = power_interest_matrix(account, deal_id)
    roles = roles_of(account, deal_id)
    return page(
        template="customer_matrix.html",
        matrix=found,
        weights=WEIGHTS,
        svg=svg_markup(matrix_svg(found, account, roles, lang, now)),
        by_id=account.by_id,
        person_roles=roles,
        **_frame(request, "matrix", account, deal_id, lang, now),
    )


@router.get("/{id}/chain")
def chain_page(
    request: Request,
    db: Db,
    now: Now,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
    requester: DealQuery = None,
    source: Annotated[str | None, Query(alias="from", max_length=MAX_ID)] = None,
    target: Annotated[str | None, Query(alias="to", max_length=MAX_ID)] = None,
) -> Response:
    """Who signs, and the best ways to the one who decides."""
    account, deal_id = _open(db, id, now, deal)
    frame = _frame(request, "chain", account, deal_id, lang, now)
    if deal_id is None:
        return page(template="customer_chain.html", chain=None, **frame)
    chosen = requester if requester in account.by_id else None
    found = decision_chain(account, deal_id, chosen)
    goal, start = _ends(account, deal_id, source, target, found.requester)
    edges = positive_influences(account, deal_id)
    ways = best_paths(edges, start, goal) if start and goal and start != goal else []
    nearest = None
    if start and goal and start != goal and not ways:
        hierarchy = build_hierarchy(account.people, account.reports)
        nearest = nearest_manager(hierarchy, edges, start, goal)
    ours = sorted(access(account, deal_id).items(), key=lambda item: (-item[1].strength, item[0]))
    stances = stances_in_scope(account, deal_id)
    return page(
        template="customer_chain.html",
        chain=found,
        reasons=[step_reason(step, lang) for step in found.steps],
        why=chain_why(account, found, lang),
        requester_text=text_of(requester_text(account, found, lang)),
        passed_over=text_of(passed_over_text(account, found, lang)),
        ways=ways,
        source=start,
        target=goal,
        nearest=nearest,
        access=ours,
        members={member.id: member for member in account.members},
        label_of=label_of,
        by_id=account.by_id,
        stances=stances,
        **frame,
    )


def _ends(
    account: Account, deal_id: str, source: str | None, target: str | None, requester: str | None
) -> tuple[str | None, str | None]:
    """Goal and start of the ways: as asked, else the decision maker and who asks."""
    goal = target if target in account.by_id else None
    if goal is None:
        roles = roles_of(account, deal_id)
        deciders = sorted(p for p, r in roles.items() if any(x.role == "decision_maker" for x in r))
        goal = deciders[0] if deciders else None
    start = source if source in account.by_id else requester
    return goal, start


@router.get("/{id}/people")
def people_page(
    request: Request,
    db: Db,
    now: Now,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """Everybody in a table, and what is worth knowing."""
    account, deal_id = _open(db, id, now, deal)
    hierarchy = build_hierarchy(account.people, account.reports)
    stances = stances_in_scope(account, deal_id)
    people = sorted(
        account.people,
        key=lambda p: (
            hierarchy.depth[p.id] is None,
            hierarchy.depth[p.id] or 0,
            p.name_in(lang),
            p.id,
        ),
    )
    return page(
        template="customer_people.html",
        people=people,
        hierarchy=hierarchy,
        stances=stances,
        ages={p: age_in_days(s.assessed_at, now) for p, s in stances.items()},
        stale={p for p, s in stances.items() if is_stale(s.assessed_at, now)},
        person_roles=roles_of(account, deal_id),
        departments={department.id: department for department in account.departments},
        by_id=account.by_id,
        found=[(f.level, finding_text(account, f, lang)) for f in findings(account, deal_id, now)],
        **_frame(request, "people", account, deal_id, lang, now),
    )


@router.get("/{id}/deals")
def deals_page(
    request: Request,
    db: Db,
    now: Now,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """The customer's deals, open ones first."""
    account, deal_id = _open(db, id, now, deal)
    deals = sorted(account.deals, key=lambda d: (not d.is_open, d.close_date or "9999", d.id))
    return page(
        template="customer_deals.html",
        deals=deals,
        **_frame(request, "deals", account, deal_id, lang, now),
    )
