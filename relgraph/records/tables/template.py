"""Writes the import format as empty files, with a page that explains every column."""

from __future__ import annotations

import csv
from pathlib import Path

from relgraph.errors import RelgraphError, because
from relgraph.schema.kind import Kind
from relgraph.schema.kinds import KINDS
from relgraph.words import reason

_RULES = """
## Rules 规则

* A folder of CSV files, or one .xlsx with a sheet a table. UTF-8, UTF-16 with its mark, or
  GB18030 (with a warning); any other encoding is refused with a sample until `--encoding` names
  it. Commas, semicolons or tabs; a first line `sep=|` names another sign. Blank rows are passed
  over. The header is the first row. Invisible signs at the ends of cells are dropped, and cells
  that are merged downwards count for each of their rows, both with a warning; cells that are
  merged over columns count for the first of them, which is warned of, too.
* Numbers as 0.8, 75% or 1,200,000, amounts also as EUR 120 or €120: a code fills the currency of
  a deal and may not contradict it. 12.500 and 1,500 could be read in two ways and are refused
  until `--decimal .` or `--decimal ,` says the decimal sign of the files.
* Days as 2026-11-24, 2026/11/24 or 2026年11月24日; true or false, yes or no, 1 or 0, 是 or 否;
  words of a list in English or Chinese.
* An apostrophe before =, +, -, @ or a tab at the beginning of a cell is no part of the text:
  `relgraph export FOLDER --for spreadsheet` writes it, so that no cell runs as a formula.
* A row may refer to rows that stand later, in another file or in the database. An id stands
  once in a file. Nothing is part of itself. A person's department belongs to the person's customer.
* An id may hold any mark, but cannot be `.`, `..` or `by-external-id`. A circle of managers is
  taken with a warning. An activity that is mutual cannot be unanswered.
* A person with a new customer keeps the former one with its end, and leaves its department. A
  department goes to another customer only together with its people. A second line to the person
  whom manager_id names is one line.
* An id that is there already is updated. An absent column or a blank cell leaves a value as it
  is (`--clear-blanks` clears it); an older `assessed_at` never replaces a newer one. Nothing is
  ever deleted.
* `changes.jsonl` beside the tables of an export holds the change log, versions and times. It comes
  along into an empty database as long as the tables are those of the export.
* Everything is checked before anything is written. Each problem names file, line, column, value,
  what is wrong and what would be right. Warnings stop nothing. Of many problems of one kind the
  first are printed; `--problems FILE` writes all of them, with their codes, as a CSV file.

中文：

* CSV 文件夹，或每表一个工作表的 .xlsx。编码为 UTF-8、带标记的 UTF-16 或
  GB18030（会警告）；其他编码会被拒绝并显示样例，须用 `--encoding` 指明。以逗号、分号或制表符分隔；
  首行 `sep=|` 可指定其他分隔符。空行略过。首个非空行为表头。
  单元格首尾的不可见字符会被去除，向下合并的单元格对其每一行都有效，二者均会警告；
  跨列合并的单元格仅对第一列有效，同样会警告。
* 数字如 0.8、75%、1,200,000，金额也可写作 EUR 120 或 €120：
  币种代码会填入商机的币种，且不得与其矛盾。12.500 和 1,500 可有两种读法，会被拒绝，
  须用 `--decimal .` 或 `--decimal ,` 指明小数点。
* 日期如 2026-11-24、2026/11/24、2026年11月24日；是否如 true、yes、1、是；列表词可用英文或中文。
* 单元格开头若在 =、+、-、@ 或制表符之前有撇号，则撇号不属于文本：
  `relgraph export 文件夹 --for spreadsheet` 会写入它，以免单元格被当作公式运行。
* 可引用后面的行、其他文件或数据库中的记录。同一文件中编号不得重复。
  上级不得成环；部门须属于该人员所在的客户。
* 编号可含任何符号，但不能为 `.`、`..` 或 `by-external-id`。汇报关系成环时仅警告。
  “双方”往来不得标记为未回应。
* 人员换客户时，原任职记录保留并注明截止日，同时离开原部门。部门须与其人员一起转到另一客户。
  与 manager_id 所指上级之间只有一条汇报线。
* 已有编号则更新。缺列或空单元格保留原值（`--clear-blanks` 清除）；
  较旧的 `assessed_at` 不会覆盖较新的。导入从不删除。
* 导出的 `changes.jsonl` 含变更日志、版本与时间；表格未改动且数据库为空时一并导入。
* 写入前全部检查；每个问题都指明文件、行、列、值、错误与改法。警告不会中止导入。
  同类问题较多时只显示前几处；`--problems 文件` 会将全部问题及其代码写入 CSV 文件。
"""


class TemplateRefused(RelgraphError):
    """The template cannot be written there."""

    code = "template_refused"


def write_template(target: Path) -> list[Path]:
    """Write an empty file a table and README.md; the files written.

    Raises TemplateRefused if one of them is there already: nobody's records are overwritten.
    """
    files = {target / f"{kind.plural}.csv": kind for kind in KINDS}
    existing = [file for file in [*files, target / "README.md"] if file.exists()]
    if existing:
        raise TemplateRefused(because("template_there", file=existing[0]))
    try:
        target.mkdir(parents=True, exist_ok=True)
        for file, kind in files.items():
            with file.open("w", newline="", encoding="utf-8-sig") as out:
                csv.writer(out).writerow(kind.core)
        readme = target / "README.md"
        readme.write_text(explanation(), "utf-8")
    except OSError as error:
        raise TemplateRefused(
            because("file_unwritable", file=target, reason=reason(error))
        ) from None
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
    return head + _RULES + "".join(_section(kind) for kind in KINDS)


def _section(kind: Kind) -> str:
    first = (kind.model.__doc__ or "").strip().splitlines()[0]
    lines = [
        f"\n## {kind.plural}.csv\n",
        first,
        "",
        "| column 列 | English | 中文 |",
        "|---|---|---|",
    ]
    for name in kind.columns:
        description = kind.model.model_fields[name].description or ""
        english, _, chinese = description.partition(" | ")
        star = " *" if name in kind.required else ""
        lines.append(f"| `{name}`{star} | {english} | {chinese} |")
    return "\n".join(lines) + "\n"
