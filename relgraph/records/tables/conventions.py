"""What somebody says of files, because the files do not say it themselves."""

from __future__ import annotations

from dataclasses import dataclass

from relgraph.errors import ImportRefused
from relgraph.records.tables.encodings import known_encoding


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the files of an import are written. Raises ImportRefused for what nobody can read."""

    encoding: str | None = None
    """Of CSV files; None for UTF-8, UTF-16 with its mark or GB18030, whichever it is."""

    def __post_init__(self) -> None:
        if self.encoding is not None and not known_encoding(self.encoding):
            raise ImportRefused(
                f"There is no encoding {self.encoding}.",
                [],
                remedy="Name one such as utf-8, gb18030, big5, shift_jis, cp949, cp1251 or cp1252.",
            )

    @property
    def encodings(self) -> tuple[str, ...]:
        """The encoding as a list of those to try; empty where nobody has named one."""
        return (self.encoding,) if self.encoding else ()


UNSAID = Conventions()
