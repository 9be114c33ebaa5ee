"""Undoes a write by writing what was there before it, unless later changes depend on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import (
    HasDependents,
    NotFound,
    SharedRecord,
    UndoRefused,
    WriteRefused,
    because,
)
from relgraph.records.log.change_log import Entry, entries_of
from relgraph.records.log.visible_entries import is_fully_visible, visible_entries
from relgraph.records.reads.stored import StoredNode, edge_row, stored_edges, stored_nodes
from relgraph.records.rows import Key
from relgraph.records.writes.external_ids import COLUMN
from relgraph.records.writes.operations import Must, Removal, Upsert
from relgraph.records.writes.parts import unfinished_in
from relgraph.records.writes.reasons import Reason, WrongRow, refused
from relgraph.records.writes.writer import Writer, key_text
from relgraph.schema.kind import Kind, NodeKind
from relgraph.schema.kinds import EMPLOYMENT, STAKEHOLDER, kind_of
from relgraph.schema.storage import SYSTEM_FIELDS
from relgraph.schema.values import Values
from relgraph.words import Sentence, noun

LARGEST = 50_000
"""Entries that can be undone in one transaction."""


def undo(writer: Writer, change_set: str, number: int | None = None) -> None:
    """Undo a write, or its one entry `number`, in the writer's transaction.

    Raises NotFound for an unknown write, UndoRefused with every reason if it was undone
    already, is larger than LARGEST (see `undo_parts`), or if what it wrote has been changed,
    removed or built upon since.
    """
    size = size_of(writer.tx, change_set)
    refuse_unfinished(writer.tx, change_set)
    if number is None and size > LARGEST:
        raise UndoRefused(because("undo_too_large", size=f"{size:,}", change=change_set))
    notes = [row["change"] for row in queries.rows(writer.tx, "changes_of_set", set_id=change_set)]
    _refuse_unseen(writer.tx, change_set, notes)
    entries = [numbered for note in notes for numbered in entries_of(note)]
    if number is not None:
        entries = _entry_with_parts(entries, number)
        if not entries:
            raise NotFound("change", f"{change_set}#{number}")
    latest = [entry for _, entry in sorted(entries, key=lambda numbered: -numbered[0])]
    refuse_if_changed(writer.tx, latest)
    made = new_nodes(latest)
    merged = merged_before(writer.tx, change_set)
    for stage in STAGES:
        undo_entries(writer, [entry for entry in latest if stage(entry, made)], merged)


def _entry_with_parts(entries: list[tuple[int, Entry]], number: int) -> list[tuple[int, Entry]]:
    """One entry; a removed person comes back with the employments that went with them."""
    chosen = [numbered for numbered in entries if numbered[0] == number]
    people = {e.key[0] for _, e in chosen if _is_gone_node(e, ()) and e.table == STAKEHOLDER.plural}
    parts = [
        numbered
        for numbered in entries
        if numbered[1].table == EMPLOYMENT.plural
        and numbered[1].action == "delete"
        and numbered[1].key[0] in people
    ]
    return [*chosen, *parts]


def size_of(tx: Transaction, change_set: str) -> int:
    """How many entries a write has that may be undone.

    Raises NotFound for an unknown write, UndoRefused if it was undone already.
    """
    size = queries.value(tx, "size_of_set", set_id=change_set)
    if not size:
        raise NotFound("change", change_set)
    later = queries.value(tx, "undone_by", set_id=change_set)
    if later is not None:
        raise refused([Reason(Sentence("undo.already"), change_set=later)])
    return int(size)


def _refuse_unseen(tx: Transaction, change_set: str, notes: list[Values]) -> None:
    """Raise UndoRefused for a write of which the viewer may not see all, NotFound if nothing."""
    if tx.visible is None:
        return
    written = [entry for note in notes for _, entry in entries_of(note)]
    seen = [entry for _, _, entry in visible_entries(tx, notes)]
    if not seen:
        raise NotFound("change", change_set)
    if seen != written or not is_fully_visible(tx, change_set):
        raise refused([Reason(Sentence("undo.unseen"))])


def refuse_unfinished(tx: Transaction, change_set: str) -> None:
    """Raise UndoRefused for a write that is still under way, or was interrupted."""
    if any(work.change_set == change_set for work in unfinished_in(tx)):
        raise UndoRefused(
            because("undo_unfinished", change=change_set),
            reasons=[Reason(Sentence("undo.unfinished"), change_set=change_set)],
        )


def undo_entries(writer: Writer, entries: list[Entry], merged: Mapping[Key, str]) -> None:
    """Undo entries of one stage in this order.

    Raises UndoRefused where something depends on them.
    """
    writer.know_created(entries)
    try:
        writer.run(
            [
                _removal(entry, merged) if entry.action == "create" else _restored(entry)
                for entry in entries
            ]
        )
    except (HasDependents, SharedRecord) as error:
        raise refused([Reason(error.why.sentence)]) from error
    except WriteRefused as error:
        raise refused([Reason(WrongRow(problem)) for problem in error.problems]) from error


def merged_before(tx: Transaction, change_set: str) -> dict[Key, str]:
    """Duplicates that this write brought back out of the people that they were merged into."""
    former = queries.value(tx, "undoes", set_id=change_set)
    if former is None:
        return {}
    notes = [row["change"] for row in queries.rows(tx, "changes_of_set", set_id=former)]
    return merged_in(entry for note in notes for _, entry in entries_of(note))


def merged_in(entries: Iterable[Entry]) -> dict[Key, str]:
    """The duplicates that these entries removed, and whom each was merged into."""
    return {
        entry.key: entry.after["merged_into"]
        for entry in entries
        if entry.action == "delete" and entry.after is not None
    }


def new_nodes(entries: Iterable[Entry]) -> set[tuple[str, str]]:
    """Kind and id of the nodes that these entries made."""
    return {(entry.table, entry.key[0]) for entry in entries if _is_new_node(entry)}


# what has become of it --------------------------------------------------------------------


def refuse_if_changed(tx: Transaction, entries: list[Entry]) -> None:
    """Everything must still be as the write left it. Of several entries of one, the last counts."""
    last: dict[tuple[str, Key], Entry] = {}
    for entry in entries:
        last.setdefault((entry.table, entry.key), entry)
    reasons: list[Reason] = []
    for name in {table for table, _ in last}:
        kind = kind_of(name)
        keys = [key for other, key in last if other == name]
        stored = _rows(tx, kind, keys)
        for key in keys:
            entry = last[name, key]
            row, version = stored.get(key, (None, 0))
            # Nobody has changed a node that has this version still. If it lacks a reference, an
            # import was interrupted before it.
            if kind.is_node and entry.action != "delete" and 0 < entry.version == version:
                continue
            wrong = _changed(entry, row)
            if wrong:
                values = {"kind": noun(kind.words), "key": key_text(key)}
                why = Sentence(f"undo.{wrong}", values)
                reasons.append(Reason(why, kind=name, key=list(key)))
    if reasons:
        raise refused(sorted(reasons, key=lambda reason: reason.why.text("en")))


def _rows(tx: Transaction, kind: Kind, keys: list[Key]) -> dict[Key, tuple[Values, int]]:
    """What is stored of these, with the version of each."""
    if not isinstance(kind, NodeKind):
        edges = stored_edges(kind, keys, tx)
        return {key: (edge_row(edge), int(edge.get("version") or 0)) for key, edge in edges.items()}
    nodes: dict[str, StoredNode] = stored_nodes(kind, (key[0] for key in keys), tx)
    return {(id_,): (node.row(kind), node.version) for id_, node in nodes.items()}


def _changed(entry: Entry, now: Values | None) -> str | None:
    """What has happened to a row since, as words call it; None if it is as the entry left it."""
    if entry.action == "delete":
        return "there_again" if now is not None else None
    if now is None:
        return "removed"
    left = entry.after or {}
    # Older logs name properties that only relgraph itself keeps.
    elsewhere = _edge_columns(kind_of(entry.table)) | SYSTEM_FIELDS
    same = all(now.get(n) == value for n, value in left.items() if n not in elsewhere)
    new = entry.action == "create" and any(
        name not in left and name not in elsewhere and name != "id" for name in now
    )
    return None if same and not new else "changed"


def _edge_columns(kind: Kind) -> frozenset[str]:
    """Columns that a node has in older logs, and whose edges have entries of their own."""
    return kind.edge_columns if isinstance(kind, NodeKind) else frozenset()


# the operations that undo it --------------------------------------------------------------


def _is_new_node(entry: Entry) -> bool:
    return entry.action == "create" and kind_of(entry.table).is_node


Nodes = Collection[tuple[str, str]]
Stage = Callable[[Entry, Nodes], bool]


def _goes_first(entry: Entry, made: Nodes) -> bool:
    """Edges that were made, but not the employment of a person who is removed with it."""
    if entry.action != "create" or kind_of(entry.table).is_node:
        return False
    return not (entry.table == EMPLOYMENT.plural and (STAKEHOLDER.plural, entry.key[0]) in made)


def _is_gone_node(entry: Entry, made: Nodes) -> bool:  # noqa: ARG001
    """Nodes come back first, so that everything else finds them."""
    return entry.action == "delete" and kind_of(entry.table).is_node


def _is_employment(entry: Entry, made: Nodes) -> bool:  # noqa: ARG001
    """Employments before the departments and deals that must be of the same customer."""
    return entry.action != "create" and entry.table == EMPLOYMENT.plural


def _is_rest(entry: Entry, made: Nodes) -> bool:
    if entry.action == "create" or _is_gone_node(entry, made) or _is_employment(entry, made):
        return False
    if not kind_of(entry.table).is_node or (entry.table, entry.key[0]) not in made:
        return True
    # It goes altogether, but others may need its external ids before.
    return COLUMN in (entry.before or {})


def is_made_node(entry: Entry, made: Nodes) -> bool:  # noqa: ARG001
    """Nodes that were made go last, when nothing hangs on them."""
    return _is_new_node(entry)


STAGES: tuple[Stage, ...] = (_goes_first, _is_gone_node, _is_employment, _is_rest, is_made_node)
"""The order of undo; each is asked of an entry and the nodes that the write made."""


def _removal(entry: Entry, merged: Mapping[Key, str]) -> Removal:
    into = merged.get(entry.key) if entry.table == STAKEHOLDER.plural else None
    return Removal(kind_of(entry.table), entry.key, merged_into=into)


def _restored(entry: Entry) -> Upsert:
    """The row as it was. A node of which only edges have changed counts as changed again."""
    kind = kind_of(entry.table)
    came_back = entry.action == "delete"
    must: Must = "create" if came_back else "change"
    elsewhere = _edge_columns(kind)
    own = {name: value for name, value in (entry.before or {}).items() if name not in elsewhere}
    return Upsert(
        kind,
        entry.key,
        own | kind.named_key(entry.key),
        must,
        version=entry.version + 1 if came_back else 0,
        scope=entry.scope,
        is_touched=not own and not came_back,
    )
