"""Undoes what is too large for one transaction: all of it is checked, then written in parts.

Every change of the write is compared with what is stored before anything is written, so that all
of it is refused or none. Then it is long work (see `parts`): where it was interrupted, the same
command goes on. An import that was interrupted is rolled back in the same way: what the log has
recorded of it is undone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from graphlib import TopologicalSorter

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import because
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.log.change_log import ChangeSet, Entry, begin_change, entries_of
from relgraph.records.log.forgetting import forget_past, forget_write
from relgraph.records.progress import Progress, no_progress
from relgraph.records.rows import Key
from relgraph.records.search.index import EVERYTHING, index_pending
from relgraph.records.writes.parts import (
    Work,
    adopt_older,
    begin_ending,
    begin_rollback,
    begin_work,
    end_work,
    run_part,
    unfinished_work,
)
from relgraph.records.writes.reasons import Reason, refused, unready
from relgraph.records.writes.removal import RemovalPlan, plan_removal
from relgraph.records.writes.undo import (
    LARGEST,
    STAGES,
    Nodes,
    is_made_node,
    merged_in,
    new_nodes,
    refuse_if_changed,
    size_of,
    undo,
    undo_entries,
)
from relgraph.records.writes.writer import Writer, write
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import NODE_KINDS, kind_with_label
from relgraph.words import Sentence

ENTRIES_A_PART = 10_000
NOTES_A_READ = 25

EntryId = str
"""Table and key of what an entry is about, in a text: all those of a write are held at once."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What the log calls the write that undid another one, and how many changes that had."""

    change_set: str | None
    size: int


def undo_write(
    access: Access,
    change_set: str,
    *,
    note: str | None = None,
    progress: Progress = no_progress,
) -> Undone:
    """Undo a write of any size; an undo that was interrupted is finished.

    An import that was interrupted is rolled back. `progress` gets the phases `check`, `undo` and
    `index`. Raises NotFound for an unknown write, UndoRefused with its reasons, and
    UndoRefused while other long work waits for a decision.
    """
    adopt_older(access)
    unfinished = unfinished_work(access)
    work = next((begun for begun in unfinished if begun.undoes == change_set), None)
    if work is None:
        work = next(
            (begun for begun in unfinished if begun.change_set == change_set),
            None,
        )
        if work is not None:
            work = _rolled_back(access, work, progress)
    if work is None:
        change = begin_change(access, "undo", note=note, undoes=change_set)
        size = access.read(lambda tx: size_of(tx, change_set))
        if size <= LARGEST:
            _, done = write(access, change, lambda writer: undo(writer, change_set))
            return Undone(done.change_set, size)
        refuse_meanwhile(unfinished)
        _look_over(access, change_set, size, progress)
        work = begin_work(
            access, change, source=change_set, customers=_customers_of(access, change_set)
        )
    change = work.resumed(access)
    size = _size(access, change_set)
    if not work.ending:
        _in_parts(access, work, change, size, progress)
    if work.with_past:
        _forget(access, work, change)
    end_work(access, work, change)
    index_pending(access, progress)
    return Undone(None if work.with_past else change.id, size)


def refuse_meanwhile(unfinished: Collection[Work]) -> None:
    """Raise UndoRefused while other long work waits for a decision."""
    for work in unfinished:
        started = work.started_at
        if work.kind == "import":
            raise unready(because("undo_during_import", source=work.source, started=started))
        raise unready(because("write_half_undone", undoes=work.undoes, started=started))


def _size(access: Access, change_set: str) -> int:
    return access.read(lambda tx: int(queries.value(tx, "size_of_set", set_id=change_set) or 0))


def _customers_of(access: Access, change_set: str) -> list[str]:
    scopes = access.read(lambda tx: queries.rows(tx, "scopes_of_set", set_id=change_set))
    return [row["id"] for row in scopes if row["id"]]


# imports that were interrupted ------------------------------------------------------------


