"""Which file of a profile an export's file is, by the names of its columns.

Upper and lower case, spaces and signs between words do not count; a profile may know other names
of a column. Written names stay what reports show.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache

from relgraph.records.imports.profiles.model import File, Profile
from relgraph.records.normal import normal


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a file of a profile fits a header.

    `written` are the header's columns by the profile's names. `lacking` are columns of `needs`
    that are not among them. `known` tells whether the file can be read so.
    """

    file: File
    written: dict[str, str]
    lacking: list[str]
    by_name: bool
    known: bool


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """The letters and digits of a name, in small letters."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def fit_of(file: File, name: str, header: list[str]) -> Fit:
    """How a file of a profile fits a file of an export."""
    written = _written(file, header)
    lacking = [column for column in file.needs if column not in written]
    by_name = any(fnmatch(name.lower(), pattern.lower()) for pattern in file.names)
    enough = by_name and any(rows.can_be_made(set(written)) for rows in file.rows)
    return Fit(file, written, lacking, by_name, known=not lacking or enough)


def best_fit(profile: Profile, name: str, header: list[str]) -> Fit | None:
    """The file of the profile that an export's file is; None if none fits, or several do.

    A file is known by its columns, and by its name where several have them. With fewer columns
    it is known by its name if its rows can be made of what is there.
    """
    fits = [fit for file in profile.files if (fit := fit_of(file, name, header)).known]
    full = [fit for fit in fits if not fit.lacking]
    if len(full) == 1:
        return full[0]
    named = [fit for fit in full or fits if fit.by_name]
    return max(named, key=lambda fit: len(fit.written), default=None)


def nearest(profile: Profile, name: str, header: list[str]) -> Fit | None:
    """The file of the profile that is most like this one; None if nothing is alike."""
    fits = [fit_of(file, name, header) for file in profile.files]
    alike = [fit for fit in fits if fit.by_name or len(fit.lacking) < len(fit.file.needs)]

    def likeness(fit: Fit) -> tuple[bool, float, int]:
        return fit.by_name, -len(fit.lacking) / len(fit.file.needs or [""]), len(fit.written)

    return max(alike, key=likeness, default=None)


def _written(file: File, header: list[str]) -> dict[str, str]:
    """The header's names by the profile's.

    The same name comes before one that is written otherwise, and that before another name.
    """
    names = [column for column in header if column]
    chosen: dict[str, str] = {}
    for alike in (_same, _case, _letters, _other(file)):
        for column in file.reads:
            if column in chosen:
                continue
            free = (name for name in names if name not in chosen.values())
            hit = min(
                ((rank, name) for name in free if (rank := alike(column, name)) is not None),
                key=lambda pair: pair[0],
                default=None,
            )
            if hit is not None:
                chosen[column] = hit[1]
    return chosen


def _same(column: str, name: str) -> int | None:
    return 0 if column == name else None


def _case(column: str, name: str) -> int | None:
    return 0 if normal(column) == normal(name) else None


def _letters(column: str, name: str) -> int | None:
    return 0 if plain(column) == plain(name) != "" else None


def _other(file: File) -> Callable[[str, str], int | None]:
    ranks = {
        column: {plain(name): rank for rank, name in reversed(list(enumerate(names)))}
        for column, names in file.also.items()
    }

    def alike(column: str, name: str) -> int | None:
        return ranks.get(column, {}).get(plain(name))

    return alike
