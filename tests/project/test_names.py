"""Names of the code are the plain English of the field, in Python and in the browser's modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("relgraph", "tests", "benchmarks", "scripts")
FORBIDDEN = frozenset(
    ("one", "found", "said", "shown", "told", "whole", "doom", "enter", "take", "wires", "swift")
)
"""Words that do not tell a reader what it is that they name."""
JSON_FIELDS = frozenset(("shown",))
"""Fields of documents that other programs read: allowed as a field and where it is given."""

NOT_CODE = re.compile(
    r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""", re.S
)
BARE = re.compile(rf"(?:(?<=\.\.\.)|(?<![\w$.#]))(?:{'|'.join(sorted(FORBIDDEN))})(?![\w$]|\s*:)")
"""A name by itself: neither what is behind a dot nor the key of an object."""


def python_names(source: str) -> Iterator[tuple[int, str]]:
    """The names that Python code gives to something or passes as keywords, with their lines."""
    tree = ast.parse(source)
    fields = {
        id(statement.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.AnnAssign)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                if id(node) not in fields or name not in JSON_FIELDS:
                    yield node.lineno, name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                if name not in JSON_FIELDS:
                    yield node.lineno, name
            case ast.keyword(arg=str(name)):
                if name not in JSON_FIELDS:
                    yield node.lineno, name
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
                | ast.arg(arg=name)
                | ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                yield node.lineno, name
            case ast.alias():
                yield node.lineno, (node.asname or node.name).rpartition(".")[2]
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from ((node.lineno, name) for name in names)


def wrong_python(source: str) -> list[tuple[int, str]]:
    return sorted({(line, name) for line, name in python_names(source) if name in FORBIDDEN})


def wrong_javascript(source: str) -> list[tuple[int, str]]:
    code = NOT_CODE.sub(lambda text: "''" + "\n" * text[0].count("\n"), source)
    return sorted(
        {
            (number, match[0])
            for number, line in enumerate(code.splitlines(), 1)
            for match in BARE.finditer(line)
        }
    )


def test_python_names_are_plain() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {name}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, name in wrong_python(path.read_text("utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


def test_javascript_names_are_plain() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {name}"
        for path in sorted((ROOT / "relgraph").rglob("*.js"))
        for line, name in wrong_javascript(path.read_text("utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "source",
    [
        "one = 1",
        "one: int = 1",
        "one += 1",
        "for one in []: pass",
        "[1 for one in []]",
        "(one := 1)",
        "with f() as one: pass",
        "def one(): pass",
        "async def one(): pass",
        "class one: pass",
        "class A:\n    one: int",
        "def f(one): pass",
        "def f(*, one=1): pass",
        "def f(*one): pass",
        "lambda one: 1",
        "f(one=1)",
        "self.one = 1",
        "try: pass\nexcept OSError as one: pass",
        "match 1:\n    case one: pass",
        "match []:\n    case [*one]: pass",
        "match {}:\n    case {**one}: pass",
        "from a import one",
        "import a as one",
        "def f():\n    global one",
    ],
)
def test_a_name_is_seen_in_python(source: str) -> None:
    assert [name for _, name in wrong_python(source)] == ["one"]


@pytest.mark.parametrize(
    "source",
    ["'one'", "x = a.one", "x['one']", "# one", "one_sided = 1", "class A:\n    shown: str",
     "f(shown=1)", "line.shown"],
)  # fmt: skip
def test_other_text_is_not_taken_for_a_name_in_python(source: str) -> None:
    assert wrong_python(source) == []


@pytest.mark.parametrize(
    "source",
    ["const one = 1;", "let {a: one} = b;", "const {one} = b;", "for (const one of b) {}",
     "function one() {}", "f((one) => 1);", "f(one => 1);", "f((...one) => 1);",
     "function f(a, one = '/*') {}", "try {} catch (one) {}"],
)  # fmt: skip
def test_a_name_is_seen_in_javascript(source: str) -> None:
    assert [name for _, name in wrong_javascript(source)] == ["one"]


@pytest.mark.parametrize(
    "source",
    ["// one", "/*\n one */", "f('one', \"one\", `one`);", "a.one;", "a?.one;", "f({one: 1});",
     "const oneSided = 1;"],
)  # fmt: skip
def test_other_text_is_not_taken_for_a_name_in_javascript(source: str) -> None:
    assert wrong_javascript(source) == []
