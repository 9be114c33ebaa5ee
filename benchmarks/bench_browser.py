"""From navigation to a stable picture, and frames a second while panning, beside pyvis."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.data import organisation
from benchmarks.measure import Timing
from benchmarks.report import Section
from relgraph.insight.evaluation import Evaluation
from relgraph.schema.account import Account
from relgraph.viz.build import build_map
from relgraph.viz.html import to_html

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
RUNS = 5
PAN_FRAMES = 120
GOAL_S = {40: 0.5, 200: 0.5, 1000: 1.0}

STABLE = """
() => new Promise(done => {
  let last = '', same = 0;
  const look = () => {
    const cards = document.querySelectorAll('[data-card-id]');
    const end = cards.length ? cards[cards.length - 1].getBoundingClientRect().x : '';
    const now = cards.length + ':' + end;
    same = now === last && cards.length ? same + 1 : 0;
    last = now;
    same >= 2 ? done(performance.now()) : requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""
FRAMES = """
count => new Promise(done => {
  let left = count, start = performance.now();
  const rate = () => count * 1000 / (performance.now() - start);
  const step = () => --left ? requestAnimationFrame(step) : done(rate());
  requestAnimationFrame(step);
})
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def run() -> list[Section]:
    """The offline file of 40, 200 and 1,000 people, and pyvis with its default physics."""
    section = Section(
        "In the browser",
        "The offline file in headless Chromium without a graphics card, 1440×900. Stable: the "
        "time from navigation until the last card has stood still for three frames; for pyvis, "
        "until its own event says that the picture has settled (at most 60 s are waited). Frames "
        "are counted while the picture is dragged.",
        (
            "people",
            "relgraph: stable, s",
            "goal, s",
            "frames a second",
            "goal",
            "pyvis: stable, s",
            "frames a second",
            "pyvis file, kB",
        ),
    )
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        for people, goal in GOAL_S.items():
            account = organisation(people)
            ours = Path(scratch) / f"ours{people}.html"
            ours.write_text(
                to_html(build_map(Evaluation(account, account.deals[0].id, NOW))), "utf-8"
            )
            theirs = Path(scratch) / f"pyvis{people}.html"
            write_pyvis(account, theirs)
            runs = [measured(browser, ours, STABLE) for _ in range(RUNS)]
            other = [measured(browser, theirs, PYVIS_STABLE)]
            section.rows.append(
                (
                    f"{people:,}",
                    f"{Timing(tuple(s for s, _ in runs)).median:.2f}",
                    f"≤ {goal}",
                    f"{Timing(tuple(f for _, f in runs)).median:.0f}",
                    "≥ 50" if people == 1000 else "",
                    f"{other[0][0]:.1f}",
                    f"{other[0][1]:.0f}",
                    f"{theirs.stat().st_size / 1000:.0f}",
                )
            )
    return [section]


def measured(browser: Browser, file: Path, stable: str) -> tuple[float, float]:
    """Seconds to a stable picture, and frames a second while dragging it."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(file.as_uri(), wait_until="commit")
    seconds = float(page.evaluate(stable)) / 1000
    frames = dragged(page)
    page.close()
    return seconds, frames


def dragged(page: Page) -> float:
    page.mouse.move(700, 500)
    page.mouse.down()
    page.evaluate(f"window.__frames = ({FRAMES})({PAN_FRAMES})")
    for step in range(60):
        page.mouse.move(700 + (step % 30) * 8 - 120, 500 + (step % 20) * 6 - 60)
    frames = float(page.evaluate("window.__frames"))
    page.mouse.up()
    return frames


PYVIS_STABLE = """
() => new Promise(done => {
  const timeout = setTimeout(() => done(60000), 60000);
  const wait = () => {
    if (!window.network) { requestAnimationFrame(wait); return; }
    window.network.once('stabilized', () => { clearTimeout(timeout); done(performance.now()); });
  };
  wait();
})
"""


def write_pyvis(account: Account, target: Path) -> None:
    """The same people and influences with pyvis' defaults; its library inlined, no CDN needed."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line")
    for person in account.people:
        network.add_node(person.id, label=person.name, title=person.title)
    for edge in account.influences:
        network.add_edge(edge.from_id, edge.to_id, value=edge.strength)
    for report in account.reports:
        network.add_edge(report.from_id, report.to_id)
    html: Any = network.generate_html()
    target.write_text(html, "utf-8")
