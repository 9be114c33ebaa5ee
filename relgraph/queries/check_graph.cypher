// with all kinds
// name: check_orphaned() read -> rows
// Nodes that lack another one without which they are nothing, such as their customer.
// scope: everything
{% for kind, reference in vital_references %}
{{ "UNION ALL" if not loop.first }}
MATCH (n:{{ kind.label }}) WHERE NOT EXISTS { (n){{ to_other(reference) }}(:{{ reference.label }}) }
RETURN '{{ kind.plural }}' AS table, n.id AS id, '{{ reference.column }}' AS column
{% endfor %}

// with all kinds
// name: check_doubled() read -> rows
// Edges that stand twice between the same nodes with the same key.
// scope: everything
{% for kind in edge_kinds %}
{{ "UNION ALL" if not loop.first }}
MATCH (a:{{ kind.ends[0].label }})-[r:{{ kind.type }}]->(b:{{ kind.ends[1].label }})
WITH a, b{% for name in kind.key %}, coalesce(r.{{ name }}, '') AS key{{ loop.index }}{% endfor %}, count(r) AS times
WHERE times > 1
RETURN '{{ kind.plural }}' AS table, a.id AS from_id, b.id AS to_id, times
{% endfor %}

// with all kinds
// name: check_ranges() read -> rows
// Edges with a number that is out of its range, or that lacks one.
// scope: everything
{% for kind, name, range in ranges %}
{{ "UNION ALL" if not loop.first }}
MATCH (a:{{ kind.ends[0].label }})-[r:{{ kind.type }}]->(b:{{ kind.ends[1].label }})
WHERE {{ "r." ~ name ~ " IS NULL OR " if name in kind.required }}r.{{ name }} {{ "<=" if range.above else "<" }} {{ range.low }} OR r.{{ name }} > {{ range.high }}
RETURN '{{ kind.plural }}' AS table, a.id AS from_id, b.id AS to_id, '{{ name }}' AS column,
       toString(r.{{ name }}) AS value
{% endfor %}

// for each: named kind
// name: external_ids_of_{{ kind.plural }}(after, limit) read -> rows
// The ids that {{ kind.plural }} have in other systems, as stored.
// scope: everything
MATCH (n:{{ kind.label }}) WHERE n.id > $after AND n.external_ids IS NOT NULL
RETURN n.id AS id, n.external_ids AS external_ids
ORDER BY id
LIMIT $limit

// with all kinds
// name: managers_of_everybody() read -> rows
// Every solid line between people, to see whether they run in a circle.
// scope: everything
{% for kind in node_kinds if "manager_id" in kind.refs %}
{{ "UNION ALL " if not loop.first }}MATCH (a:{{ kind.label }})-[r:REPORTS_TO]->(b:{{ kind.label }}) WHERE coalesce(r.line, 'solid') = 'solid'
RETURN '{{ kind.plural }}' AS table, a.id AS from_id, b.id AS to_id, coalesce(r.primary, false) AS primary, r.since AS since
ORDER BY from_id, to_id
{% endfor %}

// with all kinds
// name: check_ids(reserved) read -> rows
// Nodes whose id cannot stand in an address.
// scope: everything
{% for kind in node_kinds %}
{{ "UNION ALL " if not loop.first }}MATCH (n:{{ kind.label }}) WHERE n.id IN $reserved RETURN '{{ kind.plural }}' AS table, n.id AS id ORDER BY id
{% endfor %}

// name: check_answers() read -> row
// How many activities are mutual and not answered, which contradicts itself, and one of them.
// scope: everything
MATCH (a:Activity {direction: 'mutual', answered: false})
RETURN count(a) AS total, min(a.id) AS first

// with all kinds
// name: count_nodes() read -> rows
// How many nodes of each kind there are.
// scope: everything
{% for kind in node_kinds %}
{{ "UNION ALL " if not loop.first }}MATCH (n:{{ kind.label }}) RETURN '{{ kind.plural }}' AS kind, count(n) AS total
{% endfor %}
