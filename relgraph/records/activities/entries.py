"""Reads one entry of a calendar: its times, brought to the type and zone of its beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from icalendar import Event, vBroken

from relgraph.records.activities.calendar_lines import EntryLines
from relgraph.records.activities.recurrence import Moment, alike, minutes_between
from relgraph.records.activities.zones import Zones
from relgraph.schema.values import Values

_OF_TIME = ("DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID")
_ZONE = "X-RELGRAPH-ZONE"
"""The parameter that stands for TZID while a line is parsed: the number of the zone's name."""
_FOLD = re.compile(rb"\r?\n[ \t]")
_TIME_LINE = re.compile(r"^([A-Za-z-]++)((?:;.*)?):([^:]*+)$", re.DOTALL)
"""A value of time holds no colon, so that a zone's name may, even where it is not quoted."""
_TZID = re.compile(r';\s*TZID\s*=\s*("[^"]*"|.*?)\s*(?=;\s*[A-Za-z-]+\s*=|\Z)', re.I | re.DOTALL)
_CANCELLED = "CANCELLED"


class Unreadable(ValueError):
    """An entry that cannot be read; its text is the code of the problem."""


@dataclass(slots=True)
class Entry:
    """What one entry says of time; of its people and kind see `event`."""

    event: Event
    number: int
    uid: str
    edition: tuple[int, str]
    cancelled: bool
    zone: tzinfo
    """Of times that name none and have no other time beside them."""
    start: Moment
    """Of a cancelled entry that names none its planned time."""
    minutes: float | None = None
    planned: Moment | None = None
    """For which time of its series it stands; as it is written, with a zone."""
    is_onward: bool = False
    """Whether it stands for all later times, too."""
    rule: Values | None = None
    rule_is_broken: bool = False
    further: list[Moment] = field(default_factory=list)
    without: list[Moment] = field(default_factory=list)
    assumed: set[str] = field(default_factory=set)
    """What is not on record and was assumed to read it."""


def read_entry(lines: EntryLines, zones: Zones, zone: tzinfo) -> Entry:
    """Times without a zone are in the calendar's, else in `zone`. Raises Unreadable."""
    if not lines.is_complete:
        raise Unreadable("entry_cut")
    text, names = _with_numbered_zones(lines.lines)
    event = _parsed(text)
    reader = _Reader(event, [zones.find(name) for name in names])
    own_zone = zones.find(lines.zone_name) if lines.zone_name else None
    status = str(event.get("STATUS", "")).strip().upper()
    cancelled = status == _CANCELLED or lines.method == "CANCEL"
    start, planned = reader.first("DTSTART"), reader.first("RECURRENCE-ID")
    if "RECURRENCE-ID" in event and planned is None:
        raise Unreadable("entry_recurrence")
    if start is None and not cancelled:
        raise Unreadable("entry_start")
    if isinstance(start, datetime) and start.tzinfo is None:
        if own_zone is None and not reader.assumed:
            reader.assumed.add("unknown_zone" if lines.zone_name else "floating")
        start = start.replace(tzinfo=own_zone or zone)
    entry = Entry(
        event,
        lines.number,
        str(event.get("UID", "")).strip(),
        _edition(event, reader),
        cancelled,
        own_zone or zone,
        start or planned or date.min,
        planned=planned,
        is_onward=_range(event) == "THISANDFUTURE",
        assumed=reader.assumed,
    )
    if start is not None:
        _add_times(entry, reader)
    return entry


def _add_times(entry: Entry, reader: _Reader) -> None:
    start, event = entry.start, entry.event
    end = reader.first("DTEND")
    if isinstance(end, datetime):
        end = alike(end, start, entry.zone)
    entry.minutes = minutes_between(start, end, _length(event))
    entry.further = [alike(moment, start, entry.zone) for moment in reader.all("RDATE")]
    entry.without = [
        # A day leaves out all of its times, however many they are.
        alike(moment, start, entry.zone) if isinstance(moment, datetime) else moment
        for moment in reader.all("EXDATE")
    ]
    rule = event.get("RRULE")
    rule = rule[0] if isinstance(rule, list) else rule
    entry.rule_is_broken = isinstance(rule, vBroken)
    entry.rule = None if rule is None or entry.rule_is_broken else dict(rule)


class _Reader:
    """The times of an event, each with its zone if that is known."""

    def __init__(self, event: Event, zones: list[tzinfo | None]) -> None:
        self._event = event
        self._zones = zones
        self.assumed: set[str] = set()

    def first(self, name: str) -> Moment | None:
        """The only time of this name, or the first; None if there is none that can be read."""
        return next(self._moments(name), None)

    def all(self, name: str) -> list[Moment]:
        """All times of this name."""
        return list(self._moments(name))

    def _moments(self, name: str) -> Iterator[Moment]:
        values = self._event.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, vBroken):
                continue
            for single in getattr(value, "dts", [value]):
                moment = getattr(single, "dt", None)
                if isinstance(moment, tuple):  # a period: its beginning
                    moment = moment[0]
                if isinstance(moment, date):
                    yield self._with_zone(moment, value)

    def _with_zone(self, moment: Moment, value: Any) -> Moment:
        number = getattr(value, "params", {}).get(_ZONE)
        if number is None or not isinstance(moment, datetime) or moment.tzinfo is not None:
            return moment
        zone = self._zones[int(number)]
        if zone is None:
            self.assumed.add("unknown_zone")
        return moment.replace(tzinfo=zone)


def _with_numbered_zones(lines: list[bytes]) -> tuple[str, list[str]]:
    """The entry as text with a number in place of each zone's name, and these names.

    So no name is parsed that the library would split at its colon or warn of.
    """
    names: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        name = re.sub(r"\\(.)", r"\1", match[1].strip('"')).strip()
        if name not in names:
            names.append(name)
        return f";{_ZONE}={names.index(name)}"

    unfolded = _FOLD.sub(b"", b"\r\n".join(lines)).decode("utf-8", "replace")
    texts: list[str] = []
    for line in unfolded.split("\r\n"):
        match = _TIME_LINE.fullmatch(line)
        if match and match[1].upper() in _OF_TIME:
            line = f"{match[1]}{_TZID.sub(numbered, match[2])}:{match[3]}"
        texts.append(line)
    return "\r\n".join(["BEGIN:VEVENT", *texts, "END:VEVENT", ""]), names


def _parsed(text: str) -> Event:
    try:
        event = Event.from_ical(text)
    except (ValueError, KeyError, TypeError, IndexError, OverflowError):
        raise Unreadable("entry_unreadable") from None
    if not isinstance(event, Event):
        raise Unreadable("entry_unreadable")
    return event


def _edition(event: Event, reader: _Reader) -> tuple[int, str]:
    try:
        number = int(event.get("SEQUENCE", 0))
    except (ValueError, TypeError):
        number = 0
    stamp = reader.first("DTSTAMP")
    return number, stamp.isoformat() if stamp is not None else ""


def _range(event: Event) -> str:
    parameters = getattr(event.get("RECURRENCE-ID"), "params", {})
    return str(parameters.get("RANGE", "")).strip().upper()


def _length(event: Event) -> timedelta | None:
    value = event.get("DURATION")
    length = None if isinstance(value, vBroken) else getattr(value, "dt", None)
    return length if isinstance(length, timedelta) else None
