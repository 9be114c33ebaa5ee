"""Every error that relgraph raises on purpose can be said in both languages, with its values."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import relgraph
from relgraph.errors import NotFound, RelgraphError, because
from relgraph.schema.vocabulary import LANGS
from relgraph.settings import load_settings
from relgraph.words import Sentence, catalogue, reason

PACKAGE = Path(relgraph.__file__).parent
HAN = re.compile("[\u4e00-\u9fff]")
TEXTS = catalogue()
NAMES = sorted(
    key.removeprefix("refusal.").removesuffix(".what")
    for key in TEXTS
    if key.startswith("refusal.") and key.endswith(".what")
)
FAULTS_OF_THE_PROGRAM = {"QueryCatalogError", "ConcurrentChange"}
"""Errors whose text only developers read, and what never leaves the room that raises it."""
OF_A_KIND = {"NotFound", "AlreadyThere", "HasDependents", "SharedRecord"}
"""Errors that are given the kind of what they are about, and have their sentence themselves."""
OWN_SENTENCE = {"WriteRefused"}
"""Errors that list problems, which have their own sentences."""


def gaps(name: str) -> set[str]:
    texts = (TEXTS.get(f"refusal.{name}.{part}", {"en": ""})["en"] for part in ("what", "remedy"))
    return {gap for text in texts for _, gap, _, _ in string.Formatter().parse(text) if gap}


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node, name


def kinds(base: type[RelgraphError] = RelgraphError) -> Iterator[type[RelgraphError]]:
    yield base
    for kind in base.__subclasses__():
        yield from kinds(kind)


@pytest.fixture(scope="module", autouse=True)
def everything_is_loaded() -> None:
    for module in pkgutil.walk_packages(relgraph.__path__, "relgraph."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


@pytest.mark.parametrize("name", NAMES)
def test_each_refusal_is_said_in_both_languages(name: str) -> None:
    values = {gap: f"<{gap}>" for gap in gaps(name)}
    error = RelgraphError(because(name, **values))
    for lang in LANGS:
        text = error.text(lang)
        assert "{" not in text
        assert all(value in text for value in values.values()), text
    only_gaps = not re.sub(r"\{\w+\}|[.。]", "", TEXTS[f"refusal.{name}.what"]["en"])
    if not only_gaps:
        assert HAN.search(error.text("zh")) and not HAN.search(error.text("en"))
    assert str(error) == error.text("en")


def test_each_refusal_is_given_what_fills_its_gaps() -> None:
    faults = []
    used = set()
    for place, call, name in calls():
        if name != "because" or not call.args or not isinstance(call.args[0], ast.Constant):
            continue
        key = str(call.args[0].value)
        used.add(key)
        given = {keyword.arg for keyword in call.keywords}
        if key not in NAMES:
            faults.append(f"{place}: there is no refusal {key}")
        elif None not in given and given != gaps(key):
            faults.append(f"{place}: {key} has the gaps {gaps(key)}, not {given}")
    assert faults == []
    literals = {
        node.value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [name for name in NAMES if name not in literals] == []


def test_no_error_is_raised_with_a_sentence_in_the_code() -> None:
    names = {kind.__name__ for kind in kinds()} - FAULTS_OF_THE_PROGRAM - OWN_SENTENCE - OF_A_KIND
    wrong = [
        f"{place}: {ast.unparse(call)[:80]}"
        for place, call, name in calls()
        if name in names
        and call.args
        and any(
            isinstance(part, ast.JoinedStr)
            or (isinstance(part, ast.Constant) and " " in str(part.value))
            for part in (call.args[0], *(k.value for k in call.keywords if k.arg == "remedy"))
        )
    ]
    assert wrong == [], "give it because(NAME, …), and words/refusals.toml its sentences"


def test_what_errors_are_about_has_words() -> None:
    wrong = [
        f"{place}: {call.args[0].value}"
        for place, call, name in calls()
        if name in OF_A_KIND
        and isinstance(call.args[0], ast.Constant)
        and f"kind.{call.args[0].value}" not in TEXTS
    ]
    assert wrong == []


def test_every_code_has_a_sentence_for_who_gets_no_more() -> None:
    for kind in kinds():
        if kind.__name__ in FAULTS_OF_THE_PROGRAM or kind is RelgraphError:
            continue
        raised_with_words = kind.__name__ not in OWN_SENTENCE
        assert raised_with_words or f"error.{kind.code}" in TEXTS, kind


def test_place_and_value_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    error = NotFound("stakeholder", "chen")
    assert (error.text("zh"), error.text("en")) == (
        "没有编号为“chen”的联系人。",
        "There is no stakeholder with the id “chen”.",
    )
    monkeypatch.setenv("RELGRAPH_PORT", "x")
    monkeypatch.setenv("RELGRAPH_TOKEN", "short")
    with pytest.raises(RelgraphError) as refused:
        load_settings(database_url="nowhere")
    chinese = refused.value.text("zh")
    assert "RELGRAPH_DATABASE_URL 为 'nowhere'：本地数据库请用 local:PATH" in chinese
    assert "RELGRAPH_PORT 为 'x'：应为整数" in chinese
    assert "RELGRAPH_TOKEN 为 5 个字符：至少需要 16 个字符" in chinese


def test_why_the_system_refuses() -> None:
    with pytest.raises(OSError) as refused:
        Path("/nowhere/at/all").read_text()
    why = reason(refused.value)
    assert isinstance(why, Sentence)
    assert (why.text("en"), why.text("zh")) == ("No such file or directory", "文件或目录不存在")
    assert reason(OSError("in its own words")) == "in its own words"
