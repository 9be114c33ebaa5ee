"""`relgraph activities` as a user types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.records.activities.samples import PEOPLE, SECRET, calendar, event, letter, mbox, written
from tests.records.folders import folder
from tests.support.commands import relgraph
from tests.support.databases import kept_open

pytestmark = pytest.mark.xdist_group("cli")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A local database with two of ours and two of theirs."""
    path = tmp_path_factory.mktemp("activities")
    url = f"local:{path / 'db'}"
    with kept_open(url):
        people = str(folder(path / "people", **PEOPLE))
        done = relgraph("import", people, "--database", url)
        assert done.returncode == 0, done.stderr
        yield url


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A mailbox, a calendar and a broken file."""
    news = letter("news@x.example", "ann@us.example", id_="<9@x>").replace(
        "X-Custom", "List-Id: <n>\nX-Custom"
    )
    to = "sun@client.example, who@nowhere.example"
    written(tmp_path / "in/box.mbox", mbox(letter(to=to), letter(id_="<2@x>", date=SECRET), news))
    written(tmp_path / "in/cal.ics", calendar(event()))
    written(tmp_path / "in/bad.ics", SECRET)
    return tmp_path / "in"


OUTPUT = """3 files, 4 messages and calendar entries
activities: {counts}
left out: 1 mailing lists and newsletters
not matched: 1 addresses, by domain: nowhere.example 1
"""
WARNINGS = """warning: bad.ics: is no calendar; export it again as .ics
warning: box.mbox #2: the message has no date that can be read; it was left out
"""


def test_what_it_prints(database: str, files: Path) -> None:
    words = ("activities", str(files), "--database", database, "--since", "2026-01-01")
    for more, counts in (
        (("--dry-run",), "2 new, 0 changed, 0 unchanged"),
        ((), "2 new, 0 changed, 0 unchanged"),
        ((), "0 new, 0 changed, 2 unchanged"),
    ):
        done = relgraph(*words, *more)
        end = "Nothing was written (dry run).\n" if more else ""
        if not more and counts.startswith("2 new"):
            end = f"Noted as {done.stdout.split()[-1].rstrip('.')}.\n"
            assert end.startswith("Noted as change-")
        assert done.stdout == OUTPUT.format(counts=counts) + end
        assert done.stderr == WARNINGS and done.returncode == 0


def test_json(database: str, files: Path) -> None:
    words = ("--json", "--dry-run", "--since", "2026-01-01")
    done = relgraph("activities", str(files), "--database", database, *words)
    report = json.loads(done.stdout)
    assert (report["left_out"], report["unmatched"]) == ({"list": 1}, {"nowhere.example": 1})
    assert len(report["problems"]) == 2 and SECRET not in done.stdout + done.stderr


def test_what_is_assumed_is_said_and_no_library_is_heard(database: str, tmp_path: Path) -> None:
    lines = ("DTSTART;TZID=/maker.example/Asia/Shanghai:20261116T100000", "RRULE:FREQ=DAILY")
    zone = "DTSTART;TZID=Nobody Knows:20261116T100000"
    bare = event(uid="b", start="20261116T100000").replace("UID:b\r\n", "")
    text = calendar(event(*lines, start=""), event(zone, uid="a", start=""), bare)
    path = written(tmp_path / "c.ics", text)
    done = relgraph("activities", str(path), "--dry-run", "--database", database)
    assert done.stderr == "" and done.returncode == 0
    assert done.stdout.splitlines()[2:5] == [
        "assumed: 1 times without a zone, read in the calendar's or --timezone",
        "assumed: 1 entries without UID, known by their time and people",
        "assumed: 1 times of a zone that nobody knows, read in the calendar's or --timezone",
    ]


def test_nothing_readable_is_a_failure(database: str, tmp_path: Path) -> None:
    done = relgraph("activities", str(tmp_path / "gone.ics"), "--database", database)
    assert done.returncode == 1 and "does not exist" in done.stderr
    wrong = written(tmp_path / "a.csv", "x\n")
    path = written(tmp_path / "c.ics", calendar(event()))
    done = relgraph("activities", str(path), "--aliases", str(wrong), "--database", database)
    assert done.returncode == 1
    assert done.stderr == (
        "relgraph: a.csv:1: “x”: the header is another; begin with the line "
        "address,member_id,stakeholder_id\n"
    )


@pytest.mark.parametrize(
    "words", [(), ("x.ics", "--timezone", "Mars/Base"), ("x.ics", "--since", "last year")]
)
def test_wrong_use(database: str, words: tuple[str, ...]) -> None:
    assert relgraph("activities", *words, "--database", database).returncode == 2
