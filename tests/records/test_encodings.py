"""Short files in many encodings: read right, or refused; never taken for something else."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.records.tables.hanzi import COMMON
from relgraph.records.tables.plausible import plausible_encodings
from relgraph.records.tables.sources import read_source

JAPANESE = (
    "田中 山田太郎 株式会社 東京 日本 富士通 三菱 銀行 営業部 佐藤 鈴木 高橋 トヨタ 村田 山下"
)
KOREAN = "김 이 박 서울 부산 삼성전자 현대자동차 국민은행 영업부 사장 김철수 한국전력"
TRADITIONAL = "陳 林 王 銀行 國泰 富邦 台積電 聯發科 鴻海 遠傳 王小明 董事長 業務部 華碩"
RUSSIAN = "Я Мир ОАО Юг Иванов Газпром Сбербанк Казань"
WESTERN = "é É ü Ñ Müller Größe Österreich ÀÉ Łódź"
SIMPLIFIED = "华为 中国 王小明 华鼎 招商银行 采购部 阿里巴巴 张伟 国家电网 总经理 王 李"
WORDS = {
    "euc_jp": JAPANESE,
    "cp932": JAPANESE,
    "cp949": KOREAN,
    "big5": TRADITIONAL,
    "cp1251": RUSSIAN,
    "koi8-r": RUSSIAN,
    "cp1252": WESTERN,
    "gb18030": SIMPLIFIED,
}
PAIRS = [
    (encoding, pair)
    for encoding, words in WORDS.items()
    for pair in [
        *((word,) for word in words.split()),
        *itertools.pairwise(words.split()),
    ]
]


@pytest.mark.parametrize("encoding", WORDS)
def test_short_files_are_never_read_as_something_else(tmp_path: Path, encoding: str) -> None:
    for words in (pair for name, pair in PAIRS if name == encoding):
        rows = [f"c{number},{word}" for number, word in enumerate(words)]
        content = "\n".join(["id,name", *rows, ""]).encode(encoding, "replace")
        (tmp_path / "customers.csv").write_bytes(content)
        source = read_source(tmp_path)
        if encoding == "gb18030" and not source.problems:
            assert [row[1] for row in source.tables[0].rows] == list(words)
            continue
        [problem] = source.problems
        assert problem.value, words
        assert "--encoding" in problem.right


def test_what_reads_well_in_several_encodings_is_shown_in_each(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_bytes("id,name\nc,山田太郎\n".encode("euc_jp"))
    [problem] = read_source(tmp_path).problems
    assert str(problem) == (
        "customers.csv:2: “c,怀拍吕虾”: could be read in several encodings; save the file as "
        "UTF-8, or add the one that reads right: --encoding gb18030 (“c,怀拍吕虾”), "
        "--encoding euc_jp (“c,山田太郎”), --encoding cp932 (“c,ｻｳﾅﾄﾂﾀﾏｺ”) and "
        "--encoding iso8859-5 (“c,ЛГХФТРЯК”)"
    )


def test_chinese_of_a_few_lines_needs_no_encoding(tmp_path: Path) -> None:
    names = SIMPLIFIED.split()
    text = "\n".join(["id,name", *(f"c{number},{name}" for number, name in enumerate(names))])
    (tmp_path / "customers.csv").write_bytes(text.encode("gb18030"))
    source = read_source(tmp_path)
    assert source.problems == []
    assert [row[1] for row in source.tables[0].rows] == names


def common(encoding: str, leads: range) -> list[str]:
    """The characters of an encoding with these first bytes."""
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    texts = (pair.decode(encoding, "ignore") for pair in pairs)
    return [text for text in texts if len(text) == 1 and text >= "\u2e80"]


SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
KANJI = common("euc_jp", range(0xB0, 0xD0))
KANA = [chr(sign) for sign in [*range(0x3042, 0x3094), *range(0x30A2, 0x30F5)]]
HALF_KANA = [chr(sign) for sign in range(0xFF71, 0xFF9E)]
LETTERS = {
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў",
    "koi8-r": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "koi8-u": "абвгдежзийклмнопрстуфхцчшщьюяіїєґ",
    "iso8859-5": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєў",
}
SIGNS = {
    "big5": [common("big5", range(0xA4, 0xC7))],
    "cp949": [common("euc_kr", range(0xB0, 0xC9))],
    "euc_jp": [KANJI, KANJI + KANA],
    "cp932": [KANJI, KANJI + KANA, HALF_KANA],
}


@st.composite
def names(draw: st.DrawFn) -> tuple[str, list[str]]:
    """An encoding and names that are written in it, of its common characters or letters."""
    encoding = draw(st.sampled_from([*SIGNS, *LETTERS]))
    if encoding in SIGNS:
        signs = draw(st.sampled_from(SIGNS[encoding]))
        word = st.text(st.sampled_from(signs), min_size=1, max_size=4)
    else:
        word = st.text(st.sampled_from(LETTERS[encoding]), min_size=1, max_size=10)
        word = draw(st.sampled_from([word, word.map(str.title), word.map(str.upper)]))
    return encoding, draw(st.lists(word, min_size=1, max_size=6))


@given(names())
def test_common_characters_are_never_taken_for_chinese_or_latin(
    written: tuple[str, list[str]],
) -> None:
    encoding, words = written
    text = "id,name\n" + "".join(f"c{number},{word}\n" for number, word in enumerate(words))
    plausible = plausible_encodings(text.encode(encoding))
    assert plausible not in (["gb18030"], ["cp1252"], [])
    if len(words) == 1:
        assert encoding in plausible or (encoding, "koi8-r" in plausible) == ("koi8-u", True)


@pytest.mark.parametrize("encoding", ["big5", "euc_jp", "cp949", "cp1251"])
def test_text_far_behind_the_beginning_is_judged_too(tmp_path: Path, encoding: str) -> None:
    rows = "".join(f"c{number},Customer number {number}\n" for number in range(50_000))
    text = f"id,name\n{rows}c,{WORDS[encoding].split()[0]}\n"
    (tmp_path / "customers.csv").write_bytes(text.encode(encoding))
    [problem] = read_source(tmp_path).problems
    assert problem.code in {"encoding_guessed", "encoding_several"}


@pytest.mark.parametrize(("count", "most"), [(1, 0.8), (3, 0.2), (6, 0.08), (20, 0.01)])
def test_chinese_names_need_an_encoding_only_in_short_files(count: int, most: float) -> None:
    """What the certainty costs: the share of files of so many names that are refused."""
    signs = sorted(COMMON)
    choose = random.Random(count)
    files, refused = 300, 0
    for _ in range(files):
        written = [
            choose.choice(SURNAMES) + "".join(choose.choices(signs, k=choose.choice([1, 2, 2])))
            for _ in range(count)
        ]
        text = "\n".join(["id,name", *(f"c,{name}" for name in written)])
        plausible = plausible_encodings(text.encode("gb18030"))
        assert plausible[0] == "gb18030"
        refused += len(plausible) > 1
    assert refused <= most * files