def _rolled_back(access: Access, work: Work, progress: Progress) -> Work:
    """The undo that an interrupted import becomes."""
    if work.kind == "undo":
        raise unready(because("undo_of_undo", undoes=work.undoes))
    if work.unnoted:
        raise unready(because("undo_older_import", source=work.source))
    if work.ending:
        raise unready(because("undo_ending_import", source=work.source))
    change_set = work.change_set or ""
    _look_over(access, change_set, _size(access, change_set), progress)
    return begin_rollback(access, work)


def _forget(access: Access, work: Work, change: ChangeSet) -> None:
    """Leave a database as empty as it was before an import brought its past along."""
    begin_ending(access, work)
    forget_past(access, work.id)
    for change_set in (change.undoes, change.id):
        forget_write(access, change_set or "")
    # Whatever is due is looked up in notes that are gone.
    access.write(lambda tx: queries.run(tx, "put_search_due", id=EVERYTHING, at=change.at))


# before anything is written ---------------------------------------------------------------


def _look_over(access: Access, change_set: str, size: int, progress: Progress) -> None:
    """Raise UndoRefused unless all is as the write left it, and nothing was built upon it."""
    touched = {_id(entry): False for page in _pages(access, change_set) for entry in page}
    """By what entries are about: whether the last of them was seen."""
    done = 0
    for page in _pages(access, change_set):
        latest = [entry for entry in page if not touched[_id(entry)]]
        touched.update((_id(entry), True) for entry in latest)

        def work(tx: Transaction, latest: list[Entry] = latest) -> None:
            refuse_if_changed(tx, latest)
            _refuse_if_built_upon(tx, new_nodes(latest), touched)

        access.read(work, timeout_s=600)
        done += len(page)
        progress("check", done, size)


def _refuse_if_built_upon(
    tx: Transaction, made: set[tuple[str, str]], touched: Collection[EntryId]
) -> None:
    plan = plan_removal(tx, made)
    others = RemovalPlan(
        nodes={
            (table, id_): row
            for (table, id_), row in plan.nodes.items()
            if _id_of(table, (id_,)) not in touched
        },
        edges={edge: row for edge, row in plan.edges.items() if _id_of(*edge) not in touched},
        references={
            (table, id_, column)
            for table, id_, column in plan.references
            if _id_of(table, (id_,)) not in touched
        },
    )
    if dependents := others.dependents(made):
        raise refused(
            [
                Reason(
                    Sentence("undo.built_upon", {"count": f"{count:,}", "table": table}),
                    kind=table,
                    count=count,
                )
                for table, count in sorted(dependents.items())
            ]
        )


# writing ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Outline:
    """What must be known of all of a write before its first part is undone."""

    made: Nodes
    last: Mapping[EntryId, Entry]
    """The last entry of each row that has several."""


def _outline(access: Access, change_set: str) -> _Outline:
    made: set[tuple[str, str]] = set()
    seen: set[EntryId] = set()
    several: set[EntryId] = set()
    for page in _pages(access, change_set):
        made |= new_nodes(page)
        for entry in page:
            (several if _id(entry) in seen else seen).add(_id(entry))
    last: dict[EntryId, Entry] = {}
    for page in _pages(access, change_set) if several else ():
        for entry in page:
            if _id(entry) in several:
                last.setdefault(_id(entry), entry)
    return _Outline(made, last)


def _id(entry: Entry) -> EntryId:
    return _id_of(entry.table, entry.key)


def _id_of(table: str, key: Key) -> EntryId:
    return "\t".join((table, *key))  # as in the log's record of what was removed


