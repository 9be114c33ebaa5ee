"""From files to counts in the database: people, pairs, answers, second runs, and privacy."""

from __future__ import annotations

import logging
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relgraph.database import Database
from relgraph.records.activities.addresses import AliasesRefused, read_book
from relgraph.records.activities.calendars import read_ics
from relgraph.records.activities.collect import Collected, collect
from relgraph.records.activities.gathered import Gathered
from relgraph.records.activities.mail import read_eml, read_mbox
from relgraph.records.writes.plan import Counts
from relgraph.records.writes.undo_parts import undo_write
from tests.records.activities.samples import (
    NOW,
    PEOPLE,
    SECRET,
    WINDOW,
    calendar,
    event,
    letter,
    mbox,
    problem_lines,
    written,
)
from tests.records.folders import exported, folder, load
from tests.support.access import access_to

Rows = list[dict[str, str]]


def run(db: Database, *paths: Path, **options: Any) -> Collected:
    access = access_to(db, options.pop("now", NOW))
    return collect(access, list(paths), **({"since": WINDOW.since, "zone": UTC} | options))


def activities(db: Database, tmp_path: Path) -> Rows:
    rows = exported(db, tmp_path / "export").get("activities", [])
    return sorted(
        rows, key=lambda row: [row[n] for n in ("happened_at", "member_id", "stakeholder_id")]
    )


def pairs(rows: Rows, *columns: str) -> list[tuple[str, ...]]:
    names = ("member_id", "stakeholder_id", *columns)
    return [tuple(row.get(name, "") for name in names) for row in rows]


@pytest.fixture
def people(database: Database, tmp_path: Path) -> Database:
    load(database, folder(tmp_path / "people", **PEOPLE))
    return database


@pytest.fixture
def local_people(local_db: Database, tmp_path: Path) -> Database:
    load(local_db, folder(tmp_path / "people", **PEOPLE))
    return local_db


def thread() -> list[str]:
    """Ann writes to Sun and Wang, Sun answers Ann, Ann reminds Wang, who is silent."""
    first = letter(to="sun@client.example, w.wang@home.example", id_="<1@us.example>")
    reply = letter(
        "sun@client.example", "ann@us.example", "Tue, 17 Nov 2026 01:00:00 +0000", "<2@client>",
        "In-Reply-To: <1@us.example>",
    )  # fmt: skip
    again = letter(
        "ann@us.example", "wang@client.example", "Wed, 18 Nov 2026 01:00:00 +0000", "<3@us>",
        "References: <1@us.example>",
    )  # fmt: skip
    return [first, reply, again]


def test_letters_become_pairs_with_direction_and_answer(people: Database, tmp_path: Path) -> None:
    collected = run(people, written(tmp_path / "in/box.mbox", mbox(*thread())))
    assert collected.counts == Counts(created=4) and not collected.problems
    rows = activities(people, tmp_path)
    assert pairs(rows, "kind", "direction", "answered", "happened_at") == [
        ("ann", "sun", "email", "outbound", "true", "2026-11-16T02:00:00Z"),
        ("ann", "wang", "email", "outbound", "false", "2026-11-16T02:00:00Z"),
        ("ann", "sun", "email", "inbound", "false", "2026-11-17T01:00:00Z"),
        ("ann", "wang", "email", "outbound", "false", "2026-11-18T01:00:00Z"),
    ]
    assert {row["source"] for row in rows} == {"mail"}
    assert rows[0]["external_id"] == rows[1]["external_id"] != rows[2]["external_id"]


def test_running_twice_adds_nothing_and_an_answer_is_found_later(
    people: Database, tmp_path: Path
) -> None:
    first, reply, again = thread()
    sent = written(tmp_path / "in/sent.mbox", mbox(first, again))
    inbox = written(tmp_path / "in/reply.eml", reply)
    assert run(people, sent).counts == Counts(created=3)
    assert run(people, sent).counts == Counts(unchanged=3)
    assert [row["answered"] for row in activities(people, tmp_path)] == ["false"] * 3
    assert run(people, inbox).counts == Counts(created=1, changed=1)
    answered = activities(people, tmp_path)
    assert [row["answered"] for row in answered] == ["true", "false", "false", "false"]
    # A mailbox without the reply undoes nothing, in whatever order.
    for again_paths in ([sent], [inbox], [inbox, sent], [tmp_path / "in"]):
        assert run(people, *again_paths).counts.created == 0
        assert run(people, *again_paths).counts.changed == 0
    assert activities(people, tmp_path) == answered


