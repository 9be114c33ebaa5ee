"""Reads who met whom and when from .ics files.

Only the lines named here are read; titles, descriptions, places and attachments are passed over
before anything is parsed. Nothing of a line that cannot be read is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, BinaryIO

from icalendar import Calendar, Event, vBroken
from icalendar.timezone import tzp

from relgraph.records.activities.gathered import MANY, Gathered, Meeting, Window
from relgraph.records.activities.mail import digest
from relgraph.records.activities.recurrence import (
    Moment,
    RuleRefused,
    in_utc,
    instant,
    minutes_between,
    times,
    zoned,
)
from relgraph.schema.vocabulary import ActivityKind

CROWD = 20
"""With more people a meeting is an event, where not everybody talks to everybody."""
_LONGEST_LINE = 1 << 16
_MOST_LINES = 20_000
_OF_EVENTS = frozenset(
    b"UID DTSTART DTEND DURATION RRULE RDATE EXDATE RECURRENCE-ID SEQUENCE DTSTAMP STATUS "
    b"ATTENDEE ORGANIZER CATEGORIES".split()
)
_NOT_OF_ZONES = frozenset(b"COMMENT TZNAME TZURL".split())
_NOBODY = frozenset({"ROOM", "RESOURCE", "GROUP"})
_ABSENT = frozenset({"DECLINED", "DELEGATED"})
_CANCELLED = "CANCELLED"
_ANSWERS = frozenset({"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH", "REQUEST-STATUS"})
_ADDRESS = re.compile(r"(?<![^\s<>,;:?\"()])[^\s<>,;:?\"()][^\s<>,;:?\"()@]*+@[^\s<>,;:?\"()]++")
"""An address may be followed by parts that a letter to it should have; they are ignored."""


class Unreadable(ValueError):
    """An entry that cannot be read; its text says what is wrong without showing any of it."""


@dataclass(slots=True)
class _Entry:
    """One VEVENT as its wanted lines, with what its calendar says of all of them."""

    number: int
    lines: list[bytes]
    method: str
    zone: tzinfo | None
    is_complete: bool = True


@dataclass(slots=True)
class _Series:
    """An entry and the single times of it that were changed."""

    uid: str
    main: Event | None = None
    edition: tuple[int, str] = (0, "")
    cancelled: bool = False
    zone: tzinfo | None = None
    number: int = 0
    changed: dict[str, tuple[tuple[int, str], Event, bool, int]] = field(default_factory=dict)


def read_ics(path: Path, name: str, window: Window, zone: tzinfo, gathered: Gathered) -> None:
    """Read one file of calendars. Times without a zone are in the calendar's, else in `zone`.

    Raises OSError for a file that cannot be read.
    """
    tzp.use_zoneinfo()  # two files may mean different zones by one name
    with path.open("rb") as file:
        entries, zones, is_calendar = _entries(file)
    if not is_calendar:
        gathered.broken(name, 0, "", "is no calendar", "export it again as .ics")
        return
    for lines in zones:
        _learn_zone(lines)
    series_by_uid: dict[str, _Series] = {}
    for entry in entries:
        gathered.messages += 1
        try:
            _add(entry, series_by_uid, zone, gathered)
        except Unreadable as error:
            gathered.broken(name, entry.number, "entry", str(error), "it was left out")
    for series in series_by_uid.values():
        try:
            _add_series(series, window, zone, gathered)
        except (Unreadable, RuleRefused) as error:
            gathered.broken(name, series.number, "entry", str(error), "it was left out")


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Property names with the beginning of each physical line; a continuation has no name."""
    goes_on = False
    for chunk in iter(lambda: file.readline(_LONGEST_LINE), b""):
        if goes_on:
            goes_on = not chunk.endswith(b"\n")
            continue
        goes_on = not chunk.endswith(b"\n") and len(chunk) == _LONGEST_LINE
        line = chunk.rstrip(b"\r\n")
        if line[:1] in (b" ", b"\t"):
            yield b"", line
        elif line:
            end = min((at for mark in b":;" if (at := line.find(mark)) >= 0), default=0)
            yield line[:end].upper(), line


