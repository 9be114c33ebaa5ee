"""Keeps the search index: the keys of every node that has a name.

A key is a node `SearchKey` whose id is the kind's letter, the text, the place that the text comes
from and the node's id, so that the beginning of a text is a range of one index and its end says
whom it leads to. Its property `at` names the customer that the node belongs to and the text's
first character, so that the keys of a few customers are read without those of all others; at a
further customer stands a key of its own, out of the range. `SearchEntry` holds the keys and the
customers of one node, to see what has changed. A write indexes what it touched in its own
transaction; a large one is noted as due, and its nodes are indexed after it, in small
transactions that may be run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import ConstraintViolated
from relgraph.records.access import Access
from relgraph.records.batches import batches, pages
from relgraph.records.log.change_log import Entry, entries_of
from relgraph.records.progress import Progress, no_progress
from relgraph.records.search.keys import Key, keys_of, words_of
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import CUSTOMER, SEARCHED_KINDS, node_kind
from relgraph.schema.values import Values

_SEARCHED = frozenset(kind.plural for kind in SEARCHED_KINDS)
EVERYTHING = "*"
"""Stands in place of a write's name if all nodes are due."""
AT_ONCE = 500
"""Nodes that one transaction indexes after a large write; a write of more nodes is a large one."""
NOTES_A_PAGE = 200
IDS_A_PAGE = 5_000
FURTHER = "+"
"""Begins the key of a node at a further customer; no kind has it as its letter."""

Node = tuple[str, str]
"""Table and id."""


class Stored(NamedTuple):
    """A key as the index holds it."""

    text: str
    place: str
    node_id: str


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


def touched_by(entries: Iterable[Entry]) -> set[Node]:
    """The nodes whose keys may have changed."""
    return {(entry.table, entry.key[0]) for entry in entries if entry.table in _SEARCHED}


def index_written(tx: Transaction, touched: set[Node], *, change_set: str, at: str) -> None:
    """Index what a write touched, or note it as due if that is much."""
    if len(touched) > AT_ONCE:
        queries.run(tx, "put_search_due", id=change_set, at=at)
    else:
        refresh(tx, touched, today=at[:10])


def refresh(tx: Transaction, touched: Iterable[Node], *, today: str, create: bool = False) -> None:
    """Bring the keys of these nodes up to what is stored of them now.

    Whoever has left a customer by `today` (ISO text) is found at it no more. `create` trusts that
    nodes without an entry have no keys, which is faster; raises ConstraintViolated if one has.
    """
    by_table: dict[str, list[str]] = {}
    for table, id_ in sorted(touched):
        by_table.setdefault(table, []).append(id_)
    for table, ids in by_table.items():
        for batch in batches(ids):
            _refresh(tx, node_kind(table), batch, today, create)


def _refresh(tx: Transaction, kind: NodeKind, ids: list[str], today: str, create: bool) -> None:
    names = {f"{kind.plural}/{id_}": id_ for id_ in ids}
    day = {"today": today} if kind.customer and "until" in kind.carried else {}
    rows = queries.rows(tx, f"search_source_{kind.plural}", ids=ids, **day)
    there = {row["id"]: row for row in rows}
    before = {row["id"]: row for row in queries.rows(tx, "search_entries", ids=list(names))}
    gone: list[str] = []
    new: list[Values] = []
    first: list[Values] = []
    words: set[str] = set()
    entries: list[Values] = []
    ended: list[str] = []
    for name, id_ in names.items():
        had = _had(kind, before.get(name))
        if id_ not in there:
            gone += had
            if name in before:
                ended.append(name)
            continue
        keys = keys_of(there[id_], person=kind.is_person)
        plain = sorted(stored_key(kind, key, id_) for key in keys)
        customers = [id_] if kind is CUSTOMER else sorted(there[id_].get("customers", ()))
        has = _placed(kind, plain, customers)
        if has != had or name not in before:
            gone += had.keys() - has.keys()
            put = first if create and name not in before else new
            put += [
                {"id": key, "at": place}
                for key, place in has.items()
                if key not in had or had[key] != place
            ]
            words |= words_of(keys)
            entries.append({"id": name, "keys": plain, "customers": customers})
    _run(tx, "delete_search_keys", gone)
    for query, rows in (("put_search_keys", new), ("create_search_keys", first)):
        for batch in batches(rows):
            queries.run(tx, query, rows=batch)
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


