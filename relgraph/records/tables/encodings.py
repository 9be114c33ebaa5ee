"""The text of a file: UTF-8, UTF-16 with its mark or GB18030; any other encoding must be named.

The bytes of Korean, Japanese, Cyrillic or Western text often form Chinese characters in GB18030.
They are taken for Chinese only if the characters are mostly those that Chinese text is made of,
and if nothing speaks for another encoding. Short text may read well in several encodings: then
somebody must say which it is, and is shown how it reads in each.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from relgraph.records.problems import Problem, Unreadable, coded_problem
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.hangul import COMMON_HANGUL
from relgraph.records.tables.hanzi import COMMON
from relgraph.records.tables.kanji import COMMON_KANJI

_SAMPLE = 1_000_000
"""Bytes at the beginning of a file by which its encoding is judged."""
_FEW_PAIRS = 5
"""So few characters may be common ones in two encodings by chance."""
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\uff66-\uff9f\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_KANA = re.compile(r"[\u3041-\u30ff\uff66-\uff9f]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_CYRILLIC = re.compile(r"[\u0400-\u045f]")
_PUNCTUATION = re.compile(r"[\u3000-\u303f\uff00-\uff65\u2010-\u203b\u00b7\u00b0\u00d7]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_ACCENTED = re.compile(rb"[A-Za-z][\x80-\xff]{1,2}(?![\x80-\xff])|[\x80-\xff]{1,2}[A-Za-z]")
_HIGH = re.compile(rb"[\x80-\xff]")


def known_encoding(name: str) -> bool:
    """Whether text can be read in an encoding of this name."""
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False


def decoded(content: bytes, file: str, encodings: Sequence[str] = ()) -> tuple[str, list[Problem]]:
    """Text of a file and what to warn of; `encodings` are those that somebody has named.

    Without them it is UTF-8, UTF-16 with its mark or GB18030. Raises Unreadable with the place,
    a sample and how to say which encoding it is.
    """
    values: dict[str, str]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not any(
        name.lower().replace("_", "-").startswith(("utf-16", "utf-32")) for name in encodings
    ):
        encodings = ["utf-16"]
        refusal, values = "utf_16_broken", {}
    else:
        refusal, values = "encoding_other", {"encodings": " / ".join(encodings)}
    for encoding in encodings or ["utf-8-sig"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        _refuse_nul(text, file)
        return text.removeprefix("\ufeff"), []
    if encodings:
        line, sample = _bad_place(content, encodings[0])
        raise Unreadable(coded_problem(file, line, "", sample, refusal, **values))
    return _as_chinese(content, file)


def _as_chinese(content: bytes, file: str) -> tuple[str, list[Problem]]:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    likely = _likely_encodings(content[:_SAMPLE], text[:_SAMPLE])
    if likely != ["gb18030"]:
        raise Unreadable(_unknown_encoding(content, file, likely))
    _refuse_nul(text, file)
    sample = excerpt(_line(text, _bad_line(content, ("utf-8",))[0]))
    return text, [coded_problem(file, 0, "", sample, "read_as_gb18030")]


def _likely_encodings(content: bytes, chinese: str) -> list[str]:
    """Encodings in which text reads as if it were meant; the likeliest first."""
    other = _other_encoding(content)
    likely = [other] if other else []
    if chinese and _is_chinese(chinese):
        likely.append("gb18030")
    if not other and _may_be_japanese(content):
        likely.append("euc_jp")
    if not other and _may_be_big5(content):
        likely.append("big5")
    return likely


def _unknown_encoding(content: bytes, file: str, likely: list[str]) -> Problem:
    """What to say of a file whose encoding nobody knows for sure, with how it would read."""
    if not likely:
        line, sample = _bad_line(content, ("utf-8", "gb18030"))
        return coded_problem(file, line, "", sample, "encoding_unknown")
    line, _ = _bad_line(content, ("utf-8",))
    samples = [excerpt(_line(content.decode(name, "replace"), line)) for name in likely]
    place = (file, line, "", samples[0])
    if len(likely) == 1:
        return coded_problem(*place, "encoding_guessed", encoding=likely[0])
    ways = [f"--encoding {name} (“{text}”)" for name, text in zip(likely, samples, strict=True)]
    return coded_problem(*place, "encoding_several", ways=tuple(ways))


def _refuse_nul(text: str, file: str) -> None:
    if "\x00" not in text:
        return
    line = len(_LINE_END.findall(text[: text.index("\x00")])) + 1
    if text[:2000].count("\x00") * 3 > len(text[:2000]):  # every other byte of ASCII text
        order = "be" if text.startswith("\x00") else "le"
        sample = excerpt(text[:80].replace("\x00", ""))
        place = (file, line, "", sample)
        raise Unreadable(coded_problem(*place, "nul_utf_16", encoding=f"utf-16-{order}"))
    sample = excerpt(_line(text, line).replace("\x00", ""))
    raise Unreadable(coded_problem(file, line, "", sample, "nul_byte"))


def _is_chinese(text: str) -> bool:
    """Whether text decoded as GB18030 is meant so, by the characters that it is made of."""
    foreign = _FOREIGN.findall(_PUNCTUATION.sub("", text))
    common = sum(1 for character in foreign if character in COMMON)
    return 3 * common >= 2 * len(foreign) and not _PRIVATE.search(text)


def _other_encoding(content: bytes) -> str:
    """An encoding of which the bytes speak more than of GB18030; "" if there is none."""
    high = _HIGH.findall(content)
    for encoding in ("euc_jp", "cp932", "cp949", "big5"):
        text = _try(content, encoding)
        if text is None:
            continue
        signs = _EAST_ASIAN.findall(text)
        if not signs or 2 * len(high) < len(signs):
            continue
        kana = len(_KANA.findall(text)) / len(signs)
        hangul = _HANGUL.findall(text)
        if encoding == "cp949":
            usual = sum(1 for sign in hangul if sign in COMMON_HANGUL)
            if len(hangul) >= 0.9 * len(signs) and 2 * usual >= len(hangul):
                return encoding
        elif encoding == "big5":
            if _is_big5(content):
                return encoding
        elif kana >= 0.1 and (encoding == "euc_jp" or _is_shift_jis(text)):
            return encoding
    return _single_byte_alphabet(content)


def _may_be_japanese(content: bytes) -> bool:
    """Whether text reads as common characters of Japanese in EUC-JP, without any kana."""
    text = _try(content, "euc_jp")
    if text is None:
        return False
    foreign = _FOREIGN.findall(_PUNCTUATION.sub("", text))
    common = sum(1 for sign in foreign if sign in COMMON_KANJI or _KANA.match(sign))
    return 5 * common >= 4 * len(foreign)


def _is_shift_jis(text: str) -> bool:
    """Whether text decoded so is Japanese: Chinese in GB 2312 is nearly all half-width there."""
    full = len(re.findall(r"[\u3041-\u30ff]", text))
    half = len(re.findall(r"[\uff66-\uff9f]", text))
    return full > half


def _is_big5(content: bytes) -> bool:
    """Whether the pairs of bytes are those of common characters in Big5.

    Half of their second bytes are below 0x7F, which in GB 2312 none are.
    """
    pairs = re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", content)
    low = sum(1 for pair in pairs if pair[1] < 0x7F)
    usual = sum(1 for pair in pairs if 0xA4 <= pair[0] <= 0xC6)
    return 5 * low >= len(pairs) and 10 * usual >= 8 * len(pairs)


def _may_be_big5(content: bytes) -> bool:
    """Whether the few pairs of bytes that there are could be common characters in Big5."""
    pairs = re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", content)
    return (
        len(pairs) <= _FEW_PAIRS
        and _try(content, "big5") is not None
        and all(0xA4 <= pair[0] <= 0xC6 for pair in pairs)
    )


def _single_byte_alphabet(content: bytes) -> str:
    """The encoding of Cyrillic or Western text, whose letters stand in the upper quarter."""
    high = [byte[0] for byte in _HIGH.findall(content)]
    if not high:
        return ""
    runs = re.findall(rb"[\x80-\xff]+", content)
    if 2 * len(_ACCENTED.findall(content)) >= len(runs):
        return "cp1252" if _try(content, "cp1252") is not None else ""
    if sum(1 for byte in high if byte >= 0xC0) < 0.95 * len(high):
        return ""
    best, most = "", 0
    for encoding in ("cp1251", "koi8-r"):
        text = _try(content, encoding) or ""
        small = sum(1 for letter in _CYRILLIC.findall(text) if letter.islower())
        if small > most:
            best, most = encoding, small
    return best or "cp1251"


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(content)
    except UnicodeDecodeError:
        return None


def _line(text: str, number: int) -> str:
    lines = _LINE_END.split(text)
    return lines[number - 1] if number <= len(lines) else ""


def _bad_line(content: bytes, encodings: Sequence[str]) -> tuple[int, str]:
    """The first line in none of the encodings, else the first that is not UTF-8, and a sample."""
    lines = re.split(rb"\r\n|\r|\n", content)
    for accepted in (encodings, ("utf-8",)):
        for number, line in enumerate(lines, 1):
            if not any(_decodes(line, encoding) for encoding in accepted):
                return number, excerpt(line.decode("ascii", "backslashreplace"))
    return 1, excerpt(lines[0].decode("ascii", "backslashreplace"))


def _bad_place(content: bytes, encoding: str) -> tuple[int, str]:
    """The line up to which a file can be read in an encoding, and what stands there."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        text = content[: error.start].decode(encoding, "replace")
    lines = _LINE_END.split(text)
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    return len(lines), excerpt(lines[-1])


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
