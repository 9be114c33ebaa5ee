"""Cells as they come from CSV files and spreadsheets."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from relgraph.records.problems import CellError
from relgraph.records.tables.cells import as_number, as_text, read_when, readers
from relgraph.schema.edges import Influences, Plays, Supports
from relgraph.schema.nodes import Deal, Stakeholder


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0.8", 0.8), (" 12 ", 12), ("1,200,000", 1_200_000), ("1，200", 1200), ("75%", 0.75),
        ("75％", 0.75), ("-3", -3), ("1e3", 1000), (7, 7), (0.25, 0.25), ("1 200", 1200),
        ("12,345.5", 12345.5),
    ],
)  # fmt: skip
def test_numbers(cell: object, number: float) -> None:
    assert as_number(cell) == number


@pytest.mark.parametrize("cell", ["", "many", "1,2", "12,34", "nan", "inf", True, date.today()])
def test_no_numbers(cell: object) -> None:
    with pytest.raises(CellError):
        as_number(cell)


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2026-11-24", "2026-11-24"), ("2026/11/4", "2026-11-04"), ("2026.1.2", "2026-01-02"),
        ("2026年11月24日", "2026-11-24"), ("20261124", "2026-11-24"),
        (datetime(2026, 11, 24), "2026-11-24"), (date(2026, 11, 24), "2026-11-24"),
        (46350, "2026-11-24"), ("2026-11-24T10:00:00+08:00", "2026-11-24T02:00:00Z"),
        ("2026-11-24 10:00:00", "2026-11-24T10:00:00Z"),
    ],
)  # fmt: skip
def test_days_and_instants(cell: object, iso: str) -> None:
    assert read_when(cell) == iso


@pytest.mark.parametrize("cell", ["11/24/2026", "24.11.2026", "2026-02-30", "soon", "2026", 5])
def test_dates_that_could_be_read_in_two_ways_or_in_none(cell: object) -> None:
    with pytest.raises(CellError):
        read_when(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("true", True), ("YES", True), ("1", True), ("是", True), (True, True), (1, True),
     ("false", False), ("No", False), ("0", False), ("否", False), (False, False), (0.0, False)],
)  # fmt: skip
def test_truth(cell: object, value: bool) -> None:
    assert readers(Stakeholder)["top"](cell) is value


@pytest.mark.parametrize(
    ("cell", "word"),
    [("veto", "veto"), ("Decision Maker", "decision_maker"), ("decision-maker", "decision_maker"),
     ("采购", "buyer")],
)  # fmt: skip
def test_words_of_a_list_in_both_languages(cell: str, word: str) -> None:
    assert readers(Plays)["role"](cell) == word


def test_a_wrong_word_gets_a_guess() -> None:
    with pytest.raises(CellError) as error:
        readers(Plays)["role"]("champoin")
    assert "did you mean champion?" in error.value.right


@pytest.mark.parametrize(
    ("cell", "limit"),
    [("unlimited", "unlimited"), ("无限", "unlimited"), ("200,000", 200_000), (0, 0)],
)
def test_approval_limits(cell: object, limit: object) -> None:
    assert readers(Plays)["approval_limit"](cell) == limit


@pytest.mark.parametrize("cell", [0, -0.1, 1.01, "2"])
def test_strength_out_of_range(cell: object) -> None:
    with pytest.raises(CellError, match="out of range"):
        readers(Influences)["strength"](cell)


def test_stances_are_whole_steps() -> None:
    read = readers(Supports)["stance"]
    assert [read(cell) for cell in ("-2", 1.0, "+1")] == [-2, 1, 1]
    with pytest.raises(CellError):
        read(0.5)


def test_maps_as_json_or_pairs() -> None:
    read = readers(Stakeholder)["external_ids"]
    assert read('{"crm": "1"}') == read("crm:1") == '{"crm":"1"}'
    with pytest.raises(CellError):
        read("crm")


def test_currency_is_a_code() -> None:
    assert readers(Deal)["currency"]("CNY") == "CNY"
    with pytest.raises(CellError, match="right form"):
        readers(Deal)["currency"]("¥")


def test_numbers_as_text_have_no_needless_point() -> None:
    assert [as_text(cell) for cell in (12.0, 12.5, True, " a ")] == ["12", "12.5", "true", "a"]