def _in_parts(access: Access, work: Work, change: ChangeSet, size: int, progress: Progress) -> None:
    """Undo all parts after those that are done; the same log gives the same parts each time.

    A row is compared with the last entry of it once more when the first of its entries is undone;
    between two parts that undo entries of one row nobody looks.
    """
    rows = 0
    change_set = change.undoes or ""
    outline = _outline(access, change_set)
    merged = _merged_before(access, change_set)
    compared: set[EntryId] = set()
    for number, part in enumerate(_parts(access, change_set, outline.made), start=1):
        rows += len(part)
        left = [outline.last.get(_id(entry), entry) for entry in part if _id(entry) not in compared]
        compared.update(_id(entry) for entry in part if _id(entry) in outline.last)
        if number <= work.parts:
            continue

        def undo_part(
            tx: Transaction, first: int, part: list[Entry] = part, left: list[Entry] = left
        ) -> None:
            refuse_if_changed(tx, left)
            writer = Writer(tx, change, first=first, queue=False)
            undo_entries(writer, part, merged)
            writer.close()

        run_part(access, work, number, change, undo_part)
        progress("undo", rows, size)


def _merged_before(access: Access, change_set: str) -> dict[Key, str]:
    """As `merged_before`, without holding all of that write."""
    former = access.read(lambda tx: queries.value(tx, "undoes", set_id=change_set))
    if former is None:
        return {}
    return merged_in(entry for page in _pages(access, former) for entry in page)


def _parts(access: Access, change_set: str, made: Nodes) -> Iterator[list[Entry]]:
    """The entries of a write in the order in which they are undone, of one stage each."""
    for stage in STAGES:
        if stage is is_made_node:
            continue
        wanted = (
            entry for page in _pages(access, change_set) for entry in page if stage(entry, made)
        )
        yield from _cut(wanted)
    tables = {name for name, _ in made}
    for kind in _pointing_first():
        if kind.plural not in tables:
            continue  # the log need not be read for it
        yield from _cut(_made(access, change_set, kind, made))


def _made(access: Access, change_set: str, kind: NodeKind, made: Nodes) -> Iterable[Entry]:
    """The nodes of a kind that a write made; those that name others of it come first."""
    entries = (
        entry
        for page in _pages(access, change_set)
        for entry in page
        if entry.table == kind.plural and is_made_node(entry, made)
    )
    # Columns whose edges have rows of their own are edges, and gone by then.
    above = [r.column for r in kind.references if r.label == kind.label and not r.rows]
    if not above:
        return entries
    named = _last_named(access, change_set, kind, above[0])
    return _lowest_first({entry.key[0]: entry for entry in entries}, named)


def _last_named(
    access: Access, change_set: str, kind: NodeKind, column: str
) -> dict[str, str | None]:
    """What a column of each node of a kind named when the write was done."""
    named: dict[str, str | None] = {}
    for page in _pages(access, change_set):
        for entry in page:
            if entry.table == kind.plural and column in (entry.after or {}):
                named.setdefault(entry.key[0], (entry.after or {})[column])
    return named


def _lowest_first(nodes: dict[str, Entry], named: Mapping[str, str | None]) -> list[Entry]:
    above = {id_: [up] if (up := named.get(id_)) in nodes else [] for id_ in nodes}
    order = list(TopologicalSorter(above).static_order())
    return [nodes[id_] for id_ in reversed(order)]


def _pointing_first() -> list[NodeKind]:
    """Kinds of nodes, each before those that its rows name."""
    graph: dict[NodeKind, set[NodeKind]] = {kind: set() for kind in NODE_KINDS}
    for kind in NODE_KINDS:
        for label in kind.refs.values():
            other = kind_with_label(label)
            if other is not kind:
                graph[other].add(kind)
    return list(TopologicalSorter(graph).static_order())


def _cut(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    part: list[Entry] = []
    for entry in entries:
        part.append(entry)
        if len(part) == ENTRIES_A_PART:
            yield part
            part = []
    if part:
        yield part


def _pages(access: Access, change_set: str) -> Iterator[list[Entry]]:
    """All entries of a write, the latest first, without holding them all."""
    rows = access.read(lambda tx: queries.rows(tx, "note_ids_of_set", set_id=change_set))
    ids = [row["id"] for row in reversed(rows)]
    for page in batches(ids, NOTES_A_READ):
        notes = access.read(partial(queries.rows, name="notes", ids=page))
        yield [entry for row in reversed(notes) for _, entry in reversed(entries_of(row["change"]))]
