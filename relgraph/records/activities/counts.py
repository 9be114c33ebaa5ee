"""Reads activities as counts and contacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import NotFound
from relgraph.records.access import Access
from relgraph.schema.account import Knowing, MemberRow
from relgraph.schema.activity import Contacts
from relgraph.schema.values import AHEAD_OF_UTC, CLOCKS_DIFFER, Values


@dataclass(frozen=True, slots=True)
class KnownBy:
    """Who of us was in contact with one person or knows them, as judged."""

    members: tuple[MemberRow, ...]
    contacts: tuple[Contacts, ...]
    knows: tuple[Knowing, ...]
    on_record: frozenset[str]
    """Members of whom any activity is on record, with whomever."""


def counts_of(access: Access, kind: str, id: str) -> list[Values]:  # noqa: A002
    """How often a `stakeholder` or `member` was in contact, by month, kind and direction.

    The latest month first. `number` counts a meeting of several people once, `answered` those of
    it that were, `minutes` their length as far as it is known. Raises NotFound.
    """

    def work(tx: Transaction) -> list[Values]:
        if not queries.rows(tx, f"get_{kind}s", ids=[id]):
            raise NotFound(kind, id)
        return queries.rows(tx, f"activity_counts_of_{kind}", **{f"{kind}_id": id})

    return access.read(work)


def known_by(access: Access, stakeholder_id: str) -> KnownBy:
    """Everything that the strength of our relations to one person is made of. Raises NotFound."""

    def work(tx: Transaction) -> KnownBy:
        if not queries.rows(tx, "get_stakeholders", ids=[stakeholder_id]):
            raise NotFound("stakeholder", stakeholder_id)
        contacts = queries.rows(
            tx, "contacts_of_stakeholder", stakeholder_id=stakeholder_id, **_latest(access.now)
        )
        knows = queries.rows(tx, "knows_of_stakeholder", stakeholder_id=stakeholder_id)
        ids = sorted({row["member_id"] for row in [*contacts, *knows]})
        members = {row["id"]: row for row in reversed(queries.rows(tx, "members_by_id", ids=ids))}
        known = queries.rows(tx, "members_with_activities", ids=ids)
        return KnownBy(
            members=tuple(MemberRow(**members[id_]) for id_ in ids),
            contacts=_contacts(contacts),
            knows=tuple(Knowing(stakeholder_id=stakeholder_id, **row) for row in knows),
            on_record=frozenset(row["id"] for row in known),
        )

    return access.read(work)


def contacts_of_customer(access: Access, customer_id: str) -> tuple[Contacts, ...]:
    """All contacts between us and the people of a customer, from one query."""
    rows = access.read(
        lambda tx: queries.rows(
            tx,
            "contacts_of_customer",
            customer_id=customer_id,
            today=access.today.isoformat(),
            **_latest(access.now),
        )
    )
    return _contacts(rows)


def _contacts(rows: Iterable[Values]) -> tuple[Contacts, ...]:
    """Each day of the lists with how often it stands in them."""
    contacts = []
    for row in rows:
        days: Counter[str] = Counter(row.pop("days"))
        contacts += [Contacts(day=day, number=number, **row) for day, number in days.items()]
    return tuple(contacts)


def _latest(now: datetime) -> dict[str, str]:
    """What is later than this day or instant has not happened yet."""
    return {
        "day": (now + AHEAD_OF_UTC).date().isoformat(),
        "instant": (now + CLOCKS_DIFFER).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
