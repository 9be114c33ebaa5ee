"""Cells as they come from CSV files and spreadsheets."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.records.problems import CellError
from relgraph.records.tables.cells import as_text, read_when, readers
from relgraph.records.tables.numbers import DecimalSign, as_number, currency_of, number_text
from relgraph.schema.edges import Influences, Plays, Supports
from relgraph.schema.nodes import Deal, Stakeholder


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0.8", 0.8), (" 12 ", 12), ("1,200,000", 1_200_000), ("1，200", 1200), ("75%", 0.75),
        ("75％", 0.75), ("-3", -3), ("1e3", 1000), (7, 7), (0.25, 0.25), ("1 200", 1200),
        ("12,345.5", 12345.5),
        ("0.125", 0.125), ("-0.125", -0.125), (".5", 0.5),
        ("1234.567", 1234.567), ("12.5000", 12.5), ("1'200.5", 1200.5),
    ],
)  # fmt: skip
def test_numbers(cell: object, number: float) -> None:
    assert as_number(cell) == number


@pytest.mark.parametrize("cell", ["", "many", "1,2", "12,34", "nan", "inf", True, date.today()])
def test_no_numbers(cell: object) -> None:
    with pytest.raises(CellError):
        as_number(cell)


@pytest.mark.parametrize("cell", ["12.500", "1,500", "-999.999", "+1,000", "EUR 12.500", "1.500 %"])
def test_numbers_that_could_be_read_in_two_ways(cell: str) -> None:
    with pytest.raises(CellError, match=r"could be .* or .*") as error:
        as_number(cell)
    assert "--decimal" in str(error.value)


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("12.500", ".", 12.5), ("12.500", ",", 12500), ("1,500", ".", 1500), ("1,500", ",", 1.5),
        ("1.234,5", ",", 1234.5), ("1,234.5", ".", 1234.5), ("0,8", ",", 0.8),
        ("12,34", ",", 12.34),
        ("1.200.000", ",", 1_200_000), ("75,5%", ",", 0.755), ("1 234,567", ",", 1234.567),
        ("0.125", ".", 0.125), ("0,125", ",", 0.125), ("7", ",", 7), (1.125, ",", 1.125),
    ],
)  # fmt: skip
def test_numbers_where_the_decimal_sign_is_known(
    cell: object, decimal: DecimalSign, number: float
) -> None:
    assert as_number(cell, decimal) == number


@pytest.mark.parametrize(
    ("cell", "decimal"),
    [("1.234,5", "."), ("1,234.5", ","), ("0.8", ","), ("0,8", "."), ("1,200,000", ","),
     ("0.800", ","), ("1.200.5", None), ("1,2,3", "."), ("0,8", None), ("0,800", None),
     ("1.200.000", None), ("1.200.000,50", None)],
)  # fmt: skip
def test_numbers_that_contradict_the_decimal_sign(cell: str, decimal: DecimalSign | None) -> None:
    with pytest.raises(CellError):
        as_number(cell, decimal)


@pytest.mark.parametrize(
    ("cell", "number", "code"),
    [
        ("EUR 12.5", 12.5, "EUR"), ("12.5 EUR", 12.5, "EUR"), ("€1200", 1200, "EUR"),
        ("-£5", -5, "GBP"), ("$ 1,200,000", 1_200_000, None), ("¥800", 800, None),
        ("1200元", 1200, "CNY"), ("RMB 3", 3, "CNY"), ("US$ 7", 7, "USD"),
        ("CHF1'200.50", 1200.5, "CHF"),
        ("12", 12, None), (12, 12, None),
    ],
)  # fmt: skip
def test_amounts_with_a_currency(cell: object, number: float, code: str | None) -> None:
    assert (as_number(cell), currency_of(cell)) == (number, code)


@pytest.mark.parametrize("cell", ["EUR", "12 EUR EUR", "eur 12", "12万", "EUR 1,2", "1_000"])
def test_what_is_no_currency(cell: str) -> None:
    with pytest.raises(CellError):
        as_number(cell)


def test_a_share_has_no_currency() -> None:
    with pytest.raises(CellError, match="is not a number"):
        readers(Influences)["strength"]("EUR 0.5")


finite = st.floats(allow_nan=False, allow_infinity=False)
thousandths = st.integers(0, 10**6).map(lambda number: number / 1000)


@pytest.mark.parametrize("decimal", [None, ".", ","])
@given(number=finite | thousandths)
def test_numbers_as_text_are_read_back(decimal: DecimalSign | None, number: float) -> None:
    assert as_number(number_text(number, decimal), decimal) == number


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
    assert "did you mean champion?" in str(error.value)


@pytest.mark.parametrize(
    ("cell", "limit"),
    [("unlimited", "unlimited"), ("无限", "unlimited"), ("1,200,000", 1_200_000), (0, 0)],
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
    with pytest.raises(CellError, match="no code of a currency"):
        readers(Deal)["currency"]("¥")


def test_numbers_as_text_have_no_needless_point() -> None:
    assert [as_text(cell) for cell in (12.0, 12.5, True, " a ")] == ["12", "12.5", "true", "a"]
