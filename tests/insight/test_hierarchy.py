from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.insight.hierarchy import Hierarchy, build_hierarchy
from relgraph.schema.account import Report
from tests.insight.build import person
from tests.support.fixture_f import fixture_f


def hierarchy(people: str, *reports: tuple[str, str] | Report, top: str = "") -> Hierarchy:
    return build_hierarchy(
        [person(id_, top=id_ in top or None) for id_ in people],
        [r if isinstance(r, Report) else Report(*r) for r in reports],
    )


def test_fixture_f_has_the_stated_depths() -> None:
    account = fixture_f()
    tree = build_hierarchy(account.people, account.reports)
    assert tree.depth == {
        "zhou": 0, "chen": 1, "li": 1, "qian": 1, "wang": 2, "sun": 2, "zhao": 2,
    }  # fmt: skip
    assert tree.tops == ("zhou",)
    assert tree.below["zhou"] == 6
    assert tree.children["li"] == ["sun", "wang"]
    assert tree.line_up("sun") == ["li", "zhou"]
    assert not (tree.unknown_manager or tree.cycles or tree.left_out or tree.second_managers)


def test_without_a_mark_the_top_has_most_people_below_and_then_the_smallest_id() -> None:
    assert hierarchy("abcde", "ca", "db", "eb").tops == ("b",)
    assert hierarchy("abcd", "ca", "db").tops == ("a",)


def test_somebody_alone_has_an_unknown_manager_and_no_depth() -> None:
    tree = hierarchy("ab")
    assert tree.tops == ()
    assert tree.unknown_manager == ("a", "b")
    assert tree.depth == {"a": None, "b": None}


def test_people_under_an_unknown_manager_have_no_depth() -> None:
    tree = hierarchy("abcxy", "ba", "ca", "yx")
    assert tree.unknown_manager == ("x",)
    assert tree.depth["x"] is None
    assert tree.depth["y"] is None


def test_the_mark_wins_over_the_number_of_people_below() -> None:
    tree = hierarchy("abcde", "ba", "ca", "ed", top="d")
    assert tree.tops == ("d",)
    assert tree.unknown_manager == ("a",)


def test_a_marked_top_who_reports_to_somebody_is_the_top_all_the_same() -> None:
    tree = hierarchy("abc", "ba", "cb", top="b")
    assert tree.depth == {"a": None, "b": 0, "c": 1}
    assert tree.left_out == (("b", "a"),)
    assert tree.below["a"] == 0


def test_reporting_to_oneself_counts_as_no_manager() -> None:
    tree = hierarchy("ab", "aa", "ba")
    assert tree.self_reports == ("a",)
    assert tree.tops == ("a",)
    assert tree.left_out == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Report("a", "z", primary=True), Report("a", "b", since="2000-01-01")),
        (Report("a", "z", since="2001-01-01"), Report("a", "b", since="2002-01-01")),
        (Report("a", "z", since="2001-01-01"), Report("a", "b")),
        (Report("a", "b"), Report("a", "z")),
    ],
    ids=["primary", "earlier", "dated", "smaller id"],
)
def test_of_two_solid_managers_the_first_counts(first: Report, second: Report) -> None:
    tree = hierarchy("abz", second, first)
    assert tree.manager["a"] == first.to_id
    assert tree.second_managers == {"a": (second.to_id,)}
    assert tree.left_out == (("a", second.to_id),)


def test_the_same_line_twice_is_one_manager() -> None:
    tree = hierarchy("ab", Report("b", "a", primary=True), "ba")
    assert tree.second_managers == {}


def test_dotted_lines_do_not_enter_the_tree() -> None:
    tree = hierarchy("abc", "ba", Report("c", "a", line="dotted"))
    assert tree.dotted == (("c", "a"),)
    assert tree.depth["c"] is None
    assert tree.unknown_manager == ("c",)


def test_a_circle_is_cut_where_most_people_hang() -> None:
    tree = hierarchy("abcxy", "ab", "bc", "ca", "xb", "yx")
    assert tree.cycles == (("b", "c", "a"),)
    assert tree.manager["b"] is None
    assert tree.left_out == (("b", "c"),)
    assert tree.depth == {"b": 0, "a": 1, "x": 1, "c": 2, "y": 2}
    assert tree.unknown_manager == ()


def test_a_circle_without_anybody_else_is_cut_at_the_smallest_id() -> None:
    assert hierarchy("abc", "ab", "bc", "ca").cycles == (("a", "b", "c"),)


def test_a_circle_is_cut_at_its_marked_top() -> None:
    tree = hierarchy("abcx", "ab", "bc", "ca", "xb", top="c")
    assert tree.cycles == (("c", "a", "b"),)
    assert tree.depth == {"c": 0, "b": 1, "a": 2, "x": 2}


def test_lines_to_strangers_are_passed_over() -> None:
    assert hierarchy("ab", "ba", ("b", "gone"), ("gone", "a")).depth == {"a": 0, "b": 1}


IDS = "abcdefgh"
LINES = st.lists(
    st.builds(
        Report,
        st.sampled_from(IDS),
        st.sampled_from(IDS),
        line=st.sampled_from(["solid", "dotted"]),
        primary=st.sampled_from([None, True]),
    ),
    max_size=20,
)


@given(reports=LINES, top=st.sampled_from(["", "a", "bc"]))
def test_whatever_is_on_record_becomes_a_forest_that_leaves_nothing_out(
    reports: list[Report], top: str
) -> None:
    tree = hierarchy(IDS, *reports, top=top)
    for id_ in IDS:
        line = tree.line_up(id_)
        assert len(line) == len(set(line))
        assert id_ not in line
        depth, above = tree.depth[id_], tree.manager[id_]
        if id_ in tree.tops:
            assert depth == 0
        elif above is None or tree.depth[above] is None:
            assert depth is None
        else:
            assert depth == tree.depth[above] + 1
    assert tree.below == {id_: sum(id_ in tree.line_up(o) for o in IDS) for id_ in IDS}
    drawn = {(id_, above) for id_, above in tree.manager.items() if above} | set(tree.left_out)
    assert drawn == {(r.from_id, r.to_id) for r in reports if r.line == "solid"} - {
        (id_, id_) for id_ in IDS
    }
    assert tree == hierarchy(IDS, *reversed(reports), top=top)


def test_a_chain_of_100_000_people_is_one_pass() -> None:
    count = 100_000
    people = [person(str(number)) for number in range(count)]
    reports = [Report(str(number), str(number - 1)) for number in range(1, count)]
    # A walk to the top for each would take 5,000,000,000 steps, far beyond a test's time limit.
    tree = build_hierarchy(people, reports)
    assert tree.depth[str(count - 1)] == count - 1
