"""The checked rows of a table with more of them than memory should hold.

Their values stand in a temporary file (see `spool`). Held are the key of each row, and what a
node's row names in its columns, which is asked for again and again while other rows are checked.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, ValuesView
from itertools import islice
from operator import attrgetter
from typing import Any, cast

from relgraph.records.rows import Key, NamingTable, Row, Table
from relgraph.records.spool import Spool

ROWS_A_SLICE = 10_000
"""Rows of a long table that are compared with what is stored at once."""
_SEPARATOR = "\x1f"
"""Joins the parts of a key; no cell may hold it."""
_ABSENT = ""
"""What a row names in a column that it lacks."""
_FIELDS = attrgetter(
    "line", "values", "version", "file", "seen", "scope", "is_derived", "is_touched"
)


def _pack(pair: tuple[Key, Row]) -> Any:
    return pair[0], _FIELDS(pair[1])


def _unpack(packed: Any) -> tuple[Key, Row]:
    return packed[0], Row(*packed[1])


class LongTable(NamingTable):
    """Rows by key, as a dict has them, of which `columns` can be asked fast.

    A row that is read is a copy: whoever changes it puts it in again.
    """

    def __init__(self, columns: Iterable[str] = ()) -> None:
        self._places: dict[str, int] = {}
        self._rows: Spool[tuple[Key, Row]] = Spool(pack=_pack, unpack=_unpack)
        self._named: dict[str, list[str | None]] = {column: [] for column in columns}
        self._texts: dict[str, str] = {}

    def __setitem__(self, key: Key, row: Row) -> None:
        self._places[_SEPARATOR.join(key)] = len(self._rows)
        self._rows.append((key, row))
        for column, texts in self._named.items():
            text = row.values.get(column, _ABSENT)
            texts.append(self._texts.setdefault(text, text) if text else text)

    def __getitem__(self, key: Key) -> Row:
        return self._rows[self._places[_SEPARATOR.join(key)]][1]

    def get(self, key: Key, default: Any = None) -> Any:
        """The row; asked of each row that is put in, so without an error for most of them."""
        place = self._places.get(_SEPARATOR.join(key))
        return default if place is None else self._rows[place][1]

    def __delitem__(self, key: Key) -> None:
        del self._places[_SEPARATOR.join(key)]

    def __contains__(self, key: object) -> bool:
        return _SEPARATOR.join(cast("Key", key)) in self._places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Key]:
        return (tuple(place.split(_SEPARATOR)) for place in self._places)

    def items(self) -> ItemsView[Key, Row]:
        return _Items(self)

    def values(self) -> ValuesView[Row]:
        return _Values(self)

    def pairs(self) -> Iterator[tuple[Key, Row]]:
        """Keys and rows in the order in which they were put in."""
        if len(self._places) == len(self._rows):
            yield from self._rows
            return
        places = self._places
        for number, (key, row) in enumerate(self._rows):
            if places.get(_SEPARATOR.join(key)) == number:
                yield key, row

    def named(self, key: Key, column: str) -> str | None:
        place = self._places[_SEPARATOR.join(key)]
        return self._named[column][place] or None if column in self._named else None

    def column(self, column: str) -> Iterator[tuple[str, str | None]]:
        texts = self._named[column]
        for id_, place in self._places.items():
            if (text := texts[place]) is not _ABSENT:
                yield id_, text


class RowsInOrder(LongTable):
    """Rows that are only read in their order, each with a key of its own: no key is held."""

    def __setitem__(self, key: Key, row: Row) -> None:
        self._rows.append((key, row))

    def __len__(self) -> int:
        return len(self._rows)

    def pairs(self) -> Iterator[tuple[Key, Row]]:
        yield from self._rows


class _Items(ItemsView[Key, Row]):
    _mapping: LongTable

    def __iter__(self) -> Iterator[tuple[Key, Row]]:
        return self._mapping.pairs()


class _Values(ValuesView[Row]):
    _mapping: LongTable

    def __iter__(self) -> Iterator[Row]:
        return (row for _, row in self._mapping.pairs())


def slices(rows: Table) -> Iterator[Table]:
    """The rows, so many at a time if their table is long; nothing if there are none."""
    if not isinstance(rows, LongTable):
        if rows:
            yield rows
        return
    pairs = rows.pairs()
    while part := dict(islice(pairs, ROWS_A_SLICE)):
        yield part
