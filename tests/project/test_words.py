"""Sentences: both languages, no gap forgotten, nothing unused."""

from __future__ import annotations

import re
from pathlib import Path

from relgraph.words import catalogue

PACKAGE = Path(__file__).parents[2] / "relgraph"
SOURCES = "\n".join(
    path.read_text("utf-8") for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html", ".js"}
)


def test_both_languages_say_everything() -> None:
    silent = [
        key
        for key, texts in catalogue().items()
        if not (texts["en"].strip() and texts["zh"].strip())
    ]
    assert silent == []


WORDS = frozenset(re.findall(r"\w+", SOURCES))
BEGINNINGS = {p for p in re.findall(r"""["'`]([a-z_.]{3,})\$?\{""", SOURCES) if p.strip("._")}
ENDINGS = set(re.findall(r"""\}([a-z_]{3,})["'`]""", SOURCES))


def is_used(key: str) -> bool:
    """Whether code names a key, or puts it together from a beginning or an ending that fits."""
    name = re.sub(r"\.(one|many)$", "", key)
    short = name.split(".", 1)[1]
    return (
        short.rsplit(".", 1)[-1] in WORDS
        or any(name.startswith(p) or short.startswith(p) for p in BEGINNINGS)
        or any(name.endswith(e) for e in ENDINGS)
    )


def test_every_sentence_is_used() -> None:
    assert [key for key in catalogue() if not is_used(key)] == []


def test_no_chinese_sentence_outside_the_words() -> None:
    """Vocabularies carry labels, the importer reads Chinese cells, examples are data."""
    free = {PACKAGE / "schema", PACKAGE / "records", PACKAGE / "words"}
    sentences = []
    for path in PACKAGE.rglob("*"):
        if path.suffix not in {".py", ".js", ".html"} or path.name == "examples.py":
            continue
        if any(path.is_relative_to(folder) for folder in free):
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if re.search(r"[\u4e00-\u9fff]{4,}", line.split("#")[0].split("//")[0]):
                sentences.append(f"{path.relative_to(PACKAGE)}:{number}: {line.strip()}")
    assert sentences == []
