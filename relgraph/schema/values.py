"""Kinds of value that the models share: ids, ranges, dates, money, references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

Values = dict[str, Any]
"""Members of a node or edge, columns of a row, or parameters of a query, by name."""

MAX_ID = 200
MAX_NAME = 300
BY_EXTERNAL_ID = "by-external-id"
"""Stands in an address where another record's id could stand, too."""
RESERVED_IDS = frozenset({".", "..", BY_EXTERNAL_ID})
"""What cannot be an id: browsers and programs take dots out of an address before they ask."""
MAX_TEXT = 10_000
MAX_EXTERNAL_IDS = 1_000
"""Ids in other systems that a record may have."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Control characters, halves of characters that cannot be written, and what is no character."""


_SIGNS = "\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u180e\u00ad"
INVISIBLE = re.compile(f"[{_SIGNS}]")
"""Signs that nobody sees: of no width, for the direction of text, or a mark of the encoding."""
_AT_AN_END = re.compile(rf"^[\s{_SIGNS}]++|(?<![\s{_SIGNS}])[\s{_SIGNS}]++$")


def trimmed(text: str) -> str:
    """Text without invisible signs at its ends, and without spaces where there are some."""
    if text.isascii() or not INVISIBLE.search(text):
        return text
    kept = _AT_AN_END.sub("", text)
    ends = text.replace(kept, "", 1) if kept else text
    return kept if INVISIBLE.search(ends) else text


def _trimmed(value: object) -> object:
    return trimmed(value) if isinstance(value, str) else value


def _visible(value: object) -> object:
    if isinstance(value, str) and value and not trimmed(value):
        raise ValueError("this holds nothing but signs that nobody sees")
    return _trimmed(value)


def _clean_id(value: str) -> str:
    if value in RESERVED_IDS:
        raise ValueError("this cannot be an id, for its address would lead elsewhere")
    if _CONTROL.search(value) or "\n" in value or "\r" in value or "\t" in value:
        raise ValueError("an id is one line without control characters")
    return value


def _clean_text(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("text holds a control character")
    return value


def in_utc(moment: datetime) -> datetime:
    """An instant in UTC, in which one without a zone is already.

    Raises ValueError for one that lies outside the years 1 to 9999 there.
    """
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("in UTC this lies outside the years 1 to 9999") from None


def utc_text(moment: datetime) -> str:
    """An instant as it is stored: `2026-11-12T08:30:00Z`. Raises ValueError as `in_utc` does."""
    return in_utc(moment).isoformat(timespec="seconds").replace("+00:00", "Z")


def _when(value: object) -> object:
    """Normalise a day or an instant to ISO text in UTC: `2026-11-12` or `2026-11-12T08:30:00Z`."""
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        text = value.strip()
        try:
            if len(text) == 10:
                return date.fromisoformat(text).isoformat()
            return _when(datetime.fromisoformat(text))
        except ValueError:
            pass
    raise ValueError("write a day as 2026-11-12 or an instant as 2026-11-12T08:30:00Z")


def _day(value: object) -> object:
    if isinstance(value, datetime):
        return value.date().isoformat()
    normal = _when(value)
    return str(normal)[:10]


def _approval_limit(value: object) -> object:
    if isinstance(value, str):
        if value.strip().lower() in {"unlimited", "无限", "不限"}:
            return "unlimited"
        raise ValueError("write a number, or unlimited")
    return value


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a field that holds the id of another node, whose label is `label`.

    In the model of a node it is stored as an edge of `type`, which runs to the other node unless
    it is `incoming`, and always has the properties `fixed`. A node that `goes_along` is removed
    with the one that it names; any other stays without the reference. `rows` is the table whose
    rows are the same edges, with more to say of them; columns that the edge `carries` stand in it
    and not in the node. Answers with `with_name` tell the other node's name, too.
    """

    label: str
    type: str = ""
    incoming: bool = False
    fixed: tuple[tuple[str, str | bool], ...] = ()
    goes_along: bool = False
    rows: str = ""
    carries: tuple[str, ...] = ()
    with_name: bool = False


Id = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ID),
    AfterValidator(_clean_id),
    BeforeValidator(_visible),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME),
    AfterValidator(_clean_text),
    BeforeValidator(_visible),
]
Text = Annotated[
    str,
    StringConstraints(max_length=MAX_TEXT),
    AfterValidator(_clean_text),
    BeforeValidator(_trimmed),
]
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME),
    AfterValidator(_clean_text),
    BeforeValidator(_visible),
]
"""One entry of a list or map of text."""
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""A number from 0 to 1, both allowed."""
Strength = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
"""A number above 0 and up to 1. To remove an edge, delete it: 0 is not a strength."""
Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""An amount in the currency of its deal, in whole units, not thousands."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217 code."""
When = Annotated[str, BeforeValidator(_when)]
"""A day or an instant in UTC, as ISO-8601 text; text order is time order."""
Minutes = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
"""A length of time in minutes."""
Day = Annotated[str, BeforeValidator(_day)]
"""A day as ISO-8601 text."""
Limit = Annotated[Money | Literal["unlimited"], BeforeValidator(_approval_limit)]
"""The highest amount that a person may approve, or `unlimited`."""
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2000)]
"""An http or https address; no other scheme can be stored."""


AHEAD_OF_UTC = timedelta(hours=14)
"""By how much the day that has begun somewhere on Earth is ahead of UTC."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""What the clocks of two machines may differ by."""


def is_future(when: str, now: datetime) -> bool:
    """Whether a stored day or instant has not come yet, wherever on Earth it was written."""
    if len(when) == 10:
        return when > (now + AHEAD_OF_UTC).date().isoformat()
    return datetime.fromisoformat(when) > now + CLOCKS_DIFFER


def age_in_days(when: str | None, now: datetime) -> int | None:
    """Whole days from `when` (ISO text) to `now` (UTC); null if never."""
    return None if when is None else (now.date() - date.fromisoformat(when[:10])).days


def timestamp(moment: datetime) -> str:
    """An instant as stored text; the order of such texts is the order in time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(when: str) -> datetime:
    """A day or instant of type When; a day is its first moment in UTC."""
    moment = datetime.fromisoformat(when)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
