"""When a series of meetings took place: rules, further and left out times (RFC 5545), bounded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any

from dateutil.rrule import rrule, rrulestr

from relgraph.records.activities.gathered import Window
from relgraph.schema.values import Values, utc_text

STEPS = 50_000
"""Times of one rule that are looked at, from its beginning on."""
MOST = 2_000
"""Times of one series that are kept at most, the latest."""
_OFTEN_ENOUGH = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})

Moment = date | datetime
"""A day, or an instant with its zone."""


UNREADABLE = "rule_unreadable"
"""The code of RuleRefused for a rule that cannot be read."""


class RuleRefused(ValueError):
    """A rule that nobody meets by, or that cannot be read; its text is the code of the problem."""


def alike(moment: Moment, start: Moment, zone: tzinfo) -> Moment:
    """A time of a series in the type and zone of its beginning; one that floats is in that zone.

    A day stands for the time of that day. In a series of whole days a midnight is its day as it is
    written, any other instant the day that it falls on in `zone`.
    """
    if isinstance(start, datetime):
        if not isinstance(moment, datetime):
            return datetime.combine(moment, start.timetz())
        if moment.tzinfo is None:
            return moment.replace(tzinfo=start.tzinfo)
        return moment.astimezone(start.tzinfo)
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None or moment.time() == time():
        return moment.date()
    return moment.astimezone(zone).date()


def moved(moment: Moment, planned: Moment, start: Moment) -> Moment:
    """Where a later time of a series goes if the one of `planned` goes to `start`.

    It goes as many days on, by the clock of its zone (RFC 5545 §3.2.13).
    """
    if isinstance(start, datetime) and isinstance(moment, datetime):
        there = alike(start, moment, UTC)
        from_there = alike(planned, moment, UTC)
        return moment + (_clock(there) - _clock(from_there))
    days = _day(start) - _day(planned)
    if isinstance(start, datetime):
        return datetime.combine(_day(moment) + days, start.timetz())
    return _day(moment) + days


def _clock(moment: Moment) -> datetime:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime.combine(moment, time())


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def in_utc(moment: Moment) -> str:
    """A day as it is, an instant as UTC text."""
    if isinstance(moment, datetime):
        return utc_text(moment)
    return moment.isoformat()


def instant(moment: Moment) -> datetime:
    """An instant in UTC; of a day its beginning."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, time(), UTC)


def times(
    start: Moment,
    rule: Values | None,
    further: list[Moment],
    without: list[Moment],
    window: Window,
) -> list[Moment]:
    """The moments of a series inside the window, in order, MOST of them at most (the latest).

    `rule` is an RRULE by its parts. Raises RuleRefused.
    """
    moments: dict[str, Moment] = {}
    gone = {in_utc(moment) for moment in without}
    for moment in [*_by_rule(start, rule, window), *further]:
        day = moment.date() if isinstance(moment, datetime) else moment
        if in_utc(moment) in gone or day.isoformat() in gone:
            continue
        if window.since <= instant(moment) <= window.now:
            moments[in_utc(moment)] = moment
    return [moments[key] for key in sorted(moments)][-MOST:]


def _by_rule(start: Moment, rule: Values | None, window: Window) -> Iterator[Moment]:
    if rule is None:
        yield start
        return
    parts = {str(name).upper(): value for name, value in rule.items()}
    until, count = _first(parts.pop("UNTIL", None)), _first(parts.pop("COUNT", None))
    if str(_first(parts.get("FREQ"))).upper() not in _OFTEN_ENOUGH:
        raise RuleRefused("rule_hourly")
    first = start if isinstance(start, datetime) else datetime.combine(start, time())
    # Years outside the calendar lie between a zone's midnight and the first or last of UTC's.
    last = window.now.astimezone(first.tzinfo) if first.tzinfo else window.now.replace(tzinfo=None)
    if until is not None:
        last = min(last, _until(until, first))
    try:
        steps = STEPS if count is None else min(int(count), STEPS)
        if steps < 1 or int(_first(parts.get("INTERVAL", 1))) < 1 or not _is_possible(parts, first):
            raise RuleRefused(UNREADABLE)
        for moment in islice(_rule(parts, first).replace(until=last), steps):
            yield moment if isinstance(start, datetime) else moment.date()
    except (ValueError, TypeError, KeyError, OverflowError, IndexError):
        raise RuleRefused(UNREADABLE) from None


def _rule(parts: Values, first: datetime) -> rrule:
    text = ";".join(f"{name}={_joined(value)}" for name, value in parts.items())
    rule = rrulestr(text, dtstart=first)
    if not isinstance(rule, rrule):
        raise RuleRefused(UNREADABLE)
    return rule


def _is_possible(parts: Values, first: datetime) -> bool:
    """Whether there is such a day at all: else a daily rule would be followed to the year 9999."""
    names = {"BYMONTH", "BYMONTHDAY", "BYYEARDAY"} & parts.keys()
    days: Values = {"FREQ": "YEARLY"} | {name: parts[name] for name in names}
    return not names or next(iter(_rule(days, first)), None) is not None


def _until(until: Moment, first: datetime) -> datetime:
    """The last moment of a rule in the zone of its first; a day counts to its end."""
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59), first.tzinfo)
    if first.tzinfo is None:
        return until.replace(tzinfo=None)
    return until if until.tzinfo else until.replace(tzinfo=first.tzinfo)


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _joined(value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    return ",".join(str(value) for value in values)


def minutes_between(start: Moment, end: Moment | None, length: timedelta | None) -> float | None:
    """How long a meeting took; null for whole days and where the end is not on record."""
    if not isinstance(start, datetime):
        return None
    if length is None and isinstance(end, datetime):
        length = end - start
    if length is None or not timedelta() <= length <= timedelta(days=60):
        return None
    return length.total_seconds() / 60
