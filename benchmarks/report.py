"""Collects results and writes docs/benchmarks.md with machine, date and versions."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

TARGET = Path(__file__).parent.parent / "docs" / "benchmarks.md"
PACKAGES = ("neo4j", "arcadedb-embedded", "fastapi", "networkx", "numpy")


@dataclass(slots=True)
class Section:
    """One benchmark: what was measured and how, and a table."""

    title: str
    how: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def markdown(self) -> str:
        lines = [f"## {self.title}", "", f"{self.how} Measured {_today()}.", ""]
        lines.append("| " + " | ".join(self.header) + " |")
        lines.append("|" + "---|" * len(self.header))
        lines.extend("| " + " | ".join(row) + " |" for row in self.rows)
        return "\n".join(lines) + "\n"


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")


def write(
    sections: list[Section], skipped: list[str], extra: dict[str, str], *, keep: bool = False
) -> Path:
    """Write the page; `skipped` says in a line each what could not be measured here.

    With `keep` what was not measured now stays as it was measured before.
    """
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    facts = {
        "date": _today(),
        "machine": f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB, "
        f"{platform.system()} {platform.machine()}, shared with other work",
        "Python": platform.python_version(),
        "packages": packages,
        **extra,
    }
    head = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Times are medians with the range in brackets; ratios are of",
        "things measured in turn in one run. Absolute times depend on the machine, ratios little.",
        "",
        *(f"* {name}: {value}" for name, value in facts.items()),
        "",
    ]
    if skipped:
        head += ["Not measured:", "", *(f"* {line}" for line in skipped), ""]
    texts = _former() if keep else {}
    texts |= {section.title: section.markdown() for section in sections}
    TARGET.write_text("\n".join(head) + "\n" + "\n".join(texts.values()), "utf-8")
    return TARGET


def _former() -> dict[str, str]:
    """The sections of the page as it is, by title."""
    _, *parts = TARGET.read_text("utf-8").split("\n## ")
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}
