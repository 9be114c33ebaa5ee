"""The answer strip: the one or two sentences that a reader came for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from relgraph.insight.basis import is_stale
from relgraph.insight.hierarchy import build_hierarchy
from relgraph.insight.keypeople import KeyPeople, acquaintances, key_people
from relgraph.insight.paths import Access, access, label_of
from relgraph.insight.scope import deal_in
from relgraph.insight.statement import AnswerPiece, Names, Value, Way, Word
from relgraph.schema.account import Account
from relgraph.schema.values import age_in_days

CLOSE = 0.5
"""Strength from which one of us is said to be close to a person."""


def answer(account: Account, deal_id: str | None, now: datetime) -> list[AnswerPiece]:
    """Who decides, who can veto, how they stand and how we reach the one who matters most.

    Without a deal: who heads the customer and how many people there we know. The pieces are
    clauses in reading order; `AnswerPiece.ends` tells where a sentence ends. Raises NotFound for
    a deal of another customer.
    """
    deal = deal_in(account, deal_id)
    if not any(not person.placeholder for person in account.people):
        return [AnswerPiece("nobody")]
    if deal is None:
        return [*_who_heads(account), *_whom_we_know(account)]
    people = key_people(account, deal.id)
    pieces = _joined([*_how_they_stand(people, now)])
    focus = _focus(people)
    if focus is not None:
        pieces.append(_way_in(people, focus))
    elif not people.everybody:
        pieces += _whom_we_know(account)
    return pieces


def _joined(clauses: list[AnswerPiece]) -> list[AnswerPiece]:
    """Clauses made into one sentence."""
    return [replace(clause, ends=clause is clauses[-1]) for clause in clauses]


def _how_they_stand(people: KeyPeople, now: datetime) -> Iterator[AnswerPiece]:
    if not people.deciders:
        yield AnswerPiece("no_decider")
    for verb, group in (("decides", people.deciders), ("can_veto", people.vetoes)):
        by_view: dict[str, list[str]] = {}
        for person in group:
            if _old_and_known(people, person, now):
                yield _last_judged(people, verb, person, now)
            else:
                by_view.setdefault(_view(people.stance(person)), []).append(person)
        for view, members in by_view.items():
            ids = tuple(members)
            if view == "unknown":
                yield AnswerPiece(f"{verb}_unknown", ids, {"names": Names(ids)})
            else:
                values: dict[str, Value] = {
                    "names": Names(ids),
                    "view": Word(f"insight.view.{view}"),
                }
                yield AnswerPiece(verb, ids, values)


def _old_and_known(people: KeyPeople, person: str, now: datetime) -> bool:
    support = people.stances.get(person)
    return support is not None and is_stale(support.assessed_at, now)


def _last_judged(people: KeyPeople, verb: str, person: str, now: datetime) -> AnswerPiece:
    days = age_in_days(people.stances[person].assessed_at, now) or 0
    view = Word(f"insight.view.{_view(people.stance(person))}")
    values: dict[str, Value] = {"names": Names((person,)), "view": view, "days": days}
    return AnswerPiece(f"{verb}_old", (person,), values)


def _view(stance: int | None) -> str:
    if stance is None:
        return "unknown"
    return "for" if stance > 0 else {0: "neutral", -1: "sceptical"}.get(stance, "against")


def _focus(people: KeyPeople) -> str | None:
    """Of who decides or can veto, the one least for us; an unknown stance counts as neutral.

    Ties: who decides before who can veto, whom we reach worst, smallest id.
    """

    def rank(person: str) -> tuple[int, bool, float, str]:
        way = people.access.get(person)
        reach = 0.0 if way is None else way.strength
        return people.stance(person) or 0, person not in people.deciders, reach, person

    return min(people.everybody, key=rank, default=None)


def _way_in(people: KeyPeople, person: str) -> AnswerPiece:
    """How we reach one person."""
    way = people.access.get(person)
    name = Names((person,))
    if way is None:
        key = "known_somehow" if person in people.acquainted else "no_way"
        return AnswerPiece(key, (person,), {"name": name})
    if len(way.people) == 1:
        key = "known_well" if way.strength >= CLOSE else "known_little"
        member = Names((way.member_id,))
        return AnswerPiece(key, (way.member_id, person), {"member": member, "name": name})
    key = "way_if_not_close" if person in people.acquainted else "way_if_not_known"
    steps = (way.member_id, *way.people)
    strength = Word(f"insight.strength.{label_of(way.strength)}")
    values: dict[str, Value] = {"name": name, "way": Way(steps[:-1]), "strength": strength}
    return AnswerPiece(key, (*steps,), values)


def _who_heads(account: Account) -> Iterator[AnswerPiece]:
    tops = build_hierarchy(account.people, account.reports).tops
    if tops:
        yield AnswerPiece("heads", tops, {"names": Names(tops)})
    else:
        yield AnswerPiece("no_head")


def _whom_we_know(account: Account) -> Iterator[AnswerPiece]:
    known = [p for p in acquaintances(account) if not account.by_id[p].placeholder]
    people = sum(not person.placeholder for person in account.people)
    best = _best_known(access(account))
    if not known:
        yield AnswerPiece("we_know_nobody")
    elif best is None:
        yield AnswerPiece("we_know", tuple(sorted(known)), {"known": len(known), "people": people})
    else:
        person, way = best
        values: dict[str, Value] = {
            "known": len(known),
            "people": people,
            "name": Names((person,)),
            "member": Names((way.member_id,)),
        }
        yield AnswerPiece("we_know_best", (person, way.member_id), values)


def _best_known(found: dict[str, Access]) -> tuple[str, Access] | None:
    direct = [(person, way) for person, way in found.items() if len(way.people) == 1]
    return min(direct, key=lambda item: (-item[1].strength, item[0]), default=None)
