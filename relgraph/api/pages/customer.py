"""Pages of one customer: map, matrix, decision chain, people, deals."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from relgraph.api.context import Asking, Language
from relgraph.api.templates import answer_markup, page, quote_id, svg_markup
from relgraph.errors import NotFound
from relgraph.insight.answer import answer
from relgraph.insight.basis import based_on, is_stale, stances_in_scope
from relgraph.insight.findings import findings
from relgraph.insight.hierarchy import build_hierarchy
from relgraph.insight.power import WEIGHTS, MatrixPerson, power_interest_matrix
from relgraph.insight.scope import roles_of
from relgraph.insight.wording import (
    answer_parts,
    based_on_text,
    finding_text,
)
from relgraph.records.reads.account import read_account
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


def open_customer(access: Asking, id_: str, deal: str | None) -> tuple[Account, str | None]:
    """The customer, and the deal in view: the one asked for, else the only open one."""
    account = read_account(access, id_)
    if deal == "":
        return account, None
    if deal is not None:
        if account.deal(deal) is None:
            raise NotFound("deal of this customer", deal)
        return account, deal
    opened = [one for one in account.deals if one.is_open]
    opened.sort(key=lambda one: (-(one.amount or 0), one.id))
    return account, opened[0].id if opened else None


def frame_of(
    request: Request, tab: str, account: Account, deal_id: str | None, lang: Lang, now: datetime
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
    access: Asking,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """The map; the browser fetches the document."""
    account, deal_id = open_customer(access, id, deal)
    return page(
        template="customer_map.html", **frame_of(request, "map", account, deal_id, lang, access.now)
    )


@router.get("/{id}/matrix")
def matrix_page(
    request: Request,
    access: Asking,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """The power–interest matrix with everybody's figures."""
    account, deal_id = open_customer(access, id, deal)
    found = power_interest_matrix(account, deal_id)
    people_in: dict[str | None, list[MatrixPerson]] = defaultdict(list)
    for person in found.people:
        people_in[None if person.lane else person.quadrant].append(person)
    roles = roles_of(account, deal_id)
    return page(
        template="customer_matrix.html",
        matrix=found,
        people_in=people_in,
        weights=WEIGHTS,
        svg=svg_markup(matrix_svg(found, account, roles, lang, access.now)),
        by_id=account.by_id,
        person_roles=roles,
        **frame_of(request, "matrix", account, deal_id, lang, access.now),
    )


@router.get("/{id}/people")
def people_page(
    request: Request,
    access: Asking,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """Everybody in a table, and what is worth knowing."""
    account, deal_id = open_customer(access, id, deal)
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
        ages={p: age_in_days(s.assessed_at, access.now) for p, s in stances.items()},
        stale={p for p, s in stances.items() if is_stale(s.assessed_at, access.now)},
        person_roles=roles_of(account, deal_id),
        departments={department.id: department for department in account.departments},
        by_id=account.by_id,
        found=[
            (f.level, finding_text(account, f, lang))
            for f in findings(account, deal_id, access.now)
        ],
        **frame_of(request, "people", account, deal_id, lang, access.now),
    )


@router.get("/{id}/deals")
def deals_page(
    request: Request,
    access: Asking,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """The customer's deals, open ones first."""
    account, deal_id = open_customer(access, id, deal)
    deals = sorted(account.deals, key=lambda d: (not d.is_open, d.close_date or "9999", d.id))
    return page(
        template="customer_deals.html",
        deals=deals,
        **frame_of(request, "deals", account, deal_id, lang, access.now),
    )
