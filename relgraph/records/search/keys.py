"""The keys under which search finds a node: pure text work, the same for writing and for asking.

Every name is found by the beginning of any of its words, a Chinese one by any part, by its
pinyin and by its initials; titles by any word or part, e-mail addresses in full and by their
words. A key is the rest of a text from one place on, so that one range of an index answers what
begins there: “wang jianguo” gives “wang jianguo” and “jianguo”; 王建国 gives 王建国, 建国 and 国,
wangjianguo and jianguo, and wjg.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

LONGEST = 60
"""Characters of a key, and of what is asked for, that count."""
MOST_PLACES = 12
"""Places in one text from which it is found, at most."""
MOST_READINGS = 4

_CHINESE = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_PART = re.compile(rf"[{_CHINESE}]|[^\W_]+")
_HAN = re.compile(f"[{_CHINESE}]")

_NO_ACCENT = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe",
     "þ": "th", "ŋ": "n", "ƀ": "b", "ɨ": "i", "ƶ": "z", "ĸ": "k", "ɍ": "r"}
)  # fmt: skip
"""Letters that Unicode does not take apart, as they are typed without them."""

NAMES = ("name", "name_en", "name_zh")
TITLES = ("title", "title_en", "title_zh")

# Single characters that read otherwise as a surname than as a word.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "任": "ren", "查": "zha", "盖": "ge",
    "朴": "piao", "区": "ou", "尉": "wei", "员": "yun", "冼": "xian", "折": "she", "黑": "he",
    "缪": "miao", "种": "chong", "翟": "zhai", "祭": "zhai", "乐": "yue", "华": "hua", "宁": "ning",
    "覃": "qin", "谌": "chen", "佴": "nai", "逄": "pang", "能": "nai", "隗": "wei", "重": "chong",
}  # fmt: skip
_LONG_SURNAMES = {
    "单于": ("chan", "yu"), "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"), "令狐": ("ling", "hu"), "皇甫": ("huang", "fu"),
}  # fmt: skip


class Key(NamedTuple):
    """A text from which a node is found, and the field (and way) that it comes from.

    `place` is one of PLACES.
    """

    text: str
    place: str


PLACES: dict[str, tuple[str, str]] = {
    "0": ("name", "prefix"),
    "1": ("name", "prefix"),
    "2": ("name", "pinyin"),
    "3": ("name", "pinyin"),
    "4": ("name", "initials"),
    "5": ("email", "prefix"),
    "6": ("title", "prefix"),
}
"""Field and way of each place, the best first: a name, from a later word, its pinyin, from a
later syllable, its initials, an e-mail address, a title."""


def normalised(text: str) -> str:
    """Text as keys have it: small letters without accents, one space between words."""
    return " ".join(_joined(_parts(text)))[:LONGEST].strip()


def is_han(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return bool(_HAN.search(text))


def keys_of(node: Mapping[str, Any], *, person: bool) -> set[Key]:
    """All keys of a node with names, titles and e-mail; `person` reads names as a person's."""
    place_of: dict[str, str] = {}

    def add(text: str, place: str) -> None:
        text = text[:LONGEST].strip()
        if text and place < place_of.get(text, "9"):
            place_of[text] = place

    for name in filter(None, map(node.get, NAMES)):
        for key in _name_keys(name, person=person):
            add(*key)
    for title in filter(None, map(node.get, TITLES)):
        for text in _rests(_parts(title)):
            if len(text) > 1:
                add(text, "6")
    if email := node.get("email"):
        local, _, _ = email.partition("@")
        places = len(_parts(local)) + 1  # its words, and the domain
        for text in list(_rests(_parts(_words_of_email(email))))[:places]:
            add(text, "5")
    return {Key(text, place) for text, place in place_of.items()}


def _words_of_email(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local} {domain}"


def email_key(email: str) -> str | None:
    """The text of the key that a whole address has; None where that is not all of it."""
    text = next(iter(_rests(_parts(_words_of_email(email)))), "")
    return text if 0 < len(text) <= LONGEST else None


