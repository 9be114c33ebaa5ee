"""The records of a small customer, read by plain search: another way than insight's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from relgraph.schema.account import Account, RoleInDeal, Support
from tests.insight.build import NOW
from tests.insight.customers import TITLES

SYNONYMS = {"procurement": "purchasing"}


class Records:
    """What is on record of a customer for one of its deals, or for its open deals."""

    def __init__(self, customer: Account, deal_id: str | None) -> None:
        self.customer, self.deal_id = customer, deal_id
        open_deals = {deal.id for deal in customer.deals if deal.outcome is None}
        self.deals = {deal_id} if deal_id else open_deals
        self.ids = sorted(person.id for person in customer.people)
        self.seats = {p.id for p in customer.people if p.placeholder}
        self.people = [id_ for id_ in self.ids if id_ not in self.seats]
        self.marked = {p.id for p in customer.people if p.top}
        self.tops = self._tops()

    # Roles and judgements.

    def roles(self, id_: str) -> list[RoleInDeal]:
        rows = self.customer.roles
        return [row for row in rows if row.stakeholder_id == id_ and row.deal_id in self.deals]

    def plays(self, id_: str, *words: str) -> bool:
        return any(row.role in words for row in self.roles(id_))

    def can_veto(self, id_: str) -> bool:
        return any(row.can_veto or row.role == "veto" for row in self.roles(id_))

    def limit(self, id_: str) -> float | str | None:
        limits = [r.approval_limit for r in self.roles(id_) if r.approval_limit is not None]
        if "unlimited" in limits:
            return "unlimited"
        return max((limit for limit in limits if not isinstance(limit, str)), default=None)

    def judgements(self, id_: str) -> list[Support]:
        """The newest known ones; several only if they are of different deals and one day."""
        known = [
            row
            for row in self.customer.supports
            if row.stakeholder_id == id_ and row.deal_id in self.deals and row.stance is not None
        ]
        newest = max((row.assessed_at or "" for row in known), default="")
        return [row for row in known if (row.assessed_at or "") == newest]

    def stances(self, id_: str) -> set[int | None]:
        return {row.stance for row in self.judgements(id_)} or {None}

    def age(self, id_: str) -> int | None:
        """Days since the stance was judged; null if it or its date is unknown."""
        for row in self.judgements(id_):
            if row.assessed_at is not None:
                return (NOW.date() - date.fromisoformat(row.assessed_at)).days
        return None

    def is_old(self, id_: str) -> bool:
        return (self.age(id_) or 0) > 90

    # Reporting lines.

    def solid(self, id_: str) -> list[str]:
        """Solid managers other than the person, first choice first."""
        rows = [
            row
            for row in self.customer.reports
            if row.from_id == id_ != row.to_id and row.line == "solid"
        ]
        rows.sort(key=lambda row: (0 if row.primary else 1, row.to_id))
        return [row.to_id for row in rows]

    def first(self, id_: str) -> str | None:
        return next(iter(self.solid(id_)), None)

    def line(self, id_: str) -> list[str]:
        """First managers upwards until somebody comes again."""
        way = [id_]
        while (above := self.first(way[-1])) is not None and above not in way:
            way.append(above)
        return way[1:]

    def on_circle(self, id_: str) -> bool:
        line = [id_, *self.line(id_)]
        return self.first(line[-1]) == id_

    def is_under(self, id_: str, goals: set[str]) -> bool:
        """Whether solid lines of any rank lead from a person to one of the goals."""
        seen: set[str] = set()
        waiting = [id_]
        while waiting:
            above = waiting.pop()
            if above in goals:
                return True
            if above not in seen:
                seen.add(above)
                waiting += self.solid(above)
        return False

    def company(self, id_: str) -> set[str]:
        """Everybody whose line of first managers leads to a person, who is one of them."""
        return {other for other in self.ids if id_ in {other, *self.line(other)}}

    def first_on_circle(self, id_: str) -> str:
        """The first person on a line who is on a circle."""
        return next(other for other in [id_, *self.line(id_)] if self.on_circle(other))

    def highest(self, id_: str) -> str:
        """Of a circle, who has most people below without it; of equals the smallest id."""
        entries = [self.first_on_circle(other) for other in self.company(id_)]
        return min(set(entries), key=lambda other: (-entries.count(other), other))

    def _tops(self) -> set[str]:
        """The marked, else the head of the largest company; of equals the smallest id."""
        if self.marked:
            return self.marked
        sizes = {id_: len(self.company(id_)) for id_ in self.ids if self._heads(id_)}
        largest = max(sizes.values(), default=1)
        return {min(id_ for id_ in sizes if sizes[id_] == largest)} if largest > 1 else set()

    def _heads(self, id_: str) -> bool:
        return self.first(id_) is None or (self.on_circle(id_) and self.highest(id_) == id_)

    def depth(self, id_: str) -> int | None:
        """Hops to a marked top, or to a head who has no manager; null else."""
        for hops, above in enumerate([id_, *self.line(id_)]):
            if above in self.tops:
                return hops
        return None

    # Ties and ways.

    def strength(self, from_id: str, to_id: str) -> Fraction | None:
        """Of a positive influence in scope, that of the deal before the general one."""
        rows = {
            row.deal_id: row
            for row in self.customer.influences
            if (row.from_id, row.to_id) == (from_id, to_id)
        }
        row = rows.get(self.deal_id) or rows.get(None)
        return Fraction(str(row.strength)) if row and row.nature == "positive" else None

    def tension(self, one_id: str, other_id: str) -> bool:
        for pair in ((one_id, other_id), (other_id, one_id)):
            rows = {r.deal_id: r for r in self.customer.influences if (r.from_id, r.to_id) == pair}
            row = rows.get(self.deal_id) or rows.get(None)
            if row and row.nature == "conflict":
                return True
        return False

    def knowing(self, id_: str) -> dict[str, Fraction | None]:
        """Who of us knows a person, and how well."""
        return {
            row.member_id: None if row.closeness is None else Fraction(row.closeness, 5)
            for row in self.customer.knows
            if row.stakeholder_id == id_
        }

    def ways(self, id_: str, rated: bool = True) -> Iterator[tuple[Fraction, list[str]]]:
        """Every simple way from one of us to a person, with its strength; 1 for the unrated."""

        def back(way: list[str], strength: Fraction) -> Iterator[tuple[Fraction, list[str]]]:
            for member, known in self.knowing(way[0]).items():
                if known is not None or not rated:
                    yield strength * (known or 1), [member, *way]
            for before in self.ids:
                tie = self.strength(before, way[0])
                if before not in way and tie is not None:
                    yield from back([before, *way], strength * tie)

        yield from back([id_], Fraction(1))

    # Functions.

    def function(self, department_id: str | None) -> str | None:
        """Function of a department, or of the nearest above that has one."""
        rows = {row.id: row for row in self.customer.departments}
        passed: list[str] = []
        while department_id in rows and department_id not in passed:
            own = rows[department_id].function
            if own:
                return SYNONYMS.get(own.lower(), own.lower())
            passed.append(department_id)
            department_id = rows[department_id].parent_id
        return None

    def signs(self, id_: str) -> bool:
        return self.plays(id_, "approver", "buyer", "veto") or self.can_veto(id_)

    def matches(self, function: str) -> dict[str, set[str]]:
        """By department, role, title and seat: who signs for a function."""
        people = self.customer.people
        signers = [p for p in people if self.signs(p.id)]
        return {
            "department": {p.id for p in signers if self.function(p.department_id) == function},
            "role": {
                p.id for p in signers if function == "purchasing" and self.plays(p.id, "buyer")
            },
            "title": {p.id for p in signers if TITLES[p.title] == function},
            "seat": {p.id for p in people if p.placeholder and TITLES[p.title] == function},
        }
