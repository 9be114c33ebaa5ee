"""An updated document is drawn only where it differs, and nothing jumps."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from relgraph.database import Database
from relgraph.insight.evaluation import Evaluation
from relgraph.records.reads.account import read_account
from relgraph.viz.build import build_map
from tests.support.access import access_to
from tests.support.browser import Watched, mount
from tests.support.service import NOW

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Document = dict[str, Any]

LIST = ["li", "rm-filters"]
"""A person's row in the list for a phone, and the count of those against us above it."""
WATCH = """() => {
  globalThis.observer = new MutationObserver(() => {});
  observer.observe(relmap.root, {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
  for (const node of relmap.root.querySelectorAll("*")) node.seen = true;
}"""
UPDATE = """(doc) => {
  const parts = "[data-card-id], [data-line-id], .rm-group, .rm-list li, .rm-panel, .rm-legend";
  observer.takeRecords();
  relmap.update(doc);
  return [...new Set(observer.takeRecords().map(({ target }) => {
    const node = target.nodeType === 1 ? target : target.parentElement;
    const part = node.closest(parts) ?? node;
    return part.dataset.cardId ?? part.dataset.lineId ?? (part.className || part.localName);
  }))].sort();
}"""


@pytest.fixture
def document(demo_db: Database) -> Document:
    account = read_account(access_to(demo_db, NOW), "northwind")
    return build_map(Evaluation(account, "warehouse", NOW)).to_dict()


@pytest.fixture
def page(watched: Watched, site: str, document: Document) -> Page:
    watched.page.goto(site + "/customers/northwind/map")
    mount(watched.page, document)
    return watched.page


def card(document: Document, id_: str) -> Document:
    [match] = [card for card in document["cards"] if card["id"] == id_]
    return match


def updated(page: Page, document: Document) -> list[str]:
    """What an update touches: ids of cards and lines, classes of the other parts."""
    page.evaluate(WATCH)
    touched: list[str] = page.evaluate(UPDATE, document)
    return touched


def place(page: Page) -> str | None:
    return page.locator(".rm-stage").get_attribute("style")


def test_the_same_document_touches_nothing(page: Page, document: Document) -> None:
    page.locator('[data-card-id="nw-lin"]').click()
    assert updated(page, document) == []


def test_a_changed_stance_touches_its_card_alone(
    page: Page, watched: Watched, document: Document
) -> None:
    page.get_by_role("button", name="Zoom in").click()
    page.evaluate("relmap.view.pan(-30, -40)")
    page.locator('.rm-viewport [data-card-id="nw-whitfield"]').focus()
    before = place(page)
    card(document, "nw-lin").update(stance=-2, stance_label="opponent")

    assert updated(page, document) == sorted([*LIST, "nw-lin"])

    node = page.locator('.rm-viewport [data-card-id="nw-lin"]')
    expect(node).to_contain_text("▼▼ opponent")
    assert "s-n2" in (node.get_attribute("class") or "")
    assert node.evaluate("(node) => node.seen"), "the card is the same element"
    strangers = page.evaluate(
        """() => [...document.querySelectorAll(".rm-viewport *")].filter((node) =>
          !node.seen && !node.closest("[data-card-id='nw-lin']")).length"""
    )
    assert strangers == 0, "elements of other cards were made again"
    assert place(page) == before
    assert page.evaluate("document.activeElement.dataset.cardId") == "nw-whitfield"
    assert watched.errors == []


def test_focus_and_selection_stay_on_the_card_that_changes(page: Page, document: Document) -> None:
    page.locator('[data-card-id="nw-lin"]').click()
    expect(page.locator(".rm-panel")).to_contain_text("Fang Lin")
    page.locator(".rm-panel").evaluate("(panel) => { panel.scrollTop = 60; }")
    figures = page.locator(".rm-panel .rm-figures")
    figures.evaluate("(node) => { node.mine = true; }")
    before = place(page)
    lines = page.locator(".rm-line.rm-near").count()
    assert lines > 0
    card(document, "nw-lin").update(stance=-1, stance_label="sceptic")

    assert set(updated(page, document)) == {*LIST, "nw-lin", "rm-panel"}

    assert page.evaluate("document.activeElement.dataset.cardId") == "nw-lin"
    expect(page.locator(".rm-viewport .rm-selected")).to_have_attribute("data-card-id", "nw-lin")
    expect(page.locator(".rm-panel .rm-stance")).to_contain_text("▼ sceptic")
    assert figures.evaluate("(node) => node.mine"), "what did not change is the same element"
    assert page.locator(".rm-panel").evaluate("(panel) => panel.scrollTop") == 60
    assert page.locator(".rm-line.rm-near").count() == lines
    assert place(page) == before


def test_who_is_gone_is_not_selected_any_longer(
    page: Page, watched: Watched, document: Document
) -> None:
    page.locator('[data-card-id="nw-lin"]').click()
    before = place(page)
    document["cards"] = [card for card in document["cards"] if card["id"] != "nw-lin"]
    document["lines"] = [
        line for line in document["lines"] if "nw-lin" not in (line["from_id"], line["to_id"])
    ]
    updated(page, document)
    expect(page.locator('[data-card-id="nw-lin"]')).to_have_count(0)
    expect(page.locator(".rm-panel")).to_be_hidden()
    expect(page.locator(".rm-focus")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('[data-card-id]') !== null")
    assert place(page) == before
    assert watched.errors == []


def test_who_is_new_stands_in_the_documents_order(page: Page, document: Document) -> None:
    new = {**card(document, "nw-lin"), "id": "nw-new", "name": "Nia New", "x": 4, "y": 4}
    document["cards"].insert(1, new)
    document["lines"] = [line for line in document["lines"] if line["kind"] != "conflict"]
    updated(page, document)
    ids = page.locator(".rm-viewport [data-card-id]").evaluate_all(
        "nodes => nodes.map((node) => node.dataset.cardId)"
    )
    assert ids == [card["id"] for card in document["cards"]]
    expect(page.locator(".rm-line.rm-conflict")).to_have_count(0)
    page.get_by_role("combobox", name="Find a person").last.fill("Nia")
    page.keyboard.press("Enter")
    expect(page.locator(".rm-viewport .rm-selected b")).to_have_text("Nia New")


def test_a_card_that_moves_in_the_order_keeps_the_focus(page: Page, document: Document) -> None:
    page.locator('.rm-viewport [data-card-id="nw-lin"]').focus()
    document["cards"].sort(key=lambda card: card["id"] != "nw-lin")
    updated(page, document)
    assert page.evaluate("document.activeElement.dataset.cardId") == "nw-lin"
    first = page.locator(".rm-viewport [data-card-id]").first
    expect(first).to_have_attribute("data-card-id", "nw-lin")


def test_people_of_the_same_name_are_reached_each(page: Page, document: Document) -> None:
    """Rows of the panel that look alike lead to different people."""
    twins = ("nw-kane", "nw-liu")
    for id_ in twins:
        card(document, id_).update(name="Twin", name_alt="", stance=0, stance_label="neutral")
    for line in document["lines"]:
        line.update(evidence=None, assessed_at=None, strength=None)
    updated(page, document)
    reached = set()
    for index in range(2):
        page.evaluate("relmap.store.select('nw-whitfield')")
        page.locator(".rm-panel .rm-go", has_text="Twin").nth(index).click()
        reached.add(page.locator(".rm-viewport .rm-selected").get_attribute("data-card-id"))
    assert reached == set(twins)
