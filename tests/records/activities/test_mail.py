"""Mail by its headers: who, to whom, when, what it answers; what nobody wrote is left out."""

from __future__ import annotations

import io
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relgraph.records.activities import mail
from relgraph.records.activities.gathered import Gathered
from relgraph.records.activities.mail import addresses, digest, heads, read_eml, read_mbox
from tests.records.activities.samples import (
    NOW,
    SECRET,
    WINDOW,
    letter,
    mbox,
    problem_lines,
    written,
)


def mailbox(tmp_path: Path, text: str | bytes) -> Gathered:
    gathered = Gathered()
    read_mbox(written(tmp_path / "box.mbox", text), "box.mbox", WINDOW, gathered)
    return gathered


def single(tmp_path: Path, text: str | bytes) -> Gathered:
    gathered = Gathered()
    read_eml(written(tmp_path / "one.eml", text), "one.eml", WINDOW, gathered)
    return gathered


def test_a_letter_is_its_sender_recipients_and_time(tmp_path: Path) -> None:
    text = letter("x", "x").replace("From: x\nTo: x", (
        'From: "Li, Ann (sales)" <Ann@US.example>\n'
        "To: Team: sun@client.example, =?utf-8?B?546L?= <wang@client.example>;\n"
        "cc:\n\t<bob@us.example>,\n bob@us.example"
    ))  # fmt: skip
    for crlf in (text, text.replace("\n", "\r\n")):
        [message] = single(tmp_path, crlf).letters.values()
        assert message.sender == "ann@us.example"
        assert message.recipients == ("sun@client.example", "wang@client.example", "bob@us.example")
        assert message.sent_at == datetime(2026, 11, 16, 2, tzinfo=UTC)
        assert message.key == digest("<1@us.example>")


def test_what_it_answers(tmp_path: Path) -> None:
    more = ("References: <a@x.example>\n <b@x.example>", "In-Reply-To: <b@x.example> (of Monday)")
    text = letter("a@x.example", "b@x.example", NOW_TEXT, "<c@x>", *more)
    [message] = single(tmp_path, text).letters.values()
    assert message.answers == (digest("<a@x.example>"), digest("<b@x.example>"))


NOW_TEXT = "Tue, 24 Nov 2026 08:59:59 -0000"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("List-Id: <all.client.example>", "list"),
        ("List-Unsubscribe: <https://news.example/>", "list"),
        ("Precedence: bulk", "list"),
        ("Precedence: List", "list"),
        ("Auto-Submitted: auto-replied", "automatic"),
        ("Precedence: auto_reply", "automatic"),
        ("X-Autoreply: yes", "automatic"),
        ("Return-Path: <>", "automatic"),
    ],
)
def test_what_nobody_wrote_in_person(tmp_path: Path, header: str, reason: str) -> None:
    gathered = single(tmp_path, letter("a@x.example", "b@x.example", NOW_TEXT, "<c@x>", header))
    assert gathered.letters == {} and gathered.left_out == {reason: 1}


def test_by_hand_is_not_automatic(tmp_path: Path) -> None:
    by_hand = ("Auto-Submitted: no", "Precedence: first-class", "Return-Path: <ann@us.example>")
    assert len(single(tmp_path, letter("a@x", "b@x", NOW_TEXT, "<c@x>", *by_hand)).letters) == 1


def test_time_outside_the_window(tmp_path: Path) -> None:
    old, new = "Sun, 23 Nov 2024 23:59:59 +0000", "Tue, 24 Nov 2026 09:00:01 +0000"
    gathered = mailbox(tmp_path, mbox(letter(date=old), letter(date=new, id_="<2@us.example>")))
    assert gathered.left_out == {"before": 1, "future": 1} and not gathered.letters


def test_the_same_letter_twice_is_one_with_all_recipients(tmp_path: Path) -> None:
    gathered = mailbox(tmp_path, mbox(letter(), letter(to="wang@client.example")))
    [message] = gathered.letters.values()
    assert message.recipients == ("sun@client.example", "wang@client.example")
    assert gathered.left_out == {"repeated": 1} and gathered.messages == 2


def test_without_an_id_date_and_people_name_it(tmp_path: Path) -> None:
    first, second = letter(id_=""), letter(to="wang@client.example", id_="")
    assert len(mailbox(tmp_path, mbox(first, first, second)).letters) == 2


def test_a_letter_to_everybody_is_to_nobody(tmp_path: Path) -> None:
    to = ", ".join(f"p{i}@client.example" for i in range(101))
    assert mailbox(tmp_path, mbox(letter(to=to))).left_out == {"crowd": 1}


