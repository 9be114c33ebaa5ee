"""Cells to values: each field of a model gets one function that reads its column.

The functions are derived from the models' own types and ranges, so that each is declared once.
They take text from CSV, and what a spreadsheet gives: numbers, dates, truth values.
"""

from __future__ import annotations

import difflib
import math
import re
import types
import typing
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial
from typing import Annotated, Any, Literal, Union

import annotated_types
import orjson
from pydantic import BaseModel, StringConstraints

from relgraph.records.normal import normal
from relgraph.records.problems import CellError
from relgraph.records.tables.numbers import AmbiguousNumber, DecimalSign, as_number
from relgraph.schema import values
from relgraph.schema.vocabulary import Vocabulary

Reader = Callable[[object], Any]

_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_COMPACT_DAY = re.compile(r"^(19|20)\d{6}$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_TRUE = frozenset(["true", "yes", "y", "1", "x", "是", "对", "真"])
_FALSE = frozenset(["false", "no", "n", "0", "否", "不", "假"])
_EXCEL_EPOCH = date(1899, 12, 30)
_DAYS_TO_1904 = 1462


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def excerpt(cell: object) -> str:
    """A cell as a report shows it, short and on one line."""
    text = " ".join(str(cell).split())
    return text if len(text) <= 80 else text[:79] + "…"


@cache
def readers(model: type[BaseModel], decimal: DecimalSign | None = None) -> dict[str, Reader]:
    """A reader for each field of a model. A reader raises CellError.

    `decimal` is the decimal sign of the numbers, if somebody has said it.
    """
    return {
        name: _for_type(field.annotation, tuple(field.metadata), decimal)
        for name, field in model.model_fields.items()
    }


@cache
def amounts(model: type[BaseModel]) -> frozenset[str]:
    """Fields of a model that take an amount of money."""
    names = set()
    for name, read in readers(model).items():
        with suppress(CellError):
            if read("EUR 1") == 1:
                names.add(name)
    return frozenset(names)


def as_text(cell: object) -> str:
    """A cell as text: whole numbers without a decimal point, dates in ISO form."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return read_when(cell)
    return str(cell).strip()


def read_when(cell: object) -> str:
    """A day or instant as ISO text in UTC. Raises CellError for an ambiguous or impossible one."""
    if isinstance(cell, datetime):
        if cell.tzinfo is None and cell.time() == datetime.min.time():
            return cell.date().isoformat()
        try:
            return values.utc_text(cell)
        except ValueError:
            raise CellError("day_impossible") from None
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if 20_000 <= cell <= 80_000:  # a spreadsheet's day number, 1954 to 2119
            return (_EXCEL_EPOCH + timedelta(days=int(cell))).isoformat()
        raise CellError("day_none")
    text = str(cell).strip()
    match = _DAY.match(text)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        if _COMPACT_DAY.match(text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
        if len(text) > 10 and text[:4].isdigit():
            return read_when(datetime.fromisoformat(text))
    except ValueError:
        raise CellError("day_impossible") from None
    raise CellError("day_ambiguous")


def read_day(cell: object) -> str:
    """The day of a day or instant. Raises CellError as `read_when` does."""
    return read_when(cell)[:10]


def from_1904(read: Reader) -> Reader:
    """The same reader where days that are numbers count from 1904; only days are read otherwise."""
    if read not in (read_when, read_day):
        return read

    def shifted(cell: object) -> Any:
        is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
        return read(cell + _DAYS_TO_1904 if is_number else cell)  # type: ignore[operator]

    return shifted


def _for_type(kind: Any, metadata: tuple[Any, ...], decimal: DecimalSign | None) -> Reader:
    """Reader of one type with its constraints. TypeError for a type that no cell can hold."""
    origin = typing.get_origin(kind)
    if origin is Annotated:
        inner, *more = typing.get_args(kind)
        return _for_type(inner, (*more, *metadata), decimal)
    if any(getattr(meta, "func", None) is values._approval_limit for meta in metadata):
        return partial(_limit, decimal=decimal)
    if any(getattr(meta, "func", None) is values._when for meta in metadata):
        return read_when
    if any(getattr(meta, "func", None) is values._day for meta in metadata):
        return read_day
    if origin in (Union, types.UnionType):
        parts = [part for part in typing.get_args(kind) if part is not type(None)]
        if len(parts) == 1:
            return _for_type(parts[0], metadata, decimal)
        return _number_or_word(*(_for_type(part, metadata, decimal) for part in parts))
    if origin is Literal and all(isinstance(choice, int) for choice in typing.get_args(kind)):
        return _choice_of_numbers(typing.get_args(kind), decimal)
    if origin is dict:
        key, value = typing.get_args(kind)
        examples = '{"crm": "123"}', "crm:123;erp:9"
        if isinstance(key, type) and issubclass(key, Vocabulary):
            first, second = [member.value for member in key][:2]
            examples = f'{{"{first}": 0.6}}', f"{first}:0.6;{second}:0.4"
        most = next((m.max_length for m in metadata if isinstance(m, annotated_types.MaxLen)), None)
        return _map(_for_type(key, (), decimal), _for_type(value, (), decimal), most, *examples)
    if origin is list:
        return lambda cell: [read_text(part) for part in _parts(cell)]
    if isinstance(kind, type) and issubclass(kind, Vocabulary):
        return _word(kind)
    if kind is bool:
        return _truth
    if kind is float:
        return _number(metadata, decimal)
    if kind is str:
        return _text(metadata)
    raise TypeError(f"no cell can hold {kind}; words to choose from are a Vocabulary")


def _text(metadata: tuple[Any, ...]) -> Reader:
    limits = [meta for meta in metadata if isinstance(meta, StringConstraints)]
    longest = next((meta.max_length for meta in limits if meta.max_length), values.MAX_TEXT)
    pattern = next((re.compile(str(meta.pattern)) for meta in limits if meta.pattern), None)
    is_single_line = any(getattr(meta, "func", None) is values._clean_id for meta in metadata)

    def read(cell: object) -> str:
        text = cell.strip() if isinstance(cell, str) else as_text(cell)
        if "\r" in text:  # one kind of line end, whatever the file was written on
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > longest:
            raise CellError("text_too_long", count=f"{len(text):,}", most=f"{longest:,}")
        if _CONTROL.search(text):
            raise CellError("control_character")
        if is_single_line and ("\n" in text or "\t" in text):
            raise CellError("id_lines")
        if is_single_line and text in values.RESERVED_IDS:
            raise CellError("id_reserved")
        if pattern is not None and not pattern.match(text):
            raise CellError("web_address_form" if "http" in pattern.pattern else "currency_form")
        return text

    return read


def _number(metadata: tuple[Any, ...], decimal: DecimalSign | None) -> Reader:
    low, high, above = -math.inf, math.inf, -math.inf
    for meta in metadata:
        for limit in getattr(meta, "metadata", None) or [meta]:
            if isinstance(limit, annotated_types.Ge):
                low = float(str(limit.ge))
            elif isinstance(limit, annotated_types.Le):
                high = float(str(limit.le))
            elif isinstance(limit, annotated_types.Gt):
                above = float(str(limit.gt))

    def read(cell: object) -> float:
        number = as_number(cell, decimal, is_amount=high == math.inf)
        if number > high or number < low or number <= above:
            if above == 0:
                raise CellError("range_above_zero", high=f"{high:g}")
            if high < math.inf:
                raise CellError("range", low=f"{low:g}", high=f"{high:g}")
            raise CellError("range_from", low=f"{low:g}")
        return number

    return read


def _truth(cell: object) -> bool:
    if isinstance(cell, bool):
        return cell
    word = as_text(cell).lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise CellError("truth")


def _word(vocabulary: type[Vocabulary]) -> Reader:
    words: dict[str, str] = {}
    for member in vocabulary:
        for spelling in (member.value, member.value.replace("_", " "), member.en, member.zh):
            words[normal(spelling)] = member.value
    allowed = ", ".join(member.value for member in vocabulary)

    def read(cell: object) -> str:
        text = normal(as_text(cell)).replace("-", "_")
        word = words.get(text) or words.get(text.replace("_", " "))
        if word is None:
            if near := guess(text[:40]):
                raise CellError("word_near", near=near, allowed=allowed)
            raise CellError("word", allowed=allowed)
        return word

    @lru_cache  # the same slip mostly stands in many rows
    def guess(text: str) -> str:
        near = difflib.get_close_matches(text, words, n=1)
        return words[near[0]] if near else ""

    return read


def _choice_of_numbers(choices: tuple[Any, ...], decimal: DecimalSign | None) -> Reader:
    allowed = ", ".join(str(choice) for choice in choices)

    def read(cell: object) -> int:
        number = as_number(cell, decimal, is_amount=False)
        if number not in choices:
            raise CellError("step", allowed=allowed)
        return int(number)

    return read


def _limit(cell: object, decimal: DecimalSign | None) -> float | str:
    if isinstance(cell, str) and cell.strip().lower() in {"unlimited", "无限", "不限"}:
        return "unlimited"
    try:
        number = as_number(cell, decimal)
    except AmbiguousNumber:
        raise
    except CellError:
        raise CellError("limit_none") from None
    if number < 0:
        raise CellError("limit_range")
    return number


def _number_or_word(read_number: Reader, read_word: Reader) -> Reader:
    def read(cell: object) -> Any:
        try:
            return read_number(cell)
        except CellError as error:
            if error.code != "number_none":
                raise
        try:
            return read_word(cell)
        except CellError as error:
            raise CellError("number_or_word", allowed=error.values["allowed"]) from None

    return read


def _parts(cell: object) -> list[str]:
    return [part.strip() for part in as_text(cell).replace("；", ";").split(";") if part.strip()]


def _map(read_key: Reader, read_value: Reader, most: int | None, json: str, short: str) -> Reader:
    def read(cell: object) -> str:
        text = as_text(cell)
        if text.startswith("{"):
            try:
                pairs = orjson.loads(text)
            except orjson.JSONDecodeError:
                raise CellError("map_json", json=json, short=short) from None
        else:
            pairs = {}
            for part in _parts(text):
                key, colon, value = part.partition(":")
                if not colon or not key.strip():
                    raise CellError("map_form", json=json, short=short)
                pairs[key.strip()] = value.strip()
        if most is not None and len(pairs) > most:
            raise CellError("entries_too_many", count=f"{len(pairs):,}", most=f"{most:,}")
        for value in pairs.values():
            if value is None or isinstance(value, dict | list):
                raise CellError("map_nested", json=json, short=short)
        clean = {read_key(key): read_value(value) for key, value in pairs.items()}
        return orjson.dumps(clean, option=orjson.OPT_SORT_KEYS).decode()

    return read


read_text: Reader = _text(())
"""Reads text of any kind, within the usual length and without control characters."""
