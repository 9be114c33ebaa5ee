"""Reads who met whom and when from .ics files.

Nothing of a line that cannot be read is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from icalendar import Event, vBroken

from relgraph.records.activities.calendar_lines import EntryLines, read_lines
from relgraph.records.activities.entries import Entry, Unreadable, read_entry
from relgraph.records.activities.gathered import MANY, Gathered, Meeting, Window
from relgraph.records.activities.mail import digest
from relgraph.records.activities.recurrence import (
    UNREADABLE,
    Moment,
    RuleRefused,
    alike,
    in_utc,
    instant,
    moved,
    times,
)
from relgraph.records.activities.spelling import plain
from relgraph.records.activities.zones import Zones
from relgraph.schema.vocabulary import ActivityKind

CROWD = 20
"""With more people a meeting is an event, where not everybody talks to everybody."""
_NOBODY = frozenset({"ROOM", "RESOURCE", "GROUP"})
_ABSENT = frozenset({"DECLINED", "DELEGATED"})
_ANSWERS = frozenset({"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH", "REQUEST-STATUS"})


@dataclass(slots=True)
class _Series:
    """An entry and those that changed single times of it."""

    number: int
    main: Entry | None = None
    changes: list[Entry] = field(default_factory=list)


def read_ics(path: Path, name: str, window: Window, zone: tzinfo, gathered: Gathered) -> None:
    """Read one file of calendars. Times without a zone are in the calendar's, else in `zone`.

    Raises OSError for a file that cannot be read.
    """
    with path.open("rb") as file:
        entries, descriptions, is_calendar = read_lines(file)
    if not is_calendar:
        gathered.broken(name, 0, "calendar_none")
        return
    zones = Zones(descriptions)
    series_by_uid: dict[str, _Series] = {}
    for lines in entries:
        gathered.messages += 1
        try:
            _add(lines, series_by_uid, zones, zone, gathered)
        except Unreadable as error:
            gathered.broken(name, lines.number, str(error))
    for series in series_by_uid.values():
        try:
            _add_series(series, window, gathered)
        except RuleRefused as error:
            gathered.broken(name, series.number, str(error))


def _add(
    lines: EntryLines,
    series_by_uid: dict[str, _Series],
    zones: Zones,
    zone: tzinfo,
    gathered: Gathered,
) -> None:
    """Put an entry to its series; of two copies the later edition counts."""
    if lines.method in _ANSWERS:
        gathered.left_out["answer"] += 1
        return
    entry = read_entry(lines, zones, zone)
    if not entry.uid:
        if entry.planned is not None:
            raise Unreadable("entry_nameless")
        entry.assumed.add("no_uid")
        entry.uid = _without_uid(entry)
    gathered.assumed.update(entry.assumed)
    series = series_by_uid.setdefault(entry.uid, _Series(entry.number))
    if entry.planned is not None:
        series.changes.append(entry)
    elif series.main is None or series.main.edition <= entry.edition:
        series.main, series.number = entry, entry.number


def _without_uid(entry: Entry) -> str:
    """What names an entry without a UID: its time and people, as with a letter without an id."""
    people = sorted(_people(entry.event, Counter()))
    return "\n".join(("", in_utc(entry.start), str(entry.minutes), *people))


def _changes_of(series: _Series) -> dict[str, tuple[Moment, Entry]]:
    """By the time that they were planned for: that time, like the series', and the last edition."""
    changes: dict[str, tuple[Moment, Entry]] = {}
    for entry in series.changes:
        planned = entry.planned
        if planned is None:
            continue
        if series.main is not None:
            planned = alike(planned, series.main.start, series.main.zone)
        elif isinstance(planned, datetime) and planned.tzinfo is None:
            planned = planned.replace(tzinfo=getattr(entry.start, "tzinfo", None) or entry.zone)
        key = in_utc(planned)
        if key not in changes or changes[key][1].edition <= entry.edition:
            changes[key] = planned, entry
    return changes


