"""Files of other programs as they were met (tests/cases): each with its right outcome."""

from __future__ import annotations

import warnings
from datetime import UTC
from pathlib import Path

import pytest

from relgraph.records.activities.calendars import read_ics
from relgraph.records.activities.gathered import Gathered
from relgraph.records.activities.mail import read_eml, read_mbox
from tests.records.activities.samples import WINDOW

CASES = Path(__file__).parents[2] / "cases"


def read(name: str) -> Gathered:
    """Read the only file of a case; a warning of a library fails the test."""
    gathered = Gathered()
    path = CASES / name
    with warnings.catch_warnings(action="error"):
        if path.suffix == ".ics":
            read_ics(path, path.name, WINDOW, UTC, gathered)
        elif path.suffix == ".mbox":
            read_mbox(path, path.name, WINDOW, gathered)
        else:
            read_eml(path, path.name, WINDOW, gathered)
    assert not gathered.problems
    return gathered


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        ("address-in-single-quotes/quoted_mailto.ics", ["2026-09-10T09:00:00Z"]),
        ("ics-icloud-email-param/icloud.ics", ["2026-09-10T08:00:00Z"]),
        (
            "ics-recurrence-id-date/recid_date.ics",
            ["2026-09-02T08:00:00Z", "2026-09-10T13:00:00Z", "2026-09-16T08:00:00Z"],
        ),
        (
            "ics-thisandfuture/thisandfuture_cancel.ics",
            ["2026-09-01T10:00:00Z", "2026-09-08T10:00:00Z"],
        ),
        (
            "ics-unknown-zone/unknown_zone.ics",
            ["2026-09-10T01:00:00Z", "2026-09-11T01:00:00Z", "2026-09-11T17:00:00Z"],
        ),
    ],
)
def test_calendars(name: str, starts: list[str]) -> None:
    meetings = sorted(read(name).meetings.values(), key=lambda meeting: meeting.starts)
    assert [meeting.starts for meeting in meetings] == starts
    for meeting in meetings:
        assert meeting.people == {"mia@us.example": True, "ann@alpha.example": True}


def test_unknown_zones_are_counted() -> None:
    assert read("ics-unknown-zone/unknown_zone.ics").assumed == {"unknown_zone": 2}


def test_a_name_in_any_bytes_hides_no_address() -> None:
    [letter] = read("mail-raw-sjis-name/input/a.eml").letters.values()
    assert letter.sender == "mia@us.example"
    assert letter.recipients == ("ann@alpha.example", "bo@alpha.example")


def test_a_quoted_header_is_no_message() -> None:
    gathered = read("mbox-from-in-body/input/a.mbox")
    assert [letter.sender for letter in gathered.letters.values()] == [
        "mia@us.example",
        "ann@alpha.example",
    ]
    assert gathered.messages == 2
