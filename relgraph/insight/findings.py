"""What a reader should know before trusting or using a map, the most important first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from relgraph.insight.basis import STALE_DAYS, old_stances
from relgraph.insight.evaluation import Evaluation
from relgraph.insight.hierarchy import Hierarchy
from relgraph.insight.statement import Finding, Level, Names, Value, Words
from relgraph.schema.values import age_in_days

EXPECTED_ROLES = ("champion", "buyer", "user")
"""Roles, beside who decides, that a deal is expected to have."""


def findings(evaluation: Evaluation) -> list[Finding]:
    """Everything worth a sentence about a customer, and about a deal if there is one.

    About the deal: deciders and vetoes who are not for us, whom of them we cannot reach or have
    not judged, missing roles; then old judgements, empty seats and tensions; then what does not
    fit into the reporting tree. Deterministic.
    """
    about_deal: list[Finding] = []
    if evaluation.deal is not None:
        about_deal = [*_about_key_people(evaluation), *_missing_roles(evaluation)]
    return [
        *about_deal,
        *_old_judgements(evaluation),
        *_empty_seats(evaluation),
        *_tensions(evaluation),
        *_untidy_lines(evaluation),
        *_outside(evaluation),
    ]


def _named(code: str, level: Level, people: Iterable[str]) -> Iterator[Finding]:
    """One finding about a list of people, none about nobody."""
    ids = tuple(people)
    if ids:
        yield Finding(code, level, ids, {"names": Names(ids)})


def _about_key_people(evaluation: Evaluation) -> Iterator[Finding]:
    people = evaluation.key_people

    def whose(group: Iterable[str], test: Callable[[int | None], bool]) -> list[str]:
        return [person for person in group if test(evaluation.stance_of(person))]

    for role, group in (("veto", people.vetoes), ("decider", people.deciders)):
        yield from _named(f"{role}_against", "danger", whose(group, lambda s: s == -2))
        yield from _named(f"{role}_sceptical", "danger", whose(group, lambda s: s == -1))
    unmet = [person for person in people.everybody if person not in evaluation.acquaintances]
    blind = [person for person in unmet if person not in evaluation.access]
    yield from _named("no_way", "danger", (p for p in blind if p not in evaluation.within_reach))
    yield from _named("way_unrated", "warning", (p for p in blind if p in evaluation.within_reach))
    yield from _named("not_known", "warning", (p for p in unmet if p in evaluation.access))
    yield from _named("unjudged", "warning", whose(people.everybody, lambda s: s is None))


def _missing_roles(evaluation: Evaluation) -> Iterator[Finding]:
    played = {role.role for roles in evaluation.roles.values() for role in roles}
    if "decision_maker" not in played:
        yield Finding("no_decider", "danger")
    missing = tuple(f"insight.role.{role}" for role in EXPECTED_ROLES if role not in played)
    if missing:
        yield Finding("missing_roles", "warning", (), {"roles": Words(missing)})


def _old_judgements(evaluation: Evaluation) -> Iterator[Finding]:
    now, key_people = evaluation.now, evaluation.key_people.everybody
    old = {person: evaluation.stances[person].assessed_at for person in old_stances(evaluation)}
    for code, ids in (
        ("old_key", tuple(person for person in old if person in key_people)),
        ("old", tuple(person for person in old if person not in key_people)),
    ):
        if ids:
            days = max(age_in_days(old[person], now) or 0 for person in ids)
            values: dict[str, Value] = {"names": Names(ids), "days": days, "limit": STALE_DAYS}
            yield Finding(code, "warning", ids, values)


def _empty_seats(evaluation: Evaluation) -> Iterator[Finding]:
    roles = evaluation.roles
    seats = sorted(evaluation.empty_seats)
    for seat in seats:
        if seat in roles:
            words = tuple(dict.fromkeys(f"insight.role.{role.role}" for role in roles[seat]))
            values: dict[str, Value] = {"names": Names((seat,)), "roles": Words(words)}
            yield Finding("empty_seat_with_role", "warning", (seat,), values)
    yield from _named("empty_seat", "info", (seat for seat in seats if seat not in roles))


def _tensions(evaluation: Evaluation) -> Iterator[Finding]:
    pairs = {tuple(sorted((e.from_id, e.to_id))) for e in evaluation.conflicts}
    for pair in sorted(pairs):
        yield from _named("conflict", "warning", pair)


def _untidy_lines(evaluation: Evaluation) -> Iterator[Finding]:
    hierarchy = evaluation.hierarchy
    for circle in hierarchy.cycles:
        yield from _named("cycle", "warning", circle)
    for person, others in sorted(hierarchy.second_managers.items()):
        first = hierarchy.first_manager[person]
        managers = (*((first,) if first else ()), *others)
        # The line to the first is not in the tree above a marked top and where a circle was cut.
        yield Finding(
            "two_managers" if hierarchy.manager[person] else "two_managers_cut",
            "warning",
            (person, *managers),
            {"person": Names((person,)), "managers": Names(managers)},
        )
    yield from _named("self_report", "warning", hierarchy.self_reports)
    if len(hierarchy.tops) > 1:
        yield from _named("several_tops", "warning", hierarchy.tops)
    by_id, first_manager = evaluation.account.by_id, hierarchy.first_manager
    marked = (person for person in hierarchy.tops if by_id[person].top)
    yield from _named("top_has_manager", "warning", (p for p in marked if first_manager[p]))


def _under_the_top(hierarchy: Hierarchy) -> set[str]:
    """Everybody from whom solid lines lead to a top, also those to second managers."""
    below: dict[str, list[str]] = defaultdict(list)
    for person, first in hierarchy.first_manager.items():
        for manager in (first, *hierarchy.second_managers.get(person, ())):
            if manager is not None:
                below[manager].append(person)
    under = set(hierarchy.tops)
    waiting = list(under)
    while waiting:
        new = [person for person in below[waiting.pop()] if person not in under]
        under.update(new)
        waiting += new
    return under


def _outside(evaluation: Evaluation) -> Iterator[Finding]:
    account, hierarchy = evaluation.account, evaluation.hierarchy
    if len(account.people) > 1 and len(hierarchy.unknown_manager) == len(account.people):
        nothing = not (hierarchy.dotted or hierarchy.self_reports)
        yield Finding("no_lines" if nothing else "no_solid_lines", "warning")
    elif len(account.people) > 1:
        yield from _named("unknown_manager", "warning", hierarchy.unknown_manager)
    outside = [
        person
        for person in sorted(hierarchy.depth)
        if hierarchy.depth[person] is None and person not in hierarchy.unknown_manager
    ]
    under = _under_the_top(hierarchy)
    yield from _named("left_out", "warning", (p for p in outside if p not in under))
    yield from _named("second_line", "warning", (p for p in outside if p in under))
    if account.departments:
        yield from _named(
            "no_department",
            "info",
            sorted(p.id for p in account.people if p.department_id is None),
        )
