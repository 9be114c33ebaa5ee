"""The rooms of docs/architecture.md: imports go one way, Cypher and driver keep their places."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "relgraph"
FILES = sorted(PACKAGE.rglob("*.py"))

MAY_USE = {
    "schema": set(),
    "database": {"schema"},
    "queries": {"database", "schema"},
    "records": {"queries", "database", "schema"},
    "insight": {"schema"},
    "viz": {"insight", "schema"},
    "api": {"viz", "insight", "records", "database", "schema"},
    "cli": {"api", "viz", "insight", "records", "database", "schema"},
}
SHARED = {"environment", "errors", "settings", "words"}
LONGEST = 450


def room_of(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "relgraph"


def imports(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports, the ones inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: write imports in full"
            yield node.module


def own(path: Path) -> str:
    return room_of(".".join(("relgraph", *path.relative_to(PACKAGE).with_suffix("").parts)))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_go_one_way() -> None:
    wrong = []
    for path in FILES:
        room = own(path)
        if room in MAY_USE:
            allowed = MAY_USE[room] | {room} | SHARED
        elif room in SHARED:
            allowed = {"schema"} | SHARED
        else:
            continue  # __main__ and the package itself
        wrong += [
            f"{short(path)} may not use {name}"
            for name in imports(path)
            if name.startswith("relgraph.") and room_of(name) not in allowed
        ]
    assert wrong == []


RECORDS = (
    "normal", "access", "progress", "problems", "batches", "spool", "rows", "long_tables",
    "visibility", "tables", "reads",
    "log", "search", "writes", "lists", "activities", "exports", "imports", "webhooks",
    "diagnostics", "reindex", "upgrade",
)  # fmt: skip
"""The packages of `records`, each of which may use those before it."""


def test_packages_of_records_go_one_way() -> None:
    wrong = []
    for path in (PACKAGE / "records").rglob("*.py"):
        own_part = path.relative_to(PACKAGE / "records").with_suffix("").parts[0]
        if own_part == "__init__":
            continue
        wrong += [
            f"{short(path)} may not use {name}"
            for name in imports(path)
            if name.startswith("relgraph.records.")
            and RECORDS.index(name.split(".")[2]) > RECORDS.index(own_part)
        ]
    assert wrong == []


def test_a_file_does_one_job() -> None:
    lengths = {short(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}, "what do they hide?"


def test_no_circle_of_modules() -> None:
    modules = {".".join(p.relative_to(ROOT).with_suffix("").parts): p for p in FILES}
    edges = {
        name: {other for other in top_imports(path) if other in modules} - {name}
        for name, path in modules.items()
    }
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, f"a circle: {' → '.join((*way, name))}"
        if name not in done:
            for other in sorted(edges[name]):
                walk(other, (*way, name))
            done.add(name)

    for name in modules:
        walk(name, ())


def top_imports(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_the_evaluation_computes_its_parts() -> None:
    evaluation = PACKAGE / "insight" / "evaluation.py"
    formulas = {name for name in insight_functions(evaluation) if name != "check_influences"}
    assert {"build_hierarchy", "network_influence", "roles_in_scope"} <= formulas
    wrong = {
        short(path): sorted(formulas.intersection(insight_functions(path)))
        for path in FILES
        if path != evaluation and formulas.intersection(insight_functions(path))
    }
    assert wrong == {}, "ask an Evaluation for it"


def insight_functions(path: Path) -> set[str]:
    """Functions of insight that a file imports."""
    return {
        alias.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("relgraph.insight")
        for alias in node.names
        if alias.name.islower()
    }


def test_the_driver_is_behind_one_door() -> None:
    users = {own(path) for path in FILES for name in imports(path) if name.split(".")[0] == "neo4j"}
    assert users == {"database"}


CLAUSE = re.compile(
    r"\b(MATCH|MERGE|UNWIND|DETACH DELETE|CREATE)\s+(\(|\$|INDEX|CONSTRAINT|\w+ IN)"
    r"|\bRETURN (DISTINCT )?\w+\.\w+|\bOPTIONAL MATCH\b"
)


def test_no_cypher_outside_its_files() -> None:
    misplaced = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                clause = CLAUSE.search(node.value)
                if clause:
                    misplaced.append(f"{short(path)}:{node.lineno}: {clause[0]}")
    assert misplaced == []


def test_no_room_knows_which_database_is_behind() -> None:
    rooms = {"schema", "queries", "records", "insight", "viz"}
    product = re.compile(r"arcade|neo4j", re.I)
    wrong = [
        short(path)
        for path in FILES
        if own(path) in rooms and product.search(path.read_text("utf-8"))
    ]
    assert wrong == []
