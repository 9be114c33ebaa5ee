"""Search at growing size: beginnings, several words, pinyin, near spellings; size of the index."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.measure import seconds_of
from benchmarks.report import Section
from relgraph import queries
from relgraph.database import Database, Transaction
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.search.entering import place_at, stored_key
from relgraph.records.search.keys import keys_of, words_of
from relgraph.records.search.search import search
from relgraph.schema.kinds import STAKEHOLDER
from tests.support.access import access_to

TODAY = date(2026, 11, 24)
SIZES = (10_000, 100_000, 1_000_000)
ASKED = {
    "a name": ("wang jianguo", "li na", "schmidt", "maria rossi", "张伟", "陈思雨"),
    "a popular beginning": ("w", "wang", "王", "director", "ma", "li"),
    "part, pinyin, initials": ("建国", "wangjianguo", "wjg", "siyu", "ch", "晓梅"),
    "two words": ("wang director", "maria buyer", "jianguo wang", "rossi head", "li cfo"),
    "almost so": ("jianguoo", "shcmidt", "王见国", "rosssi", "wnagjianguo"),
}
FAMILY = ("Wang", "Li", "Zhang", "Chen", "Schmidt", "Rossi", "Garcia", "Tanaka", "Novak", "Martin",
          "Silva", "Kim", "Nguyen")  # fmt: skip
GIVEN = ("Maria", "Anna", "Peter", "Paul", "Jian", "Na", "Wei", "Elena", "Marco", "Hans", "Yuki",
         "Lucia", "Omar", "Ivan", "Sara")  # fmt: skip
FAMILY_ZH = "王李张刘陈杨赵黄周吴徐孙朱马胡郭林何高梁"
GIVEN_ZH = "建国晓梅文涛佩兰思雨永刚启明婷强伟芳娜敏静丽磊军洋勇艳杰涛超霞平桂英"
TITLES = ("Director", "Head of Finance", "Chief Buyer", "CFO", "Plant manager", "Engineer",
          "采购总监", "财务经理")  # fmt: skip
PEOPLE_A_CUSTOMER = 50
SEEN_CUSTOMERS = 100
"""Customers that a restricted viewer may see."""
SYLLABLES = ("ba", "co", "da", "fe", "gi", "ho", "ju", "ka", "lo", "mi", "no", "pe", "ra")


def run(
    open_empty: Callable[[], tuple[Database, dict[str, str]]], name: str, *, largest: int
) -> list[Section]:
    """Median and slowest of each kind of question in databases of growing size."""
    section = Section(
        f"Search on {name}",
        "Each question five times, median and slowest in ms over all questions of a kind; half of "
        "the people have Chinese names, one in thirteen begins with “wang”. Goal at a million "
        "people: ≤ 50 ms in the median, ≤ 300 ms for near spellings.",
        ("people", "keys a person", *ASKED, f"the same, seeing {SEEN_CUSTOMERS} customers"),
    )
    rng = random.Random(7)
    with open_empty()[0] as db:
        filled = keys = 0
        for size in (s for s in SIZES if s <= largest):
            keys += _fill(db, filled, size, rng)
            filled = size
            row = [f"{size:,}", f"{keys / size:.1f}"]
            row += [_times(access_to(db, TODAY), asked) for asked in ASKED.values()]
            step = max(1, size // PEOPLE_A_CUSTOMER // SEEN_CUSTOMERS)
            seen = frozenset(f"c{number * step}" for number in range(SEEN_CUSTOMERS))
            every = tuple(q for asked in ASKED.values() for q in asked)
            row.append(_times(access_to(db, TODAY, customers=seen), every))
            section.rows.append(tuple(row))
    return [section]


def _times(access: Access, asked: tuple[str, ...]) -> str:
    """Median and slowest of these questions in ms."""
    times = sorted(
        seconds_of(lambda q=q: search(access, q))  # type: ignore[misc]
        for q, _ in itertools.product(asked, range(5))
    )
    return f"{times[len(times) // 2] * 1000:.0f} ({times[-1] * 1000:.0f})"


def _fill(db: Database, start: int, end: int, rng: random.Random) -> int:
    """Add people with their keys as a write would; how many keys that are."""
    count = 0
    for begin in range(start, end, 1_000):
        people = [_person(n, rng) for n in range(begin, min(end, begin + 1_000))]
        keys: dict[str, str] = {}
        words: set[str] = set()
        entries = []
        for person in people:
            own = keys_of(person, person=True)
            stored = sorted(stored_key(STAKEHOLDER, key, person["id"]) for key in own)
            at = _customer_of(person)
            keys |= {key: place_at(STAKEHOLDER, at, key[1:]) for key in stored}
            words |= words_of(own)
            name = f"stakeholders/{person['id']}"
            entries.append({"id": name, "keys": stored, "customers": [at]})
        count += len(keys)

        def work(
            tx: Transaction, people: Any = people, keys: Any = keys, words: Any = words,
            entries: Any = entries,
        ) -> None:  # fmt: skip
            made = [{"id": p["id"], "props": {n: v for n, v in p.items() if v}} for p in people]
            now = "2026-11-24T00:00:00Z"
            queries.run(tx, "create_stakeholders", rows=made, now=now)
            customers = sorted({_customer_of(p) for p in people})
            new = [{"id": id_, "props": {"name": id_}} for id_ in customers]
            queries.run(tx, "create_customers", rows=new, now=now)
            jobs = [{"id": p["id"], "to": _customer_of(p), "props": {}} for p in people]
            queries.run(tx, "link_stakeholders_customer_id", rows=jobs, now=now)
            for batch in batches([{"id": id_, "at": at} for id_, at in sorted(keys.items())]):
                queries.run(tx, "put_search_keys", rows=batch)
            for batch in batches([{"id": id_} for id_ in sorted(words)]):
                queries.run(tx, "put_search_words", rows=batch)
            queries.run(tx, "put_search_entries", rows=entries)

        db.write(work)
    return count


def _customer_of(person: dict[str, Any]) -> str:
    return f"c{int(person['id'][1:]) // PEOPLE_A_CUSTOMER}"


def _person(number: int, rng: random.Random) -> dict[str, Any]:
    title = rng.choice(TITLES)
    if number % 2:
        name = rng.choice(FAMILY_ZH) + "".join(rng.sample(GIVEN_ZH, rng.randint(1, 2)))
        return {"id": f"p{number}", "name": name, "title": title, "email": f"u{number}@x.example"}
    rare = "".join(rng.choices(SYLLABLES, k=3)).capitalize()
    family = rng.choice([*FAMILY, rare, rare])
    name = f"{rng.choice(GIVEN)} {family}"
    return {"id": f"p{number}", "name": name, "title": title, "email": None}
