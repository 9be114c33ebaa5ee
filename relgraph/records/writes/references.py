"""Checks records against what is stored: references, names, circles, people of two customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import SharedRecord
from relgraph.records.batches import batches
from relgraph.records.normal import normal
from relgraph.records.problems import Problem, coded_problem
from relgraph.records.rows import Key, Records, Row
from relgraph.records.tables.cells import excerpt
from relgraph.records.visibility import visible_nodes
from relgraph.records.writes.circles import Line, circles, first_managers, way_round
from relgraph.records.writes.external_ids import check_external_ids
from relgraph.schema.kind import Kind, NodeKind
from relgraph.schema.kinds import (
    DEPARTMENT,
    KINDS,
    NODE_KINDS,
    STAKEHOLDER,
    kind_with_label,
    node_kind,
)
from relgraph.schema.values import Values

_OWN_DEPARTMENTS = {
    kind.plural: reference.column
    for kind in NODE_KINDS
    for reference in kind.references
    if kind.customer and reference.label == DEPARTMENT.label
}
"""Columns that name a department of the same customer, by table."""
_MOST_NAMED = 5


@dataclass(slots=True)
class Findings:
    """What is wrong, and what is worth a warning."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def check_references(records: Records, tx: Transaction) -> Findings:
    """Check everything for which the database must be asked. Leaves the records as they are."""
    findings = Findings()
    index = _ReferenceIndex(records, tx)
    _check_own_ids(index, findings, tx)
    _check_ids(index, findings)
    _check_names(index, findings)
    findings.problems += check_external_ids(records, tx)
    _check_moved_departments(index, findings)
    for kind in KINDS:
        if kind.plural in _OWN_DEPARTMENTS:
            _check_departments(kind, _OWN_DEPARTMENTS[kind.plural], index, findings)
        if "parent_id" in kind.refs:
            _check_circles(kind, index, findings)
        if isinstance(kind, NodeKind) and "manager_id" in kind.refs:
            _warn_of_manager_circles(kind, index, findings)
        _warn_of_two_customers(kind, index, findings)
    return findings


class _ReferenceIndex:
    """The import and behind it the database: the nodes that rows refer to, wherever they are."""

    def __init__(self, records: Records, tx: Transaction) -> None:
        self.records = records
        self._tx = tx
        self._stored: dict[str, dict[str, list[Values]]] = defaultdict(dict)
        self._visible: dict[str, set[str]] = defaultdict(set)
        wanted = _wanted(records)
        for table, ids in wanted.items():
            self.look_up(table, ids)
        self.lacks = any(not self.knows(table, id_) for table, ids in wanted.items() for id_ in ids)
        """Whether a row refers to what is nowhere."""

    def look_up(self, table: str, ids: set[str]) -> None:
        """Read nodes from the database, each with the ids that it refers to."""
        stored = self._stored[table]
        new = ids - stored.keys()
        self._visible[table] |= visible_nodes(self._tx, node_kind(table), new)
        for batch in batches(sorted(new)):
            for id_ in batch:
                stored[id_] = []
            for row in queries.rows(self._tx, f"stored_{table}", ids=batch):
                stored[row["node"]["id"]].append(row)

    def stored(self, table: str, id_: str) -> list[Values]:
        """A node as it is stored, a row for each combination of what it refers to.

        What the viewer may not see is not there.
        """
        return self._stored[table].get(id_, []) if self.is_visible(table, id_) else []

    def is_visible(self, table: str, id_: str) -> bool:
        """Whether the viewer may see a node that was looked up."""
        return id_ in self._visible[table]

    def is_hidden(self, table: str, id_: str) -> bool:
        """Whether a node that was looked up is there, and not for the viewer."""
        return bool(self._stored[table].get(id_)) and not self.is_visible(table, id_)

    def above(self, table: str, id_: str, column: str) -> str | None:
        """What a stored node is part of, or reports to, whoever may see that."""
        rows = self._stored[table].get(id_, [])
        return next((row[column] for row in rows if row[column]), None)

    def knows(self, table: str, id_: str) -> bool:
        """Whether a node is there, or may be: nobody knows what an unread file holds."""
        return (
            table in self.records.unread
            or self.records.names(table, id_)
            or bool(self.stored(table, id_))
        )

    def customers(self, table: str, id_: str) -> set[str]:
        """The customers that a person, deal or department belongs to; empty if unsure."""
        if (id_,) in self.records.tables.get(table, {}):
            # whoever comes back is employed after it
            own = self.records.named(table, id_, "customer_id")
            return {own} if own and self.knows("customers", own) else set()
        if self.records.names(table, id_) or table in self.records.unread:
            return set()
        return {
            row["customer_id"]
            for row in self.stored(table, id_)
            if row["customer_id"] and not row.get("until")
            if self._tx.visible is None or row["customer_id"] in self._tx.visible
        }

    def left_behind(self, moved: dict[str, Row]) -> dict[str, list[tuple[str, str]]]:
        """Customer and id of all that stay in these departments but not at their new customer."""
        behind: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for batch in batches(sorted(moved)):
            for row in queries.rows(self._tx, "inside_departments", ids=batch):
                table, id_, department = row["kind"], row["id"], row["department_id"]
                change = self.records.tables.get(table, {}).get((id_,))
                values: Values = change.values if change else {}
                customer = values["customer_id"] if "customer_id" in values else row["customer_id"]
                stays = values.get(_OWN_DEPARTMENTS[table], department) == department
                if stays and customer != moved[department].values["customer_id"]:
                    behind[department].append((customer, id_))
        if self._tx.visible is not None:
            self._refuse_hidden(behind)
        return behind

    def _refuse_hidden(self, behind: dict[str, list[tuple[str, str]]]) -> None:
        """Raise SharedRecord for a department in which is what the viewer may not see."""
        for department, inside in behind.items():
            if any(customer not in (self._tx.visible or ()) for customer, _ in inside):
                raise SharedRecord(DEPARTMENT.words, department, 0)


