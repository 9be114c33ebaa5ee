"""What is wrong with a query, a template or a family is refused by its place, with a remedy."""

from __future__ import annotations

import pytest

from relgraph.errors import QueryCatalogError
from relgraph.queries.catalogue import catalogue, load, refuse_incomplete
from relgraph.schema.kind import EdgeKind, Kind
from relgraph.schema.kinds import EDGE_KINDS, KINDS, SEARCHED_KINDS

READ = "// unscoped: a test\nRETURN 1 AS number"
MADE = (
    f"// for each: edge kind\n// name: count_{{{{ kind.plural }}}}() read -> value\n// Doc.\n{READ}"
)
"""A template that makes a query of every kind of edge, such as count_influences."""


def query(name: str, comment: str = "Doc.", rest: str = READ) -> str:
    return f"// name: {name}() read -> value\n// {comment}\n{rest}"


def own(name: str) -> str:
    return query(name, "own: it is counted otherwise.")


def refusal(*texts: str) -> str:
    """The sentence with which these files, a.cypher and b.cypher, are refused."""
    files = zip(("a.cypher", "b.cypher"), texts, strict=False)
    with pytest.raises(QueryCatalogError) as refused:
        load(files)
    return refused.value.message


def test_a_query_of_its_own_replaces_what_the_template_makes() -> None:
    queries = load([("a.cypher", MADE), ("b.cypher", own("count_influences"))])
    assert queries["count_influences"].is_own and not queries["count_influences"].is_expanded
    assert queries["count_supports"].is_expanded
    assert len(queries) == len(EDGE_KINDS)


def test_own_for_a_query_that_no_template_makes() -> None:
    assert refusal(MADE, own("count_planets")) == (
        "b.cypher:1: no template makes count_planets; take “own:” out."
    )


def test_a_query_that_a_template_makes_without_own() -> None:
    assert refusal(MADE, f"{query('total')}\n\n{query('count_influences')}") == (
        "b.cypher:6: the template at a.cypher:1 makes count_influences; say “own:” and why, or "
        "take it out."
    )


def test_two_templates_for_one_query() -> None:
    assert refusal(MADE, f"\n{MADE}") == (
        f"b.cypher:2: the name count_{EDGE_KINDS[0].plural} is taken by a.cypher:1; choose another."
    )


@pytest.mark.parametrize("what", ["planet", "edge kinds", "", "Edge kind"])
def test_for_each_of_what_is_not_known(what: str) -> None:
    message = refusal(f"// for each: {what}\n{query('x')}")
    assert message.startswith(f"a.cypher:1: nothing is known for each “{what}”; write one of ")
    assert (
        "plain reference, " in message
        and " node kind, named kind, " in message
        and " edge kind, " in message
    )


def test_all_that_the_refusal_offers_after_for_each_is_accepted() -> None:
    offered = refusal(f"// for each: x\n{query('x')}").partition("write one of ")[2]
    name = (
        "{{ kind.plural }}_{{ reference.column if reference is defined else '' }}"
        "{{ source if source is defined else '' }}"
    )
    for what in offered.removesuffix(".").split(", "):
        assert load([("a.cypher", f"// for each: {what}\n{query(name)}")]), what


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{{ kind.plural", "the template cannot be read: "),
        ("{% if kind %}", "the template cannot be read: "),
        ("{{ kind.planet }}", f"the template fails for {EDGE_KINDS[0].plural}: "),
        ("{{ reference.column }}", f"the template fails for {EDGE_KINDS[0].plural}: "),
    ],
)
def test_a_template_that_cannot_be_written_out(text: str, complaint: str) -> None:
    message = refusal(query("first"), f"\n// for each: edge kind\n// {text}")
    assert message.startswith(f"b.cypher:2: {complaint}")
    assert len(message) > len(f"b.cypher:2: {complaint}."), "and what is wrong with it"


def test_a_macro_that_does_not_exist() -> None:
    message = refusal(query("x", rest=f"{READ} {{{{ planet() }}}}"))
    assert message == "a.cypher:1: the query cannot be written out: 'planet' is undefined."


STATES_NO_SCOPE = (
    "say once whom it shows what: “// scope: $visible”, “// scope: $PARAMETER”, “// scope: "
    "everything” or “// unscoped: WHY”."
)


def test_a_query_that_reads_and_states_no_scope() -> None:
    text = f"{query('first')}\n\n{query('x', rest='RETURN 1 AS number')}"
    assert refusal(text) == f"a.cypher:6: {STATES_NO_SCOPE}"


def test_a_template_that_reads_and_states_no_scope() -> None:
    text = MADE.replace("// unscoped: a test\n", "")
    assert refusal(query("first"), text) == f"b.cypher:1: {STATES_NO_SCOPE}"


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_kind_that_lacks_a_query_of_its_family(kind: Kind) -> None:
    words = ("stored", "create", "update", "delete", "stamp", "export")
    family = [f"{word}_{kind.plural}" for word in words]
    if isinstance(kind, EdgeKind):
        family.append(f"{kind.plural}_of_{kind.owner.name}")
    else:
        family += [f"get_{kind.plural}", *([f"list_{kind.plural}"] if kind.is_named else [])]
    if kind in SEARCHED_KINDS:
        family += [f"{word}_{kind.plural}" for word in ("search_source", "search_ids", "named")]
    for name in family:
        rest = {other: query for other, query in catalogue().items() if other != name}
        with pytest.raises(QueryCatalogError) as refused:
            refuse_incomplete(rest)
        assert refused.value.message == (
            f"The kind {kind.plural} lacks the queries {name}; write them in a .cypher file of "
            "relgraph/queries, or the templates that make them."
        )


def test_all_queries_that_a_kind_lacks_are_named() -> None:
    rest = {name: query for name, query in catalogue().items() if not name.endswith("_supports")}
    with pytest.raises(QueryCatalogError, match="supports lacks the queries stored_supports, "):
        refuse_incomplete(rest)
