"""The loader of query files refuses what would otherwise fail at a user's request."""

import re

import pytest

from relgraph.errors import QueryCatalogError
from relgraph.queries.catalogue import catalogue, load

GOOD = "// name: one(id) read -> row\n// Gives one.\nMATCH (n {id: $id}) RETURN n.id AS id"


def test_every_query_of_the_project_loads() -> None:
    assert "people_of_customer" in catalogue()


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
