"""What the readers of calendars and mail give: who met whom, and what was left out and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from relgraph.records.problems import Problem, Value, file_problem

MANY = 100
"""With more people than this nobody meets or writes to anybody in particular."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which time is read: from `since` on, up to `now`; both in UTC."""

    since: datetime
    now: datetime


@dataclass(slots=True)
class Letter:
    """One e-mail by its headers. Addresses are in lower case."""

    key: str
    """A digest of its Message-ID, or of date and addresses without one."""
    answers: tuple[str, ...]
    """Digests of the messages that it refers to."""
    sent_at: datetime
    sender: str
    recipients: tuple[str, ...]


@dataclass(slots=True)
class Meeting:
    """One entry of a calendar, or one time of a series."""

    key: str
    """A digest of its UID and, in a series, of the time that it was planned for."""
    kind: str
    starts: str
    """A day, or an instant in UTC."""
    minutes: float | None
    people: dict[str, bool | None]
    """Who takes part: address → whether they accepted, null if nobody knows."""
    organizer: str = ""
    """Whose invitation it is; "" if nobody knows."""
    edition: tuple[int, str] = (0, "")
    """Of two copies the one with the later edition counts."""


@dataclass(slots=True)
class Gathered:
    """What was found in files."""

    letters: dict[str, Letter] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    """How many messages and entries were left out, by reason."""
    assumed: Counter[str] = field(default_factory=Counter)
    """How many were read with something that is not on record, by what it is."""
    problems: list[Problem] = field(default_factory=list)
    """What could not be read, by file and number."""
    files: int = 0
    messages: int = 0
    """Messages and calendar entries that were looked at."""

    def broken(self, file: str, number: int, code: str, **values: Value) -> None:
        """Note the entry or message that cannot be read, by its number, or a file with 0.

        Nothing of its content is shown.
        """
        place = f"{file} #{number}" if number else file
        self.problems.append(file_problem(place, code, **values))
