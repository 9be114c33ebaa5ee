"""Puts ES modules into one script, each in a function of its own.

A file opened from a disk cannot import others, and no policy by hashes lets `data:` modules run
in every browser. So a module becomes a function that is called with what it imports and returns
what it exports: names inside it stay its own. It is made out of the statements that stand there,

    import { a, b as c } from "./other.js";
    export function f() {}      export class C {}      export const x = 1;

and everything else that imports or exports is refused. Comments and indentation are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_IMPORT = re.compile(r'^import \{([\w\s,$]+)\} from "\./([\w-]+\.js)";\n', re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?function\*? (\w+)|class (\w+)|const (\w+) =)", re.M)
_REFUSED = (
    (re.compile(r"^(import|export)\b"), "this form of import or export"),
    (re.compile(r"\bimport\s*[(.]"), "import() and import.meta"),
    (re.compile(r"^\S.*\bawait\b|^await\b"), "await outside a function"),
    (re.compile(r"[\s;{}()\[,]//|/\*"), "a comment behind code"),
    (re.compile(r"^(?:[^`]*`[^`]*`)*[^`]*`[^`]*$"), "a template over several lines"),
)
"""What a line of code must not be, comments apart."""
_BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n", re.M | re.S)
_LINE_COMMENT = re.compile(r"^[ \t]*//[^\n]*\n", re.M)
_CAST = re.compile(r"/\*\* @type \{[^\n*]*\} \*/ ?")
_INDENT = re.compile(r"^[ \t]+|[ \t]+$", re.M)
_IDLE_BREAK = re.compile(r"(?<=[;{,(\[])\n+|\n+(?=[}\])])|(?<=\n)\n+")
"""Line breaks that end no statement."""


class NotBundled(ValueError):
    """A module has syntax that the bundle does not handle; the text says which and where."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module's own code, what it imports (module → names as written), what it exports."""

    name: str
    code: str
    imports: tuple[tuple[str, str], ...]
    exports: tuple[str, ...]

    def as_function(self) -> str:
        """The module as a constant: a function, called with the modules that it imports."""
        gaps = ",".join(f"{{{names}}}" for _, names in self.imports)
        values = ",".join(_constant(module) for module, _ in self.imports)
        exports = ",".join(self.exports)
        return (
            f"const {_constant(self.name)}=(({gaps})=>{{\n{self.code}\n"
            f"return {{{exports}}};\n}})({values});\n"
        )


def bundle(entry: str, read: Callable[[str], str]) -> str:
    """One script that does what the module `entry` does. `read` gives the text of a module.

    Raises NotBundled for what cannot be put into a function, and for modules in a circle.
    """
    ordered: dict[str, Module] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circle = " → ".join((*path[path.index(name) :], name))
            raise NotBundled(
                f"{circle}: modules import each other; move what they share to a third"
            )
        if name in ordered:
            return
        module = parse(name, read(name))
        for imported, _ in module.imports:
            visit(imported, (*path, name))
        for imported, names in module.imports:
            _check_names(name, names, ordered[imported])
        ordered[name] = module

    visit(entry, ())
    return "".join(module.as_function() for module in ordered.values())


def parse(name: str, text: str) -> Module:
    """A module without its import and export statements. Raises NotBundled."""
    code = _CAST.sub("", _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub("", text)))
    imports = tuple((module, _as_pattern(names)) for names, module in _IMPORT.findall(code))
    exports = tuple(next(filter(None, names)) for names in _EXPORT.findall(code))
    code = _EXPORT.sub("", _IMPORT.sub("", code))
    for line in code.splitlines():
        for pattern, what in _REFUSED:
            if pattern.search(line):
                raise NotBundled(f"{name}: the offline file cannot hold {what}: {line.strip()}")
    return Module(name, _IDLE_BREAK.sub("", _INDENT.sub("", code)).strip(), imports, exports)


def _as_pattern(names: str) -> str:
    """Imported names as an object pattern: `a, b as c` becomes `a,b:c`."""
    parts = [part.split() for part in names.split(",") if part.strip()]
    return ",".join(":".join((part[0], *part[2:])) for part in parts)


def _check_names(name: str, names: str, imported: Module) -> None:
    missing = {part.split(":")[0] for part in names.split(",")} - set(imported.exports)
    if missing:
        raise NotBundled(f"{name}: {imported.name} does not export {', '.join(sorted(missing))}")


def _constant(module: str) -> str:
    return "$" + module.removesuffix(".js").replace("-", "_")