def test_what_is_broken_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    gathered = mailbox(
        tmp_path,
        mbox(
            letter(),
            letter(id_="<2@x>", date=""),
            letter(id_="<3@x>", date=f"{SECRET} the 3rd"),
            letter(id_="<4@x>", sender=SECRET),
            letter("a@x.example", "b@x.example", NOW_TEXT, "<5@x>", "X-Long: " + "x" * 300_000),
            letter(id_="<6@x>"),
        ),
    )
    assert len(gathered.letters) == 2
    assert problem_lines(gathered) == [
        "box.mbox #2: the message has no date that can be read; it was left out",
        "box.mbox #3: the message has no date that can be read; it was left out",
        "box.mbox #4: the message has no sender that can be read; it was left out",
        "box.mbox #5: the header of the message is longer than 256 kB; it was left out; "
        "if that is not true, the file is broken there",
    ]


def test_files_that_are_no_mail(tmp_path: Path) -> None:
    assert problem_lines(mailbox(tmp_path, f"{SECRET}\nmore\n")) == [
        "box.mbox: is no mailbox: it does not begin with a line “From …”; export it again"
    ]
    assert problem_lines(single(tmp_path, b"\x00\x01 " + SECRET.encode())) == [
        "one.eml: is not an e-mail; save it as .eml again"
    ]
    assert problem_lines(mailbox(tmp_path, "")) == []


def test_prose_that_begins_with_from_is_no_new_message(tmp_path: Path) -> None:
    body = (
        "Hello,\n\nFrom now on we meet at ten.\n>From us too: good.\n\n"
        "From what I see: 3 of 4.\nFrom: somebody else\n"
    )
    gathered = mailbox(tmp_path, mbox(letter(body=body), letter(id_="<2@x>")))
    assert len(gathered.letters) == 2 and gathered.messages == 2 and not gathered.problems


@pytest.mark.parametrize("block", [7, 64, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blocks_may_end_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, end: str
) -> None:
    text = mbox(*(letter(id_=f"<{i}@x>", body="From me\n\nFrom a\n" * i) for i in range(6)))
    text += "From - Mon Nov 16 02:00:00 2026\nFrom: a@x\nDate: " + NOW_TEXT
    expected = list(heads(io.BytesIO(text.replace("\n", end).encode())))
    monkeypatch.setattr(mail, "BLOCK", block)
    assert list(heads(io.BytesIO(text.replace("\n", end).encode()))) == expected
    assert len(expected) == 7
    assert len(mailbox(tmp_path, text.replace("\n", end)).letters) == 7


@settings(deadline=None)
@given(
    st.lists(st.text(st.sampled_from("From :\n>ax 1:2026"), max_size=40), max_size=5),
    st.integers(3, 50),
)
def test_any_block_finds_the_same(bodies: list[str], block: int) -> None:
    content = mbox(*(letter(body=body) for body in bodies)).encode()
    expected = list(heads(io.BytesIO(content)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "BLOCK", block)
        assert list(heads(io.BytesIO(content))) == expected


def test_bodies_are_not_held(tmp_path: Path) -> None:
    """A mailbox of 64 MB in two messages takes a few MB."""
    path = tmp_path / "large.mbox"
    with path.open("wb") as file:
        for number in range(2):
            file.write(mbox(letter(id_=f"<{number}@x>")).encode())
            for _ in range(32):
                file.write((b"x" * 1023 + b"\n") * 1024)
            file.write(b"y" * 100_000 + b"\n\n")
    gathered = Gathered()
    tracemalloc.start()
    read_mbox(path, "large.mbox", WINDOW, gathered)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(gathered.letters) == 2 and peak < 8 * 2**20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a@b.example" <c@d.example>', ("c@d.example",)),
        ("c@d.example (a@b.example)", ("c@d.example",)),
        ("A <a@x.example>, B <B@X.example>, a@x.example", ("a@x.example", "b@x.example")),
        ("undisclosed-recipients:;", ()),
        ('"open', ()),
        ("<broken", ()),
        ("'a@b.example'", ("a@b.example",)),
        ("'a@b.example' <'c@d.example'>", ("c@d.example",)),
        ("Ann 'a@b.example', o'neil@d.example", ("a@b.example", "o'neil@d.example")),
    ],
)
def test_addresses(text: str, expected: tuple[str, ...]) -> None:
    assert addresses(text) == expected


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("深セ能表", "shift_jis"), ("表能, ソ", "cp932"), ("許功蓋", "big5"), ("誠\\", "gb18030"),
     ("ｱｲ表", "cp932"), ("José Ñ", "latin-1"), ("田中 < \"", "iso2022_jp"), ("김\\", "euc_kr"),
     ("王, \\", "utf-8")],
)  # fmt: skip
def test_names_in_any_bytes(tmp_path: Path, name: str, encoding: str) -> None:
    text = name.encode(encoding)
    if encoding in ("gb18030", "euc_kr", "utf-8"):
        text = text.replace(b"\\", b"\\\\")  # an escaped backslash of its own
    if encoding == "iso2022_jp":
        text = text.replace(b'"', b'\\"')
    line = b'To: "' + text + b'" <ann@client.example>,\n "Bo" <bo@client.example>\n'
    head = b"From: a@x.example\n" + line + f"Date: {NOW_TEXT}\n\n".encode()
    [message] = single(tmp_path, head).letters.values()
    assert message.recipients == ("ann@client.example", "bo@client.example")


