"""Takes back what is too large for one transaction: looked over whole, then written in parts.

Every change of the write is compared with what is stored before anything is written, so that it
is refused as a whole. Each part is one transaction and is counted in it; where the work was
interrupted, the same command goes on. Meanwhile the customers that it touches say so, as with an
import in parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.imports import journal
from relgraph.records.log.change_log import ChangeSet, Entry, begin_change, entries_of
from relgraph.records.rows import Key
from relgraph.records.search.index import enter_due
from relgraph.records.writes.removal import RemovalPlan, plan_removal
from relgraph.records.writes.undo import (
    LARGEST,
    STAGES,
    Nodes,
    is_made_node,
    merged_in,
    new_nodes,
    reason,
    refuse_if_changed,
    refused,
    size_of,
    take_back,
    undo,
)
from relgraph.records.writes.writer import Writer, write
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import NODE_KINDS, kind_with_label

ENTRIES_A_PART = 10_000
NUMBERS_A_PART = 1_000_000
"""Numbers of entries that a part may use in the log; a removed node brings some of its edges."""
NOTES_A_READ = 25

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What the log calls the write that took another one back, and how many changes that had."""

    change_set: str | None
    size: int


def undo_write(
    access: Access,
    change_set: str,
    *,
    note: str | None = None,
    progress: Progress | None = None,
) -> TakenBack:
    """Take a write of any size back; one that was interrupted is finished.

    `progress` is called with the phase (`check`, `take back`, `index`), changes done and in all.
    Raises NotFound for an unknown write, UndoRefused with its reasons, ImportRefused while
    another large write waits for a decision.
    """
    report = progress or (lambda phase, done, total: None)  # noqa: ARG005
    begun = next((one for one in journal.unfinished(access) if one.undoes == change_set), None)
    if begun is not None:
        change = ChangeSet(
            begun.id, begun.started_at, begun.actor or "", "undo", begun.note, change_set
        )
        size = access.read(lambda tx: int(queries.value(tx, "size_of_set", set_id=change_set)))
    else:
        change = begin_change(access, "undo", note=note, undoes=change_set)
        size = access.read(lambda tx: size_of(tx, change_set))
        if size <= LARGEST:
            _, done = write(access, change, lambda writer: undo(writer, change_set))
            return TakenBack(done.change_set, size)
        journal.refuse_meanwhile(access)
        _look_over(access, change_set, size, report)
        _begin(access, change)
    _in_parts(access, change, begun.parts if begun else 0, size, report)
    journal.end(access, change.id, "done", change.at)
    access.write(lambda tx: queries.run(tx, "queue_changes", set_id=change.id))
    enter_due(access, lambda done, total: report("index", done, total))
    return TakenBack(change.id, size)


# before anything is written ---------------------------------------------------------------


def _look_over(access: Access, change_set: str, size: int, report: Progress) -> None:
    """Raise UndoRefused unless all is as the write left it, and nothing was built upon it."""
    touched = {(one.table, one.key) for page in _pages(access, change_set) for one in page}
    seen: set[tuple[str, Key]] = set()
    done = 0
    for page in _pages(access, change_set):
        latest = [one for one in page if (one.table, one.key) not in seen]
        seen.update((one.table, one.key) for one in latest)

        def work(tx: Transaction, latest: list[Entry] = latest) -> None:
            refuse_if_changed(tx, latest)
            _refuse_if_built_upon(tx, new_nodes(latest), touched)

        access.read(work, timeout_s=600)
        done += len(page)
        report("check", done, size)


def _refuse_if_built_upon(
    tx: Transaction, made: set[tuple[str, str]], touched: set[tuple[str, Key]]
) -> None:
    plan = plan_removal(tx, made)
    others = RemovalPlan(
        nodes={one: row for one, row in plan.nodes.items() if (one[0], (one[1],)) not in touched},
        edges={one: row for one, row in plan.edges.items() if one not in touched},
        references={one for one in plan.references if (one[0], (one[1],)) not in touched},
    )
    if dependents := others.dependents(made):
        raise refused(
            [
                reason(f"{count:,} {table} hang on what it made", kind=table, count=count)
                for table, count in sorted(dependents.items())
            ]
        )