# what is due ------------------------------------------------------------------------------


def is_due(tx: Transaction) -> bool:
    """Whether there are writes whose nodes are not indexed yet."""
    return bool(queries.rows(tx, "search_due"))


def index_pending(access: Access, progress: Progress = no_progress) -> None:
    """Index the nodes of all large writes; another process may do the same at the same time."""
    all_due = access.read(lambda tx: queries.rows(tx, "search_due"))
    if any(due["id"] == EVERYTHING for due in all_due):
        reindex(access, progress)
        return
    for due in all_due:
        nodes = sorted(_touched_by_set(access, due["id"]))
        _in_parts(access, nodes, progress)
        access.write(lambda tx, id_=due["id"]: queries.run(tx, "delete_search_due", id=id_))  # type: ignore[misc]


def _touched_by_set(access: Access, change_set: str) -> set[Node]:
    rows = access.read(lambda tx: queries.rows(tx, "note_ids_of_set", set_id=change_set))
    ids = [row["id"] for row in rows]
    touched: set[Node] = set()
    for start in range(0, len(ids), NOTES_A_PAGE):  # together they are as large as its files
        page = ids[start : start + NOTES_A_PAGE]
        notes = access.read(partial(queries.rows, name="notes", ids=page))
        touched |= touched_by(entry for row in notes for _, entry in entries_of(row["change"]))
    return touched


def _in_parts(access: Access, nodes: list[Node], progress: Progress) -> None:
    today = access.today.isoformat()
    for start in range(0, len(nodes), AT_ONCE):
        part = nodes[start : start + AT_ONCE]
        try:
            access.write(partial(refresh, touched=part, today=today, create=True))
        except ConstraintViolated:  # another process was faster, or keys have no entry
            access.write(partial(refresh, touched=part, today=today))
        progress("index", start + len(part), len(nodes))


# all of the index -------------------------------------------------------------------------


def reindex(access: Access, progress: Progress = no_progress) -> int:
    """Compare every node with the index and mend what differs; how many nodes there are."""
    nodes = [(kind.plural, id_) for kind in SEARCHED_KINDS for id_ in ids_of(access, kind)]
    known = set(nodes)
    lost = [node for node in _indexed(access) if node not in known]
    _in_parts(access, nodes + lost, progress)
    for due in access.read(lambda tx: queries.rows(tx, "search_due")):
        access.write(lambda tx, id_=due["id"]: queries.run(tx, "delete_search_due", id=id_))  # type: ignore[misc]
    return len(nodes)


def is_complete(tx: Transaction) -> bool:
    """Whether search finds everything, as far as is known without reading all nodes.

    A database of an older relgraph has no entries at all; a large write that is not indexed yet
    is due.
    """
    if is_due(tx):
        return False
    indexed = queries.rows(tx, "search_entries_after", after="", limit=1)
    return bool(indexed) or not any(
        queries.rows(tx, f"search_ids_{kind.plural}", after="", limit=1) for kind in SEARCHED_KINDS
    )


def complete_index(access: Access, progress: Progress = no_progress) -> None:
    """Index what is due, or everything in a database of an older relgraph."""
    index_pending(access, progress)
    if not access.read(is_complete):
        reindex(access, progress)


def ids_of(access: Access, kind: NodeKind) -> Iterator[str]:
    """The ids of all nodes of a kind."""
    yield from _pages(access, f"search_ids_{kind.plural}")


def _indexed(access: Access) -> Iterator[Node]:
    for name in _pages(access, "search_entries_after"):
        table, _, id_ = name.partition("/")
        yield table, id_


def _pages(access: Access, query: str) -> Iterator[str]:
    def read(after: str) -> list[str]:
        rows = access.read(lambda tx: queries.rows(tx, query, after=after, limit=IDS_A_PAGE))
        return [row["id"] for row in rows]

    return pages(read, IDS_A_PAGE, lambda id_: id_)
