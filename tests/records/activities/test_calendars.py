"""Calendars by who met whom and when: zones, series, changes, answers, and what is broken."""

from __future__ import annotations

from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relgraph.records.activities.calendars import read_ics
from relgraph.records.activities.gathered import Gathered, Meeting
from relgraph.records.activities.mail import digest
from tests.records.activities.samples import SECRET, WINDOW, calendar, event, problem_lines, written

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(tmp_path: Path, text: str | bytes, zone: tzinfo = UTC, name: str = "c.ics") -> Gathered:
    gathered = Gathered()
    read_ics(written(tmp_path / name, text), name, WINDOW, zone, gathered)
    return gathered


def meetings(gathered: Gathered) -> list[Meeting]:
    return sorted(gathered.meetings.values(), key=lambda meeting: meeting.starts)


def starts(gathered: Gathered) -> list[str]:
    return [meeting.starts for meeting in meetings(gathered)]


def test_a_meeting_is_its_people_and_time(tmp_path: Path) -> None:
    [meeting] = meetings(read(tmp_path, calendar(event("DTEND:20261116T024500Z"))))
    assert (meeting.kind, meeting.starts, meeting.minutes) == (
        "meeting",
        "2026-11-16T02:00:00Z",
        45,
    )
    assert meeting.people == {"ann@us.example": True, "sun@client.example": True}
    assert meeting.key == digest("m1")


def test_answers_to_the_invitation(tmp_path: Path) -> None:
    gathered = read(
        tmp_path,
        calendar(
            event(
                "ORGANIZER:MAILTO:ann@us.example",
                "ATTENDEE;PARTSTAT=DECLINED:mailto:no@client.example",
                "ATTENDEE;PARTSTAT=DELEGATED:mailto:other@client.example",
                "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:silent@client.example",
                "ATTENDEE;PARTSTAT=TENTATIVE:mailto:maybe@client.example",
                "ATTENDEE:mailto:nobody-knows@client.example",
                "ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:room@client.example",
                "ATTENDEE;ROLE=NON-PARTICIPANT:mailto:fyi@client.example",
                'ATTENDEE;CN="Wei, Li";PARTSTAT=ACCEPTED:mailto:yes',
                " @client.example",
                "ATTENDEE:tel:+86-10-1234",
                f"ATTENDEE:mailto:also@client.example?subject={SECRET}",
            )
        ),
    )
    [meeting] = meetings(gathered)
    assert meeting.people == {
        "ann@us.example": True,
        "silent@client.example": False,
        "maybe@client.example": False,
        "nobody-knows@client.example": None,
        "yes@client.example": True,
        "also@client.example": None,
    }
    assert gathered.left_out["declined"] == 2


def test_an_organizer_who_declined_was_not_there(tmp_path: Path) -> None:
    people = ("ORGANIZER:mailto:ann@us.example", "ATTENDEE;PARTSTAT=DECLINED:mailto:ann@us.example")
    [meeting] = meetings(read(tmp_path, calendar(event(*people))))
    assert meeting.people == {}


ZONE = """BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0530
TZOFFSETTO:+0530
TZNAME:ZEBRAFISH
END:STANDARD
END:VTIMEZONE""".replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("line", "head", "zone", "starts_at"),
    [
        ("DTSTART:20261116T100000Z", (), UTC, "2026-11-16T10:00:00Z"),
        ("DTSTART;TZID=Asia/Shanghai:20261116T100000", (), UTC, "2026-11-16T02:00:00Z"),
        ("DTSTART;TZID=China Standard Time:20261116T100000", (), UTC, "2026-11-16T02:00:00Z"),
        ("DTSTART;TZID=Europe/Berlin:20260716T100000", (), UTC, "2026-07-16T08:00:00Z"),
        ("DTSTART;TZID=Office:20261116T100000", (ZONE,), UTC, "2026-11-16T04:30:00Z"),
        ("DTSTART:20261116T100000", (), SHANGHAI, "2026-11-16T02:00:00Z"),
        ("DTSTART:20261116T100000", ("X-WR-TIMEZONE:Europe/Berlin",), SHANGHAI,
         "2026-11-16T09:00:00Z"),
        ("DTSTART;TZID=Nowhere/Known:20261116T100000", (), SHANGHAI, "2026-11-16T02:00:00Z"),
        ("DTSTART;VALUE=DATE:20261116", (), SHANGHAI, "2026-11-16"),
    ],
)  # fmt: skip
def test_zones(
    tmp_path: Path, line: str, head: tuple[str, ...], zone: tzinfo, starts_at: str
) -> None:
    gathered = read(tmp_path, calendar(event(line, start=""), head=head), zone)
    assert starts(gathered) == [starts_at], problem_lines(gathered)


