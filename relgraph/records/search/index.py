"""Keeps the search index in step: at once, or after a large write, or all of it anew.

A write indexes what it touched in its own transaction (see `entering`); a large one is noted as
due, and its nodes are indexed after it, in transactions that may be run again. What such a
transaction writes is made ready while the one before it is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import ConstraintViolated
from relgraph.records.access import Access
from relgraph.records.batches import batches, pages
from relgraph.records.log.change_log import Entry, entries_of
from relgraph.records.progress import Progress, no_progress
from relgraph.records.search import entering
from relgraph.records.search.entering import FirstEntries, Node, Source, refresh
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import SEARCHED_KINDS, node_kind

_SEARCHED = frozenset(kind.plural for kind in SEARCHED_KINDS)
EVERYTHING = "*"
"""Stands in place of a write's name if all nodes are due."""
AT_ONCE = 500
"""Nodes that a write indexes in its own transaction; a write of more nodes is a large one."""
NODES_A_PART = 2_000
"""Nodes that one transaction indexes after a large write."""
READ_S = 600
"""Longest time to read what such a transaction enters, on a machine that is busy."""
NOTES_A_PAGE = 200
IDS_A_PAGE = 5_000


class Made(NamedTuple):
    """What this process still knows of its own large write, so that it need not be read again.

    `sources` has the nodes that the write made, as far as its rows say at which customers they are.
    """

    change_set: str
    touched: Collection[Node]
    sources: Mapping[Node, Source]


class _Gone(Exception):
    """A node was removed between reading and writing."""


def touched_by(entries: Iterable[Entry]) -> set[Node]:
    """The nodes whose keys may have changed."""
    return {(entry.table, entry.key[0]) for entry in entries if entry.table in _SEARCHED}


def index_written(tx: Transaction, touched: set[Node], *, change_set: str, at: str) -> None:
    """Index what a write touched, or note it as due if that is much."""
    if len(touched) > AT_ONCE:
        queries.run(tx, "put_search_due", id=change_set, at=at)
    else:
        refresh(tx, touched, today=at[:10])


# what is due ------------------------------------------------------------------------------


def is_due(tx: Transaction) -> bool:
    """Whether there are writes whose nodes are not indexed yet."""
    return bool(queries.rows(tx, "search_due"))


def index_pending(
    access: Access, progress: Progress = no_progress, made: Made | None = None
) -> None:
    """Index the nodes of all large writes; another process may do the same at the same time.

    `made` is what is known of the last one.
    """
    all_due = access.read(lambda tx: queries.rows(tx, "search_due"))
    if any(due["id"] == EVERYTHING for due in all_due):
        reindex(access, progress)
        return
    for due in all_due:
        if made is not None and made.change_set == due["id"]:
            _in_parts(access, sorted(made.touched), progress, made.sources)
        else:
            _in_parts(access, sorted(_touched_by_set(access, due["id"])), progress)
        access.write(partial(queries.run, name="delete_search_due", id=due["id"]))


def _touched_by_set(access: Access, change_set: str) -> set[Node]:
    rows = access.read(lambda tx: queries.rows(tx, "note_ids_of_set", set_id=change_set))
    ids = [row["id"] for row in rows]
    touched: set[Node] = set()
    for page in batches(ids, NOTES_A_PAGE):  # together they are as large as its files
        notes = access.read(partial(queries.rows, name="notes", ids=page))
        touched |= touched_by(entry for row in notes for _, entry in entries_of(row["change"]))
    return touched


def _in_parts(
    access: Access,
    nodes: list[Node],
    progress: Progress,
    sources: Mapping[Node, Source] = MappingProxyType({}),
) -> None:
    parts = list(batches(nodes, NODES_A_PART))
    done = 0
    with ThreadPoolExecutor(1, "index") as ahead:

        def begin(part: list[Node]) -> Future[tuple[FirstEntries, list[Node]]]:
            # It reads what this thread has written, and waits for whatever this thread waits for.
            return ahead.submit(copy_context().run, _ready, access, part, sources)

        begun = map(begin, parts)
        ready = deque(islice(begun, 1))
        for part in parts:
            first, others = ready.popleft().result()
            ready.extend(islice(begun, 1))
            _write_part(access, part, first, others)
            done += len(part)
            progress("index", done, len(nodes))


def _ready(
    access: Access, part: list[Node], sources: Mapping[Node, Source]
) -> tuple[FirstEntries, list[Node]]:
    """What the index will hold of the nodes that do not stand in it yet, and the other nodes."""
    first = FirstEntries()
    others: list[Node] = []
    for table, ids in entering.by_table(part).items():
        kind = node_kind(table)
        known = {id_: sources[table, id_] for id_ in ids if (table, id_) in sources}
        entered: set[str] = set()
        if unknown := [id_ for id_ in ids if id_ not in known]:
            read = partial(_stored, kind=kind, ids=unknown, today=access.today.isoformat())
            stored, entered = access.read(read, timeout_s=READ_S)
            known |= stored
        for id_ in ids:
            if id_ in entered or id_ not in known:
                others.append((table, id_))
            else:
                first.add(kind, id_, known[id_])
    return first, others


def _stored(
    tx: Transaction, kind: NodeKind, ids: list[str], today: str
) -> tuple[dict[str, Source], set[str]]:
    """What nodes are found by, and which of them stand in the index."""
    return entering.sources_of(tx, kind, ids, today=today), set(entering.entries_of(tx, kind, ids))


def _write_part(access: Access, part: list[Node], first: FirstEntries, others: list[Node]) -> None:
    """Enter what was made ready; read it again if another process has entered or removed it."""
    today = access.today.isoformat()

    def write(tx: Transaction) -> None:
        refresh(tx, others, today=today)
        if not first.write(tx):
            raise _Gone

    try:
        access.write(write)
    except (_Gone, ConstraintViolated):
        access.write(partial(refresh, touched=part, today=today))


# all of the index -------------------------------------------------------------------------


def reindex(access: Access, progress: Progress = no_progress) -> int:
    """Compare every node with the index and mend what differs; how many nodes there are."""
    nodes = [(kind.plural, id_) for kind in SEARCHED_KINDS for id_ in ids_of(access, kind)]
    known = set(nodes)
    lost = [node for node in _indexed(access) if node not in known]
    _in_parts(access, nodes + lost, progress)
    for due in access.read(lambda tx: queries.rows(tx, "search_due")):
        access.write(partial(queries.run, name="delete_search_due", id=due["id"]))
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
