"""Why a write cannot be undone: for a reader as a sentence, for a program with its parts."""

from __future__ import annotations

from dataclasses import dataclass

from relgraph.errors import Refusal, UndoRefused, because
from relgraph.records.problems import Problem
from relgraph.schema.values import Values
from relgraph.schema.vocabulary import Lang
from relgraph.words import Wording, say


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a write cannot be undone, with what a program may read of it."""

    why: Wording
    change_set: str | None = None
    kind: str | None = None
    key: list[str] | None = None
    count: int | None = None

    def to_dict(self, lang: Lang) -> Values:
        """As JSON members, with the reason in the reader's language."""
        names = ("change_set", "kind", "key", "count")
        known = {name: getattr(self, name) for name in names}
        return {"detail": self.why.text(lang)} | {
            name: value for name, value in known.items() if value is not None
        }


@dataclass(frozen=True, slots=True)
class WrongRow(Wording):
    """A row that could not be written as it was."""

    problem: Problem

    def text(self, lang: Lang) -> str:
        """The value and what is wrong with it."""
        wrong, _ = self.problem.sentences(lang)
        return say(lang, "undo.row", value=self.problem.value, wrong=wrong)


def refused(reasons: list[Reason]) -> UndoRefused:
    """The refusal with all of its reasons."""
    first = tuple(reason.why for reason in reasons[:3])
    return UndoRefused(because("undo", reasons=first), reasons=reasons)


def unready(why: Refusal) -> UndoRefused:
    """The refusal while other work is not finished."""
    return UndoRefused(why, reasons=[Reason(why.sentence)])
