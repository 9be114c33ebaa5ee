"""Pages of one customer: map, matrix, decision chain, people, deals."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from relgraph.api.context import Asking, Language
from relgraph.api.kept.shows import account_of, kept
from relgraph.api.templates import answer_markup, page, quote_id, svg_markup
from relgraph.errors import NotFound
from relgraph.insight.answer import answer
from relgraph.insight.basis import based_on, is_stale
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.findings import findings
from relgraph.insight.matrix import MatrixPerson, power_interest_matrix
from relgraph.insight.power import WEIGHTS
from relgraph.insight.wording import (
    answer_parts,
    based_on_text,
    finding_text,
)
from relgraph.schema.values import MAX_ID, Values, age_in_days
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


def open_customer(access: Asking, id_: str, deal: str | None) -> Evaluation:
    """The customer for the deal in view: the one asked for, else the only open one."""
    account = account_of(access, id_)
    if deal == "":
        return Evaluation(account, None, access.now)
    if deal is not None:
        if account.deal(deal) is None:
            raise NotFound("deal of this customer", deal)
        return Evaluation(account, deal, access.now)
    open_deals = [row for row in account.deals if row.is_open]
    open_deals.sort(key=lambda row: (-(row.amount or 0), row.id))
    return Evaluation(account, open_deals[0].id if open_deals else None, access.now)


def frame_of(request: Request, tab: str, evaluation: Evaluation, lang: Lang) -> Values:
    """What the header, the tabs and the answer strip show."""
    account, deal_id = evaluation.account, evaluation.deal_id
    based = based_on(evaluation)
    parts = answer_parts(account, answer(evaluation), lang)
    here = f"/customers/{quote_id(account.customer.id)}"
    return {
        "request": request,
        "tab": tab,
        "account": account,
        "customer": account.customer,
        "deal": evaluation.deal,
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
@kept
def map_page(
    request: Request,
    access: Asking,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """The map; the browser fetches the document."""
    evaluation = open_customer(access, id, deal)
    return page(template="customer_map.html", **frame_of(request, "map", evaluation, lang))


@router.get("/{id}/matrix")
@kept
def matrix_page(
    request: Request,
    access: Asking,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """The power–interest matrix with everybody's figures."""
    evaluation = open_customer(access, id, deal)
    matrix = power_interest_matrix(evaluation)
    people_in: dict[str | None, list[MatrixPerson]] = defaultdict(list)
    for person in matrix.people:
        people_in[None if person.lane else person.quadrant].append(person)
    return page(
        template="customer_matrix.html",
        matrix=matrix,
        people_in=people_in,
        weights=WEIGHTS,
        svg=svg_markup(matrix_svg(matrix, evaluation, lang)),
        by_id=evaluation.account.by_id,
        person_roles=evaluation.roles,
        **frame_of(request, "matrix", evaluation, lang),
    )


@router.get("/{id}/people")
@kept
def people_page(
    request: Request,
    access: Asking,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """Everybody in a table, and what is worth knowing."""
    evaluation = open_customer(access, id, deal)
    account, hierarchy, stances = evaluation.account, evaluation.hierarchy, evaluation.stances
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
        person_roles=evaluation.roles,
        departments={department.id: department for department in account.departments},
        by_id=account.by_id,
        findings=[(f.level, finding_text(account, f, lang)) for f in findings(evaluation)],
        **frame_of(request, "people", evaluation, lang),
    )


@router.get("/{id}/deals")
@kept
def deals_page(
    request: Request,
    access: Asking,
    lang: Language,
    id: Id,
    deal: DealQuery = None,
) -> Response:
    """The customer's deals, open ones first."""
    evaluation = open_customer(access, id, deal)
    deals = sorted(
        evaluation.account.deals, key=lambda d: (not d.is_open, d.close_date or "9999", d.id)
    )
    return page(
        template="customer_deals.html",
        deals=deals,
        **frame_of(request, "deals", evaluation, lang),
    )
