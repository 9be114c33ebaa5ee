"""The types of the browser's modules are those of the declarations in Python."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from scripts.make_types import TARGET, declarations, interface, typescript


def test_the_file_is_current() -> None:
    assert TARGET.read_text("utf-8") == declarations(), "run: python scripts/make_types.py"


def test_every_module_is_checked() -> None:
    package = TARGET.parents[2]
    modules = sorted(package.rglob("*.js"))
    assert len(modules) > 15
    unchecked = [m.name for m in modules if not m.read_text("utf-8").startswith("// @ts-check\n")]
    assert unchecked == []


@dataclass
class Sample:
    """A sample. More of it."""

    name: str | None
    places: list[tuple[float, int] | None]


def test_a_declaration_becomes_an_interface() -> None:
    assert interface(Sample) == (
        "/** A sample. More of it. */\nexport interface Sample {\n"
        "  name: string | null;\n  places: ([number, number] | null)[];\n}\n"
    )


def test_a_type_without_a_counterpart_is_refused() -> None:
    with pytest.raises(TypeError, match="no TypeScript for"):
        typescript(set[str])