@pytest.mark.parametrize(
    ("zone", "hour", "assumed"),
    [
        ("+0800", 2, ""), ("GMT+08:00", 2, ""), ("GMT+0800", 2, ""), ("UTC+8", 2, ""),
        ("+08:00", 2, ""), ("GMT +08:00", 2, ""), ("GMT-07:00", 17, ""), ("-0700", 17, ""),
        ("+0800 (GMT+08:00)", 2, ""), ("GMT+08:00 (CST)", 2, ""), ("GMT", 10, ""), ("Z", 10, ""),
        ("UTC", 10, ""), ("-0000", 10, ""), ("EST", 15, ""),
        ("", 1, "floating"), ("HKT", 1, "unknown_zone"),
    ],
)  # fmt: skip
def test_zones_of_dates(tmp_path: Path, zone: str, hour: int, assumed: str) -> None:
    gathered = Gathered()
    path = written(tmp_path / "a.eml", letter(date=f"Mon, 16 Nov 2026 10:00:00 {zone}"))
    read_eml(path, "a.eml", WINDOW, gathered, ZoneInfo("Asia/Tokyo"))
    [message] = gathered.letters.values()
    assert message.sent_at == datetime(2026, 11, 16, hour, tzinfo=UTC)
    assert list(gathered.assumed) == ([assumed] if assumed else [])


def test_a_zone_that_cannot_be(tmp_path: Path) -> None:
    for zone in ("+8000", "GMT+99:00"):
        assert problem_lines(
            single(tmp_path, letter(date=f"Mon, 16 Nov 2026 10:00:00 {zone}"))
        ) == ["one.eml: the message has no date that can be read; it was left out"]


@pytest.mark.parametrize(
    "line",
    [
        "From - Mon Nov 16 02:00:00 2026", "From a@x.example Mon Nov  6 02:00:00 2026",
        "From 1234@xxx Mon Nov 16 02:00:00 +0000 2026", "From a@x Mon Nov 16 02:00 GMT 2026",
        'From "Ann Li" Mon Nov 16 02:00:00 2026', "From Ann Li Mon Nov 16 02:00:00 2026",
        "From a@x Mon, 16 Nov 2026 02:00:00 +0800", "From a@x Mon Nov 16 02:00:00 2026 +0100",
        "From a@x Mon Nov 16 02:00:00 2026 remote from host", "From -", "From ",
        "From a@x Nov 16 02:00:00 2026",
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_that_begin_a_message(tmp_path: Path, line: str, end: str) -> None:
    text = "".join(f"{line}\n{letter(id_=f'<{i}@x>')}\n" for i in range(3))
    gathered = mailbox(tmp_path, text.replace("\n", end))
    assert len(gathered.letters) == gathered.messages == 3, problem_lines(gathered)


@pytest.mark.parametrize(
    "body",
    [
        "text\nFrom - Mon Nov 16 02:00:00 2026\nFrom: b@x.example\n",  # no blank line before it
        "\nFrom - Mon Nov 16 02:00:00 2026\nhe wrote\n",  # no header field after it
        "\nFrom - Mon Nov 16 02:00:00 2026\n\nFrom: b@x.example\n",
        "\nFrom Bo at 10:15 on 5 May 2026:\nFrom: b@x.example\n",
        "\nFrom Bo on Tue, 5 May 2026 10:15:00 +0000\nFrom: b@x.example\n",
        "\nFrom us, May 5 10:15 2026, as said\nTo: b@x.example\n",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("block", [5, 1 << 20])
def test_what_a_letter_quotes_is_no_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, end: str, block: int
) -> None:
    monkeypatch.setattr(mail, "BLOCK", block)
    text = mbox(letter(body=f"Hello.\n{body}Bye.\n"), letter(id_="<2@x>"))
    gathered = mailbox(tmp_path, text.replace("\n", end))
    assert len(gathered.letters) == gathered.messages == 2, problem_lines(gathered)


def test_a_letter_of_this_minute_counts(tmp_path: Path) -> None:
    now = (NOW - timedelta(seconds=1)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    assert len(single(tmp_path, letter(date=now)).letters) == 1
