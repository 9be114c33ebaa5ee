"""Reads the change log: of everything, of one customer, of one node or edge, of one write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

import orjson

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.batches import pages
from relgraph.records.log.change_log import Action, Entry
from relgraph.records.log.commit_order import Mark, end_of_log, place_notes
from relgraph.records.log.visible_entries import visible_entries
from relgraph.records.rows import Key
from relgraph.schema.kind import EdgeKind, Kind, NodeKind
from relgraph.schema.kinds import CUSTOMER, EMPLOYMENT, MEMBER, STAKEHOLDER, is_scoped, kind_of
from relgraph.schema.storage import JSON_FIELDS
from relgraph.schema.values import Values, timestamp

NOTES_A_PAGE = 50
_LAST = "~"
"""Comes after every place in the log."""


class ChangeAnswer(TypedDict):
    """One change as the API and webhooks give it; `before` and `after` hold changed members."""

    id: str
    change_set: str
    at: str
    actor: str
    source: str
    note: str | None
    undoes: str | None
    customer_id: str | None
    kind: str
    key: dict[str, str | None]
    action: Action
    before: Values | None
    after: Values | None
    version: int


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of the log; `next_cursor` is the id of the last change, null on the last page.

    `resume` is where to go on in the order of commits; null if that was not asked for.
    """

    items: list[ChangeAnswer]
    next_cursor: str | None
    resume: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a history is about: a node with its edges, or one edge."""

    kind: Kind
    key: Key

    @property
    def people(self) -> set[str]:
        """The stakeholders that it is, or that it joins."""
        if isinstance(self.kind, NodeKind):
            return {self.key[0]} if self.kind is STAKEHOLDER else set()
        return {
            id_ for end, id_ in zip(self.kind.ends, self.key, strict=False) if end is STAKEHOLDER
        }

    def has(self, entry: Entry) -> bool:
        """Whether an entry belongs to it."""
        if entry.table == self.kind.plural and entry.key == self.key:
            return True
        other = kind_of(entry.table)
        if isinstance(other, NodeKind):
            return False
        ends = zip(other.ends, entry.key, strict=False)
        return any(end is self.kind and id_ == self.key[0] for end, id_ in ends)


def changes(
    access: Access,
    *,
    customer_id: str | None = None,
    subject: Subject | None = None,
    change_set: str | None = None,
    since: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> ChangePage:
    """Changes in the order in which they were made.

    Those of a person are also those of the duplicates that were merged into them. A page goes on
    after the change with the id `after`.
    """
    place, number = _place(after, since)

    def work(tx: Transaction) -> list[ChangeAnswer]:
        answers: list[ChangeAnswer] = []
        for note, index, entry in _entries(tx, place, customer_id, subject, change_set):
            if note["id"] != place or index > number:
                answers.append(change_answer(note, index, entry))
            if len(answers) > limit:
                break
        return answers

    items = access.read(work)
    more = len(items) > limit
    return ChangePage(items[:limit], items[limit - 1]["id"] if more else None)


def changes_from(
    access: Access,
    mark: Mark,
    *,
    customer_id: str | None = None,
    subject: Subject | None = None,
    limit: int = 50,
) -> ChangePage:
    """Changes after a mark in the order in which they were committed; none is missed.

    Raises ResumeRefused for a mark of another database.
    """
    place_notes(access)

    def work(tx: Transaction) -> tuple[list[tuple[Mark, ChangeAnswer]], Mark]:
        end = end_of_log(tx, mark)
        subjects = None if subject is None else _with_merged(tx, subject)
        parts, facts = None if subjects is None else _parts(subjects), _may_have_facts(subjects)

        def read(after: str) -> list[Values]:
            rows = queries.rows(
                tx,
                "placed_changes",
                after=after,
                before=end.place,
                customer_id=customer_id,
                parts=parts,
                facts=facts,
                limit=NOTES_A_PAGE,
            )
            return [row["change"] for row in rows]

        notes = pages(read, NOTES_A_PAGE, lambda note: str(note["place"]), after=mark.place)
        answers: list[tuple[Mark, ChangeAnswer]] = []
        for note, index, entry in visible_entries(tx, notes):
            number = int(note["place"])
            if number == mark.number and mark.entry is not None and index <= mark.entry:
                continue
            if subjects is None or any(alias.has(entry) for alias in subjects):
                at = Mark(end.key, number, index)
                answers.append((at, change_answer(note, index, entry)))
            if len(answers) > limit:
                break
        return answers, end

    answers, end = access.read(work)
    is_more = len(answers) > limit
    resume = str(answers[limit - 1][0] if is_more else end)
    items = [answer for _, answer in answers[:limit]]
    return ChangePage(items, resume if is_more else None, resume)


def last_changes(
    tx: Transaction, subject: Subject, kind: EdgeKind, since: str
) -> dict[Key, tuple[Action, str]]:
    """What became of the edges of a node since then: the last action on each, and when."""
    return {
        entry.key: (entry.action, note["at"])
        # An employment that is gone may have been at any customer.
        for note, _, entry in _entries(
            tx, since, None, subject, None, everywhere=kind is EMPLOYMENT
        )
        if entry.table == kind.plural
    }


def last_changes_of_kind(
    tx: Transaction, kind: EdgeKind, since: str, customer_id: str | None
) -> dict[Key, tuple[Action, str]]:
    """The same of all edges of a kind, or of those in the log of one customer."""
    return {
        entry.key: (entry.action, note["at"])
        for note, _, entry in _entries(tx, since, customer_id, None, None)
        if entry.table == kind.plural
    }


def _entries(
    tx: Transaction,
    place: str,
    customer_id: str | None,
    subject: Subject | None,
    change_set: str | None,
    *,
    everywhere: bool = False,
) -> Iterator[tuple[Mapping[str, Any], int, Entry]]:
    """Entries from a place on with the note and the number of each, in order.

    Those of a subject are looked for in the logs of its own customers, unless `everywhere`.
    """
    subjects = None if subject is None else _with_merged(tx, subject)
    # Whom one of us knows stands in the logs of many customers.
    everywhere = everywhere or (subject is not None and subject.kind is MEMBER)
    if subjects is not None and customer_id is None and everywhere:
        notes: Iterable[Values] = _notes_naming(tx, place, subjects)
    else:
        notes = _notes(tx, place, customer_id, subjects, change_set)
    for note, index, entry in visible_entries(tx, notes):
        if subjects is None or any(alias.has(entry) for alias in subjects):
            yield note, index, entry


def _place(after: str | None, since: datetime | None) -> tuple[str, int]:
    """After which note, and which of its entries, to go on."""
    if after is not None:
        place, _, number = after.rpartition("#")
        return place, int(number) if number.isdigit() else -1
    return (timestamp(since), -1) if since is not None else ("", -1)


def _with_merged(tx: Transaction, subject: Subject) -> list[Subject]:
    """The subject, and what it was called when its people had records twice."""
    subjects = [subject]
    for alias in subjects:  # grows: a duplicate may have had duplicates
        for person in sorted(alias.people):
            for row in queries.rows(tx, "merged_from", ids=[person]):
                key = tuple(row["id"] if part == person else part for part in alias.key)
                former = Subject(alias.kind, key)
                if former not in subjects:
                    subjects.append(former)
    return subjects


def _notes(
    tx: Transaction,
    place: str,
    customer_id: str | None,
    subjects: list[Subject] | None,
    change_set: str | None,
) -> Iterator[Values]:
    """Notes from the one at `place` on, in order; a few more may come than are asked for."""
    if change_set is not None:
        for row in queries.rows(tx, "changes_of_set", set_id=change_set):
            if row["change"]["id"] >= place:
                yield row["change"]
        return
    before = _just_before(place)
    if customer_id is None and subjects is None:
        yield from _pages(
            lambda after: queries.rows(tx, "changes_after", after=after, limit=NOTES_A_PAGE), before
        )
        return
    parts = None
    scopes = {customer_id or ""}
    if subjects is not None:
        parts = _parts(subjects)
        if customer_id is None:
            scopes = {scope for subject in subjects for scope in _scopes(tx, subject)}
    facts = _may_have_facts(subjects)
    notes = [
        note
        for scope in scopes
        for note in notes_of_scope(tx, scope, after=before, parts=parts, facts=facts)
    ]
    yield from sorted(notes, key=lambda note: str(note["id"]))


def notes_of_scope(
    tx: Transaction, scope: str, *, after: str, parts: list[str] | None, facts: bool = False
) -> Iterator[Values]:
    """Notes of one customer after a place, in order; with `parts` those that name one of them."""

    def read(last: str) -> list[Values]:
        return queries.rows(
            tx,
            "changes_of_scope",
            after=f"{scope}\t{last}",
            before=f"{scope}\t{_LAST}",
            parts=parts,
            facts=facts,
            limit=NOTES_A_PAGE,
        )

    return _pages(read, after)


def notes_before(
    tx: Transaction, scope: str, *, before: str, parts: list[str] | None
) -> Iterator[Values]:
    """Notes of one customer before a place, the newest first, without those of plain facts."""

    def read(last: str) -> list[Values]:
        return queries.rows(
            tx,
            "changes_of_scope_before",
            before=f"{scope}\t{last}",
            after=f"{scope}\t",
            parts=parts,
            facts=False,
            limit=NOTES_A_PAGE,
        )

    return _pages(read, before)


def as_part(id_: str) -> str:
    """How an id stands in the entries of a note."""
    return orjson.dumps(id_).decode()


def _parts(subjects: list[Subject]) -> list[str]:
    return sorted({as_part(subject.key[0]) for subject in subjects})


def _may_have_facts(subjects: list[Subject] | None) -> bool:
    """Whether entries of plain facts belong to these: a node has its own and its edges'."""
    return subjects is None or any(subject.kind.is_fact for subject in subjects)


