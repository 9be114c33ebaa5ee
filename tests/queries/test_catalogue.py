"""The loader of query files refuses what would otherwise fail at a user's request."""

import re
from collections.abc import Mapping
from typing import Any, cast

import neo4j
import pytest

from relgraph import queries
from relgraph.database import Transaction
from relgraph.errors import OutOfScope, QueryCatalogError
from relgraph.queries.catalogue import Scope, catalogue, load

GOOD = (
    "// name: one(id) read -> row\n// Gives one.\n// unscoped: a test\n"
    "MATCH (n {id: $id}) RETURN n.id AS id"
)
READ = "// name: one(id) read -> row\n// Doc.\n"


def test_every_query_of_the_project_loads() -> None:
    assert "account_of_customer" in catalogue()


def test_a_query_knows_its_header() -> None:
    query = load([("a.cypher", GOOD)])["one"]
    assert (query.parameters, query.mode, query.result) == (("id",), "read", "row")
    assert query.doc == "Gives one."
    assert query.place == "a.cypher:1"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("MATCH (n) RETURN n", "does not start with"),
        ("// name: one(id) -> row\n// Doc.\nRETURN $id", "write “// name:"),
        ("// name: one(id) read -> row\nRETURN $id AS id", "no comment"),
        ("// name: one() read -> row\n// Doc.\n", "is empty"),
        ("// name: one() read -> row\n// Doc.\nRETURN $id AS id", "not declared: id"),
        ("// name: one(id) read -> row\n// Doc.\nRETURN 1 AS id", "not used: id"),
        ("// name: one(id, id) read -> row\n// Doc.\nRETURN $id AS id", "declared twice"),
        ("// name: one(id) read -> row\n// Doc.\nRETURN '$id' AS id", "not used: id"),
        ("// name: one(id) read -> none\n// Doc.\nMERGE (n {id: $id})", "says read but writes"),
        ("// name: one(id) write -> row\n// Doc.\nRETURN $id AS id", "only reads"),
        (f"{GOOD}\n{GOOD}", "is taken by a.cypher:1"),
        (f"{READ}RETURN $id AS id", "say once whom it shows what"),
        (f"{READ}// unscoped: x\n// scope: everything\nRETURN $id AS id", "say once"),
        (f"{READ}// unscoped:\nRETURN $id AS id", "nothing follows “unscoped:”"),
        (f"{READ}// unscoped: x\nRETURN $id AS id, $visible AS v", "says unscoped but uses"),
        (f"{READ}// scope: $visible\nRETURN $id AS id", "which the query does not use"),
        (f"{READ}// scope: $visible\nRETURN $id AS id // $visible", "does not use"),
        (f"{READ}// scope: $customer_id\nRETURN $id AS id", "names $customer_id"),
        (f"{READ}// scope: $id\nRETURN $id IN $visible AS id", "its scope must name it"),
        (
            "// name: one(id) write -> none\n// Doc.\n// scope: $id\nMERGE (n {id: $id})",
            "only a query that reads has a scope",
        ),
    ],
)
def test_a_broken_file_names_its_place(text: str, complaint: str) -> None:
    with pytest.raises(QueryCatalogError, match=r"a\.cypher:") as refused:
        load([("a.cypher", text)])
    assert complaint in refused.value.message


def test_a_name_is_unique_across_files() -> None:
    with pytest.raises(QueryCatalogError, match=r"b\.cypher:1: the name one is taken"):
        load([("a.cypher", GOOD), ("b.cypher", GOOD)])


def test_patterns_begin_at_the_node_that_is_named() -> None:
    """The local database walks a pattern from its left end: any other would look at all nodes."""
    begins = re.compile(r"MATCH \((?:\w*:\w+|)\)-\[[^\]]*\]->\(\w*(?:\)|(?::\w+)? \{id)")
    wrong = [query.name for query in catalogue().values() if begins.search(query.text)]
    assert wrong == []


def test_a_query_says_whom_it_shows_what() -> None:
    text = f"{READ}// scope: $id, $visible\nRETURN $id IN $visible AS id"
    query = load([("a.cypher", text)])["one"]
    assert query.scope == Scope(by=("id", "visible"))
    assert (query.parameters, query.automatic) == (("id",), ("visible",))
    assert query.doc == "Doc."
    assert load([("a.cypher", GOOD)])["one"].scope == Scope(reason="a test")


def test_no_query_shows_a_restricted_viewer_another_customer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the header says is what happens, whoever calls the query."""
    texts = {
        "filtered": "// scope: $visible\nRETURN $id IN $visible AS id",
        "named": "// scope: $id\nRETURN $id AS id",
        "all": "// scope: everything\nRETURN $id AS id",
    }
    made = {
        name: load([("a.cypher", f"// name: {name}(id) read -> rows\n// Doc.\n{text}")])[name]
        for name, text in texts.items()
    }
    monkeypatch.setattr(queries, "catalogue", lambda: made)
    asked: list[dict[str, Any]] = []

    class Recorded(Transaction):
        def rows(self, text: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
            asked.append(dict(parameters))
            return [{"id": 1}]

    everything = Recorded(cast(neo4j.ManagedTransaction, None), writable=False)
    for name in texts:
        assert queries.rows(everything, name, id="a") == [{"id": 1}]
    assert asked == [{"id": "a", "visible": None}, {"id": "a"}, {"id": "a"}]
    asked.clear()
    some = Recorded(
        cast(neo4j.ManagedTransaction, None), writable=False, visible=frozenset({"b", "a"})
    )
    queries.rows(some, "filtered", id="c")
    assert asked == [{"id": "c", "visible": ["a", "b"]}]
    assert queries.rows(some, "named", id="a") == [{"id": 1}]
    assert queries.rows(some, "named", id="c") == []
    with pytest.raises(OutOfScope):
        queries.rows(some, "all", id="a")
