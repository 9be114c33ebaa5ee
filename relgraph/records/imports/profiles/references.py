"""Finds what rows of an export refer to: by id, name, address of mail or domain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from relgraph.records.imports.profiles.cells import domain_of
from relgraph.records.imports.profiles.ids import Stored
from relgraph.records.imports.profiles.made import Made, Part, Reference
from relgraph.records.imports.profiles.report import Mapping
from relgraph.records.normal import normal
from relgraph.records.problems import coded_problem
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.raw import Source
from relgraph.schema.kinds import KIND_BY_PLURAL, kind_of, kind_with_label

Parts = dict[str, list[Part]]
"""What all files give to each table."""


def resolve(parts: Parts, prefix: str, source: Source, mapping: Mapping, stored: Stored) -> None:
    """Names become ids; what refers to nothing is left out.

    With it goes the row if it cannot do without; both are told.
    Rows are left out before what may refer to them is looked at: what a table must have comes
    first, tables in their order, and then what rows may have.
    """
    for needed in (True, False):
        indexes: dict[str, Index] = {}
        for table in KIND_BY_PLURAL:
            for column, target in _references_of(table, needed=needed):
                if target not in indexes:
                    indexes[target] = Index(parts.get(target, []), prefix)
                for part in parts.get(table, []):
                    _Resolving(part, column, target, indexes[target], source, mapping).run(
                        stored, needed=needed
                    )


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
                word = domain_of(text) if way == "domain" else normal(text)
                hits = self._by[way].get(word, set())
            if len(hits) > 1 and (customer := row.cells.get("customer_id")):
                colleagues = {id_ for id_ in hits if self.rows[id_].text("customer_id") == customer}
                hits = colleagues or hits
            if hits:
                return set(hits)
        return set()


class _Resolving:
    """One column of one file."""

    def __init__(
        self, part: Part, column: str, target: str, index: Index, source: Source, mapping: Mapping
    ) -> None:
        self.part, self.column, self.target = part, column, target
        self.index, self.source, self.mapping = index, source, mapping
        self.several: list[int] = []
        self.ambiguous: set[int] = set()

    def run(self, stored: Stored, *, needed: bool) -> None:
        if self.column not in self.part.rows.columns:
            return
        pending = [made for made in self.part.made if not self._is_resolved(made)]
        wanted = {id_ for made in pending for id_ in self._ids(made)}
        there = stored(self.target, wanted) if wanted else set()
        lost: list[Made] = []
        for made in pending:
            made.cells[self.column] = next((i for i in self._ids(made) if i in there), "")
            if not made.cells[self.column] and made.references.get(self.column):
                lost.append(made)
        if self.several:
            self._warn(self.several, "", "several_named", self.part.title(self.column))
        if not lost:
            return
        if needed:
            self._leave_out(lost)
        else:
            self._leave_blank(lost)

    def _is_resolved(self, made: Made) -> bool:
        """Fill the cell with the first that is in the export, and nothing else like it."""
        for reference in made.references.get(self.column, []):
            ids = [
                hits
                for text in reference.texts
                if (hits := self.index.hits(text, reference.ways, made))
            ]
            single = list(dict.fromkeys(next(iter(hits)) for hits in ids if len(hits) == 1))
            if single:
                made.cells[self.column] = single[0]
                if len(single) > 1:
                    self.several.append(made.line)
                return True
            if ids:
                self.ambiguous.add(made.line)
        return False

    def _ids(self, made: Made) -> list[str]:
        return [
            self.index.prefix + text
            for reference in made.references.get(self.column, [])
            if "id" in reference.ways
            for text in reference.texts
        ]

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

    def _leave_blank(self, lost: list[Made]) -> None:
        names: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        ids: dict[str, list[int]] = defaultdict(list)
        for made in lost:
            reference = self._first(made)
            if "id" in reference.ways:
                ids[reference.column].append(made.line)
            else:
                code = "name_ambiguous" if made.line in self.ambiguous else "name_unknown"
                names[reference.texts[0], code, reference.column].append(made.line)
        for column, lines in sorted(ids.items()):
            self._warn(lines, "", "reference_unknown", column)
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
