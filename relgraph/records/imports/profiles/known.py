"""The profiles that relgraph brings."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from relgraph.errors import ImportRefused, because
from relgraph.records.imports.profiles.exports import read_sheets
from relgraph.records.imports.profiles.headers import best_fit
from relgraph.records.imports.profiles.model import (
    Profile,
    ProfileRefused,
    load_profile,
    parse_profile,
)
from relgraph.records.tables.conventions import UNSAID, Conventions

_FOLDER = files("relgraph.records.imports.profiles").joinpath("builtin")


@cache
def names() -> list[str]:
    """Names of the profiles."""
    entries = (file.name for file in _FOLDER.iterdir())
    return sorted(name.removesuffix(".toml") for name in entries if name.endswith(".toml"))


def text_of(name: str) -> str:
    """The file of a profile, to read, copy and change. Raises ProfileRefused."""
    if name not in names():
        raise ProfileRefused(because("no_profile", name=name, names=", ".join(names())))
    return _FOLDER.joinpath(f"{name}.toml").read_text("utf-8")


def profile(name_or_path: str) -> Profile:
    """A profile by name, or from a file that ends in .toml. Raises ProfileRefused."""
    if name_or_path.endswith(".toml"):
        return load_profile(Path(name_or_path))
    return parse_profile(text_of(name_or_path), name_or_path)


def profiles_for(path: Path, conventions: Conventions = UNSAID) -> list[str]:
    """Profiles that know a file of this export, the one that knows most of its columns first."""
    try:
        sheets = read_sheets(path, conventions)
    except ImportRefused:
        return []
    likeness: dict[str, tuple[int, int]] = {}
    for name in names():
        fits = [best_fit(profile(name), sheet.file, sheet.header) for sheet in sheets]
        full = [fit for fit in fits if fit is not None and not fit.lacking]
        if full:
            likeness[name] = -len(full), -sum(len(fit.written) for fit in full)
    return sorted(likeness, key=lambda name: (likeness[name], name))
