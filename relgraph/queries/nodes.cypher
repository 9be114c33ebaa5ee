// for each: node kind
// name: stored_{{ kind.plural }}(ids) read -> rows
// What the database holds of these {{ kind.plural }}, to compare what is written with.
// unscoped: writes are planned on the truth; Writer checks what their viewer may see
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted})
{{ follow_references(kind) }}
RETURN n {.*} AS node{{ reference_columns(kind) }}
ORDER BY n.id{{ ", " if kind.references }}{{ reference_order(kind, false) }}

// for each: node kind
// name: create_{{ kind.plural }}(rows, now) write -> value
// Make new {{ kind.plural }}; how many were made.
UNWIND $rows AS row
CREATE (n:{{ kind.label }} {id: row.id})
SET n += row.props, n.created_at = $now, n.updated_at = $now,
    n.version = coalesce(row.version, 1)
RETURN count(n) AS made

// for each: node kind
// name: add_{{ kind.plural }}(rows, now) write -> value
// The same from lists: id, version, and the declared columns in their order. Each is written once:
// a SET after CREATE makes the local database write it again.
UNWIND $rows AS row
CREATE (n:{{ kind.label }} {id: row[0], version: row[1]{% for name in kind.own_columns %}, {{ name }}: row[{{ loop.index + 1 }}]{% endfor %}, created_at: $now, updated_at: $now})
RETURN count(n) AS made

// for each: node kind
// name: update_{{ kind.plural }}(rows, now) write -> value
// Change {{ kind.plural }} that nobody has changed since they were read; how many were changed.
// They are locked first: on Neo4j a condition alone is looked at before others have to wait.
UNWIND $rows AS row
MATCH (n:{{ kind.label }} {id: row.id})
SET n.locked = true
WITH n, row
WHERE coalesce(n.version, 0) = row.version
SET n += row.props, n.updated_at = $now, n.version = row.version + 1
REMOVE n.locked
RETURN count(n) AS changed

// for each: node kind
// name: delete_{{ kind.plural }}(rows) write -> none
// Take {{ kind.plural }} out.
UNWIND $rows AS row
MATCH (n:{{ kind.label }} {id: row.id})
DETACH DELETE n

// for each: node kind
// name: stamp_{{ kind.plural }}(rows) write -> none
// Give {{ kind.plural }} the versions and times of an export.
UNWIND $rows AS row
MATCH (n:{{ kind.label }} {id: row.id})
SET n += row.props

// for each: node kind
// name: get_{{ kind.plural }}(ids) read -> rows
// These {{ kind.plural }} with all properties and the ids that they refer to, the present ones first.
{% if is_scoped(kind) or is_followed(kind) %}
// scope: $visible
{% else %}
// unscoped: {{ kind.plural }} are ours, and everybody sees them
{% endif %}
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted})
{% if is_scoped(kind) %}
WHERE {{ seen("n", kind.label) }}
{% endif %}
{{ follow_references(kind, only_seen=true) }}
RETURN n {.*} AS node{{ reference_columns(kind) }}
ORDER BY n.id{{ ", " if kind.references }}{{ reference_order(kind, true) }}

// for each: node kind
// name: export_{{ kind.plural }}(after, limit) read -> rows
// All {{ kind.plural }} by id, from the one after `after` on, with the ids that they refer to.
// scope: everything
MATCH (n:{{ kind.label }}) WHERE n.id > $after
WITH n ORDER BY n.id LIMIT $limit
{{ follow_references(kind) }}
RETURN n {.*} AS node{{ reference_columns(kind) }}
ORDER BY n.id{{ ", " if kind.references }}{{ reference_order(kind, true) }}

// for each: list of a named kind
// name: list_{{ kind.plural }}{{ source }}(after, limit{{ narrowed_by(kind, source) }}) read -> rows
// The {{ kind.plural }} by id, from the one after `after` on. `q` is lower case; null filters
// nothing.{{ " Those who have left the customers, too." if source == "_of_customers" }}
// {{ list_scope(kind, source) }}
{{ listed(kind, source) }}
  AND n.id > $after
WITH DISTINCT n ORDER BY n.id LIMIT $limit
{{ follow_references(kind, only_seen=source != "" or not kind.customer) }}
RETURN n {.*} AS node{{ reference_columns(kind) }}
ORDER BY n.id{{ ", " if kind.references }}{{ reference_order(kind, true) }}

// for each: list of a named kind
// name: order_{{ kind.plural }}{{ source }}(by, down, after, after_place, limit{{ narrowed_by(kind, source) }}) read -> rows
// The same in another order, from a place and an id on: ids and places only. What lacks the name
// or the time stands at "".
// {{ list_scope(kind, source) }}
{{ listed(kind, source) }}
WITH DISTINCT n, CASE $by
  WHEN 'name' THEN toLower(coalesce(n.name, ''))
  WHEN 'created_at' THEN coalesce(n.created_at, '')
  WHEN 'updated_at' THEN coalesce(n.updated_at, '')
  ELSE '' END AS place
WHERE $after_place IS NULL
   OR (NOT $down AND (place > $after_place OR (place = $after_place AND n.id > $after)))
   OR ($down AND (place < $after_place OR (place = $after_place AND n.id < $after)))
