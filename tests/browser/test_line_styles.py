"""Page and offline file draw every kind of line as the SVG file does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from relgraph.viz.html import to_html
from relgraph.viz.svg import to_svg
from tests.support.browser import Watched, mount
from tests.support.line_kinds import all_drawn, every_kind

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOKS = """() => [...document.querySelectorAll("path[stroke-width]")]
  .filter((path) => !path.closest(".rm-legend, .rm-switch"))
  .map((path) => {
    const look = getComputedStyle(path);
    const head = look.markerEnd === "none" ? null
      : document.querySelector(look.markerEnd.match(/#[\\w-]+/)[0] + " path");
    return [path.getAttribute("d"), look.stroke, look.strokeWidth,
      look.strokeDasharray, head && getComputedStyle(head).fill].join("|");
  }).sort()"""


def looks(page: Page) -> list[str]:
    paths: list[str] = page.evaluate(LOOKS)
    return paths


def test_page_offline_file_and_svg_draw_alike(
    context: BrowserContext, watched: Watched, site: str, tmp_path: Path
) -> None:
    document = all_drawn(every_kind())
    page = watched.page
    svg, html = tmp_path / "map.svg", tmp_path / "map.html"
    svg.write_text(to_svg(document), encoding="utf-8")
    html.write_text(to_html(document), encoding="utf-8")

    page.goto(svg.as_uri())
    samples = len([entry for entry in document.legend if entry.style is not None])
    page.locator("path:not([fill]):not(marker *)").evaluate_all(
        "samples => samples.forEach((path) => path.remove())"
    )
    wanted = looks(page)
    cased = [line for line in document.lines if document.line_styles()[line.kind].casing]
    assert len(wanted) == len(document.lines) + len(cased) and samples == 6

    page.goto(html.as_uri())
    page.locator(".rm-card").first.wait_for()
    assert looks(page) == wanted
    assert page.locator(".rm-legend .rm-sample").count() == samples

    page.goto(site + "/customers/northwind/map")
    mount(page, document.to_dict())
    assert looks(page) == wanted
    assert page.locator(".rm-legend .rm-sample").count() == samples
    assert watched.errors == []


def test_a_panel_lists_every_kind_of_line(watched: Watched, site: str) -> None:
    document: dict[str, Any] = all_drawn(every_kind()).to_dict()
    watched.page.goto(site + "/customers/northwind/map")
    mount(watched.page, document)
    watched.page.locator('[data-card-id="p4"]').click()
    headings = watched.page.locator(".rm-panel h3").all_inner_texts()
    assert headings[-3:] == ["Who of us knows them", "Personal ties", "Reports to"]
    assert watched.errors == []