def words_of(keys: set[Key]) -> set[str]:
    """The words that a slip of the pen may have meant: Latin words and pinyin in full."""
    return {
        word
        for key in keys
        if not is_han(key.text) and key.place < "4"
        for word in key.text.split(" ")
        if len(word) >= 3 and not word.isdigit()
    }


def slips(word: str) -> set[str]:
    """What is one letter away: one left out, added, changed, or two swapped."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    return {
        *(a + b[1:] for a, b in cuts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
        *(a + c + b[1:] for a, b in cuts if b for c in letters),
        *(a + c + b for a, b in cuts for c in letters),
    } - {word}


def pinyin_of(text: str, *, person: bool = False) -> list[list[str]]:
    """Readings of a text of Chinese characters, the likeliest first, each as its syllables."""
    from pypinyin import Style, lazy_pinyin  # its dictionary takes long to load

    readings = [[reading] for reading in lazy_pinyin(text, style=Style.NORMAL)]
    if len(readings) != len(text):  # rare characters without a reading stand together
        readings = [
            [(lazy_pinyin(character, style=Style.NORMAL) or [character])[0]] for character in text
        ]
    if person and text[:2] in _LONG_SURNAMES and len(text) > 2:
        readings[:2] = [[syllable] for syllable in _LONG_SURNAMES[text[:2]]]
    elif person and text[0] in _SURNAMES:
        usual = _SURNAMES[text[0]]
        readings[0] = list(dict.fromkeys([usual, readings[0][0]]))
    # ü is typed as v or u: 吕 is lv and lu.
    readings = [
        list(dict.fromkeys(r for syllable in each for r in (syllable, syllable.replace("v", "u"))))
        for each in readings
    ]
    combinations = []
    for syllables in product(*readings):
        combinations.append(list(syllables))
        if len(combinations) == MOST_READINGS:
            break
    return combinations


def _name_keys(name: str, *, person: bool) -> Iterator[tuple[str, str]]:
    parts = _parts(name)
    for number, text in enumerate(_rests(parts)):
        yield text, "0" if number == 0 else "1"
    if person and 2 <= len(parts) <= 4 and not any(_HAN.match(part) for part in parts):
        yield " ".join([parts[-1], *parts[:-1]]), "1"  # the family name first
    han = "".join(part for part in parts if _HAN.match(part))[:MOST_PLACES]
    if not han:
        return
    for reading in pinyin_of(han, person=person):
        syllables = [
            syllable for syllable in reading if not is_han(syllable)
        ]  # the rarest have no reading
        last = max(1, len(syllables) - 1)
        for start in range(last):
            yield "".join(syllables[start:]), "2" if start == 0 else "3"
        if len(syllables) > 1:
            yield "".join(syllable[0] for syllable in syllables), "4"


def _rests(parts: list[str]) -> Iterator[str]:
    for start in range(min(len(parts), MOST_PLACES)):
        yield " ".join(_joined(parts[start:]))


def _parts(text: str) -> list[str]:
    """Words, and each Chinese character by itself."""
    return _PART.findall(_plain(text))


def _joined(parts: list[str]) -> list[str]:
    """Characters that stand together as one word again."""
    if all(map(str.isascii, parts)):
        return parts
    words: list[str] = []
    together = False
    for part in parts:
        han = bool(_HAN.match(part))
        if han and together:
            words[-1] += part
        else:
            words.append(part)
        together = han
    return words


def _plain(text: str) -> str:
    """Small letters of usual width, without accents, strokes and invisible signs.

    Chinese characters stay as they are.
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    apart = unicodedata.normalize("NFD", folded)
    bare = "".join(
        character
        for character in apart
        if not unicodedata.combining(character) and unicodedata.category(character) != "Cf"
    )
    return unicodedata.normalize("NFC", bare.translate(_NO_ACCENT))
