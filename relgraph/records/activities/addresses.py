"""Whose an e-mail address is: members and stakeholders by their records, and a file of aliases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import RelgraphError, because
from relgraph.records.access import Access
from relgraph.records.activities.spelling import addresses_in, plain
from relgraph.records.problems import Placed, Problem, Unreadable, coded_problem
from relgraph.records.tables.cells import excerpt
from relgraph.records.tables.delimited import read_text, rows_of

A_PAGE = 5_000
ALIAS_COLUMNS = ("address", "member_id", "stakeholder_id")

Side = Literal["member", "stakeholder"]
Owner = tuple[Side, str]


class AliasesRefused(RelgraphError):
    """The file of aliases cannot be used; `problems` lists everything that is wrong."""

    code = "aliases_refused"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            because("aliases", problems=tuple(Placed(problem) for problem in problems[:5]))
        )
        self.problems = problems


@dataclass(slots=True)
class AddressBook:
    """Owners by address, in lower case; who could not be found is counted by domain."""

    owners: dict[str, Owner] = field(default_factory=dict)
    shared: dict[str, set[Owner]] = field(default_factory=dict)
    """Addresses that several people have; they belong to nobody until an alias says to whom."""
    ignored: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def owner(self, address: str) -> Owner | None:
        """Whose an address is; None for an unknown one, which is then counted."""
        owner = self.owners.get(address)
        if owner is None and address not in self.ignored:
            self.unknown.add(address)
        return owner

    def unmatched(self) -> dict[str, int]:
        """How many addresses of each domain belong to nobody, the most first."""
        counts = Counter(address.rpartition("@")[2] for address in self.unknown)
        return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


def read_book(access: Access, aliases: Path | None = None) -> AddressBook:
    """All addresses on record; the aliases win over them. Raises AliasesRefused."""
    owners: dict[str, set[Owner]] = {}
    sides: tuple[Side, ...] = ("member", "stakeholder")
    for side in sides:
        after = ""
        while True:
            page = access.read(
                lambda tx, after=after, side=side: queries.rows(  # type: ignore[misc]
                    tx, f"addresses_of_{side}s", after=after, limit=A_PAGE
                ),
                timeout_s=600,
            )
            for row in page:
                for address in addresses_in(row["email"]):
                    owners.setdefault(address, set()).add((side, row["id"]))
            if len(page) < A_PAGE:
                break
            after = page[-1]["id"]
    book = AddressBook()
    for address, some in owners.items():
        if len(some) == 1:
            book.owners[address] = next(iter(some))
        else:
            book.shared[address] = some
    if aliases is not None:
        _add_aliases(book, access, aliases)
    return book


def _add_aliases(book: AddressBook, access: Access, path: Path) -> None:
    aliases = _read_aliases(path)
    wanted: dict[Side, set[str]] = {"member": set(), "stakeholder": set()}
    for _, owner in aliases.values():
        if owner is not None:
            wanted[owner[0]].add(owner[1])
    known = access.read(lambda tx: _known(tx, wanted["member"], wanted["stakeholder"]))
    problems = [
        coded_problem(path.name, line, f"{owner[0]}_id", owner[1], "alias_owner", kind=owner[0])
        for line, owner in aliases.values()
        if owner is not None and owner not in known
    ]
    if problems:
        raise AliasesRefused(problems)
    for address, (_, owner) in aliases.items():
        book.shared.pop(address, None)
        book.owners.pop(address, None)
        if owner is None:
            book.ignored.add(address)
        else:
            book.owners[address] = owner


def _known(tx: Transaction, members: Iterable[str], stakeholders: Iterable[str]) -> set[Owner]:
    rows = queries.rows(
        tx, "known_people", members=sorted(members), stakeholders=sorted(stakeholders)
    )
    return {(row["kind"], row["id"]) for row in rows}


def _read_aliases(path: Path) -> dict[str, tuple[int, Owner | None]]:
    """Line and owner of each address; without an owner it is to be ignored."""
    problem = partial(coded_problem, path.name)

    try:
        text, _ = read_text(path)
        rows = [(line, cells) for line, cells in rows_of(text, path.name) if any(cells)]
    except Unreadable as error:
        raise AliasesRefused([error.problem]) from None
    line, header = rows[0] if rows else (1, [])
    if tuple(cell.strip().lower() for cell in header) != ALIAS_COLUMNS:
        columns, written = ",".join(ALIAS_COLUMNS), excerpt(",".join(header))
        raise AliasesRefused([problem(line, "", written, "aliases_header", columns=columns)])
    aliases: dict[str, tuple[int, Owner | None]] = {}
    problems: list[Problem] = []
    for line, cells in rows[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        padded = [cell.strip() for cell in cells] + ["", "", ""]
        address, member, stakeholder = plain(padded[0]), padded[1], padded[2]
        if not address:
            problems.append(problem(line, "address", padded[0][:80], "alias_address"))
        elif member and stakeholder:
            problems.append(problem(line, "", address, "alias_of_both"))
        elif address in aliases:
            before = str(aliases[address][0])
            problems.append(problem(line, "address", address, "alias_twice", before=before))
        elif member:
            aliases[address] = line, ("member", member)
        else:
            aliases[address] = line, ("stakeholder", stakeholder) if stakeholder else None
    if problems:
        raise AliasesRefused(problems)
    return aliases
