"""Reads who wrote to whom and when from the headers of .eml and .mbox files.

Bodies are passed over without being kept, a block at a time; of the headers only those named
here are read, so that a subject is not even parsed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO

from relgraph.records.activities.gathered import MANY, Gathered, Letter, Window
from relgraph.records.activities.spelling import addresses_in, plain

BLOCK = 1 << 20
LONGEST_HEAD = 1 << 18
_MOST_KB = str(LONGEST_HEAD // 1024)
_LONGEST_FROM = 2000
"""A line `From …` and the name of the field below it are shorter."""
_LOOK_BACK = len(b"\n\r\nFrom ")

_WANTED = frozenset(
    b"message-id in-reply-to references date from sender to cc bcc auto-submitted list-id "
    b"list-unsubscribe precedence return-path x-autoreply x-autorespond".split()
)
_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:")
_BLANK = re.compile(rb"\r?\n\r?\n")
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_WEEKDAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_TIME = rb"\d{1,2}:\d\d(?::\d\d)?"
_ZONE = rb"(?:[ \t]+(?:[A-Z]{1,5}|[+-]\d{4}))*"
_FROM = re.compile(
    rb"From (?:-?[ \t]*+|"
    rb"(?:[^\r\n]*[ \t])?(?:" + _WEEKDAY + rb"[ \t]+)?"
    + _MONTH + rb"[ \t]+\d{1,2}[ \t]+" + _TIME + _ZONE + rb"[ \t]+\d{4}" + _ZONE
    + rb"|(?:\S+[ \t]+)?(?:" + _WEEKDAY + rb",?[ \t]+)?"
    rb"\d{1,2}[ \t]+" + _MONTH + rb"[ \t]+\d{4}[ \t]+" + _TIME + _ZONE
    + rb")(?:[ \t]++remote from \S++)?[ \t]*+\r?\n(?=[!-9;-~]+[ \t]*:|>From )"
)  # fmt: skip
"""The line before a message of an mbox file with the beginning of a header field: it ends in a
date such as ctime writes, or after a single word in one of RFC 5322; so prose does not match."""
_SHIFTED = re.compile(rb"\x1b\$(?:[@B]|\([@BCDO]).*?(?:\x1b\([BJ]|\Z)", re.DOTALL)
"""Text of ISO-2022 between its marks; its bytes look like ASCII and mean something else."""
_STATED_ZONE = re.compile(r"(?<!\s)\s*+(?:GMT|UTC?|Z)?\s*([+-])(\d{1,2}):?(\d\d)?$", re.I)
_COMMENT = re.compile(r"(?<!\s)\s*+\([^()]*+\)\s*+$")
# Each of these reads a text once, whatever it holds: an escaped sign outside of quotes is passed
# over (group 1), and an address begins where a word begins and has its first @ inside.
_QUOTED = re.compile(r'(\\.)|"(?:\\.|[^"\\])*+"|\((?:\\.|[^()\\])*+\)')
_ANGLE = re.compile(r"<\s*+([^<>\s][^<>\s@]*+@[^<>\s]++)\s*+>")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_BULK = frozenset({"bulk", "list", "junk"})

Headers = dict[str, str]


def read_eml(path: Path, name: str, window: Window, gathered: Gathered, zone: tzinfo = UTC) -> None:
    """Read one message; a date that names no zone is in `zone`. Raises OSError."""
    with path.open("rb") as file:
        content = file.read(LONGEST_HEAD).lstrip(b"\xef\xbb\xbf\r\n")
    if not _FIELD.match(content) and not content.startswith(b"From "):
        gathered.broken(name, 0, "mail_none")
        return
    end = _BLANK.search(content)
    if end is None and len(content) == LONGEST_HEAD:
        gathered.broken(name, 0, "mail_header_long", most=_MOST_KB)
        return
    _add_letter(content[: end.start()] if end else content, name, 0, window, gathered, zone)


def read_mbox(
    path: Path, name: str, window: Window, gathered: Gathered, zone: tzinfo = UTC
) -> None:
    """Read all messages of a mailbox of any size; see read_eml. Raises OSError."""
    with path.open("rb") as file:
        number = 0
        for head in heads(file):
            number += 1
            if head is None:
                gathered.broken(name, number, "mail_header_long", most=_MOST_KB)
            else:
                _add_letter(head, name, number, window, gathered, zone)
    if not number and path.stat().st_size:
        gathered.broken(name, 0, "mailbox_none")


def heads(file: BinaryIO) -> Iterator[bytes | None]:
    """The header of each message of an mbox file, None for one that is too long.

    Holds two blocks at most, however large the file or a message is.
    """
    data = b"\n\n" + file.read(BLOCK).lstrip(b"\xef\xbb\xbf\r\n")
    place, more, in_head = 0, True, False
    while True:
        if in_head:
            end, is_complete = _end_of_head(data, place)
            if is_complete or not more:
                yield data[place:end] if end - place <= LONGEST_HEAD else None
                place, in_head = end, False
                continue
            if len(data) - place > LONGEST_HEAD:
                yield None
                in_head = False
                continue
        else:
            place, in_head = _next_from(data, place, last=not more)
            if in_head:
                continue
        if not more:
            return
        block = file.read(BLOCK)
        more = bool(block)
        data, place = data[place:] + block, 0


def _next_from(data: bytes, place: int, *, last: bool) -> tuple[int, bool]:
    """The place behind the next line `From …`, else where to search when more has been read.

    It counts only after a blank line and before a header field: what a message quotes does not.
    """
    while True:
        at = data.find(b"\nFrom ", place)
        if at < 0:
            return (len(data) if last else max(place, len(data) - _LOOK_BACK)), False
        is_after_blank = data[:at].endswith((b"\n", b"\n\r"), max(at - 2, 0))
        line = _FROM.match(data, at + 1) if is_after_blank else None
        if line:
            return line.end(), True
        if is_after_blank and not last and len(data) - at < _LONGEST_FROM:
            return max(at - 2, place), False
        place = at + 1


def _end_of_head(data: bytes, place: int) -> tuple[int, bool]:
    """Where the header ends, at the blank line or at the next message; and whether it does."""
    if data[place : place + 1] in (b"\n", b"\r"):
        return place, True
    blank = _BLANK.search(data, place)
    end = blank.start() if blank else len(data)
    at = data.find(b"\nFrom ", place, end)
    while at >= 0:  # no header field begins like that: the message before was cut off
        if _FROM.match(data, at + 1):
            return at, True
        at = data.find(b"\nFrom ", at + 1, end)
    return end, blank is not None


def headers_of(head: bytes) -> Headers:
    """The headers that are of use, by name in lower case; of several equal ones all."""
    headers: Headers = {}
    name = ""
    for line in head.splitlines():
        if line[:1] in (b" ", b"\t"):
            if name:
                headers[name] += " " + _text(line)
            continue
        field = _FIELD.match(line)
        name = ""
        if field and field[1].lower() in _WANTED:
            name = field[1].lower().decode()
            value = _text(line[field.end() :])
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _text(line: bytes) -> str:
    """A line as text, of which addresses are read and nothing else.

    In some encodings of East Asia a backslash may be half of a character; so where the bytes are
    no UTF-8 it escapes nothing.
    """
    if b"\x1b" in line:
        line = _SHIFTED.sub(b" ", line)
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("utf-8", "replace").replace("\\", " ")
    return text.strip()


def addresses(text: str) -> tuple[str, ...]:
    """The e-mail addresses of a header in lower case, each once."""
    unique: dict[str, None] = {}
    for part in re.split(r"[,;]", _QUOTED.sub(lambda part: part[1] or " ", text)):
        match = _ANGLE.search(part)
        inside = [address] if match and (address := plain(match[1])) else addresses_in(part)
        unique.update(dict.fromkeys(inside[:1]))
    return tuple(unique)


def digest(text: str) -> str:
    """What stands for an id of a message or an entry, so that nothing written in it is kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _add_letter(
    head: bytes, name: str, number: int, window: Window, gathered: Gathered, zone: tzinfo
) -> None:
    gathered.messages += 1
    headers = headers_of(head)
    reason = _automatic(headers)
    if reason:
        gathered.left_out[reason] += 1
        return
    senders = addresses(headers.get("from", "")) or addresses(headers.get("sender", ""))
    sent_at, assumed = _date(headers.get("date", ""), zone)
    if not senders or sent_at is None:
        gathered.broken(name, number, "mail_sender" if not senders else "mail_date")
        return
    recipients = addresses(
        ", ".join(headers[name] for name in ("to", "cc", "bcc") if name in headers)
    )
    if sent_at > window.now:
        gathered.left_out["future"] += 1
    elif sent_at < window.since:
        gathered.left_out["before"] += 1
    elif len(recipients) > MANY:
        gathered.left_out["crowd"] += 1
    else:
        gathered.assumed.update([assumed] if assumed else [])
        letter = _letter(headers, sent_at, senders[0], recipients)
        before = gathered.letters.setdefault(letter.key, letter)
        if before is not letter:  # the sender's copy may name more recipients
            gathered.left_out["repeated"] += 1
            before.recipients = tuple(dict.fromkeys(before.recipients + letter.recipients))


