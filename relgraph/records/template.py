"""Writes the import format as empty files, with a page that explains every column."""

from __future__ import annotations

import csv
from pathlib import Path

from relgraph.errors import RelgraphError
from relgraph.schema.tables import TABLES, Table


class TemplateRefused(RelgraphError):
    """The template cannot be written there."""

    code = "template_refused"


def write_template(target: Path) -> list[Path]:
    """Write an empty file a table and README.md; the files written.

    Raises TemplateRefused if one of them is there already: nobody's records are overwritten.
    """
    files = {target / f"{table.name}.csv": table for table in TABLES}
    taken = [file for file in [*files, target / "README.md"] if file.exists()]
    if taken:
        raise TemplateRefused(
            f"{taken[0]} is there already.", remedy="Name a new or an empty folder."
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
        for file, table in files.items():
            with file.open("w", newline="", encoding="utf-8-sig") as out:
                csv.writer(out).writerow(table.core)
        readme = target / "README.md"
        readme.write_text(explanation(), "utf-8")
    except OSError as error:
        raise TemplateRefused(f"{target} cannot be written: {error.strerror}.") from None
    return [*files, readme]


def explanation() -> str:
    """The columns of every file, in English and Chinese, as Markdown."""
    head = (
        "# Import format 导入格式\n\n"
        "One CSV file a table, UTF-8; every file is optional, and so is every column that is not "
        "marked *. Line 1 is the header. Columns that are not listed here are kept as text. "
        "Import with `relgraph import FOLDER`.\n\n"
        "每个表一个 UTF-8 编码的 CSV 文件，文件均可省略；未标 * 的列也可省略。第 1 行为表头。"
        "未列出的列按文本保留。导入命令：`relgraph import 文件夹`。\n"
    )
    return head + "".join(_section(table) for table in TABLES)


def _section(table: Table) -> str:
    first = (table.model.__doc__ or "").strip().splitlines()[0]
    lines = [
        f"\n## {table.name}.csv\n",
        first,
        "",
        "| column 列 | English | 中文 |",
        "|---|---|---|",
    ]
    for name in table.columns:
        description = table.model.model_fields[name].description or ""
        english, _, chinese = description.partition(" | ")
        star = " *" if name in table.required else ""
        lines.append(f"| `{name}`{star} | {english} | {chinese} |")
    return "\n".join(lines) + "\n"
