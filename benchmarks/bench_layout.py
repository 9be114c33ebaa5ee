"""Layout and routing alone, and the size of the offline file."""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.data import organisation
from benchmarks.measure import alternate
from benchmarks.report import Section
from relgraph.insight.evaluation import Evaluation
from relgraph.viz.build import build_map
from relgraph.viz.geometry import lay_out
from relgraph.viz.html import to_html
from relgraph.viz.svg import to_svg

GOALS_MS = {40: 15, 200: 60, 1000: 400}
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def run() -> list[Section]:
    """Layout at 40, 200 and 1,000 people with three influences each."""
    layout = Section(
        "The map document",
        "One customer in memory, three influences a person. “Layout and routing” gives everything "
        "its place; “whole document” adds power, findings, the answer and every card's words.",
        ("people", "lines", "layout and routing, ms", "goal, ms", "whole document, ms"),
    )
    size = Section(
        "Size of the drawings",
        "The offline HTML file and the SVG of the same customers.",
        ("people", "HTML, kB", "SVG, kB", "goal for HTML, kB"),
    )
    for people, goal in GOALS_MS.items():
        account = organisation(people)
        deal_id = account.deals[0].id
        evaluation = Evaluation(account, deal_id, NOW)

        def document_of(account=account, deal_id=deal_id) -> object:  # type: ignore[no-untyped-def]
            return build_map(Evaluation(account, deal_id, NOW))

        def places(evaluation=evaluation) -> object:  # type: ignore[no-untyped-def]
            return lay_out(evaluation, "en")

        laid_out, built = alternate(15, places, document_of, warmup=3)
        document = build_map(evaluation)
        lines = f"{len(document.lines):,}"
        layout.rows.append((f"{people:,}", lines, laid_out.ms, f"≤ {goal}", built.ms))
        html, svg = to_html(document).encode(), to_svg(document).encode()
        size.rows.append(
            (
                f"{people:,}",
                f"{len(html) / 1000:.0f}",
                f"{len(svg) / 1000:.0f}",
                "≤ 100" if people == 40 else "",
            )
        )
    return [layout, size]
