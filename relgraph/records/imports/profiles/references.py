"""Finds what rows of an export refer to: by id, name, address of mail or domain.

That is a row of the export, or a record that is stored already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from relgraph.records.imports.profiles.cells import domain_of
from relgraph.records.imports.profiles.ids import Stored
from relgraph.records.imports.profiles.made import Made, Part, Reference
from relgraph.records.imports.profiles.report import Mapping
from relgraph.records.normal import normal
from relgraph.records.problems import coded_problem
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.raw import Source
from relgraph.schema.kinds import CUSTOMER, KIND_BY_PLURAL, kind_of, kind_with_label

Parts = dict[str, list[Part]]
"""What all files give to each table."""
StoredCustomers = Callable[[], list[dict[str, Any]]]
"""Ids, names and addresses of the customers in the database."""


def resolve(
    parts: Parts,
    prefix: str,
    source: Source,
    mapping: Mapping,
    stored: Stored,
    customers: StoredCustomers,
) -> None:
    """Names become ids; what refers to nothing is left out.

    With it goes the row if it cannot do without; both are told.
    Rows are left out before what may refer to them is looked at: what a table must have comes
    first, tables in their order, and then what rows may have.
    """
    known = StoredIndex(customers)
    for needed in (True, False):
        indexes: dict[str, Index] = {}
        for table in KIND_BY_PLURAL:
            for column, target in _references_of(table, needed=needed):
                if target not in indexes:
                    indexes[target] = Index(parts.get(target, []), prefix)
                for part in parts.get(table, []):
                    resolving = _Resolving(part, column, target, indexes[target], source, mapping)
                    resolving.run(stored, known, needed=needed)


def _references_of(table: str, *, needed: bool) -> Iterator[tuple[str, str]]:
    kind = kind_of(table)
    for column, label in kind.refs.items():
        if (column in kind.required) == needed:
            yield column, kind_with_label(label).plural


class Index:
    """Rows of one table by their ids, and the ids by what rows are called."""

    def __init__(self, parts: list[Part], prefix: str) -> None:
        self.prefix = prefix
        self.rows: dict[str, Made] = {}
        self._by: dict[str, dict[str, set[str]]] = {
            "name": defaultdict(set), "email": defaultdict(set), "domain": defaultdict(set),
        }  # fmt: skip
        for part in parts:
            for made in part.made:
                id_ = made.cells.get("id", "")
                self.rows[id_] = made
                for column in ("name", "email"):
                    if text := made.cells.get(column):
                        self._by[column][normal(text)].add(id_)
                for domain in made.domains:
                    self._by["domain"][domain].add(id_)

    def hits(self, text: str, ways: tuple[str, ...], row: Made) -> set[str]:
        """Ids of rows that a text may mean, by the first way that hits any."""
        for way in ways:
            if way == "id":
                hits = {self.prefix + text} & self.rows.keys()
            else:
                hits = self._by[way].get(_word(text, way), set())
            if len(hits) > 1 and (customer := row.cells.get("customer_id")):
                colleagues = {id_ for id_ in hits if self.rows[id_].text("customer_id") == customer}
                hits = colleagues or hits
            if hits:
                return set(hits)
        return set()


class StoredIndex:
    """Customers in the database by what they are called; they are read when first asked for."""

    def __init__(self, customers: StoredCustomers) -> None:
        self._customers = customers

    def hits(self, target: str, text: str, ways: tuple[str, ...]) -> set[str]:
        """Ids of those that a text may mean, by the first way that hits any."""
        if target != CUSTOMER.plural:
            return set()
        for way in ways:
            if way in self._by and (hits := self._by[way].get(_word(text, way))):
                return set(hits)
        return set()

    @cached_property
    def _by(self) -> dict[str, dict[str, set[str]]]:
        by: dict[str, dict[str, set[str]]] = {"name": defaultdict(set), "domain": defaultdict(set)}
        for row in self._customers():
            for column in ("name", "name_en", "name_zh"):
                if row[column]:
                    by["name"][normal(row[column])].add(row["id"])
            for column in ("website", "url"):
                if row[column] and (domain := domain_of(row[column])):
                    by["domain"][domain].add(row["id"])
        return by


def _word(text: str, way: str) -> str:
    return domain_of(text) if way == "domain" else normal(text)


class _Resolving:
    """One column of one file."""

    def __init__(
        self, part: Part, column: str, target: str, index: Index, source: Source, mapping: Mapping
    ) -> None:
        self.part, self.column, self.target = part, column, target
        self.index, self.source, self.mapping = index, source, mapping
        self.several: list[Made] = []
        self.ambiguous: set[int] = set()
        self.by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
        """Lines by column and text, where a stored record was named otherwise than by its id."""

    def run(self, stored: Stored, known: StoredIndex, *, needed: bool) -> None:
        if self.column not in self.part.rows.columns:
            return
        named = {
            id_
            for made in self.part.made
            for reference in made.references.get(self.column, [])
            for id_ in self._ids(reference)
        }
        wanted = named - self.index.rows.keys()
        there = stored(self.target, wanted) if wanted else set()
        lost: list[Made] = []
        for made in self.part.made:
            if self._is_resolved(made, there, known):
                continue
            made.cells[self.column] = ""
            if made.references.get(self.column):
                lost.append(made)
        for (column, text), lines in sorted(self.by_name.items()):
            self._warn(lines, excerpt(text), "stored_by_name", column)
        if self.several:
            first = excerpt("; ".join(self._first(self.several[0]).texts))
            lines = [made.line for made in self.several]
            self._warn(lines, first, "several_named", self.part.title(self.column))
        if not lost:
            return
        if self.target in self.source.unread:
            self._leave_out_untold(lost, needed=needed)
        elif needed:
            self._leave_out(lost)
        else:
            self._leave_blank(lost)

    def _is_resolved(self, made: Made, there: set[str], known: StoredIndex) -> bool:
        """Fill the cell with the first that is in the export or stored, and nothing else like it.

        `there` are the ids that are stored.
        """
        for reference in made.references.get(self.column, []):
            ids = [
                hits
                for text in reference.texts
                if (hits := self.index.hits(text, reference.ways, made))
            ]
            if not ids:
                ids = [{id_} for id_ in self._ids(reference) if id_ in there]
            if not ids:
                ids = self._stored_hits(made, reference, known)
            single = list(dict.fromkeys(next(iter(hits)) for hits in ids if len(hits) == 1))
            if single:
                made.cells[self.column] = single[0]
                if len(single) > 1:
                    self.several.append(made)
                return True
            if ids:
                self.ambiguous.add(made.line)
        return False

    def _stored_hits(self, made: Made, reference: Reference, known: StoredIndex) -> list[set[str]]:
        ids = []
        for text in reference.texts:
            hits = known.hits(self.target, text, reference.ways)
            if len(hits) == 1:
                self.by_name[reference.column, text].append(made.line)
            if hits:
                ids.append(hits)
        return ids

    def _ids(self, reference: Reference) -> list[str]:
        by_id = "id" in reference.ways
        return [self.index.prefix + text for text in reference.texts] if by_id else []

    def _leave_out(self, lost: list[Made]) -> None:
        gone = {id(made) for made in lost}
        self.part.made = [made for made in self.part.made if id(made) not in gone]
        for why in ("left_out_ambiguous", "left_out_unknown"):
            rows = [
                made
                for made in lost
                if (made.line in self.ambiguous) == (why == "left_out_ambiguous")
            ]
            if rows:
                column = self._first(rows[0]).column
                self.mapping.leave_out(self.part, why, column, rows, other=self.target)
                self.mapping.left_out[-1].examples = list(
                    dict.fromkeys(excerpt(self._first(made).texts[0]) for made in rows)
                )[:3]
        self.part.gone += lost

    def _leave_out_untold(self, lost: list[Made], *, needed: bool) -> None:
        """They may refer to what could not be read, which is a problem of its own."""
        if needed:
            gone = {id(made) for made in lost}
            self.part.made = [made for made in self.part.made if id(made) not in gone]
            self.part.gone += lost

    def _leave_blank(self, lost: list[Made]) -> None:
        names: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        ids: dict[str, list[Made]] = defaultdict(list)
        for made in lost:
            reference = self._first(made)
            if "id" in reference.ways:
                ids[reference.column].append(made)
            else:
                code = "name_ambiguous" if made.line in self.ambiguous else "name_unknown"
                names[reference.texts[0], code, reference.column].append(made.line)
        for column, rows in sorted(ids.items()):
            first = excerpt(self._first(rows[0]).texts[0])
            self._warn([made.line for made in rows], first, "reference_unknown", column)
        for (text, code, column), lines in sorted(names.items()):
            self._warn(lines, excerpt(text), code, column)

    def _first(self, made: Made) -> Reference:
        return made.references[self.column][0]

    def _warn(self, lines: list[int], value: str, code: str, column: str) -> None:
        problem = coded_problem(
            self.part.export.name, lines[0], column, value, code,
            count=f"{len(lines):,}", other=self.target,
        )  # fmt: skip
        self.source.warnings.append(problem)
