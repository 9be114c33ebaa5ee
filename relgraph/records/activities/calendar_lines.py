"""Splits a file of calendars into the lines that are of use, by entry and by zone.

Titles, descriptions, places and attachments are passed over before anything is parsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_LONGEST_LINE = 1 << 16
_MOST_LINES = 20_000
_OF_EVENTS = frozenset(
    b"UID DTSTART DTEND DURATION RRULE RDATE EXDATE RECURRENCE-ID SEQUENCE DTSTAMP STATUS "
    b"ATTENDEE ORGANIZER CATEGORIES".split()
)
_NOT_OF_ZONES = frozenset(b"COMMENT TZNAME TZURL".split())


@dataclass(slots=True)
class EntryLines:
    """One VEVENT as its wanted lines, with what its calendar says of all of them."""

    number: int
    lines: list[bytes]
    method: str
    zone_name: str
    """The zone of times that name none; "" if the calendar does not say."""
    is_complete: bool = True


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


def read_lines(file: BinaryIO) -> tuple[list[EntryLines], list[list[bytes]], bool]:
    """Entries, descriptions of zones, and whether it is a calendar at all."""
    entries: list[EntryLines] = []
    zones: list[list[bytes]] = []
    inside: list[bytes] = []
    kept: list[bytes] = []
    method, zone = "", ""
    is_calendar = wanted = False
    for name, line in _lines(file):
        value = line[len(name) + 1 :].strip().upper()
        if not is_calendar:
            line = line.lstrip(b"\xef\xbb\xbf")
            is_calendar = line.strip().upper() == b"BEGIN:VCALENDAR"
            continue
        if name == b"BEGIN":
            if value == b"VCALENDAR":
                inside, method, zone = [], "", ""
                continue
            inside.append(value)
            if value in (b"VEVENT", b"VTIMEZONE"):
                kept = []
            if value == b"VEVENT":
                entries.append(EntryLines(len(entries) + 1, [], method, zone, is_complete=False))
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
                zone = line[len(name) + 1 :].decode("utf-8", "replace").strip()
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
