"""What each sentence of the answer strip and each finding claims."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from tests.insight.claim import ROLES, VIEW, VIEW_ZH, WAY, WAY_ZH, Check, Claim, N, Z, names
from tests.insight.plain_records import Records

VIEWS = {-2: "against us", -1: "sceptical", 0: "neutral", 1: "for us", 2: "for us"}


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


def views(power: str, power_zh: str, has: Callable[[Records, str], bool]) -> tuple[Claim, ...]:
    """What those with a power think: lately, nobody knows what, or long ago."""
    plural = power.replace("decides", "decides?")
    return (
        Claim(rf"{N} {plural} and (?:is|are) {VIEW}", rf"{Z}{power_zh}，{VIEW_ZH}", fresh(has)),
        Claim(
            rf"{N} {plural}, and where they stand is not known",
            rf"{Z}{power_zh}，态度未知",
            of_all(lambda r, p: has(r, p) and unknown(r, p)),
        ),
        Claim(
            rf"{N} {power} and was {VIEW} when last judged (\d+) days ago",
            rf"{Z}{power_zh}，(\d+) 天前评估为{VIEW_ZH}",
            old(has),
            (0, 2, 1),
        ),
    )


def ways_unknown(end: str, end_zh: str) -> Claim:
    """Ways to somebody of which nobody knows how good they are, in a sentence that ends so."""
    return Claim(
        rf"Nobody of us knows {N}; how well we know those who lead there is not on record{end}",
        rf"我方无人认识{Z}；与可引荐人的熟悉程度未记录{end_zh}",
        of_all(lambda r, p: unmet(r, p) and reachable(r, p) and not list(r.ways(p))),
    )


ANSWERS: tuple[Claim, ...] = (
    Claim("Nobody is on record here yet", "尚未记录任何联系人", lambda r: not r.people),
    Claim(
        "Nobody is on record as the one who decides",
        "尚未记录由谁拍板",
        lambda r: not any(decides(r, p) for p in r.ids),
    ),
    *views("decides", "拍板", decides),
    *views("can veto", "可否决", vetoes),
    Claim(
        rf"(?!Only){N} knows {N} well",
        rf"{Z}与{Z}很熟",
        lambda r, m, p: (r.knowing(p.lower())[m.lower()] or 0) >= Fraction(1, 2),
    ),
    Claim(
        rf"Only {N} knows {N}, and not well",
        rf"只有{Z}认识{Z}，而且不熟",
        lambda r, m, p: known_not_well(r, m, p) and len(r.knowing(p.lower())) == 1,
    ),
    Claim(rf"{N} knows {N}, but not well", rf"(?!只有){Z}认识{Z}，但不熟", known_not_well),
    Claim(
        rf"We know {N}, but how well is not on record",
        rf"我方认识{Z}，但熟悉程度未记录",
        of_all(lambda r, p: bool(r.knowing(p)) and not any(r.knowing(p).values())),
    ),
    Claim(
        rf"Nobody of us knows {N}, and no way there is on record",
        rf"我方无人认识{Z}，也没有可用的引荐路径",
        of_all(lambda r, p: unmet(r, p) and not reachable(r, p)),
    ),
    ways_unknown("", ""),
    Claim(
        rf"Nobody of us knows {N}; {WAY}",
        rf"我方无人认识{Z}，{WAY_ZH}",
        way_if(lambda knowing: not knowing),
    ),
    Claim(
        rf"Nobody of us is close to {N}; {WAY}",
        rf"我方无人与{Z}熟识，{WAY_ZH}",
        way_if(lambda k: far(k) and all(k.values())),
    ),
    Claim(
        rf"Nobody of us is known to be close to {N}; {WAY}",
        rf"我方是否有人与{Z}熟识尚无记录，{WAY_ZH}",
        way_if(far),
    ),
    Claim(
        rf"{N} on it (?:is|are) {VIEW}",
        rf"其中{Z}{VIEW_ZH}",
        fresh(lambda r, p: min(r.judgements(p)[0].stance, 0) < 0),
    ),
    Claim(
        rf"{N} on it was {VIEW} when last judged (\d+) days ago",
        rf"其中{Z}，(\d+) 天前评估为{VIEW_ZH}",
        old(lambda r, p: True),
        (0, 2, 1),
    ),
    Claim(rf"{N} (?:is|are) at the top", rf"{Z}是最高负责人", heads),
    Claim(
        rf"{N} stands highest, in a circle of reporting lines",
        rf"{Z}层级最高，但汇报关系成环",
        of_all(lambda r, p: not r.marked and r.on_circle(p) and p in r.tops),
    ),
    Claim(
        "Who is at the top is not on record",
        "尚未记录最高负责人",
        lambda r: not r.marked and not any(map(r.first, r.ids)),
    ),
    Claim(
        "Nobody of us knows anybody here yet", "我方还不认识这里的任何人", lambda r: not known(r)
    ),
    Claim(
        r"We know (\d+) of (\d+) people",
        r"(\d+) 人中我方认识 (\d+) 人",
        lambda r, k, n: (int(k), int(n)) == (len(known(r)), len(r.people)),
        (1, 0),
    ),
    Claim(
        r"We know (\d+) of (\d+) people, best ([A-Z]) through ([A-Z])",
        rf"(\d+) 人中我方认识 (\d+) 人，{Z}与{Z}最熟",
        best_known,
        (1, 0, 3, 2),
    ),
)


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


FINDINGS: tuple[Claim, ...] = (
    Claim(rf"{N} can veto and (?:is|are) {VIEW}\.", rf"{Z}可否决，且{VIEW_ZH}。", judged(vetoes)),
    Claim(rf"{N} decides? and (?:is|are) {VIEW}\.", rf"{Z}拍板，且{VIEW_ZH}。", judged(decides)),
    Claim(
        rf"Nobody of us knows {N}, and nobody who could introduce us is on record\.",
        rf"我方无人认识{Z}，也没有可引荐的人。",
        of_all(lambda r, p: unmet(r, p) and not reachable(r, p)),
    ),
    ways_unknown(r"\.", "。"),
    Claim(
        rf"Nobody of us knows {N}; somebody would have to introduce us\.",
        rf"我方无人认识{Z}，需要有人引荐。",
        of_all(lambda r, p: unmet(r, p) and bool(list(r.ways(p)))),
    ),
    Claim(
        rf"Where {N} stands? is not known\.",
        rf"{Z}的态度未知。",
        of_all(lambda r, p: key(r, p) and unknown(r, p)),
    ),
    Claim(
        r"Nobody is on record as the one who decides\.",
        "尚未记录由谁拍板。",
        lambda r: not any(r.plays(p, "decision_maker") for p in r.ids),
    ),
    Claim(r"The deal still lacks (.+)\.", r"本商机还缺少(.+)。", lacking),
    Claim(
        rf"Where {N} stands was judged (\d+) days ago\.",
        rf"{Z}的态度是 (\d+) 天前评估的。",
        old_days,
    ),
    Claim(
        rf"Where {N} stand was judged up to (\d+) days ago\.",
        rf"{Z}的态度最久是 (\d+) 天前评估的。",
        old_days,
    ),
    Claim(
        rf"Where {N} stand was judged more than 90 days ago\.",
        rf"{Z}的态度评估已超过 90 天。",
        of_all(Records.is_old),
    ),
    Claim(rf"Nobody is known yet for {N}: (.+)\.", rf"{Z}（(.+)）尚无人选。", empty_with_roles),
    Claim(
        rf"Nobody is known yet for {N}\.",
        rf"{Z}尚无人选。",
        of_all(lambda r, p: p in r.seats and not r.roles(p)),
    ),
    Claim(
        rf"There is tension between {N}\.",
        rf"{Z}之间关系紧张。",
        lambda r, text: r.tension(*names(text)),
    ),
    Claim(rf"{N} report to each other in a circle\.", rf"{Z}互相汇报，形成循环。", circle),
    Claim(
        rf"{N} reports to {N} at once; the first stands in the chart\.",
        rf"{Z}同时向{Z}汇报，图中以第一位为准。",
        managers(True),
    ),
    Claim(
        rf"{N} reports to {N} at once; none of these lines stands in the chart\.",
        rf"{Z}同时向{Z}汇报，图中均未采用。",
        managers(False),
    ),
    Claim(
        rf"The record says that {N} reports? to themsel(?:f|ves)\.",
        rf"按记录，{Z}都?向自己汇报。",
        of_all(lambda r, p: any((x.from_id, x.to_id) == (p, p) for x in r.customer.reports)),
    ),
    Claim(
        rf"{N} are all marked as the top\.",
        rf"{Z}都被标为最高负责人。",
        of_all(lambda r, p: p in r.marked),
    ),
    Claim(
        rf"{N} (?:is|are) marked as the top and also reports? to somebody\.",
        rf"{Z}被标为最高负责人，却又向他人汇报。",
        of_all(lambda r, p: p in r.marked and bool(r.solid(p))),
    ),
    Claim(
        r"No reporting lines are on record\.",
        "尚未记录任何汇报关系。",
        lambda r: not r.customer.reports,
    ),
    Claim(
        r"No solid line from one person to another is on record\.",
        "尚未记录人与人之间的实线汇报关系。",
        lambda r: not any(map(r.solid, r.ids)),
    ),
    Claim(
        rf"Whom {N} reports? to is not known\.", rf"{Z}向谁汇报尚不清楚。", of_all(has_no_manager)
    ),
    Claim(
        rf"No known line leads from {N} to the top\.",
        rf"{Z}与最高负责人之间没有已知的汇报线。",
        of_all(lambda r, p: not r.is_under(p, r.tops)),
    ),
    Claim(
        rf"From {N} only a line to a second manager leads to the top\.",
        rf"{Z}只能经由第二上级连到最高负责人。",
        of_all(lambda r, p: r.is_under(p, r.tops) and not r.tops.issuperset({p, *r.line(p)})),
    ),
    Claim(
        rf"Without a department: {N}\.",
        rf"未归属部门：{Z}。",
        of_all(lambda r, p: r.customer.by_id[p].department_id is None),
    ),
)