def _wanted(records: Records) -> dict[str, set[str]]:
    """Ids of nodes that must be looked up, by table."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for kind in KINDS:
        targets = [(column, kind_with_label(label).plural) for column, label in kind.refs.items()]
        for row in records.rows(kind.plural) if targets else ():
            values = row.values
            for column, target in targets:
                if (id_ := values.get(column)) and not records.names(target, id_):
                    wanted[target].add(id_)
    wanted["stakeholders"].update(
        key[0] for key, row in records.tables.get("stakeholders", {}).items() if _is_nameless(row)
    )
    return wanted


def _is_nameless(row: Row) -> bool:
    """Whether a person's row has neither a name nor says that it is an empty seat."""
    return not row.values.get("name") and not row.values.get("placeholder")


def _check_own_ids(index: _ReferenceIndex, findings: Findings, tx: Transaction) -> None:
    """A node that the viewer may not see keeps its id, and is not written."""
    if tx.visible is None:
        return
    for kind in NODE_KINDS:
        rows = index.records.tables.get(kind.plural, {})
        index.look_up(kind.plural, {key[0] for key in rows})
        for (id_,), row in rows.items():
            if index.is_hidden(kind.plural, id_):
                file = index.records.file_of(kind.plural, row)
                findings.problems.append(
                    coded_problem(file, row.line, "id", excerpt(id_), "taken_unseen")
                )


def _check_ids(index: _ReferenceIndex, findings: Findings) -> None:
    """Every id that a row refers to must stand in the import or in the database."""
    if not index.lacks:
        return  # most often; then the rows need not be passed over
    spellings: dict[str, dict[str, str]] = {}
    for kind in KINDS:
        named_by = [(column, kind_with_label(label)) for column, label in kind.refs.items()]
        for row in index.records.rows(kind.plural) if named_by else ():
            for column, named in named_by:
                id_, target = row.values.get(column), named.plural
                if not id_ or index.knows(target, id_):
                    continue
                if target not in spellings:
                    ids = index.records.ids(target)
                    spellings[target] = {normal(id_): id_ for id_ in ids}
                near = spellings[target].get(normal(id_))
                more = {"near": excerpt(near)} if near else {}
                findings.problems.append(
                    coded_problem(
                        index.records.file_of(kind.plural, row),
                        row.line,
                        column,
                        excerpt(id_),
                        "no_such_near" if near else "no_such",
                        kind=named.words,
                        table=target,
                        **more,
                    )
                )


