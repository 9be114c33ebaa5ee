"""The answer strip: the one or two sentences that a reader came for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from relgraph.insight.basis import is_stale
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.paths import Access, label_of
from relgraph.insight.scope import knowing_strength
from relgraph.insight.statement import AnswerPiece, Names, Value, Way, Word
from relgraph.schema.values import age_in_days

CLOSE = 0.5
"""Strength from which we call one of us close to a person."""


def answer(evaluation: Evaluation) -> list[AnswerPiece]:
    """Who decides, who can veto, how they stand and how we reach the one who matters most.

    Without a deal: who heads the customer and how many people there we know. The pieces are
    clauses in reading order; `AnswerPiece.ends` tells where a sentence ends.
    """
    if len(evaluation.empty_seats) == len(evaluation.account.people):
        return [AnswerPiece("nobody")]
    if evaluation.deal is None:
        return [*_who_heads(evaluation), *_whom_we_know(evaluation)]
    pieces = _joined([*_how_they_stand(evaluation)])
    for focus in _foci(evaluation):
        pieces += _way_in(evaluation, focus)
    if not evaluation.key_people.everybody:
        pieces += _whom_we_know(evaluation)
    return pieces


def _joined(clauses: list[AnswerPiece]) -> list[AnswerPiece]:
    """Clauses made into one sentence."""
    return [replace(clause, ends=clause is clauses[-1]) for clause in clauses]


def _how_they_stand(evaluation: Evaluation) -> Iterator[AnswerPiece]:
    people = evaluation.key_people
    if not people.deciders:
        yield AnswerPiece("no_decider")
    for verb, group in (("decides", people.deciders), ("can_veto", people.vetoes)):
        by_view: dict[str, list[str]] = {}
        for person in group:
            if _is_stale(evaluation, person):
                yield _last_judged(evaluation, verb, person)
            else:
                view = _view(evaluation.stance_of(person))
                by_view.setdefault(view, []).append(person)
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


def _is_stale(evaluation: Evaluation, person: str) -> bool:
    """Whether a person's stance is known but was judged long ago."""
    support = evaluation.stances.get(person)
    return support is not None and is_stale(support.assessed_at, evaluation.now)


def _last_judged(evaluation: Evaluation, verb: str, person: str) -> AnswerPiece:
    days = age_in_days(evaluation.stances[person].assessed_at, evaluation.now) or 0
    view = Word(f"insight.view.{_view(evaluation.stance_of(person))}")
    values: dict[str, Value] = {"names": Names((person,)), "view": view, "days": days}
    return AnswerPiece(f"{verb}_old", (person,), values)


def _view(stance: int | None) -> str:
    if stance is None:
        return "unknown"
    return "for" if stance > 0 else {0: "neutral", -1: "sceptical"}.get(stance, "against")


def _foci(evaluation: Evaluation) -> Iterator[str]:
    """Of who decides or can veto, the one least for us; an unknown stance counts as neutral.

    Ties: who decides before who can veto, whom we reach worst, smallest id. Before a veto holder
    whom nobody of us knows comes whoever decides if nobody of us knows them either.
    """
    people = evaluation.key_people

    def rank(person: str) -> tuple[int, bool, float, str]:
        way = evaluation.access.get(person)
        reach = 0.0 if way is None else way.strength
        return evaluation.stance_of(person) or 0, person not in people.deciders, reach, person

    focus = min(people.everybody, key=rank, default=None)
    if focus is None:
        return
    if focus not in people.deciders and focus not in evaluation.acquaintances:
        unmet = [p for p in people.deciders if p not in evaluation.acquaintances]
        yield from sorted(unmet, key=rank)[:1]
    yield focus


def _way_in(evaluation: Evaluation, person: str) -> list[AnswerPiece]:
    """How we reach one person, and who on the way is not for us."""
    way = evaluation.access.get(person)
    name = Names((person,))
    knowing = {
        member: knowing_strength(row)
        for (member, known), row in evaluation.knows.items()
        if known == person
    }
    rated = {member: strength for member, strength in knowing.items() if strength is not None}
    best = min(rated, key=lambda member: (-rated[member], member), default=None)
    if best is not None and (rated[best] >= CLOSE or way is None or len(way.people) == 1):
        far = "known_little" if len(knowing) == 1 else "known_not_well"
        key = "known_well" if rated[best] >= CLOSE else far
        return [AnswerPiece(key, (best, person), {"member": Names((best,)), "name": name})]
    if way is None:
        blind = "way_unrated" if person in evaluation.within_reach else "no_way"
        return [AnswerPiece("known_somehow" if knowing else blind, (person,), {"name": name})]
    key = "way_if_not_close" if rated else "way_if_not_known"
    if len(rated) < len(knowing):
        key = "way_if_unrated"
    steps = (way.member_id, *way.people)
    strength = Word(f"insight.strength.{label_of(way.strength)}")
    values: dict[str, Value] = {"name": name, "way": Way(steps[:-1]), "strength": strength}
    return _joined([AnswerPiece(key, (*steps,), values), *_who_opposes(evaluation, way)])


def _who_opposes(evaluation: Evaluation, way: Access) -> Iterator[AnswerPiece]:
    """Those who would have to pass us on and are not for us."""
    fresh: dict[str, list[str]] = {}
    for person in way.people[:-1]:
        stance = evaluation.stance_of(person)
        if stance is None or stance >= 0:
            continue
        if _is_stale(evaluation, person):
            yield _last_judged(evaluation, "passes", person)
        else:
            fresh.setdefault(_view(stance), []).append(person)
    for view, members in fresh.items():
        ids = tuple(members)
        yield AnswerPiece(
            "passes", ids, {"names": Names(ids), "view": Word(f"insight.view.{view}")}
        )


def _who_heads(evaluation: Evaluation) -> Iterator[AnswerPiece]:
    hierarchy = evaluation.hierarchy
    tops = hierarchy.tops
    if any(hierarchy.first_manager[top] and not evaluation.account.by_id[top].top for top in tops):
        # Nobody is marked, and the most people are below a member of a circle.
        yield AnswerPiece("heads_circle", tops, {"names": Names(tops)})
    elif tops:
        yield AnswerPiece("heads", tops, {"names": Names(tops)})
    else:
        yield AnswerPiece("no_head")


def _whom_we_know(evaluation: Evaluation) -> Iterator[AnswerPiece]:
    known = [p for p in evaluation.acquaintances if p not in evaluation.empty_seats]
    people = len(evaluation.account.people) - len(evaluation.empty_seats)
    best = _best_known({p: way for p, way in evaluation.access.items() if p in known})
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


def _best_known(access: Mapping[str, Access]) -> tuple[str, Access] | None:
    """Whom one of us knows best."""
    direct = [(person, way) for person, way in access.items() if len(way.people) == 1]
    return min(direct, key=lambda item: (-item[1].strength, item[0]), default=None)
