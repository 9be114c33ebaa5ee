"""The text of a file: UTF-8, UTF-16 with its mark or GB18030; any other encoding must be named.

The bytes of Korean, Japanese, Cyrillic or Western text often form Chinese characters in GB18030.
They are taken for Chinese only if the characters are mostly those that Chinese text is made of,
and if they are no common characters of any other encoding. Short text may read well in several:
then somebody must say which it is, and is shown how it reads in each.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from relgraph.records.problems import Problem, Unreadable, coded_problem
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.plausible import CHINESE, plausible_encodings

_SAMPLE = 1_000_000
"""Bytes by which the encoding of a file is judged."""
_LINE_END = re.compile(r"\r\n|\r|\n")
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
        text = content.decode(CHINESE)
    except UnicodeDecodeError:
        text = ""
    plausible = plausible_encodings(_sample(content))
    if not text and CHINESE in plausible:
        plausible.remove(CHINESE)
    if plausible != [CHINESE]:
        raise Unreadable(_unknown_encoding(content, file, plausible))
    _refuse_nul(text, file)
    sample = excerpt(_line(text, _bad_line(content, ("utf-8",))[0]))
    return text, [coded_problem(file, 0, "", sample, "read_as_gb18030")]


def _sample(content: bytes) -> bytes:
    """The bytes by which an encoding is judged: from the first line that is not only ASCII."""
    first = _HIGH.search(content)
    start = content.rfind(b"\n", 0, first.start()) + 1 if first else 0
    return content[start : start + _SAMPLE]


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