def _entries(file: BinaryIO) -> tuple[list[_Entry], list[list[bytes]], bool]:
    """Entries, zones, and whether it is a calendar at all."""
    entries: list[_Entry] = []
    zones: list[list[bytes]] = []
    inside: list[bytes] = []
    kept: list[bytes] = []
    method, zone = "", None
    is_calendar = wanted = False
    for name, line in _lines(file):
        value = line[len(name) + 1 :].strip().upper()
        if not is_calendar:
            line = line.lstrip(b"\xef\xbb\xbf")
            is_calendar = line.strip().upper() == b"BEGIN:VCALENDAR"
            continue
        if name == b"BEGIN":
            if value == b"VCALENDAR":
                inside, method, zone = [], "", None
                continue
            inside.append(value)
            if value in (b"VEVENT", b"VTIMEZONE"):
                kept = []
            if value == b"VEVENT":
                entries.append(_Entry(len(entries) + 1, [], method, zone, is_complete=False))
            wanted = inside[:1] == [b"VTIMEZONE"]
        elif name == b"END":
            wanted = inside[:1] == [b"VTIMEZONE"]
        elif name:
            top = inside[-1] if inside else b""
            wanted = (top == b"VEVENT" and name in _OF_EVENTS) or (
                inside[:1] == [b"VTIMEZONE"]
                and name not in _NOT_OF_ZONES
                and not name.startswith(b"X-")
            )
            if not inside and name == b"METHOD":
                method = value.decode("ascii", "replace")
            elif not inside and name == b"X-WR-TIMEZONE":
                zone = _zone(line[len(name) + 1 :].decode("utf-8", "replace").strip())
        if wanted and len(kept) < _MOST_LINES:
            kept.append(line)
        if name == b"END":
            if value == b"VEVENT" and entries:
                entries[-1].lines, entries[-1].is_complete = kept, True
            elif value == b"VTIMEZONE":
                zones.append(kept)
            if value in inside:
                del inside[inside.index(value) :]
    return entries, zones, is_calendar


def _zone(name: str) -> tzinfo | None:
    zone: tzinfo | None = tzp.timezone(name)
    return zone


def _learn_zone(lines: list[bytes]) -> None:
    text = b"\r\n".join([b"BEGIN:VCALENDAR", *lines, b"END:VCALENDAR", b""])
    try:
        Calendar.from_ical(text)
    except (ValueError, KeyError, TypeError, IndexError, OverflowError):
        return  # times in it are read in its name's zone, or as if they had none


def _parsed(entry: _Entry) -> Event:
    if not entry.is_complete:
        raise Unreadable("ends in the middle")
    text = b"\r\n".join([b"BEGIN:VEVENT", *entry.lines, b"END:VEVENT", b""])
    try:
        event = Event.from_ical(text)
    except (ValueError, KeyError, TypeError, IndexError, OverflowError):
        raise Unreadable("cannot be read") from None
    if not isinstance(event, Event):
        raise Unreadable("cannot be read")
    return event


def _add(
    entry: _Entry, series_by_uid: dict[str, _Series], zone: tzinfo, gathered: Gathered
) -> None:
    """Put an entry to its series; of two copies the later edition counts."""
    if entry.method in _ANSWERS:
        gathered.left_out["answer"] += 1
        return
    event = _parsed(entry)
    uid = str(event.get("UID", "")).strip()
    if not uid:
        raise Unreadable("has no UID")
    own_zone = entry.zone or zone
    edition = _edition(event)
    status = str(event.get("STATUS", "")).strip().upper()
    cancelled = status == _CANCELLED or entry.method == "CANCEL"
    series = series_by_uid.setdefault(uid, _Series(uid, number=entry.number, zone=own_zone))
    if "RECURRENCE-ID" in event:
        planned = _moment(event, "RECURRENCE-ID", own_zone)
        if planned is None:
            raise Unreadable("has a RECURRENCE-ID that cannot be read")
        key = in_utc(planned)
        if key not in series.changed or series.changed[key][0] <= edition:
            series.changed[key] = (edition, event, cancelled, entry.number)
    elif series.main is None or series.edition <= edition:
        series.main, series.edition, series.cancelled = event, edition, cancelled
        series.zone, series.number = own_zone, entry.number


def _edition(event: Event) -> tuple[int, str]:
    try:
        number = int(event.get("SEQUENCE", 0))
    except (ValueError, TypeError):
        number = 0
    stamp = _dt(event.get("DTSTAMP"))
    return number, stamp.isoformat() if stamp is not None else ""


