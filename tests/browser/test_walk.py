"""The walk of an account planner through the pages, in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser import Watched

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORDS = {
    "en": {
        "customers": "Customers",
        "customer": "Northwind Logistics",
        "matrix": "Matrix",
        "chain": "Decision chain",
        "people": "People",
        "deals": "Deals",
        "find": "Find a person",
        "who": "Eleanor Whitfield",
        "title": "Chief Financial Officer",
        "closely": "Manage closely",
        "approval": "Approval chain",
        "lane": "Needs assessment",
    },
    "zh": {
        "customers": "客户",
        "customer": "北辰物流集团",
        "matrix": "矩阵",
        "chain": "决策链",
        "people": "联系人",
        "deals": "商机",
        "find": "查找联系人",
        "who": "Eleanor Whitfield",
        "title": "首席财务官",
        "closely": "重点管理",
        "approval": "审批链",
        "lane": "需要评估",
    },
}


def in_language(page: Page, site: str, lang: str) -> None:
    page.goto(site + "/")
    page.get_by_role("link", name="中文" if lang == "zh" else "EN", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if lang == "zh" else "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_from_the_list_to_a_person(watched: Watched, site: str, lang: str) -> None:
    page, words = watched.page, WORDS[lang]
    in_language(page, site, lang)

    page.locator("nav.places").get_by_role("link", name=words["customers"]).click()
    page.get_by_role("link", name=words["customer"]).click()

    card = page.locator('[data-card-id="whitfield"], .rm-card').filter(has_text=words["who"])
    expect(card.first).to_be_visible()
    expect(page.locator(".rm-card")).to_have_count(47)
    expect(page.locator(".answer")).to_contain_text(words["who"])
    card.first.click()
    panel = page.locator(".rm-panel")
    expect(panel).to_contain_text(words["title"])
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()

    page.locator(".tabs").get_by_role("link", name=words["matrix"]).click()
    drawing = page.locator("svg.matrix")
    expect(drawing).to_contain_text(words["closely"])
    expect(drawing).to_contain_text(words["lane"])
    drawing.locator(".person", has_text=words["who"]).first.click()
    expect(page.locator(".figures h2:visible")).to_have_text(words["who"])
    expect(page.locator(".figures section:visible")).to_have_count(1)

    page.locator(".tabs").get_by_role("link", name=words["chain"]).click()
    expect(page.get_by_role("heading", name=words["approval"])).to_be_visible()
    expect(page.locator(".step")).to_have_count(4)
    expect(page.locator(".step.vacant")).to_have_count(0)
    expect(page.locator(".tie.chosen")).not_to_have_count(0)

    page.locator(".tabs").get_by_role("link", name=re.compile(words["people"])).click()
    page.get_by_role("link", name=words["who"]).last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["who"])
    assert watched.errors == []


def test_the_language_stays_and_keeps_the_place(watched: Watched, site: str) -> None:
    page = watched.page
    page.goto(site + "/customers/huading/chain?deal=network-extension&from=sun&to=zhou")
    page.get_by_role("link", name="中文", exact=True).click()
    expect(page).to_have_url(re.compile(r"/chain\?deal=network-extension&from=sun&to=zhou$"))
    expect(page.get_by_role("heading", name="通往 周启明 的路径")).to_be_visible()
    page.goto(site + "/customers")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_the_best_way_of_the_worked_example_is_drawn(watched: Watched, site: str) -> None:
    page = watched.page
    page.goto(site + "/customers/huading/chain?deal=dc-renewal&from=sun&to=zhou")
    scores = page.locator(".ranked .score b").all_inner_texts()
    assert scores == ["0.34", "0.24", "0.20", "0.14", "0.06"]
    page.locator("[data-choose-way]").nth(1).click()
    expect(page.locator(".tie.chosen")).to_have_count(2)
    expect(page.locator(".numbers:not(.unchosen) text")).to_have_text(["1", "2"])


def test_search_flies_to_a_person(watched: Watched, site: str) -> None:
    page = watched.page
    page.goto(site + "/customers/northwind/map")
    page.locator(".rm-card").first.wait_for()
    page.get_by_role("combobox", name="Find a person").fill("刘洋")
    page.keyboard.press("Enter")
    expect(page.locator(".rm-selected .rm-name b")).to_have_text("Yang Liu")
    expect(page.locator(".rm-panel")).to_contain_text("Yang Liu")
    box = page.locator(".rm-selected").bounding_box()
    assert box is not None and 0 < box["x"] < 1080 and 200 < box["y"] < 880


def test_pan_zoom_and_fit(watched: Watched, site: str) -> None:
    page = watched.page
    page.goto(site + "/customers/northwind/map")
    stage = page.locator(".rm-stage")
    stage.wait_for()
    start = stage.get_attribute("style")
    page.mouse.move(700, 850)
    page.mouse.down()
    page.mouse.move(500, 700, steps=4)
    page.mouse.up()
    panned = stage.get_attribute("style")
    page.get_by_role("button", name="Zoom in").click()
    zoomed = stage.get_attribute("style")
    assert len({start, panned, zoomed}) == 3
    page.get_by_role("button", name="Show everything (0)").click()
    expect(stage).to_have_attribute("style", start or "")
    expect(page.locator(".rm-panel")).to_be_hidden()


def test_the_keyboard_alone_is_enough(watched: Watched, site: str) -> None:
    page = watched.page
    page.goto(site + "/customers/huading/map")
    page.locator(".rm-card").first.wait_for()
    page.locator(".rm-viewport .rm-card[tabindex='0']").focus()
    page.keyboard.press("Enter")
    panel = page.locator(".rm-panel")
    expect(panel).to_be_visible()
    first = page.locator(".rm-selected").get_attribute("data-card-id")
    page.keyboard.press("ArrowDown")
    second = page.locator(".rm-selected").get_attribute("data-card-id")
    assert first != second
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.cardId") == second
    page.keyboard.press("/")
    page.keyboard.type("wang jian")
    page.keyboard.press("Enter")
    expect(page.locator(".rm-selected")).to_have_attribute("data-card-id", "wang")
    before = page.locator(".rm-stage").get_attribute("style")
    page.keyboard.press("+")
    assert page.locator(".rm-stage").get_attribute("style") != before
    page.keyboard.press("?")
    expect(page.locator(".rm-help")).to_be_visible()
    assert watched.errors == []


def test_the_answer_lights_up_its_people(watched: Watched, site: str) -> None:
    page = watched.page
    page.goto(site + "/customers/northwind/map")
    page.locator(".rm-card").first.wait_for()
    page.locator(".answer a", has_text="Eleanor Whitfield").first.click()
    expect(page.locator(".rm-selected .rm-name b")).to_have_text("Eleanor Whitfield")


def test_theme_stays(watched: Watched, site: str) -> None:
    page = watched.page
    page.goto(site + "/")
    page.locator("#theme").click()
    theme = page.locator("html").get_attribute("data-theme")
    page.goto(site + "/customers")
    expect(page.locator("html")).to_have_attribute("data-theme", theme or "")


@pytest.mark.parametrize("path", ["/", "/customers", "/people?q=an", "/people/zhou"])
def test_other_pages_have_no_errors(watched: Watched, site: str, path: str) -> None:
    watched.page.goto(site + path)
    watched.page.wait_for_load_state("networkidle")
    assert watched.errors == []
    assert all(url.startswith((site, "data:")) for url in watched.requests)


TABS = ["map", "matrix", "chain", "people", "deals"]


@pytest.mark.parametrize("widths", [(390,), (1440, 1920)], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_page_is_wider_than_the_screen(
    context: BrowserContext, site: str, widths: tuple[int, ...], lang: str
) -> None:
    """Loaded on the first of the screens, and when its window grows to the others."""
    page = context.new_page()
    sizes = [{"width": width, "height": 844} for width in widths]
    page.set_viewport_size(sizes[0])
    in_language(page, site, lang)
    paths = [f"/customers/{c}/{tab}" for c in ("northwind", "osterhaven") for tab in TABS]
    for path in ["/", "/customers", "/people?q=a", "/people/zhou", *paths]:
        page.set_viewport_size(sizes[0])
        page.goto(site + path)
        for size in sizes:
            page.set_viewport_size(size)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{path} is {wide} px wide"


def test_a_phone_shows_who_has_a_say_first(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site + "/customers/northwind/map")
    rows = page.locator(".rm-list-row")
    expect(rows).to_have_count(17)
    rows.nth(1).click()
    expect(page.locator(".rm-panel")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".rm-switch").get_by_role("button", name="Map").click()
    expect(page.locator(".rm-card").first).to_be_visible()
