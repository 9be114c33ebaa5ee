"""What a reader should know before trusting or using a map, the most important first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from relgraph.insight.basis import STALE_DAYS, is_stale, stances_in_scope
from relgraph.insight.hierarchy import Hierarchy, build_hierarchy
from relgraph.insight.keypeople import KeyPeople, key_people
from relgraph.insight.scope import conflicts, deal_in, roles_of
from relgraph.insight.statement import Finding, Level, Names, Value, Words
from relgraph.schema.account import Account
from relgraph.schema.values import age_in_days

EXPECTED_ROLES = ("champion", "buyer", "user")
"""Roles, beside who decides, that a deal is expected to have."""


def findings(account: Account, deal_id: str | None, now: datetime) -> list[Finding]:
    """Everything worth a sentence about a customer, and about a deal if there is one.

    About the deal: deciders and vetoes who are not for us, whom of them we cannot reach or have
    not judged, missing roles; then old judgements, empty seats and tensions; then what does not
    fit into the reporting tree. Deterministic. Raises NotFound for a deal of another customer.
    """
    deal = deal_in(account, deal_id)
    hierarchy = build_hierarchy(account.people, account.reports)
    found: list[Finding] = []
    key: tuple[str, ...] = ()
    if deal is not None:
        people = key_people(account, deal.id)
        key = people.everybody
        found += _about_key_people(people)
        found += _missing_roles(account, deal.id)
    found += _old_judgements(account, deal_id, key, now)
    found += _empty_seats(account, deal_id)
    found += _tensions(account, deal_id)
    found += _untidy_lines(hierarchy)
    found += _outside(account, hierarchy)
    return found


def _named(code: str, level: Level, people: Iterable[str]) -> Iterator[Finding]:
    """One finding about a list of people, none about nobody."""
    ids = tuple(people)
    if ids:
        yield Finding(code, level, ids, {"names": Names(ids)})


def _about_key_people(people: KeyPeople) -> Iterator[Finding]:
    def whose(group: Iterable[str], test: Callable[[int | None], bool]) -> list[str]:
        return [person for person in group if test(people.stance(person))]

    for role, group in (("veto", people.vetoes), ("decider", people.deciders)):
        yield from _named(f"{role}_against", "danger", whose(group, lambda s: s == -2))
        yield from _named(f"{role}_sceptical", "danger", whose(group, lambda s: s == -1))
    unmet = [person for person in people.everybody if person not in people.acquainted]
    yield from _named("no_way", "danger", (p for p in unmet if p not in people.access))
    yield from _named("not_known", "warning", (p for p in unmet if p in people.access))
    yield from _named("unjudged", "warning", whose(people.everybody, lambda s: s is None))


def _missing_roles(account: Account, deal_id: str) -> Iterator[Finding]:
    played = {role.role for roles in roles_of(account, deal_id).values() for role in roles}
    if "decision_maker" not in played:
        yield Finding("no_decider", "danger")
    missing = tuple(f"insight.role.{role}" for role in EXPECTED_ROLES if role not in played)
    if missing:
        yield Finding("missing_roles", "warning", (), {"roles": Words(missing)})


def _old_judgements(
    account: Account, deal_id: str | None, key: tuple[str, ...], now: datetime
) -> Iterator[Finding]:
    stances = stances_in_scope(account, deal_id)
    old = {p: s.assessed_at for p, s in sorted(stances.items()) if is_stale(s.assessed_at, now)}
    for code, ids in (
        ("old_key", tuple(person for person in old if person in key)),
        ("old", tuple(person for person in old if person not in key)),
    ):
        if ids:
            days = max(age_in_days(old[person], now) or 0 for person in ids)
            values: dict[str, Value] = {"names": Names(ids), "days": days, "limit": STALE_DAYS}
            yield Finding(code, "warning", ids, values)


def _empty_seats(account: Account, deal_id: str | None) -> Iterator[Finding]:
    roles = roles_of(account, deal_id)
    seats = sorted(person.id for person in account.people if person.placeholder)
    for seat in seats:
        if seat in roles:
            words = tuple(dict.fromkeys(f"insight.role.{role.role}" for role in roles[seat]))
            values: dict[str, Value] = {"names": Names((seat,)), "roles": Words(words)}
            yield Finding("empty_seat_with_role", "warning", (seat,), values)
    yield from _named("empty_seat", "info", (seat for seat in seats if seat not in roles))


def _tensions(account: Account, deal_id: str | None) -> Iterator[Finding]:
    pairs = {tuple(sorted((e.from_id, e.to_id))) for e in conflicts(account, deal_id)}
    for pair in sorted(pairs):
        yield from _named("conflict", "warning", pair)


def _untidy_lines(hierarchy: Hierarchy) -> Iterator[Finding]:
    for circle in hierarchy.cycles:
        yield from _named("cycle", "warning", circle)
    for person, others in sorted(hierarchy.second_managers.items()):
        chosen = hierarchy.manager[person]
        managers = (*((chosen,) if chosen else ()), *others)
        yield Finding(
            "two_managers",
            "warning",
            (person, *managers),
            {"person": Names((person,)), "managers": Names(managers)},
        )
    yield from _named("self_report", "warning", hierarchy.self_reports)
    if len(hierarchy.tops) > 1:
        yield from _named("several_tops", "warning", hierarchy.tops)
    tops = set(hierarchy.tops)
    yield from _named("top_has_manager", "warning", (p for p, _ in hierarchy.left_out if p in tops))


def _outside(account: Account, hierarchy: Hierarchy) -> Iterator[Finding]:
    if len(account.people) > 1 and len(hierarchy.unknown_manager) == len(account.people):
        yield Finding("no_lines", "warning")
    elif len(account.people) > 1:
        yield from _named("unknown_manager", "warning", hierarchy.unknown_manager)
    yield from _named(
        "left_out",
        "warning",
        (
            person
            for person in sorted(hierarchy.depth)
            if hierarchy.depth[person] is None and person not in hierarchy.unknown_manager
        ),
    )
    if account.departments:
        yield from _named(
            "no_department",
            "info",
            sorted(p.id for p in account.people if p.department_id is None),
        )