def test_a_meeting_of_several_is_one_for_each_pair(people: Database, tmp_path: Path) -> None:
    everybody = [
        "ORGANIZER:mailto:ann@us.example",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@us.example",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:sun@client.example",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:wang@client.example",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:w.wang@home.example",
        "DTEND:20261116T023000Z",
    ]
    path = written(tmp_path / "c.ics", calendar(event(*everybody)))
    assert run(people, path).counts == Counts(created=4)
    rows = activities(people, tmp_path)
    assert sorted(pairs(rows, "answered", "minutes", "direction")) == [
        ("ann", "sun", "true", "30", "mutual"),
        ("ann", "wang", "false", "30", "outbound"),
        ("bob", "sun", "true", "30", "mutual"),
        ("bob", "wang", "false", "30", "outbound"),
    ]
    assert len({row["external_id"] for row in rows}) == 1
    assert run(people, path).counts == Counts(unchanged=4)


@pytest.mark.parametrize(
    ("organizer", "direction"),
    [("ann@us.example", "outbound"), ("wang@client.example", "inbound"), ("who@x.example", "")],
)
def test_an_invitation_without_answer_goes_one_way(
    people: Database, tmp_path: Path, organizer: str, direction: str
) -> None:
    """Reading the calendar again also mends what an older version wrote of it."""
    invited = [
        f"ORGANIZER:mailto:{organizer}",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ann@us.example",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:wang@client.example",
    ]
    path = written(tmp_path / "c.ics", calendar(event(*invited)))
    run(people, path)
    for _ in range(2):
        rows = activities(people, tmp_path)
        assert pairs(rows, "answered", "direction") == [("ann", "wang", "false", direction)]
        people.write(lambda tx: tx.rows("MATCH (a:Activity) SET a.direction = 'mutual'", {}))
        assert run(people, path).counts == Counts(changed=1)
    # A copy that knows of no answers, or of one, does not contradict what is stored.
    for known in ("", ";PARTSTAT=ACCEPTED"):
        copy = [f"ORGANIZER:mailto:{organizer}", f"ATTENDEE{known}:mailto:ann@us.example",
                f"ATTENDEE{known}:mailto:wang@client.example"]  # fmt: skip
        assert run(people, written(path, calendar(event(*copy)))).counts.created == 0
    assert pairs(activities(people, tmp_path), "answered", "direction") == [
        ("ann", "wang", "true", "mutual")
    ]


def test_a_meeting_that_moved_is_the_same_one(people: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "c.ics", calendar(event("SEQUENCE:0")))
    run(people, path)
    written(path, calendar(event("SEQUENCE:1", start="20261117T020000Z")))
    assert run(people, path).counts == Counts(changed=1)
    assert [row["happened_at"] for row in activities(people, tmp_path)] == ["2026-11-17T02:00:00Z"]


def test_a_dry_run_says_the_same_and_writes_nothing(people: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "in/box.mbox", mbox(*thread()))
    dry = run(people, path, dry_run=True)
    assert dry.counts == Counts(created=4) and dry.dry_run
    assert activities(people, tmp_path) == []
    assert run(people, path).counts == dry.counts
    assert run(people, path, dry_run=True).counts == Counts(unchanged=4)


def test_who_is_not_on_record_is_counted_by_domain(local_people: Database, tmp_path: Path) -> None:
    letters = [
        letter(to=f"sun@client.example, p{i}@other.example, q@third.example", id_=f"<{i}@x>")
        for i in range(3)
    ]
    alone = letter("x@third.example", "sun@client.example", id_="<9@x>")
    collected = run(local_people, written(tmp_path / "b.mbox", mbox(*letters, alone)))
    assert collected.unmatched == {"other.example": 3, "third.example": 2}
    assert collected.left_out == {"one_sided": 1}
    assert (collected.counts.created, collected.messages, collected.files) == (3, 4, 1)


