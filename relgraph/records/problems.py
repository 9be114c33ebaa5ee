"""What is wrong with records: the place, the value, what is wrong and what would be right."""

from __future__ import annotations

from dataclasses import dataclass, field

from relgraph.schema.values import Values
from relgraph.schema.vocabulary import Lang
from relgraph.words import join_names, say

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
        place = ":".join(str(part) for part in (self.file, self.line or "", self.column) if part)
        value = f" “{self.value}”:" if self.value else ""
        return f"{place}:{value} {self.wrong}; {self.right}"

    def to_dict(self) -> Values:
        """As JSON members."""
        names = ("file", "line", "column", "value", "wrong", "right")
        return {name: getattr(self, name) for name in names}

    def text(self, lang: Lang) -> str:
        """What is wrong and what would be right; English if it has no code."""
        if not self.code or lang == "en":
            return f"{self.wrong}; {self.right}"
        wrong, right = _sentences(lang, self.code, dict(self.values))
        return f"{wrong}；{right}"


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
