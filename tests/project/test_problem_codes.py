"""Every problem has a code, and every code has its sentences in both languages."""

from __future__ import annotations

import ast
import inspect
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from relgraph.records.problems import CellError, Problem, coded_problem
from relgraph.schema.kinds import KINDS
from relgraph.schema.vocabulary import LANGS
from relgraph.words import catalogue

HAN = re.compile("[\u4e00-\u9fff]")
PACKAGE = Path(__file__).parents[2] / "relgraph"
TEXTS = catalogue()
CODES = sorted(key.removeprefix("wrong.") for key in TEXTS if key.startswith("wrong."))
BEFORE_CODE = {"Problem": 4, "coded_problem": 4, "file_problem": 1, "CellError": 0, "broken": 2}
"""What makes problems, and how many arguments stand before the code."""
VARIANTS = ("_near", "_more")
"""Endings that code adds to a code."""


def gaps(code: str) -> set[str]:
    texts = TEXTS[f"wrong.{code}"]["en"] + TEXTS[f"right.{code}"]["en"]
    return {name for _, name, _, _ in string.Formatter().parse(texts) if name}


@cache
def trees() -> dict[Path, ast.AST]:
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Each call that makes a problem: its place, itself and what it calls."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in BEFORE_CODE:
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node, name


def literals() -> set[str]:
    nodes = (
        node
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
    )
    return {node.value for node in nodes if isinstance(node.value, str)}


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_its_sentences(code: str) -> None:
    assert f"right.{code}" in TEXTS
    values = {name: f"<{name}>" for name in gaps(code)} | {"kind": KINDS[0].name}
    kept = {name: value for name, value in values.items() if name in gaps(code)}
    problem = coded_problem("a.csv", 2, "column", "value", code, **kept)
    for lang in LANGS:
        text = problem.text(lang)
        assert "{" not in text
        assert all(value in text for name, value in kept.items() if name != "kind")
    for english, chinese in zip(problem.sentences("en"), problem.sentences("zh"), strict=True):
        assert HAN.search(chinese) and not HAN.search(english)


def test_no_sentence_says_what_would_be_right_of_nothing_wrong() -> None:
    assert sorted(key.removeprefix("right.") for key in TEXTS if key.startswith("right.")) == CODES


def test_codes_that_are_written_out_exist_and_get_their_values() -> None:
    faults = []
    for place, call, name in calls():
        starred = any(isinstance(argument, ast.Starred) for argument in call.args)
        codes = [
            argument.value
            for argument in (call.args if starred else call.args[BEFORE_CODE[name] :][:1])
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if starred:  # a place that was put together before, and the code behind it
            codes = codes[-1:]
        given = {keyword.arg for keyword in call.keywords}
        for code in codes:
            if code not in CODES:
                faults.append(f"{place}: there is no code {code}")
            elif None not in given and given != gaps(code):
                faults.append(f"{place}: {code} has the gaps {gaps(code)}, not {given}")
    assert faults == []


def test_every_code_is_used() -> None:
    known = literals()
    stems = {code: [code.removesuffix(end) for end in VARIANTS] for code in CODES}
    assert [code for code in CODES if not {code, *stems[code]} & known] == []


def test_no_problem_is_made_without_a_code() -> None:
    """The type has no place for a sentence, and a code that is not known has none."""
    assert "wrong" not in inspect.signature(Problem).parameters
    with pytest.raises(TypeError):
        Problem("a.csv", 2, "column", "value")  # type: ignore[call-arg]
    with pytest.raises(KeyError):
        Problem("a.csv", 2, "column", "value", "is wrong")
    with pytest.raises(KeyError):  # a gap that nothing fills
        coded_problem("a.csv", 2, "column", "value", "id_twice")
    with pytest.raises(KeyError):
        CellError("is wrong").at("a.csv", 2, "column", "value")
