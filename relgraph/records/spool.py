"""Lists too long for memory: beyond so many items they stand in a temporary file.

The file has no name, so that nothing of it is left wherever a process ends. It lies where the
system keeps temporary files; TMPDIR names another place.
"""

from __future__ import annotations

import pickle
import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import IO, Any, Generic, TypeVar, cast

from relgraph.errors import RelgraphError, because
from relgraph.words import reason

ROWS_HELD = 50_000
"""Rows that are held in memory; of more of them only what is read or written just now."""
ROWS_A_CHUNK = 500
"""Rows that are read back at once."""
_CHUNKS_HELD = 4

T = TypeVar("T")


class NoTemporarySpace(RelgraphError):
    """What does not fit into memory cannot be put aside."""

    code = "no_temporary_space"


def _same(item: Any) -> Any:
    return item


class Spool(Generic[T]):
    """A list that is only added to, and read in its order or item by item.

    `pack` and `unpack` turn an item into what is pickled fast, and back; items of a spool that is
    `held` are the very ones that were added. Nothing that is read from a file may be changed.
    """

    def __init__(
        self,
        items: Iterable[T] = (),
        *,
        held: int | None = None,
        chunk: int | None = None,
        pack: Callable[[T], Any] = _same,
        unpack: Callable[[Any], T] = _same,
    ) -> None:
        self._held = ROWS_HELD if held is None else held
        self._chunk = ROWS_A_CHUNK if chunk is None else chunk
        self._pack, self._unpack = pack, unpack
        self._tail: list[T] = []
        """Those that are in no file, the last ones or all."""
        self._limit = self._held + 1
        """Items of the tail with which a part of it goes to the file."""
        self._written = 0
        self._file: IO[bytes] | None = None
        self._ends = array("Q", [0])
        self._near: dict[int, list[T]] = {}
        """The chunks that were read last."""
        self.extend(items)

    def __len__(self) -> int:
        return self._written + len(self._tail)

    @property
    def is_held(self) -> bool:
        """Whether all items are in memory."""
        return not self._written

    def append(self, item: T) -> None:
        """Add an item at the end. Raises NoTemporarySpace."""
        tail = self._tail
        tail.append(item)
        if len(tail) >= self._limit:
            self._write()

    def extend(self, items: Iterable[T]) -> None:
        """Add items at the end. Raises NoTemporarySpace."""
        for item in items:
            self.append(item)

    def __iter__(self) -> Iterator[T]:
        place, end = 0, len(self)  # what is added meanwhile is not among them
        while place < end:
            in_file = place < self._written
            part = self._read(place // self._chunk) if in_file else list(self._tail)
            yield from part[: end - place]
            place += len(part)

    def __getitem__(self, number: int) -> T:
        if number >= self._written:
            return self._tail[number - self._written]
        place, within = divmod(number, self._chunk)
        chunk = self._near.get(place)
        if chunk is None:
            chunk = self._near[place] = self._read(place)
            if len(self._near) > _CHUNKS_HELD:
                del self._near[next(iter(self._near))]
        return chunk[within]

    def since(self, start: int) -> list[T]:
        """The items from this one on."""
        if start >= self._written:
            return self._tail[start - self._written :]
        first, within = divmod(start, self._chunk)
        chunks = [self._read(number) for number in range(first, len(self._ends) - 1)]
        return [*(item for chunk in chunks for item in chunk), *self._tail][within:]

    def clear(self) -> None:
        """Forget all items."""
        self._tail, self._written, self._limit = [], 0, self._held + 1
        self._ends, self._near = array("Q", [0]), {}
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self) -> None:
        """Put full chunks into the file."""
        size = self._chunk
        full = len(self._tail) - len(self._tail) % size
        try:
            if self._file is None:
                file = tempfile.TemporaryFile(prefix="relgraph-")  # noqa: SIM115
                self._file = cast("IO[bytes]", file)
                weakref.finalize(self, file.close)
            self._file.seek(self._ends[-1])
            for start in range(0, full, size):
                packed = [self._pack(item) for item in self._tail[start : start + size]]
                data = pickle.dumps(packed, pickle.HIGHEST_PROTOCOL)
                self._file.write(data)
                self._ends.append(self._ends[-1] + len(data))
            self._file.flush()
        except OSError as error:
            if self._file is not None:
                with suppress(OSError):  # it cannot write what is left either
                    self._file.close()
            raise NoTemporarySpace(
                because("temporary_space", folder=tempfile.gettempdir(), reason=reason(error))
            ) from None
        self._written += full
        del self._tail[:full]
        self._limit = size

    def _read(self, number: int) -> list[T]:
        file = cast("IO[bytes]", self._file)
        start, end = self._ends[number], self._ends[number + 1]
        file.seek(start)
        # Nobody else can have written to it.
        packed = pickle.loads(file.read(end - start))  # noqa: S301
        return packed if self._unpack is _same else [self._unpack(item) for item in packed]
