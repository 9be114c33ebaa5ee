"""The design tokens of `assets/tokens.css`, for drawings that have no style sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

Theme = Literal["light", "dark"]

_BLOCK = re.compile(r"(:root[^{]*)\{([^}]*)\}")
_TOKEN = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")


@cache
def tokens(theme: Theme = "light") -> Mapping[str, str]:
    """Every token of a theme by name, e.g. `tokens("dark")["stance-2-bar"]`."""
    css = files("relgraph.viz").joinpath("assets", "tokens.css").read_text("utf-8")
    values: dict[str, str] = {}
    for selector, body in _BLOCK.findall(css):
        if "dark" not in selector or theme == "dark":
            values.update((name, value.strip()) for name, value in _TOKEN.findall(body))
    return values


def stance_token(stance: int | None) -> str:
    """Beginning of the token names of a stance: `stance-2`, `stance-n1`, `stance-unknown`."""
    if stance is None:
        return "stance-unknown"
    return f"stance-n{-stance}" if stance < 0 else f"stance-{stance}"
