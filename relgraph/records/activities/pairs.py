"""Makes activities of letters and meetings: one for each of us with each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from relgraph.records.activities.addresses import AddressBook
from relgraph.records.activities.gathered import Gathered, Letter, Meeting
from relgraph.records.activities.store import CALENDAR, MAIL
from relgraph.schema.activity import activity_id
from relgraph.schema.values import Values
from relgraph.schema.vocabulary import ActivityKind, Direction

Rows = dict[str, Values]


Answers = dict[str, set[str]]
"""Directions of the letters that refer to a letter, by the id of its activity."""


def activities_of(gathered: Gathered, book: AddressBook) -> tuple[Rows, Answers]:
    """Rows of activities by id, and what answers letters that are not among them.

    Letters and meetings without anybody of one side are counted as left out.
    """
    rows: Rows = {}
    for meeting in gathered.meetings.values():
        _add(rows, _meeting_rows(meeting, book), gathered.left_out)
    answers: Answers = {}
    for letter in gathered.letters.values():
        _add(rows, _letter_rows(letter, book), gathered.left_out)
        for member, stakeholder, direction in _ends(letter, book):
            for key in letter.answers:
                id_ = activity_id(MAIL, key, member, stakeholder)
                answers.setdefault(id_, set()).add(direction.value)
    earlier: Answers = {}
    for id_, directions in answers.items():
        if id_ not in rows:
            earlier[id_] = directions
        elif is_answered(rows[id_], directions):
            rows[id_]["answered"] = True
    return rows, earlier


def is_answered(row: Values, directions: set[str]) -> bool:
    """Whether a letter that refers to this one went the other way: a reminder is no answer."""
    return bool(directions - {row.get("direction")})


def _add(rows: Rows, new: Iterator[Values], left_out: Counter[str]) -> None:
    before = len(rows)
    for row in new:
        rows[row["id"]] = row
    if len(rows) == before:
        left_out["one_sided"] += 1


def _sides(addresses: Iterator[str], book: AddressBook) -> tuple[list[str], list[str]]:
    """Our people and theirs, each once, in their order."""
    sides: dict[str, dict[str, None]] = {"member": {}, "stakeholder": {}}
    for address in addresses:
        owner = book.owner(address)
        if owner is not None:
            sides[owner[0]][owner[1]] = None
    return list(sides["member"]), list(sides["stakeholder"])


def _meeting_rows(meeting: Meeting, book: AddressBook) -> Iterator[Values]:
    _sides(iter(meeting.people), book)
    accepted: dict[tuple[str, str], bool | None] = {}
    for address, answer in meeting.people.items():
        owner = book.owners.get(address)
        if owner is not None:  # of two addresses of one person either may have accepted
            accepted[owner] = _either(accepted[owner], answer) if owner in accepted else answer
    ours = [(id_, answer) for (side, id_), answer in accepted.items() if side == "member"]
    theirs = [(id_, answer) for (side, id_), answer in accepted.items() if side == "stakeholder"]
    for member, we in ours:
        for stakeholder, they in theirs:
            answered = _both(we, they)
            row = {
                "id": activity_id(CALENDAR, meeting.key, member, stakeholder),
                "kind": meeting.kind,
                "happened_at": meeting.starts,
                "answered": answered,
                "minutes": meeting.minutes,
                "member_id": member,
                "stakeholder_id": stakeholder,
                "source": CALENDAR,
                "external_id": meeting.key,
            }
            known = {name: value for name, value in row.items() if value is not None}
            yield known | {"direction": _direction(meeting, answered, book)}


def _direction(meeting: Meeting, answered: bool | None, book: AddressBook) -> str | None:
    """What was not answered went one way, from whoever invited; null if nobody knows who."""
    if answered is not False:
        return Direction.MUTUAL.value
    owner = book.owners.get(meeting.organizer)
    if owner is None:
        return None
    return (Direction.OUTBOUND if owner[0] == "member" else Direction.INBOUND).value


def _either(first: bool | None, second: bool | None) -> bool | None:
    return True if first or second else second if first is None else first


def _both(first: bool | None, second: bool | None) -> bool | None:
    """Whether both accepted; null if nobody knows of one and the other did not decline."""
    if first is False or second is False:
        return False
    return True if first and second else None


def _letter_rows(letter: Letter, book: AddressBook) -> Iterator[Values]:
    for member, stakeholder, direction in _ends(letter, book):
        yield {
            "id": activity_id(MAIL, letter.key, member, stakeholder),
            "kind": ActivityKind.EMAIL.value,
            "happened_at": _text(letter.sent_at),
            "direction": direction.value,
            "answered": False,
            "member_id": member,
            "stakeholder_id": stakeholder,
            "source": MAIL,
            "external_id": letter.key,
        }


def _ends(letter: Letter, book: AddressBook) -> Iterator[tuple[str, str, Direction]]:
    """Our and their person of each pair: the sender with each recipient of the other side."""
    sender = book.owner(letter.sender)
    members, stakeholders = _sides(iter(letter.recipients), book)
    if sender is None:
        return
    if sender[0] == "member":
        for stakeholder in stakeholders:
            yield sender[1], stakeholder, Direction.OUTBOUND
    else:
        for member in members:
            yield member, sender[1], Direction.INBOUND


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
