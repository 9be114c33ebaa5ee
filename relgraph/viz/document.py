"""The map document: one geometry that page, offline file and SVG all draw (DESIGN §6).

Lengths are CSS pixels at 100 %; the origin is the upper left corner and every coordinate is
≥ 0. Text is in the language the document was asked for. Null is unknown.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal, TypedDict

from relgraph.schema.line_styles import Dash, Ends
from relgraph.schema.values import Values
from relgraph.schema.vocabulary import Lang

Point = tuple[float, float]


class MapCustomer(TypedDict):
    id: str
    name: str
    name_alt: str
    kind: str | None
    industry: str | None
    region: str | None
    grade: str | None
    owner_id: str | None
    owner: str | None
    importing: str | None
    ref: str
    version: int | None


class MapDeal(TypedDict):
    id: str
    name: str
    name_alt: str
    stage: str | None
    amount: float | None
    currency: str | None
    close_date: str | None
    outcome: str | None
    ref: str
    version: int | None


class PowerRange(TypedDict):
    """Power, and between what it lies where parts of it are unknown."""

    value: float | None
    low: float
    high: float


class Basis(TypedDict):
    """How much of what the map says is assessed, and how old that is."""

    people: int
    assessed: int
    older_than_90_days: int
    seats: int
    seats_assessed: int
    seats_older_than_90_days: int
    undated: int
    oldest: str | None
    newest: str | None
    ties: int
    text: str


@dataclass(slots=True)
class Chip:
    """The short word on a card: what the person does in the deal."""

    text: str
    tone: Literal["dark", "soft"]


@dataclass(slots=True)
class RoleMark:
    """A role with the API path and version of its edge."""

    role: str
    label: str
    ref: str
    version: int | None
    can_veto: bool | None = None
    approval_limit: float | str | None = None
    decision_weight: float | None = None


@dataclass(slots=True)
class Card:
    """One person, empty seat, or one of us. `id` is the person's own id.

    `ref` is the path of the node in the API, `stance_ref` that of the judgement that the stance
    comes from, null where nothing is judged yet; each with its version.
    """

    id: str
    kind: Literal["person", "seat", "member"]
    shape: Literal["card", "row", "pill", "chip"]
    name: str
    name_alt: str
    title: str
    initials: str
    x: float
    y: float
    w: float
    h: float
    department_id: str | None = None
    manager_id: str | None = None
    depth: int | None = None
    stance: int | None = None
    stance_label: str = ""
    assessed_at: str | None = None
    assessed_by: str | None = None
    evidence: str | None = None
    age_days: int | None = None
    stale: bool = False
    roles: list[RoleMark] = field(default_factory=list)
    chip: Chip | None = None
    closeness: int | None = None
    power: PowerRange | None = None
    interest: float | None = None
    email: str | None = None
    phone: str | None = None
    url: str | None = None
    findings: list[str] = field(default_factory=list)
    ref: str = ""
    version: int | None = None
    stance_ref: str | None = None
    stance_version: int | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    """How many lines at this person the document leaves out, by kind; {} if none."""


@dataclass(slots=True)
class Group:
    """A department drawn round its people; `stances` counts them by stance ("2"…"unknown").

    `ref` is its path in the API; null for people without a department.
    """

    id: str
    name: str
    name_alt: str
    count: int
    stances: dict[str, int] = field(default_factory=dict)
    x: float = 0.0
    y: float = 0.0
    w: float = 0.0
    h: float = 0.0
    folded: bool = False
    summary: str = ""
    ref: str | None = None
    version: int | None = None


@dataclass(slots=True)
class LineLabel:
    text: str
    x: float
    y: float


@dataclass(slots=True)
class DrawnLine:
    """One edge with its route. `shown` tells whether it is drawn always or when selected.

    `ref` is its path in the API.
    """

    id: str
    kind: str
    """A kind of `relgraph.schema.line_styles`; the legend says how it is drawn."""
    from_id: str
    to_id: str
    points: list[Point]
    strength: float | None = None
    width: float = 1.25
    dashed: Dash = ""
    shown: Literal["always", "selected"] = "always"
    label: LineLabel | None = None
    word: str = ""
    closeness: int | None = None
    directed: bool = True
    assessed_at: str | None = None
    assessed_by: str | None = None
    evidence: str | None = None
    age_days: int | None = None
    ref: str = ""
    version: int | None = None


@dataclass(slots=True)
class LineList:
    """A list in a person's panel: of lines that end there, that begin there, or of both."""

    ends: Ends
    heading: str


@dataclass(slots=True)
class DrawnStyle:
    """How lines of a kind are drawn. `color` is a design token, `width` that of a sample."""

    kind: str
    color: str
    width: float
    dash: Dash
    arrow: bool
    casing: bool
    lists: list[LineList]


@dataclass(slots=True)
class LegendEntry:
    """A stance with its symbol, or a kind of line with its style."""

    kind: Literal["stance", "line"]
    key: str
    symbol: str
    label: str
    style: DrawnStyle | None = None


@dataclass(slots=True)
class FindingText:
    code: str
    text: str
    ids: list[str]


@dataclass(slots=True)
class AnswerPart:
    """A piece of the answer strip; `ids` light up their cards when it is pointed at."""

    text: str
    ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class MapDocument:
    """A customer, and optionally a deal, as a drawing."""

    customer: MapCustomer
    deal: MapDeal | None
    lang: Lang
    now: str
    width: float
    height: float
    cards: list[Card]
    groups: list[Group]
    lines: list[DrawnLine]
    legend: list[LegendEntry]
    findings: list[FindingText]
    answer: list[AnswerPart]
    based_on: Basis
    words: dict[str, str] = field(default_factory=dict)
    """Texts that the drawing's own controls and panel use, in `lang`."""
    version: int = 1
    left_out: dict[str, int] = field(default_factory=dict)
    """How many lines are left out, by kind: those of a large customer that are not drawn unless
    somebody asks for a person. {} if the document has every line."""

    def line_styles(self) -> dict[str, DrawnStyle]:
        """How each kind of line is drawn. Of two styles of a kind the first gives its colour."""
        styles: dict[str, DrawnStyle] = {}
        for entry in self.legend:
            if entry.style is not None:
                styles.setdefault(entry.style.kind, entry.style)
        return styles

    def to_dict(self) -> Values:
        """Plain dicts and lists, ready for JSON (orjson serialises the dataclasses as well)."""
        return asdict(self)
