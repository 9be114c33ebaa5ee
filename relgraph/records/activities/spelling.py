"""How e-mail addresses are written: found in text, in lower case, without quotation marks."""

from __future__ import annotations

import re

_MARKS = "'\"\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}" + (
    "`\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
)
_ADDRESS = re.compile(r"(?<![^\s<>,;:\"()])[^\s<>,;:\"()][^\s<>,;:\"()@]*+@[^\s<>,;:\"()]++")
"""It begins where a word begins, so that a long text is read once."""


def addresses_in(text: str) -> list[str]:
    """All addresses of a text, in their order."""
    return [address for part in _ADDRESS.findall(text) if (address := plain(part))]


def plain(address: str) -> str:
    """An address in lower case without the marks around it; "" for what is none.

    No domain ends in a mark. A name may begin with one: it stays unless the end has one, too.
    """
    text = address.strip().lower()
    bare = text.rstrip(_MARKS)
    if bare != text:
        bare = bare.lstrip(_MARKS)
    return bare if _ADDRESS.fullmatch(bare) else ""
