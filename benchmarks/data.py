"""Made-up organisations of any size, the same for the same seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from relgraph.schema.account import (
    Account,
    CustomerRow,
    DealRow,
    DepartmentRow,
    Influence,
    Knowing,
    MemberRow,
    Person,
    Relation,
    Report,
    RoleInDeal,
    Support,
)

FAMILY = [
    "Abel",
    "Brandt",
    "Castro",
    "Dupont",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Hansen",
    "Ivanova",
    "Jansen",
    "Kovač",
    "Lund",
]
GIVEN = [
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eva",
    "Finn",
    "Gia",
    "Hugo",
    "Iris",
    "Jon",
    "Kim",
    "Leo",
    "Mia",
    "Nils",
    "Ola",
    "Pia",
]
FAMILY_ZH = "王李张刘陈杨赵黄周吴徐孙"
GIVEN_ZH = ["建国", "晓梅", "文涛", "佩兰", "思雨", "永刚", "建成", "启明", "婷", "强"]
NOW = "2026-11-24"


def name_of(rng: random.Random) -> tuple[str, str | None]:
    """A name as written and, for a third of the people, its Chinese form."""
    name = f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"
    return name, rng.choice(FAMILY_ZH) + rng.choice(GIVEN_ZH) if rng.random() < 0.34 else None


def organisation(
    size: int, *, seed: int = 1, influences: int = 3, customer_id: str = "bench"
) -> Account:
    """A customer of `size` people: a head, departments of about eight, `influences` a person."""
    rng = random.Random(seed)
    departments = [
        DepartmentRow(f"{customer_id}-d{i}", f"Department {i + 1}", None, f"部门{i + 1}")
        for i in range(max(1, round((size - 1) / 8)))
    ]
    people: list[Person] = []
    reports: list[Report] = []
    heads: dict[str, str] = {}
    for i in range(size):
        person_id = f"{customer_id}-p{i}"
        name, name_zh = name_of(rng)
        department = None if i == 0 else departments[(i - 1) % len(departments)].id
        people.append(
            Person(person_id, name, None, name_zh, title=f"Role {i}", department_id=department)
        )
        if department is None:
            continue
        if department not in heads:
            heads[department] = person_id
            reports.append(Report(person_id, people[0].id))
        else:
            manager = heads[department] if i % 3 else people[max(1, i - len(departments))].id
            reports.append(Report(person_id, manager))
    ids = [person.id for person in people]
    pairs: set[tuple[str, str]] = set()
    wanted = influences * size if size > influences + 1 else 0
    while len(pairs) < wanted:
        a, b = rng.sample(ids, 2)
        pairs.add((a, b))
    deal = DealRow(f"{customer_id}-deal", "Renewal", None, "更新", stage="proposal", amount=800_000)
    roles = ["decision_maker", "veto", "approver", "buyer", "champion", "user"]
    members = [MemberRow(f"{customer_id}-m{i}", f"Member {i}", None, None) for i in range(4)]
    return Account(
        customer=CustomerRow(customer_id, "Benchmark Works", None, "基准工厂"),
        departments=tuple(departments),
        people=tuple(people),
        reports=tuple(reports),
        influences=tuple(
            Influence(
                from_id=a,
                to_id=b,
                strength=round(rng.uniform(0.1, 1), 2),
                assessed_at=NOW,
                evidence="said so in a meeting",
            )
            for a, b in sorted(pairs)
        ),
        deals=(deal,),
        supports=tuple(
            Support(
                stakeholder_id=person, deal_id=deal.id, stance=rng.randint(-2, 2), assessed_at=NOW
            )
            for person in ids
            if rng.random() < 0.8
        ),
        roles=tuple(
            RoleInDeal(stakeholder_id=person, deal_id=deal.id, role=role)
            for person, role in zip(ids, roles, strict=False)
        ),
        members=tuple(members),
        knows=tuple(
            Knowing(member_id=members[i % 4].id, stakeholder_id=person, closeness=1 + i % 5)
            for i, person in enumerate(ids[: max(4, size // 10)])
        ),
    )


def large_customer(people: int = 1_000, ties: int = 25_000, *, seed: int = 5) -> Account:
    """A customer with many ties between its people: three fifths influences, the rest personal."""
    account = organisation(people, influences=ties * 3 // 5 // people, customer_id="large")
    rng = random.Random(seed)
    ids = [person.id for person in account.people]
    pairs: dict[tuple[str, str], Relation] = {}
    while len(pairs) < ties - len(account.influences):
        a, b = sorted(rng.sample(ids, 2))
        pairs[a, b] = Relation(
            from_id=a,
            to_id=b,
            kind=rng.choice(["friend", "alumni", "former_colleague"]),
            strength=round(rng.uniform(0.1, 1), 2),
            assessed_at=NOW,
        )
    return replace(account, relations=tuple(pairs.values()), by_id={})


def import_folder(
    target: Path, people: int, *, per_customer: int = 50, prefix: str = ""
) -> dict[str, int]:
    """Write an import folder of `people` stakeholders with three influences each; row counts.

    `prefix` begins every id.
    """
    target.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}

    def write(name: str, header: str, lines: Iterator[list[object]]) -> None:
        with (target / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(header.split())
            for rows[name], line in enumerate(lines, 1):
                out.writerow(line)

    customers = max(1, people // per_customer)
    rng = random.Random(7)
    write(
        "customers",
        "id name kind",
        ([f"{prefix}c{i}", f"Customer {i}", "customer"] for i in range(customers)),
    )
    write(
        "departments",
        "id customer_id name",
        (
            [f"{prefix}c{i}-d{k}", f"{prefix}c{i}", f"Department {k}"]
            for i in range(customers)
            for k in range(5)
        ),
    )
    write(
        "stakeholders",
        "id customer_id department_id name title manager_id",
        (
            [
                f"{prefix}c{i}-p{k}",
                f"{prefix}c{i}",
                f"{prefix}c{i}-d{k % 5}",
                name_of(rng)[0],
                f"Role {k}",
                f"{prefix}c{i}-p{k // 6}" if k else "",
            ]
            for i in range(customers)
            for k in range(per_customer)
        ),
    )
    write(
        "influences",
        "from_id to_id strength nature assessed_at assessed_by evidence",
        (
            [
                f"{prefix}c{i}-p{k}",
                f"{prefix}c{i}-p{(k + step) % per_customer}",
                round(rng.uniform(0.1, 1), 2),
                "positive",
                NOW,
                "Anna Berg",
                "said so in a meeting of the steering group",
            ]
            for i in range(customers)
            for k in range(per_customer)
            for step in (1, 7, 13)
        ),
    )
    return rows
