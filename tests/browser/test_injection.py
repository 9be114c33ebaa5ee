"""Stored markup never becomes markup: in the pages, the offline file, the drawings."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from relgraph.database import Database, open_database
from relgraph.errors import ImportRefused
from relgraph.insight.evaluation import Evaluation
from relgraph.records.imports.load import import_records
from relgraph.records.reads.account import read_account
from relgraph.records.tables.cells import readers
from relgraph.schema.kind import Kind
from relgraph.schema.kinds import KINDS
from relgraph.settings import load_settings
from relgraph.viz.build import build_map
from relgraph.viz.html import to_html
from relgraph.viz.svg import to_svg
from tests.support.access import access_to
from tests.support.browser import Watched
from tests.support.service import NOW, SEEDS, app_of, serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</script></style></textarea><svg onload=alert(1)>",
    "'-alert(1)-'",
    "{{7*7}}${7*7}<!--",
]


def accepts_any_text(table: Kind, column: str) -> bool:
    """Whether a column accepts every payload as it is."""
    if column == "id" or column in table.refs or (column in table.required and not table.is_node):
        return False
    read = readers(table.model).get(column)
    try:
        return read is not None and all(read(payload) == payload for payload in PAYLOADS)
    except ValueError:
        return False


def poisoned(folder: Path) -> dict[str, list[str]]:
    """The demo records with a payload in every text field; the columns that have one."""
    poisoned_columns: dict[str, list[str]] = {}
    for table in KINDS:
        path = SEEDS / "demo" / f"{table.plural}.csv"
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        poisoned_columns[table.plural] = [c for c in table.columns if accepts_any_text(table, c)]
        for number, row in enumerate(rows):
            for place, column in enumerate(poisoned_columns[table.plural]):
                row[column] = PAYLOADS[(number + place) % len(PAYLOADS)]
            row["extra"] = PAYLOADS[number % len(PAYLOADS)]
        with (folder / f"{table.plural}.csv").open("w", encoding="utf-8", newline="") as file:
            names = list(rows[0])
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    return poisoned_columns


@pytest.fixture(scope="module")
def poisoned_db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("poisoned")
    poisoned_columns = poisoned(folder)
    assert {"name", "title", "phone", "email"} <= set(poisoned_columns["stakeholders"])
    assert {"evidence", "assessed_by"} <= set(poisoned_columns["supports"]) & set(
        poisoned_columns["influences"]
    )
    path = tmp_path_factory.mktemp("db") / "db"
    with open_database(load_settings(database_url=f"local:{path}", database_heap_mb=512)) as db:
        db.migrate()
        import_records(access_to(db, NOW), folder)
        yield db


def assert_clean(page: Page, watched: Watched, where: str) -> None:
    active = page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap((node) => [...node.attributes]
            .filter((a) => /^on/i.test(a.name) || (/^(href|src|action)$|:href$/i.test(a.name)
              && /^\\s*javascript:/i.test(a.value))).map((a) => `${node.tagName} ${a.name}`))"""
    )
    assert active == [], f"{where}: markup came alive: {active}"
    strays = page.evaluate(
        """() => [...document.querySelectorAll('script')].filter((s) =>
            !s.src && s.type !== 'module' && s.type !== 'application/json').length"""
    )
    assert strays == 0, f"{where}: a stored script element"
    assert page.locator("img[src='x']").count() == 0, where
    assert watched.errors == [], f"{where}: {watched.errors}"


PAGES = [
    "/",
    "/customers",
    "/people?q=script",
    "/people?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/people/zhou",
    "/people/wang",
    *(
        f"/customers/{customer}/{tab}"
        for customer in ("huading", "northwind", "osterhaven")
        for tab in ("map", "matrix", "chain", "people", "deals")
    ),
]


def test_no_page_runs_it(poisoned_db: Database, watched: Watched) -> None:
    page = watched.page
    with serving(app_of(poisoned_db)) as site:
        for path in PAGES:
            page.goto(site + path)
            page.wait_for_load_state("networkidle")
            if path.endswith("/map"):
                page.locator(".rm-card").first.wait_for()
                ids = "nodes => nodes.map((node) => node.dataset.cardId)"
                for id_ in page.locator(".rm-card").evaluate_all(ids):
                    page.locator(f'[data-card-id="{id_}"]').dispatch_event("click")
                    assert_clean(page, watched, f"{path}, panel of {id_}")
            assert_clean(page, watched, path)
        assert all(url.startswith(site) for url in watched.requests), watched.requests


@pytest.mark.parametrize("customer", ["huading", "northwind", "osterhaven"])
def test_no_file_runs_it(
    poisoned_db: Database, context: BrowserContext, watched: Watched, tmp_path: Path, customer: str
) -> None:
    account = read_account(access_to(poisoned_db, NOW.date()), customer)
    evaluation = Evaluation(account, account.deals[0].id, NOW)
    for lang in ("en", "zh"):
        document = build_map(evaluation, lang)  # type: ignore[arg-type]
        html, svg = tmp_path / f"{lang}.html", tmp_path / f"{lang}.svg"
        html.write_text(to_html(document), encoding="utf-8")
        svg.write_text(to_svg(document), encoding="utf-8")
        page = watched.page
        page.goto(html.as_uri())
        page.locator(".rm-card").first.wait_for()
        page.locator(".rm-card").last.click(force=True)
        assert_clean(page, watched, f"{customer} {lang} html")
        page.goto(svg.as_uri())
        assert page.locator("script, img, foreignObject").count() == 0
        assert_clean(page, watched, f"{customer} {lang} svg")


def test_an_address_that_is_a_script_is_refused(poisoned_db: Database, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,name,url\nx,X,javascript:alert(1)\n")
    with pytest.raises(ImportRefused) as refused:
        import_records(access_to(poisoned_db, NOW), tmp_path)
    [problem] = refused.value.problems
    assert (problem.column, problem.value) == ("url", "javascript:alert(1)")
