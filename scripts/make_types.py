"""Writes the browser modules' types from the map document's declarations in Python.

    python scripts/make_types.py

A test compares the file with what this would write.
"""

from __future__ import annotations

import dataclasses
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

sys.path.insert(0, str(Path(__file__).parent.parent))
from relgraph.viz.build import viewer_words
from relgraph.viz.document import MapDocument

TARGET = Path(__file__).parent.parent / "relgraph" / "viz" / "assets" / "document.d.ts"
HEAD = "// The map document. Made by scripts/make_types.py out of relgraph/viz/document.py.\n"
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


def typescript(hint: Any) -> str:
    """A Python type as TypeScript writes it. Raises TypeError for a type without a counterpart."""
    if hint in PLAIN:
        return PLAIN[hint]
    if is_declared(hint):
        return str(hint.__name__)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in arguments)
    if origin in {Union, types.UnionType}:
        return " | ".join(dict.fromkeys(typescript(part) for part in arguments))
    if origin is list:
        inner = typescript(arguments[0])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if origin is tuple:
        return f"[{', '.join(map(typescript, arguments))}]"
    if origin is dict and arguments[0] is str:
        return f"Record<string, {typescript(arguments[1])}>"
    raise TypeError(f"make_types: no TypeScript for {hint!r}; add it to typescript()")


def is_declared(hint: Any) -> bool:
    """Whether a type becomes an interface of its own."""
    return isinstance(hint, type) and (dataclasses.is_dataclass(hint) or is_typeddict(hint))


def parts_of(hint: Any) -> Iterator[type]:
    """The declared types inside a hint."""
    if is_declared(hint):
        yield hint
    for argument in get_args(hint):
        yield from parts_of(argument)


def declared_types(root: type) -> list[type]:
    """A type and all that it is made of, each once, what is used before what uses it."""
    ordered: dict[type, None] = {}

    def visit(kind: type) -> None:
        for hint in get_type_hints(kind).values():
            for part in parts_of(hint):
                if part not in ordered:
                    visit(part)
        ordered[kind] = None

    visit(root)
    return list(ordered)


def interface(kind: type) -> str:
    """The declaration of one type, under the first line of its docstring."""
    members = {name: typescript(hint) for name, hint in get_type_hints(kind).items()}
    if kind is MapDocument:
        members["words"] = "Words"
    text = kind.__doc__ or ""
    generated = text.startswith((f"{kind.__name__}(", "dict("))
    return declaration(kind.__name__, members, "" if generated else text.strip())


def declaration(name: str, members: dict[str, str], text: str) -> str:
    """An interface under its comment."""
    lines = [f"/** {text.splitlines()[0]} */"] if text else []
    lines.append(f"export interface {name} {{")
    lines += [f"  {member}: {hint};" for member, hint in members.items()]
    return "\n".join([*lines, "}", ""])


def declarations() -> str:
    """The text of the file: the words by name, so that a misspelt one is found, then the types."""
    words = dict.fromkeys(viewer_words("en"), "string")
    parts = [declaration("Words", words, "Texts of the map's own controls and panel.")]
    parts += [interface(kind) for kind in declared_types(MapDocument)]
    return HEAD + "".join("\n" + part for part in parts)


if __name__ == "__main__":
    TARGET.write_text(declarations(), "utf-8")
