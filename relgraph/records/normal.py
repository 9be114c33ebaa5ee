"""The form in which names, words and references are compared."""

from __future__ import annotations

import unicodedata

from relgraph.schema.values import INVISIBLE


def normal(text: str) -> str:
    """Text in NFC, small letters, without invisible signs and with one space between words.

    Two texts that people would call the same are equal in it; it is for comparing only.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())