def test_aliases_add_and_ignore_addresses(local_people: Database, tmp_path: Path) -> None:
    aliases = written(
        tmp_path / "aliases.csv",
        "address,member_id,stakeholder_id\nAnn@old.example,ann,\nsun@new.example,,sun\n"
        "robot@client.example,,\n",
    )
    to = "sun@new.example, robot@client.example, nobody@client.example"
    path = written(tmp_path / "b.mbox", mbox(letter("ann@old.example", to)))
    collected = run(local_people, path, aliases=aliases)
    assert collected.counts.created == 1 and collected.unmatched == {"client.example": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", "aliases.csv:1: “a,b”: the header is another; begin with the line "
         "address,member_id,stakeholder_id"),
        ("H\nann,ann,\n", "aliases.csv:2:address: “ann”: is no e-mail address; write one such as "
         "ann@example.com"),
        ("H\na@b.example,ann,sun\n", "aliases.csv:2: “a@b.example”: belongs to both sides; name "
         "one of the two, or neither to ignore the address"),
        ("H\na@b.example,ann,\nA@b.example,bob,\n", "aliases.csv:3:address: “a@b.example”: "
         "stands twice; remove it, or line 2"),
        ("H\na@b.example,who,\n", "aliases.csv:2:member_id: “who”: there is no member with this "
         "id; correct the id"),
        ("H\na@b.example,,who\n", "aliases.csv:2:stakeholder_id: “who”: there is no stakeholder "
         "with this id; correct the id"),
        ('H\n"open', 'aliases.csv:2: “"open”: a quotation mark is never closed; close it with "'),
    ],
)  # fmt: skip
def test_wrong_aliases(local_people: Database, tmp_path: Path, text: str, message: str) -> None:
    text = text.replace("H\n", "address,member_id,stakeholder_id\n")
    with pytest.raises(AliasesRefused) as error:
        read_book(access_to(local_people), written(tmp_path / "aliases.csv", text))
    assert str(error.value) == message


def test_an_address_of_two_people_is_nobodys(local_people: Database, tmp_path: Path) -> None:
    twin = {"id": "twin", "customer_id": "c", "name": "Twin", "email": "sun@client.example"}
    load(local_people, folder(tmp_path / "twin", stakeholders=[twin]))
    path = written(tmp_path / "b.mbox", mbox(letter()))
    collected = run(local_people, path)
    assert collected.counts == Counts() and collected.shared == {
        "sun@client.example": ["sun", "twin"]
    }
    aliases = written(
        tmp_path / "a.csv", "address,member_id,stakeholder_id\nsun@client.example,,twin\n"
    )
    run(local_people, path, aliases=aliases)
    assert pairs(activities(local_people, tmp_path)) == [("ann", "twin")]


def test_files_of_all_kinds_and_what_is_wrong_with_some(
    local_people: Database, tmp_path: Path
) -> None:
    root = tmp_path / "in"
    written(root / "deep/er/box.MBOX", mbox(letter()))
    written(root / "a.ics", calendar(event()))
    written(root / "bad.ics", "nothing")
    written(root / "notes.txt", SECRET)
    inbox = written(tmp_path / "INBOX", mbox(letter(id_="<2@x>")))
    empty = tmp_path / "empty"
    empty.mkdir()
    collected = run(
        local_people, root, inbox, root / "notes.txt", tmp_path / "gone.ics", empty, root / "a.ics"
    )
    assert collected.counts.created == 3 and collected.left_out == {}
    assert [str(problem) for problem in collected.problems] == [
        f"{tmp_path}/gone.ics: does not exist; name a folder or a file",
        "empty: holds no calendar or mail; it should hold .eml, .ics, .mbox files",
        "bad.ics: is no calendar; export it again as .ics",
        "notes.txt: is neither calendar nor mail; name .eml, .ics, .mbox files",
    ]


def test_many_are_written_in_parts(local_people: Database, tmp_path: Path) -> None:
    letters = [letter(id_=f"<{i}@x>") for i in range(4500)]
    path = written(tmp_path / "b.mbox", mbox(*letters))
    steps: list[tuple[str, int, int]] = []
    collected = run(local_people, path, progress=lambda *step: steps.append(step))
    assert collected.counts == Counts(created=4500)
    assert [done for phase, done, _ in steps if phase == "write"] == [2000, 4000, 4500]
    assert run(local_people, path).counts == Counts(unchanged=4500)
    access = access_to(local_people, NOW)
    assert undo_write(access, collected.change_set or "").size == 4500
    assert activities(local_people, tmp_path) == []


