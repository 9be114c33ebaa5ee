"""What each sentence of insight claims: how it reads, and how to look it up in the records."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from tests.insight.plain_records import Records

N = r"([A-Z](?:(?:, | and )(?:[A-Z]|\d+ others))*)"
VIEW = r"(for us|neutral|sceptical|against us)"
WAY = r"the best way in is (.+), (strong|medium|weak)"
VIEWS = {-2: "against us", -1: "sceptical", 0: "neutral", 1: "for us", 2: "for us"}
ROLES = {"the one who decides": "decision_maker", "the one who can veto": "veto",
         "an approver": "approver", "a buyer": "buyer", "a champion": "champion",
         "an evaluator": "evaluator", "an influencer": "influencer", "a user": "user",
         "a gatekeeper": "gatekeeper"}  # fmt: skip

Check = Callable[..., bool]


def names(text: str) -> list[str]:
    """Ids of a list of names; of a long one those that are named."""
    return [word.lower() for word in re.split(", | and ", text) if "other" not in word]


def of_all(check: Callable[[Records, str], bool]) -> Check:
    return lambda records, text, *_: all(check(records, id_) for id_ in names(text))


def stands(records: Records, id_: str, view: str) -> bool:
    return view in {VIEWS[s] for s in records.stances(id_) if s is not None}


def decides(records: Records, id_: str) -> bool:
    return id_ not in records.seats and records.plays(id_, "decision_maker")


def vetoes(records: Records, id_: str) -> bool:
    return id_ not in records.seats and records.can_veto(id_)


def key(records: Records, id_: str) -> bool:
    return decides(records, id_) or vetoes(records, id_)


def fresh(test: Callable[[Records, str], bool]) -> Check:
    def check(records: Records, text: str, view: str) -> bool:
        return all(
            test(records, id_) and stands(records, id_, view) and not records.is_old(id_)
            for id_ in names(text)
        )

    return check


def judged(test: Callable[[Records, str], bool]) -> Check:
    """As in a finding, which has a remark of its own on what is old."""

    def check(records: Records, text: str, view: str) -> bool:
        return all(test(records, id_) and stands(records, id_, view) for id_ in names(text))

    return check


def old(test: Callable[[Records, str], bool]) -> Check:
    def check(records: Records, text: str, view: str, days: str) -> bool:
        [id_] = names(text)
        return (
            test(records, id_)
            and stands(records, id_, view)
            and records.age(id_) == int(days)
            and int(days) > 90
        )

    return check


def unknown(records: Records, id_: str) -> bool:
    return records.stances(id_) == {None}


def unmet(records: Records, id_: str) -> bool:
    return not records.knowing(id_)


def reachable(records: Records, id_: str) -> bool:
    return any(True for _ in records.ways(id_, rated=False))


def best_way(records: Records, id_: str, way: str, word: str) -> bool:
    """The way is on record, the best of all, and its strength is called by the right word."""
    ways = list(records.ways(id_))
    steps = [step.lower() for step in way.split(" → ")] + [id_]
    best = max(strength for strength, _ in ways)
    label = "strong" if best >= Fraction(3, 10) else "medium" if best >= Fraction(1, 10) else "weak"
    return (best, steps) in ways and word == label


def way_if(test: Callable[[dict[str, Fraction | None]], bool]) -> Check:
    def check(records: Records, name: str, way: str, word: str) -> bool:
        [id_] = names(name)
        return test(records.knowing(id_)) and best_way(records, id_, way, word)

    return check


def far(knowing: dict[str, Fraction | None]) -> bool:
    return all(strength is None or strength < Fraction(1, 2) for strength in knowing.values())


def known_not_well(records: Records, member: str, name: str) -> bool:
    [id_] = names(name)
    knowing = records.knowing(id_)
    return knowing[member.lower()] is not None and far(knowing)


def known(records: Records) -> list[str]:
    return [id_ for id_ in records.people if records.knowing(id_)]


def best_known(records: Records, count: str, total: str, name: str, member: str) -> bool:
    strengths = [s for id_ in known(records) for s in records.knowing(id_).values() if s]
    best = records.knowing(name.lower())[member.lower()]
    counted = (len(known(records)), len(records.people)) == (int(count), int(total))
    return counted and best == max(strengths)


def heads(records: Records, text: str) -> bool:
    ids = set(names(text))
    if records.marked:
        return ids <= records.marked
    return len(ids) == 1 and ids <= records.tops and not any(map(records.first, ids))


ANSWERS: dict[str, Check] = {
    "Nobody is on record here yet": lambda r: not r.people,
    "Nobody is on record as the one who decides": lambda r: not any(decides(r, p) for p in r.ids),
    rf"{N} decides? and (?:is|are) {VIEW}": fresh(decides),
    rf"{N} decides?, and where they stand is not known": of_all(
        lambda r, p: decides(r, p) and unknown(r, p)
    ),
    rf"{N} decides and was {VIEW} when last judged (\d+) days ago": old(decides),
    rf"{N} can veto and (?:is|are) {VIEW}": fresh(vetoes),
    rf"{N} can veto, and where they stand is not known": of_all(
        lambda r, p: vetoes(r, p) and unknown(r, p)
    ),
    rf"{N} can veto and was {VIEW} when last judged (\d+) days ago": old(vetoes),
    rf"(?!Only){N} knows {N} well": lambda r, m, p: (
        (r.knowing(p.lower())[m.lower()] or 0) >= Fraction(1, 2)
    ),
    rf"Only {N} knows {N}, and not well": lambda r, m, p: (
        known_not_well(r, m, p) and len(r.knowing(p.lower())) == 1
    ),
    rf"{N} knows {N}, but not well": known_not_well,
    rf"We know {N}, but how well is not on record": of_all(
        lambda r, p: bool(r.knowing(p)) and not any(r.knowing(p).values())
    ),
    rf"Nobody of us knows {N}, and no way there is on record": of_all(
        lambda r, p: unmet(r, p) and not reachable(r, p)
    ),
    rf"Nobody of us knows {N}; how well we know those who lead there is not on record": of_all(
        lambda r, p: unmet(r, p) and reachable(r, p) and not list(r.ways(p))
    ),
    rf"Nobody of us knows {N}; {WAY}": way_if(lambda knowing: not knowing),
    rf"Nobody of us is close to {N}; {WAY}": way_if(lambda k: far(k) and all(k.values())),
    rf"Nobody of us is known to be close to {N}; {WAY}": way_if(far),
    rf"{N} on it (?:is|are) {VIEW}": fresh(lambda r, p: min(r.judgements(p)[0].stance, 0) < 0),
    rf"{N} on it was {VIEW} when last judged (\d+) days ago": old(lambda r, p: True),
    rf"{N} (?:is|are) at the top": heads,
    rf"{N} stands highest, in a circle of reporting lines": of_all(
        lambda r, p: not r.marked and r.on_circle(p) and p in r.tops
    ),
    "Who is at the top is not on record": lambda r: not r.marked and not any(map(r.first, r.ids)),
    "Nobody of us knows anybody here yet": lambda r: not known(r),
    r"We know (\d+) of (\d+) people": lambda r, k, n: (
        (int(k), int(n)) == (len(known(r)), len(r.people))
    ),
    r"We know (\d+) of (\d+) people, best ([A-Z]) through ([A-Z])": best_known,
}


def old_days(records: Records, text: str, days: str) -> bool:
    return max(records.age(id_) or 0 for id_ in names(text)) == int(days) > 90 and all(
        records.is_old(id_) for id_ in names(text)
    )


def roles_of(text: str) -> set[str]:
    return {ROLES[word] for word in re.split(", | and ", text)}


def empty_with_roles(records: Records, name: str, roles: str) -> bool:
    [id_] = names(name)
    return id_ in records.seats and {row.role for row in records.roles(id_)} == roles_of(roles)


def lacking(records: Records, roles: str) -> bool:
    return not any(records.plays(id_, *roles_of(roles)) for id_ in records.ids)


def circle(records: Records, text: str) -> bool:
    ids = names(text)
    return all(map(records.on_circle, ids)) and all(
        records.first(lower) == upper for lower, upper in pairwise(ids)
    )


def managers(drawn: bool) -> Check:
    def check(records: Records, name: str, text: str) -> bool:
        [id_] = names(name)
        # Above a marked top no line is drawn; one of the lines of a circle is not.
        can_be_cut = id_ in records.marked or records.on_circle(id_)
        return names(text) == records.solid(id_)[: len(names(text))] and (
            id_ not in records.marked if drawn else can_be_cut
        )

    return check


def has_no_manager(records: Records, id_: str) -> bool:
    return records.first(id_) is None and id_ not in records.marked


FINDINGS: dict[str, Check] = {
    rf"{N} can veto and (?:is|are) {VIEW}\.": judged(vetoes),
    rf"{N} decides? and (?:is|are) {VIEW}\.": judged(decides),
    rf"Nobody of us knows {N}, and nobody who could introduce us is on record\.": of_all(
        lambda r, p: unmet(r, p) and not reachable(r, p)
    ),
    rf"Nobody of us knows {N}; how well we know those who lead there is not on record\.": of_all(
        lambda r, p: unmet(r, p) and reachable(r, p) and not list(r.ways(p))
    ),
    rf"Nobody of us knows {N}; somebody would have to introduce us\.": of_all(
        lambda r, p: unmet(r, p) and bool(list(r.ways(p)))
    ),
    rf"Where {N} stands? is not known\.": of_all(lambda r, p: key(r, p) and unknown(r, p)),
    r"Nobody is on record as the one who decides\.": lambda r: (
        not any(r.plays(p, "decision_maker") for p in r.ids)
    ),
    r"The deal still lacks (.+)\.": lacking,
    rf"Where {N} stands was judged (\d+) days ago\.": old_days,
    rf"Where {N} stand was judged up to (\d+) days ago\.": old_days,
    rf"Where {N} stand was judged more than 90 days ago\.": of_all(Records.is_old),
    rf"Nobody is known yet for {N}: (.+)\.": empty_with_roles,
    rf"Nobody is known yet for {N}\.": of_all(lambda r, p: p in r.seats and not r.roles(p)),
    rf"There is tension between {N}\.": lambda r, text: r.tension(*names(text)),
    rf"{N} report to each other in a circle\.": circle,
    rf"{N} reports to {N} at once; the first stands in the chart\.": managers(True),
    rf"{N} reports to {N} at once; none of these lines stands in the chart\.": managers(False),
    rf"The record says that {N} reports? to themsel(?:f|ves)\.": of_all(
        lambda r, p: any((x.from_id, x.to_id) == (p, p) for x in r.customer.reports)
    ),
    rf"{N} are all marked as the top\.": of_all(lambda r, p: p in r.marked),
    rf"{N} (?:is|are) marked as the top and also reports? to somebody\.": of_all(
        lambda r, p: p in r.marked and bool(r.solid(p))
    ),
    r"No reporting lines are on record\.": lambda r: not r.customer.reports,
    r"No solid line from one person to another is on record\.": lambda r: (
        not any(map(r.solid, r.ids))
    ),
    rf"Whom {N} reports? to is not known\.": of_all(has_no_manager),
    rf"No known line leads from {N} to the top\.": of_all(lambda r, p: not r.is_under(p, r.tops)),
    rf"From {N} only a line to a second manager leads to the top\.": of_all(
        lambda r, p: r.is_under(p, r.tops) and not r.tops.issuperset({p, *r.line(p)})
    ),
    rf"Without a department: {N}\.": of_all(lambda r, p: r.customer.by_id[p].department_id is None),
}


def money(text: str) -> float:
    return float(text.replace(",", ""))


FUNCTIONS = {"Purchasing": "purchasing", "Legal": "legal", "Finance": "finance"}


def signs_for(records: Records, id_: str, function: str, by: str | None) -> bool:
    """By role, title or seat only where no department of the function has a signer."""
    matches = records.matches(FUNCTIONS[function])
    how = (
        {"role": "role", "title": "title", "title of the seat": "seat"}[by] if by else "department"
    )
    return id_ in matches[how] and (how == "department" or not matches["department"])


def amount(records: Records) -> float | None:
    deal = records.customer.deal(records.deal_id)
    assert deal is not None
    return deal.amount


def covers(records: Records, id_: str) -> bool:
    limit, wanted = records.limit(id_), amount(records)
    if limit is None or isinstance(limit, str) or wanted is None:
        return limit == "unlimited"
    return limit >= wanted


BY = r"(?:, taken from the (.+))?"
REASONS: dict[str, Check] = {
    r"Limit (\S+), so it goes on up": lambda r, p, x: (
        r.limit(p) == money(x) and amount(r) is not None and not covers(r, p)
    ),
    r"Limit (\S+); the amount is not known, so it may go on up": lambda r, p, x: (
        r.limit(p) == money(x) and amount(r) is None
    ),
    r"Final approval; limit (\S+)": lambda r, p, x: r.limit(p) == money(x) and covers(r, p),
    "Final approval; no limit": lambda r, p: r.limit(p) == "unlimited",
    rf"(Purchasing) always signs{BY}": signs_for,
    rf"(Legal) signs because the terms are not standard{BY}": lambda r, p, f, by: (
        signs_for(r, p, f, by) and r.customer.deal(r.deal_id).nonstandard
    ),
    rf"(Finance) signs from 500,000{BY}": lambda r, p, f, by: (
        signs_for(r, p, f, by) and amount(r) >= 500_000
    ),
    r"Nobody in (\S+) is on record as approver, buyer or veto": lambda r, p, f: (
        not any(r.matches(FUNCTIONS[f]).values())
        and any(r.function(d.id) == FUNCTIONS[f] for d in r.customer.departments)
    ),
    r"No department is on record for (\S+), and nobody who signs has a role or title of it": (
        lambda r, p, f: (
            not any(r.matches(FUNCTIONS[f]).values())
            and not any(r.function(d.id) == FUNCTIONS[f] for d in r.customer.departments)
        )
    ),
}
WHY: dict[str, Check] = {
    r"The amount is not known\.": lambda r, c: amount(r) is None,
    r"Whether (Finance) has to sign depends on the amount\.": lambda r, c, f: amount(r) is None,
    r"Who asks for the purchase is not known\.": lambda r, c: not any(map(r.roles, r.ids)),
    rf"Nobody stands above {N}\.": lambda r, c, n: not any(map(r.solid, names(n))),
    r"Nobody on the line above has a known limit that covers (\S+)\.": lambda r, c, x: (
        amount(r) == money(x) and not any(covers(r, p) for p in r.line(c.requester))
    ),
    rf"Whom {N} reports to is not known\.": of_all(lambda r, p: True),
    rf"The line runs in a circle at {N}\.": lambda r, c, n: r.on_circle(*names(n)),
}
WHY[rf"Whom {N} reports to is not known\."] = lambda r, c, n: has_no_manager(r, *names(n))
ASKED: dict[str, Check] = {
    rf"Taken to be asked for by {N}, a champion": of_all(lambda r, p: r.plays(p, "champion")),
    rf"Taken to be asked for by {N}, a user": of_all(lambda r, p: r.plays(p, "user")),
    rf"Taken to be asked for by {N}, the lowest on the chart with a role": of_all(
        lambda r, p: bool(r.roles(p))
    ),
    rf"Taken to be asked for by {N}, who has a role": of_all(lambda r, p: bool(r.roles(p))),
    rf"Passed over because the limit is not known: {N}\.": of_all(lambda r, p: r.limit(p) is None),
}


def ties(records: Records) -> int:
    pairs = {
        (row.from_id, row.to_id)
        for row in records.customer.influences
        if row.deal_id in (None, records.deal_id)
    }
    return len(records.customer.reports) + len(pairs) + len(records.customer.knows)


def seats(records: Records, count: str, total: str) -> bool:
    seats = [id_ for id_ in records.ids if records.roles(id_)]
    return (int(count), int(total)) == (sum(not unknown(records, p) for p in seats), len(seats))


def people(records: Records, count: str, total: str) -> bool:
    assessed = sum(not unknown(records, id_) for id_ in records.people)
    return (int(count), int(total)) == (assessed, len(records.people))


BASIS: dict[str, Check] = {
    r"Based on (\d+) of (\d+) seats": seats,
    r"Based on (\d+) of (\d+) people": people,
    r"Based on (\d+) recorded ties; nobody’s stance is known": lambda r, n: (
        int(n) == ties(r) and all(unknown(r, id_) for id_ in r.people)
    ),
    r"of (\d+) people judged, (\d+) more than 90 days ago": lambda r, k, n: (
        people(r, k, str(len(r.people))) and int(n) == sum(map(r.is_old, r.people))
    ),
}
TABLES = (ANSWERS, FINDINGS, REASONS, WHY, ASKED, BASIS)
