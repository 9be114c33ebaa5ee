"""Commands as a user types them: what they print, where, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import relgraph
from tests.support.service import CASES, SEEDS

pytestmark = pytest.mark.xdist_group("cli")

LONG_NAME = "A customer whose name is much longer than any terminal is wide " * 3


COMMANDS = ["demo", "serve", "import", "export", "template", "check", "map", "activities"]


def test_help_names_every_command() -> None:
    done = relgraph("--help", anew=True)
    assert done.returncode == 0
    assert all(command in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example(command: str) -> None:
    done = relgraph(command, "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout and "--help" in done.stdout


@pytest.mark.parametrize(
    "words",
    [["import"], ["map"], ["map", "x", "--lang", "fr"], ["map", "x", "-o", "x.pdf"], ["nonsense"]],
    ids=" ".join,
)
def test_wrong_use_ends_with_2(words: list[str], tmp_path: Path) -> None:
    done = relgraph(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == "" and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir()), "wrong use must not touch anything"


def test_a_second_import_says_that_nothing_changed(database: str) -> None:
    done = relgraph("import", str(SEEDS / "demo"), "--database", database)
    assert done.returncode == 0
    assert "stakeholders: 0 new, 0 changed, 77 unchanged" in done.stdout.splitlines()


def test_problems_are_one_complete_line_each(database: str, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(f"id,name,kind\na,{LONG_NAME},planet\n,B,customer\n")
    done = relgraph("import", str(tmp_path), "--database", database)
    assert done.returncode == 1 and done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0].startswith("customers.csv:2:kind: “planet”: ")
    assert lines[1].startswith("customers.csv:3:id: ")
    assert lines[-1].startswith("relgraph: 2 problems")


def test_problems_as_json(database: str, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,name,kind\na,A,planet\n")
    done = relgraph("import", str(tmp_path), "--database", database, "--json")
    assert done.returncode == 1
    [problem] = json.loads(done.stdout)["problems"]
    assert (problem["file"], problem["line"], problem["column"]) == ("customers.csv", 2, "kind")


def test_a_dry_run_tells_first_what_would_be_left_out(database: str, tmp_path: Path) -> None:
    export = CASES / "sf-isdeleted" / "input"
    words = ("import", str(export), "--profile", "salesforce", "--dry-run", "--database", database)
    done = relgraph(*words, "--problems", "problems.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    assert lines[0].startswith("Every problem and warning stands in problems.csv")
    assert lines[1].startswith("left out: Account.csv:3:IsDeleted: “true”: 1 of 2 rows left out")
    assert sum("IsDeleted: “true”" in line for line in lines) == 2
    assert "left_out_dropped" in (tmp_path / "problems.csv").read_text("utf-8")
    done = relgraph(*words, "--lang", "zh", cwd=tmp_path)
    assert done.stderr.startswith("略去: Account.csv:3:IsDeleted: “true”: 2 行中有 1 行")


def test_many_problems_of_one_fault_are_two_lines(database: str, tmp_path: Path) -> None:
    rows = "".join(f"c{number},A,planet\n" for number in range(40))
    (tmp_path / "customers.csv").write_text(f"id,name,kind\n{rows}")
    done = relgraph("import", str(tmp_path), "--database", database)
    first, rest, last = done.stderr.splitlines()
    assert done.returncode == 1 and first.startswith("customers.csv:2:kind: “planet”: ")
    assert rest.startswith("  and 39 more like it: line 3 “planet”, ")
    assert last.startswith("relgraph: 40 problems")
    as_json = json.loads(relgraph("import", str(tmp_path), "--database", database, "--json").stdout)
    assert len(as_json["problems"]) == 40
    assert [(group["column"], group["count"]) for group in as_json["groups"]] == [("kind", 40)]


def test_a_dry_run_writes_nothing(database: str, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,name\nonly-checked,A\n")
    done = relgraph("import", str(tmp_path), "--database", database, "--dry-run")
    assert done.returncode == 0 and "customers: 1 new" in done.stdout
    assert relgraph("map", "only-checked", "--database", database).returncode == 1


def test_map_writes_files(database: str, tmp_path: Path) -> None:
    done = relgraph("map", "huading", "--database", database, cwd=tmp_path)
    assert done.stdout.strip() == "huading.html"
    done = relgraph(
        "map", "huading", "-o", "图 1.svg", "--lang", "zh", "--database", database, cwd=tmp_path
    )
    assert done.stdout.strip() == "图 1.svg"
    assert (tmp_path / "图 1.svg").read_text("utf-8").startswith("<svg")


def test_an_unknown_customer_is_reported_in_one_line(database: str, tmp_path: Path) -> None:
    done = relgraph("map", "nobody", "--database", database, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip() == "relgraph: There is no customer with the id “nobody”."


def test_export_and_import_again(database: str, tmp_path: Path) -> None:
    target = tmp_path / "records.xlsx"
    done = relgraph("export", str(target), "--database", database)
    assert done.returncode == 0 and f"Written: {target}" in done.stdout
    done = relgraph("import", str(target), "--database", database)
    assert done.returncode == 0
    assert " changed" in done.stdout and ", 0 changed," in done.stdout


def test_check_finds_nothing_wrong_with_the_samples_but_their_circle(database: str) -> None:
    """One of the sample customers has a circle of managers, to show how a map cuts it."""
    done = relgraph("check", "--json", "--database", database)
    assert done.returncode == 1, done.stdout
    [fault] = json.loads(done.stdout)["faults"]
    assert fault["code"] == "manager_circle" and "po-circle-a → po-circle-b" in fault["text"]


@pytest.mark.parametrize(
    ("words", "environment", "message"),
    [
        (["check"], {"RELGRAPH_DATABASE_URL": "mysql://x"}, "RELGRAPH_DATABASE_URL is 'mysql://x'"),
        (["check"], {"RELGRAPH_PORT": "many"}, "RELGRAPH_PORT is 'many'"),
        (["check"], {"RELGRAPH_SETTINGS": "missing.toml"}, "missing.toml"),
        (["serve", "--host", "0.0.0.0"], {}, "RELGRAPH_TOKEN"),
        (["import", "no-such-folder"], {}, "no-such-folder"),
    ],
    ids=["scheme", "port", "settings file", "open service", "no folder"],
)
def test_what_is_refused_says_why_in_words(
    words: list[str], environment: dict[str, str], message: str, tmp_path: Path
) -> None:
    done = relgraph(*words, cwd=tmp_path, **environment)
    assert done.returncode == 1
    assert message in done.stderr and "Traceback" not in done.stderr


def test_settings_from_a_file(database: str, tmp_path: Path) -> None:
    (tmp_path / "relgraph.toml").write_text(f'database_url = "{database}"\n')
    done = relgraph("map", "huading", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_version() -> None:
    from relgraph import __version__

    assert relgraph("--version", anew=True).stdout == f"relgraph {__version__}\n"