def test_zones_of_one_name_are_each_files_own(tmp_path: Path) -> None:
    line = "DTSTART;TZID=Office:20261116T100000"
    other = ZONE.replace("+0530", "+0100")
    for zone, at in ((ZONE, "2026-11-16T04:30:00Z"), (other, "2026-11-16T09:00:00Z")):
        assert starts(read(tmp_path, calendar(event(line, start=""), head=(zone,)))) == [at]


def test_a_series_keeps_its_hour_through_summer_time(tmp_path: Path) -> None:
    lines = ("DTSTART;TZID=Europe/Berlin:20261012T090000", "RRULE:FREQ=WEEKLY;COUNT=4",
             "DURATION:PT1H")  # fmt: skip
    gathered = read(tmp_path, calendar(event(*lines, start="")))
    assert starts(gathered) == [
        "2026-10-12T07:00:00Z", "2026-10-19T07:00:00Z",
        "2026-10-26T08:00:00Z", "2026-11-02T08:00:00Z",
    ]  # fmt: skip
    assert [meeting.minutes for meeting in meetings(gathered)] == [60] * 4
    assert meetings(gathered)[0].key == digest("m1\n2026-10-12T07:00:00Z")


def test_changed_moved_left_out_and_further_times(tmp_path: Path) -> None:
    main = event(
        "DTSTART;TZID=Asia/Shanghai:20261102T100000",
        "RRULE:FREQ=WEEKLY;UNTIL=20261124T020000Z",
        "EXDATE;TZID=Asia/Shanghai:20261109T100000",
        "RDATE;TZID=Asia/Shanghai:20261105T100000",
        start="",
    )
    moved = event("RECURRENCE-ID;TZID=Asia/Shanghai:20261116T100000", start="20261117T030000Z")
    off = event("RECURRENCE-ID:20261123T020000Z", "STATUS:CANCELLED", start="20261123T020000Z")
    for order in ([main, moved, off], [off, moved, main]):
        gathered = read(tmp_path, calendar(*order))
        assert starts(gathered) == [
            "2026-11-02T02:00:00Z", "2026-11-05T02:00:00Z", "2026-11-17T03:00:00Z",
        ]  # fmt: skip
        assert meetings(gathered)[2].key == digest("m1\n2026-11-16T02:00:00Z")
        assert gathered.left_out["cancelled"] == 1


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("FREQ=DAILY", 730),  # the window is two years
        ("FREQ=DAILY;COUNT=3", 3),
        ("FREQ=DAILY;UNTIL=20241130", 6),
        ("FREQ=DAILY;UNTIL=20241130T020000Z", 6),
        ("FREQ=DAILY;UNTIL=20241130T020000", 6),
        ("FREQ=MONTHLY;BYDAY=-1FR", 24),
        ("FREQ=DAILY;BYHOUR=1,2,3;COUNT=100000", 2000),
    ],
)
def test_rules_are_bounded(tmp_path: Path, rule: str, count: int) -> None:
    gathered = read(tmp_path, calendar(event(f"RRULE:{rule}", start="20241125T020000Z")))
    assert len(gathered.meetings) == count, problem_lines(gathered)


def test_a_rule_from_long_ago_and_whole_days(tmp_path: Path) -> None:
    line = "DTSTART;VALUE=DATE:19600101"
    yearly = event(line, "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20250101", start="")
    gathered = read(tmp_path, calendar(yearly))
    assert starts(gathered) == ["2026-01-01"]
    assert meetings(gathered)[0].minutes is None


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (("RRULE:FREQ=HOURLY",), "repeats more often than once a day"),
        (("RRULE:FREQ=SECONDLY",), "repeats more often than once a day"),
        (("RRULE:FREQ=DAILY;INTERVAL=0",), "has a rule that cannot be read"),
        (("RRULE:FREQ=DAILY;BYMONTHDAY=99",), "has a rule that cannot be read"),
        (("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",), "has a rule that cannot be read"),
        (("RRULE:FREQ=DAILY;COUNT=0",), "has a rule that cannot be read"),
        (("RRULE:FREQ=DAILY;UNTIL=someday",), "has a rule that cannot be read"),
        ((f"RRULE:{SECRET}",), "repeats more often than once a day"),
        (("RECURRENCE-ID:never",), "has a RECURRENCE-ID that cannot be read"),
    ],
)
def test_what_cannot_be_a_series(tmp_path: Path, lines: tuple[str, ...], wrong: str) -> None:
    gathered = read(tmp_path, calendar(event(uid="before"), event(*lines), event(uid="after")))
    assert len(gathered.meetings) == 2
    assert problem_lines(gathered) == [f"c.ics #2: the entry {wrong}; it was left out"]


