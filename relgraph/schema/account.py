"""A customer as plain data: what the queries return and what insight and viz compute on.

These are read models: small, frozen, without validation (the values were checked when they
were written), so that a customer of a thousand people is built in a few milliseconds. Field
names are those of the node and edge models. Instants are ISO-8601 text in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from relgraph.schema.vocabulary import Lang


def in_language(lang: Lang, own: str | None, en: str | None, zh: str | None) -> str:
    """Text in the reader's language, else as written, else in the other language, else ""."""
    first, other = (zh, en) if lang == "zh" else (en, zh)
    return first or own or other or ""


@dataclass(frozen=True, slots=True)
class Named:
    """Shared by everything that has a name in two languages."""

    id: str
    name: str | None
    name_en: str | None
    name_zh: str | None

    def name_in(self, lang: Lang) -> str:
        """Name for a reader of `lang`."""
        return in_language(lang, self.name, self.name_en, self.name_zh)


@dataclass(frozen=True, slots=True)
class CustomerRow(Named):
    kind: str | None = None
    industry: str | None = None
    region: str | None = None
    grade: str | None = None
    lifecycle: str | None = None
    url: str | None = None
    parent_id: str | None = None
    parent_name: str | None = None
    owner_id: str | None = None
    owner_name: str | None = None
    importing: str | None = None
    """Id of an import that is not finished and touches this customer; null if none."""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class DepartmentRow(Named):
    function: str | None = None
    parent_id: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Person(Named):
    """A stakeholder who works at the customer now, or an empty seat (`placeholder`)."""

    title: str | None = None
    title_en: str | None = None
    title_zh: str | None = None
    department_id: str | None = None
    level: str | None = None
    top: bool | None = None
    email: str | None = None
    phone: str | None = None
    budget: float | None = None
    adaptability: float | str | None = None
    motives: str | None = None
    placeholder: bool | None = None
    url: str | None = None
    since: str | None = None
    updated_at: str | None = None
    version: int | None = None

    def title_in(self, lang: Lang) -> str:
        """Title for a reader of `lang`."""
        return in_language(lang, self.title, self.title_en, self.title_zh)


@dataclass(frozen=True, slots=True)
class Report:
    from_id: str
    to_id: str
    line: str = "solid"
    primary: bool | None = None
    since: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    assessed_at: str | None = None
    assessed_by: str | None = None
    source: str | None = None
    evidence: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence(Judged):
    from_id: str
    to_id: str
    strength: float
    nature: str = "positive"
    deal_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Judged):
    from_id: str
    to_id: str
    kind: str
    strength: float | None = None
    directed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherEdge(Judged):
    """An edge between two people of a kind that has no class of its own.

    `table` names its kind, `key` is its key; without `directed` in its model it has a direction.
    """

    table: str
    key: tuple[str, ...]
    strength: float | None = None
    directed: bool = True

    @property
    def from_id(self) -> str:
        return self.key[0]

    @property
    def to_id(self) -> str:
        return self.key[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Support(Judged):
    stakeholder_id: str
    deal_id: str
    stance: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest(Judged):
    stakeholder_id: str
    deal_id: str
    level: float | None = None
    motive: str | None = None
    demand: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleInDeal(Judged):
    stakeholder_id: str
    deal_id: str
    role: str
    can_veto: bool | None = None
    approval_limit: float | str | None = None
    decision_weight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowing(Judged):
    member_id: str
    stakeholder_id: str
    closeness: int | None = None
    strength: float | None = None


@dataclass(frozen=True, slots=True)
class DealRow(Named):
    stage: str | None = None
    amount: float | None = None
    currency: str | None = None
    close_date: str | None = None
    outcome: str | None = None
    reason: str | None = None
    url: str | None = None
    owner_id: str | None = None
    owner_name: str | None = None
    nonstandard: bool | None = None
    version: int | None = None

    @property
    def is_open(self) -> bool:
        return self.outcome is None


@dataclass(frozen=True, slots=True)
class MemberRow(Named):
    title: str | None = None
    title_en: str | None = None
    title_zh: str | None = None
    team_id: str | None = None
    team_name: str | None = None
    email: str | None = None
    version: int | None = None

    def title_in(self, lang: Lang) -> str:
        """Title for a reader of `lang`."""
        return in_language(lang, self.title, self.title_en, self.title_zh)


@dataclass(frozen=True, slots=True)
class Account:
    """Everything about one customer that the map, the matrix and the chain are made of.

    People are those who work there now. Edges whose other end is not among them (a former
    colleague, say) are left out. `members` are those of us who know somebody there or own the
    customer or one of its deals.
    """

    customer: CustomerRow
    departments: tuple[DepartmentRow, ...] = ()
    people: tuple[Person, ...] = ()
    reports: tuple[Report, ...] = ()
    influences: tuple[Influence, ...] = ()
    relations: tuple[Relation, ...] = ()
    deals: tuple[DealRow, ...] = ()
    supports: tuple[Support, ...] = ()
    interests: tuple[Interest, ...] = ()
    roles: tuple[RoleInDeal, ...] = ()
    members: tuple[MemberRow, ...] = ()
    knows: tuple[Knowing, ...] = ()
    others: tuple[OtherEdge, ...] = ()
    """Edges between people of further kinds."""
    by_id: dict[str, Person] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.by_id.update((person.id, person) for person in self.people)

    def deal(self, deal_id: str | None) -> DealRow | None:
        """The deal with this id, or None."""
        return next((deal for deal in self.deals if deal.id == deal_id), None)
