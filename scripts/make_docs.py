"""Writes the parts of docs/ that follow from the code: formats, profiles, settings, API, errors.

    python scripts/make_docs.py

A test compares the files with what this would write.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import relgraph
from relgraph import errors
from relgraph.api.app import create_app
from relgraph.records.imports.profiles import known
from relgraph.records.tables.template import explanation
from relgraph.settings import Settings, load_settings

DOCS = Path(__file__).parent.parent / "docs"
START, END = "<!-- made by scripts/make_docs.py -->", "<!-- end -->"


def settings_table() -> str:
    """Every setting with its variable, default and meaning."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        value = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        text = "" if value in (None, "") else f"`{value}`"
        lines.append(f"| `RELGRAPH_{name.upper()}` | {text} | {field.description} |")
    return "\n".join(lines)


def routes_table() -> str:
    """Every address of the API with its parameters."""
    lines = ["| request | answers | parameters |", "|---|---|---|"]
    for path, methods in create_app(load_settings()).openapi()["paths"].items():
        for method, operation in methods.items():
            parameters = operation.get("parameters", [])
            names = [parameter["name"] for parameter in parameters if parameter["in"] == "query"]
            asked = ", ".join(f"`{name}`" for name in names)
            lines.append(f"| `{method.upper()} {path}` | {operation['summary']} | {asked} |")
    return "\n".join(lines)


def error_table() -> str:
    """Every code of an error of relgraph's own, with what it means."""
    for module in pkgutil.walk_packages(relgraph.__path__, "relgraph."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    lines = ["| code | meaning |", "|---|---|"]
    for kind in sorted(_kinds(errors.RelgraphError), key=lambda error: error.code):
        meaning = (kind.__doc__ or "").strip().splitlines()[0]
        lines.append(f"| `{kind.code}` | {meaning} |")
    return "\n".join(lines)


def profile_table() -> str:
    """What becomes of the columns of each export that relgraph knows."""
    lines = ["| export | its columns | become |", "|---|---|---|"]
    for name in known.names():
        for file in known.profile(name).files:
            for rows in file.rows:
                parts = [
                    f"`{column}` ← {' + '.join(cell.columns) or f'“{cell.constant}”'}"
                    for column, cell in rows.columns.items()
                ]
                where = f"{name}: {file.names[0]}"
                lines.append(f"| {where} | {', '.join(parts)} | {rows.table} |")
    return "\n".join(lines)


def _kinds(base: type[errors.RelgraphError]) -> set[type[errors.RelgraphError]]:
    """The concrete errors below a base; those that share a code with another appear once."""
    by_code: dict[str, type[errors.RelgraphError]] = {}
    for kind in base.__subclasses__():
        for error in {kind, *_kinds(kind)}:
            if error.code != errors.RelgraphError.code:
                by_code.setdefault(error.code, error)
    return set(by_code.values())


def between(text: str, table: str) -> str:
    """A page with the part between its marks replaced."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{table}\n\n{END}{after}"


def pages() -> dict[Path, str]:
    """Each page that has made parts, with the text that it should hold."""
    texts = {DOCS / "import-format.md": explanation()}
    tables = {"settings": settings_table(), "api": routes_table(), "errors": error_table()}
    tables["crm-imports"] = profile_table()
    for name, table in tables.items():
        path = DOCS / f"{name}.md"
        texts[path] = between(path.read_text("utf-8"), table)
    return texts


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")
