"""The time zones that one file of calendars names, and those that it describes itself."""

from __future__ import annotations

from datetime import tzinfo

from icalendar import Calendar
from icalendar.timezone import tzp


class Zones:
    """Zones by name. Two files may mean different zones by one name: each has its own."""

    def __init__(self, descriptions: list[list[bytes]]) -> None:
        """`descriptions` are the lines of the file's VTIMEZONEs."""
        tzp.use_zoneinfo()
        for lines in descriptions:
            _learn(lines)

    def find(self, name: str) -> tzinfo | None:
        """The zone of a name of IANA, Windows or the file; None if nobody knows it.

        A name that begins with a slash is one of IANA behind its maker's (RFC 5545 §3.2.19). It
        is taken apart here: the library would do that, and warn of it on the terminal.
        """
        parts = name.strip("/ ").split("/")
        for start in range(len(parts) if name.startswith("/") else 1):
            try:
                zone: tzinfo | None = tzp.timezone("/".join(parts[start:]))
            except (ValueError, OSError):
                zone = None
            if zone is not None:
                return zone
        return None


def _learn(lines: list[bytes]) -> None:
    text = b"\r\n".join([b"BEGIN:VCALENDAR", *lines, b"END:VCALENDAR", b""])
    try:
        Calendar.from_ical(text)
    except (ValueError, KeyError, TypeError, IndexError, OverflowError):
        return  # its name may be known all the same; else what is in it is counted as unknown