def test_two_at_once_read_the_same_mailbox(people: Database, tmp_path: Path) -> None:
    letters = [letter(id_=f"<{number}@x>") for number in range(300)]
    path = written(tmp_path / "b.mbox", mbox(*letters))
    with ThreadPoolExecutor(3) as pool:
        results = [future.result() for future in [pool.submit(run, people, path) for _ in range(3)]]
    assert sum(result.counts.created for result in results) == 300
    assert len(activities(people, tmp_path)) == 300


# privacy ----------------------------------------------------------------------------------


def test_nothing_that_was_written_is_kept_anywhere(
    people: Database,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The word stands in subjects, bodies, attachments, titles, places, alarms and broken lines."""
    caplog.set_level(logging.DEBUG)
    part = "--b\nContent-Type: text/plain; name=ZEBRAFISH\nSubject: ZEBRAFISH\n\nZEBRAFISH\n--b--\n"
    broken = f"DTSTART:{SECRET}", f"RRULE:{SECRET}", f"DURATION:{SECRET}", f"ATTENDEE;{SECRET}"
    root = tmp_path / "in"
    written(root / "a.mbox", mbox(*thread(), letter(date=SECRET, id_="<8@x>")) + SECRET)
    written(root / "b.eml", letter(id_="<7@x>", body=part))
    written(root / "c.ics", calendar(
        event("CATEGORIES:ZEBRAFISH", "COMMENT:ZEBRAFISH", "CONTACT:ZEBRAFISH"),
        *(event(line, uid=f"{SECRET}{n}") for n, line in enumerate(broken)),
        SECRET, head=(f"X-WR-CALNAME:{SECRET}", f"NAME:{SECRET}"),
    ))  # fmt: skip
    written(root / "d.ics", SECRET)
    written(root / "e.eml", SECRET)
    collected = run(people, root)
    assert collected.counts.created >= 6 and len(collected.problems) >= 4
    everything = people.read(lambda tx: tx.rows("MATCH (n) RETURN n {.*} AS node", {}))
    edges = people.read(lambda tx: tx.rows("MATCH ()-[r]->() RETURN r {.*} AS edge", {}))
    exported(people, tmp_path / "out")
    texts = [file.read_text("utf-8") for file in (tmp_path / "out").iterdir()]
    printed = capfd.readouterr()
    assert [row for row in everything if row["node"].get("source") == "mail"]
    for text in (
        str(everything),
        str(edges),
        str(collected),
        caplog.text,
        printed.out,
        printed.err,
        *texts,
    ):
        assert SECRET not in text and SECRET.lower() not in text.lower()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_whatever_is_broken_nothing_is_raised_or_quoted(
    tmp_path: Path, seed: int, changes: int
) -> None:
    """Files with bytes taken out, doubled and changed at random places."""
    chance = random.Random(seed)
    series = event("RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO", "EXDATE:20261109T020000Z", "DURATION:PT1H")
    for name, text in (
        ("x.ics", calendar(event(), series, event("RECURRENCE-ID:20261116T020000Z"))),
        ("x.mbox", mbox(*thread())),
        ("x.eml", letter()),
    ):
        content = bytearray(text.encode())
        for _ in range(changes):
            at = chance.randrange(len(content))
            turn = chance.randrange(3)
            if turn == 0:
                del content[at : at + chance.randrange(1, 20)]
            elif turn == 1:
                content[at:at] = content[at : at + chance.randrange(1, 60)]
            else:
                content[at] = chance.choice(b"\x00\n\r:;,= \xff0Z")
            content = content or bytearray(b"\n")
        gathered = Gathered()
        path = written(tmp_path / name, bytes(content))
        if name == "x.ics":
            read_ics(path, name, WINDOW, UTC, gathered)
        else:
            (read_eml if name == "x.eml" else read_mbox)(path, name, WINDOW, gathered)
        assert not any(SECRET[:5] in problem for problem in problem_lines(gathered))


def test_a_mailbox_of_long_ago_takes_an_earlier_since(
    local_people: Database, tmp_path: Path
) -> None:
    old = letter(date="Mon, 16 Nov 2015 10:00:00 +0800")
    path = written(tmp_path / "b.mbox", mbox(old))
    assert run(local_people, path).left_out == {"before": 1}
    since = datetime(2015, 1, 1, tzinfo=UTC)
    assert run(local_people, path, since=since).counts.created == 1
