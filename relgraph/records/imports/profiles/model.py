"""What a profile says, and what is wrong with one."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from relgraph.errors import RelgraphError, because
from relgraph.records.tables.encodings import known_encoding
from relgraph.records.tables.numbers import DecimalSign
from relgraph.schema.kinds import KIND_BY_PLURAL
from relgraph.schema.vocabulary import Lang
from relgraph.words import Sentence, reason
from relgraph.words.faults import Fault, Unfit


class ProfileRefused(RelgraphError):
    """A profile cannot be used."""

    code = "profile_refused"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Case(_Part):
    """A value that other columns decide, such as an outcome by a tick for “won”."""

    when: dict[str, list[str]] = Field(min_length=1)
    """Columns that must all have one of these values; upper and lower case count alike."""
    value: str


class Cell(_Part):
    """How one of our columns is filled.

    By one of `from`, `join`, `slug`, `template`, `constant` and `numbered`; where that says
    nothing, `otherwise`.
    """

    from_: str | list[str] | None = Field(None, alias="from")
    """A column of the export; of several the first that is filled."""
    join: list[str] | None = None
    """Columns with a space between; Chinese family and given names in their own order."""
    slug: list[str] | None = None
    """Columns that make an id where the export has none."""
    template: str | None = None
    """Text with {Column} in it, such as an address."""
    constant: str | None = None
    numbered: bool | None = None
    """An id made of the file's name and the number of the row, for rows without one. A row keeps
    it only as long as it keeps its place."""
    cases: list[Case] = []
    """The first whose columns have its values decides before anything else does."""
    values: dict[str, str] | None = None
    """What each value becomes; upper and lower case count alike, "" leaves it out, and `*` stands
    for all others."""
    other: Literal["keep", "leave_out"] = "leave_out"
    """What becomes of a value that `values` does not have."""
    brackets: bool = False
    """Whether a value may have more behind it in brackets: “Closed won (Sales Pipeline)”."""
    date: bool = False
    """A day or instant in one of the profile's `dates`, or in ISO form."""
    number: bool = False
    """A number; it may have the sign or code of a currency."""
    split: str | None = None
    """The sign between several values. The first one counts; of several ids the first that is in
    the export or stored."""
    find: list[Literal["id", "name", "email", "domain"]] | None = None
    """For a column that refers to a row: by which of its columns it is named, in this order."""
    otherwise: Cell | None = None
    """How it is filled where this way says nothing, or names nothing that is known."""

    @field_validator("otherwise", mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"from": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_single_source(self) -> Cell:
        ways = (
            self.from_, self.join, self.slug, self.template, self.constant, self.numbered or None
        )  # fmt: skip
        if sum(way is not None for way in ways) != 1:
            raise Unfit("profile.several_ways")
        return self

    @property
    def sources(self) -> list[str]:
        """Columns of the export that its text is made of."""
        if self.template is not None:
            return [part.split("}")[0] for part in self.template.split("{")[1:]]
        if isinstance(self.from_, str):
            return [self.from_]
        return list(self.from_ or self.join or self.slug or [])

    @property
    def chain(self) -> list[Cell]:
        """The way itself and those that are tried after it."""
        return [self, *(self.otherwise.chain if self.otherwise else [])]

    @property
    def columns(self) -> list[str]:
        """Columns of the export that it reads, in whichever way."""
        named = [column for cell in self.chain for column in cell.sources]
        cases = [column for cell in self.chain for case in cell.cases for column in case.when]
        return list(dict.fromkeys(named + cases))


class Rows(_Part):
    """What each row of a file becomes in one of our tables."""

    table: str
    columns: dict[str, Cell]
    unless_blank: list[str] = []
    """Columns of the export that must be filled; else the row becomes nothing."""
    only: dict[str, list[str]] = {}
    """Columns that must have one of these values."""
    distinct: bool = False
    """Whether many rows may say the same one; the first counts."""
    domains: list[str] = []
    """Further columns with addresses of a company's pages or mail, by which others may name it."""
    optional: bool = False
    """Whether an export may lack the columns of `unless_blank` without a warning."""

    @field_validator("columns", mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: {"from": cell} if isinstance(cell, str) else cell for name, cell in value.items()
        }

    @model_validator(mode="after")
    def _known(self) -> Rows:
        table = KIND_BY_PLURAL.get(self.table)
        if table is None:
            raise Unfit("profile.no_table", table=self.table, tables=", ".join(KIND_BY_PLURAL))
        unknown = sorted(self.columns.keys() - set(table.columns))
        if unknown:
            raise Unfit("profile.no_column", table=self.table, column=unknown[0])
        missing = [name for name in table.required if name not in self.columns]
        if missing:
            raise Unfit("profile.column_needed", table=self.table, column=missing[0])
        return self

    @property
    def addresses(self) -> list[str]:
        """Columns of the export whose domains name what becomes of a row."""
        website = self.columns.get("website")
        return list(dict.fromkeys([*(website.columns if website else []), *self.domains]))

    @property
    def reads(self) -> list[str]:
        """Columns of the export that it reads."""
        named = [column for cell in self.columns.values() for column in cell.columns]
        return list(dict.fromkeys([*named, *self.unless_blank, *self.only, *self.domains]))

    def can_be_made(self, columns: set[str]) -> bool:
        """Whether these columns of an export are enough for what each row must have."""
        if not columns.issuperset(self.unless_blank):
            return False
        required = (self.columns[name] for name in KIND_BY_PLURAL[self.table].required)
        return all(
            any(not cell.sources or columns.intersection(cell.sources) for cell in way.chain)
            for way in required
        )


class File(_Part):
    """One file of the export."""

    names: list[str]
    """Patterns of its name, such as `Account*.csv`."""
    needs: list[str]
    """Columns by which it is known."""
    also: dict[str, list[str]] = {}
    """Other names of a column: in older exports, in reports, in other languages."""
    drop: dict[str, list[str]] = {}
    """Values of columns whose rows are left out, such as those that are marked as deleted."""
    rows: list[Rows]
    decimal: DecimalSign | None = None
    """The decimal sign of its numbers, if it is not that of the profile."""
    leave: list[str] = []
    """Columns that mean nothing to relgraph and are not reported as left over."""

    @property
    def reads(self) -> list[str]:
        """Columns of the export that it knows, in the order in which it names them."""
        named = [column for rows in self.rows for column in rows.reads]
        return list(dict.fromkeys([*self.needs, *named, *self.drop, *self.also, *self.leave]))


class Profile(_Part):
    """How an export of another system is read."""

    title: str
    about: str | dict[Lang, str] = ""
    """What it reads: as a table of languages, or a text for all of them."""
    system: str | None = None
    """Its name in `external_ids`; None if nothing shall be noted there."""
    prefix: str = ""
    """What ids of the export begin with here, so that two systems' ids are not the same."""
    ids: Literal["salesforce"] | None = None
    """The form of its ids, if the same one may be written in several ways."""
    blanks: list[str] = []
    """Words that stand for nothing, such as NULL."""
    dates: list[str] = []
    """Formats of its days, such as `%d/%m/%Y`."""
    decimal: DecimalSign | None = None
    """The decimal sign of its numbers; without it those that are not clear are refused."""
    encodings: list[str] = []
    """In which it is read, the first that fits; else UTF-8, UTF-16 with its mark or GB18030."""
    files: list[File] = Field(alias="file", min_length=1)

    def about_in(self, lang: Lang) -> str:
        """What it reads, in the reader's language; blank if the profile does not say it."""
        return self.about if isinstance(self.about, str) else self.about.get(lang, "")

    @field_validator("encodings")
    @classmethod
    def _readable(cls, value: list[str]) -> list[str]:
        if unknown := [name for name in value if not known_encoding(name)]:
            raise Unfit("profile.no_encoding", encoding=unknown[0])
        return value

    @field_validator("dates")
    @classmethod
    def _formats(cls, value: list[str]) -> list[str]:
        for form in value:
            day = datetime(2026, 11, 24)  # any day
            try:
                read = datetime.strptime(day.strftime(form), form)
            except ValueError as error:
                raise Unfit("profile.no_day", form=form) from error
            if read.date() != day.date():
                raise Unfit("profile.day_in_part", form=form)
        return value


def parse_profile(text: str, name: str) -> Profile:
    """Read a profile. Raises ProfileRefused that names each place and what is wrong there."""
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProfileRefused(because("profile_not_toml", name=name, reason=error)) from None
    except ValidationError as error:
        faults = tuple(
            Sentence(
                "named.fault", {"name": name, "place": _place(fault["loc"]), "wrong": Fault(fault)}
            )
            for fault in error.errors(include_url=False)
        )
        raise ProfileRefused(because("profile_wrong", faults=faults)) from None


def load_profile(path: Path) -> Profile:
    """Read a profile's file. Raises ProfileRefused."""
    try:
        return parse_profile(path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error) if isinstance(error, OSError) else Sentence("named.not_utf8")
        raise ProfileRefused(because("profile_unreadable", file=path, reason=why)) from None


def _place(loc: tuple[int | str, ...]) -> str | Sentence:
    return ".".join(str(part) for part in loc) or Sentence("named.all_of_file")
