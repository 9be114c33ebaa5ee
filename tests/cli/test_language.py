"""Commands speak the language of the option, else of the settings, else of the locale."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from relgraph.cli.options import language
from relgraph.errors import SettingsError
from relgraph.records.diagnostics import fault
from relgraph.schema.kinds import EDGE_KINDS, NODE_KINDS
from relgraph.schema.vocabulary import LANGS
from relgraph.words import catalogue
from tests.support.commands import relgraph
from tests.support.service import SEEDS

pytestmark = pytest.mark.xdist_group("cli")


@pytest.mark.parametrize(
    ("option", "environment", "expected"),
    [
        (None, {}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "C.UTF-8"}, "en"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US.UTF-8"}, "zh"),
        (None, {"LC_ALL": "de_DE.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"RELGRAPH_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"RELGRAPH_LANG": "zh"}, "zh"),
        ("en", {"RELGRAPH_LANG": "zh", "LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_which_language(
    option: str | None,
    environment: dict[str, str],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "RELGRAPH_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language(option) == expected


def test_a_language_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(typer.BadParameter, match="en or zh"):
        language("fr")
    monkeypatch.setenv("RELGRAPH_LANG", "fr")
    with pytest.raises(SettingsError, match=r"RELGRAPH_LANG is 'fr'.*'en' or 'zh'"):
        language(None)


def test_counts_in_chinese(database: str, tmp_path: Path) -> None:
    zh = {"RELGRAPH_LANG": "zh", "RELGRAPH_DATABASE_URL": database}
    done = relgraph("import", str(SEEDS / "demo"), "--dry-run", **zh)
    assert done.returncode == 0, done.stderr
    assert "stakeholders：新增 0，更改 0，不变 77" in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1] == "试运行，未写入任何内容。"
    target = tmp_path / "records"
    done = relgraph("export", str(target), **zh)
    assert "stakeholders：77" in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1] == f"已写入：{target}"
    done = relgraph("check", "--lang", "en", **zh)
    assert done.stdout.splitlines()[-1] == "Faults: 1."  # the circle of a sample customer
    *_, fault_line, last = relgraph("check", **zh).stdout.splitlines()
    assert fault_line.startswith("manager_circle: stakeholders 的汇报关系形成循环：po-circle-a → ")
    assert last == "错误：1 处。"
    assert re.fullmatch(r"已可搜索 [\d,]+ 个名称。\n", relgraph("reindex", **zh).stdout)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "customers.csv").write_text("id,name,kind\na,A,planet\n", "utf-8")
    done = relgraph("import", str(tmp_path / "bad"), **zh)
    problem, last = done.stderr.splitlines()
    assert problem.startswith("customers.csv:2:kind: “planet”: 不在可选范围内；是否指 partner？")
    assert last == "relgraph: 数据中有 1 处问题，未写入任何内容。"
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "customers.csv").write_text("id,name\nto-undo,A\n", "utf-8")
    done = relgraph("import", str(tmp_path / "new"), **zh)
    noted = re.search(r"已完成，用时 [\d.]+ 秒。变更编号 (\S+)。", done.stdout)
    assert noted, done.stdout
    done = relgraph("undo", noted[1], **zh)
    assert re.fullmatch(r"已撤销 1 项更改，变更编号 \S+\n", done.stdout), done.stderr


FAULTS = sorted(key.removeprefix("fault.") for key in catalogue() if key.startswith("fault."))


@pytest.mark.parametrize("key", FAULTS)
def test_what_check_finds_has_both_languages(key: str) -> None:
    text = catalogue()[f"fault.{key}"]["en"]
    values = {name: f"<{name}>" for name in re.findall(r"{(\w+)}", text)}
    for kind in [*NODE_KINDS, *EDGE_KINDS] if "kind" in values else [NODE_KINDS[0]]:
        given = values | ({"kind": kind.words} if "kind" in values else {})
        problem = fault(key, **given)
        for lang in LANGS:
            sentence = problem.sentence(lang)
            assert "{" not in sentence
            assert all(value in sentence for name, value in values.items() if name != "kind")
        assert re.search("[\u4e00-\u9fff]", problem.sentence("zh"))
        assert problem.text == problem.sentence("en")
