"""A viewer of two customers calls every operation, and finds nothing of a third one.

Whatever is asked of an id that may not be seen is answered as if nothing had that id, and changes
nothing; whatever is asked of the rest is answered as for everybody.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from relgraph.api.pages.chain import router as chain_pages
from relgraph.api.pages.customer import router as customer_pages
from relgraph.api.pages.directory import router as directory_pages
from relgraph.api.pages.reference import router as reference_pages
from tests.api.scope_cases import Case, cases_of
from tests.api.scope_data import NOBODY, PLAIN, SECRET, UNSEEN
from tests.api.scope_world import World, world

__all__ = ["world"]


def assert_silent(answer: Any, case: Case) -> None:
    """Nothing of the third customer is in an answer but what the request itself named."""
    request = repr((case.path, case.query, case.body)).lower()
    response = f"{answer.status_code} {dict(answer.headers)} {answer.text}".lower()
    where = f"{case.method} {case.path} {case.query} {case.body}: {response[:1500]}"
    assert SECRET.lower() not in response, where
    for id_ in set(re.findall(r"unseen-[\w-]+", response)):
        assert id_ in request, f"{id_} in {where}"


def operations(client: TestClient) -> set[str]:
    """The ids of all operations that the service describes."""
    paths = client.get("/openapi.json").json()["paths"]
    return {described["operationId"] for path in paths.values() for described in path.values()}


@pytest.mark.parametrize("world", ["local"], indirect=True)
def test_what_is_seen_is_answered_as_for_everybody(world: World) -> None:
    """Beta has nothing to do with the third customer: both read the same."""
    compared = 0
    for name, requests in cases_of(world).items():
        for case in requests:
            about_beta = re.search(r"\b(beta|b1|b2|b-deal|b-dept|team|offer)\b", case.path)
            if case.method != "GET" or case.unseen or not about_beta or "webhooks" in case.path:
                continue
            mine, theirs = case.send(world.viewer), case.send(world.everybody)
            assert mine.text == theirs.text, name
            tags = {"etag"}
            assert {h: mine.headers.get(h) for h in tags} == {
                h: theirs.headers.get(h) for h in tags
            }
            compared += 1
    assert compared > 40


@pytest.mark.parametrize("world", ["local"], indirect=True)
def test_the_same_requests_of_everybody_do_find_it(world: World) -> None:
    """Else the silence above would prove nothing."""
    loud = {
        name
        for name, requests in cases_of(world).items()
        for case in requests
        if case.method == "GET" and SECRET in case.send(world.everybody).text
    }
    quiet = {"healthz_healthz_get", "readyz_readyz_get", "deal_paths", "get_manager",
             "customer_map_lines"}  # fmt: skip
    ours = {f"{verb}_{kind}" for kind in ("team", "member", "offering") for verb in ("get", "list")}
    reads = {name for name, requests in cases_of(world).items() if requests[0].method == "GET"}
    numbers = {name for name in reads if "activities" in name or name.startswith("read_reporting")}
    silent = {
        name
        for name in reads - loud - quiet - numbers
        if not any(name.startswith(prefix) for prefix in ours)
    }
    assert silent <= {"read_employment", "relationship_strength", "list_reports_to",
                      "list_employments_of_stakeholder",
                      "list_managers_of_stakeholder"}, silent  # fmt: skip
    assert len(loud) > 25


PAGES: dict[str, list[str]] = {
    "/": ["/"],
    "/lang/{lang}": ["/lang/{lang}?back=/people"],
    "/customers": ["/customers", f"/customers?q={SECRET[:4]}", "/customers?skip=1"],
    "/people": ["/people?q=w", "/people?q=wang", f"/people?q={SECRET[:4]}", "/people?q=goer"],
    "/people/{id}": ["/people/{stakeholders}", "/people/a1", "/people/comer"],
    "/deals/{id}": ["/deals/{deals}"],
    "/customers/{id}": ["/customers/{customers}"],
    "/customers/{id}/map": ["/customers/{customers}/map", "/customers/alpha/map"],
    "/customers/{id}/matrix": ["/customers/{customers}/matrix", "/customers/alpha/matrix"],
    "/customers/{id}/people": ["/customers/{customers}/people", "/customers/alpha/people"],
    "/customers/{id}/deals": ["/customers/{customers}/deals", "/customers/alpha/deals"],
    "/customers/{id}/chain": [
        "/customers/{customers}/chain",
        "/customers/alpha/chain?deal=a-deal",
        "/customers/alpha/chain?deal=unseen-deal",
    ],
    "/docs": ["/docs"],
    "/docs/{name}": ["/docs/swagger-ui.css"],
}
"""Addresses of each page; what stands in braces is an id of that kind, seen and unseen."""


def pages() -> set[str]:
    """The paths of all pages."""
    routers = (directory_pages, customer_pages, chain_pages, reference_pages)
    return {getattr(route, "path", "") for router in routers for route in router.routes}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_is_silent_of_what_may_not_be_seen(world: World, lang: str) -> None:
    assert PAGES.keys() == pages()
    headers = {"accept": "text/html", "accept-language": lang}
    for addresses in PAGES.values():
        for address in addresses:
            for ids in (UNSEEN, PLAIN):
                case = Case("GET", address.format(**ids, lang=lang))
                answer = case.send(world.viewer, **headers)
                assert_silent(answer, case)
                if "unseen" not in case.path:
                    assert answer.status_code < 400, case
                elif "/people/unseen" in case.path or answer.status_code != 307:
                    assert answer.status_code == 404, case
                if ids is PLAIN and "{" in address:
                    assert answer.text == case.send(world.everybody, **headers).text, case


def test_every_operation_is_silent_of_what_may_not_be_seen(world: World) -> None:
    cases = cases_of(world)
    assert cases.keys() == operations(world.viewer)
    before = world.truth()
    for name, requests in cases.items():
        # An id that may not be seen first: it must not be there after all, either.
        for case in sorted(requests, key=lambda case: not case.unseen):
            answer = case.send(world.viewer)
            where = f"{name}: {case} answered {answer.status_code} {answer.text[:600]}"
            assert_silent(answer, case)
            if case.unseen:
                other = case.of_nobody()
                expected = other.send(world.viewer)
                assert answer.status_code == expected.status_code, f"{where}, not {expected.text}"
                assert _without(answer, case.unseen) == _without(
                    expected, [f"{NOBODY}-{n}" for n in range(len(case.unseen))]
                ), where
            elif case.status is not None:
                assert answer.status_code == case.status, where
            else:
                assert answer.status_code < 300, where
    assert world.truth() == before


def _without(answer: Any, ids: Any) -> str:
    """An answer without the ids that were asked for, and without what is new each time."""
    text = str(answer.text)
    for id_ in sorted(ids, key=len, reverse=True):
        text = text.replace(id_, "ID").replace(quote(id_, safe=""), "ID")
    return text
