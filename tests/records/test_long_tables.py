"""Lists and tables that go on in a file hold what lists and dicts would, in their order."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from relgraph.records import spool
from relgraph.records.long_tables import LongTable, slices
from relgraph.records.problems import Unreadable
from relgraph.records.rows import Row
from relgraph.records.spool import NoTemporarySpace, Spool
from relgraph.records.tables import texts
from relgraph.records.tables.delimited import read_rows, rows_of
from relgraph.records.tables.texts import as_utf_8, blocks_of


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "ROWS_HELD", 3)
    monkeypatch.setattr(spool, "ROWS_A_CHUNK", 2)
    monkeypatch.setattr("relgraph.records.long_tables.ROWS_A_SLICE", 4)


@pytest.mark.parametrize("count", range(12))
def test_a_spool_is_a_list(count: int) -> None:
    items: list[Any] = [[number, "text", date(2026, 11, 1), None] for number in range(count)]
    spooled = Spool(items)
    assert (list(spooled), len(spooled)) == (items, count)
    assert spooled.is_held == (count <= 3)
    for start in range(count + 1):
        assert spooled.since(start) == items[start:]
    assert [spooled[number] for number in reversed(range(count))] == items[::-1]
    spooled.clear()
    assert list(spooled) == []
    spooled.extend(items)
    assert list(spooled) == items


def test_what_is_added_meanwhile_is_not_read() -> None:
    spooled = Spool(range(7))
    read = []
    for item in spooled:
        read.append(item)
        spooled.append(item + 100)
    assert read == list(range(7))
    assert list(spooled) == [*range(7), *range(100, 107)]


def test_a_full_disk_is_reported_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full").open("r+b")  # noqa: SIM115
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: full)
    spooled: Spool[str] = Spool()
    with pytest.raises(NoTemporarySpace, match=r"No space left on device\. .*TMPDIR"):
        spooled.extend("text" for _ in range(10))


def test_a_long_table_is_a_dict() -> None:
    table, rows = LongTable(["manager_id"]), {}
    values = [{"manager_id": "p0", "name": "A"}, {"manager_id": None}, {"name": "C"}]
    for number in range(10):
        key = (f"p{number}",)
        table[key] = rows[key] = Row(number, values[number % 3], file="f")
    for number in (2, 7):
        table[f"p{number}",] = rows[f"p{number}",] = Row(100, {"name": "changed"})
    del table["p4",], rows["p4",]
    assert dict(table.items()) == dict(table) == rows
    assert sorted(row.line for row in table.values()) == sorted(r.line for r in rows.values())
    assert (table.get(("p4",)), ("p4",) in table, len(table)) == (None, False, 9)
    assert [len(part) for part in slices(table)] == [4, 4, 1]
    assert {key: row for part in slices(table) for key, row in part.items()} == rows
    assert [table.named(key, "manager_id") for key in table] == [
        row.values.get("manager_id") for row in rows.values()
    ]
    named = {k[0]: r.values["manager_id"] for k, r in rows.items() if "manager_id" in r.values}
    assert dict(table.column("manager_id")) == named
    assert table.named(("p0",), "name") is None, "it is not among the columns"


def test_changed_rows_are_put_in_while_all_are_read() -> None:
    table = LongTable()
    for number in range(9):
        table[str(number), "x"] = Row(number, {})
    seen = []
    for key, row in table.items():
        seen.append(row.line)
        row.values["seen"] = True
        table[key] = row
    assert seen == list(range(9))
    assert [row.values for row in table.values()] == [{"seen": True}] * 9


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("first", ["", "sep=;"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_large_text_gives_the_rows_of_a_small_one(
    tmp_path: Path, end: str, first: str, bom: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(
        line + end
        for line in [*filter(None, [first]), "id;name", f'a;"华鼎{end}两行"', "b;é", "", "c;"]
    )
    file = tmp_path / "customers.csv"
    file.write_bytes((bom + text).encode())
    small, _ = read_rows(file)
    expected = list(small)
    assert expected[-1][1] == ["c", ""]
    monkeypatch.setattr(texts, "LARGE", 1)
    for size in range(1, 20):
        monkeypatch.setattr(texts, "BLOCK", size)
        large, warnings = read_rows(file)
        assert (list(large), warnings) == (expected, []), size
        assert list(rows_of(text, file.name)) == expected, size


def test_what_is_not_utf_8_is_looked_at_closer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "LARGE", 1)
    file = tmp_path / "customers.csv"
    for content in ("客户资料".encode("gb18030"), "ab".encode("utf-16"), b"a\0b", "é".encode()[:1]):
        file.write_bytes(content)
        assert as_utf_8(file) is None, content
    file.write_bytes("id,name\nc,华鼎基础设施建设集团有限责任公司\n".encode("gb18030"))
    rows, warnings = read_rows(file)
    assert list(rows)[1] == (2, ["c", "华鼎基础设施建设集团有限责任公司"])
    assert [warning.code for warning in warnings] == ["read_as_gb18030"]


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "LARGE", 1)
    file = tmp_path / "customers.csv"
    file.write_text("id,name\na,A\n", "utf-8")
    rows, _ = read_rows(file)
    file.write_bytes(b"id,name\n\xff\xfe,A\n")
    with pytest.raises(Unreadable) as refused:
        list(rows)
    assert refused.value.problem.code == "file_unreadable"


def test_an_open_quotation_mark_is_reported_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "LARGE", 1)
    monkeypatch.setattr(texts, "BLOCK", 5)
    file = tmp_path / "customers.csv"
    file.write_text('sep=,\nid,name\na,A\nb,"B\nc,C\n', "utf-8")
    text = as_utf_8(file)
    assert text is not None
    assert "".join(blocks_of(text)) == file.read_text("utf-8")
    with pytest.raises(Unreadable) as refused:
        list(rows_of(text, file.name))
    problem = refused.value.problem
    assert (problem.line, problem.value, problem.code) == (4, 'b,"B', "quote_open")
