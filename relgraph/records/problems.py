"""What is wrong with records: the place, the value, what is wrong and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from relgraph.schema.values import Values
from relgraph.schema.vocabulary import Lang
from relgraph.words import join_names, say

FIRST_PLACES = 5
"""Places that stand for a group of problems."""
_VARYING = re.compile(r"“[^”]*+”|(?<!\S)[^\s\d]*+\d\S*+")
"""What differs between sentences that say the same of two values."""

Value = str | tuple[str, ...]
"""What fills a gap of a sentence; several are listed."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file, or worth a warning.

    `line` counts from 1, the header's line; 0 stands for the file as a whole. `column` is the
    header's word, "" where no single column is meant. With a `code` it has a text in either
    language; `wrong` and `right` are English.
    """

    file: str
    line: int
    column: str
    value: str
    wrong: str
    right: str
    code: str = field(default="", compare=False)
    values: tuple[tuple[str, Value], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return self.sentence("en")

    def sentence(self, lang: Lang) -> str:
        """The place, the value, and what its text says."""
        place = ":".join(str(part) for part in (self.file, self.line or "", self.column) if part)
        value = f" “{self.value}”:" if self.value else ""
        return f"{place}:{value} {self.text(lang)}".removeprefix(": ")

    def to_dict(self) -> Values:
        """As JSON members."""
        names = ("file", "line", "column", "value", "wrong", "right", "code")
        return {name: getattr(self, name) for name in names}

    def text(self, lang: Lang) -> str:
        """What is wrong and what would be right; English if it has no code."""
        mark = "; " if not self.code or lang == "en" else "；"
        return mark.join(self.sentences(lang))

    def sentences(self, lang: Lang) -> tuple[str, str]:
        """What is wrong, and what would be right; English if it has no code."""
        if not self.code or lang == "en":
            return self.wrong, self.right
        return _sentences(lang, self.code, dict(self.values))


def coded_problem(
    file: str, line: int, column: str, value: str, code: str, **values: Value
) -> Problem:
    """A problem whose sentences stand in words/problems.toml."""
    wrong, right = _sentences("en", code, values)
    return Problem(file, line, column, value, wrong, right, code, tuple(sorted(values.items())))


def _sentences(lang: Lang, code: str, values: dict[str, Value]) -> tuple[str, str]:
    fillings = {
        name: join_names(lang, list(value)) if isinstance(value, tuple) else value
        for name, value in values.items()
    }
    if "kind" in fillings:
        fillings["kind"] = say(lang, f"kind.{fillings['kind']}")
    return say(lang, f"wrong.{code}", **fillings), say(lang, f"right.{code}", **fillings)


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems with one fault in one column of a file, in the order of their lines."""

    problems: tuple[Problem, ...]

    @property
    def first(self) -> Problem:
        """The one that stands for all."""
        return self.problems[0]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.problems)

    @property
    def places(self) -> list[Problem]:
        """The first ones."""
        return list(self.problems[:FIRST_PLACES])

    def to_dict(self) -> Values:
        """As JSON members."""
        names = ("file", "column", "code", "wrong", "right")
        places = [{"line": each.line, "value": each.value} for each in self.places]
        return {name: getattr(self.first, name) for name in names} | {
            "count": self.count,
            "places": places,
        }


def grouped(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """Problems by file, column and fault, in the order of the first of each."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        fault = problem.code or _VARYING.sub("#", f"{problem.wrong}; {problem.right}")
        groups.setdefault((problem.file, problem.column, fault), []).append(problem)
    return [ProblemGroup(tuple(group)) for group in groups.values()]


class Unreadable(ValueError):
    """A file or a row that cannot be read as a table, with the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class CellError(ValueError):
    """A cell that cannot be read as what its column holds.

    With a `code` its sentences stand in words, as those of a problem do.
    """

    def __init__(self, wrong: str, right: str, code: str = "", **values: Value) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.right = right
        self.code = code
        self.values = values

    @classmethod
    def coded(cls, code: str, **values: Value) -> CellError:
        """An error whose sentences stand in words."""
        wrong, right = _sentences("en", code, values)
        return cls(wrong, right, code, **values)

    def at(self, file: str, line: int, column: str, value: str) -> Problem:
        """The problem that it is at a place."""
        values = tuple(sorted(self.values.items()))
        return Problem(file, line, column, value, self.wrong, self.right, self.code, values)
