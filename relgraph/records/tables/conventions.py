"""What somebody says of files, because the files do not say it themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from relgraph.errors import ImportRefused, because
from relgraph.records.tables.encodings import known_encoding
from relgraph.records.tables.numbers import DecimalSign


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the files of an import are written."""

    encoding: str | None = None
    """Of CSV files; None for UTF-8, UTF-16 with its mark or GB18030, whichever it is."""

    decimal: DecimalSign | None = None
    """Of numbers; None if nobody has said it, so that what is not clear is refused."""

    @classmethod
    def named(cls, encoding: str | None, decimal: str | None) -> Conventions:
        """What somebody has typed. Raises ImportRefused for what nobody can read."""
        if encoding is not None and not known_encoding(encoding):
            raise ImportRefused(because("no_encoding", encoding=encoding))
        if decimal not in (None, ".", ","):
            raise ImportRefused(because("no_decimal", decimal=decimal))
        return cls(encoding, cast("DecimalSign | None", decimal))

    @property
    def encodings(self) -> tuple[str, ...]:
        """The encoding as a list of those to try; empty where nobody has named one."""
        return (self.encoding,) if self.encoding else ()


UNSAID = Conventions()