def _begin(access: Access, change: ChangeSet) -> None:
    def work(tx: Transaction) -> None:
        if queries.rows(tx, "unfinished_imports"):
            raise refused([reason("another large write began at the same time")])
        queries.run(
            tx,
            "undo_begin",
            id=change.id,
            undoes=change.undoes,
            now=change.at,
            actor=change.actor,
            note=change.note,
        )
        scopes = queries.rows(tx, "scopes_of_set", set_id=change.undoes)
        for batch in batches([row["id"] for row in scopes if row["id"]]):
            queries.run(tx, "mark_customers", ids=batch, import_id=change.id)

    access.write(work)


# writing ----------------------------------------------------------------------------------


def _in_parts(access: Access, change: ChangeSet, done: int, size: int, report: Progress) -> None:
    """Take back all parts after the first `done`; the same log gives the same parts each time."""
    rows = 0
    merged = _merged_before(access, change.undoes or "")
    for number, part in enumerate(_parts(access, change.undoes or ""), start=1):
        rows += len(part)
        if number <= done:
            continue

        def work(tx: Transaction, part: list[Entry] = part, number: int = number) -> None:
            if queries.run(tx, "undo_part", id=change.id, number=number) != 1:
                raise refused([reason("another process is taking it back")])
            refuse_if_changed(tx, part)
            writer = Writer(tx, change, first=number * NUMBERS_A_PART, queue=False)
            take_back(writer, part, merged)
            writer.close()

        access.write(work)
        report("take back", rows, size)


def _merged_before(access: Access, change_set: str) -> dict[Key, str]:
    """As `merged_before`, without holding all of that write."""
    former = access.read(lambda tx: queries.value(tx, "undoes", set_id=change_set))
    if former is None:
        return {}
    return merged_in(entry for page in _pages(access, former) for entry in page)


def _parts(access: Access, change_set: str) -> Iterator[list[Entry]]:
    """The entries of a write in the order in which they are taken back, of one stage each."""
    made: set[tuple[str, str]] = set()
    for page in _pages(access, change_set):
        made |= new_nodes(page)
    for stage in STAGES:
        if stage is is_made_node:
            continue
        wanted = (one for page in _pages(access, change_set) for one in page if stage(one, made))
        yield from _cut(wanted)
    tables = {name for name, _ in made}
    for kind in _pointing_first():
        if kind.plural not in tables:
            continue  # the log need not be read for it
        yield from _cut(_made(access, change_set, kind, made))


def _made(access: Access, change_set: str, kind: NodeKind, made: Nodes) -> Iterable[Entry]:
    """The nodes of a kind that a write made; those that name others of it come first."""
    entries = (
        one
        for page in _pages(access, change_set)
        for one in page
        if one.table == kind.plural and is_made_node(one, made)
    )
    # Columns whose edges have rows of their own are edges, and gone by then.
    above = [r.column for r in kind.references if r.label == kind.label and not r.rows]
    if not above:
        return entries
    return _lowest_first({one.key[0]: one for one in entries}, above[0])


def _lowest_first(nodes: dict[str, Entry], column: str) -> list[Entry]:
    above = {
        id_: [up] if (up := (one.after or {}).get(column)) in nodes else []
        for id_, one in nodes.items()
    }
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
    for one in entries:
        part.append(one)
        if len(part) == ENTRIES_A_PART:
            yield part
            part = []
    if part:
        yield part


def _pages(access: Access, change_set: str) -> Iterator[list[Entry]]:
    """All entries of a write, the latest first, without holding them all."""
    found = access.read(lambda tx: queries.rows(tx, "note_ids_of_set", set_id=change_set))
    ids = [row["id"] for row in reversed(found)]
    for start in range(0, len(ids), NOTES_A_READ):
        page = ids[start : start + NOTES_A_READ]
        notes = access.read(lambda tx, page=page: queries.rows(tx, "notes", ids=page))  # type: ignore[misc]
        yield [one for row in reversed(notes) for _, one in reversed(entries_of(row["change"]))]
