"""Short files in many encodings: read right, or refused; never taken for something else."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

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


def test_what_reads_well_in_two_encodings_is_shown_in_both(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_bytes("id,name\nc,山田太郎\n".encode("euc_jp"))
    [problem] = read_source(tmp_path).problems
    assert str(problem) == (
        "customers.csv:2: “c,怀拍吕虾”: could be read in several encodings; save the file as "
        "UTF-8, or add the one that reads right: --encoding gb18030 (“c,怀拍吕虾”) and "
        "--encoding euc_jp (“c,山田太郎”)"
    )


def test_chinese_of_a_few_lines_needs_no_encoding(tmp_path: Path) -> None:
    names = SIMPLIFIED.split()
    text = "\n".join(["id,name", *(f"c{number},{name}" for number, name in enumerate(names))])
    (tmp_path / "customers.csv").write_bytes(text.encode("gb18030"))
    source = read_source(tmp_path)
    assert source.problems == []
    assert [row[1] for row in source.tables[0].rows] == names
