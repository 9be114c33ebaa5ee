"""Organisations to draw: ordinary ones of any size, and awkward ones."""

from __future__ import annotations

from benchmarks.data import organisation
from relgraph.schema.account import (
    Account,
    CustomerRow,
    DealRow,
    DepartmentRow,
    Influence,
    Knowing,
    MemberRow,
    Person,
    Report,
)

MARKUP = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def person(id_: str, name: str | None = None, department: str | None = None) -> Person:
    return Person(id_, name or id_, None, None, department_id=department)


def account(people: list[Person], reports: list[tuple[str, str]], **more: object) -> Account:
    return Account(
        customer=CustomerRow("c", "Customer", None, None),
        people=tuple(people),
        reports=tuple(Report(a, b) for a, b in reports),
        **more,  # type: ignore[arg-type]
    )


def awkward() -> dict[str, Account]:
    """Each awkward case under the name that a failing test should show."""
    departments = (DepartmentRow("d1", "One", None, None), DepartmentRow("d2", "Two", None, None))
    many = [person(f"p{i}", department="d1") for i in range(301)]
    long = "Wilhelmina Josephina Antoinette van der Hoeven-Oosterhuis tot Nieuwenkerke " * 3
    named = [
        person("long", long, "d1"),
        person("zh", "欧阳子墨轩辕", "d1"),
        person("rtl", "ליאור כהן", "d2"),
        person("markup", MARKUP, "d2"),
        person("control", "bell\x07 and \ufffe", "d2"),
        person("blank", "", None),
    ]
    ring = [person(name, department="d1") for name in "abc"]
    everybody = [person(name) for name in "abcdefgh"]
    ours = (MemberRow("m1", "Ours", None, None), MemberRow("m2", "Ours too", None, None))
    known = tuple(Knowing(member_id=m, stakeholder_id="a", closeness=3) for m in ("m1", "m2"))
    deal = (DealRow("deal", "Deal", None, None),)
    return {
        "nobody": account([], []),
        "one person": account([person("a")], []),
        "a circle": account(ring, [("a", "b"), ("b", "c"), ("c", "a")], departments=departments),
        "reports to self": account([person("a")], [("a", "a")]),
        "two managers": account(
            [person("a"), person("b"), person("c")], [("c", "a"), ("c", "b"), ("b", "a")]
        ),
        "three hundred leaves": account(
            many, [(f"p{i}", "p0") for i in range(1, 301)], departments=departments
        ),
        "nobody reports": account(everybody, []),
        "names": account(named, [("zh", "long"), ("markup", "rtl")], departments=departments),
        "an empty seat": account(
            [person("a"), Person("seat", None, None, None, placeholder=True)], [("seat", "a")]
        ),
        "manager in another department": account(
            [person("a", department="d1"), person("b", department="d2")],
            [("b", "a")],
            departments=departments,
        ),
        "ours": account([person("a"), person("b")], [("b", "a")], members=ours, knows=known),
        "everybody moves everybody": account(
            everybody,
            [],
            deals=deal,
            influences=tuple(
                Influence(from_id=a.id, to_id=b.id, strength=0.5)
                for a in everybody
                for b in everybody
                if a is not b
            ),
        ),
        "seven": organisation(7),
        "forty": organisation(40),
        "two hundred": organisation(200),
    }
