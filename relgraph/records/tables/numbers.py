"""Numbers as people write them: signs for thousands, a decimal sign, a currency.

What could be read in two ways, such as 12.500, is refused unless somebody has said which decimal
sign the file has.
"""

from __future__ import annotations

import math
import re
import sys
from datetime import date, datetime
from typing import Literal

from relgraph.records.problems import CellError

DecimalSign = Literal[".", ","]

_GROUPED = re.compile(
    r"([+-]?)(\d{1,3})([,，. \u00a0\u202f'’])(\d{3}(?:\3\d{3})*)(?:([.,])(\d+))?", re.ASCII
)
_PLAIN = re.compile(r"[+-]?(?:\d+(?:([.,])\d*)?|([.,])\d+)(?:[eE][+-]?\d+)?")
_SIGN_CODES = {
    "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₽": "RUB", "₫": "VND", "₺": "TRY", "₴": "UAH",
    "₪": "ILS", "元": "CNY", "RMB": "CNY", "US$": "USD", "HK$": "HKD",
}  # fmt: skip
_MONEY = r"(?:[A-Z]{1,3}\$|[A-Z]{3}|[$£¥￥€฿元\u20a0-\u20cf])"
_CURRENCY = re.compile(
    rf"^(?:([+-]?)\s*+({_MONEY})\s*+([+-]?[\d.,].*)|([+-]?[\d.,].*?)(?<!\s)\s*+({_MONEY}))$"
)


class AmbiguousNumber(CellError):
    """A number that could be read in two ways."""


def as_number(cell: object, decimal: DecimalSign | None = None, *, is_amount: bool = True) -> float:
    """A cell as a number. Raises CellError for what is none, or could be read in two ways.

    `decimal` is the decimal sign of the file, if somebody has said it. An amount may have the
    sign or code of a currency.
    """
    if isinstance(cell, bool | datetime | date):
        raise CellError("number_none")
    if isinstance(cell, int | float):
        number = float(cell) if abs(cell) <= sys.float_info.max else math.inf
    else:
        text = str(cell).strip()
        if is_amount:
            text, _ = _without_currency(text)
        percent = text.endswith(("%", "％"))
        if percent:
            text = text[:-1].rstrip()
        number = _read(text, decimal) / (100 if percent else 1)
    if not math.isfinite(number):
        raise CellError("number_infinite")
    return number


def currency_of(cell: object) -> str | None:
    """The ISO code of the currency that stands with an amount; None where it is not clear."""
    if not isinstance(cell, str):
        return None
    _, money = _without_currency(cell.strip())
    return _SIGN_CODES.get(money, money if re.fullmatch("[A-Z]{3}", money) else None)


def number_text(number: float, decimal: DecimalSign | None = None) -> str:
    """A number as text that can be read in one way only, whole ones without a decimal sign."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = repr(number)
    if decimal is None and _is_ambiguous(text):
        return f"{text}0"
    return text.replace(".", decimal or ".")


def _without_currency(text: str) -> tuple[str, str]:
    """The number, and what says its currency; "" if nothing does."""
    match = _CURRENCY.fullmatch(text)
    if match is None:
        return text, ""
    if match[2]:
        return f"{match[1]}{match[3]}", match[2]
    return match[4], match[5]


def _read(text: str, decimal: DecimalSign | None) -> float:
    if match := _GROUPED.fullmatch(text):
        sign, first, group, rest, point, fraction = match.groups()
        if point is None and len(rest) == 3 and group in ".,":
            if decimal is None and not first.startswith("0"):
                point, joined = f"{sign}{first}.{rest}", f"{sign}{first}{rest}"
                raise AmbiguousNumber("number_ambiguous", first=point, second=joined)
            if group == (decimal or "."):
                return float(f"{sign}{first}.{rest}")
        if first.startswith("0") or point == group:
            raise CellError("number_none")
        if group == (decimal or ".") or point not in (None, decimal or "."):
            raise CellError("decimal_sign", sign=decimal or ".")
        thousands = re.sub(r"\D", "", rest)
        return float(f"{sign}{first}{thousands}.{fraction or 0}")
    if match := _PLAIN.fullmatch(text):
        point = match[1] or match[2]
        if point not in (None, decimal or "."):
            raise CellError("decimal_sign", sign=decimal or ".")
        return float(text.replace(",", "."))
    raise CellError("number_none")


def _is_ambiguous(text: str) -> bool:
    try:
        _read(text, None)
    except AmbiguousNumber:
        return True
    return False
