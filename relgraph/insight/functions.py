"""Who signs for a function of the customer: by department, else by role, title and seat."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

from relgraph.insight.evaluation import Evaluation
from relgraph.schema.account import Account, Person
from relgraph.schema.vocabulary import LANGS, Function

Match = Literal["department", "role", "title", "seat"]

APPROVING_ROLES = frozenset({"approver", "veto", "buyer"})
_FUNCTION_OF_ROLE = {"buyer": Function.PURCHASING.value}
_OTHER_WORDS: dict[str, tuple[str, ...]] = {
    Function.PURCHASING: ("procurement", "purchaser", "sourcing", "buying", "buyer"),
    Function.LEGAL: ("law", "counsel", "lawyer", "attorney", "法律", "律师"),
    Function.FINANCE: ("financial", "cfo", "treasury", "treasurer", "accounting", "会计"),
}
"""Words for a function beside its value and labels, for those that the usual rules speak of."""


class Functions:
    """Departments and signers of a customer by function (METHODS §3.3).

    A department without a function has that of the nearest department above it. A function may be
    written as the vocabulary has it or by another usual word: "Procurement" is purchasing.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.of_department = _functions(evaluation.account)
        self.carried = frozenset(self.of_department.values())

    def signers(self, function: str) -> dict[str, Match]:
        """Who signs for a function, deeper people first, then by id, and what tells so.

        Whoever approves, buys or can veto in a department of the function. Where there is nobody,
        whoever does so and whose role or title is of the function; where there is nobody either,
        an empty seat with such a title.
        """
        wanted = canonical(function)
        approving = [p for p in self.evaluation.account.people if self._approves(p.id)]
        by_department = {p.id for p in approving if self._in_department(p, wanted)}
        if by_department:
            return self._sorted(dict.fromkeys(by_department, "department"))
        matches: dict[str, Match] = {}
        for person in approving:
            roles = {role.role for role in self.evaluation.roles[person.id]}
            if wanted in {_FUNCTION_OF_ROLE.get(role) for role in roles}:
                matches[person.id] = "role"
            elif _titled(person, wanted):
                matches[person.id] = "title"
        if not matches:
            seats = (self.evaluation.account.by_id[id_] for id_ in self.evaluation.empty_seats)
            matches = {seat.id: "seat" for seat in seats if _titled(seat, wanted)}
        return self._sorted(matches)

    def _approves(self, person: str) -> bool:
        roles = {role.role for role in self.evaluation.roles.get(person, ())}
        return bool(roles & APPROVING_ROLES or self.evaluation.rights_of(person).can_veto)

    def _in_department(self, person: Person, function: str) -> bool:
        return self.of_department.get(person.department_id or "") == function

    def _sorted(self, matches: dict[str, Match]) -> dict[str, Match]:
        depth = self.evaluation.hierarchy.depth

        def rank(person: str) -> tuple[bool, int, str]:
            hops = depth[person]
            return hops is None, -(hops or 0), person

        return {person: matches[person] for person in sorted(matches, key=rank)}


def canonical(function: str) -> str:
    """The vocabulary's word for a function, however it is written; else the text, in small."""
    text = " ".join(function.casefold().split())
    return next((word.value for word in Function if text in _words(word.value)), text)


def _titled(person: Person, function: str) -> bool:
    titles = (person.title, person.title_en, person.title_zh)
    return any(_speaks_of(title, _words(function)) for title in titles if title)


def _speaks_of(text: str, words: Iterable[str]) -> bool:
    """Whether a text has one of the words: as whole words, in Chinese anywhere."""
    folded = text.casefold()
    spaced = " ".join(["", *re.findall(r"[^\W_]+", folded), ""])
    return any(f" {word} " in spaced if word.isascii() else word in folded for word in words)


@cache
def _words(function: str) -> frozenset[str]:
    """What a function is called, in small."""
    known = Function.named(function)
    labels = [] if known is None else [known.label(lang).casefold() for lang in LANGS]
    return frozenset({function, *labels, *_OTHER_WORDS.get(function, ())})


def _functions(account: Account) -> dict[str, str]:
    """Function of each department: its own, else that of the nearest department above it."""
    departments = {department.id: department for department in account.departments}
    functions: dict[str, str] = {}
    for id_ in departments:
        seen: set[str] = set()
        above: str | None = id_
        while above in departments and above not in seen:
            seen.add(above)
            function = departments[above].function
            if function and function.strip():
                functions[id_] = canonical(function)
                break
            above = departments[above].parent_id
    return functions
