"""Help and refusals of the commands: nothing is forgotten in either language, nothing is double."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from relgraph.cli.help import help_of, key_of
from relgraph.cli.layout import definitions, seen_width, wrapped
from relgraph.cli.output import phase_name
from relgraph.cli.tree import COMMANDS, root
from relgraph.cli.wrong_use import WrongUse, exceptions, explained
from relgraph.records.progress import PHASES
from relgraph.schema.kinds import KINDS
from relgraph.schema.vocabulary import LANGS
from relgraph.words import catalogue
from tests.cli.test_commands import relgraph

PACKAGE = Path(__file__).parents[2] / "relgraph"
HAN = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [a-z]{2,}){2,}")
"""Three words one after the other, the last two of them in small letters: a sentence."""


def contexts(command: Any = None, parent: Any = None, name: str = "relgraph") -> Iterator[Any]:
    """A context of each command and group."""
    command = command or root()
    context = typer.Context(command, info_name=name, parent=parent)
    yield context
    for below in getattr(command, "list_commands", lambda _: [])(context):
        yield from contexts(command.get_command(context, below), context, below)


PATHS = {context.command_path: context for context in contexts()}


def sentences(text: str) -> Iterator[str]:
    """Lines of help without what is typed: commands, names of options, what stands for values."""
    for line in text.split("示例：")[0].splitlines():
        yield re.sub(r"`[^`]*`|--?[a-z-]+|\b[A-Z][A-Z_]+\b", " ", line)


@pytest.mark.parametrize("path", PATHS)
def test_help_in_both_languages(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELGRAPH_LANG", "en")
    english = help_of(PATHS[path])
    assert not HAN.search(english)
    assert english.startswith(f"Usage: {path} ") and "Options:" in english
    monkeypatch.setenv("RELGRAPH_LANG", "zh")
    chinese = help_of(PATHS[path])
    assert chinese.startswith(f"用法：{path} ") and "选项：" in chinese
    assert not [line for line in sentences(chinese.replace(path, "")) if ENGLISH.search(line)]
    for row in PATHS[path].command.get_params(PATHS[path]):
        assert all(name in chinese for name in row.opts if name.startswith("-"))


def parameters() -> Iterator[tuple[str, str]]:
    for context in PATHS.values():
        for each in context.command.get_params(context):
            yield context.command_path, each.name


def test_no_help_but_that_of_words() -> None:
    """An option whose help stands in the code would be in one language."""
    for context in PATHS.values():
        for each in context.command.get_params(context):
            is_own = each.name == "help"  # the parser's own
            assert is_own or not each.help, f"{context.command_path} {each.name}: {each.help}"


def test_words_explain_nothing_that_is_not_there() -> None:
    there = {("every", "help")}
    for path, name in parameters():
        words = tuple(path.split()[1:])
        there |= {(*(words or ("relgraph",)), name), ("every", name)}
    there |= {
        (*(tuple(path.split()[1:]) or ("relgraph",)), part)
        for path in PATHS
        for part in ("about", "more")
    }
    keys = {tuple(key.split(".")[1:]) for key in catalogue() if key.startswith("help.")}
    assert keys - there == set()
    assert all(key_of(tuple(path.split()[1:]), "about") in catalogue() for path in PATHS)


def test_each_command_that_is_run_has_an_example() -> None:
    for path, context in PATHS.items():
        if not hasattr(context.command, "list_commands"):
            assert f"\n  {path}" in help_of(context), path


def test_the_parser_has_no_words_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    group = root()
    wrong = [
        ["nonsense"], ["import"], ["import", "a", "b"], ["import", "--nonsense"],
        ["import", "--lang"],
        ["import", "a", "--json=1"], ["serve", "--port", "x"], ["map", "x", "--theme", "green"],
        ["export", "x", "--for", "me"], ["activities", "x", "--since", "today"],
        ["activities", "x", "--timezone", "Nowhere"], ["map", "x", "-o", "x.pdf"],
        ["import", "x", "--continue", "--roll-back"], ["map", "x", "--lang", "fr"],
        ["profile", "nonsense"],
    ]  # fmt: skip
    for words in wrong:
        with pytest.raises(exceptions.ClickException) as refused:
            group.main(words, standalone_mode=False)
        chinese, english = (explained(refused.value, lang) for lang in ("zh", "en"))
        assert HAN.search(chinese) and not HAN.search(english), words
        assert not ENGLISH.search(chinese), chinese


def test_wrong_use_in_chinese() -> None:
    done = relgraph("serve", "--port", "x", RELGRAPH_LANG="zh")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.splitlines() == [
        "用法：relgraph serve [选项]",
        "运行 `relgraph serve --help` 查看帮助。",
        "",
        "错误：--port：应为整数",
    ]
    done = relgraph("check", "--nonsense", LC_ALL="zh_CN.UTF-8", RELGRAPH_LANG="")
    assert "错误：没有 --nonsense 选项" in done.stderr
    done = relgraph("check", RELGRAPH_LANG="fr", LC_ALL="zh_CN.UTF-8")
    assert done.stderr == "relgraph: RELGRAPH_LANG 为 'fr'：应为以下之一：'en' 或 'zh'。\n"


def test_wrong_use_knows_its_words() -> None:
    for path in (PACKAGE / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == WrongUse.__name__:
                assert isinstance(node.args[0], ast.Constant)
                assert f"usage.{node.args[0].value}" in catalogue()


def test_every_phase_has_its_words() -> None:
    named = set()
    for path in (PACKAGE / "records").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = getattr(node, "func", None)
            if isinstance(node, ast.Call) and getattr(called, "id", "") == "progress":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    named.add(first.value)
                else:
                    assert ast.unparse(first) == "kind.plural", f"{path}: a phase or a table"
    assert named == set(PHASES)
    assert {key for key in catalogue() if key.startswith("phase.")} == {
        f"phase.{phase}" for phase in PHASES
    }
    for phase in PHASES:
        assert HAN.search(phase_name(phase, "zh")) and not HAN.search(phase_name(phase, "en"))
    assert {phase_name(kind.plural, "zh") for kind in KINDS} == {kind.plural for kind in KINDS}


def test_no_command_prints_a_sentence_of_its_own() -> None:
    """What `say` and `note` of `cli.output` get comes from words, or is no sentence."""
    own = []
    for path in (PACKAGE / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"note", "write"} or (name == "say" and len(node.args) == 1):
                own += [
                    f"{path.name}:{part.lineno}: {part.value}"
                    for part in ast.walk(node.args[0])
                    if isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", part.value)
                ]
    assert own == []


def test_chinese_is_wrapped_by_its_width() -> None:
    lines = wrapped("编码为 UTF-8 的文件，可放心重复运行。", 20)
    assert lines == ["编码为 UTF-8 的文件，", "可放心重复运行。"]
    assert max(map(seen_width, lines)) <= 21  # a closing sign may stand beyond the edge
    assert wrapped("a word and another", 10) == ["a word and", "another"]
    first, second, _ = definitions([("--a", "一"), ("--" + "b" * 40, "two")], 60)
    assert (first, second) == ("  --a  一", "  --" + "b" * 40)


def test_all_commands_can_be_loaded() -> None:
    listed = sum(
        len(target) + 1 if not isinstance(target, str) else 1 for target in COMMANDS.values()
    )
    assert len(PATHS) == listed + 1
    assert set(LANGS) == {"en", "zh"}
