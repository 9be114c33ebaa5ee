"""Pages across customers: today, the customer list, people search, a person, a deal."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from relgraph.api.context import Asking, Language
from relgraph.api.cookies import LANG_COOKIE
from relgraph.api.kept.shows import kept
from relgraph.api.templates import page, quote_id
from relgraph.errors import NotFound
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.findings import findings
from relgraph.insight.wording import finding_text
from relgraph.records.reads import directory
from relgraph.records.reads.overview import CustomerFilters
from relgraph.records.reads.snapshots import read_customer_list, read_overview, read_person
from relgraph.records.search.search import search
from relgraph.schema.kinds import DEAL
from relgraph.schema.nodes import Stakeholder
from relgraph.schema.values import MAX_ID, MAX_NAME, Values
from relgraph.schema.vocabulary import LANGS

router = APIRouter(include_in_schema=False)

ROWS_OF_TODAY = 12
ROWS_A_PAGE = 50
HITS_A_PAGE = 60
Id = Annotated[str, Path(max_length=MAX_ID)]
Text = Annotated[str, Query(max_length=MAX_NAME)]


@router.get("/")
@kept
def today(request: Request, access: Asking) -> Response:
    """Open deals by date, and the customers."""
    overview = read_overview(access, limit=ROWS_OF_TODAY)
    return page(
        request,
        "home.html",
        deals=overview.deals,
        total_deals=overview.total_deals,
        customers=overview.customers,
        total=overview.total,
        date=access.today.isoformat(),
    )


@router.get("/lang/{lang}")
def choose_language(request: Request, lang: str) -> Response:
    """Keep the language in a cookie and go back to where the reader was."""
    if lang not in LANGS:
        raise NotFound("language", lang)
    back = request.query_params.get("back", "/")
    if not back.startswith("/") or back.startswith(("//", "/\\")):
        back = "/"
    answer = RedirectResponse(back, 303)
    answer.set_cookie(LANG_COOKIE, lang, max_age=365 * 86400, samesite="lax", httponly=True)
    return answer


@router.get("/customers")
@kept
def customers(
    request: Request,
    access: Asking,
    q: Text = "",
    kind: Text = "",
    industry: Text = "",
    region: Text = "",
    grade: Text = "",
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """The list of customers with search and filters."""
    filters = CustomerFilters(
        q or None, kind or None, industry or None, region or None, grade or None
    )
    listed = read_customer_list(access, filters, skip=skip, limit=ROWS_A_PAGE)
    return page(
        request,
        "customers.html",
        customers=listed.customers,
        total=listed.total,
        skip=skip,
        size=ROWS_A_PAGE,
        values=listed.filter_values,
        chosen={"q": q, "kind": kind, "industry": industry, "region": region, "grade": grade},
    )


@router.get("/people")
@kept
def people(request: Request, access: Asking, q: Text = "") -> Response:
    """Search over everything that has a name."""
    results = search(access, q, limit=HITS_A_PAGE)
    return page(request, "people.html", q=q, results=results, by_kind=_by_kind(results.items))


def _by_kind(items: list[Values]) -> dict[str, list[Values]]:
    """Hits by kind; the kind with the best hit first."""
    kinds: dict[str, list[Values]] = {}
    for item in items:
        kinds.setdefault(item["kind"], []).append(item)
    return kinds


class _Loose(Values):
    """A stored node for a template: what it does not have is null."""

    def __missing__(self, key: str) -> None:
        return None


@router.get("/people/{id}")
@kept
def person(request: Request, access: Asking, lang: Language, id: Id) -> Response:
    """Everything on record about one person, with who said so and when."""
    try:
        record = read_person(access, id)
    except NotFound as error:
        if (into := error.details.get("merged_into")) is None:
            raise
        return RedirectResponse(f"/people/{quote_id(into)}", 307)
    account = record.account
    remarks = []
    if account is not None:
        remarks = [
            finding_text(account, remark, lang)
            for remark in findings(Evaluation(account, None, access.now))
            if id in remark.ids
        ]
    return page(
        request,
        "person.html",
        person=_Loose(record.node),
        extras=directory.extra_properties(Stakeholder, record.node),
        account=account,
        employments=record.employments,
        influences=record.influences,
        relations=record.relations,
        managers=record.managers,
        members={} if account is None else {m.id: m for m in account.members},
        deals={} if account is None else {d.id: d for d in account.deals},
        departments={} if account is None else {d.id: d for d in account.departments},
        findings=remarks,
    )


@router.get("/deals/{id}")
def deal(access: Asking, id: Id) -> Response:
    """A deal is seen at its customer: who signs."""
    node = directory.get_node(access, DEAL, id)
    if node.get("customer_id") is None:
        raise NotFound("customer of the deal", id)
    goal = f"/customers/{quote_id(node['customer_id'])}/chain?deal={quote_id(id)}"
    return RedirectResponse(goal, 307)