def _notes_naming(tx: Transaction, place: str, subjects: list[Subject]) -> Iterator[Values]:
    """The same at all customers."""
    parts, facts = _parts(subjects), _may_have_facts(subjects)

    def read(last: str) -> list[Values]:
        return queries.rows(
            tx, "changes_naming", after=last, parts=parts, facts=facts, limit=NOTES_A_PAGE
        )

    return _pages(read, _just_before(place))


def _just_before(place: str) -> str:
    """So that the note at the place itself comes first: the rest of its entries may be due."""
    return place[:-1] + chr(ord(place[-1]) - 1) + _LAST if place else ""


def _pages(read: Callable[[str], list[Values]], after: str) -> Iterator[Values]:
    rows = pages(read, NOTES_A_PAGE, lambda row: str(row["change"]["id"]), after=after)
    return (row["change"] for row in rows)


def _scopes(tx: Transaction, subject: Subject) -> set[str]:
    """The customers in whose log a node or edge may stand."""
    kind, id_ = subject.kind, subject.key[0]
    if not isinstance(kind, NodeKind):
        kind, id_ = next(
            (end, id_)
            for end, id_ in zip(kind.ends, subject.key, strict=False)
            if end.customer or end is CUSTOMER
        )
    scopes: set[str] = set()
    if kind is CUSTOMER:
        scopes.add(id_)
    elif is_scoped(kind):
        rows = queries.rows(tx, f"customers_of_{kind.plural}", ids=[id_])
        scopes |= {row["customer_id"] for row in rows}
    else:
        scopes.add("")
    removed = queries.row(tx, "deletion", id=f"{kind.plural}/{id_}")
    if removed is not None:
        scopes.add(removed["scope"])
    return scopes


def change_answer(note: Mapping[str, Any], index: int, entry: Entry) -> ChangeAnswer:
    """One change as the API and webhooks give it."""
    return {
        "id": f"{note['id']}#{index}",
        "change_set": note["set_id"],
        "at": note["at"],
        "actor": note["actor"],
        "source": note["source"],
        "note": note.get("note"),
        "undoes": note.get("undoes"),
        "customer_id": note["scope"] or None,
        "kind": entry.table,
        "key": kind_of(entry.table).named_key(entry.key),
        "action": entry.action,
        "before": _members(entry.before),
        "after": _members(entry.after),
        "version": entry.version,
    }


def _members(row: Values | None) -> Values | None:
    """A row with maps in place of their JSON text."""
    if row is None:
        return None
    return {
        name: orjson.loads(value) if name in JSON_FIELDS and isinstance(value, str) else value
        for name, value in row.items()
    }


def subject_of(kind: str, key: Key) -> Subject:
    """The subject of a node or edge. Raises KeyError for no kind of the import format."""
    return Subject(kind_of(kind), key)
