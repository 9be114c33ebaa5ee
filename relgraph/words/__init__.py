"""Every sentence that a reader sees, in English and Chinese.

The sentences stand in the TOML files beside this module, one table per key:

    [finding.cycle]
    en = "{names} report to each other in a circle."
    zh = "{names}互相汇报，形成循环。"

`say("en", "finding.cycle", names="Li, Wu")` fills the gaps. A key that is missing in either
language, or whose gaps differ between the two, fails when the module is loaded.
"""

from __future__ import annotations

import errno
import string
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from relgraph.schema.vocabulary import LANGS, Lang


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All sentences: key → language → text. Raises ValueError that names what is wrong."""
    sentences: dict[str, dict[str, str]] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            _collect(tomllib.loads(file.read_text("utf-8")), "", sentences, file.name)
    return sentences


def _collect(
    table: dict[str, Any], prefix: str, sentences: dict[str, dict[str, str]], file: str
) -> None:
    for name, value in table.items():
        key = f"{prefix}.{name}" if prefix else name
        if not isinstance(value, dict):
            raise ValueError(f"{file}: {key} is not a table of {' and '.join(LANGS)}")
        if set(value) == set(LANGS) and all(isinstance(text, str) for text in value.values()):
            gaps = {lang: _gaps(value[lang]) for lang in LANGS}
            if len(set(map(frozenset, gaps.values()))) > 1:
                raise ValueError(f"{file}: {key} has different gaps in its languages: {gaps}")
            if key in sentences:
                raise ValueError(f"{file}: {key} stands twice")
            sentences[key] = value
        elif any(lang in value for lang in LANGS):
            raise ValueError(f"{file}: {key} is not in both languages")
        else:
            _collect(value, key, sentences, file)


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def say(lang: Lang, key: str, /, **values: object) -> str:
    """The sentence `key` in `lang` with its gaps filled. KeyError for an unknown key or gap."""
    return catalogue()[key][lang].format_map(values)


class Wording(ABC):
    """What can be said in either language, once it is known who reads it."""

    @abstractmethod
    def text(self, lang: Lang) -> str:
        """The words in the reader's language."""


@dataclass(frozen=True, slots=True)
class Sentence(Wording):
    """A sentence of the catalogue with what fills its gaps; a gap may be filled by wordings."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: Lang) -> str:
        """The sentence in the reader's language. KeyError for an unknown key or gap."""
        return say(lang, self.key, **filled(lang, self.values))


def filled(lang: Lang, values: Mapping[str, object]) -> dict[str, object]:
    """What fills gaps, in a language: wordings are said, several stand one after the other."""
    apart = "; " if lang == "en" else "；"
    return {
        name: apart.join(each.text(lang) for each in value)
        if isinstance(value, tuple)
        else value.text(lang)
        if isinstance(value, Wording)
        else value
        for name, value in values.items()
    }


def noun(kind: str) -> Sentence | str:
    """What one of a kind is called; as it stands if the catalogue does not have it."""
    key = f"kind.{kind}"
    return Sentence(key) if key in catalogue() else kind


def named(kind: str, key: str) -> Sentence:
    """One record, as the beginning of a sentence names it."""
    return Sentence("named.record", {"kind": noun(kind), "key": key})


def reason(error: Exception) -> Sentence | str:
    """Why the system refused something, as far as words are known for it; else its own."""
    key = f"reason.{errno.errorcode.get(getattr(error, 'errno', None) or 0, '').lower()}"
    if key in catalogue():
        return Sentence(key)
    return getattr(error, "strerror", None) or str(error)


def join_names(lang: Lang, names: list[str]) -> str:
    """Names as a list in running text: “A, B and C”, “A、B和C”."""
    if len(names) < 2:
        return "".join(names)
    comma, last = ("、", "和") if lang == "zh" else (", ", " and ")
    return comma.join(names[:-1]) + last + names[-1]
