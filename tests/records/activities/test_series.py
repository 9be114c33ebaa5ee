"""Series of meetings: whatever is said of single times is brought to how the series counts."""

from __future__ import annotations

from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relgraph.records.activities.mail import digest
from tests.records.activities.samples import calendar, event, problem_lines
from tests.records.activities.test_calendars import meetings, read, starts

SHANGHAI = ZoneInfo("Asia/Shanghai")
HERE = "DTSTART;TZID=Asia/Shanghai:20261102T100000"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=3"
FIRST, SECOND, THIRD = "2026-11-02T02:00:00Z", "2026-11-09T02:00:00Z", "2026-11-16T02:00:00Z"


@pytest.mark.parametrize(
    "exception",
    [
        "EXDATE:20261109T020000Z",
        "EXDATE:20261109T100000",
        "EXDATE;TZID=Asia/Shanghai:20261109T100000",
        "EXDATE;TZID=Europe/Berlin:20261109T030000",
        "EXDATE;VALUE=DATE:20261109",
        "EXDATE:20261109",
        "EXDATE;TZID=Nobody Knows:20261109T100000",
        "EXDATE;TZID=Asia/Shanghai:20261231T100000,20261109T100000",
    ],
)
@pytest.mark.parametrize("zone", [UTC, SHANGHAI])
def test_times_that_are_left_out(tmp_path: Path, exception: str, zone: tzinfo) -> None:
    gathered = read(tmp_path, calendar(event(HERE, WEEKLY, exception, start="")), zone)
    assert starts(gathered) == [FIRST, THIRD]


@pytest.mark.parametrize(
    "exception",
    ["EXDATE;VALUE=DATE:20261109", "EXDATE:20261109T000000", "EXDATE:20261109T000000Z",
     "EXDATE;TZID=Asia/Shanghai:20261109T000000", "EXDATE:20261108T160000Z"],
)  # fmt: skip
def test_days_that_are_left_out(tmp_path: Path, exception: str) -> None:
    lines = ("DTSTART;VALUE=DATE:20261102", WEEKLY, exception)
    gathered = read(tmp_path, calendar(event(*lines, start="")), SHANGHAI)
    assert starts(gathered) == ["2026-11-02", "2026-11-16"]


@pytest.mark.parametrize(
    "planned",
    [
        "RECURRENCE-ID:20261109T020000Z",
        "RECURRENCE-ID:20261109T100000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261109T030000",
        "RECURRENCE-ID;VALUE=DATE:20261109",
        "RECURRENCE-ID;TZID=Nobody Knows:20261109T100000",
    ],
)
def test_a_changed_time_is_the_one_of_the_series(tmp_path: Path, planned: str) -> None:
    main = event(HERE, WEEKLY, start="")
    change = event(planned, start="20261110T050000Z")
    for order in ([main, change], [change, main]):
        gathered = read(tmp_path, calendar(*order))
        assert starts(gathered) == [FIRST, "2026-11-10T05:00:00Z", THIRD]
        assert meetings(gathered)[1].key == digest(f"m1\n{SECOND}")


