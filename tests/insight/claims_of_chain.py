"""What each sentence of the approval chain claims, and what a figure says that it rests on."""

from __future__ import annotations

from tests.insight.claim import FUNCTIONS, Claim, N, Z, names
from tests.insight.claims import has_no_manager, of_all, unknown
from tests.insight.plain_records import Records


def money(text: str) -> float:
    return float(text.replace(",", ""))


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
BY_ZH = r"(?:（据(.+)判断）)?"
REASONS: tuple[Claim, ...] = (
    Claim(
        r"Limit (\S+), so it goes on up",
        r"限额 (\S+)，需继续上报",
        lambda r, p, x: r.limit(p) == money(x) and amount(r) is not None and not covers(r, p),
    ),
    Claim(
        r"Limit (\S+); the amount is not known, so it may go on up",
        r"限额 (\S+)；金额未知，可能需继续上报",
        lambda r, p, x: r.limit(p) == money(x) and amount(r) is None,
    ),
    Claim(
        r"Final approval; limit (\S+)",
        r"最终审批，限额 (\S+)",
        lambda r, p, x: r.limit(p) == money(x) and covers(r, p),
    ),
    Claim("Final approval; no limit", "最终审批，无限额", lambda r, p: r.limit(p) == "unlimited"),
    Claim(rf"(Purchasing) always signs{BY}", rf"(采购)必须会签{BY_ZH}", signs_for),
    Claim(
        rf"(Legal) signs because the terms are not standard{BY}",
        rf"条款非标准，(法务)需会签{BY_ZH}",
        lambda r, p, f, by: signs_for(r, p, f, by) and r.customer.deal(r.deal_id).nonstandard,
    ),
    Claim(
        rf"(Finance) signs from 500,000{BY}",
        rf"500,000 起(财务)需会签{BY_ZH}",
        lambda r, p, f, by: signs_for(r, p, f, by) and amount(r) >= 500_000,
    ),
    Claim(
        r"Nobody in (\S+) is on record as approver, buyer or veto",
        r"(\S+)中尚无审批者、采购负责人或否决者的记录",
        lambda r, p, f: (
            not any(r.matches(FUNCTIONS[f]).values())
            and any(r.function(d.id) == FUNCTIONS[f] for d in r.customer.departments)
        ),
    ),
    Claim(
        r"No department is on record for (\S+), and nobody who signs has a role or title of it",
        r"没有(\S+)部门的记录，签字人中也没有相应的角色或职务",
        (
            lambda r, p, f: (
                not any(r.matches(FUNCTIONS[f]).values())
                and not any(r.function(d.id) == FUNCTIONS[f] for d in r.customer.departments)
            )
        ),
    ),
)
WHY: tuple[Claim, ...] = (
    Claim(r"The amount is not known\.", "金额未知。", lambda r, c: amount(r) is None),
    Claim(
        r"Whether (Finance) has to sign depends on the amount\.",
        r"(财务)是否需要会签取决于金额。",
        lambda r, c, f: amount(r) is None,
    ),
    Claim(
        r"Who asks for the purchase is not known\.",
        "不清楚由谁提出采购。",
        lambda r, c: not any(map(r.roles, r.ids)),
    ),
    Claim(
        rf"Nobody stands above {N}\.",
        rf"{Z}之上再无上级。",
        lambda r, c, n: not any(map(r.solid, names(n))),
    ),
    Claim(
        r"Nobody on the line above has a known limit that covers (\S+)\.",
        r"汇报线上没有人的已知限额足以审批 (\S+)。",
        lambda r, c, x: (
            amount(r) == money(x) and not any(covers(r, p) for p in r.line(c.requester))
        ),
    ),
    Claim(
        rf"Whom {N} reports to is not known\.",
        rf"{Z}向谁汇报尚不清楚。",
        lambda r, c, n: has_no_manager(r, *names(n)),
    ),
    Claim(
        rf"The line runs in a circle at {N}\.",
        rf"汇报线在{Z}处形成循环。",
        lambda r, c, n: r.on_circle(*names(n)),
    ),
)
ASKED: tuple[Claim, ...] = (
    Claim(
        rf"Taken to be asked for by {N}, a champion",
        rf"假定由内部推动者{Z}提出",
        of_all(lambda r, p: r.plays(p, "champion")),
    ),
    Claim(
        rf"Taken to be asked for by {N}, a user",
        rf"假定由使用者{Z}提出",
        of_all(lambda r, p: r.plays(p, "user")),
    ),
    Claim(
        rf"Taken to be asked for by {N}, the lowest on the chart with a role",
        rf"假定由图上层级最低的有角色者{Z}提出",
        of_all(lambda r, p: bool(r.roles(p))),
    ),
    Claim(
        rf"Taken to be asked for by {N}, who has a role",
        rf"假定由有角色的{Z}提出",
        of_all(lambda r, p: bool(r.roles(p))),
    ),
    Claim(
        rf"Passed over because the limit is not known: {N}\.",
        rf"因限额未知而跳过：{Z}。",
        of_all(lambda r, p: r.limit(p) is None),
    ),
)


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


BASIS: tuple[Claim, ...] = (
    Claim(
        r"Based on (\d+) of (\d+) seats",
        r"依据 (\d+) 个席位中的 (\d+) 个",
        seats,
        (1, 0),
    ),
    Claim(
        r"Based on (\d+) of (\d+) people",
        r"依据 (\d+) 人中的 (\d+) 人",
        people,
        (1, 0),
    ),
    Claim(
        r"Based on (\d+) recorded ties; nobody’s stance is known",
        r"依据已记录的 (\d+) 条关系；所有人的态度均未知",
        lambda r, n: int(n) == ties(r) and all(unknown(r, id_) for id_ in r.people),
    ),
    Claim(
        r"of (\d+) people judged, (\d+) more than 90 days ago",
        r"已评估 (\d+) 人，其中 (\d+) 人超过 90 天",
        lambda r, k, n: people(r, k, str(len(r.people))) and int(n) == sum(map(r.is_old, r.people)),
    ),
)
