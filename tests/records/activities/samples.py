"""Invented mail and calendars, at example domains."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from relgraph.records.activities.gathered import Gathered, Window

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
WINDOW = Window(datetime(2024, 11, 24, tzinfo=UTC), NOW)
SECRET = "ZEBRAFISH"
"""Stands in every text that may be private; nothing may repeat it."""

PEOPLE = {
    "customers": [{"id": "c", "name": "C"}],
    "stakeholders": [
        {"id": "sun", "customer_id": "c", "name": "Sun", "email": "Sun@Client.example"},
        {"id": "wang", "customer_id": "c", "name": "Wang",
         "email": "wang@client.example; w.wang@home.example"},
    ],
    "members": [
        {"id": "ann", "name": "Ann", "email": "ann@us.example"},
        {"id": "bob", "name": "Bob", "email": "bob@us.example"},
    ],
}  # fmt: skip


def letter(
    sender: str = "Ann <ann@us.example>",
    to: str = "sun@client.example",
    date: str = "Mon, 16 Nov 2026 10:00:00 +0800",
    id_: str = "<1@us.example>",
    *more: str,
    body: str = f"{SECRET} is in the body.\n",
) -> str:
    lines = [
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {SECRET} is the subject",
        *([f"Date: {date}"] if date else []),
        *([f"Message-ID: {id_}"] if id_ else []),
        f"X-Custom: {SECRET}",
        *more,
    ]
    return "\n".join(lines) + "\n\n" + body


def mbox(*letters: str) -> str:
    return "".join(f"From - Mon Nov 16 02:00:00 2026\n{text.rstrip()}\n\n" for text in letters)


def event(*lines: str, uid: str = "m1", start: str = "20261116T020000Z") -> str:
    people = [
        "ORGANIZER;CN=Ann:mailto:ann@us.example",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:Sun@client.example",
    ]
    own = [] if any(line.startswith(("ORGANIZER", "ATTENDEE")) for line in lines) else people
    return "\r\n".join(
        [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            *([f"DTSTART:{start}"] if start else []),
            f"SUMMARY:{SECRET} review",
            f"DESCRIPTION:{SECRET} goes on",
            f"  over {SECRET} lines",
            f"LOCATION:{SECRET} street",
            f"ATTACH;ENCODING=BASE64;VALUE=BINARY:{SECRET}",
            f"X-ALT-DESC:{SECRET}",
            *own,
            *lines,
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{SECRET}",
            "DTSTART:20200101T000000Z",
            "TRIGGER:-PT15M",
            "END:VALARM",
            "END:VEVENT",
        ]
    )


def calendar(*events: str, head: tuple[str, ...] = ()) -> str:
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//example//",
            *head,
            *events,
            "END:VCALENDAR",
            "",
        ]
    )


def written(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problem_lines(gathered: Gathered) -> list[str]:
    """What could not be read, as it is printed."""
    return [str(problem) for problem in gathered.problems]
