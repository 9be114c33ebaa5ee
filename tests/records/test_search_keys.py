"""The keys of search: pure text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relgraph.records.search.keys import (
    LONGEST,
    is_han,
    keys_of,
    normalised,
    pinyin_of,
    slips,
    words_of,
)

GOLDEN: list[tuple[dict[str, Any], str]] = [
    ({"name": "王建国"}, "王建国 建国 国 wangjianguo jianguo wjg"),
    ({"name": "Wang Jianguo"}, "wang+jianguo jianguo jianguo+wang"),
    ({"name": "José Ñandú-O'Neil"}, "jose+nandu+o+neil nandu+o+neil o+neil neil neil+jose+nandu+o"),
    ({"name": "ＷＡＮＧ　Wei"}, "wang+wei wei wei+wang"),
    ({"name": "单雄信"}, "单雄信 雄信 信 shanxiongxin danxiongxin xiongxin sxx dxx"),
    ({"name": "尉迟恭"}, "尉迟恭 迟恭 恭 yuchigong chigong ycg"),
    ({"name": "吕布"}, "吕布 布 lvbu lubu lb"),
    ({"name": "华为 Cloud"}, "华为+cloud 为+cloud cloud huawei hw"),
    ({"title": "采购总监"}, "采购总监 购总监 总监"),
    ({"title": "Head of IT"}, "head+of+it of+it it"),
    ({"email": "li.wentao@huading.example"},
     "li+wentao+huading+example wentao+huading+example huading+example"),
    ({"name": "Łukasz Sørđe"}, "lukasz+sorde sorde sorde+lukasz"),
    ({"name": "Groß-Æble"}, "gross+aeble aeble aeble+gross"),
    ({"name": "A\u200bnn"}, "ann"),
    ({"name": "👍 !?"}, ""),
    ({"name": None, "title": ""}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("node", "texts"), GOLDEN, ids=[str(node) for node, _ in GOLDEN])
def test_keys_of_names_titles_and_addresses(node: dict[str, Any], texts: str) -> None:
    key_texts = {key.text.replace(" ", "+") for key in keys_of(node, person=True)}
    assert key_texts == set(texts.split())


def test_a_surname_reads_otherwise_than_the_word() -> None:
    assert {"".join(reading) for reading in pinyin_of("单位")} == {"danwei"}
    assert "zengguofan" in {"".join(reading) for reading in pinyin_of("曾国藩", person=True)}
    assert "renzhengfei" in {"".join(reading) for reading in pinyin_of("任正非", person=True)}


def test_of_two_ways_to_a_text_the_better_one_counts() -> None:
    keys = keys_of({"name": "Wang", "title": "Wang", "email": "wang@x.example"}, person=True)
    assert [key.place for key in keys if key.text == "wang"] == ["0"]


def test_korean_is_no_chinese() -> None:
    keys = keys_of({"name": "김민수"}, person=True)
    assert {(key.text, key.place) for key in keys} == {("김민수", "0")}
    assert not is_han("김민수") and is_han("金")


def test_what_has_no_reading_is_left_out_of_the_pinyin() -> None:
    keys = keys_of({"name": "王\U0002ebe1"}, person=True)
    assert {key.text for key in keys} == {"王\U0002ebe1", "\U0002ebe1", "wang"}
    assert [key.text for key in keys_of({"name": "\U0002ebe1"}, person=True)] == ["\U0002ebe1"]


def test_words_that_a_slip_may_mean() -> None:
    keys = keys_of({"name": "王建国", "name_en": "Li Wentao 3", "title": "Buyer"}, person=True)
    assert words_of(keys) == {"wangjianguo", "jianguo", "wentao"}
    assert {"wagn", "wan", "wangg", "wing"} <= slips("wang") and "wang" not in slips("wang")


@settings(max_examples=300)
@example("⼀\ud7fc", "")
@example("⼀\U0002ebe1", "")
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_gives_keys_that_asking_finds(name: str, title: str) -> None:
    keys = keys_of({"name": name, "title": title, "email": f"{title}@{name}"}, person=True)
    for text, _place in keys:
        assert text == text.strip() and 0 < len(text) <= LONGEST
        assert "\t" not in text and "\n" not in text
        assert normalised(text) == text, "what is asked for looks as what is kept"
    if query := normalised(name):
        assert query in {key.text for key in keys}
