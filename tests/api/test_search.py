"""Search through the API, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from relgraph.database import Database
from relgraph.records.diagnostics import diagnose
from relgraph.records.imports.load import import_records
from relgraph.records.log import change_log
from relgraph.records.search import index as search_index
from tests.api.test_writes import V1, all_at_once
from tests.records.folders import NOW, folder
from tests.support.access import access_to

PEOPLE = [
    {"id": "wang", "name": "Wang Jianguo", "name_zh": "王建国", "title": "Buyer",
     "title_zh": "采购总监", "email": "jg.wang@c.example"},
    {"id": "wang2", "name": "Wang Wei", "title": "Head of Finance"},
    {"id": "li", "name": "Li Wang", "title": "Chief Buyer"},
    {"id": "seat", "placeholder": True, "title": "CFO"},
    {"id": "shan", "name": "单雄信"},
    {"id": "jose", "name": "José Núñez"},
]  # fmt: skip


@pytest.fixture
def office(api: TestClient) -> TestClient:
    """A customer with some people and a deal, one of us, and a second customer."""
    here = {"customer_id": "c"}
    far = {"id": "far", "name": "Wang Far", "customer_id": "c2"}
    all_at_once(
        api,
        ("POST", "/customers", {"id": "c", "name": "Wanda Group", "name_zh": "万达集团"}),
        ("POST", "/customers", {"id": "c2", "name": "Other"}),
        ("POST", "/departments", {"id": "d", "name": "Wangjing office"} | here),
        ("POST", "/deals", {"id": "deal", "name": "Warehouse 3", "name_zh": "三号仓库"} | here),
        ("POST", "/members", {"id": "m", "name": "Ann Wangler"}),
        ("POST", "/teams", {"id": "t", "name": "North"}),
        ("POST", "/offerings", {"id": "o", "name": "数据平台"}),
        *(("POST", "/stakeholders", person | here) for person in PEOPLE),
        ("POST", "/stakeholders", far),
    )
    return api


def find(api: TestClient, q: str, **more: Any) -> list[str]:
    answer = api.get(f"{V1}/search", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def test_which_records_match_and_in_which_order(office: TestClient) -> None:
    assert find(office, "wang")[:4] == ["li", "far", "wang2", "wang"], "an exact word comes first"
    assert set(find(office, "wang")) == {"wang", "wang2", "far", "li", "d", "m"}
    assert find(office, "王建国") == find(office, "建国") == find(office, "国") == ["wang"]
    for q in (
        "wangjianguo",
        "wang jianguo",
        "jianguo",
        "wjg",
        "Jianguo WANG",
        "王 建国",
        "JG.Wang@",
    ):
        assert find(office, q) == ["wang"], q
    assert find(office, "shanxiong") == find(office, "danxiong") == ["shan"]
    assert find(office, "jose nunez") == find(office, "NÚÑEZ") == ["jose"]
    assert find(office, "buyer") == ["li", "wang"] and find(office, "总监") == ["wang"]
    assert find(office, "head fin") == ["wang2"] and find(office, "wang buyer") == ["li", "wang"]
    assert find(office, "仓库") == find(office, "sanhao") == ["deal"]
    assert find(office, "wan")[-1] and "c" in find(office, "万达")
    assert find(office, "cfo") == ["seat"] and find(office, "pingtai") == ["o"]
    assert find(office, "anguo") == [], "not the middle of a Latin word"


def test_an_item_says_what_it_is_and_why(office: TestClient) -> None:
    answer = office.get(f"{V1}/search?q=wjg").json()
    [item] = answer["items"]
    assert item["kind"] == "stakeholder" and item["customer_name"] == "Wanda Group"
    assert (item["name"], item["name_zh"]) == ("Wang Jianguo", "王建国")
    assert item["matched"] == {"field": "name", "how": "initials", "text": "wjg"}
    flags = ("truncated", "near", "indexing", "next_cursor")
    assert [answer[name] for name in flags] == [False, False, False, None]


def test_kinds_customers_and_limits(office: TestClient) -> None:
    assert find(office, "wang", kind="member") == ["m"]
    assert find(office, "wan", kind=["customer", "department"]) == ["c", "d"]
    assert find(office, "wang", customer_id="c2") == ["far"]
    answer = office.get(f"{V1}/search", params={"q": "wang", "limit": 2}).json()
    assert len(answer["items"]) == 2 and answer["truncated"] is True


def test_what_is_spelt_or_sounds_almost_so(office: TestClient) -> None:
    for q, ids in {
        "jianguu": ["wang"], "wnag jianguo": ["wang"], "warehuose": ["deal"], "nunes": ["jose"],
        "王建过": ["wang"], "望建国": ["wang"], "单雄心": ["shan"],
    }.items():  # fmt: skip
        answer = office.get(f"{V1}/search", params={"q": q}).json()
        assert ([hit["id"] for hit in answer["items"]], answer["near"]) == (ids, True), q
        assert answer["items"][0]["matched"]["how"] == "near"
    assert find(office, "xyzzyq") == []


def test_odd_texts_are_answered(office: TestClient) -> None:
    for q in ("👍", " ", "\t", "%_*?[]", "'\"`", "a" * 300, "\u202e\u0000x", "w", "王", "\u0308"):
        answer = office.get(f"{V1}/search", params={"q": q})
        assert answer.status_code == 200, (q, answer.text)
        assert office.get("/people", params={"q": q}).status_code == 200, q
    assert office.get(f"{V1}/search", params={"q": "a" * 301}).status_code == 422


def test_what_changes_is_indexed_again(office: TestClient) -> None:
    change = office.patch(f"{V1}/stakeholders/wang", json={"name_zh": "王国强"})
    assert find(office, "guoqiang") == ["wang"] and find(office, "jianguo") == ["wang"]
    office.post(f"{V1}/changes/{change.headers['relgraph-change']}/undo")
    assert find(office, "guoqiang") == [] and find(office, "建国") == ["wang"]
    gone = office.delete(f"{V1}/customers/c?cascade=true")
    assert find(office, "wang") == ["far", "m"]
    office.post(f"{V1}/changes/{gone.headers['relgraph-change']}/undo")
    assert find(office, "wjg") == ["wang"] and "c" in find(office, "wanda")
    office.post(f"{V1}/stakeholders/wang/merge", json={"duplicate_id": "wang2"})
    assert find(office, "wang wei") == []


def index(db: Database) -> set[str]:
    rows = db.read(lambda tx: tx.rows("MATCH (k:SearchKey) RETURN k.id AS id", {}))
    return {row["id"] for row in rows}


def test_the_index_is_what_a_rebuild_makes(office: TestClient, database: Database) -> None:
    office.patch(f"{V1}/stakeholders/li", json={"name": "Li Na", "email": "na@c.example"})
    office.delete(f"{V1}/stakeholders/shan?cascade=true")
    before = index(database)
    database.write(lambda tx: tx.rows("MATCH (n:SearchKey) DELETE n", {}))
    database.write(lambda tx: tx.rows("MATCH (n:SearchEntry) DELETE n", {}))
    assert [fault.code for fault in diagnose(access_to(database)).faults] == ["not_searched"]
    assert find(office, "wang") == []
    search_index.complete_index(access_to(database))
    assert index(database) == before and diagnose(access_to(database)).faults == []


def test_a_large_import_is_indexed_after_it(
    api: TestClient, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [{"id": f"p{n}", "customer_id": "c", "name": f"Person {n}"} for n in range(30)]
    source = folder(tmp_path / "in", customers=[{"id": "c", "name": "C"}], stakeholders=people)
    monkeypatch.setattr(search_index, "AT_ONCE", 10)
    monkeypatch.setattr(search_index, "NOTES_A_PAGE", 2)
    monkeypatch.setattr(change_log, "ENTRIES_A_NOTE", 10)
    with monkeypatch.context() as stopped:
        stopped.setattr("relgraph.records.imports.load.index_pending", lambda *_: None)
        result = import_records(access_to(database, NOW), source)
    answer = api.get(f"{V1}/search?q=person").json()
    assert (answer["items"], answer["indexing"]) == ([], True)
    assert [fault.code for fault in diagnose(access_to(database)).faults] == ["not_searched"]
    import_records(access_to(database, NOW), source)  # nothing to write, but what is due is indexed
    answer = api.get(f"{V1}/search?q=person&limit=100").json()
    assert (len(answer["items"]), answer["indexing"]) == (30, False)
    assert api.post(f"{V1}/changes/{result.change_set}/undo").status_code == 200
    search_index.complete_index(access_to(database))
    assert find(api, "person") == [] and index(database) == set()
