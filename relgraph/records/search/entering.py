"""Enters into the search index what nodes are found by: the keys of every node that has a name.

A key is a node `SearchKey` whose id is the kind's letter, the text, the place that the text comes
from and the node's id, so that the beginning of a text is a range of one index and its end says
whom it leads to. Its property `at` names the customer that the node belongs to and the text's
first character, so that the keys of a few customers are read without those of all others; at a
further customer stands a key of its own, out of the range. `SearchEntry` holds the keys and the
customers of one node, to see what has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.batches import batches
from relgraph.records.search.keys import Key, keys_of, words_of
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import CUSTOMER, node_kind
from relgraph.schema.values import Values

FURTHER = "+"
"""Begins the key of a node at a further customer; no kind has it as its letter."""

Node = tuple[str, str]
"""Table and id."""


class Stored(NamedTuple):
    """A key as the index holds it."""

    text: str
    place: str
    node_id: str


class Source(NamedTuple):
    """What a node is found by (names, titles and e-mail, among others), and at which customers."""

    values: Mapping[str, Any]
    customers: Sequence[str]


def stored_key(kind: NodeKind, key: Key, id_: str) -> str:
    """The id of a `SearchKey`."""
    return f"{kind.search_letter}{key.text}\t{key.place}\t{id_}"


def place_at(kind: NodeKind, customer: str, text: str) -> str:
    """What the keys of a customer's nodes have in common whose texts begin alike."""
    return f"{kind.search_letter}{customer}\t{text[0]}"


def read_key(stored: str) -> Stored:
    """The parts of the id of a `SearchKey`."""
    text, place, id_ = plain_key(stored)[1:].split("\t", 2)
    return Stored(text, place, id_)


def plain_key(stored: str) -> str:
    """The id that a key has at its node's first customer."""
    return stored.split("\t", 2)[2] if stored.startswith(FURTHER) else stored


def _placed(kind: NodeKind, keys: Iterable[str], customers: Iterable[str]) -> dict[str, str | None]:
    """Ids of all keys of a node with their places; none has one that is ours."""
    placed: dict[str, str | None] = dict.fromkeys(keys)
    for number, customer in enumerate(sorted(customers)):
        for key in [key for key in placed if not key.startswith(FURTHER)]:
            place = place_at(kind, customer, key[1:])
            placed[key if number == 0 else f"{FURTHER}{place}\t{key}"] = place
    return placed


def _name(kind: NodeKind, id_: str) -> str:
    """The id of a node's `SearchEntry`."""
    return f"{kind.plural}/{id_}"


def sources_of(
    tx: Transaction, kind: NodeKind, ids: Sequence[str], *, today: str
) -> dict[str, Source]:
    """What these nodes are found by, as stored; whoever has left a customer is found elsewhere."""
    day = {"today": today} if kind.customer and "until" in kind.carried else {}
    rows = queries.rows(tx, f"search_source_{kind.plural}", ids=ids, **day)
    return {row["id"]: source(kind, row["id"], row, row.get("customers", ())) for row in rows}


def source(kind: NodeKind, id_: str, values: Mapping[str, Any], customers: Sequence[str]) -> Source:
    """What a node is found by; a customer is found at itself."""
    return Source(values, (id_,) if kind is CUSTOMER else sorted(customers))


def entries_of(tx: Transaction, kind: NodeKind, ids: Iterable[str]) -> dict[str, Values]:
    """How these nodes stand in the index, by id."""
    ids_by_name = {_name(kind, id_): id_ for id_ in ids}
    rows = queries.rows(tx, "search_entries", ids=list(ids_by_name))
    return {ids_by_name[row["id"]]: row for row in rows}


# changing what stands there ---------------------------------------------------------------


def refresh(tx: Transaction, touched: Iterable[Node], *, today: str) -> None:
    """Bring the keys of these nodes up to what is stored of them now.

    Whoever has left a customer by `today` (ISO text) is found at it no more.
    """
    for table, ids in by_table(touched).items():
        for batch in batches(ids):
            _refresh(tx, node_kind(table), batch, today)


def by_table(nodes: Iterable[Node]) -> dict[str, list[str]]:
    """Ids by table, both in order."""
    ids_by_table: dict[str, list[str]] = {}
    for table, id_ in sorted(nodes):
        ids_by_table.setdefault(table, []).append(id_)
    return ids_by_table


def _refresh(tx: Transaction, kind: NodeKind, ids: list[str], today: str) -> None:
    there = sources_of(tx, kind, ids, today=today)
    before = entries_of(tx, kind, ids)
    gone: list[str] = []
    new: list[Values] = []
    words: set[str] = set()
    entries: list[Values] = []
    ended: list[str] = []
    for id_ in ids:
        had = _had(kind, before.get(id_))
        if id_ not in there:
            gone += had
            if id_ in before:
                ended.append(_name(kind, id_))
            continue
        keys = keys_of(there[id_].values, person=kind.is_person)
        plain = sorted(stored_key(kind, key, id_) for key in keys)
        customers = list(there[id_].customers)
        has = _placed(kind, plain, customers)
        if has != had or id_ not in before:
            gone += had.keys() - has.keys()
            new += [
                {"id": key, "at": place}
                for key, place in has.items()
                if key not in had or had[key] != place
            ]
            words |= words_of(keys)
            entries.append({"id": _name(kind, id_), "keys": plain, "customers": customers})
    _run(tx, "delete_search_keys", gone)
    for batch in batches(new):
        queries.run(tx, "put_search_keys", rows=batch)
    _run(tx, "put_search_words", words)
    _run(tx, "delete_search_entries", ended)
    for batch in batches(entries):
        queries.run(tx, "put_search_entries", rows=batch)


def _had(kind: NodeKind, entry: Values | None) -> dict[str, str | None]:
    """The keys of a node as they stand in the index; those of an older relgraph have no place."""
    return {} if entry is None else _placed(kind, entry["keys"], entry["customers"] or ())


def _run(tx: Transaction, query: str, ids: Iterable[str]) -> None:
    for batch in batches([{"id": id_} for id_ in sorted(ids)]):
        queries.run(tx, query, rows=batch)


# what stands there for the first time -----------------------------------------------------


@dataclass(slots=True)
class FirstEntries:
    """What the index will hold of nodes that do not stand in it; rows of its statements."""

    keys: list[list[str | None]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    entries: dict[str, list[list[Any]]] = field(default_factory=dict)
    """By table: name, keys and customers of each node, and its id."""

    def add(self, kind: NodeKind, id_: str, source: Source) -> None:
        """Add a node by what it is found by."""
        keys = keys_of(source.values, person=kind.is_person)
        plain = sorted([stored_key(kind, key, id_) for key in keys])
        customers = list(source.customers)
        self.keys += map(list, _placed(kind, plain, customers).items())
        self.words |= words_of(keys)
        self.entries.setdefault(kind.plural, []).append([_name(kind, id_), plain, customers, id_])

    def write(self, tx: Transaction) -> bool:
        """Enter them; False if a node is not there any more.

        Raises ConstraintViolated where another process has entered one of them meanwhile. What
        was written of others must not stay then: they are read again.
        """
        for table, rows in self.entries.items():
            for batch in batches(rows):
                if queries.run(tx, f"create_search_entries_of_{table}", rows=batch) != len(batch):
                    return False
        for keys in batches(self.keys):
            queries.run(tx, "create_search_keys", rows=keys)
        _run(tx, "put_search_words", self.words)
        return True