RETURN n.id AS id, place
ORDER BY CASE WHEN $down THEN '' ELSE place END, CASE WHEN $down THEN '' ELSE id END,
         CASE WHEN $down THEN place ELSE '' END DESC, CASE WHEN $down THEN id ELSE '' END DESC
LIMIT $limit

// for each: list of a named kind
// name: count_{{ kind.plural }}{{ source }}({{ narrowed_by(kind, source)[2:] }}) read -> value
// How many there are in that list.
// {{ list_scope(kind, source) }}
{{ listed(kind, source) }}
RETURN count(DISTINCT n) AS total

// for each: reference that narrows a list
// name: {{ kind.plural }}_by_{{ reference.column }}(target) read -> rows
// Ids of the {{ kind.plural }} whose {{ reference.column }} is this.
// unscoped: it narrows a list, which shows only what its viewer may see
MATCH (:{{ reference.label }} {id: $target}){{ from_other(reference) }}(n:{{ kind.label }})
RETURN DISTINCT n.id AS id
ORDER BY id

// for each: node kind that customers restrict
// name: visible_{{ kind.plural }}(ids) read -> rows
// Those of these {{ kind.plural }} that the viewer may see.
// scope: $visible
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted})
WHERE {{ seen("n", kind.label) }}
RETURN n.id AS id
ORDER BY id

// for each: node kind of a customer
// name: customers_of_{{ kind.plural }}(ids) read -> rows
// The customers of these {{ kind.plural }}, the present one first.
// unscoped: decides in whose log a change stands, and what is planned; it is never shown
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted}){{ to_other(kind.customer, "w") }}(c:Customer)
RETURN n.id AS id, c.id AS customer_id
ORDER BY id, {{ "coalesce(w.until, '9999') DESC, " if "until" in kind.carried }}customer_id

// for each: node kind of another node's customer
// name: customers_of_{{ kind.plural }}(ids) read -> rows
// The customers of what the {{ scope_reference(kind).column }} of these {{ kind.plural }} names, the present
// one first.
// unscoped: decides in whose log a change stands, and what is planned; it is never shown
{% set owner = kind_with_label(scope_reference(kind).label) %}
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted}){{ to_other(scope_reference(kind)) }}(o:{{ owner.label }})
MATCH (o){{ to_other(owner.customer, "w") }}(c:Customer)
RETURN n.id AS id, c.id AS customer_id
ORDER BY id, {{ "coalesce(w.until, '9999') DESC, " if "until" in owner.carried }}customer_id

// for each: plain reference
// name: link_{{ kind.plural }}_{{ reference.column }}(rows) write -> value
// Point {{ kind.plural }} at what their {{ reference.column }} names; how many were.
UNWIND $rows AS row
MATCH (n:{{ kind.label }} {id: row.id})
MATCH (t:{{ reference.label }} {id: row.to})
MERGE (n){{ to_other(reference, "r") }}(t)
RETURN count(r) AS linked

// for each: plain reference
// name: unlink_{{ kind.plural }}_{{ reference.column }}(rows) write -> none
// Part {{ kind.plural }} from what their {{ reference.column }} named before.
UNWIND $rows AS row
MATCH (n:{{ kind.label }} {id: row.id}){{ to_other(reference, "r") }}(t:{{ reference.label }} {id: row.to})
DELETE r

// for each: node kind that others refer to
// name: references_to_{{ kind.plural }}(ids) read -> rows
// What refers to these {{ kind.plural }}, by table and column.
// unscoped: writes are planned on the truth; Writer checks what their viewer may see
{% for other, reference in referrers(kind) %}
{{ "UNION ALL" if not loop.first }}
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted}){{ from_other(reference) }}(m:{{ other.label }})
RETURN '{{ other.plural }}' AS table, m.id AS id, '{{ reference.column }}' AS column
ORDER BY id
{% endfor %}

// for each: node kind with edges
// name: edges_of_{{ kind.plural }}(ids) read -> rows
// Every edge of these {{ kind.plural }}, whichever end they are, as rows of the import format.
// unscoped: writes are planned on the truth; Writer checks what their viewer may see
{% for edge, end in edges_at(kind) %}
{{ "UNION ALL" if not loop.first }}
UNWIND $ids AS wanted
{% if end == 0 %}
MATCH (n:{{ kind.label }} {id: wanted})-[r:{{ edge.type }}]->(b:{{ edge.ends[1].label }})
RETURN '{{ edge.plural }}' AS table, n.id AS first, b.id AS second, r {.*} AS edge
{% else %}
MATCH (n:{{ kind.label }} {id: wanted})<-[r:{{ edge.type }}]-(a:{{ edge.ends[0].label }})
RETURN '{{ edge.plural }}' AS table, a.id AS first, n.id AS second, r {.*} AS edge
{% endif %}
ORDER BY {{ key_order(edge, "first", "second") }}
{% endfor %}
{% for edge in edges_for(kind) %}
UNION ALL
UNWIND $ids AS wanted
MATCH (n:{{ kind.label }} {id: wanted}){{ to_other(kind.customer) }}(:Customer){{ from_other(edge.ends[0].customer) }}(a:{{ edge.ends[0].label }})
MATCH (a)-[r:{{ edge.type }} {scope: n.id}]->(b:{{ edge.ends[1].label }})
RETURN '{{ edge.plural }}' AS table, a.id AS first, b.id AS second, r {.*} AS edge
ORDER BY {{ key_order(edge, "first", "second") }}
{% endfor %}
