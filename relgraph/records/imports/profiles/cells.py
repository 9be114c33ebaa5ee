"""Fills one of our cells from a row of an export."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from relgraph.records.imports.profiles.model import Cell, Profile
from relgraph.records.normal import normal
from relgraph.records.problems import CellError
from relgraph.records.tables.cells import read_when

_HAN = re.compile(r"[一-鿿]")
_WORD = re.compile(r"[^\W_]+")


ANY = "*"
"""Stands in `values` for all that are not named."""


class Unmapped(Exception):
    """A value that the profile's `values` do not have."""


def filled(row: Mapping[str, str], column: str, profile: Profile) -> str:
    """A cell of the export; "" for what stands for nothing."""
    text = row.get(column, "")
    return "" if text in profile.blanks else text


def cell_text(cell: Cell, row: Mapping[str, str], profile: Profile) -> str:
    """The text of our cell; "" if nobody knows. Raises Unmapped, and CellError for no date."""
    text = _source_text(cell, row, profile)
    if text and cell.split:
        text = next((part.strip() for part in text.split(cell.split) if part.strip()), "")
    if not text:
        return ""
    if cell.values is not None:
        return _mapped(cell, text)
    if cell.date:
        return _day(text, profile)
    return text


def _source_text(cell: Cell, row: Mapping[str, str], profile: Profile) -> str:
    if cell.constant is not None:
        return cell.constant
    parts = [filled(row, column, profile) for column in cell.columns]
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
            return read_when(moment.astimezone(UTC))[:10]
        return moment.date().isoformat()
    try:
        return read_when(text)[:10]
    except CellError as error:
        raise CellError(
            "is a day in a form that the profile does not name",
            'name the form in a copy of the profile, such as dates = ["%d/%m/%Y"]',
        ) from error