def _check_names(index: _ReferenceIndex, findings: Findings) -> None:
    """A person needs a name, in the row or stored, unless either of them says that it is a seat."""
    for (id_,), row in index.records.tables.get("stakeholders", {}).items():
        if not _is_nameless(row):
            continue
        stored = index.stored("stakeholders", id_)
        known = (stored[0]["node"] if stored else {}) | row.values
        if not known.get("name") and not known.get("placeholder"):
            findings.problems.append(
                coded_problem(
                    index.records.file_of("stakeholders", row), row.line, "name", "", "nameless"
                )
            )


def _check_departments(kind: Kind, column: str, index: _ReferenceIndex, findings: Findings) -> None:
    """A person's department, and the department above another, belong to the same customer."""
    code = "other_customers_person" if kind is STAKEHOLDER else "other_customers_part"
    for row in index.records.rows(kind.plural):
        department, own = row.values.get(column), row.values.get("customer_id")
        if not department or not own or not index.knows("customers", own):
            continue
        theirs = index.customers("departments", department)
        if theirs and own not in theirs:
            findings.problems.append(
                coded_problem(
                    index.records.file_of(kind.plural, row),
                    row.line,
                    column,
                    excerpt(department),
                    code,
                    theirs=tuple(map(excerpt, sorted(theirs))),
                    own=excerpt(own),
                )
            )


def _check_moved_departments(index: _ReferenceIndex, findings: Findings) -> None:
    """A department that goes to another customer must take along all that is stored in it."""
    rows = index.records.tables.get("departments", {})
    index.look_up("departments", {key[0] for key in rows})
    moved = {
        id_: row
        for (id_,), row in rows.items()
        if (now := row.values.get("customer_id")) and index.knows("customers", now)
        if any(before["customer_id"] != now for before in index.stored("departments", id_))
    }
    for id_, behind in index.left_behind(moved).items():
        first = ", ".join(excerpt(node_id) for _, node_id in sorted(behind)[:_MOST_NAMED])
        more = len(behind) - _MOST_NAMED
        findings.problems.append(
            coded_problem(
                index.records.file_of("departments", moved[id_]),
                moved[id_].line,
                "customer_id",
                excerpt(moved[id_].values["customer_id"]),
                "leaves_more_behind" if more > 0 else "leaves_behind",
                count=str(len(behind)),
                there=tuple(map(excerpt, sorted({customer for customer, _ in behind}))),
                first=first,
                **({"more": str(more)} if more > 0 else {}),
            )
        )


def _warn_of_two_customers(kind: Kind, index: _ReferenceIndex, findings: Findings) -> None:
    """Warn of what joins people and deals of two customers: a map shows one customer alone."""
    ends = {column: kind_with_label(label) for column, label in kind.refs.items()}
    ends = {column: end for column, end in ends.items() if end.customer and end is not DEPARTMENT}
    if kind is STAKEHOLDER:
        ends = {"id": STAKEHOLDER, **ends}
    if len(ends) < 2:
        return
    for row in index.records.tables.get(kind.plural, {}).values():
        first, *others = (
            (column, id_, index.customers(end.plural, id_))
            for column, end in ends.items()
            if (id_ := row.values.get(column))
        )
        for column, id_, theirs in others:
            if theirs and first[2] and not theirs & first[2]:
                findings.warnings.append(
                    coded_problem(
                        index.records.file_of(kind.plural, row),
                        row.line,
                        column,
                        excerpt(id_),
                        "no_map",
                        theirs=tuple(excerpt(each) for each in sorted(theirs)),
                        other=excerpt(first[1]),
                        own=tuple(excerpt(each) for each in sorted(first[2])),
                    )
                )


# circles ------------------------------------------------------------------------------------


def _check_circles(kind: Kind, index: _ReferenceIndex, findings: Findings) -> None:
    """Nothing is part of itself, over however many parents, in the import or stored."""
    rows = index.records.tables.get(kind.plural, {})
    # What names nobody was refused for that already.
    parents = {
        id_: parent
        for id_, parent in index.records.column(kind.plural, "parent_id")
        if not parent or index.knows(kind.plural, parent)
    }
    if not any(parents.values()):
        return
    _add_stored(parents, kind.plural, "parent_id", index)
    for circle in circles(parents):
        inside = [id_ for id_ in circle if (id_,) in rows and "parent_id" in rows[id_,].values]
        if not inside:
            continue
        first = min(inside, key=lambda id_: rows[id_,].line)
        findings.problems.append(
            coded_problem(
                index.records.file_of(kind.plural, rows[first,]),
                rows[first,].line,
                "parent_id",
                excerpt(parents[first]),
                "circle",
                way=" → ".join(_visible_id(index, kind, id_) for id_ in way_round(circle, first)),
            )
        )


