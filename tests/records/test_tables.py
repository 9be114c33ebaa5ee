"""Tables as other programs write them, in the import format and for a profile alike."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from relgraph.database import Database
from relgraph.errors import ImportRefused
from relgraph.records.imports.load import import_records
from relgraph.records.imports.profiles.apply import apply_profile
from relgraph.records.imports.profiles.exports import read_exports
from relgraph.records.imports.profiles.known import profile
from relgraph.records.problems import Unreadable
from relgraph.records.reads.directory import get_node
from relgraph.records.tables.conventions import Conventions
from relgraph.records.tables.delimited import delimiter_of
from relgraph.records.tables.encodings import decoded
from relgraph.records.tables.raw import Source
from relgraph.records.tables.sources import read_source
from relgraph.schema.kinds import CUSTOMER, STAKEHOLDER
from tests.records.folders import load
from tests.support.access import access_to
from tests.support.service import CASES, NOW


def by_profile(name: str, path: Path) -> Source:
    source, _ = apply_profile(path, profile(name), lambda _table, ids: ids)
    return source


def refusals(db: Database, path: Path, **options: object) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        import_records(access_to(db, NOW), path, **options)  # type: ignore[arg-type]
    return [str(problem) for problem in refused.value.problems]


def hubspot(path: Path, header: str, *rows: str) -> Path:
    path.mkdir()
    shutil.copy(CASES / "profile-double-header" / "input" / "companies.csv", path)
    (path / "contacts.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


# encodings ----------------------------------------------------------------------------------

OTHER = {
    "Korean": ("cp949", "한국전력공사 대한항공 구매팀장 박지훈 최수진"),
    "Japanese in Shift-JIS": ("cp932", "日立製作所 みずほ銀行 佐藤花子 購買部 トヨタ自動車"),
    "Japanese in EUC": ("euc_jp", "日立製作所 みずほ銀行 佐藤花子 購買部 トヨタ自動車"),
    "traditional Chinese": ("big5", "台灣積體電路 陳美玲 採購經理 國泰金控 聯發科技"),
    "Russian of Windows": ("cp1251", "Иванов Пётр директор Газпром ЗАКУПКИ Кузнецов"),
    "Russian of Unix": ("koi8-r", "Иванов Пётр директор Газпром ЗАКУПКИ Кузнецов"),
    "Greek": ("cp1253", "Παπαδόπουλος Αθήνα Γιώργος διευθυντής"),
    "Thai": ("cp874", "บริษัท จำกัด กรุงเทพ สมชาย"),
    "Western": ("cp1252", "Müller Größe Café José Ñandú Åström Ærø"),
    "Central European": ("cp1250", "Dvořák Łukasz Škoda Gönül Żółć"),
}
CHINESE = (
    "张伟 李芳 采购总监 总经理 江苏精密仪器有限公司 北京",
    "欧阳锋 龚琳娜 华鼎基础设施 国家电网 制造业",
    "深圳市腾讯计算机系统有限公司 哈尔滨 副总裁 侯耀文",
    "王建国；法务部（上海）《合同》",
)


def as_file(words: str) -> str:
    return "".join(f"c{number},{word}\r\n" for number, word in enumerate(words.split(" ")))


@pytest.mark.parametrize(("encoding", "words"), OTHER.values(), ids=OTHER)
def test_other_encodings_are_never_taken_for_chinese(encoding: str, words: str) -> None:
    text = "id,name\r\n" + as_file(words)
    with pytest.raises(Unreadable) as refused:
        decoded(text.encode(encoding), "customers.csv")
    problem = refused.value.problem
    assert problem.line > 1 and problem.value, "the sample stands in the problem"
    assert "--encoding" in problem.right
    assert decoded(text.encode(encoding), "customers.csv", [encoding]) == (text, [])


@pytest.mark.parametrize("words", CHINESE)
def test_chinese_in_gb18030_is_known_with_a_warning_that_shows_it(words: str) -> None:
    text = "id,name\r\n" + as_file(words)
    read, [warning] = decoded(text.encode("gb18030"), "customers.csv")
    assert read == text
    assert (warning.value, warning.wrong) == (f"c0,{words.split(' ')[0]}", "was read as GB18030")


def test_a_korean_file_is_refused_and_read_if_named(local_db: Database) -> None:
    path = CASES / "csv-korean" / "input"
    assert refusals(local_db, path) == [
        "customers.csv:2: “c1,삼성전자”: is neither UTF-8, UTF-16 nor GB18030; save the file as "
        "UTF-8, or if this sample is right, add --encoding cp949"
    ]
    load(local_db, path, conventions=Conventions("cp949"))
    assert get_node(access_to(local_db), CUSTOMER, "c2")["name"] == "현대자동차"


def test_a_wrong_name_of_an_encoding(local_db: Database) -> None:
    with pytest.raises(ImportRefused, match="no encoding klingon"):
        Conventions.named("klingon", None)
    with pytest.raises(ImportRefused, match="is no decimal sign"):
        Conventions.named(None, ";")
    text = "id,name\nc,Größe\n"
    with pytest.raises(Unreadable) as refused:
        decoded(text.encode("cp1252"), "customers.csv", ["ascii"])
    problem = refused.value.problem
    assert (problem.line, problem.value, problem.wrong) == (2, "c,Gr", "is not ascii")


def test_a_profile_reads_gb18030_as_any_import_does(local_db: Database) -> None:
    path = CASES / "profile-gbk" / "input"
    result = load(local_db, path, profile=profile("hubspot"))
    warned = [(w.file, w.wrong) for w in result.warnings if "GB18030" in w.wrong]
    assert warned == [(f"{name}.csv", "was read as GB18030") for name in ("companies", "contacts")]
    access = access_to(local_db)
    assert get_node(access, STAKEHOLDER, "hubspot-201")["name"] == "张伟"
    assert get_node(access, CUSTOMER, "hubspot-101")["name"] == "华北制造集团"


# separators, quotes and headers ---------------------------------------------------------------


def test_the_separator_is_looked_for_at_any_line_end() -> None:
    [table] = read_source(CASES / "csv-cr-only" / "input").tables
    assert list(table.rows) == [["c1", "Alpha; Beta; Gamma; Delta"], ["c2", "X; Y; Z"]]


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ('"Amount, EUR, net";name\n', ";"),
        ('"a;b""c;d";"e",f\tg\th\ti\n', "\t"),
        ("\n \r\nid;name\rx,y,z,w\n", ";"),
        ('id,"a\n;;;;b"\n', ","),
        ("id\n", ","),
    ],
)
def test_separators_in_quotes_do_not_count(text: str, separator: str) -> None:
    assert delimiter_of(text) == separator


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;,,"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_first_line_may_name_the_separator(tmp_path: Path, first: str, end: str) -> None:
    (tmp_path / "customers.csv").write_bytes(end.join([first, "id;name", "c,1;A"]).encode())
    source = read_source(tmp_path)
    assert (source.problems, source.warnings) == ([], [])
    assert (list(source.tables[0].rows), list(source.tables[0].lines)) == ([["c,1", "A"]], [3])


def test_a_named_separator_is_any_sign() -> None:
    [table] = read_source(CASES / "sep-line" / "input").tables
    assert (table.written, list(table.rows)) == (["id", "name"], [["c1", "Alpha"]])
    assert delimiter_of("id|name\n") == ","


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('Record ID,Company name\n1,"X" Ltd\n', "text follows a closing quotation mark"),
        ('Record ID,Company name\n1,"X\n', "a quotation mark is never closed"),
        ("Record ID,Company name\n1,X,Y\n", "the row has 3 cells, the header 2"),
        ("Record ID,Company name\n1,X\0\n", "holds a NUL byte"),
    ],
)
def test_a_profile_has_the_same_care(tmp_path: Path, text: str, wrong: str) -> None:
    (tmp_path / "companies.csv").write_text(text)
    [problem] = by_profile("hubspot", tmp_path).problems
    assert (problem.file, problem.line, problem.wrong) == ("companies.csv", 2, wrong)


def test_of_a_column_that_stands_twice_the_first_filled_cell_counts(local_db: Database) -> None:
    path = CASES / "profile-double-header" / "input"
    result = load(local_db, path, profile=profile("hubspot"))
    person = get_node(access_to(local_db), STAKEHOLDER, "hubspot-201")
    assert person["email"] == "ann@alpha.example"
    warned = [(w.file, w.line, w.column) for w in result.warnings if "twice" in w.wrong]
    assert warned == [("contacts.csv", 1, "Email")]


def test_two_columns_of_a_name_may_not_contradict_each_other(tmp_path: Path) -> None:
    header = "Record ID,First Name,Last Name,Email,Primary Associated Company ID,Email,Note,Note"
    rows = ["1,A,A,,101,b@x.example,1,2", "2,B,B,c@x.example,101,d,,"]
    path = hubspot(tmp_path / "in", header, *rows)
    assert [str(problem) for problem in by_profile("hubspot", path).problems] == [
        "contacts.csv:3:Email: “d”: stands twice in the header, and the first says "
        "“c@x.example”; remove one of the columns"
    ]


def test_a_file_that_nobody_asks_for_may_be_broken_inside(tmp_path: Path) -> None:
    header = "Record ID,First Name,Last Name,Primary Associated Company ID"
    path = hubspot(tmp_path / "in", header, "1,A,A,101")
    (path / "notes.csv").write_text("a,b\n1,2,3\n")
    exports = read_exports(path, profile("hubspot"))
    assert (exports.problems, exports.unknown) == ([], ["notes.csv"])


# invisible signs ------------------------------------------------------------------------------


def test_invisible_signs_at_the_ends_of_cells_are_dropped_and_told(local_db: Database) -> None:
    result = load(local_db, CASES / "csv-zero-width" / "input")
    assert get_node(access_to(local_db), STAKEHOLDER, "s1")["customer_id"] == "c1"
    assert [str(warning) for warning in result.warnings] == [
        "stakeholders.csv:2:customer_id: “c1<U+200B>”: an invisible sign (U+200B) at the end of "
        "the cell was dropped; remove it where the file comes from"
    ]


def test_invisible_signs_are_told_once_a_column(tmp_path: Path) -> None:
    rows = "id,\ufeffname\u200e\n\ufeffa, \u2060A\u200b \nb,B\u200db\nc,\u202aC\u202c\n"
    (tmp_path / "customers.csv").write_text(rows, "utf-8")
    source = read_source(tmp_path)
    assert source.problems == []
    assert list(source.tables[0].rows) == [["a", "A"], ["b", "B\u200db"], ["c", "C"]]
    assert [(w.line, w.column) for w in source.warnings] == [(2, "id"), (1, "name")]
    assert "and in 2 more rows" in source.warnings[1].wrong


def test_a_profile_drops_invisible_signs_too(tmp_path: Path) -> None:
    header = "Record ID,First Name,Last Name,Primary Associated Company ID"
    path = hubspot(tmp_path / "in", f"\ufeff\ufeff{header}", "1,A,A,101\u200b")
    source = by_profile("hubspot", path)
    people = next(table for table in source.tables if table.kind is STAKEHOLDER)
    assert people.rows[0][people.header.index("customer_id")] == "hubspot-101"
    assert ["U+200B" in warning.wrong for warning in source.warnings].count(True) == 1
