"""The offline file: one file, no network, and everything in it works."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from relgraph.database import Database
from relgraph.insight.evaluation import Evaluation
from relgraph.records.reads.account import read_account
from relgraph.viz.build import build_map
from relgraph.viz.bundle import bundle
from relgraph.viz.html import hash_source, to_html
from tests.support.access import access_to
from tests.support.accounts import awkward
from tests.support.browser import Watched
from tests.support.service import NOW

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def offline(context: BrowserContext) -> Watched:
    """A page with the network cut off."""
    context.set_offline(True)
    return Watched(context.new_page())


def written(db: Database, target: Path, lang: str = "en") -> Path:
    account = read_account(access_to(db, NOW.date()), "northwind")
    target.write_text(
        to_html(build_map(Evaluation(account, "warehouse", NOW), lang)),  # type: ignore[arg-type]
        encoding="utf-8",
    )
    return target


def test_it_asks_for_nothing_and_pans_zooms_and_searches(
    demo_db: Database, offline: Watched, tmp_path: Path
) -> None:
    path = written(demo_db, tmp_path / "客户 map.html")
    page = offline.page
    page.goto(path.as_uri())
    stage = page.locator(".rm-stage")
    expect(page.locator(".rm-card")).to_have_count(47)
    at_rest = stage.get_attribute("style")
    page.mouse.move(760, 800)
    page.mouse.down()
    page.mouse.move(560, 700, steps=4)
    page.mouse.up()
    panned = stage.get_attribute("style")
    page.mouse.move(700, 500)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    zoomed = stage.get_attribute("style")
    assert len({at_rest, panned, zoomed}) == 3
    page.keyboard.press("/")
    page.keyboard.type("林芳")
    page.keyboard.press("Enter")
    expect(page.locator(".rm-selected .rm-name b")).to_have_text("Fang Lin")
    expect(page.locator(".rm-panel")).to_contain_text("Transformation Director")
    page.locator(".answer a").first.click()
    expect(page.locator(".rm-selected")).to_have_count(1)
    assert [url for url in offline.requests if not url.startswith("file:")] == []
    assert len(offline.requests) == 1, offline.requests
    assert offline.errors == []


def test_it_speaks_chinese(demo_db: Database, offline: Watched, tmp_path: Path) -> None:
    page = offline.page
    page.goto(written(demo_db, tmp_path / "map.html", "zh").as_uri())
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("h1")).to_contain_text("北辰物流集团")
    expect(page.locator(".rm-legend")).to_contain_text("坚定支持")
    assert offline.errors == []


def test_it_is_small(demo_db: Database, tmp_path: Path) -> None:
    size = written(demo_db, tmp_path / "map.html").stat().st_size
    assert size <= 100_000, f"{size} bytes at 40 people"


def test_without_scripts_there_are_still_the_people(
    demo_db: Database, browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(written(demo_db, tmp_path / "map.html").as_uri())
    expect(page.locator("noscript p")).to_contain_text("Eleanor Whitfield")
    context.close()


def test_it_prints_the_map_completely(demo_db: Database, offline: Watched, tmp_path: Path) -> None:
    page = offline.page
    page.goto(written(demo_db, tmp_path / "map.html").as_uri())
    page.locator(".rm-card").first.wait_for()
    page.emulate_media(media="print")
    expect(page.locator(".rm-search")).to_be_hidden()
    expect(page.locator(".rm-card").first).to_be_visible()
    assert page.pdf(landscape=True, format="A3").startswith(b"%PDF")


def test_modules_of_one_file_may_use_the_same_names(offline: Watched, tmp_path: Path) -> None:
    """Under the policy of an offline file, opened from the disk."""
    modules = {
        "main.js": 'import { answer as other } from "./other.js";\n'
        'const name = "main";\nfunction answer() {\n  return `${name} ${other()}`;\n}\n'
        "document.body.textContent = answer();\n",
        "other.js": 'const name = "other";\nexport function answer() {\n  return name;\n}\n',
    }
    script = bundle("main.js", modules.__getitem__)
    policy = f"default-src 'none'; script-src {hash_source(script)}"
    path = tmp_path / "two.html"
    path.write_text(
        f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{policy}"><body>'
        f'<script type="module">{script}</script>',
        encoding="utf-8",
    )
    offline.page.goto(path.as_uri())
    expect(offline.page.locator("body")).to_have_text("main other")
    assert offline.errors == []


def test_no_name_of_a_module_reaches_another_or_the_page(
    demo_db: Database, offline: Watched, tmp_path: Path
) -> None:
    page = offline.page
    page.goto(written(demo_db, tmp_path / "map.html").as_uri())
    page.locator(".rm-card").first.wait_for()
    names = ["RelationshipMap", "Store", "el", "$map", "$store", "relmap"]
    leaked = page.evaluate("names => names.filter((name) => name in globalThis)", names)
    assert leaked == []
    assert page.evaluate("document.querySelectorAll('script[type=module]').length") == 1


def test_the_document_of_any_customer_comes_out_as_it_went_in(
    offline: Watched, tmp_path: Path
) -> None:
    """Columns, shared texts and short numbers are undone: names, boxes and lines are there."""
    for case, account in awkward().items():
        document = build_map(Evaluation(account, None, NOW))
        path = tmp_path / "map.html"
        path.write_text(to_html(document), encoding="utf-8")
        offline.page.goto(path.as_uri())
        offline.page.locator(".rm-legend").wait_for()
        cards = offline.page.locator(".rm-viewport .rm-card").evaluate_all(
            """nodes => nodes.map((node) => [node.dataset.cardId, node.style.left,
               node.style.width, node.querySelector("b").textContent])"""
        )
        assert cards == [[c.id, f"{c.x:g}px", f"{c.w:g}px", c.name] for c in document.cards], case
        lines = offline.page.locator(".rm-viewport .rm-line").count()
        assert lines == len([line for line in document.lines if line.shown == "always"]), case
    assert offline.errors == []