def _visible_id(index: _ReferenceIndex, kind: Kind, id_: str) -> str:
    """The id of a part of a circle, or “…” if the viewer may not see it."""
    is_known = index.records.names(kind.plural, id_) or index.is_visible(kind.plural, id_)
    return excerpt(id_) if is_known and id_ != "…" else "…"


def _warn_of_manager_circles(kind: NodeKind, index: _ReferenceIndex, findings: Findings) -> None:
    """Warn of people who report to themselves over others: they are taken, and a map cuts them."""
    lines = kind.reference("manager_id").ref.rows
    managers: dict[str, str | None] = dict(first_managers(_solid_lines(lines, index)))
    # A line that is not the first one counts only for who has no other.
    unsure = {
        person
        for person, manager, primary, _ in _solid_lines(lines, index)
        if managers.get(person) == manager and not primary
    }
    by_line = set(managers)
    index.look_up(kind.plural, unsure)
    for id_ in unsure:
        if stored := index.above(kind.plural, id_, "manager_id"):
            managers[id_] = stored
            if _solid_line(lines, (id_, stored), index) is None:
                by_line.discard(id_)
    is_given = bool(by_line)
    for id_, manager in index.records.column(kind.plural, "manager_id"):
        if manager is not None or id_ not in by_line:
            managers[id_], is_given = manager, True
    if not is_given:
        return
    _add_stored(managers, kind.plural, "manager_id", index)
    for circle in circles(managers):
        given = {
            id_: place
            for id_ in circle
            if (place := _place_of_manager(kind, id_, managers[id_], by_line, index))
        }
        if not given:
            continue
        first = min(given, key=lambda id_: (given[id_][0] != kind.plural, given[id_][1].line))
        table, row = given[first]
        findings.warnings.append(
            coded_problem(
                index.records.file_of(table, row),
                row.line,
                "manager_id" if table == kind.plural else "to_id",
                excerpt(managers[first]),
                "manager_circle",
                way=" → ".join(_visible_id(index, kind, id_) for id_ in way_round(circle, first)),
            )
        )


def _solid_lines(table: str, index: _ReferenceIndex) -> Iterator[Line]:
    for key, row in index.records.tables.get(table, {}).items():
        if _is_solid(row):
            yield key[0], key[1], bool(row.values.get("primary")), row.values.get("since")


def _solid_line(table: str, key: Key, index: _ReferenceIndex) -> Row | None:
    row = index.records.tables.get(table, {}).get(key)
    return row if row is not None and _is_solid(row) else None


def _is_solid(row: Row) -> bool:
    return bool(row.values.get("line", "solid") == "solid")


def _place_of_manager(
    kind: NodeKind, id_: str, manager: str | None, by_line: set[str], index: _ReferenceIndex
) -> tuple[str, Row] | None:
    """Table and row that name somebody's manager; None if only the database does."""
    row = index.records.tables.get(kind.plural, {}).get((id_,))
    if (
        row is not None
        and "manager_id" in row.values
        and (row.values["manager_id"] is not None or id_ not in by_line)
    ):
        return kind.plural, row
    lines = kind.reference("manager_id").ref.rows
    line = _solid_line(lines, (id_, manager or ""), index) if id_ in by_line else None
    return None if line is None else (lines, line)


def _add_stored(
    parents: dict[str, str | None], table: str, column: str, index: _ReferenceIndex
) -> None:
    """Follow the parents up, a level at a time, through what only the database knows."""
    level = {id_ for id_ in parents.values() if id_ and id_ not in parents}
    while level:
        rejected = {id_ for id_ in level if id_ in index.records.reported.get(table, {})}
        index.look_up(table, level - rejected)
        for id_ in level:
            parents[id_] = None if id_ in rejected else index.above(table, id_, column)
        level = {up for id_ in level if (up := parents[id_]) and up not in parents}
