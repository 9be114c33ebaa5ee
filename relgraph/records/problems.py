"""What is wrong with records: the place, the value, what is wrong and what would be right."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file, or worth a warning.

    `line` counts from 1, the header's line; 0 stands for the file as a whole. `column` is the
    header's word, "" where no single column is meant.
    """

    file: str
    line: int
    column: str
    value: str
    wrong: str
    right: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line or "", self.column) if part)
        value = f" “{self.value}”:" if self.value else ""
        return f"{place}:{value} {self.wrong}; {self.right}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON members."""
        return asdict(self)


class CellError(ValueError):
    """A cell that cannot be taken as what its column holds."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.right = right
