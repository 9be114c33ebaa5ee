"""Each column, and a cell that it cannot hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from relgraph.schema.kinds import KINDS, kind_with_label
from tests.records.bad_input.refusals import (
    BLANK,
    DAY,
    DECIMAL,
    NO_DATE,
    NUMBER,
    OTHER_SIGN,
    SHARE,
    STRENGTH,
    Stored,
)
from tests.records.folders import folder

# cells: one bad cell in a row that is sound else ----------------------------------------------

SOUND: dict[str, dict[str, str]] = {
    "teams": {"id": "new", "name": "New"},
    "members": {"id": "new", "name": "New"},
    "customers": {"id": "new", "name": "New"},
    "departments": {"id": "new", "name": "New", "customer_id": "c"},
    "offerings": {"id": "new", "name": "New"},
    "stakeholders": {"id": "new", "name": "New", "customer_id": "c"},
    "deals": {"id": "new", "name": "New", "customer_id": "c"},
    "employments": {"stakeholder_id": "a", "customer_id": "c2"},
    "reports_to": {"from_id": "a", "to_id": "b"},
    "influences": {"from_id": "a", "to_id": "b", "strength": "0.5"},
    "relations": {"from_id": "a", "to_id": "b", "kind": "friend"},
    "supports": {"stakeholder_id": "a", "deal_id": "deal"},
    "interests": {"stakeholder_id": "a", "deal_id": "deal"},
    "roles": {"stakeholder_id": "a", "deal_id": "deal", "role": "buyer"},
    "knows": {"member_id": "m", "stakeholder_id": "a"},
    "activities": {
        "id": "call", "kind": "call", "happened_at": "2026-11-14", "member_id": "m",
        "stakeholder_id": "a",
    },
}  # fmt: skip

STANCES = "use one of -2, -1, 0, 1, 2"
TRUTH = ("is neither true nor false", "write true or false")
CONTROL = ("holds a control character", "remove it")
ONE_LINE = ("an id is one line", "remove the line break or tab")
JSON = 'write JSON such as {"crm": "123"}, or crm:123;erp:9'
MOTIVES = 'write JSON such as {"financial": 0.6}, or financial:0.6;business:0.4'
CURRENCY = "write three capital letters such as CNY"
ADDRESS = "write an address that begins with http:// or https://"
ADOPTERS = "innovator, early, pragmatist, conservative, laggard"
ROLES = "decision_maker, veto, approver, buyer, champion, evaluator, influencer, user, gatekeeper"

CELLS: dict[str, tuple[str, str, str, str, str]] = {
    "blank id": ("customers", "id", "", *BLANK),
    "blank name": ("deals", "name", " ", *BLANK),
    "blank end": ("knows", "stakeholder_id", "", *BLANK),
    "blank strength": ("influences", "strength", "", *BLANK),
    "strength 0": ("influences", "strength", "0", "is out of range", STRENGTH),
    "strength -1": ("influences", "strength", "-1", "is out of range", STRENGTH),
    "strength 1.5": ("influences", "strength", "1.5", "is out of range", STRENGTH),
    "strength in words": ("influences", "strength", "strong", "is not a number", NUMBER),
    "strength of a tie": ("relations", "strength", "0", "is out of range", STRENGTH),
    "strength 150 %": ("influences", "strength", "150%", "is out of range", STRENGTH),
    "no percentage": ("influences", "strength", "%", "is not a number", NUMBER),
    "two percentages": ("influences", "strength", "50%%", "is not a number", NUMBER),
    "stance 3": ("supports", "stance", "3", "is not a step of this scale", STANCES),
    "stance 0.5": ("supports", "stance", "0.5", "is not a step of this scale", STANCES),
    "closeness 0": (
        "knows", "closeness", "0", "is not a step of this scale", "use one of 1, 2, 3, 4, 5",
    ),
    "day that does not exist": (
        "deals", "close_date", "2026-02-30", "is not a day of the calendar", DAY,
    ),
    "month or day first": ("deals", "close_date", "03/04/2026", NO_DATE, DAY),
    "day with a short year": ("deals", "close_date", "26-03-04", NO_DATE, DAY),
    "day in words": ("supports", "assessed_at", "soon", NO_DATE, DAY),
    "hour that does not exist": (
        "supports", "assessed_at", "2026-03-04T25:00", "is not a day of the calendar", DAY,
    ),
    "instant before the year 1": (
        "supports", "assessed_at", "0001-01-01T00:00+09:00", "is not a day of the calendar", DAY,
    ),
    "neither true nor false": ("stakeholders", "top", "maybe", *TRUTH),
    "2 for true": ("roles", "can_veto", "2", *TRUTH),
    "misspelt word": (
        "roles", "role", "champoin", "is not a word of this list",
        f"did you mean champion? use one of {ROLES}",
    ),
    "word of another list": (
        "reports_to", "line", "wavy", "is not a word of this list", "use one of solid, dotted",
    ),
    "currency sign": ("deals", "currency", "€", "is no code of a currency", CURRENCY),
    "currency in small letters": (
        "deals", "currency", "cny", "is no code of a currency", CURRENCY,
    ),
    "address without http": (
        "customers", "url", "www.c.example", "is no web address", ADDRESS,
    ),
    "address that runs": (
        "customers", "url", "javascript:alert(1)", "is no web address", ADDRESS,
    ),
    "long name": (
        "customers", "name", "N" * 301, "has 301 characters", "use 300 at most",
    ),
    "long text": (
        "supports", "evidence", "E" * 10_001, "has 10,001 characters", "use 10,000 at most",
    ),
    "long id": ("customers", "id", "I" * 201, "has 201 characters", "use 200 at most"),
    "long text of our own": (
        "customers", "own", "E" * 10_001, "has 10,001 characters", "use 10,000 at most",
    ),
    "control character": ("customers", "name", "N\x07", *CONTROL),
    "control character in an unknown column": ("customers", "own", "o\x1bwn", *CONTROL),
    "control character in a list": ("customers", "product_lines", "x;y\x07", *CONTROL),
    "character that is none": ("customers", "name", "N\ufffe", *CONTROL),
    "id of two lines": ("customers", "id", "one\ntwo", *ONE_LINE),
    "id with a tab": ("customers", "id", "one\ttwo", *ONE_LINE),
    "negative amount": (
        "deals", "amount", "-1", "is out of range", "write a number of 0 or more",
    ),
    "amount 1,2": ("deals", "amount", "1,2", OTHER_SIGN, DECIMAL),
    "amount 1,200": ("deals", "amount", "1,200", "could be 1.200 or 1200", DECIMAL),
    "amount 1.200,5": ("deals", "amount", "1.200,5", OTHER_SIGN, DECIMAL),
    "amount 1.000.000": ("deals", "amount", "1.000.000", OTHER_SIGN, DECIMAL),
    "amount of two separators": ("deals", "amount", "1,000 000", "is not a number", NUMBER),
    "amount with a unit": ("deals", "amount", "2 million", "is not a number", NUMBER),
    "amount 1_000": ("deals", "amount", "1_000", "is not a number", NUMBER),
    "amount that is none": ("deals", "amount", "nan", "is not a number", NUMBER),
    "amount without end": (
        "deals", "amount", "1e999", "is not a finite number", "write a number such as 0.8",
    ),
    "formula in a file": ("deals", "amount", "=1+1", "is not a number", NUMBER),
    "decision_weight 1.2": ("roles", "decision_weight", "1.2", "is out of range", SHARE),
    "negative approval_limit": (
        "roles", "approval_limit", "-5", "is out of range",
        "write a number of 0 or more, or unlimited",
    ),
    "approval_limit in words": (
        "roles", "approval_limit", "a lot", "is no limit", "write a number, or unlimited",
    ),
    "budget 2": ("stakeholders", "budget", "2", "is out of range", SHARE),
    "adaptability that is neither number nor class": (
        "stakeholders", "adaptability", "quick", "is neither a number nor a word of this list",
        f"write a number such as 0.8, or use one of {ADOPTERS}",
    ),
    "map that is not JSON": ("customers", "external_ids", '{"crm": }', "is not JSON", JSON),
    "map that is a list": (
        "customers", "external_ids", '["crm"]', "is neither JSON nor pairs", JSON,
    ),
    "map of maps": (
        "customers", "external_ids", '{"crm": {"id": 1}}', "holds more than names and values",
        JSON,
    ),
    "pair without a name": (
        "customers", "external_ids", ":1", "is neither JSON nor pairs", JSON,
    ),
    "motives without weights": (
        "stakeholders", "motives", "financial", "is neither JSON nor pairs", MOTIVES,
    ),
    "unknown motive": (
        "stakeholders", "motives", '{"fame": 0.5}', "is not a word of this list",
        "use one of financial, business, relationship, technical",
    ),
    "weight of a motive": (
        "stakeholders", "motives", "financial:7", "is out of range", SHARE,
    ),
}  # fmt: skip


def with_cell(path: Path, table: str, column: str, cell: str) -> Path:
    return folder(path, **{table: [SOUND[table] | {column: cell}]})


@pytest.mark.parametrize(("table", "column", "cell", "wrong", "right"), CELLS.values(), ids=CELLS)
def test_cells(
    stored: Stored, tmp_path: Path, table: str, column: str, cell: str, wrong: str, right: str
) -> None:
    reported = " ".join(cell.split())
    reported = reported if len(reported) <= 80 else reported[:79] + "…"
    path = with_cell(tmp_path / "in", table, column, cell)
    expected = [(f"{table}.csv", 2, column, reported, wrong, right)]
    stored.refuses(path, expected)


REFERENCES = [
    (kind.plural, column, kind_with_label(label).words, kind_with_label(label).plural)
    for kind in KINDS
    for column, label in kind.refs.items()
]


@pytest.mark.parametrize(
    ("table", "column", "kind", "target"), REFERENCES, ids=[f"{r[0]}.{r[1]}" for r in REFERENCES]
)
def test_references_to_nothing(
    stored: Stored, tmp_path: Path, table: str, column: str, kind: str, target: str
) -> None:
    path = with_cell(tmp_path / "in", table, column, "nobody")
    wrong, right = f"there is no {kind} with this id", f"add it to {target} or correct the id"
    expected = [(f"{table}.csv", 2, column, "nobody", wrong, right)]
    stored.refuses(path, expected)
