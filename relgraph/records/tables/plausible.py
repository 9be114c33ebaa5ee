"""In which encodings bytes read as text that somebody may have meant.

The bytes of most East Asian and Cyrillic encodings are valid in the others. What is valid and made
of common characters in two of them can be told apart by nobody: a guess would be wrong for
somebody, so that each of them counts, however well another one reads.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from functools import cache

from relgraph.records.tables.hangul import COMMON_HANGUL
from relgraph.records.tables.hanzi import COMMON

_FOREIGN = re.compile(r"[^\x00-\x7f]")
_PUNCTUATION = re.compile(r"[\u3000-\u3029\uff00-\uff65\u2010-\u203b\u00b7\u00b0\u00d7]")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fe\u3005\u3006]")
_HALF_KANA = re.compile(r"[\uff61-\uff9f]++")
_HALF_WORD = re.compile(
    r"(?:[\uff73\uff76-\uff84\uff8a-\uff8e]\uff9e|[\uff8a-\uff8e]\uff9f"
    r"|[\uff66\uff71-\uff9d][\uff67-\uff70]{0,2}+|[\uff61-\uff65])++"
)
"""Katakana of half width: voice marks and small signs stand only behind what can have them."""
_CYRILLIC_WORDS = re.compile(r"[A-Za-z]?[\u0400-\u045f\u0490\u0491\u2116]++[A-Za-z]?")
_CASED = re.compile(
    r"\u2116?(?:[\u0400-\u042f\u0490]*+[\u0430-\u045f\u0491]*+|"
    r"(?:[\u0400-\u042f\u0490][\u0430-\u045f\u0491]++)++)"
)
"""Small letters behind capital ones, as words and names are written."""
_ACCENTED = re.compile(rb"[A-Za-z][\x80-\xff]{1,2}(?![\x80-\xff])|[\x80-\xff]{1,2}[A-Za-z]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]++")

CHINESE = "gb18030"
_FEW_BYTES = 12
"""Of foreign bytes; of a name or two nobody says what is likely."""
_CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "iso8859-5")
Reads = Callable[[str], bool]


def plausible_encodings(content: bytes) -> list[str]:
    """Those in which the bytes read as text of common characters, Chinese first.

    What somebody may have meant in another encoding stands there however unlikely it is. Only of
    longer text that is not Chinese Japanese is left out where it is likely to be Korean.
    """
    texts = {encoding: text for encoding in _READS if (text := _decoded(content, encoding))}
    plausible = [encoding for encoding, text in texts.items() if _READS[encoding](text)]
    plausible += _cyrillic(content)
    if not plausible:
        return _latin(content)
    if CHINESE in plausible or sum(map(len, _HIGH_RUN.findall(content))) <= _FEW_BYTES:
        return plausible
    if "cp949" in plausible and _is_likely_korean(texts["cp949"]):
        # All common syllables of Korean are common characters of Japanese, too.
        return [each for each in plausible if each != "euc_jp"]
    return plausible


def _is_chinese(text: str) -> bool:
    signs = _signs(text)
    common = sum(1 for sign in signs if sign in COMMON)
    return 3 * common >= 2 * len(signs) and not _PRIVATE.search(text)


def _is_traditional(text: str) -> bool:
    return _mostly(_signs(text), _level("big5", range(0xA4, 0xC7)))


def _is_korean(text: str) -> bool:
    return _mostly(_signs(text), _level("euc_kr", range(0xB0, 0xC9)))


def _is_japanese(text: str) -> bool:
    """Whether it is kana and common kanji; katakana of half width must form words."""
    if not all(_HALF_WORD.fullmatch(word) for word in _HALF_KANA.findall(text)):
        return False
    signs = _signs(_KANA.sub("", text))
    return _mostly(signs, _level("euc_jp", range(0xB0, 0xD0)))


def _is_likely_korean(text: str) -> bool:
    signs = _signs(text)
    return 2 * sum(1 for sign in signs if sign in COMMON_HANGUL) >= len(signs)


_READS: dict[str, Reads] = {
    CHINESE: _is_chinese,
    "euc_jp": _is_japanese,
    "cp932": _is_japanese,
    "cp949": _is_korean,
    "big5": _is_traditional,
}


def _signs(text: str) -> list[str]:
    """Its characters that are neither ASCII nor punctuation."""
    return _FOREIGN.findall(_PUNCTUATION.sub("", _HALF_KANA.sub("", text)))


def _mostly(signs: list[str], common: frozenset[str]) -> bool:
    """Whether nine of ten are common, of fewer all."""
    return 10 * sum(1 for sign in signs if sign not in common) <= len(signs)


@cache
def _level(encoding: str, leads: Iterable[int]) -> frozenset[str]:
    """The common characters of an encoding, which stand together: by their first bytes."""
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    return frozenset(text for pair in pairs if len(text := pair.decode(encoding, "ignore")) == 1)


def _cyrillic(content: bytes) -> list[str]:
    """Encodings in which all that is foreign are words of Cyrillic letters."""
    fitting = []
    for encoding in _CYRILLIC:
        text = _decoded(content, encoding)
        words = _CYRILLIC_WORDS.findall(text)
        letters = sum(map(len, words))
        if 20 * letters < 19 * len(_FOREIGN.findall(text)):
            continue
        cased = sum(len(word) for word in words if _CASED.fullmatch(word))
        if 10 * cased >= 9 * letters:
            fitting.append(encoding)
    if "koi8-r" in fitting:
        fitting.remove("koi8-u")  # the same for Russian
    return fitting


def _latin(content: bytes) -> list[str]:
    """Western text has single letters with accents among others."""
    runs = len(_HIGH_RUN.findall(content))
    is_latin = 2 * len(_ACCENTED.findall(content)) >= runs > 0 and _decoded(content, "cp1252")
    return ["cp1252"] if is_latin else []


def _decoded(content: bytes, encoding: str) -> str:
    """The text, which may end within a character; "" for what is not valid."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(content)
    except UnicodeDecodeError:
        return ""
