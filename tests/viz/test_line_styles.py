"""One table says how lines are drawn: legend, SVG and panel follow from it."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from relgraph.insight.evaluation import Evaluation
from relgraph.schema.account import OtherEdge
from relgraph.schema.kinds import EDGE_KINDS
from relgraph.schema.line_styles import LINE_STYLES, LineStyle, PanelList
from relgraph.viz import build, lines
from relgraph.viz.build import build_map
from relgraph.viz.paths import rounded_path
from relgraph.viz.svg import to_svg
from relgraph.viz.text import width_of
from relgraph.viz.tokens import tokens
from relgraph.words import catalogue
from tests.support.line_kinds import NOW, all_drawn, every_kind

NS = "{http://www.w3.org/2000/svg}"
DASHES = {"": None, "dash": "6 4", "dot": "1.5 4"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_is_drawn_in_svg_with_and_without_a_direction(theme: str) -> None:
    document = all_drawn(every_kind())
    assert {line.kind for line in document.lines} == {style.kind for style in LINE_STYLES}
    root = ElementTree.fromstring(to_svg(document, theme))  # type: ignore[arg-type]
    heads = {marker.get("id") for marker in root.iter(f"{NS}marker")}
    styles = document.line_styles()
    page = tokens(theme)["page"]  # type: ignore[arg-type]
    drawn: dict[str, list[ElementTree.Element]] = {}
    for path in root.iter(f"{NS}path"):
        if path.get("stroke") != page:
            drawn.setdefault(path.get("d") or "", []).append(path)
    for line in document.lines:
        style = styles[line.kind]
        head = f"url(#arrow-{line.kind})" if style.arrow and line.directed else None
        wanted = {
            "stroke": tokens(theme)[style.color],  # type: ignore[arg-type]
            "stroke-width": f"{line.width:g}",
            "stroke-dasharray": DASHES[line.dashed],
            "marker-end": head,
        }
        paths = drawn[rounded_path(line.points)]
        assert wanted in [{name: path.get(name) for name in wanted} for path in paths], line
        assert head is None or f"arrow-{line.kind}" in heads


def test_every_style_has_its_legend_entry_in_both_languages() -> None:
    for lang in ("en", "zh"):
        document = build_map(Evaluation(every_kind(), None, NOW), lang)  # type: ignore[arg-type]
        entries = [entry for entry in document.legend if entry.style is not None]
        assert [entry.key for entry in entries] == [
            style.key or style.kind for style in LINE_STYLES
        ]
        assert [entry.label for entry in entries] == [
            catalogue()[style.word][lang] for style in LINE_STYLES
        ]
        assert all(entry.kind == "line" and entry.label for entry in entries)


def test_the_legend_of_an_svg_stays_inside_its_width() -> None:
    document = build_map(Evaluation(every_kind(), None, NOW))
    root = ElementTree.fromstring(to_svg(document))
    labels = {entry.label for entry in document.legend}
    texts = {text.text: text for text in root.iter(f"{NS}text") if text.text in labels}
    assert texts.keys() == labels
    for label, text in texts.items():
        right = float(text.get("x") or 0) + width_of(label, 12)
        assert right <= float(root.get("width") or 0), label
        assert float(text.get("y") or 0) < float(root.get("height") or 0), label


def test_every_style_names_a_colour_words_and_edges_that_exist() -> None:
    tables = {kind.plural for kind in EDGE_KINDS}
    for style in LINE_STYLES:
        assert style.color in tokens("light") and style.color in tokens("dark")
        assert {style.word, *(part.heading for part in style.lists)} <= catalogue().keys()
        assert not style.table or style.table in tables
        assert style.lists, f"lines of {style.kind} stand in no panel"


MENTORS = LineStyle(
    kind="mentors",
    color="success",
    word="map.relation",
    lists=(PanelList("outgoing", "viewer.ties"),),
    thickest=3.5,
    table="knows",
)


def test_a_new_kind_needs_its_style_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "LINE_STYLES", (*LINE_STYLES, MENTORS))
    monkeypatch.setattr(lines, "STYLE_OF_TABLE", {MENTORS.table: MENTORS})
    edge = OtherEdge(table=MENTORS.table, key=("p0", "p3"), strength=1.0)
    document = build_map(Evaluation(replace(every_kind(), others=(edge,), by_id={}), None, NOW))
    [line] = [line for line in document.lines if line.kind == "mentors"]
    assert (line.id, line.width, line.shown) == ("mentors:p0:p3", 3.5, "selected")
    assert document.legend[-1].key == "mentors" and document.legend[-1].style is not None
    document.lines = [replace(line, shown="always")]
    svg = to_svg(document)
    assert 'marker-end="url(#arrow-mentors)"' in svg and tokens()["success"] in svg


def test_what_an_edge_does_not_say_is_unknown() -> None:
    edge = OtherEdge(table=MENTORS.table, key=("a", "b"))
    tie = lines.Tie(MENTORS, edge, "a", "b", edge.strength)
    _, [line] = lines.connections_of_ties([tie])
    assert (line.strength, line.directed, line.evidence) == (None, True, None)
    assert line.version is None
