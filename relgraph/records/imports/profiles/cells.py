"""Fills one of our cells from a row of an export."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from relgraph.records.imports.profiles.model import Cell, Profile
from relgraph.records.normal import normal
from relgraph.records.problems import CellError
from relgraph.records.tables.cells import read_when

_HAN = re.compile(r"[一-鿿]")
_BRACKETS = re.compile(r"(?<!\s)\s*+[(（][^()（）]*+[)）]$")
_WORD = re.compile(r"[^\W_]+")


ANY = "*"
"""Stands in `values` for all that are not named."""


class Unmapped(Exception):
    """A value that the profile's `values` do not have."""


def filled(row: Mapping[str, str], column: str, profile: Profile) -> str:
    """A cell of the export; "" for what stands for nothing."""
    text = row.get(column, "")
    return "" if text in profile.blanks else text


def has_value(row: Mapping[str, str], wanted: Mapping[str, list[str]], profile: Profile) -> bool:
    """Whether each of these columns has one of its values; upper and lower case count alike."""
    return all(
        normal(filled(row, column, profile)) in {normal(value) for value in values}
        for column, values in wanted.items()
    )


def cell_text(cell: Cell, row: Mapping[str, str], profile: Profile, row_id: str = "") -> str:
    """The text of our cell; "" if nobody knows. `row_id` is the id of a row that has none.

    Raises Unmapped, and CellError for no date.
    """
    for case in cell.cases:
        if has_value(row, case.when, profile):
            return case.value
    texts = source_texts(cell, row, profile, row_id)
    if not texts:
        return "" if cell.otherwise is None else cell_text(cell.otherwise, row, profile, row_id)
    if cell.values is not None:
        return _mapped(cell, texts[0])
    if cell.date:
        return _day(texts[0], profile)
    return texts[0]


def source_texts(
    cell: Cell, row: Mapping[str, str], profile: Profile, row_id: str = ""
) -> list[str]:
    """What a row says in the columns of this way, each of several values by itself."""
    text = row_id if cell.numbered else _source_text(cell, row, profile)
    parts = text.split(cell.split) if cell.split else [text]
    return [part.strip() for part in parts if part.strip()]


def domain_of(text: str) -> str:
    """The domain of an address of mail or a page, without www; "" if there is none."""
    address = text.strip().casefold().partition("://")[2] or text.strip().casefold()
    host = re.split(r"[/?#]", address)[0].rpartition("@")[2].partition(":")[0]
    host = host.strip("<>. ").removeprefix("www.")
    return host if "." in host and not re.search(r"\s", host) else ""


def _source_text(cell: Cell, row: Mapping[str, str], profile: Profile) -> str:
    if cell.constant is not None:
        return cell.constant
    parts = [filled(row, column, profile) for column in cell.sources]
    if cell.template is not None:
        if not all(parts):
            return ""
        return re.sub(r"\{([^}]*)\}", lambda gap: filled(row, gap[1], profile), cell.template)
    if cell.join is not None:
        return _name(parts)
    if cell.slug is not None:
        return slug(parts) if all(parts) else ""
    return next((part for part in parts if part), "")


def _name(parts: list[str]) -> str:
    """Given and family name; Chinese ones stand the other way round and without a space."""
    there = [part for part in parts if part]
    if there and all(_HAN.search(part) for part in there):
        return "".join(reversed(there))
    return " ".join(there)


def slug(parts: list[str]) -> str:
    """An id made of texts: their words in small letters; short, and another for other texts."""
    words = "-".join("-".join(_WORD.findall(part.casefold())) for part in parts)
    if words and len(words) <= 80:
        return words
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
    return f"{words[:60]}-{digest}".strip("-")


def _mapped(cell: Cell, text: str) -> str:
    values = {normal(name): value for name, value in (cell.values or {}).items()}
    mapped = values.get(normal(text))
    if mapped is None and cell.brackets:
        mapped = values.get(normal(_BRACKETS.sub("", text)))
    if mapped is not None:
        return mapped
    if cell.other == "keep":
        return text
    if ANY in values:
        return values[ANY]
    raise Unmapped(text)


def _day(text: str, profile: Profile) -> str:
    for form in profile.dates:
        try:
            moment = datetime.strptime(text, form)  # a day has no zone
        except ValueError:
            continue
        if moment.tzinfo is not None:
            return read_when(moment)[:10]
        return moment.date().isoformat()
    try:
        return read_when(text)[:10]
    except CellError as error:
        raise CellError("day_form") from error