def test_further_times_and_ends_that_float_are_in_the_zone_of_the_beginning(tmp_path: Path) -> None:
    lines = (HERE, "DTEND:20261102T113000", "RDATE:20261104T100000,20261105T020000Z",
             "RDATE;VALUE=DATE:20261106")  # fmt: skip
    gathered = read(tmp_path, calendar(event(*lines, WEEKLY, start="")))
    assert starts(gathered) == [
        FIRST, "2026-11-04T02:00:00Z", "2026-11-05T02:00:00Z", "2026-11-06T02:00:00Z", SECOND,
        THIRD,
    ]  # fmt: skip
    assert {meeting.minutes for meeting in meetings(gathered)} == {90}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("DTSTART:20261109T020000Z", "STATUS:CANCELLED"), [FIRST]),
        (("STATUS:CANCELLED",), [FIRST]),
        (("DTSTART:20261110T030000Z",), [FIRST, "2026-11-10T03:00:00Z", "2026-11-17T03:00:00Z"]),
        (("DTSTART;TZID=Asia/Shanghai:20261110T110000",),
         [FIRST, "2026-11-10T03:00:00Z", "2026-11-17T03:00:00Z"]),
        (("DTSTART;VALUE=DATE:20261110",), [FIRST, "2026-11-10", "2026-11-17"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("planned", ["20261109T020000Z", "20261109T100000"])
def test_this_and_all_later_times(
    tmp_path: Path, planned: str, change: tuple[str, ...], expected: list[str]
) -> None:
    main = event(HERE, WEEKLY, start="")
    onward = event(f"RECURRENCE-ID;RANGE=THISANDFUTURE:{planned}", *change, start="")
    for order in ([main, onward], [onward, main]):
        gathered = read(tmp_path, calendar(*order))
        assert starts(gathered) == expected, problem_lines(gathered)


def test_later_times_keep_their_hour_and_single_changes(tmp_path: Path) -> None:
    """Berlin leaves summer time on 25 October; of two changes on the later one counts."""
    main = event("DTSTART;TZID=Europe/Berlin:20261005T090000", "RRULE:FREQ=WEEKLY;COUNT=6",
                 "DURATION:PT1H", start="")  # fmt: skip
    people = ("ORGANIZER:mailto:ann@us.example", "ATTENDEE:mailto:new@client.example")
    moved = event("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261012T090000",
                  "DTSTART;TZID=Europe/Berlin:20261013T100000", "DURATION:PT2H", *people,
                  start="")  # fmt: skip
    single = event("RECURRENCE-ID;TZID=Europe/Berlin:20261019T090000", start="20261019T120000Z")
    over = event("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261102T090000",
                 "STATUS:CANCELLED", start="20261102T080000Z")  # fmt: skip
    gathered = read(tmp_path, calendar(over, single, moved, main))
    assert [(meeting.starts, meeting.minutes) for meeting in meetings(gathered)] == [
        ("2026-10-05T07:00:00Z", 60),
        ("2026-10-13T08:00:00Z", 120),
        ("2026-10-19T12:00:00Z", None),
        ("2026-10-27T09:00:00Z", 120),
    ]
    assert "new@client.example" in meetings(gathered)[3].people
    assert meetings(gathered)[3].key == digest("m1\n2026-10-26T08:00:00Z")


def test_times_that_move_over_the_edge_of_the_window(tmp_path: Path) -> None:
    """What was planned for tomorrow and has been held yesterday counts, and the other way."""
    main = event("DTSTART:20261026T080000Z", WEEKLY.replace("3", "9"), start="")
    earlier = event("RECURRENCE-ID;RANGE=THISANDFUTURE:20261123T080000Z",
                    start="20261116T090000Z")  # fmt: skip
    gathered = read(tmp_path, calendar(main, earlier))
    assert starts(gathered)[-3:] == [
        "2026-11-16T08:00:00Z", "2026-11-16T09:00:00Z", "2026-11-23T09:00:00Z",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "head", "assumed"),
    [
        ("DTSTART:20261116T020000Z", (), {}),
        ("DTSTART;VALUE=DATE:20261116", (), {}),
        ("DTSTART;TZID=Asia/Shanghai:20261116T100000", (), {}),
        ("DTSTART:20261116T100000", (), {"floating": 1}),
        ("DTSTART:20261116T100000", ("X-WR-TIMEZONE:Europe/Berlin",), {}),
        ("DTSTART:20261116T100000", ("X-WR-TIMEZONE:Nobody Knows",), {"unknown_zone": 1}),
        ("DTSTART;TZID=Nobody Knows:20261116T100000", (), {"unknown_zone": 1}),
        ("DTSTART;TZID=Asia:20261116T100000", (), {"unknown_zone": 1}),
        ("DTSTART;TZID=../../etc/passwd:20261116T100000", (), {"unknown_zone": 1}),
        ('DTSTART;TZID="(UTC+08:00) Here, There":20261116T100000', (), {"unknown_zone": 1}),
        ("DTSTART;VALUE=DATE-TIME;TZID=(UTC+08:00) Here:20261116T100000", (), {"unknown_zone": 1}),
        ("DTSTART;TZID=/maker.example/1/Asia/Shanghai:20261116T100000", (), {}),
        ("DTSTART;TZID=/maker.example/Nowhere:20261116T100000", (), {"unknown_zone": 1}),
    ],
)
def test_what_is_assumed_is_counted(
    tmp_path: Path, line: str, head: tuple[str, ...], assumed: dict[str, int]
) -> None:
    gathered = read(tmp_path, calendar(event(line, start=""), head=head), SHANGHAI)
    assert len(gathered.meetings) == 1, problem_lines(gathered)
    assert gathered.assumed == assumed


def test_a_zone_with_a_colon_may_be_described(tmp_path: Path) -> None:
    zone = "\r\n".join([
        "BEGIN:VTIMEZONE", r"TZID:(UTC+05:30) Here\, There", "BEGIN:STANDARD",
        "DTSTART:19700101T000000", "TZOFFSETFROM:+0530", "TZOFFSETTO:+0530", "END:STANDARD",
        "END:VTIMEZONE",
    ])  # fmt: skip
    for name in (r"(UTC+05:30) Here\, There", '"(UTC+05:30) Here, There"'):
        text = calendar(event(f"DTSTART;TZID={name}:20261116T100000", start=""), head=(zone,))
        gathered = read(tmp_path, text)
        assert starts(gathered) == ["2026-11-16T04:30:00Z"]
        assert not gathered.assumed


def test_an_entry_without_uid_is_its_time_and_people(tmp_path: Path) -> None:
    bare = event().replace("UID:m1\r\n", "")
    later = event(start="20261117T020000Z").replace("UID:m1\r\n", "")
    gathered = read(tmp_path, calendar(bare, bare, later))
    assert starts(gathered) == ["2026-11-16T02:00:00Z", "2026-11-17T02:00:00Z"]
    assert gathered.assumed == {"no_uid": 3} and not gathered.problems
    again = read(tmp_path, calendar(later, bare), name="d.ics")
    assert again.meetings.keys() == gathered.meetings.keys()


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("ATTENDEE:MAILTO:'Li@Client.example'", "li@client.example"),
        ("ATTENDEE:mailto:o'neil@client.example", "o'neil@client.example"),
        ("ATTENDEE:mailto:a%2Bb@client.example", "a+b@client.example"),
        ("ATTENDEE:li@client.example", "li@client.example"),
        ("ATTENDEE;EMAIL=li@client.example:urn:uuid:0A1B2C3D", "li@client.example"),
        ('ATTENDEE;EMAIL="li@client.example":/abc@x/principal/', "li@client.example"),
        ("ATTENDEE;EMAIL=li@client.example:invalid:nomail", "li@client.example"),
        ("ATTENDEE;EMAIL=other@client.example:mailto:li@client.example", "li@client.example"),
    ],
)
def test_addresses_of_people(tmp_path: Path, person: str, address: str) -> None:
    [meeting] = meetings(read(tmp_path, calendar(event(person))))
    assert list(meeting.people) == [address]
