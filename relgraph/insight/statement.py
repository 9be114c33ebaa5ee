"""The common shape of what insight has to say: a code, the people it is about, its values.

`wording` turns a statement into a sentence of either language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Names:
    """A value that is read as a list of people: theirs or ours, by id."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A value that is read as a way from person to person, by id."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A value that is itself a key of the words, e.g. a stance in running text."""

    key: str


@dataclass(frozen=True, slots=True)
class Words:
    """A value that is a list of keys of the words."""

    keys: tuple[str, ...]


Value = str | int | float | Names | Way | Word | Words
Level = Literal["danger", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a reader should know about the data or the deal."""

    code: str
    """Its sentence is `finding.{code}` of the words."""
    level: Level
    ids: tuple[str, ...] = ()
    """People concerned."""
    values: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerPiece:
    """One clause of the answer strip."""

    key: str
    """Its sentence is `answer.{key}` of the words."""
    ids: tuple[str, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)
    ends: bool = True
    """Whether the sentence ends here; else a further clause follows."""