def _add_series(series: _Series, window: Window, gathered: Gathered) -> None:
    """Add the meetings of a series that took place in the window."""
    changes = _changes_of(series)
    for key, (_, entry) in sorted(changes.items()):
        if entry.cancelled:
            gathered.left_out["cancelled"] += 1
        elif _is_in(entry.start, window, gathered):
            _add_meeting(entry, f"{entry.uid}\n{key}", entry.start, gathered)
    main = series.main
    if main is None:
        return
    if main.cancelled:
        gathered.left_out["cancelled"] += 1
        return
    if main.rule_is_broken:
        raise RuleRefused(UNREADABLE)
    if main.rule is None and not main.further:
        if in_utc(main.start) not in changes and _is_in(main.start, window, gathered):
            _add_meeting(main, main.uid, main.start, gathered)
        return
    onward = sorted(
        (change for change in changes.values() if change[1].is_onward),
        key=lambda change: instant(change[0]),
    )
    further_than = max((_distance(*change) for change in onward), default=timedelta())
    wider = Window(window.since - further_than, window.now + further_than)
    for moment in times(main.start, main.rule, main.further, main.without, wider):
        key = in_utc(moment)
        if key in changes:
            continue
        entry, start = main, moment
        for planned, change in onward:
            if instant(planned) <= instant(moment):  # the last of them counts
                entry, start = change, moved(moment, planned, change.start)
        if not entry.cancelled and window.since <= instant(start) <= window.now:
            _add_meeting(entry, f"{main.uid}\n{key}", start, gathered)


def _distance(planned: Moment, change: Entry) -> timedelta:
    """By how much the times from a changed one on are moved at most, with summer time."""
    if change.cancelled:
        return timedelta()
    return abs(instant(change.start) - instant(planned)) + timedelta(days=2)


def _is_in(start: Moment, window: Window, gathered: Gathered) -> bool:
    if instant(start) > window.now:
        gathered.left_out["future"] += 1
        return False
    if instant(start) < window.since:
        gathered.left_out["before"] += 1
        return False
    return True


def _add_meeting(entry: Entry, key: str, start: Moment, gathered: Gathered) -> None:
    people = _people(entry.event, gathered.left_out)
    if len(people) > MANY:
        gathered.left_out["crowd"] += 1
        return
    kind = _kind(entry.event, len(people))
    organizer = next(_addresses(entry.event, "ORGANIZER"), "")
    meeting = Meeting(
        digest(key), kind, in_utc(start), entry.minutes, people, organizer, entry.edition
    )
    before = gathered.meetings.get(meeting.key)
    if before is None or before.edition < entry.edition:
        gathered.meetings[meeting.key] = meeting
    if before is not None:
        gathered.left_out["repeated"] += 1
        if before.edition == entry.edition:  # in each one's own copy their own answer is sure
            for address, accepted in people.items():
                before.people[address] = _surer(before.people.get(address), accepted)


def _surer(first: bool | None, second: bool | None) -> bool | None:
    return True if first or second else second if first is None else first


def _people(event: Event, left_out: Counter[str]) -> dict[str, bool | None]:
    """Who takes part, by address, with whether they accepted; null where it does not say."""
    people: dict[str, bool | None] = {}
    absent: set[str] = set()
    people.update(dict.fromkeys(_addresses(event, "ORGANIZER"), True))
    attendees = event.get("ATTENDEE", [])
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        address = _address(attendee)
        parameters = {
            str(k).upper(): str(v).upper() for k, v in getattr(attendee, "params", {}).items()
        }
        if not address or parameters.get("CUTYPE") in _NOBODY:
            continue
        if parameters.get("ROLE") == "NON-PARTICIPANT":
            continue
        answer = parameters.get("PARTSTAT")
        if answer in _ABSENT:
            absent.add(address)
        elif address not in people:
            people[address] = None if answer is None else answer in {"ACCEPTED", "COMPLETED"}
    if absent:
        left_out["declined"] += len(absent)
    return {address: accepted for address, accepted in people.items() if address not in absent}


def _addresses(event: Event, name: str) -> Iterator[str]:
    people = event.get(name)
    for person in people if isinstance(people, list) else [people]:
        if address := _address(person):
            yield address


def _address(person: Any) -> str:
    """The address of a person; where the value is none, the one that the parameter EMAIL gives."""
    value, is_mailto = str(person or "").strip(), False
    if value.lower().startswith("mailto:"):
        value, is_mailto = unquote(value[7:].partition("?")[0]), True
    address = plain(value)
    if address and (is_mailto or "/" not in address):  # a path may hold an @, too
        return address
    parameters = getattr(person, "params", {})
    return plain(str(parameters.get("EMAIL", "")).strip().lower().removeprefix("mailto:"))


def _kind(event: Event, people: int) -> str:
    """A category that is the word for a kind, in either language; else a meeting or an event."""
    words = {
        spelling.lower(): kind.value
        for kind in ActivityKind
        for spelling in (kind.value, kind.en, kind.zh)
    }
    categories = event.get("CATEGORIES", [])
    for group in categories if isinstance(categories, list) else [categories]:
        for category in [] if isinstance(group, vBroken) else getattr(group, "cats", [group]):
            kind = words.get(str(category).strip().lower())
            if kind is not None:
                return kind
    return ActivityKind.EVENT.value if people > CROWD else ActivityKind.MEETING.value
