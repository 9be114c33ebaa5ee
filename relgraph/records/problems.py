"""What is wrong with records: the place, the value, what is wrong and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from relgraph.schema.values import Values
from relgraph.schema.vocabulary import Lang
from relgraph.words import Wording, join_names, say

MOST_PROBLEMS = 5_000
"""Of an import; with more of them nobody is helped by reading on."""
FIRST_PLACES = 5
"""Places that stand for a group of problems."""

Value = str | tuple[str, ...]
"""What fills a gap of a sentence; several are listed."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file, or worth a warning.

    `line` counts from 1, the header's line; 0 stands for the file as a whole. `column` is the
    header's word, "" where no single column is meant. The `code` names its sentences in words, so
    that there is none without a text in either language; `values` fill their gaps, and `wrong`
    and `right` are the English ones.
    """

    file: str
    line: int
    column: str
    value: str
    wrong: str = field(init=False)
    right: str = field(init=False)
    code: str = field(compare=False)
    values: tuple[tuple[str, Value], ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Fill in the English sentences. KeyError for an unknown code, or a gap left open."""
        wrong, right = self.sentences("en")
        object.__setattr__(self, "wrong", wrong)
        object.__setattr__(self, "right", right)

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
        """What is wrong and what would be right."""
        return ("; " if lang == "en" else "；").join(self.sentences(lang))

    def sentences(self, lang: Lang) -> tuple[str, str]:
        """What is wrong, and what would be right."""
        return _sentences(lang, self.code, self.values)


def coded_problem(
    file: str, line: int, column: str, value: str, code: str, **values: Value
) -> Problem:
    """A problem by its code and what fills the gaps of its sentences."""
    return Problem(file, line, column, value, code, tuple(sorted(values.items())))


def file_problem(file: str, code: str, **values: Value) -> Problem:
    """A problem of a file as a whole."""
    return coded_problem(file, 0, "", "", code, **values)


@lru_cache(maxsize=1000)  # a million rows with one fault share its sentences
def _sentences(lang: Lang, code: str, values: tuple[tuple[str, Value], ...]) -> tuple[str, str]:
    fillings = filled(lang, dict(values))
    return say(lang, f"wrong.{code}", **fillings), say(lang, f"right.{code}", **fillings)


def filled(lang: Lang, values: Mapping[str, Value]) -> dict[str, str]:
    """What fills the gaps of a sentence, as the language has it: a list, the name of a kind."""
    fillings = {
        name: join_names(lang, list(value)) if isinstance(value, tuple) else value
        for name, value in values.items()
    }
    if "kind" in fillings:
        fillings["kind"] = say(lang, f"kind.{fillings['kind']}")
    return fillings


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
        groups.setdefault((problem.file, problem.column, problem.code), []).append(problem)
    return [ProblemGroup(tuple(group)) for group in groups.values()]


@dataclass(frozen=True, slots=True)
class Placed(Wording):
    """A problem with its place, as part of another sentence."""

    problem: Problem

    def text(self, lang: Lang) -> str:
        """The sentence in the reader's language."""
        return self.problem.sentence(lang)


class Unreadable(ValueError):
    """A file or a row that cannot be read as a table, with the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class CellError(ValueError):
    """A cell that cannot be read as what its column holds; the problem without its place."""

    def __init__(self, code: str, **values: Value) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return str(self.at("", 0, "", ""))

    def at(self, file: str, line: int, column: str, value: str) -> Problem:
        """The problem that it is at a place."""
        return coded_problem(file, line, column, value, self.code, **self.values)
