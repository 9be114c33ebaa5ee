"""The form in which names, words and references are compared."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def normal(text: str) -> str:
    """Text in NFC, small letters, without invisible signs and with one space between words.

    Two texts that people would call the same are equal in it; it is for comparing only.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())