def test_what_is_broken_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    no_uid = event("RECURRENCE-ID:20261116T020000Z").replace("UID:m1\r\n", "")
    cut = event(uid="cut")[:60]
    gathered = read(
        tmp_path,
        calendar(
            event(start=f"{SECRET}"), no_uid, event(start=""), event(uid="good"),
            f"{SECRET}", "BEGIN:VEVENT", event(uid="fine"), cut,
        ),
    )  # fmt: skip
    assert {meeting.key for meeting in gathered.meetings.values()} == {
        digest("good"),
        digest("fine"),
    }
    assert problem_lines(gathered) == [
        "c.ics #1: the entry has no beginning that can be read; it was left out",
        "c.ics #2: the entry has no UID; it was left out",
        "c.ics #3: the entry has no beginning that can be read; it was left out",
        "c.ics #5: the entry ends in the middle; it was left out",
        "c.ics #7: the entry ends in the middle; it was left out",
    ]


@pytest.mark.parametrize("text", ["", SECRET, "BEGIN:VCARD\r\nEND:VCARD\r\n", b"\x00\xff"])
def test_what_is_no_calendar(tmp_path: Path, text: str | bytes) -> None:
    gathered = read(tmp_path, text)
    assert problem_lines(gathered) == ["c.ics: is no calendar; export it again as .ics"]


def test_cancelled_still_to_come_and_answers(tmp_path: Path) -> None:
    gathered = read(
        tmp_path,
        calendar(
            event("STATUS:CANCELLED", uid="1"), event(uid="2", start="20261125T020000Z"),
            event(uid="3", start="20200101T020000Z"),
        )
        + calendar(event(uid="4"), head=("METHOD:CANCEL",))
        + calendar(event(uid="5"), head=("METHOD:REPLY",))
        + calendar(event(uid="6"), head=("METHOD:REQUEST",)),
    )  # fmt: skip
    assert gathered.left_out == {"cancelled": 2, "future": 1, "before": 1, "answer": 1}
    assert [meeting.key for meeting in meetings(gathered)] == [digest("6")]


def test_of_two_copies_the_later_edition_counts(tmp_path: Path) -> None:
    old = event("SEQUENCE:1", "DTSTAMP:20261101T000000Z")
    new = event("SEQUENCE:2", "DTSTAMP:20261101T000000Z", start="20261117T020000Z")
    for order in ([old, new], [new, old]):
        assert starts(read(tmp_path, calendar(*order))) == ["2026-11-17T02:00:00Z"]


def test_copies_of_several_people_say_more_together(tmp_path: Path) -> None:
    gathered = Gathered()
    unanswered = event("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:sun@client.example")
    accepted = event("ATTENDEE;PARTSTAT=ACCEPTED:mailto:sun@client.example")
    for name, text in (("a.ics", unanswered), ("b.ics", accepted), ("c.ics", unanswered)):
        read_ics(written(tmp_path / name, calendar(text)), name, WINDOW, UTC, gathered)
    assert meetings(gathered)[0].people == {"sun@client.example": True}
    assert gathered.left_out["repeated"] == 2


def crowd(count: int) -> list[str]:
    return [f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:p{i}@client.example" for i in range(count)]


def test_many_people_are_an_event_and_more_are_nobody(tmp_path: Path) -> None:
    gathered = read(
        tmp_path,
        calendar(*(event(*crowd(n), uid=str(n)) for n in (20, 21, 100, 101))),
    )
    kinds = {len(meeting.people): meeting.kind for meeting in gathered.meetings.values()}
    assert kinds == {20: "meeting", 21: "event", 100: "event"}
    assert gathered.left_out["crowd"] == 1


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("CATEGORIES:Visit", "visit"), ("CATEGORIES:work,拜访", "visit"),
        ("CATEGORIES:call", "call"), ("CATEGORIES:visit on site", "visit"),
        (f"CATEGORIES:{SECRET}", "meeting"),
    ],
)  # fmt: skip
def test_a_category_may_say_the_kind(tmp_path: Path, line: str, kind: str) -> None:
    assert meetings(read(tmp_path, calendar(event(line))))[0].kind == kind


def test_long_lines_are_passed_over(tmp_path: Path) -> None:
    huge = f"ATTACH;ENCODING=BASE64:{'A' * 300_000}\r\n BBBB"
    [meeting] = meetings(read(tmp_path, calendar(event(huge, "DTEND:20261116T030000Z"))))
    assert meeting.minutes == 60