def _letter(
    headers: Headers, sent_at: datetime, sender: str, recipients: tuple[str, ...]
) -> Letter:
    ids = _MESSAGE_ID.findall(headers.get("message-id", ""))
    own = ids[0] if ids else "\n".join((sent_at.isoformat(), sender, *sorted(recipients)))
    named = headers.get("references", "") + " " + headers.get("in-reply-to", "")
    answers = dict.fromkeys(digest(id_) for id_ in _MESSAGE_ID.findall(named))
    return Letter(digest(own), tuple(answers), sent_at, sender, recipients)


def _automatic(headers: Headers) -> str | None:
    """Why nobody wrote this message to anybody in person; None if somebody did."""
    if "list-id" in headers or "list-unsubscribe" in headers:
        return "list"
    precedence = headers.get("precedence", "").lower()
    if precedence in _BULK:
        return "list"
    submitted = headers.get("auto-submitted", "no").lower()
    if not submitted.startswith("no") or precedence == "auto_reply":
        return "automatic"
    if "x-autoreply" in headers or "x-autorespond" in headers:
        return "automatic"
    return "automatic" if headers.get("return-path", "") == "<>" else None


def _date(text: str, zone: tzinfo) -> tuple[datetime | None, str]:
    """An instant in UTC, and what had to be assumed for it: "" or why the zone is not known."""
    text = _COMMENT.sub("", text)
    stated = _STATED_ZONE.search(text)
    if stated and stated.start() and ":" in text[: stated.start()]:
        sign, hours, minutes = stated.groups()
        if len(hours) <= 2 and stated[0].strip() != "-0000":
            text = f"{text[: stated.start()]} {sign}{hours:0>2}{minutes or '00'}"
    try:
        moment = parsedate_to_datetime(text)
        assumed = ""
        if moment.tzinfo is None:
            if text.endswith("-0000"):  # UTC, from a place unknown
                moment = moment.replace(tzinfo=UTC)
            else:
                assumed = "unknown_zone" if text[-1:].isalpha() else "floating"
                moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC).replace(microsecond=0), assumed
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, ""