def _add_series(series: _Series, window: Window, zone: tzinfo, gathered: Gathered) -> None:
    """Add the meetings of a series that took place in the window."""
    own_zone = series.zone or zone
    for key, (edition, event, cancelled, number) in sorted(series.changed.items()):
        series.number = number
        if cancelled:
            gathered.left_out["cancelled"] += 1
            continue
        start = _start(event, own_zone)
        if _is_in(start, window, gathered):
            length = minutes_between(start, _moment(event, "DTEND", own_zone), _length(event))
            _add_meeting(event, f"{series.uid}\n{key}", start, length, edition, gathered)
    if series.main is None:
        return
    event = series.main
    if series.cancelled:
        gathered.left_out["cancelled"] += 1
        return
    start = _start(event, own_zone)
    length = minutes_between(start, _moment(event, "DTEND", own_zone), _length(event))
    rule, further = event.get("RRULE"), _moments(event, "RDATE", own_zone)
    if rule is None and not further:
        if in_utc(start) not in series.changed and _is_in(start, window, gathered):
            _add_meeting(event, series.uid, start, length, series.edition, gathered)
        return
    without = _moments(event, "EXDATE", own_zone)
    rule = rule[0] if isinstance(rule, list) else rule
    if isinstance(rule, vBroken):
        raise RuleRefused("has a rule that cannot be read")
    parts = None if rule is None else dict(rule)
    for moment in times(start, parts, further, without, window):
        key = in_utc(moment)
        if key not in series.changed:
            _add_meeting(event, f"{series.uid}\n{key}", moment, length, series.edition, gathered)


def _is_in(start: Moment, window: Window, gathered: Gathered) -> bool:
    if instant(start) > window.now:
        gathered.left_out["future"] += 1
        return False
    if instant(start) < window.since:
        gathered.left_out["before"] += 1
        return False
    return True


def _add_meeting(
    event: Event,
    key: str,
    start: Moment,
    minutes: float | None,
    edition: tuple[int, str],
    gathered: Gathered,
) -> None:
    people = _people(event, gathered)
    if len(people) > MANY:
        gathered.left_out["crowd"] += 1
        return
    kind = _kind(event, len(people))
    meeting = Meeting(digest(key), kind, in_utc(start), minutes, people, edition)
    before = gathered.meetings.get(meeting.key)
    if before is None or before.edition < edition:
        gathered.meetings[meeting.key] = meeting
    if before is not None:
        gathered.left_out["repeated"] += 1
        if before.edition == edition:  # in each one's own copy their own answer is sure
            for address, accepted in people.items():
                before.people[address] = _surer(before.people.get(address), accepted)


def _surer(first: bool | None, second: bool | None) -> bool | None:
    return True if first or second else second if first is None else first


def _people(event: Event, gathered: Gathered) -> dict[str, bool | None]:
    """Who takes part, by address, with whether they accepted; null where it does not say."""
    people: dict[str, bool | None] = {}
    absent: set[str] = set()
    organizer = event.get("ORGANIZER")
    for person in organizer if isinstance(organizer, list) else [organizer]:
        if address := _address(person):
            people[address] = True
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
        gathered.left_out["declined"] += len(absent)
    return {address: accepted for address, accepted in people.items() if address not in absent}


def _address(value: Any) -> str:
    text = str(value or "").strip().lower().removeprefix("mailto:").strip()
    match = _ADDRESS.match(text)
    return match[0] if match else ""


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


def _start(event: Event, zone: tzinfo) -> Moment:
    start = _moment(event, "DTSTART", zone)
    if start is None:
        raise Unreadable("has no beginning that can be read")
    return start


def _dt(value: Any) -> Moment | None:
    if isinstance(value, list):
        value = value[0]
    moment = None if isinstance(value, vBroken) else getattr(value, "dt", None)
    return moment if isinstance(moment, date) else None


def _moment(event: Event, name: str, zone: tzinfo) -> Moment | None:
    moment = _dt(event.get(name))
    return None if moment is None else zoned(moment, zone)


def _length(event: Event) -> timedelta | None:
    value = event.get("DURATION")
    length = None if isinstance(value, vBroken) else getattr(value, "dt", None)
    return length if isinstance(length, timedelta) else None


def _moments(event: Event, name: str, zone: tzinfo) -> list[Moment]:
    moments: list[Moment] = []
    lists = event.get(name, [])
    for dates in lists if isinstance(lists, list) else [lists]:
        for entry in [] if isinstance(dates, vBroken) else getattr(dates, "dts", []):
            moment = entry.dt[0] if isinstance(entry.dt, tuple) else entry.dt
            if isinstance(moment, datetime | date):
                moments.append(zoned(moment, zone))
    return moments
