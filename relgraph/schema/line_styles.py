"""How each kind of line is drawn: the one table that page, offline file and SVG share.

To show a further kind of edge between people on the map, add its style to `LINE_STYLES`, with the
kind's plural as its `table`, and its words to `relgraph/words`. Legend, drawings, panel and the
types of the browser's modules follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Dash = Literal["", "dash", "dot"]
Ends = Literal["incoming", "outgoing", "both"]


@dataclass(frozen=True, slots=True)
class PanelList:
    """A list in a person's panel: of lines that end there, that begin there, or of both."""

    ends: Ends
    heading: str
    """Key of its heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStyle:
    """How one kind of line is drawn and what it is called. Widths are CSS pixels."""

    kind: str
    """The kind of its lines in the map document."""
    key: str = ""
    """Its key in the legend, where several styles share a kind; else the kind."""
    color: str
    """A design token of `viz/assets/tokens.css`."""
    word: str
    """Key of its label in the legend."""
    lists: tuple[PanelList, ...]
    """The lists of a person's panel that name the other ends of these lines."""
    thinnest: float = 1.5
    """Width where the strength is unknown or 0."""
    thickest: float = 1.5
    """Width at strength 1."""
    dash: Dash = ""
    arrow: bool = True
    """Whether a directed line has an arrow head at its end."""
    casing: bool = True
    """Whether it lies on a strip of the page's colour, so that crossings show a gap."""
    labelled: bool = False
    """Whether its strength stands beside a line that is always drawn."""
    table: str = ""
    """Plural of the kind of edge that is drawn so, where `viz.lines` has no rule for it."""

    @property
    def legend_key(self) -> str:
        return self.key or self.kind

    def width(self, strength: float | None) -> float:
        """Width of a line by its strength from 0 to 1."""
        if strength is None:
            return self.thinnest
        return round(self.thinnest + (self.thickest - self.thinnest) * strength, 2)


REPORTS_TO = LineStyle(
    kind="reports_to",
    color="reports",
    word="map.reports_to",
    lists=(
        PanelList("outgoing", "viewer.reports_to"),
        PanelList("incoming", "viewer.reports"),
    ),
    thinnest=1.25,
    thickest=1.25,
    arrow=False,
    casing=False,
)
MATRIX = LineStyle(
    kind="reports_to",
    key="matrix",
    color="reports",
    word="map.matrix",
    lists=REPORTS_TO.lists,
    thinnest=1.25,
    thickest=1.25,
    dash="dot",
    arrow=False,
    casing=False,
)
INFLUENCE = LineStyle(
    kind="influence",
    color="influence",
    word="map.influence",
    lists=(
        PanelList("incoming", "viewer.influenced_by"),
        PanelList("outgoing", "viewer.influences"),
    ),
    thickest=4.0,
    labelled=True,
)
CONFLICT = LineStyle(
    kind="conflict",
    color="conflict",
    word="map.conflict",
    lists=(PanelList("both", "viewer.conflicts"),),
    thinnest=1.75,
    thickest=1.75,
    dash="dash",
    labelled=True,
)
KNOWS = LineStyle(
    kind="knows",
    color="knows",
    word="map.knows",
    lists=(PanelList("incoming", "viewer.known_by"), PanelList("outgoing", "viewer.knows")),
    thickest=4.0,
)
RELATION = LineStyle(
    kind="relation",
    color="text-2",
    word="map.relation",
    lists=(PanelList("both", "viewer.ties"),),
    dash="dot",
)

LINE_STYLES: tuple[LineStyle, ...] = (REPORTS_TO, MATRIX, INFLUENCE, CONFLICT, KNOWS, RELATION)
"""Every style, in the order of the legend."""

STYLE_OF_TABLE = {style.table: style for style in LINE_STYLES if style.table}
"""The style of each kind of edge that is drawn by its style alone."""
